"""How a gamma or beta number moves with its parameters, its rank kept.

dx/dα = -(∂F/∂α) / p, F the distribution, p the density (Figurnov, Mohamed
& Mnih, 2018). Series near the ends, saddle points (Rice) for large
parameters, and fitted ratios of polynomials between, as torch has them.
Arrays of float64.
"""

from __future__ import annotations

import numpy as np

from scratch.kernels.special import digamma

# The ratio for gamma: powers of log(x/α) by rows; 4 numbers of the
# numerator and 4 of the denominator, powers of log α
GAMMA = np.array([
    [0.16009398, -0.094634809, 0.025146376, -0.0030648343,
     1, 0.32668115, 0.10406089, 0.0014179084],
    [0.53487893, 0.1298071, 0.065735949, -0.0015649758,
     0.16639465, 0.020070113, -0.0035938915, -0.00058392623],
    [0.040121004, -0.0065914022, -0.0026286047, -0.0013441777,
     0.017050642, -0.0021309326, 0.00085092367, -1.5247877e-07]])
# The ratio for beta: numerator and denominator; powers of log x, of
# log(α/x) and of log(total) - log(α/x)
BETA = np.array([
    [[[1.003668233, -0.01061107488, -0.0657888334, 0.01201642863],
      [0.6336835991, -0.3557432599, 0.05486251648, -0.001465281033],
      [-0.03276231906, 0.004474107445, 0.002429354597, -0.0001557569013]],
     [[0.221950385, -0.3187676331, 0.01799915743, 0.01074823814],
      [-0.2951249643, 0.06219954479, 0.01535556598, 0.001550077057],
      [0.02155310298, 0.004170831599, 0.001292462449, 6.976601077e-05]],
     [[-0.05980841433, 0.008441916499, 0.01085618172, 0.002319392565],
      [0.02911413504, 0.01400243777, -0.002721828457, 0.000751041181],
      [0.005900514878, -0.001936558688, -9.495446725e-06,
       5.385558597e-05]]],
    [[[1, -0.02924021934, -0.04438342661, 0.007285809825],
      [0.6357567472, -0.3473456711, 0.05454656494, -0.002407477521],
      [-0.03301322327, 0.004845219414, 0.00231480583, -0.0002307248149]],
     [[0.5925320577, -0.1757678135, 0.01505928619, 0.000564515273],
      [0.1014815858, -0.06589186703, 0.01272886114, -0.0007316646956],
      [-0.007258481865, 0.001096195486, 0.0003934994223, -4.12701925e-05]],
     [[0.06469649321, -0.0236701437, 0.002902096474, -5.896963079e-05],
      [0.001925008108, -0.002869809258, 0.0008000589141, -6.063713228e-05],
      [-0.0003477407336, 6.959756487e-05, 1.097287507e-05,
       -1.650964693e-06]]]])


def gamma_slope(alpha: np.ndarray, x: np.ndarray) -> np.ndarray:
    """dx/dα of x ~ Gamma(α, 1)"""
    small = x < np.float32(0.8)
    large = ~small & (alpha > 8)
    near = large & (0.9 * alpha <= x) & (x <= 1.1 * alpha)
    return choose((alpha, x), (small, gamma_small), (near, gamma_near),
                  (large, gamma_far), (None, gamma_fitted))


def choose(arrays: tuple, *cases: tuple) -> np.ndarray:
    """The first case that holds, computed just where it does."""
    y = np.empty_like(arrays[0])
    left = np.ones(y.shape, bool)
    with np.errstate(all="ignore"):
        for where, rule in cases:
            here = left if where is None else left & where
            if here.any():
                y[here] = rule(*[a[here] for a in arrays])
            left = left & ~here
    return y


