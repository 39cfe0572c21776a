"""Entries borrowed by lists of places, against fancy indices, and their
adjoint, against one sum after another."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scratch.kernels.borrowing import borrow, give_back
from scratch.kernels.scatter import add_rows

KINDS = st.sampled_from(["f2", "f4", "f8", "i8", "c8"])


def mirrored(n: int) -> np.ndarray:
    return n - 1 - np.abs(n - 1 - np.abs(np.arange(1 - n, 2 * n - 1)))


@st.composite
def places(draw: st.DrawFn, n: int) -> np.ndarray:
    """A border, a larger picture, or any list."""
    pick = st.lists(st.integers(0, n - 1), max_size=40)
    each = draw(st.integers(1, 3))
    return draw(
        st.one_of(
            st.just(np.arange(n * each) // each),
            st.just(np.arange(-each, n + each).clip(0, n - 1)),
            st.just(mirrored(n)),
            st.just(np.arange(-n, 2 * n) % n),
            pick.map(lambda found: np.array(found, np.int64)),
            pick.map(lambda found: np.array(sorted(found), np.int64)),
        )
    )


@given(st.data(), KINDS)
def test_a_borrowed_entry_is_given_back(data: st.DataObject, kind: str) -> None:
    shape = tuple(
        data.draw(st.lists(st.integers(1, 7), min_size=1, max_size=3))
    )
    axes = data.draw(st.integers(1, len(shape)))
    size = shape[len(shape) - axes :]
    sources = [data.draw(places(n)) for n in size]
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 9, shape).astype(kind)
    y = borrow(x, sources)
    grid = (..., *np.ix_(*sources))
    np.testing.assert_array_equal(y, x[grid])
    assert not np.shares_memory(x, y)
    g = rng.integers(-9, 9, y.shape).astype(kind)
    total = np.zeros(shape, np.promote_types(kind, "f4"))
    np.add.at(total, grid, g)
    back = give_back(g, sources, size)
    assert back.dtype == x.dtype
    np.testing.assert_array_equal(back, total.astype(kind))
    assert not np.shares_memory(back, g)


@given(
    st.integers(1, 40),
    st.lists(st.integers(0, 39), max_size=80),
    st.sampled_from([1, 3, 16, 40]),
    KINDS,
    st.booleans(),
)
def test_rows_are_added_where_they_belong(
    rows: int, at: list[int], width: int, kind: str, onto: bool
) -> None:
    where = np.array(at, np.int64) % rows
    rng = np.random.default_rng(0)
    values = rng.integers(-9, 9, (len(at), width)).astype(kind)
    x = rng.integers(-9, 9, (rows, width)).astype(kind)
    total = x.copy() if onto else np.zeros_like(x)
    np.add.at(total, where, values)
    found = add_rows(x if onto else None, values, where, rows)
    np.testing.assert_array_equal(found, total)
    assert not np.shares_memory(found, x)
