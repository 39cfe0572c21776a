"""Activations and their slopes, in blocks that stay in the cache.

The first line of each says what it computes; its step says so in passes
over a block, none of which asks entry by entry.
"""

import math

import numpy as np

from scratch.kernels.blocks import pad
from scratch.kernels.pointwise import (
    BITS,
    HEAVY,
    all_ones,
    each,
    masked,
    sigmoid,
)

FAR = 20.0  # from here on tanh(log(1 + eˣ)) is 1, in float64 too


def leaky_relu(x: np.ndarray, s: float) -> np.ndarray:
    """x where x > 0, else s x"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.multiply(x, s, out=y)
        np.maximum(x, y, out=y)

    if 0 < s <= 1:
        return each(step, x)
    return leaky_relu_input(x, x, s)


def leaky_relu_input(g: np.ndarray, x: np.ndarray, s: float) -> np.ndarray:
    """g where x > 0, else s g"""

    def step(out: np.ndarray, g: np.ndarray, x: np.ndarray) -> None:
        bits = BITS[g.itemsize]
        one, other = np.array([1, s], g.dtype).view(bits)
        slope = all_ones(mask_of(np.greater, x, 0), bits, out.view(bits))
        np.bitwise_and(slope, one ^ other, out=slope)
        np.bitwise_xor(slope, other, out=slope)
        np.multiply(out, g, out=out)

    return each(step, g, x)


def hardsigmoid(x: np.ndarray) -> np.ndarray:
    """x + 3 between 0 and 6, over 6"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.add(x, 3, out=y)
        np.clip(y, 0, 6, out=y)
        np.divide(y, 6, out=y)

    return each(step, x)


def hardswish(x: np.ndarray) -> np.ndarray:
    """x hardsigmoid(x)"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.add(x, 3, out=y)
        np.clip(y, 0, 6, out=y)
        np.multiply(y, x, out=y)
        np.divide(y, 6, out=y)

    return each(step, x)


def hardswish_input(g: np.ndarray, x: np.ndarray) -> np.ndarray:
    """g (x/3 + 1/2) where -3 < x < 3; below that 0, else g"""

    def step(out: np.ndarray, g: np.ndarray, x: np.ndarray) -> None:
        slope = pad.take("slope", x.shape, x.dtype)
        np.divide(x, 3, out=slope)
        np.add(slope, 0.5, out=slope)
        replace(slope, other_than(np.less, x, 3), 1)
        np.multiply(slope, g, out=slope)
        masked(slope, other_than(np.less_equal, x, -3), out)

    return each(step, g, x)


def elu(x: np.ndarray, alpha: float, scale: float, c: float) -> np.ndarray:
    """s x where x > 0, else s α (e^(c x) - 1): the sum of both, each 0
    where the other is meant"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.clip(x, -math.inf, 0, out=y)
        times(y, c)
        np.expm1(y, out=y)
        times(y, alpha * scale)
        above = np.clip(x, 0, math.inf, out=pad.take("x", x.shape, x.dtype))
        times(above, scale)
        np.add(y, above, out=y)

    if not math.isfinite(x.dtype.type(alpha * scale)) or c * 0 != 0:
        below = np.expm1(np.minimum(x, 0) * c) * (alpha * scale)
        return np.where(x < 0, below, x * scale)
    return each(step, x, grain=HEAVY)


def elu_input(
    g: np.ndarray, x: np.ndarray, alpha: float, scale: float, c: float
) -> np.ndarray:
    """g s where x > 0, else g s α c e^(c x)"""

    def step(out: np.ndarray, g: np.ndarray, x: np.ndarray) -> None:
        np.fmin(x, pad.zeros(x.shape, x.dtype), out=out)  # NaN: 0
        times(out, c)
        np.exp(out, out=out)
        times(out, alpha * scale * c)
        if alpha * c != 1:  # else e⁰ s α c is s
            replace(out, other_than(np.less_equal, x, 0), scale)
        np.multiply(out, g, out=out)

    return each(step, g, x, grain=HEAVY)


def logsigmoid(x: np.ndarray) -> np.ndarray:
    """log σ(x) = min(x, 0) - log(1 + e^-|x|)"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        low = np.clip(x, -math.inf, 0, out=pad.take("x", x.shape, x.dtype))
        np.abs(x, out=y)
        np.negative(y, out=y)
        np.exp(y, out=y)
        np.log1p(y, out=y)
        np.subtract(low, y, out=y)

    return each(step, x, grain=HEAVY)


def mish(x: np.ndarray) -> np.ndarray:
    """x tanh(log(1 + eˣ)) = x n / (n + 2),  n = eˣ (eˣ + 2)"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        n, _ = mish_parts(x)
        np.add(n, 2, out=y)
        np.divide(n, y, out=y)
        np.multiply(x, y, out=y)

    return each(step, x, grain=HEAVY)


