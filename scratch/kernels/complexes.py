"""Kernels of complex numbers that NumPy lacks."""

from __future__ import annotations

import numpy as np


def log_add(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """ln(eᵃ + eᵇ) = ln(1 + eˡ⁻ʰ) + h, h being what has the greater real part

    Where both real parts are -∞, one of them; where both are ∞, the plain
    formula; NaN where one is NaN.
    """
    swap = (a.real >= b.real) & ~np.isnan(b) | np.isnan(a)
    low, high = np.where(swap, b, a), np.where(swap, a, b)
    y = log_1_plus(np.exp(low - high)) + high
    ends = ~np.isfinite(low.real) & (low.real == high.real)
    y = np.where(ends, np.where(low.real < 0, low, np.log(
        np.exp(low) + np.exp(high))), y)
    return np.where(np.isnan(low) | np.isnan(high), y.dtype.type(
        complex(np.nan, np.nan)), y)


def log_1_plus(z: np.ndarray) -> np.ndarray:
    """ln(1 + z), exact for small z: ½ ln(1 + 2x + x² + y²) + i arg(1 + z)"""
    x, y = z.real, z.imag
    w = np.empty_like(z)
    w.real = np.log1p(x * (2 + x) + y * y) / 2
    w.imag = np.arctan2(y, 1 + x)
    return w
