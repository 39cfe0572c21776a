"""Backpropagation: visit the steps from the youngest to the oldest.

Nodes are numbered as they are recorded. So once the youngest waiting node
is taken, everything that used its result has been visited, and its
gradient is complete. Nothing recurses: a graph may be as long as it likes.
"""

from __future__ import annotations

import warnings
from heapq import heappop, heappush
from math import prod
from typing import Any

import numpy as np

from .. import dtypes
from ..modes import modes
from ..node import Node
from ..ops.combine import stack
from ..ops.reduction import conform
from ..overriding import DisableTorchFunctionSubclass, awake
from ..size import Size
from ..tensor import Tensor, wrap
from ..traces import tell
from ..unseen import shown
from .gathering import call_hooks, gather
from .graph import GradientEdge, leaf_of, node_at, one_or_many
from .hooks import run_hooks, run_post_hooks


def visit(roots: list, keep_graph: bool, create_graph: bool,
          wanted: dict | None, since: int = 0) -> dict:
    """Carry gradients back from the roots, (node, gradient) each.

    Returns the gradients that arrived at leaves, or at the `wanted` nodes
    (then only steps on a path to one of these are taken, and none of a
    wanted node that was born before `since`).
    """
    grads: dict = {}
    waiting: list = []
    for node, g in roots:
        if node in grads:
            grads[node] = grads[node] + g
        else:
            grads[node] = g
            heappush(waiting, (-node.birth, node))
    wanted = wanted or {}
    needed = on_the_way(waiting, wanted) if wanted else None
    arrived: dict = {}
    asking = DisableTorchFunctionSubclass() if awake else None
    if asking:  # rules compute with plain tensors
        asking.__enter__()
    recording, modes.recording = modes.recording, create_graph
    before, modes.run = modes.run, Run(roots, needed, wanted)
    take = watched_step if modes.anomaly else step
    try:
        while waiting:
            node = heappop(waiting)[1]
            g = grads.pop(node)
            if node.hooks:
                g = run_hooks(node, g, node in wanted)
                if g is None:
                    continue
            if node.is_leaf or node in wanted:
                arrived[node] = g
                if node.is_leaf or node.birth < since:
                    continue
            if needed is not None and not needed[node]:
                continue
            for parent, piece in take(node, g):
                if piece is None or (needed is not None and not (
                        parent in wanted or needed.get(parent))):
                    continue
                if (piece.array.shape != parent.shape
                        or piece.array.dtype is not parent.dtype):
                    piece = conform(piece, parent)
                if parent in grads:
                    grads[parent] = grads[parent] + piece
                else:
                    grads[parent] = piece
                    heappush(waiting, (-parent.birth, parent))
            if not keep_graph:
                node.release()
    finally:
        modes.run.roots, modes.run = [], before
        modes.recording = recording
        if asking:
            asking.__exit__()
    return arrived


class Run:
    """A run of backward, for hooks that ask how far it goes."""

    def __init__(self, roots: list, needed: dict | None, wanted: dict):
        self.roots, self.needed, self.wanted = roots, needed, wanted

    def reaches(self, node: Node) -> bool:
        """Whether a gradient arrives at this node in this run."""
        if self.needed is None:
            self.needed = dict.fromkeys(
                on_the_way([(0, root) for root, _ in self.roots], {}), True)
        return node in self.needed and (
            node in self.wanted or self.needed[node])


def step(node: Node, g: Any) -> list:
    """(parent, gradient) of every input of one step."""
    if node.freed or node.saved:
        node.check()
    pieces = node.pull_back(g)
    for parent, _ in pieces:  # sooner than any(…)
        if type(parent) is tuple:
            pieces = spread(pieces)
            break
    if node.hooks:
        pieces = run_post_hooks(node, pieces, g)
    return pieces


def watched_step(node: Node, g: Any) -> list:
    """A step in anomaly mode: what goes wrong is traced to its call."""
    before, modes.visited = modes.visited, node
    try:
        pieces = step(node, g)
        if modes.check_nan:
            check_nan(node, pieces)
    except Exception:
        tell(node)
        raise
    finally:
        modes.visited = before
    return pieces


