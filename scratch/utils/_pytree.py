"""Nested lists, tuples and dictionaries, taken apart and put together."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any

from .. import trees
from ..ops.return_types import ReturnType
from ..size import Size
from ..trees import (
    REGISTERED,
    TreeSpec,
    register_pytree_node,
    tree_unflatten,
)

__all__ = [
    "PyTree", "TreeSpec", "register_pytree_node", "tree_all", "tree_any",
    "tree_flatten", "tree_iter", "tree_leaves", "tree_map", "tree_map_",
    "tree_map_only", "tree_structure", "tree_unflatten"]

PyTree = Any
# torch: containers of other kinds, though they derive from these, are leaves
KINDS = {dict, OrderedDict, defaultdict, list, tuple, deque, Size}


def tree_flatten(tree: Any, is_leaf: Callable[[Any], bool] | None = None
                 ) -> tuple[list, TreeSpec]:
    """The leaves from left to right, and the shape of the tree."""

    def stops(x: Any) -> bool:
        known = (type(x) in KINDS or type(x) in REGISTERED
                 or isinstance(x, ReturnType)
                 or isinstance(x, tuple) and hasattr(x, "_make"))
        return not known or is_leaf is not None and is_leaf(x)

    return trees.tree_flatten(tree, stops)


def tree_leaves(tree: Any, is_leaf: Callable[[Any], bool] | None = None
                ) -> list:
    """The leaves from left to right."""
    return tree_flatten(tree, is_leaf)[0]


def tree_iter(tree: Any, is_leaf: Callable[[Any], bool] | None = None
              ) -> Iterable:
    """The leaves from left to right, one by one."""
    return iter(tree_leaves(tree, is_leaf))


def tree_structure(tree: Any, is_leaf: Callable[[Any], bool] | None = None
                   ) -> TreeSpec:
    """The shape of a tree."""
    return tree_flatten(tree, is_leaf)[1]


def tree_map(func: Callable, tree: Any, *rests: Any,
             is_leaf: Callable[[Any], bool] | None = None) -> Any:
    """func of each leaf, and of what other trees have in its place."""
    leaves, spec = tree_flatten(tree, is_leaf)
    others = [spec.flatten_up_to(rest) for rest in rests]
    return spec.unflatten(map(func, leaves, *others))


def tree_map_(func: Callable, tree: Any, *rests: Any,
              is_leaf: Callable[[Any], bool] | None = None) -> Any:
    """func of each leaf for what it does; the tree comes back."""
    tree_map(func, tree, *rests, is_leaf=is_leaf)
    return tree


def tree_map_only(kinds: Any, /, func: Any = None, tree: Any = None,
                  is_leaf: Callable[[Any], bool] | None = None) -> Any:
    """func of the leaves of some kind (or that a question chooses)."""
    chosen = (kinds if not isinstance(kinds, (type, tuple))
              and callable(kinds) else lambda x: isinstance(x, kinds))
    return tree_map(lambda x: func(x) if chosen(x) else x, tree,
                    is_leaf=is_leaf)


def tree_all(pred: Callable[[Any], bool], tree: Any,
             is_leaf: Callable[[Any], bool] | None = None) -> bool:
    """Whether the answer is yes for every leaf."""
    return all(map(pred, tree_leaves(tree, is_leaf)))


def tree_any(pred: Callable[[Any], bool], tree: Any,
             is_leaf: Callable[[Any], bool] | None = None) -> bool:
    """Whether the answer is yes for some leaf."""
    return any(map(pred, tree_leaves(tree, is_leaf)))
