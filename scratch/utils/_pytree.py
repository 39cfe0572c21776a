"""Nested lists, tuples and dictionaries, taken apart and put together."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

__all__ = [
    "PyTree", "TreeSpec", "tree_all", "tree_any", "tree_flatten", "tree_iter",
    "tree_leaves", "tree_map", "tree_map_", "tree_map_only",
    "tree_structure", "tree_unflatten"]

PyTree = Any
MAPPINGS = (dict, OrderedDict, defaultdict)
SEQUENCES = (list, tuple, deque)


class TreeSpec(NamedTuple):
    """The shape of a tree: its kind, what else that needs, its branches.

    kind: the class of the container, None for a leaf.
    """

    kind: type | None
    context: Any = None
    children: tuple[TreeSpec, ...] = ()

    @property
    def num_leaves(self) -> int:
        """How many leaves a tree of this shape has."""
        return 1 if self.kind is None else sum(
            child.num_leaves for child in self.children)

    def is_leaf(self) -> bool:
        """Whether it is no container at all."""
        return self.kind is None


def opened(tree: Any) -> tuple[Any, list] | None:
    """What a container needs to be made again, and its contents in order;
    None for a leaf."""
    kind = type(tree)
    if kind in MAPPINGS:
        factory = tree.default_factory if kind is defaultdict else None
        return (factory, tuple(tree)), list(tree.values())
    if kind in SEQUENCES:
        return (tree.maxlen if kind is deque else None), list(tree)
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return None, list(tree)
    return None


def closed(spec: TreeSpec, contents: list) -> Any:
    """A container of a shape's kind around its contents."""
    kind: Any = spec.kind
    if kind in MAPPINGS:
        factory, keys = spec.context
        pairs = zip(keys, contents)
        return (defaultdict(factory, pairs) if kind is defaultdict
                else kind(pairs))
    if kind is deque:
        return deque(contents, spec.context)
    return kind(contents) if kind in SEQUENCES else kind(*contents)


def tree_flatten(tree: Any, is_leaf: Callable[[Any], bool] | None = None
                 ) -> tuple[list, TreeSpec]:
    """The leaves from left to right, and the shape of the tree."""
    found = None if is_leaf and is_leaf(tree) else opened(tree)
    if found is None:
        return [tree], TreeSpec(None)
    context, contents = found
    leaves, children = [], []
    for branch in contents:
        some, spec = tree_flatten(branch, is_leaf)
        leaves += some
        children.append(spec)
    return leaves, TreeSpec(type(tree), context, tuple(children))


def tree_unflatten(leaves: Iterable, treespec: TreeSpec) -> Any:
    """The tree of a shape with these leaves."""
    if not isinstance(treespec, TreeSpec):
        raise TypeError(
            "tree_unflatten(leaves, treespec): Expected `treespec` to be "
            f"instance of TreeSpec but got item of type {type(treespec)}.")
    leaves = list(leaves)
    if len(leaves) != treespec.num_leaves:
        raise ValueError(
            "treespec.unflatten(leaves): `leaves` has length "
            f"{len(leaves)} but the spec refers to a pytree that holds "
            f"{treespec.num_leaves} items ({treespec}).")
    return built(iter(leaves), treespec)


def built(leaves: Any, spec: TreeSpec) -> Any:
    """The next leaves in a shape."""
    if spec.is_leaf():
        return next(leaves)
    return closed(spec, [built(leaves, child) for child in spec.children])


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
    """func of each leaf (and of the leaves of other trees of its shape)."""
    leaves, spec = tree_flatten(tree, is_leaf)
    others = [tree_leaves(rest, is_leaf) for rest in rests]
    for other in others:
        if len(other) != len(leaves):
            raise ValueError("tree_map: the trees do not match: "
                             f"{len(leaves)} leaves and {len(other)}")
    return tree_unflatten(map(func, leaves, *others), spec)


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
