"""Special functions in float64, from the classical approximations.

Each works on arrays of float64. Chosen for short formulas that are right
to a few units in the last place.
"""

from __future__ import annotations

import numpy as np

PI = np.pi

# W. J. Cody, Rational Chebyshev approximations for the error function,
# Math. Comp. 23 (1969): |x| ≤ 0.46875, then up to 4, then beyond.
ERF_NEAR = (
    (1.85777706184603153e-1, 3.16112374387056560, 1.13864154151050156e2,
     3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2,
     1.28261652607737228e3, 2.84423683343917062e3))
ERFC_MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594,
     6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2,
     1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2,
     5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
     4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3))
ERFC_FAR = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1,
     1.25781726111229246e-1, 1.60837851487422766e-2,
     6.58749161529837803e-4),
    (1.0, 2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1,
     6.05183413124413191e-2, 2.33520497626869185e-3))
# M. Giles, Approximating the erfinv function (2010), as a first guess.
ERFINV_NEAR = (
    (-0.140543331, 0.914624893, -1.645349621, 0.886226899),
    (0.012229801, -0.329097515, 1.442710462, -2.118377725, 1.0))
ERFINV_FAR = (
    (1.641345311, 3.429567803, -1.624906493, -1.970840454),
    (1.637067800, 3.543889200, 1.0))
EULER = 0.57721566490153286061  # Euler's and Mascheroni's γ
BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6,
             -3617 / 510)


def ratio(x: np.ndarray, pair: tuple) -> np.ndarray:
    """One polynomial over another, highest power first."""
    return np.polyval(pair[0], x) / np.polyval(pair[1], x)


def erf(x: np.ndarray) -> np.ndarray:
    """2/√π ∫₀ˣ e^(-t²) dt"""
    near = np.abs(x) <= 0.46875
    y = np.empty_like(x)
    inner = x[near]
    y[near] = inner * ratio(inner * inner, ERF_NEAR)
    outer = x[~near]
    y[~near] = np.sign(outer) * (1 - erfc_tail(np.abs(outer)))
    return y


def erfc(x: np.ndarray) -> np.ndarray:
    """1 - erf x, exact where that is small"""
    near = np.abs(x) <= 0.46875
    y = np.empty_like(x)
    inner = x[near]
    y[near] = 1 - inner * ratio(inner * inner, ERF_NEAR)
    outer = x[~near]
    tail = erfc_tail(np.abs(outer))
    y[~near] = np.where(outer < 0, 2 - tail, tail)
    return y


def scaled_tail(x: np.ndarray) -> np.ndarray:
    """e^(x²) erfc x for x > 0.46875"""
    far = 1 / (x * x)
    return np.where(
        x <= 4, ratio(np.minimum(x, 4), ERFC_MIDDLE),
        (1 / np.sqrt(PI) - far * ratio(far, ERFC_FAR)) / x)


def erfc_tail(x: np.ndarray) -> np.ndarray:
    """erfc for x > 0.46875"""
    scaled = scaled_tail(x)
    # e^(-x²) from a short square and the rest, so that no digit is lost
    short = np.trunc(np.minimum(x, 30) * 16) / 16
    rest = (np.minimum(x, 30) - short) * (np.minimum(x, 30) + short)
    y = np.exp(-short * short) * np.exp(-rest) * scaled
    return np.where(np.isinf(x), 0.0, np.where(np.isnan(x), x, y))


def erfinv(y: np.ndarray) -> np.ndarray:
    """The x with erf x = y: a rational guess, then two steps of Newton's."""
    near = np.abs(y) <= 0.7
    x = np.empty_like(y)
    z = y[near] * y[near]
    x[near] = y[near] * ratio(z, ERFINV_NEAR)
    outer = y[~near]
    z = np.sqrt(-np.log((1 - np.abs(outer)) / 2))
    x[~near] = np.copysign(ratio(z, ERFINV_FAR), outer)
    for _ in range(2):
        x = x - (erf(x) - y) / (2 / np.sqrt(PI) * np.exp(-x * x))
    x = np.where(np.abs(y) == 1, np.copysign(np.inf, y), x)
    return np.where(np.abs(y) > 1, np.nan, x)


