"""Running means and scaled sums, rounded as torch rounds them."""

from __future__ import annotations

from typing import Any

import numpy as np


def lerp(
    mean: np.ndarray, x: np.ndarray, weight: float, once: bool = False
) -> None:
    """mean ← mean + w (x - mean)

    torch: from w = ½ on it starts from x, which is then exact at w = 1.
    once: the product is not rounded before it is added.
    """
    gap = x - mean
    if weight >= 0.5:
        np.copyto(mean, x)
        weight = mean.dtype.type(weight) - 1
    add_scaled(mean, weight, gap, once)


def mean_of_squares(
    mean: np.ndarray, x: np.ndarray, beta: float, once: bool = False
) -> None:
    """mean ← β mean + (1 - β) x²"""
    mean *= beta
    add_scaled(mean, x, (1 - beta) * x, once)


def add_scaled(y: np.ndarray, a: Any, x: np.ndarray, once: bool) -> None:
    """y ← y + a x; x is overwritten"""
    if once:
        axpy(y, a, x)
    else:
        x *= a
        y += x


def axpy(y: np.ndarray, a: Any, x: np.ndarray) -> None:
    """y ← y + a x, rounded once

    torch: the processor adds and multiplies in one instruction. Where steps
    build on each other, as in L-BFGS, two roundings would soon show.
    """
    if y.dtype == np.float64:
        y[...] = multiply_add(np.float64(a), x, y)
    else:  # the product of two float32 numbers is exact in float64
        y += np.float64(a) * x


def multiply_add(a: np.float64, x: np.ndarray, y: np.ndarray) -> np.ndarray:
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
