"""Nested containers are taken apart and put together as torch does it."""

from collections import OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from typing import Any

import pytest
import torch
import torch.utils._pytree as theirs
from hypothesis import given
from hypothesis import strategies as st

import scratch
from scratch.utils import _pytree as ours

Pair = namedtuple("Pair", "first second")
LIBS = (ours, theirs)


@dataclass
class Box:
    """A program's own container, which both sides are told of."""

    left: Any
    right: Any
    label: str = ""


def boxed(parts: Any, label: str) -> Box:
    """A box from what it held."""
    left, right = parts
    return Box(left, right, label)


class Bigger(Box):
    """Nobody is told of this one: a leaf."""


for lib in LIBS:
    lib.register_pytree_node(
        Box, lambda box: ([box.left, box.right], box.label), boxed)
leaves = st.one_of(st.integers(), st.text(max_size=2), st.none(),
                   st.just({3}))


def filled(inner: Any) -> Any:
    """Containers of all kinds."""
    keys = st.sampled_from("abc")
    some = st.lists(inner, max_size=3)
    named = st.dictionaries(keys, inner, max_size=3)
    return st.one_of(
        some, some.map(tuple), some.map(deque), named,
        named.map(OrderedDict), named.map(lambda d: defaultdict(int, d)),
        st.builds(Pair, inner, inner), st.builds(Bigger, inner, inner),
        st.builds(Box, inner, inner, st.sampled_from("xy")))


trees = st.recursive(leaves, filled, max_leaves=6)


@given(trees)
def test_a_tree_comes_apart_and_together(tree: Any) -> None:
    found = []
    for lib in LIBS:
        parts, spec = lib.tree_flatten(tree)
        again = lib.tree_unflatten(parts, spec)
        assert again == tree and type(again) is type(tree)
        assert spec.num_leaves == len(parts)
        assert spec.is_leaf() == (spec.num_leaves == 1 and parts[0] is tree)
        found.append((repr(spec), spec.num_nodes, spec.num_children,
                      [repr(child) for child in spec.children()],
                      parts, list(lib.tree_iter(tree)), lib.tree_map(
            lambda x: (x, 1), tree), lib.tree_map_only(
            int, lambda x: x + 1, tree), lib.tree_any(
            lambda x: x is None, tree), lib.tree_all(
            lambda x: x is None, tree)))
        with pytest.raises(ValueError):
            lib.tree_unflatten([*parts, 1], spec)
    assert found[0] == found[1]
    assert ours.tree_structure(tree) == ours.tree_structure(
        ours.tree_map(str, tree))


@pytest.mark.parametrize("kind", [Box, list, dict, OrderedDict, tuple,
                                  namedtuple, defaultdict, deque])
def test_a_kind_is_registered_once(kind: Any) -> None:
    for lib in LIBS:
        with pytest.raises(ValueError) as refused:
            lib.register_pytree_node(kind, vars, kind)
        assert str(refused.value) == (
            f"{kind} is already registered as pytree node.")


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=4))
def test_transforms_open_a_registered_kind(numbers: list) -> None:
    found = []
    for lib in (scratch, torch):
        box = Box(lib.tensor(numbers), lib.arange(len(numbers)) + 1.0)
        slopes = lib.func.grad(lambda b: (b.left**2 * b.right).sum())(box)
        each = lib.vmap(lambda b: Box(b.left + b.right, b.left))(box)
        found.append([part.tolist() for b in (slopes, each)
                      for part in (b.left, b.right)])
    assert found[0] == found[1]


@given(trees)
def test_a_leaf_can_be_chosen(tree: Any) -> None:
    def chosen(x: Any) -> bool:
        return isinstance(x, tuple)

    assert ours.tree_leaves(tree, chosen) == theirs.tree_leaves(tree, chosen)


@given(trees, trees)
def test_trees_are_walked_together(tree: Any, other: Any) -> None:
    deeper = ours.tree_map(lambda x: [x, other], tree)
    found = [lib.tree_map(lambda x, y, z: (x, y, z), tree, deeper, tree)
             for lib in LIBS]
    assert found[0] == found[1]


@given(trees, trees)
def test_another_shape_is_told_as_torch_tells_it(
        tree: Any, other: Any) -> None:
    found = []
    for lib in LIBS:
        spec = lib.tree_structure(tree)
        try:
            found.append(spec.flatten_up_to(other))
        except ValueError as error:
            found.append(str(error).split("{")[0])  # sets have no order
    assert found[0] == found[1]


def test_no_shape_is_refused() -> None:
    for lib in LIBS:
        with pytest.raises(TypeError, match="Expected `treespec` to be an"):
            lib.tree_unflatten([1], "no shape")


class Own(dict):
    """A container that torch does not know."""


def test_a_container_of_ones_own_is_a_leaf() -> None:
    for lib in LIBS:
        assert lib.tree_leaves([Own(a=1)]) == [Own(a=1)]
