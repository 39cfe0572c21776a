"""Adaptive pooling: as many windows as asked for, and sums of all places.

x (N, C, *S) -> y (N, C, *count), one to three spatial axes.
"""

import math
from collections.abc import Iterator

import numpy as np

from scratch.kernels import threads
from scratch.kernels.memory import GRAIN, last
from scratch.kernels.windows import Sizes


def adaptive_bounds(size: int, count: int) -> list[tuple[int, int]]:
    """`count` windows that cover an axis as evenly as integers allow."""
    return [
        (i * size // count, -(-(i + 1) * size // count)) for i in range(count)
    ]


def adaptive_windows(
    size: Sizes, count: Sizes
) -> Iterator[tuple[tuple, tuple]]:
    """Every window of an adaptive pooling: its place, its slices."""
    bounds = [adaptive_bounds(n, p) for n, p in zip(size, count, strict=True)]
    for place in np.ndindex(*count):
        cuts = (slice(*b[i]) for b, i in zip(bounds, place, strict=True))
        yield (..., *place), (..., *cuts)


def adaptive_count(size: Sizes, count: Sizes) -> np.ndarray:
    """How many entries every adaptive window holds (*P)."""
    total = np.ones((), np.int64)
    for n, p in zip(size, count, strict=True):
        held = np.array([b - a for a, b in adaptive_bounds(n, p)], np.int64)
        total = total[..., None] * held
    return total


def adaptive_sum(x: np.ndarray, count: Sizes) -> np.ndarray:
    """The sum of every adaptive window."""
    y = np.empty((*x.shape[:2], *count), x.dtype)
    spatial = tuple(range(2, x.ndim))
    for place, cut in adaptive_windows(x.shape[2:], count):
        y[place] = x[cut].sum(spatial)
    return y


def adaptive_sum_input(y: np.ndarray, size: Sizes) -> np.ndarray:
    """The adjoint of adaptive_sum."""
    x = np.zeros((*y.shape[:2], *size), y.dtype)
    lift = (..., *(None for _ in size))
    for place, cut in adaptive_windows(size, y.shape[2:]):
        x[cut] += y[place][lift]
    return x


def place_sum(x: np.ndarray) -> np.ndarray:
    """Σ over the places of x (N, C, *S), each row's sum added in float64."""
    rows = last(x)
    ones = np.ones((1, rows.shape[-2]), x.dtype)
    axes = tuple(range(1, x.ndim - 1))
    y = np.empty(x.shape[:2])

    def part(start: int, stop: int) -> None:
        sums = ones @ rows[start:stop]
        np.add.reduce(sums, axes, np.float64, out=y[start:stop])

    threads.share(part, len(x), grain=GRAIN * len(x) // max(x.size, 1))
    return y


def adaptive_max(x: np.ndarray, count: Sizes) -> tuple[np.ndarray, np.ndarray]:
    """The largest entry of every adaptive window, and where it stands."""
    flat = np.arange(math.prod(x.shape[2:])).reshape(x.shape[2:])
    y = np.empty((*x.shape[:2], *count), x.dtype)
    where = np.empty(y.shape, np.int64)
    for place, cut in adaptive_windows(x.shape[2:], count):
        entries = x[cut]
        entries = entries.reshape(*x.shape[:2], math.prod(entries.shape[2:]))
        won = last_nan_or_first_max(entries)
        y[place] = np.take_along_axis(entries, won[..., None], 2)[..., 0]
        where[place] = flat[cut[1:]].ravel()[won]
    return y, where


def last_nan_or_first_max(x: np.ndarray) -> np.ndarray:
    """Positions along the last axis, by torch's rule for pooling."""
    best = x.argmax(-1)
    nan = x != x
    if not nan.any():
        return best
    last = x.shape[-1] - 1 - nan[..., ::-1].argmax(-1)
    return np.where(nan.any(-1), last, best)
