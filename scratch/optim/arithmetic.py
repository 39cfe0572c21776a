"""Running means and scaled sums, rounded as torch rounds them.

torch's kernels multiply and add in one instruction, which rounds once. That
is the last digit of a step; but a step may magnify it (v - mean² in centered
RMSprop, a mean of squares with a short memory), and steps build on each
other. In float64, where results are compared, every product here is added as
exactly as there. So does BLAS in both dtypes, in one pass, where NumPy has
OpenBLAS and the factor is a number. Otherwise float32 takes two roundings,
half an ulp further off in half the time, unless the caller says `once`.

Given tensors, they are recorded instead (recorded.py).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from scratch.kernels.blas import blas
from scratch.kernels.blocks import pad
from scratch.optim import recorded
from scratch.tensor import Tensor

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)

LANES = 64  # numbers that BLAS adds at once, on any processor
BLOCK = 1 << 12  # so that the many terms of a product stay in the cache


def spare(name: str, like: np.ndarray) -> np.ndarray:
    """Memory for a result that ends with the piece; it stays in the cache."""
    return pad.take(name, like.shape, like.dtype)


def is_tensor(x: Any) -> bool:
    """Whether a step is recorded: it has tensors, not arrays."""
    return isinstance(x, Tensor)


def lerp(
    mean: np.ndarray, x: np.ndarray, weight: float, once: bool = False
) -> None:
    """mean ← mean + w (x - mean)

    torch: from w = ½ on it starts from x, which is then exact at w = 1.
    """
    if isinstance(mean, Tensor):
        return recorded.lerp(mean, x, weight)
    gap = np.subtract(x, mean, out=spare("gap", mean))
    if weight >= 0.5:
        np.copyto(mean, x)
        weight = mean.dtype.type(weight) - 1
    add_scaled(mean, weight, gap, once)


def mean_of_squares(
    mean: np.ndarray, x: np.ndarray, beta: float, once: bool = False
) -> None:
    """mean ← β mean + (1 - β) x²"""
    if isinstance(mean, Tensor):
        return recorded.mean_of_squares(mean, x, beta)
    mean *= beta
    part = np.multiply(x, 1 - beta, out=spare("part", mean))
    add_scaled(mean, x, part, once)


def add_scaled(
    y: np.ndarray, a: Any, x: np.ndarray, once: bool = False
) -> None:
    """y ← y + a x"""
    if isinstance(y, Tensor):
        return recorded.add_scaled(y, a, x)
    if isinstance(a, int | float) and a == 1:
        y += x
    elif fits(y, a, x):
        fused(y, a, x)
    elif once or y.dtype != FLOAT32:
        axpy(y, a, x)
    else:
        y += np.multiply(x, a, out=spare("product", y))


def plus_scaled(
    x: np.ndarray, a: float, y: np.ndarray, once: bool = False
) -> np.ndarray:
    """x + a y, in spare memory: g + λθ"""
    if isinstance(x, Tensor):
        return recorded.plus_scaled(x, a, y)
    total = spare("total", x)
    np.copyto(total, x)
    add_scaled(total, a, y, once)
    return total


def add_ratio(y: np.ndarray, a: float, x: np.ndarray, z: np.ndarray) -> None:
    """y ← y + a x / z"""
    if isinstance(y, Tensor):
        return recorded.add_ratio(y, a, x, z)
    ratio = np.multiply(x, a, out=spare("product", y))
    ratio /= z
    y += ratio


def root_of(x: np.ndarray, name: str = "root") -> np.ndarray:
    """√x, in spare memory of this name"""
    if isinstance(x, Tensor):
        return recorded.root_of(x)
    return np.sqrt(x, out=spare(name, x))


def sum_of(x: np.ndarray, y: Any, name: str) -> np.ndarray:
    """x + y, in spare memory of this name"""
    if isinstance(x, Tensor):
        return x + y
    return np.add(x, y, out=spare(name, x))


def ratio_of(x: np.ndarray, y: Any, name: str) -> np.ndarray:
    """x / y, in spare memory of this name"""
    if isinstance(x, Tensor):
        return x / y
    return np.divide(x, y, out=spare(name, x))


def minus_square(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """x - y², rounded once"""
    if isinstance(x, Tensor):
        return x - y.clone() * y.clone()
    x = x.copy()
    axpy(x, -y, y)
    return x


def larger(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """y ← max(y, x)"""
    if isinstance(y, Tensor):
        return recorded.larger(y, x)
    return np.maximum(y, x, out=y)


def fits(y: np.ndarray, a: Any, x: np.ndarray) -> bool:
    """Whether BLAS has y + a x for these; it skips 0 · ∞."""
    number = isinstance(a, int | float) and a != 0 and math.isfinite(a)
    alike = x.dtype == y.dtype and x.shape == y.shape
    return number and alike and y.dtype in blas.axpys


def fused(y: np.ndarray, a: float, x: np.ndarray) -> None:
    """y ← y + a x in one pass, by instructions that round once.

    BLAS does LANES numbers at a time so, and the last few one by one, with
    two roundings; these are moved to memory of LANES, that no bit depends on
    where a parameter was cut.
    """
    if not y.flags.c_contiguous:
        line = np.ascontiguousarray(y)
        fused(line, a, x)
        y[...] = line
        return
    x = np.ascontiguousarray(x)
    axpy, size, rest = blas.axpys[y.dtype], y.size, y.size % LANES
    with blas.single():
        if size > rest:
            axpy(size - rest, a, x.ctypes.data, 1, y.ctypes.data, 1)
        if rest:
            ends = np.zeros((2, LANES), y.dtype)
            tail = y.reshape(-1)[-rest:]
            ends[0, :rest], ends[1, :rest] = x.reshape(-1)[-rest:], tail
            here, there = (end.ctypes.data for end in ends)
            axpy(LANES, a, here, 1, there, 1)
            tail[...] = ends[1, :rest]


def axpy(y: np.ndarray, a: Any, x: np.ndarray) -> None:
    """y ← y + a x, rounded once; a is a number or of the shape of x"""
    if y.dtype != FLOAT64:  # the product of two float32 numbers is exact
        y += np.asarray(a, FLOAT32).astype(FLOAT64) * x
        return
    if y.size > BLOCK and y.flags.c_contiguous:
        y, x = y.reshape(-1), x.reshape(-1)
        a = a.reshape(-1) if np.ndim(a) else a
    for start in range(0, len(y), BLOCK) if y.ndim == 1 else [0]:
        part = slice(start, start + BLOCK) if y.ndim == 1 else ...
        factor = np.float64(a[part] if np.ndim(a) else a)
        y[part] = multiply_add(factor, x[part], y[part])


def multiply_add(a: Any, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """y + a x in float64: the errors of both operations are added at the end.

    Dekker, 1971 (the product); Knuth, 1969 (the sum).
    """
    product = a * x
    total = product + y
    a_high, a_low = halves(a)
    x_high, x_low = halves(x)
    lost = a_low * x_low - (
        ((product - a_high * x_high) - a_low * x_high) - a_high * x_low
    )
    back = total - product
    lost += (product - (total - back)) + (y - back)
    return np.where(np.isfinite(lost), total + lost, total)


def halves(x: Any) -> tuple[Any, Any]:
    """x as a sum of two numbers of 26 bits, whose products are exact."""
    shifted = (2.0**27 + 1) * x
    high = shifted - (shifted - x)
    return high, x - high
