"""The normal distribution: erf, and gelu with its slope, in blocks.

    erf u = tanh(u R(u²)),    Φ(x) = (1 + erf(x / √2)) / 2 = σ(√2 x R(x²/2))

artanh(erf u) / u is a smooth even function, so a short polynomial R in u²
serves all of float32's range, and tanh hides what is wrong with it beyond 4.
Its coefficients are a least-squares fit at 3,000 points of 0 … 4, weighted
after Lawson (1961) until the greatest relative error of erf was least:
9.5e-8, which is 0.8 of float32's eps; with the roundings erf is right to 4
units in the last place, and gelu's lower tail is as torch's or better.
float64 uses Cody's ratios (special.py).
"""

import math
from collections.abc import Callable

import numpy as np

from scratch.kernels import special
from scratch.kernels.blocks import pad
from scratch.kernels.forms import forms
from scratch.kernels.pointwise import HEAVY, each

R = (
    1.41852220e-07, -5.66847606e-06, 8.76373338e-05, -6.19784687e-04,
    -1.91830755e-04, 1.02769056e-01, 1.12837927,
)  # fmt: skip
# the same for -√2 x R(x²/2), as a polynomial in x²
LOGIT = tuple(-math.sqrt(2) * c / 2 ** (6 - k) for k, c in enumerate(R))
TINY = 1e-30  # where Φ(x) is ½, and gelu(x) / x may have lost its digits


def erf(x: np.ndarray) -> np.ndarray:
    """2/√π ∫₀ˣ e^(-t²) dt"""
    if forms.textbook or x.dtype != np.float32:
        return by_ratios(special.erf, x)

    def step(y: np.ndarray, x: np.ndarray) -> None:
        odd(x, R, y)
        np.tanh(y, out=y)

    return each(step, x, grain=HEAVY)


def erfc(x: np.ndarray) -> np.ndarray:
    """1 - erf x, exact where that is small"""
    return by_ratios(special.erfc, x)


def gelu(x: np.ndarray) -> np.ndarray:
    """x Φ(x)"""
    if forms.textbook or x.dtype != np.float32:
        return x * by_ratios(distribution, x)

    def step(y: np.ndarray, x: np.ndarray) -> None:
        odds(x, y)
        np.divide(x, y, out=y)

    return each(step, x, grain=HEAVY)


def gelu_input(
    g: np.ndarray, x: np.ndarray, y: np.ndarray | None = None
) -> np.ndarray:
    """g (Φ(x) + x φ(x)),  φ(x) = e^(-x²/2) / √2π

    From gelu's result y, if that is at hand, Φ(x) = y / x in half the time.
    """
    if forms.textbook or x.dtype != np.float32 or g.dtype != x.dtype:
        bell = np.exp(x * x / -2) / math.sqrt(2 * math.pi)
        return g * (by_ratios(distribution, x) + x * bell)

    def step(out: np.ndarray, g: np.ndarray, *rest: np.ndarray) -> None:
        x = rest[0]
        if y is None:
            odds(x, out)
            np.divide(1, out, out=out)
        else:
            share(x, rest[1], out)
        slope = pad.take("square", x.shape, x.dtype)
        np.multiply(x, x, out=slope)
        np.multiply(slope, -0.5, out=slope)
        np.exp(slope, out=slope)
        np.multiply(slope, 1 / math.sqrt(2 * math.pi), out=slope)
        np.multiply(slope, x, out=slope)
        np.add(out, slope, out=out)
        np.multiply(out, g, out=out)

    others = () if y is None else (y,)
    return each(step, g, x, *others, grain=HEAVY)


def share(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
    """Φ(x) = y / x into `out`, ½ near 0"""
    size = np.abs(x, out=pad.take("square", x.shape, x.dtype))
    near = pad.take("near", x.shape, np.dtype(bool))
    np.less(size, TINY, out=near)
    np.divide(y, x, out=out)
    if near.any():
        np.copyto(out, 0.5, where=near)


def odds(x: np.ndarray, out: np.ndarray) -> None:
    """1 / Φ(x) = 1 + e^(-√2 x R(x²/2)) into `out`"""
    odd(x, LOGIT, out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)


def odd(x: np.ndarray, c: tuple, out: np.ndarray) -> None:
    """x (c₀ x¹² + … + c₆) into `out`, by Horner's rule."""
    square = pad.take("square", x.shape, x.dtype)
    np.multiply(x, x, out=square)
    np.multiply(square, c[0], out=out)
    for number in c[1:-1]:
        np.add(out, number, out=out)
        np.multiply(out, square, out=out)
    np.add(out, c[-1], out=out)
    np.multiply(out, x, out=out)


def distribution(x: np.ndarray) -> np.ndarray:
    """Φ(x) = erfc(-x / √2) / 2"""
    return special.erfc(x * -math.sqrt(0.5)) / 2


def by_ratios(function: Callable, x: np.ndarray) -> np.ndarray:
    """function(x) in float64, whatever the dtype, block by block."""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        y[...] = function(x.astype(np.float64, copy=False))

    return each(step, x, grain=HEAVY)
