"""Nested containers, taken apart into leaves and a shape and put together.

Containers are lists, tuples, deques and dictionaries of all kinds; whatever
else there is, is a leaf.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

BUILT_IN = {dict, OrderedDict, defaultdict, list, tuple, deque, namedtuple}


@dataclass(frozen=True, repr=False)
class TreeSpec:
    """The shape of a tree; prints as TreeSpec(tuple, None, [*, *])

    type: the kind of container, None for a leaf;  context: what else it
    takes to make one (the keys of a dictionary);  then its branches.
    """

    type: Any
    context: Any = None
    _children: tuple[TreeSpec, ...] = ()

    @property
    def num_children(self) -> int:
        """How many branches there are."""
        return len(self._children)

    @property
    def num_leaves(self) -> int:
        """How many leaves a tree of this shape has."""
        if self.is_leaf():
            return 1
        return sum(child.num_leaves for child in self._children)

    @property
    def num_nodes(self) -> int:
        """How many containers and leaves it has."""
        return 1 + sum(child.num_nodes for child in self._children)

    def children(self) -> list[TreeSpec]:
        """The shapes of the branches."""
        return list(self._children)

    def child(self, index: int) -> TreeSpec:
        """The shape of one branch."""
        return self._children[index]

    def is_leaf(self) -> bool:
        """Whether it is no container at all."""
        return self.type is None

    def unflatten(self, leaves: Iterable) -> Any:
        """The tree of this shape with these leaves."""
        return tree_unflatten(leaves, self)

    def flatten_up_to(self, tree: Any) -> list:
        """What a tree, of this shape or a deeper one, has at its leaves."""
        if self.is_leaf():
            return [tree]
        branches = matching(self, tree)
        return [leaf for child, branch in zip(self._children, branches)
                for leaf in child.flatten_up_to(branch)]

    def told(self, indent: int = 0) -> str:
        """In words, the branches so far from the left."""
        if self.is_leaf():
            return "*"
        inner = (",\n" + " " * (indent + 2)).join(
            child.told(indent + 2) for child in self._children)
        return f"TreeSpec({self.type.__name__}, {self.context}, [{inner}])"

    __repr__ = told


# kinds that a program added: how one is opened, how it is closed
REGISTERED: dict[type, tuple[Callable, Callable]] = {}


def register_pytree_node(cls: type, flatten_fn: Callable,
                         unflatten_fn: Callable, **hints: Any) -> None:
    """A class of containers: flatten_fn(x) = (branches, context), and
    unflatten_fn(branches, context) = x; `hints` are for files of shapes."""
    if cls in REGISTERED or cls in BUILT_IN:
        raise ValueError(f"{cls} is already registered as pytree node.")
    REGISTERED[cls] = flatten_fn, unflatten_fn


def matching(spec: TreeSpec, tree: Any) -> list:
    """The branches of a tree, in the order of a shape that it must have."""
    kind, context, branches = opened(tree) or (type(tree), None, [])
    own = spec.type in REGISTERED  # torch: its errors have words of their own
    if own and kind is not spec.type:
        raise ValueError(
            f"Type mismatch; expected {spec.type!r}, but got {kind!r}.")
    both = isinstance(tree, dict) and is_dict(spec)
    if kind is not spec.type and not both:
        raise ValueError(f"Node type mismatch; expected {spec.type!r}, but "
                         f"got {kind!r}.")
    if len(branches) != spec.num_children:
        raise ValueError(f"Node arity mismatch; expected {spec.num_children},"
                         f" but got {len(branches)}.")
    if both:
        return in_order(keys_of(spec), tree)
    if context != spec.context and own:
        raise ValueError("Node context mismatch for custom node type "
                         f"{spec.type!r}.")
    if context != spec.context and kind is not deque:
        raise ValueError(
            f"Node context mismatch for node type {spec.type!r}; expected "
            f"{spec.context!r}, but got {context!r}.")
    return branches


def in_order(keys: list, tree: dict) -> list:
    """The values of just these keys."""
    missing, extra = set(keys) - set(tree), set(tree) - set(keys)
    if missing or extra:
        words = f"; missing key(s): {missing}" if missing else ""
        words += f"; extra key(s): {extra}" if extra else ""
        raise ValueError(f"Node keys mismatch{words}.")
    return [tree[key] for key in keys]


def is_dict(spec: TreeSpec) -> bool:
    """Whether it is the shape of a dictionary."""
    return isinstance(spec.type, type) and issubclass(spec.type, dict)


def keys_of(spec: TreeSpec) -> list:
    """The keys of a dictionary of this shape."""
    return (spec.context[1] if issubclass(spec.type, defaultdict)
            else spec.context)


def opened(tree: Any) -> tuple[Any, Any, list] | None:
    """(kind, context, branches) of a container; None for a leaf."""
    kind = type(tree)
    if kind in REGISTERED:
        branches, context = REGISTERED[kind][0](tree)
        return kind, context, list(branches)
    if isinstance(tree, dict):
        keys, values = list(tree), list(tree.values())
        if isinstance(tree, defaultdict):
            return kind, [tree.default_factory, keys], values
        return kind, keys, values
    if isinstance(tree, deque):
        return kind, tree.maxlen, list(tree)
    if isinstance(tree, tuple) and hasattr(tree, "_make"):
        return namedtuple, kind, list(tree)
    if isinstance(tree, (list, tuple)):
        return kind, None, list(tree)
    return None


def closed(spec: TreeSpec, branches: list) -> Any:
    """A container of a shape around its branches."""
    kind = spec.type
    if kind in REGISTERED:
        return REGISTERED[kind][1](branches, spec.context)
    if kind is namedtuple:
        return spec.context(*branches)
    if is_dict(spec):
        pairs = zip(keys_of(spec), branches)
        return (kind(spec.context[0], pairs)
                if issubclass(kind, defaultdict) else kind(pairs))
    if issubclass(kind, deque):
        return kind(branches, spec.context)
    return kind(branches)


def tree_flatten(tree: Any, is_leaf: Callable[[Any], bool] | None = None
                 ) -> tuple[list, TreeSpec]:
    """The leaves from left to right, and the shape of the tree."""
    found = None if is_leaf and is_leaf(tree) else opened(tree)
    if found is None:
        return [tree], TreeSpec(None)
    kind, context, branches = found
    leaves, children = [], []
    for branch in branches:
        some, spec = tree_flatten(branch, is_leaf)
        leaves += some
        children.append(spec)
    return leaves, TreeSpec(kind, context, tuple(children))


def tree_unflatten(leaves: Iterable, treespec: TreeSpec) -> Any:
    """The tree of a shape with these leaves."""
    if not isinstance(treespec, TreeSpec):
        raise TypeError("Expected `treespec` to be an instance of TreeSpec "
                        f"but got item of type {type(treespec)}.")
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
    return closed(spec, [built(leaves, child) for child in spec._children])
