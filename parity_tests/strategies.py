"""What the tests draw: arrays, broadcastable pairs, odd numbers."""

from __future__ import annotations

from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
from hypothesis import strategies as st

numbers = st.floats(-2, 2, width=32)  # multiples that float32 holds exactly
positive = st.floats(0.125, 4, width=32)
wild = st.one_of(
    numbers, st.floats(width=32),
    st.sampled_from([0.0, -0.0, np.inf, -np.inf, np.nan, 1e4, -1e4]))
shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
full_shapes = hnp.array_shapes(min_dims=1, max_dims=3, max_side=4)
sides = st.integers(1, 3)
FLOATS = ("float32", "float64")
DTYPES = ("float16", "float32", "float64", "uint8", "int8", "int16",
          "int32", "int64", "bool")


@st.composite
def arrays(draw: Any, shape: Any = shapes, elements: Any = numbers,
           dtype: Any = np.float64) -> np.ndarray:
    """An array, sometimes not contiguous: a transposed or a strided view."""
    if not isinstance(shape, tuple):
        shape = draw(shape)
    if isinstance(dtype, st.SearchStrategy):
        dtype = draw(dtype)
    return strided(draw, draw(hnp.arrays(dtype, shape, elements=elements)))


def strided(draw: Any, a: np.ndarray) -> np.ndarray:
    """The same numbers, in memory in one of three ways."""
    way = draw(st.sampled_from(["rows", "columns", "gaps"]))
    if way == "columns":
        return np.asfortranarray(a)
    if way == "gaps" and a.ndim:
        wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1]), a.dtype)
        wide[..., ::2] = a
        return wide[..., ::2]
    return a


@st.composite
def anything(draw: Any, shape: Any = shapes,
             dtypes: Any = DTYPES) -> np.ndarray:
    """An array of any dtype."""
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    if not isinstance(shape, tuple):
        shape = draw(shape)
    if dtype.kind == "f":
        a = draw(hnp.arrays(np.float64, shape, elements=numbers))
        return strided(draw, a.astype(dtype))
    return strided(draw, draw(hnp.arrays(dtype, shape)))


@st.composite
def broadcastable(draw: Any, n: int = 2, elements: Any = numbers,
                  max_dims: int = 3) -> list[np.ndarray]:
    """Arrays whose shapes broadcast together, sides of 0 and 1 included."""
    drawn = draw(hnp.mutually_broadcastable_shapes(
        num_shapes=n, max_dims=max_dims, min_side=0, max_side=3))
    return [draw(arrays(shape, elements)) for shape in drawn.input_shapes]


def normal(seed: int, *shape: int) -> np.ndarray:
    """Normal numbers from a seed: no ties, no kinks."""
    return np.random.default_rng(seed).standard_normal(shape)


def distinct(seed: int, *shape: int) -> np.ndarray:
    """Numbers that all differ, in random order: for max, sort and topk."""
    n = int(np.prod(shape, dtype=int))
    return np.random.default_rng(seed).permutation(n).reshape(shape) / 4 - 1


seeds = st.integers(0, 2**16)
