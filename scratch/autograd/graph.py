"""The graph for those who look inside: its nodes, what it saves, its edges."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from ..modes import modes
from ..node import Handle, Leaf, Node, node_of, shown
from ..tensor import Tensor

__all__ = [
    "saved_tensors_hooks", "save_on_cpu", "disable_saved_tensors_hooks",
    "register_multi_grad_hook", "allow_mutation_on_saved_tensors", "Node",
    "GradientEdge", "get_gradient_edge", "increment_version",
]


# ---- what is saved for backward


class saved_tensors_hooks:
    """Inside, every tensor saved for backward goes through two functions.

    kept = pack_hook(tensor) when it is saved, tensor = unpack_hook(kept) when
    a derivative reads it. Of nested pairs the innermost counts.
    """

    def __init__(self, pack_hook: Callable[[Tensor], Any],
                 unpack_hook: Callable[[Any], Tensor]):
        self.pack_hook, self.unpack_hook = pack_hook, unpack_hook

    def __enter__(self) -> Any:
        if modes.packing_refused is not None:
            raise RuntimeError(modes.packing_refused)
        if not (callable(self.pack_hook) and callable(self.unpack_hook)):
            raise TypeError(
                "saved_tensors_hooks: expected two functions, but got "
                f"{self.pack_hook!r} and {self.unpack_hook!r}")
        modes.packing += ((self.pack_hook, self.unpack_hook),)

    def __exit__(self, *error: Any) -> None:
        modes.packing = modes.packing[:-1]


class save_on_cpu(saved_tensors_hooks):
    """Inside, tensors saved for backward are kept on the CPU.

    Here they are there already: each is kept as it is.
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda"):
        super().__init__(lambda x: (x.device, x.cpu()),
                         lambda packed: packed[1].to(packed[0]))


@contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Any:
    """Inside, saved_tensors_hooks is refused with this message."""
    if modes.packing:
        raise RuntimeError(error_message)
    before, modes.packing_refused = modes.packing_refused, error_message
    try:
        yield
    finally:
        modes.packing_refused = before


class _AllowMutationOnSavedContext:
    """What the context manager gives: is it over?"""

    over = False

    def clear(self) -> None:
        """Let go of everything: nothing is held here."""


@contextmanager
def allow_mutation_on_saved_tensors() -> Any:
    """Inside, a tensor saved for backward may be changed in place.

    Its copy is what backward reads (torch: copied when it is changed; here
    when it is saved). Backward must be called inside, too.
    """
    if modes.mutation:
        raise RuntimeError(
            "allow_mutation_on_saved_tensors contexts cannot be nested")
    state = _AllowMutationOnSavedContext()

    def unpack(kept: Tensor) -> Tensor:
        if state.over:
            raise AssertionError(
                "Trying to backward outside of the 'allow_mutation_on_saved_"
                "tensors' context in which the graph was originally recorded.")
        return kept

    modes.mutation = True
    try:
        with saved_tensors_hooks(lambda x: x.detach().clone(), unpack):
            yield state
    finally:
        state.over, modes.mutation = True, False


def increment_version(tensor: Tensor | Iterable[Tensor]) -> None:
    """Count a change of the tensor that nothing else has counted."""
    if not isinstance(tensor, (Tensor, Iterable)):
        raise RuntimeError("increment_version expect a Iterable[Tensor] as "
                           "input")
    tensors = [tensor] if isinstance(tensor, Tensor) else list(tensor)
    for x in tensors:
        if not isinstance(x, Tensor):
            raise RuntimeError("increment_version expects each element of the "
                               "iterable to be a tensor")
    for x in tensors:
        x.version[0] += 1


# ---- edges


class GradientEdge(NamedTuple):
    """The place in the graph where a tensor's gradient arrives.

    autograd.grad and backward take it where they take the tensor.
    """

    node: Node
    output_nr: int
    ownership_token: Any = None


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """The edge at which the gradient of this tensor arrives."""
    if not tensor.requires_grad:
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that "
            "does not require gradients")
    node: Any = node_of(tensor)
    return GradientEdge(shown(node), tensor.output_nr)


# ---- hooks of several tensors


class _MultiHandle:
    """The handles of one hook on several tensors."""

    def __init__(self, handles: Sequence[Handle]):
        self.handles = tuple(handles)

    def remove(self) -> None:
        """Take all away."""
        for handle in self.handles:
            handle.remove()

    def __enter__(self) -> _MultiHandle:
        return self

    def __exit__(self, *error: Any) -> None:
        self.remove()


def register_multi_grad_hook(tensors: Sequence[Tensor], fn: Callable,
                             *, mode: str = "all") -> _MultiHandle:
    """Call fn(gradients) in a backward, when all that it computes are there.

    A tensor that this backward does not reach has None in the list.
    mode "any": call fn(gradient) with the first gradient of any of them.
    """
    if mode not in ("all", "any"):
        raise ValueError(
            f"Expects mode to be one of ('all', 'any') but got {mode}")
    nodes = [node_of(x) for x in tensors]
    if None in nodes:
        raise AssertionError("Expected gradient function to be set")
    hook = gather_all(nodes, fn) if mode == "all" else first_only(fn)
    return _MultiHandle([x.register_hook(hook(i))
                         for i, x in enumerate(tensors)])


def gather_all(nodes: list, fn: Callable) -> Callable:
    """For the i-th tensor a hook that waits for the others."""
    waiting: dict = {}  # by the run of backward: what has arrived

    def hook(i: int) -> Callable:
        def arrive(g: Tensor) -> None:
            run = modes.run
            arrived = waiting.setdefault(run, [None] * len(nodes))
            arrived[i] = g
            there = sum(g is not None for g in arrived)
            if there == sum(run.reaches(node) for node in nodes):
                del waiting[run]
                fn(arrived)

        return arrive

    return hook


def first_only(fn: Callable) -> Callable:
    """For each tensor a hook that calls fn once in a run of backward."""
    lock, done = threading.Lock(), [None]

    def hook(i: int) -> Callable:
        def arrive(g: Tensor) -> None:
            with lock:
                first, done[0] = done[0] is not modes.run, modes.run
            if first:
                fn(g)

        return arrive

    return hook


def node_at(x: Any) -> Node | None:
    """The node of a tensor, or of an edge."""
    return x.node if isinstance(x, GradientEdge) else node_of(x)


def one_or_many(given: Any) -> list:
    """Tensors and edges, one or several, as a list."""
    return [given] if isinstance(given, (Tensor, GradientEdge)) else (
        list(given))


def leaf_of(edge: GradientEdge) -> Any:
    """The tensor whose .grad an edge of backward's inputs stands for."""
    if not isinstance(edge.node, Leaf):
        raise RuntimeError(
            "backward adds to the .grad of leaves, but the GradientEdge of "
            f"{edge.node.name()} leads to none; use autograd.grad")
    return edge.node.tensor()