def gamma_small(alpha: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Series of F and of ∂F/∂α in powers of x."""
    term, n = np.ones_like(x), alpha.copy()
    first, second = 1 / n, 1 / (n * n)
    for i in range(1, 6):
        term = term * (-x / i)
        n = n + 1
        first, second = first + term / n, second + term / (n * n)
    rise = x ** alpha
    slope = (np.log(x) - digamma(alpha)) * rise * first - rise * second
    return zero_for_nan(-slope / (x ** (alpha - 1) * np.exp(-x)))


def gamma_near(alpha: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The saddle point where x ≈ α, as a polynomial."""
    square = alpha * alpha
    return ((1 + 24 * alpha * (1 + 12 * alpha))
            * (1440 * square + 6 * x * (53 - 120 * x) - 65 * x * x / alpha
               + alpha * (107 + 3600 * x)) / (1244160 * square * square))


def gamma_far(alpha: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The saddle point away from α."""
    root, log_ratio = np.sqrt(8 * alpha), np.log(x / alpha)
    edge = (x - alpha - alpha * log_ratio) ** -1.5
    inner = root / (alpha - x) + np.where(x < alpha, -edge, edge)
    outer = np.sqrt(2 / alpha) * (alpha + x) / (alpha - x) ** 2
    stirling = 1 + 1 / (12 * alpha) * (1 + 1 / (24 * alpha))
    return -stirling * x * (log_ratio * inner - outer) / root


def gamma_fitted(alpha: np.ndarray, x: np.ndarray) -> np.ndarray:
    u, v = np.log(x / alpha), np.log(alpha)
    c = [a + u * (b + u * c) for a, b, c in GAMMA.T]
    return np.exp(cubic(c[:4], v) / cubic(c[4:], v))


def cubic(c: list, v: np.ndarray) -> np.ndarray:
    return c[0] + v * (c[1] + v * (c[2] + v * c[3]))


def beta_slope(x: np.ndarray, alpha: np.ndarray,
               total: np.ndarray) -> np.ndarray:
    """dx/dα / (1 - x) of x ~ Beta(α, total - α)"""
    beta, edge = total - alpha, total * x * (1 - x)
    return choose(
        (x, alpha, beta),
        ((x <= 0.5) & (edge < 2.5), beta_low),
        ((x >= 0.5) & (edge < 0.75), lambda x, a, b: beta_high(1 - x, b, a)),
        ((alpha > 6) & (beta > 6), beta_middle), (None, beta_fitted))


def beta_low(x: np.ndarray, alpha: np.ndarray,
             beta: np.ndarray) -> np.ndarray:
    """Series in x for x near 0."""
    factor = digamma(alpha) - digamma(alpha + beta) - np.log(x)
    term = np.ones_like(x)
    series = term / alpha * (factor + 1 / alpha)
    for i in range(1, 11):
        term = term * ((i - beta) * x / i)
        series = series + term / (alpha + i) * (factor + 1 / (alpha + i))
    return zero_for_nan(x * (1 - x) ** -beta * series)


def beta_high(x: np.ndarray, alpha: np.ndarray,
              beta: np.ndarray) -> np.ndarray:
    """Series for x near 1, in 1 - x: the parameters change places."""
    factor = digamma(alpha + beta) - digamma(beta)
    term, product = np.ones_like(x), np.ones_like(x)
    slope, series = np.zeros_like(x), factor / alpha
    for i in range(1, 9):
        term = term * (-x / i)
        slope, product = slope * (beta - i) + product, product * (beta - i)
        series = series + term / (alpha + i) * (slope + factor * product)
    return -zero_for_nan(-(1 - x) ** (1 - beta) * series)


def beta_middle(x: np.ndarray, alpha: np.ndarray,
                beta: np.ndarray) -> np.ndarray:
    """The saddle point, both parameters large."""
    total = alpha + beta
    mean = alpha / total
    deviation = np.sqrt(alpha * beta / (total + 1)) / total
    near = np.abs(x - mean) <= 0.1 * deviation
    return choose((x, alpha, beta), (near, beta_near), (None, beta_far))


def beta_near(x: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Where x ≈ the mean, as a polynomial."""
    total = a + b
    poly = 47 * x * b ** 4 + a * (
        (43 + 20 * (16 + 27 * b) * x) * b ** 3 + a * (
            3 * (59 + 180 * b - 90 * x) * b ** 2 + a * (
                (453 + 1620 * b * (1 - x) - 455 * x) * b
                + a * 8 * (1 - x) * (135 * b - 11))))
    scale = (1 + 12 * a) * (1 + 12 * b) / (total * total)
    return scale / (1 - x) * poly / (
        12960 * a ** 3 * b ** 2 * (1 + 12 * total))


def beta_far(x: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Away from the mean."""
    total = a + b
    away = a * (x - 1) + b * x
    first = (2 * a * a * (x - 1) + a * b * (x - 1) - x * b * b) / (
        np.sqrt(2 * a / b) * total ** 1.5 * away * away)
    log_a = np.log(a / (total * x))
    edge = (b * np.log(b / (total * (1 - x))) + a * log_a) ** -1.5
    inner = np.sqrt(8 * a * b / total) / away + np.where(
        x < a / total, edge, -edge)
    correction = stirling(a) * stirling(b) / stirling(total)
    return (correction * -x / np.sqrt(2 * a * b / total)
            * (first + 0.5 * log_a * inner))


def stirling(a: np.ndarray) -> np.ndarray:
    return 1 + 1 / (12 * a) + 1 / (288 * a * a)


def beta_fitted(x: np.ndarray, alpha: np.ndarray,
                beta: np.ndarray) -> np.ndarray:
    """A simple slope, corrected by the fitted ratio."""
    total = alpha + beta
    u = np.log(x)
    a = np.log(alpha) - u
    b = np.log(total) - a
    powers = np.stack([np.ones_like(b), b, b * b, b * b * b])
    p, q = [sum(u ** i * a ** j * (table[i, j] @ powers)
                for i in range(3) for j in range(3)) for table in BETA]
    return p / q * x * (digamma(total) - digamma(alpha)) / beta


def zero_for_nan(y: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(y), 0.0, y)
