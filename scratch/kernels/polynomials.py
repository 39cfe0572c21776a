"""Orthogonal polynomials, each by the recurrence that gives it from the two
before it (Abramowitz and Stegun 22.7).
"""

from collections.abc import Callable

import numpy as np


def climb(x: np.ndarray, n: np.ndarray, first: np.ndarray,
          step: Callable) -> np.ndarray:
    """pₙ(x), from p₀ = 1, p₁ and pₖ₊₁ = step(k, pₖ, pₖ₋₁); 0 for n < 0"""
    before, this = np.ones_like(x), first
    y = np.where(n == 0, before, np.where(n == 1, this, np.zeros_like(x)))
    k = 1
    while (n > k).any():
        before, this = this, step(k, this, before)
        k += 1
        # torch: what has become NaN stays so
        y = np.where((n == k) | (n > k) & np.isnan(this), this, y)
        n = np.where(np.isnan(this) & (n > k), 0, n)
    return y


def chebyshev(kind: str, x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """pₖ₊₁ = 2x pₖ - pₖ₋₁;  p₁ = x (t), 2x (u), 2x - 1 (v), 2x + 1 (w)"""
    first = {"t": x, "u": 2 * x, "v": 2 * x - 1, "w": 2 * x + 1}[kind]
    waves = (n > 8) & (np.abs(x) < 1)
    y = climb(x, np.where(waves, 0, n), first,
              lambda k, p, q: 2 * x * p - q)
    y[waves] = chebyshev_wave(kind, np.arccos(x[waves]), n[waves])
    return y


def chebyshev_wave(kind: str, angle: np.ndarray,
                   n: np.ndarray) -> np.ndarray:
    """The same at x = cos θ: cos nθ (t), sin (n + 1)θ / sin θ (u) …"""
    half = angle / 2
    if kind == "t":
        return np.cos(n * angle)
    if kind == "u":
        return np.sin((n + 1) * angle) / np.sin(angle)
    if kind == "v":
        return np.cos((n + 0.5) * angle) / np.cos(half)
    return np.sin((n + 0.5) * angle) / np.sin(half)


def hermite(x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Hₖ₊₁ = 2x Hₖ - 2k Hₖ₋₁"""
    return climb(x, n, 2 * x, lambda k, p, q: 2 * (x * p - k * q))


def hermite_e(x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Heₖ₊₁ = x Heₖ - k Heₖ₋₁"""
    return climb(x, n, x, lambda k, p, q: x * p - k * q)


def laguerre(x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Lₖ₊₁ = ((2k + 1 - x) Lₖ - k Lₖ₋₁) / (k + 1)"""
    return climb(x, n, 1 - x, lambda k, p, q: (
        (2 * k + 1 - x) * p - k * q) / (k + 1))


def legendre(x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Pₖ₊₁ = ((2k + 1) x Pₖ - k Pₖ₋₁) / (k + 1)"""
    return climb(x, n, x, lambda k, p, q: (
        (2 * k + 1) * x * p - k * q) / (k + 1))