def mish_input(g: np.ndarray, x: np.ndarray) -> np.ndarray:
    """g (n / d + 4 x e (1 + e) / d²),  e = eˣ, n = e (e + 2), d = n + 2"""

    def step(out: np.ndarray, g: np.ndarray, x: np.ndarray) -> None:
        n, e = mish_parts(x)
        d = np.add(n, 2, out=pad.take("d", x.shape, x.dtype))
        np.divide(n, d, out=n)
        np.add(e, 1, out=out)
        np.divide(out, d, out=out)
        np.multiply(out, e, out=out)
        np.divide(out, d, out=out)
        np.clip(x, -math.inf, FAR, out=e)
        np.multiply(out, e, out=out)
        np.multiply(out, 4, out=out)
        np.add(out, n, out=out)
        np.add(out, np.multiply(x, 0, out=e), out=out)  # torch: NaN at ∞
        np.multiply(out, g, out=out)

    return each(step, g, x, grain=HEAVY)


def mish_parts(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """n = e (e + 2) and e = eˣ, where x is not so large that these end."""
    e = np.clip(x, -math.inf, FAR, out=pad.take("e", x.shape, x.dtype))
    np.exp(e, out=e)
    n = np.add(e, 2, out=pad.take("n", x.shape, x.dtype))
    np.multiply(n, e, out=n)
    return n, e


def glu(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a σ(b) = a / (1 + e⁻ᵇ)"""

    def step(y: np.ndarray, a: np.ndarray, b: np.ndarray) -> None:
        np.negative(b, out=y)
        np.exp(y, out=y)
        np.add(y, 1, out=y)
        np.divide(a, y, out=y)

    return each(step, a, b, grain=HEAVY)


def glu_input(g: np.ndarray, x: np.ndarray, d: int) -> np.ndarray:
    """(g s, g s a (1 - s)) along d, where x is (a, b) and s = σ(b)"""
    a, b = np.split(x, 2, d)
    out = np.empty_like(x)
    s = sigmoid(b)
    for_a, for_b = np.split(out, 2, d)
    np.multiply(g, s, out=for_a)
    np.subtract(1, s, out=for_b)
    np.multiply(for_b, for_a, out=for_b)
    np.multiply(for_b, a, out=for_b)
    return out


K, C = math.sqrt(8 / math.pi), 0.044715


def gelu_tanh(x: np.ndarray) -> np.ndarray:
    """x (1 + tanh(u/2)) / 2 = x σ(u),  u = √(8/π) (x + c x³)

    The sigmoid keeps its digits where 1 + tanh cancels.
    """

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.divide(x, under(x, y), out=y)

    return each(step, x, grain=HEAVY)


def gelu_tanh_input(g: np.ndarray, x: np.ndarray) -> np.ndarray:
    """g s (1 + (1 - s) x u′),  s = σ(u), u′ = √(8/π) (1 + 3 c x²)"""

    def step(out: np.ndarray, g: np.ndarray, x: np.ndarray) -> None:
        s = under(x, pad.take("s", x.shape, x.dtype))
        np.divide(1, s, out=s)
        inner = np.multiply(x, x, out=pad.take("inner", x.shape, x.dtype))
        np.multiply(inner, 3 * C * K, out=inner)
        np.add(inner, K, out=inner)
        np.multiply(inner, x, out=inner)
        np.subtract(1, s, out=out)
        np.multiply(out, inner, out=out)
        np.add(out, 1, out=out)
        np.multiply(out, s, out=out)
        np.multiply(out, g, out=out)

    return each(step, g, x, grain=HEAVY)


def under(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """1 + e⁻ᵘ, under the sigmoid's fraction line, into y"""
    np.multiply(x, x, out=y)
    np.multiply(y, -C * K, out=y)
    np.subtract(y, K, out=y)
    np.multiply(y, x, out=y)
    np.exp(y, out=y)
    return np.add(y, 1, out=y)


# ---- passes over a block


def times(y: np.ndarray, factor: float) -> None:
    """y times a number, in place; no pass for 1."""
    if factor != 1:
        np.multiply(y, factor, out=y)


def mask_of(compare: np.ufunc, x: np.ndarray, bound: float) -> np.ndarray:
    """Where compare(x, bound) holds, until the next mask is asked for."""
    return compare(x, bound, out=pad.take("mask", x.shape, np.dtype(bool)))


def other_than(compare: np.ufunc, x: np.ndarray, bound: float) -> np.ndarray:
    """Where it does not hold: with NaN."""
    mask = mask_of(compare, x, bound)
    return np.logical_not(mask, out=mask)


def replace(y: np.ndarray, mask: np.ndarray, number: float) -> None:
    """The number where the mask holds, in place: as in `chosen`."""
    bits = BITS[y.itemsize]
    other = np.array(number, y.dtype).view(bits)
    y = y.view(bits)
    rest = all_ones(np.logical_not(mask, out=mask), bits)
    np.bitwise_xor(y, other, out=y)
    np.bitwise_and(y, rest, out=y)
    np.bitwise_xor(y, other, out=y)
