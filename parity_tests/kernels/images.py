"""Images, kernels and walks for the kernels' tests."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from scratch.kernels import blocks
from scratch.kernels.windows import Geometry, geometry

seeds = st.integers(0, 2**32 - 1)


def lying(x: np.ndarray, way: str) -> np.ndarray:
    """The same image (N, C, *S) in another order of memory."""
    if way == "last":
        return np.moveaxis(np.moveaxis(x, 1, -1).copy(), -1, 1)
    if way == "gaps":
        wide = np.full((*x.shape[:-1], 2 * x.shape[-1]), 7, x.dtype)
        wide[..., ::2] = x
        return wide[..., ::2]
    return x


ways = st.sampled_from(["plain", "last", "gaps"])


some_axes = st.integers(1, 3)


@st.composite
def walks(draw: Any, axes: Any = some_axes) -> tuple:
    """(batch, channels, out, size, kernel, geometry)"""
    d = draw(axes)
    each = lambda low, high: tuple(
        draw(st.lists(st.integers(low, high), min_size=d, max_size=d))
    )
    kernel, stride, dilation = each(1, 4), each(1, 3), each(1, 2)
    padding = tuple(zip(each(0, 2), each(0, 2)))
    spans = [j * (k - 1) + 1 for k, j in zip(kernel, dilation)]
    size = tuple(
        max(1, span - a - b) + more
        for span, (a, b), more in zip(spans, padding, each(0, 7))
    )
    groups = draw(st.integers(1, 3))
    inner = draw(st.integers(1, 4)) if draw(st.booleans()) else 1
    out = groups * draw(st.integers(1, 3))
    geo = geometry(d, stride, padding, dilation, groups)
    return draw(st.integers(0, 3)), groups * inner, out, size, kernel, geo


def drawn(seed: int, dtype: Any, *shapes: tuple) -> list[np.ndarray]:
    """Normal numbers of these shapes."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=s) * 2).astype(dtype) for s in shapes]


def poison() -> None:
    """Fill what the kernels use again with NaN: nobody may read it."""
    for held in blocks.pad.held.values():
        held.fill(255)


def near(ours: np.ndarray, exact: np.ndarray, tolerance: float) -> None:
    """Equal but for rounding, measured by the largest entry."""
    assert ours.shape == exact.shape
    if ours.size:
        most = np.abs(exact).max()
        assert np.abs(ours - exact).max() <= tolerance * most


def one_group(geo: Geometry) -> Geometry:
    return geo._replace(groups=1)
