"""Bessel functions in float64: short integrals near, Hankel's series far.

The integrals over an angle are those of periodic or quickly falling smooth
functions: the trapezoidal rule finds them to all digits with few points
(Trefethen and Weideman, SIAM Review 56, 2014). The series for large x is
that of Abramowitz and Stegun 9.2, 9.7 and 10.4.
"""

import math

import numpy as np

from scratch.kernels.special import EULER

FAR = 25.0  # from here on the terms of Hankel's series fall below 1e-17
POINTS = 32
ANGLES = (np.arange(POINTS) + 0.5) * (np.pi / 2 / POINTS)
ORDERS = np.arange(1, 31)


def hankel_terms(order: float) -> list[float]:
    """aₖ = Π (4ν² - (2i - 1)²) / 8i over i ≤ k"""
    a = [1.0]
    for k in range(1, 26):
        a.append(a[-1] * (4 * order ** 2 - (2 * k - 1) ** 2) / (8 * k))
    return a


def waves(order: float, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P and Q, with J = √(2 / πx) (P cos χ - Q sin χ),
    Y = √(2 / πx) (P sin χ + Q cos χ),  χ = x - (ν / 2 + 1 / 4) π
    """
    a = hankel_terms(order)
    square = -1 / (x * x)
    return (np.polyval(a[::2][::-1], square),
            np.polyval(a[1::2][::-1], square) / x)


def far(order: int, x: np.ndarray, second: bool) -> np.ndarray:
    """J or Y of order 0 or 1 for x > FAR"""
    p, q = waves(order, x)
    sine, cosine = np.sin(x), np.cos(x)
    if order == 0:  # χ = x - π/4
        cos, sin = cosine + sine, sine - cosine
    else:  # χ = x - 3π/4
        cos, sin = sine - cosine, -cosine - sine
    return (p * sin + q * cos if second else p * cos - q * sin) / np.sqrt(
        np.pi * x)


def over_angles(order: int, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ w cos(x sin θ) over the angles θ; for order 1, Σ w sin(x sin θ)"""
    wave = np.sin if order else np.cos
    y = np.zeros_like(x)
    for angle, weight in zip(ANGLES, weights):
        y += weight * wave(x * math.sin(angle))
    return y


def first(order: int, x: np.ndarray) -> np.ndarray:
    """J₀(x) = 2/π ∫ cos(x sin θ) dθ,  J₁(x) = 2/π ∫ sin θ sin(x sin θ) dθ,
    from 0 to π/2
    """
    a = np.abs(x)
    near = a <= FAR
    weights = (np.sin(ANGLES) if order else np.ones(POINTS)) / POINTS
    y = np.empty_like(a)
    y[near] = over_angles(order, a[near], weights)
    y[~near] = far(order, a[~near], False)
    return np.where(x < 0, -y, y) if order else y


def second(order: int, x: np.ndarray) -> np.ndarray:
    """Y₀ or Y₁: Neumann's series of the Jₙ (Abramowitz and Stegun 9.1.88)

    Each Jₙ is an integral over the same angles, so the series becomes one
    sum over them, with other weights.
    """
    y = np.full_like(x, np.nan)
    near = (x > 0) & (x <= FAR)
    z = x[near]
    sign = -4 / np.pi * (-1.0) ** ORDERS
    if order == 0:
        weights = np.cos(np.outer(ANGLES, 2 * ORDERS)) @ (sign / ORDERS)
        begin = np.zeros_like(z)
    else:
        weights = np.sin(np.outer(ANGLES, 2 * ORDERS + 1)) @ (
            sign * (ORDERS + 0.5) / (ORDERS * (ORDERS + 1)))
        begin = -2 / np.pi * (first(0, z) / z + first(1, z))
    y[near] = (2 / np.pi * (np.log(z / 2) + EULER) * first(order, z) + begin
               + over_angles(order, z, weights / POINTS))
    y[x > FAR] = far(order, x[x > FAR], True)
    return np.where(x == 0, -np.inf, y)


# ---- modified: real exponents in the place of waves

def growing(order: int, x: np.ndarray) -> np.ndarray:
    """I₀ or I₁ times e^(-|x|): the power series up to 20, then Hankel's"""
    a = np.abs(x)
    y = np.empty_like(a)
    near = a <= 20
    quarter = (a[near] / 2) ** 2
    term = np.ones_like(quarter) if order == 0 else a[near] / 2
    total = term.copy()
    for k in range(1, 70):
        term = term * quarter / (k * (k + order))
        total = total + term
    y[near] = total * np.exp(-a[near])
    z = a[~near]
    y[~near] = np.polyval(hankel_terms(order)[::-1], -1 / z) / np.sqrt(
        2 * np.pi * z)
    y = np.where(np.isinf(a), 0.0, y)
    return np.copysign(y, x) if order else y


def falling(order: float, x: np.ndarray) -> np.ndarray:
    """Kᵥ(x) eˣ for x ≥ 1:  ∫ e^(-x (cosh t - 1)) cosh νt dt over t ≥ 0

    With t = s / √x the integrand is much like e^(-s²/2) for every x.
    """
    root, step = np.sqrt(x), 0.25
    total = np.full_like(x, 0.5)
    for k in range(1, 39):
        t = k * step / root
        total += np.exp(-2 * x * np.sinh(t / 2) ** 2) * np.cosh(order * t)
    return np.where(np.isinf(x), 0.0, total * step / root)


def falling_near(order: int, x: np.ndarray) -> np.ndarray:
    """K₀ or K₁ for 0 < x < 1, by powers of x (Abramowitz and Stegun 9.6.11)"""
    quarter, log = x * x / 4, np.log(x / 2)
    term = np.ones_like(x)  # (x²/4)ᵏ / (k! (k + ν)!)
    digamma = -EULER if order == 0 else 0.5 - EULER  # mean of two ψ
    total = (digamma - log) * term
    for k in range(1, 15):
        term = term * quarter / (k * (k + order))
        digamma += (1 / k + 1 / (k + order)) / 2
        total = total + (digamma - log) * term
    return 1 / x - x / 2 * total if order else total


def second_modified(order: int, x: np.ndarray, scaled: bool) -> np.ndarray:
    """K₀ or K₁; scaled: times eˣ"""
    y = np.full_like(x, np.nan)
    near, away = (x > 0) & (x < 1), x >= 1
    y[near] = falling_near(order, x[near])
    y[away] = falling(order, x[away])
    if scaled:
        y[near] *= np.exp(x[near])
    else:
        y[away] *= np.exp(-x[away])
    return np.where(x == 0, np.inf, y)


# ---- spherical, and Airy's

def spherical(x: np.ndarray) -> np.ndarray:
    """j₀(x) = sin x / x"""
    y = np.where(x == 0, 1.0, np.sin(x) / x)
    return np.where(np.isinf(x), 0.0, y)


def airy_step(center: np.ndarray, value: np.ndarray, slope: np.ndarray,
              h: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ai and Ai′ at center + h, by Taylor's series: y″ = x y gives it all"""
    before, this, after = np.zeros_like(value), value, slope
    y, y1, power = value + slope * h, slope.copy(), h
    for n in range(40):
        before, this, after = this, after, (
            center * this + before) / ((n + 1) * (n + 2))
        y1 = y1 + (n + 2) * after * power
        power = power * h
        y = y + after * power
    return y, y1


def airy_table() -> np.ndarray:
    """Ai and Ai′ at 0, -1, …, -10"""
    rows = [(np.array(3 ** (-2 / 3) / math.gamma(2 / 3)),
             np.array(-(3 ** (-1 / 3)) / math.gamma(1 / 3)))]
    for k in range(10):
        rows.append(airy_step(np.array(-k), *rows[-1], np.array(-1.0)))
    return np.array(rows)


AIRY = airy_table()


def airy(x: np.ndarray) -> np.ndarray:
    """Ai: Taylor's series from -10 to 1.4; beyond, with ζ = 2/3 |x|^(3/2),
    Ai(x) = √(x/3) K⅓(ζ) / π, and for negative x the waves of order 1/3
    """
    y = np.full_like(x, np.nan)
    middle, right, left = (x >= -10) & (x <= 1.4), x > 1.4, x < -10
    z = x[middle]
    place = np.clip(np.round(-z), 0, 10).astype(int)
    y[middle] = airy_step(-place, AIRY[place, 0], AIRY[place, 1],
                          z + place)[0]
    z = x[right]
    zeta = 2 / 3 * z * np.sqrt(z)
    y[right] = np.sqrt(z / 3) / np.pi * np.exp(-zeta) * falling(1 / 3, zeta)
    z = -x[left]
    zeta = 2 / 3 * z * np.sqrt(z)
    p, q = waves(1 / 3, zeta)
    sine, cosine = np.sin(zeta), np.cos(zeta)
    y[left] = (p * (cosine + sine) - q * (sine - cosine)) / np.sqrt(
        2 * np.pi * np.sqrt(z))
    return y
