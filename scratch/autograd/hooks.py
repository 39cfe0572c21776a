"""Hooks: what is called with a gradient on its way, and may replace it."""

from __future__ import annotations

from typing import Any

from ..node import Node
from ..ops.operands import type_name
from ..tensor import Tensor
from ..unseen import shown


def run_hooks(node: Node, g: Any, arrived: bool) -> Any:
    """Before a step: the hooks of its tensor (retain_grad's is last), then
    those of the step; None if one of these takes the gradient away.

    arrived: the gradient was asked for just here; no step is to follow.
    """
    g = shown(g)
    hooks = list(node.hooks.values())
    for kind, hook in sorted(hooks, key=is_last):
        if kind == "tensor":
            g = replaced(hook, g, hook(g))
    for kind, hook in hooks:
        if kind == "pre" and g is not None and not arrived:
            new = hook((g,))
            if new is not None:
                check_tuple(hook, new, (g,))
                g = new[0]
    return g


def is_last(pair: tuple) -> bool:
    """Whether this hook wants what all the others have left."""
    return getattr(pair[1], "last", False)


def replaced(hook: Any, g: Tensor, new: Any) -> Tensor:
    """The gradient after a tensor's hook: what it returned, or as it was."""
    if new is None:
        return g
    if not isinstance(new, Tensor):
        raise TypeError("expected Variable, but hook returned "
                        f"'{type(new).__name__}'")
    name = getattr(hook, "__name__", hook)
    if new.dtype is not g.dtype:
        raise RuntimeError(
            f"hook '{name}' has changed the type of value (was "
            f"{type_name(g.dtype)} got {type_name(new.dtype)})")
    if new.array.shape != g.array.shape:
        raise RuntimeError(f"hook '{name}' has changed the size of value")
    return new


def check_tuple(hook: Any, new: Any, given: tuple) -> None:
    """Refuse what a step's hook must not return in place of gradients."""
    if not isinstance(new, tuple):
        raise TypeError("expected tuple, but hook returned "
                        f"'{type(new).__name__}'")
    if len(new) != len(given):
        raise RuntimeError(
            f"hook '{getattr(hook, '__name__', hook)}' has returned an "
            f"incorrect number of values (got {len(new)}, but expected "
            f"{len(given)})")
    if any(a is not None and b is None for a, b in zip(new, given)):
        raise RuntimeError(
            "can't replace a None gradient with a non-None value")


def run_post_hooks(node: Node, pieces: list, g: Any) -> list:
    """The pieces for each input, as the hooks behind the step leave them."""
    for kind, hook in list(node.hooks.values()):
        if kind == "post":
            given = tuple(piece for _, piece in pieces)
            new = hook(given, (g,))
            if new is not None:
                check_tuple(hook, new, given)
                pieces = [(parent, piece) for (parent, _), piece
                          in zip(pieces, new, strict=True)]
    return pieces
