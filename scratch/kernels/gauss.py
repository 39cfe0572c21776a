"""Normal numbers by Box & Muller (1958), with every rounding of torch's.

r = √(-2 log(1 - u)),  θ = 2πv:  r cos θ and r sin θ are two normals.

Only + - · and √ make the float32 numbers, so they have the same bits on
any machine. `fma(x, y, z)` is x·y + z with one rounding, as torch's
compiled code has it; polynomials are Cephes' (Moshier, 1984).
"""

from __future__ import annotations

from typing import Any

import numpy as np

f32, f64 = np.float32, np.float64
CHUNK = 1 << 14  # pairs made at a time: their intermediates stay in cache

LOG = (
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
)
SIN = -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1
COS = 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2
ROOT = np.sqrt(f32(0.5)).view(np.int32)  # the bits of √½
# log 2 and π/4 as sums of a short number and small rests
LOG2 = f32(0.693359375), f32(-2.12194440e-4)
PI_4 = (
    f32(0.78515625),
    f32(2.4187564849853515625e-4),
    f32(3.77489497744594108e-8),
)


def normals(x: np.ndarray, mean: float, std: float) -> np.ndarray:
    """Uniform x (N, 16) -> normal (N, 16), eight pairs a row, in place."""
    pairs = _pairs32 if x.dtype == f32 else _pairs64
    step = CHUNK // 8
    for i in range(0, len(x), step):
        u, v = x[i : i + step, :8], x[i : i + step, 8:]
        u[...], v[...] = pairs(u.reshape(-1), v.reshape(-1), mean, std)
    return x


def _pairs32(
    u: np.ndarray, v: np.ndarray, mean: float, std: float
) -> tuple[np.ndarray, ...]:
    r = np.sqrt(f32(-2) * _log(f32(1) - u))
    sin, cos = _sincos(f32(2 * np.pi) * v)
    return tuple(
        fused(r * wave, std, mean).reshape(-1, 8) for wave in (cos, sin)
    )


def _pairs64(
    u: np.ndarray, v: np.ndarray, mean: float, std: float
) -> tuple[np.ndarray, ...]:
    r = np.sqrt(-2 * log_below_1(-u))
    circle = exp(2j * np.pi * v)
    return tuple(
        fused(r * wave, std, mean).reshape(-1, 8)
        for wave in (circle.real, circle.imag)
    )


# ---- the float32 functions, step by step


def fma(x: Any, y: Any, z: Any) -> np.ndarray:
    """float32 x·y + z; one rounding wherever the polynomials call it."""
    return (np.multiply(x, y, dtype=f64) + z).astype(f32)


def polynomial(x: np.ndarray, coefficients: tuple[float, ...]) -> np.ndarray:
    """Horner's rule, each step one fma: c0 xⁿ + … + cn."""
    x = x.astype(f64)
    y: Any = f64(f32(coefficients[0]))
    for c in coefficients[1:]:
        step = x * y
        step += f64(f32(c))
        half = step.astype(f32)
        y = half.astype(f64)
    return half


def _log(x: np.ndarray) -> np.ndarray:
    """log x = e log 2 + log(1 + m), 1 + m in [√½, √2), for normal x > 0."""
    bits = x.view(np.int32)
    exponent = bits - ROOT >> 23
    m = (bits - (exponent << 23)).view(f32) - f32(1)
    e = exponent.astype(f32)
    square = m * m
    y = polynomial(m, LOG) * m
    y = fma(y, square, e * LOG2[1]) - square * f32(0.5)
    return (m + y) + e * LOG2[0]