def lgamma(x: np.ndarray) -> np.ndarray:
    """ln |Γ(x)|: Stirling's series, after x was raised to 10 or more

    Γ(x) Γ(1 - x) = π / sin πx gives the negative half.
    """
    flipped = x < 0.5
    z = np.where(flipped, 1 - x, x)
    product = np.ones_like(z)
    for _ in range(10):
        small = z < 10
        product = np.where(small, product * z, product)
        z = np.where(small, z + 1, z)
    y = (z - 0.5) * np.log(z) - z + 0.5 * np.log(2 * PI)
    for k, b in enumerate(BERNOULLI, 1):
        y = y + b / (2 * k * (2 * k - 1)) / z ** (2 * k - 1)
    y = y - np.log(product)
    sine = np.abs(np.sin(PI * (x - np.round(x))))
    y = np.where(flipped, np.log(PI / sine) - y, y)
    y = np.where((x <= 0) & (x == np.floor(x)), np.inf, y)
    y = np.where((x == 1) | (x == 2), 0.0, y)
    return np.where(np.isinf(x), np.inf, y)


def digamma(x: np.ndarray) -> np.ndarray:
    """Γ′(x) / Γ(x): the asymptotic series, after x was raised to 10

    ψ(1 - x) - ψ(x) = π / tan πx gives the negative half.
    """
    flipped = x < 0
    z = np.where(flipped, 1 - x, x)
    y = np.zeros_like(z)
    for _ in range(10):
        small = z < 10
        y = np.where(small, y - 1 / z, y)
        z = np.where(small, z + 1, z)
    y = y + np.log(z) - 0.5 / z
    for k, b in enumerate(BERNOULLI, 1):
        y = y - b / (2 * k) / z ** (2 * k)
    y = np.where(flipped, y - PI / np.tan(PI * (x - np.round(x))), y)
    y = np.where(flipped & (x == np.floor(x)), np.nan, y)
    y = np.where(x == np.inf, np.inf, y)
    return np.where(x == 0, -np.copysign(np.inf, x), y)


def zeta(s: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Σ (k + q)⁻ˢ over k ≥ 0 (Hurwitz): the first terms, and Euler's and
    Maclaurin's formula for the others. There is no q = 0, -1, -2, … here.
    """
    y, z = np.zeros(np.broadcast_shapes(s.shape, q.shape)), q + 0 * s
    steps = 0
    while steps < 10 or (z <= 9).any():
        small = (z <= 9) | (steps < 10)
        y = np.where(small, y + z ** -s, y)
        z = np.where(small, z + 1, z)
        steps += 1
        if steps > 10_000:
            break
    last = z ** -s
    # torch: s and q may be so large that no term is left after the first
    y = y + np.where(last == 0, 0, last * z / (s - 1) + 0.5 * last)
    factor, power = s, last / z
    factorial = 2.0
    for k, b in enumerate(BERNOULLI, 1):
        y = y + b / factorial * factor * power
        factor = factor * (s + 2 * k - 1) * (s + 2 * k)
        factorial = factorial * (2 * k + 1) * (2 * k + 2)
        power = power / (z * z)
    return y


def whole_zeta(s: np.ndarray, q: np.ndarray) -> np.ndarray:
    """zeta with its poles (∞), and NaN where the series has no real sum"""
    pole = (q <= 0) & (q == np.floor(q))
    lost = (q <= 0) & ~pole & (s != np.floor(s))
    good = (s > 1) & ~pole & ~lost & (q > -10_000) & np.isfinite(s + q)
    y = np.full(np.broadcast_shapes(s.shape, q.shape), np.nan)
    s, q = np.broadcast_to(s, y.shape), np.broadcast_to(q, y.shape)
    y[good] = zeta(s[good], q[good])
    return np.where((s == 1) | (s > 1) & pole, np.inf, y)


def polygamma(n: int, x: np.ndarray) -> np.ndarray:
    """The n-th derivative of digamma: (-1)ⁿ⁺¹ n! ζ(n + 1, x)"""
    if n == 0:
        return digamma(x)
    if n == 1:
        return trigamma(x)
    factorial = 1.0
    for k in range(2, n + 1):
        factorial *= k
    y = np.full_like(x, np.nan)
    pole = (x <= 0) & (x == np.floor(x))
    good = ~pole & (x > -10_000) & (x < np.inf)
    y[good] = zeta(np.array(n + 1.0), x[good])
    y = np.where(pole, np.inf, y)
    return (1 if n % 2 else -1) * factorial * y


def trigamma(x: np.ndarray) -> np.ndarray:
    """ψ′:  ψ′(1 - x) + ψ′(x) = π² / sin² πx gives the left half."""
    flipped = x < 0.5
    z = np.where(flipped, 1 - x, x)
    y = np.zeros_like(z)
    for _ in range(10):
        y = y + 1 / (z * z)
        z = z + 1
    inverse = 1 / (z * z)
    y = y + (1 + 1 / (2 * z) + inverse * (1 / 6 - inverse * (
        1 / 30 - inverse * (1 / 42 - inverse * (1 / 30 - inverse * 5 / 66)))
    )) / z
    sine = np.sin(PI * x)
    return np.where(flipped, (PI / sine) ** 2 - y, y)