def spread(pieces: list) -> list:
    """The gradients of a joint rule, one by one."""
    single = []
    for parent, piece in pieces:
        if type(parent) is not tuple:
            single.append((parent, piece))
            continue
        for one, part in zip(parent, piece, strict=True):
            if one is not None:
                single.append((one, part))
    return single


def on_the_way(waiting: list, wanted: dict) -> dict:
    """For every node below the roots: does a wanted node lie below it?"""
    found, stack = set(), [node for _, node in waiting]
    while stack:
        node = stack.pop()
        if node not in found:
            found.add(node)
            stack += [parent for parent, _ in node.next_functions if parent]
    needed: dict = {}
    for node in sorted(found, key=lambda n: n.birth):
        needed[node] = any(
            parent in wanted or needed[parent]
            for parent, _ in node.next_functions if parent)
    return needed


def check_nan(node: Node, pieces: list) -> None:
    """Refuse a gradient with NaN: the step is the first that made one."""
    places = node.trace.places if node.trace is not None else None
    for index, (_, piece) in enumerate(pieces):
        if isinstance(piece, Tensor) and np.isnan(piece.array).any():
            place = index if places is None else places[index]
            raise RuntimeError(f"Function '{node.name()}' returned nan values"
                               f" in its {place}th output.")


OLD_NAME = "`grad_variables` is deprecated. Use `grad_tensors` instead."
ONLY = ("only_inputs argument is deprecated and is ignored now (defaults to "
        "True). To accumulate gradient for other parts of the graph, please "
        "use torch.autograd.backward.")


def backward(tensors: Any, grad_tensors: Any = None,
             retain_graph: bool | None = None, create_graph: bool = False,
             grad_variables: Any = None, inputs: Any = None) -> None:
    """Add the gradients of `tensors` to the .grad of the leaves below.

    ∂(Σ tensor · grad_tensor) / ∂leaf; a scalar's own gradient is 1.
    """
    if grad_variables is not None:  # the old name of grad_tensors
        warnings.warn(OLD_NAME, FutureWarning, stacklevel=2)
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments "
                "both passed to `backward()`. Please only use `grad_tensors`.")
        grad_tensors = grad_variables
    roots = start(tensors, grad_tensors)
    keep = create_graph if retain_graph is None else retain_graph
    wanted = None
    if inputs is not None:
        given = one_or_many(inputs)
        if not given:
            raise RuntimeError(
                "`inputs` argument to `backward()` cannot be empty.")
        for x in given:
            if not isinstance(x, (Tensor, GradientEdge)):
                raise RuntimeError("all inputs have to be Tensors or Gradient"
                                   f"Edges, but got {type(x).__name__}")
            if isinstance(x, Tensor) and not (x.is_leaf and x.requires_grad):
                x.retain_grad()  # type: ignore[attr-defined]
        wanted = {node_at(x): leaf_of(x) if isinstance(x, GradientEdge)
                  else x for x in given}
        if None in wanted:
            raise RuntimeError(
                "One of the differentiated Tensors does not require grad")
    arrived = visit(roots, keep, create_graph, wanted)
    del roots
    while arrived:
        node, g = arrived.popitem()
        x = wanted.get(node) if wanted is not None else node.tensor()
        if x is None or (x._retains and not node.is_leaf):
            continue
        gather(x, g, create_graph)
        if node.is_leaf and (node.after or node.hooks):
            call_hooks(node, x, g, create_graph)


def grad(outputs: Any, inputs: Any, grad_outputs: Any = None,
         retain_graph: bool | None = None, create_graph: bool = False,
         only_inputs: bool = True, allow_unused: bool | None = None,
         is_grads_batched: bool = False,
         materialize_grads: bool = False) -> Any:
    """The gradients of Σ outputs · grad_outputs with respect to `inputs`:
    a tuple, or a dict where the inputs came with names."""
    if not only_inputs:
        warnings.warn(ONLY, FutureWarning, stacklevel=3)
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when "
            "materialize_grads=True, but got: allow_unused=False.")
    if is_grads_batched:
        return batched(outputs, grad_outputs, lambda gs: grad(
            outputs, inputs, gs, True, create_graph, only_inputs,
            allow_unused, False, materialize_grads))
    if isinstance(inputs, dict):  # the gradients by the same names
        return dict(zip(inputs, grad(
            outputs, tuple(inputs.values()), grad_outputs, retain_graph,
            create_graph, only_inputs, allow_unused, False,
            materialize_grads)))
    xs = one_or_many(inputs)
    if not xs:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    wanted = {}
    for x in xs:
        node = node_at(x)
        if node is None:
            raise RuntimeError(
                "One of the differentiated Tensors does not require grad")
        wanted[node] = x
    roots = start(outputs, grad_outputs)
    keep = create_graph if retain_graph is None else retain_graph
    arrived = visit(roots, keep, create_graph, wanted)
    return tuple(
        received(i, x, arrived, allow_unused or materialize_grads,
                 materialize_grads) for i, x in enumerate(xs))


