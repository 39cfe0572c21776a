"""Nested tuples, lists and dicts of tensors, and what is at their leaves."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor


def children(tree: Any) -> list | None:
    """The parts of a nest in order; None for a leaf."""
    if isinstance(tree, dict):
        return list(tree.values())
    return list(tree) if isinstance(tree, (tuple, list)) else None


def flatten(tree: Any) -> list:
    """All leaves in order, tensors or not."""
    parts = children(tree)
    if parts is None:
        return [tree]
    return [x for part in parts for x in flatten(part)]


def leaves(tree: Any) -> list:
    """The tensors among the leaves, in order."""
    return [x for x in flatten(tree) if isinstance(x, Tensor)]


def rebuild(tree: Any, values: Any, every: bool = False) -> Any:
    """The same nest, its tensors (or every leaf) from an iterator."""
    if isinstance(tree, dict):
        return type(tree)((k, rebuild(v, values, every))
                          for k, v in tree.items())
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(rebuild(part, values, every) for part in tree))
    if isinstance(tree, (tuple, list)):
        return type(tree)(rebuild(part, values, every) for part in tree)
    return next(values) if every or isinstance(tree, Tensor) else tree


def spread(prefix: Any, tree: Any) -> list | None:
    """A leaf of `prefix` for every leaf of the tree below it.

    None where the two have not the same structure.
    """
    inner, outer = children(prefix), children(tree)
    if inner is None:
        return [prefix] * len(flatten(tree))
    if outer is None or len(inner) != len(outer) or (
            isinstance(prefix, dict) != isinstance(tree, dict)):
        return None
    parts = [spread(p, t) for p, t in zip(inner, outer)]
    if any(part is None for part in parts):
        return None
    return [x for part in parts for x in part]  # type: ignore[union-attr]


def spec(tree: Any, indent: int = 0) -> str:
    """The structure as torch writes it: TreeSpec(tuple, None, [*])"""
    parts = children(tree)
    if parts is None:
        return "*"
    keys = list(tree) if isinstance(tree, dict) else None
    inner = (",\n" + " " * (indent + 2)).join(
        spec(part, indent + 2) for part in parts)
    return f"TreeSpec({type(tree).__name__}, {keys}, [{inner}])"
