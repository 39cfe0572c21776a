"""Adding at positions: what undoes a pick, with repeated positions summed."""

import math

import numpy as np

WIDE = 16  # numbers in a row, from which on rows are added whole
TURNS = 8  # how often a row is added to together with the others


def place(values: np.ndarray, where: np.ndarray, size: int) -> np.ndarray:
    """out[where[i]] += values[i], in this order, into `size` zeros."""
    out = np.zeros(size, wide(values.dtype))
    np.add.at(out, where.ravel(), values.ravel())  # fast only where flat
    return out.astype(values.dtype, copy=False)


def place_rows(values: np.ndarray, where: np.ndarray, rows: int) -> np.ndarray:
    """out[where[i]] += values[i] for whole rows: (M, *D) -> (rows, *D).

    Every row of `out` is summed in the order of i. All first values are
    written at once, then all second ones are added, and so on (a thirteenth
    of np.add.at's time); what goes to a row many times is summed by itself.
    """
    inner = values.shape[1:]
    width = math.prod(inner)
    where = where.reshape(-1)
    if width < WIDE:
        at = where[:, None] * width + np.arange(width)
        return place(values, at, rows * width).reshape(rows, *inner)
    out = np.zeros((rows, width), wide(values.dtype))
    values = values.reshape(-1, width)
    order = np.argsort(short(where, rows), kind="stable")
    found, first, count = runs(where[order])
    few = count <= TURNS
    for turn in range(min(count.max(initial=0), TURNS)):
        now = few & (count > turn)
        out[found[now]] += values[order[first[now] + turn]]
    for i in np.flatnonzero(~few):
        mine = values[order[first[i] : first[i] + count[i]]]
        out[found[i]] += np.add.reduce(mine, 0, out.dtype)
    return out.astype(values.dtype, copy=False).reshape(rows, *inner)


def short(where: np.ndarray, size: int) -> np.ndarray:
    """The positions in a type of which NumPy sorts two bytes at a time."""
    return where.astype(np.uint16) if size <= 1 << 16 else where


def runs(a: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a sorted array holds, where each begins, and how often it comes."""
    new = np.ones(len(a), bool)
    np.not_equal(a[1:], a[:-1], out=new[1:])
    first = np.flatnonzero(new)
    return a[first], first, np.diff(first, append=len(a))


def place_planes(y: np.ndarray, where: np.ndarray, size: int) -> np.ndarray:
    """x[n, c, where[n, c, p]] += y[n, c, p]: (N, C, *P) -> (N, C, size)."""
    planes = np.arange(y.shape[0] * y.shape[1]) * size
    start = planes.reshape(*y.shape[:2], *(1,) * (y.ndim - 2))
    flat = place(y, where + start, planes.size * size)
    return flat.reshape(*y.shape[:2], size)


def wide(dtype: np.dtype) -> np.dtype:
    """Where a sum is kept: float16 is summed in float32."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype
