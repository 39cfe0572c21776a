"""A gradient at the end of its way: added to .grad, told to who waits."""

from __future__ import annotations

from sys import getrefcount

import numpy as np

from ..modes import modes
from ..node import Leaf
from ..tensor import Tensor, wrap
from ..unseen import lying_as
from .hooks import run_post_hooks


def call_hooks(leaf: Leaf, x: Tensor, g: Tensor, create_graph: bool
               ) -> None:
    """Tell who waits for x.grad; as in all of backward, nothing is recorded
    unless the gradients are to have gradients."""
    recording, modes.recording = modes.recording, create_graph
    try:
        for hook in list(leaf.after.values()):
            hook(x)
        if leaf.hooks:
            run_post_hooks(leaf, [], g)
    finally:
        modes.recording = recording


def gather(x: Tensor, g: Tensor, create_graph: bool) -> None:
    """x.grad += g; a first gradient is x's alone."""
    before = x._grad
    if before is not None:
        if create_graph or before._node is not None:
            x._grad = before + g
        else:
            np.add(before.array, g.array, out=before.array)
            before.version[0] += 1
        return
    if create_graph and g._node is not None:
        x._grad = g.clone()
    else:
        ours = holders(g) == ALONE
        a = lying_as(x, g)
        ours = ours or a is not g.array  # a copy already
        x._grad = wrap(a if ours else a.copy(order="K"))


def holders(g: Tensor) -> int | None:
    """How many hold g, its array or its memory: it is ours if nobody."""
    a = g.array
    whole = a.base
    if not a.flags.writeable:
        return None
    if whole is None:
        return getrefcount(g) + getrefcount(a)
    if type(whole) is not np.ndarray or whole.nbytes != a.nbytes:
        return None
    # an array seen in another shape: nobody but `a` and `whole` hold it
    return getrefcount(g) + getrefcount(a) + getrefcount(whole) - 3


def _alone() -> int | None:
    """What `holders` says of a gradient that only `backward` holds."""

    def gather_one(g: Tensor) -> int | None:
        return holders(g)

    g = wrap(np.ones(1))
    return gather_one(g)


ALONE = _alone()
