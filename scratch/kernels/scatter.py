"""Adding at positions: what undoes a pick, with repeated positions summed."""

import math

import numpy as np

from scratch.kernels import threads

GRAIN = 1 << 17  # numbers to take that make a thread worth it
WIDE = 16  # numbers in a row, from which on rows are added whole
FEW = 16  # rows that are not worth a turn of their own


def taken(x: np.ndarray, where: np.ndarray) -> np.ndarray:
    """x at flat positions, none of which lies outside."""
    flat, at = x.reshape(-1), where.reshape(-1)
    y = np.empty(at.size, x.dtype)

    def part(start: int, stop: int) -> None:
        flat.take(at[start:stop], out=y[start:stop], mode="clip")

    threads.share(part, at.size, grain=GRAIN)
    return y.reshape(where.shape)


def place(values: np.ndarray, where: np.ndarray, size: int) -> np.ndarray:
    """out[where[i]] += values[i], in this order, into `size` zeros."""
    out = np.zeros(size, wide(values.dtype))
    np.add.at(out, where.ravel(), values.ravel())  # fast only where flat
    return out.astype(values.dtype, copy=False)


def place_rows(values: np.ndarray, where: np.ndarray, rows: int) -> np.ndarray:
    """out[where[i]] += values[i] for whole rows: (M, *D) -> (rows, *D)."""
    return add_rows(None, values, where, rows)


def add_rows(
    x: np.ndarray | None, values: np.ndarray, where: np.ndarray, rows: int
) -> np.ndarray:
    """x (rows, *D), or zeros, with values[i], (M, *D), added to row where[i].

    Every row is summed in the order of i. All first values are added at
    once, then all second ones, and so on (a tenth of np.add.at's time); the
    rows that go on for longer than nearly all others end one by one.
    """
    shape = (rows, *values.shape[1:])
    width = math.prod(shape[1:])
    where = where.reshape(-1)
    if width < WIDE:
        at = where[:, None] * width + np.arange(width)
        flat = place(values, at, rows * width).reshape(shape)
        return flat if x is None else x + flat
    values = values.reshape(-1, width)
    order = np.argsort(short(where, rows), kind="stable")
    found, first, count = runs(where[order])
    longest = np.argsort(-count, kind="stable")
    found, first, count = found[longest], first[longest], count[longest]
    sums = values.take(order[first], 0).astype(wide(values.dtype), copy=False)
    if x is not None:
        sums += x.reshape(rows, width)[found]
    turn, on = 1, count_above(count, 1)
    while on > FEW:
        sums[:on] += values.take(order[first[:on] + turn], 0)
        turn += 1
        on = count_above(count, turn)
    for i in range(on):
        mine = order[first[i] + turn : first[i] + count[i]]
        rest = np.concatenate([sums[i : i + 1], values.take(mine, 0)])
        sums[i] = np.add.reduce(rest, 0)
    if x is None:
        out = np.zeros((rows, width), values.dtype)
    else:
        out = x.copy().reshape(rows, width)
    out[found] = sums
    return out.reshape(shape)


def count_above(count: np.ndarray, bound: int) -> int:
    """How many of these counts, the greatest first, are above the bound."""
    return int(np.searchsorted(-count, -bound))


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
