"""Products and sums that are rounded once, as torch's are.

torch computes float16 in float32, where a factor or divisor that stands
alone keeps its digits: x · 0.1 does not see the 0.1 of float16. And it adds
a product of float32 before that is rounded (a fused multiply-add).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels import pointwise
from ..tensor import Tensor, wrap
from .numbers import HALF, SINGLE


def unrounded(given: Any, x: Tensor) -> Tensor:
    """x, or the plain number from which it was made, in float64."""
    if isinstance(given, (Tensor, np.ndarray)):
        return x
    return wrap(np.asarray(given, np.float64))


def single(x: Tensor, half: np.ndarray) -> np.ndarray:
    """x in float32; but for a number that stands alone, from float16."""
    return (half if x.array.ndim else x.array).astype(SINGLE)


def divisor(given: Any, y: Tensor, b: np.ndarray) -> np.ndarray:
    """b; in float32 if it is one number beside float16."""
    if b.dtype != HALF:
        return b
    y = unrounded(given, y)
    return b if y.array.ndim else single(y, b)


def floor_of_halves(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """⌊a / b⌋; torch: every step of it is rounded to float16"""
    rest = np.fmod(a, b)
    down = (a - rest) / b - ((rest != 0) & ((b < 0) != (rest < 0)))
    whole = np.floor(down)
    whole = whole + (down - whole > 0.5)
    plain = a / b
    whole = np.where(down == 0, np.copysign(HALF.type(0), plain), whole)
    return np.where(b == 0, plain, whole)


def plus_product(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """a + b · c; torch: of float32 the product is not rounded"""
    if a.dtype == HALF:
        a, b, c = (part.astype(SINGLE) for part in (a, b, c))
        return np.asarray(a + b * c).astype(HALF)
    if a.dtype == SINGLE:
        b, c = (c, b) if np.ndim(b) < np.ndim(c) else (b, c)
        if a.shape == np.shape(b) and np.shape(c) in ((), a.shape):
            return pointwise.plus_product(a, b, c)
        product = np.multiply(b, c, dtype=np.float64)
        return np.asarray(a + product).astype(SINGLE)
    return a + b * c