def batched(outputs: Any, grad_outputs: Any, pull: Any) -> tuple:
    """The gradients for every row of grad_outputs, one upon the other."""
    ys = one_or_many(outputs)
    gs = grad_outputs
    gs = [gs] if isinstance(gs, Tensor) else list(gs or ())
    for y, g in zip(ys, gs):
        if g is not None and g.array.shape[1:] != like(y).shape:
            raise RuntimeError(
                "If `is_grads_batched=True`, we interpret the first "
                "dimension of each grad_output as the batch dimension. The "
                "sizes of the remaining dimensions are expected to match the"
                " shape of corresponding output, but a mismatch was "
                f"detected: {[*g.shape]} for an output {[*like(y).shape]}.")
    rows = [pull(row) for row in zip(*gs)]
    return tuple(None if parts[0] is None else stack(parts)
                 for parts in zip(*rows))


def like(y: Any) -> Any:
    """What has the shape and dtype of a tensor, or of what an edge is of."""
    return y.node if isinstance(y, GradientEdge) else y.array


def received(i: int, x: Any, arrived: dict, allow_unused: bool,
             materialize: bool) -> Tensor | None:
    """The gradient that input i got; refused, None or 0 where none came."""
    g = arrived.get(node_at(x))
    if g is None and not allow_unused:
        raise RuntimeError(
            f"The differentiated Tensor at index {i} appears to not have "
            "been used in the graph. Set allow_unused=True if this is the "
            "desired behavior.")
    if g is None and materialize:
        return wrap(np.zeros(like(x).shape, like(x).dtype))
    return g if g is None else shown(g)


def start(tensors: Any, grads: Any) -> list:
    """(node, gradient) of every tensor that backward begins at."""
    ys = one_or_many(tensors)
    if grads is None:
        grads = [None] * len(ys)
    gs = [grads] if isinstance(grads, Tensor) else list(grads)
    for g in gs:
        check_gradient(g)
    if len(gs) != len(ys):
        raise RuntimeError(
            f"got {len(ys)} tensors and {len(gs)} gradients")
    roots = []
    for i, (y, g) in enumerate(zip(ys, gs)):
        node = node_at(y)
        if node is None:
            raise RuntimeError(
                f"element {i} of tensors does not require grad and does not "
                "have a grad_fn")
        roots.append((node, seed(y, g, i)))
    return roots


def check_gradient(g: Any) -> None:
    """A gradient that backward begins with is a tensor, or left out."""
    if g is not None and not isinstance(g, Tensor):
        raise TypeError("gradients can be either Tensors or None, but got "
                        f"{type(g).__name__}")


def seed(y: Any, g: Any, i: int) -> Tensor:
    """The gradient that backward begins with."""
    shape = like(y).shape
    if g is None:
        if prod(shape) != 1:
            raise RuntimeError(
                "grad can be implicitly created only for scalar outputs")
        if like(y).dtype.kind == "c":
            raise RuntimeError(
                "grad can be implicitly created only for real scalar outputs "
                f"but got {dtypes.of(like(y).dtype)}")
        return wrap(np.ones(shape, like(y).dtype))
    if g.array.shape != shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{i}] has a shape of {g.shape} "
            f"and output[{i}] has a shape of {Size(shape)}.")
    given, wanted = g.dtype, dtypes.of(like(y).dtype)
    if given is not wanted and (given.is_complex or wanted.is_complex):
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required "
            "to have the same dtype. Mismatch in dtype: "
            f"grad_output[{i}] has a dtype of {given} and output[{i}] has a "
            f"dtype of {wanted}.")
    return g
