"""The incomplete gamma function, the share of a gamma number below x.

P(a, x) = γ(a, x) / Γ(a) and Q = 1 - P: a series for x small beside a, a
continued fraction beyond (Abramowitz & Stegun 6.5.29, 6.5.31). Arrays of
float64.
"""

from __future__ import annotations

import numpy as np

from scratch.kernels.special import BERNOULLI, erfc, lgamma

TINY, STEPS = 1e-300, 20_000


def lower_and_upper(a: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, ...]:
    """P(a, x) and Q(a, x)"""
    # the ends in torch's order: neither 0 and 0 nor ∞ and ∞ have an answer
    p = np.select(
        [(x < 0) | (a < 0), a == 0, x == 0, np.isinf(a), np.isinf(x)],
        [np.nan, np.where(x > 0, 1, np.nan), 0.0,
         np.where(np.isinf(x), np.nan, 0.0), 1.0], np.nan)
    q = 1 - p
    inner = (a > 0) & (x > 0) & np.isfinite(a) & np.isfinite(x)
    far = inner & (a > 1e6)
    p[far], q[far] = uniform(a[far], x[far])
    low = inner & ~far & (x < a + 1)
    p[low] = series(a[low], x[low])
    q[low] = 1 - p[low]
    high = inner & ~far & ~low
    q[high] = fraction(a[high], x[high])
    p[high] = 1 - q[high]
    return p, q


def uniform(a: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, ...]:
    """P and Q for large a: nearly normal (Temme, 1979)

    Q = ½ erfc(η √(a/2)) + e^(-aη²/2) / √(2πa) · (1/r - 1/η),
    η²/2 = r - log(1 + r),  r = x/a - 1
    """
    with np.errstate(all="ignore"):
        r = x / a - 1
        bend = log1p_less(r)
        eta = np.copysign(np.sqrt(-2 * bend), r)
        skew = np.where(np.abs(r) < 1e-3, -1 / 3 + eta / 12, 1 / r - 1 / eta)
        rest = np.exp(a * bend) / np.sqrt(2 * np.pi * a) * skew
        z = eta * np.sqrt(a / 2)
    return erfc(-z) / 2 - rest, erfc(z) / 2 + rest


def scale(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    """x^a e^-x / Γ(a), by way of a where it is large"""
    with np.errstate(all="ignore"):
        plain = np.exp(a * np.log(x) - x - lgamma(a))
        # a log x - x - log Γ(a) loses digits: the exponent is small
        # beside its terms; Stirling's formula takes them together
        bend = log1p_less((x - a) / a)
        rest = sum(b / (2 * k * (2 * k - 1)) / a ** (2 * k - 1)
                   for k, b in enumerate(BERNOULLI, 1))
        large = np.exp(a * bend - rest) * np.sqrt(a / (2 * np.pi))
    return np.where(a < 10, plain, large)


def log1p_less(r: np.ndarray) -> np.ndarray:
    """log(1 + r) - r: by its series where |r| < 0.1, for the terms cancel"""
    term, total = r.copy(), np.zeros_like(r)
    for k in range(2, 22):
        term = term * -r
        total = total + term / k
    return np.where(np.abs(r) < 0.1, total, np.log1p(r) - r)


def series(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    """P: x^a e^-x / Γ(a) · Σ x^k / (a (a + 1) … (a + k))"""
    term = 1 / a
    total = term.copy()
    for k in range(1, STEPS):
        term = term * x / (a + k)
        total = total + term
        if (term <= total * 1e-17).all():
            break
    return np.minimum(total * scale(a, x), 1)


def fraction(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Q: x^a e^-x / Γ(a) · 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - …))

    from the front, by Lentz's method
    """
    b = x + 1 - a
    c = np.full_like(b, 1 / TINY)
    d = 1 / b
    total = d.copy()
    for k in range(1, STEPS):
        n = -k * (k - a)
        b = b + 2
        d = n * d + b
        d = 1 / np.where(np.abs(d) < TINY, TINY, d)
        c = b + n / c
        c = np.where(np.abs(c) < TINY, TINY, c)
        total = total * d * c
        if (np.abs(d * c - 1) < 1e-16).all():
            break
    return total * scale(a, x)
