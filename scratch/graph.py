"""Recording: a value joins the graph with one rule per input."""

from __future__ import annotations

from typing import Any

from .modes import modes
from .node import Node, View, node_of
from .saving import pack_step
from .tensor import Tensor, wrap


def record(array: Any, *edges: Any, keep_result: bool = False,
           name: str | None = None) -> Tensor:
    """Wrap `array` in a tensor that knows how to pull a gradient back.

    Each edge is (x, rule, *saved): an input, the rule from the gradient of
    the result to the gradient of x, and the tensors that the rule reads.
    A rule is written in differentiable operations and never mentions
    broadcasting or dtype: the engine sums and casts. With `keep_result`
    rules take the result as a second argument. An edge ((x, w, …), rule)
    has one rule that returns a gradient (or None) for each of x, w, ….
    `name` is torch's name of the step where the function's own name (that
    of the first rule) does not give it.
    """
    y = wrap(array)
    if not modes.recording:
        return y
    tracked = []
    saved = []
    for edge in edges:
        x = edge[0]
        if type(x) is tuple:
            node: Any = tuple([node_of(part) for part in x])
            if not any(node):
                continue
        else:
            node = x._node if x._view is None else node_of(x)
            if node is None:
                continue
        tracked.append((node, edge[1]))
        for s in edge[2:]:
            saved.append((s, s.version[0]))
    if tracked:
        kind = y.array.dtype.kind
        if kind != "f" and kind != "c":
            return y  # only real and complex numbers have derivatives
        node = Node(y.array, tracked, saved,
                    name or edges[0][1].__qualname__)
        if keep_result:
            node.kept = kept = y.detach()
            saved.append((kept, 0))
        if modes.packing:
            pack_step(node)
        if node.trace is not None:
            node.trace.places = places(edges)
        y._node = node
    return y


def places(edges: tuple) -> list:
    """Which of the inputs are in the graph: [1] for y in 2 / y."""
    inputs: list = []
    for edge in edges:
        inputs += edge[0] if type(edge[0]) is tuple else [edge[0]]
    return [i for i, x in enumerate(inputs) if node_of(x) is not None]


def view(x: Tensor, array: Any, rule: Any, replay: Any,
         name: str | None = None, forbids: str = "") -> Tensor:
    """Record `array`, which shares the memory of x, as a view of x.

    replay: the same look as an operation on any tensor of x's shape.
    """
    y = record(array, (x, rule), name=name or replay.__qualname__)
    y.version = x.version
    if not modes.recording and not forbids:
        forbids = "no_grad"
    above = x._view
    if above is None:
        y._view = View(x, replay, x._node, forbids)
    else:
        first = above.replay
        y._view = View(above.base, lambda base: replay(first(base)),
                       above.base._node, above.forbids or forbids)
    return y


def alias(x: Tensor) -> Tensor:
    """x as it stands now: the same memory and the same node.

    An operation in place works on the alias, so that the rules it records
    mean the old x, while x itself moves on.
    """
    old = x.detach()
    old._node = node_of(x)
    return old


def new_leaf(x: Tensor, requires_grad: bool | None) -> Tensor:
    """A tensor just made, which wants its gradient if asked."""
    if not requires_grad:
        return x
    if x.array.dtype.kind not in "fc":
        raise RuntimeError("Only Tensors of floating point and complex dtype "
                           "can require gradients")
    return x.requires_grad_()
