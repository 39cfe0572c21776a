"""Nested containers of tensors: those at the leaves, and others for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..tensor import Tensor
from ..trees import TreeSpec, opened, tree_flatten, tree_unflatten


def flatten(tree: Any) -> list:
    """All leaves in order, tensors or not."""
    return tree_flatten(tree)[0]


def structure(tree: Any) -> TreeSpec:
    """The shape of a nest, that can be compared and printed."""
    return tree_flatten(tree)[1]


def leaves(tree: Any) -> list[Tensor]:
    """The tensors among the leaves, in order."""
    return [x for x in flatten(tree) if isinstance(x, Tensor)]


def rebuild(tree: Any, values: Iterator, every: bool = False) -> Any:
    """The same nest, its tensors (or every leaf) from an iterator."""
    old, spec = tree_flatten(tree)
    return tree_unflatten(
        [next(values) if every or isinstance(x, Tensor) else x for x in old],
        spec)


def spread(prefix: Any, tree: Any) -> list | None:
    """A leaf of `prefix` for every leaf of the tree below it.

    None where the two have not the same structure.
    """
    inner, outer = opened(prefix), opened(tree)
    if inner is None:
        return [prefix] * len(flatten(tree))
    if outer is None or len(inner[2]) != len(outer[2]) or (
            isinstance(prefix, dict) != isinstance(tree, dict)):
        return None
    parts = [spread(p, t) for p, t in zip(inner[2], outer[2])]
    if any(part is None for part in parts):
        return None
    return [x for part in parts for x in part]  # type: ignore[union-attr]
