"""Resizing an axis: each new entry is a weighted sum of a few old ones.

A plan (index, weight), both (new, taps), tells one axis:
yᵢ = Σₜ weight[i, t] x[index[i, t]]. It is computed in the precision of x.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Plan = tuple[np.ndarray, np.ndarray]


# ---- the linear pair

def combine(x: np.ndarray, axis: int, plan: Plan) -> np.ndarray:
    """y from x along an axis counted from the back (-1, -2, …)"""
    index, weight = plan
    y: Any = 0
    for places, w in zip(index.T, weight.T):
        y = y + x.take(places, axis) * w.reshape(-1, *(1,) * (-axis - 1))
    return y


def spread(y: np.ndarray, axis: int, plan: Plan, n: int) -> np.ndarray:
    """The adjoint of combine: every y goes back to the x it was made of."""
    moved = np.moveaxis(y, axis, -1) @ matrix(plan, n)
    return np.moveaxis(moved, -1, axis)


def matrix(plan: Plan, n: int) -> np.ndarray:
    """A (new, n): the plan as a matrix, y = A x"""
    index, weight = plan
    a = np.zeros((len(index), n), weight.dtype)
    np.add.at(a, (np.arange(len(index))[:, None], index), weight)
    return a


# ---- where new entries stand among the old

def step(n: int, new: int, align: bool, scale: float | None,
         kind: Any) -> Any:
    """The distance of new neighbours, in old entries; torch: rounded to
    the precision of the image"""
    if align:
        return kind(n - 1) / kind(new - 1) if new > 1 else kind(0)
    if scale is not None and scale > 0:
        return kind(1 / scale)
    return kind(n) / kind(new)


def places(n: int, new: int, align: bool, scale: float | None,
           kind: Any) -> np.ndarray:
    """The centres of the new entries, counted from the first old centre"""
    i, s = np.arange(new, dtype=kind), step(n, new, align, scale, kind)
    return s * i if align else s * (i + kind(0.5)) - kind(0.5)


def nearest(n: int, new: int, exact: bool, scale: float | None,
            kind: Any) -> np.ndarray:
    """The old entry for each new one: below its left edge, or, `exact`,
    below its centre"""
    at = step(n, new, False, scale, kind) * np.arange(new, dtype=kind)
    if exact:
        at = places(n, new, False, scale, kind) + kind(0.5)
    at = np.floor(at.astype(np.float32))  # torch: floorf, for doubles too
    return np.clip(at.astype(np.int64), 0, n - 1)


def nearest_small(n: int, new: int, exact: bool,
                  scale: float | None) -> np.ndarray:
    """As nearest; torch: in small pictures always float32, and a size kept
    or doubled goes before the scale"""
    if not exact and new in (n, 2 * n):
        return np.arange(new) // (new // n)
    i = np.arange(new, dtype=np.float32)
    if exact:
        i += np.float32(0.5)
    at = np.floor(i * step(n, new, False, scale, np.float32))
    return np.clip(at.astype(np.int64), 0, n - 1)


# ---- filters

def triangle(x: np.ndarray) -> np.ndarray:
    """max(1 - |x|, 0)"""
    return np.maximum(1 - np.abs(x), 0)


def cubic(x: np.ndarray, a: float) -> np.ndarray:
    """Keys' cubic (1981) with slope a where |x| = 1"""
    x = np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def lanczos(x: np.ndarray) -> np.ndarray:
    """sinc(x) sinc(x / 3) for |x| < 3"""
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


FILTERS: dict[str, tuple] = {  # half width; torch: two slopes of cubics
    "linear": (1, triangle),
    "cubic": (2, lambda x: cubic(x, -0.5)),
    "lanczos": (3, lanczos),
}


# ---- plans

def linear_plan(n: int, new: int, align: bool, scale: float | None,
                kind: Any) -> Plan:
    """Two neighbours, weighted by their nearness."""
    at = places(n, new, align, scale, kind).clip(0)
    if n == new:  # torch: as it is, whatever the scale
        at = np.arange(n, dtype=kind)
    low = np.minimum(np.floor(at).astype(np.int64), n - 1)
    part = (at - low.astype(kind)).clip(0, 1)
    return (np.stack([low, np.minimum(low + 1, n - 1)], 1),
            np.stack([1 - part, part], 1))


def cubic_plan(n: int, new: int, align: bool, scale: float | None,
               kind: Any) -> Plan:
    """Four neighbours; past the edge stands the edge itself."""
    at = places(n, new, align, scale, kind)
    low = np.minimum(np.floor(at).astype(np.int64), n - 1)
    part = (at - low.astype(kind)).clip(0, 1)
    taps = np.arange(-1, 3)
    weight = cubic(part[:, None] - taps.astype(kind), -0.75)
    return (low[:, None] + taps).clip(0, n - 1), weight.astype(kind)


def smooth_plan(n: int, new: int, filter: str, align: bool,
                scale: float | None, kind: Any) -> Plan:
    """Antialiasing: a filter as wide as a new entry when shrinking, its
    weights summing to one."""
    half, shape = FILTERS[filter]
    s = step(n, new, align, scale, kind)
    wide = max(s, kind(1))
    centre = s * (np.arange(new, dtype=kind) + kind(0.5))
    first = (centre - half * wide + kind(0.5)).astype(np.int64).clip(0)
    last = (centre + half * wide + kind(0.5)).astype(np.int64).clip(None, n)
    taps = np.arange(max(int((last - first).max()), 1))
    index = first[:, None] + taps
    weight = shape((index - centre[:, None] + kind(0.5)) * (1 / wide))
    weight = np.where(index < last[:, None], weight, 0)
    weight = weight / weight.sum(1, keepdims=True)
    return index.clip(0, n - 1), weight.astype(kind)


# ---- bytes

def levels(x: np.ndarray, axis: int, plan: Plan) -> np.ndarray:
    """combine for bytes, rounded to bytes again; torch: with weights in
    whole numbers of at most 15 bits"""
    a = matrix(plan, x.shape[axis])
    bits = 0
    while bits < 22 and int(0.5 + a.max() * 2 ** (bits + 1)) < 2 ** 15:
        bits += 1
    whole = np.trunc(a * 2.0 ** bits + np.copysign(0.5, a))
    sums = np.moveaxis(x, axis, -1).astype(np.float64) @ whole.T
    y = np.floor((sums + 2.0 ** (bits - 1)) * 0.5 ** bits).clip(0, 255)
    return np.moveaxis(y, -1, axis).astype(np.uint8)