def _sincos(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """sin x and cos x, x ≥ 0: by octants, |rest| ≤ π/4."""
    octant = (x * f32(4 / np.pi)).astype(np.int32) + 1 & ~1
    y = octant.astype(f32)
    x = fma(y, -PI_4[2], x - y * PI_4[0] - y * PI_4[1])
    square = x * x
    cos = polynomial(square, COS) * square
    cos = fma(cos, square, square * f32(-0.5)) + f32(1)
    sin = fma(polynomial(square, SIN) * square, x, x)
    sin, cos = _swap(sin, cos, -(octant >> 1 & 1))
    return _flip(sin, octant & 4), _flip(cos, ~(octant - 2) & 4)


def _swap(
    x: np.ndarray, y: np.ndarray, where: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """y, x where all bits are set, else x, y: a tenth of np.where's time."""
    a, b = x.view(np.int32), y.view(np.int32)
    change = (a ^ b) & where
    return (a ^ change).view(f32), (b ^ change).view(f32)


def _flip(x: np.ndarray, where: np.ndarray) -> np.ndarray:
    """-x where the bit 4 is set."""
    return (x.view(np.int32) ^ where << 29).view(f32)


# ---- the C library's functions of float64, many at a time


def log_below_1(x: np.ndarray) -> np.ndarray:
    """log(1 + x), with 1 + x rounded: bit for bit the C library's log.

    NumPy's own log may differ in the last bit from the C library's; its
    complex log1p, though, is that log of |1 + x|.
    """
    with np.errstate(divide="ignore"):
        return np.log1p(x.astype(complex)).real


def exp(x: np.ndarray) -> np.ndarray:
    """The C library's exp, cos and sin: e^x and e^(iθ) = cos θ + i sin θ."""
    with np.errstate(all="ignore"):
        return np.exp(x.astype(complex))


# ---- x·y + z with one rounding


def fused(x: np.ndarray, y: Any, z: Any) -> np.ndarray:
    """x·y + z of an array and two numbers, rounded once to its dtype."""
    y, z = x.dtype.type(y), x.dtype.type(z)
    if z == 0 or not (np.isfinite(y) and np.isfinite(z)):
        with np.errstate(all="ignore"):
            return x * y + z
    return _fused32(x, y, z) if x.dtype == f32 else _fused64(x, y, z)


def _fused32(x: np.ndarray, y: Any, z: Any) -> np.ndarray:
    """In float64 the product is exact; mend sums that became a tie."""
    product = np.multiply(x, y, dtype=f64)
    total = product + z
    tie = total.view(np.int64) & 0x1FFFFFFF == 0x10000000
    if tie.any():
        p, t = product[tie], total[tie]
        lost = two_sum(p, f64(z))[1]
        total[tie] = np.where(
            lost == 0, t, np.nextafter(t, np.copysign(np.inf, lost))
        )
    with np.errstate(over="ignore"):
        return total.astype(f32)


def _fused64(x: np.ndarray, y: float, z: float) -> np.ndarray:
    """The sum of three exact parts, rounded once (Boldo & Melquiond, 2008).

    The small parts are added with rounding to odd, which keeps the last
    rounding honest.
    """
    shift = max(np.frexp(y)[1], np.frexp(z)[1])
    y, z = np.ldexp(y, -shift), np.ldexp(z, -shift)  # no overflow inside
    high, low = two_product(x, y)
    t, rest = two_sum(f64(z), low)
    v, u = two_sum(high, t)
    s = to_odd(*two_sum(rest, u))
    total, least = v + s, np.ldexp(1.0, -1022 - shift)
    tiny = np.abs(total) < least
    if tiny.any():  # beside ±least a number has the last place it will have
        beside = np.copysign(least, v[tiny])
        high, low = two_sum(beside, v[tiny])
        total[tiny] = high + to_odd(*two_sum(low, s[tiny])) - beside
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(total, shift)


def to_odd(s: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """Round s + lost to odd: of its two neighbours the one that is odd."""
    even = (s.view(np.int64) & 1) == 0
    return np.where(
        even & (lost != 0), np.nextafter(s, np.copysign(np.inf, lost)), s
    )


def two_sum(x: Any, y: Any) -> tuple[Any, Any]:
    """x + y = s + rest exactly (Knuth)."""
    s = x + y
    back = s - x
    return s, (x - (s - back)) + (y - back)


def two_product(x: Any, y: Any) -> tuple[Any, Any]:
    """x·y = p + rest exactly (Dekker, 1971)."""
    p = x * y
    (a, b), (c, d) = _split(x), _split(y)
    return p, ((a * c - p) + a * d + b * c) + b * d


def _split(x: Any) -> tuple[Any, Any]:
    """x = a + b, each of at most 26 bits."""
    big = x * (2.0**27 + 1)
    a = big - (big - x)
    return a, x - a
