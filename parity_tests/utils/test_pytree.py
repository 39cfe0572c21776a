"""Nested containers are taken apart and put together as torch does it."""

from collections import OrderedDict, defaultdict, deque, namedtuple
from typing import Any

import pytest
import torch.utils._pytree as theirs
from hypothesis import given
from hypothesis import strategies as st

from scratch.utils import _pytree as ours

Pair = namedtuple("Pair", "first second")
LIBS = (ours, theirs)
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
        st.builds(Pair, inner, inner))


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
