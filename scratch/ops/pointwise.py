"""Pointwise functions y = f(x): the slope told by y, or by x."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import pointwise as kernels
from ..kernels.masks import kept
from ..tensor import Tensor, wrap
from ..unseen import any_order
from .kinds import typed
from .masks import keep, nothing
from .numbers import number_in
from .operands import as_float, check_tensor, in_single, refuse

__all__ = [
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt",
    "rsqrt", "sigmoid", "logit", "relu", "abs", "absolute", "sign", "sgn",
    "deg2rad", "rad2deg", "nan_to_num",
]
METHODS = IN_PLACE = (
    "exp exp2 expm1 log log2 log10 log1p sqrt rsqrt sigmoid logit relu abs "
    "absolute sign sgn deg2rad rad2deg nan_to_num"
).split()


def exp(input: Tensor) -> Tensor:
    """eˣ:  y′ = y"""
    check_tensor(input, "exp")
    return record(np.exp(as_float(input)),
                  (input, lambda g, y: g * y.conj()), keep_result=True)


def exp2(input: Tensor) -> Tensor:
    """2ˣ:  y′ = y ln 2"""
    check_tensor(input, "exp2")
    return record(np.exp2(as_float(input)),
                  (input, lambda g, y: g * y.conj() * math.log(2)),
                  keep_result=True)


def expm1(input: Tensor) -> Tensor:
    """eˣ - 1, exact for small x:  y′ = y + 1"""
    check_tensor(input, "expm1")
    return record(np.expm1(as_float(input)),
                  (input, lambda g, y: g * (y.conj() + 1)),
                  keep_result=True)


def log(input: Tensor) -> Tensor:
    """ln x:  y′ = 1 / x"""
    check_tensor(input, "log")
    return record(np.log(as_float(input)),
                  (input, lambda g: g / input.conj(), input))


def log2(input: Tensor) -> Tensor:
    """log₂ x:  y′ = 1 / (x ln 2)"""
    check_tensor(input, "log2")
    return record(np.log2(as_float(input)),
                  (input, lambda g: g / (input.conj() * math.log(2)),
                   input))


def log10(input: Tensor) -> Tensor:
    """log₁₀ x:  y′ = 1 / (x ln 10)"""
    check_tensor(input, "log10")
    return record(np.log10(as_float(input)),
                  (input, lambda g: g / (input.conj() * math.log(10)),
                   input))


def log1p(input: Tensor) -> Tensor:
    """ln(1 + x), exact for small x:  y′ = 1 / (1 + x)"""
    check_tensor(input, "log1p")
    return record(np.log1p(as_float(input)),
                  (input, lambda g: g / (input + 1).conj(), input),
                  name="Log1PBackward0")


def sqrt(input: Tensor) -> Tensor:
    """√x:  y′ = 1 / 2y"""
    check_tensor(input, "sqrt")
    return record(np.sqrt(as_float(input)),
                  (input, lambda g, y: g / (2 * y.conj())), keep_result=True)


def rsqrt(input: Tensor) -> Tensor:
    """1 / √x:  y′ = -y³ / 2"""
    check_tensor(input, "rsqrt")
    return record(in_single(lambda a: a.dtype.type(1) / np.sqrt(a),
                            as_float(input)),
                  (input, lambda g, y: -0.5 * g * (y ** 3).conj()),
                  keep_result=True)


MANY = 4096  # so many numbers are worth the kernels that work in blocks


@any_order
def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + e⁻ˣ):  y′ = y (1 - y)"""
    check_tensor(input, "sigmoid")
    a = as_float(input)
    if a.dtype.kind == "c":
        return record(logistic(a),
                      (input, lambda g, y: g * (y * (1 - y)).conj()),
                      keep_result=True)
    return record(in_single(
        logistic if a.size < MANY else kernels.sigmoid, a),
        (input, sigmoid_slope), keep_result=True, name="SigmoidBackward0")


def sigmoid_slope(g: Tensor, y: Tensor) -> Tensor:
    """g y (1 - y); its own slope in y, g (1 - 2y), loses no digit near ½."""
    return record(
        in_single(kernels.sigmoid_input, g.array, y.array),
        (g, lambda h: sigmoid_slope(h, y), y),
        (y, lambda h: h * g * (1 - 2 * y), g, y),
        name="SigmoidBackwardBackward0")


def logistic(a: np.ndarray) -> np.ndarray:
    """1 / (1 + e⁻ᵃ); an overflow of the exponential ends in 0."""
    y = np.exp(-a)
    y += 1
    return np.reciprocal(y)


@typed(input="Tensor", eps="float?")
def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """ln(x / (1 - x)), x being clamped to [eps, 1 - eps] if asked

    y′ = 1 / x (1 - x); outside the bounds 0, outside [0, 1] NaN.
    """
    x, a = input, as_float(input)
    refuse(a, "c", "logit_cpu")
    low = number_in(float(eps or 0), a.dtype)
    high = a.dtype.type(1) - low
    within = (a >= low) & (a <= high)
    if eps is not None:  # torch: what lies below is not looked at again
        a = np.where(a < low, low, np.where(a > high, high, a))
    outside = math.nan if eps is None else 0.0

    def rule(g: Tensor) -> Tensor:
        slope = keep(g / (x * (1 - x)), within)
        return slope if outside == 0 or within.all() else (
            slope + as_tensor(np.where(within, 0, outside), slope))

    # torch: of float16, each step is rounded
    return record(np.log(a / (1 - a)), (x, rule, x), name="LogitBackward0")


def as_tensor(a: np.ndarray, like: Tensor) -> Tensor:
    """An array as a tensor of another's dtype."""
    return Tensor(a).to(like.dtype)


@any_order
def relu(input: Tensor) -> Tensor:
    """max(x, 0):  y′ = 1 where y > 0 (and, in torch, where y is NaN)"""
    check_tensor(input, "relu")
    a = input.array
    if a.dtype.kind in "bc":
        raise NotImplementedError(
            "Boolean inputs not supported for relu" if a.dtype.kind == "b"
            else "clamp is not supported for complex types")
    y = kernels.relu(a) if a.size >= MANY else np.maximum(a, a.dtype.type(0))
    return record(y, (input, alive), keep_result=True, name="ReluBackward0")


def alive(g: Tensor, y: Tensor) -> Tensor:
    """g where y > 0 or NaN, else 0: its own adjoint, and level in y."""
    a = kept(g.array, ~(y.array <= 0)) if g.array.size < MANY else (
        kernels.relu_input(g.array, y.array))
    return record(a, (g, lambda h: alive(h, y)), (y, nothing),
                  name="ThresholdBackwardBackward0")


def abs(input: Tensor) -> Tensor:
    """|x|:  y′ = sgn x"""
    check_tensor(input, "abs")
    refuse(input.array, "b", "abs_cpu")
    return record(np.abs(input.array),
                  (input, lambda g: g * input.sgn(), input))


def sign(input: Tensor) -> Tensor:
    """1, 0 or -1; torch: 0 for NaN"""
    check_tensor(input, "sign")
    if input.array.dtype.kind == "c":
        raise NotImplementedError(
            "Unlike NumPy, torch.sign is not intended to support complex "
            "numbers. Please use torch.sgn instead.")
    return record(signs(input.array), (input, nothing),
                  name="SignBackward0")


def signs(a: np.ndarray) -> np.ndarray:
    if a.dtype.kind == "b":
        return a.copy()
    above, below = (np.asarray(n).view(np.int8) for n in (a > 0, a < 0))
    return np.subtract(above, below).astype(a.dtype)


def sgn(input: Tensor) -> Tensor:
    """x / |x|, and 0 at 0: the sign, of complex numbers too"""
    x = input
    if x.array.dtype.kind != "c":
        return record(signs(x.array), (x, nothing), name="SgnBackward0")
    found = x.array != 0

    def rule(g: Tensor, y: Tensor) -> Tensor:
        # only what is not along y turns it
        return keep((g - (g * y.conj()).real * y) / x.abs(), found)

    return record(np.sign(x.array), (x, rule, x), keep_result=True,
                  name="SgnBackward0")


def deg2rad(input: Tensor) -> Tensor:
    """π x / 180"""
    return scaled(input, math.pi / 180, "deg2rad")


def rad2deg(input: Tensor) -> Tensor:
    """180 x / π"""
    return scaled(input, 180 / math.pi, "rad2deg")


def scaled(x: Tensor, factor: float, name: str) -> Tensor:
    """x · factor, under the name of deg2rad or rad2deg"""
    a = as_float(x)
    if a.dtype.kind == "c":
        raise NotImplementedError(
            f"{name} is not supported for complex tensors.")
    return record(in_single(lambda a: a * factor, a),
                  (x, lambda g: g * factor),
                  name={"d": "Deg2RadBackward0",
                        "r": "Rad2DegBackward0"}[name[0]])


@typed(input="Tensor", nan="float?", posinf="float?", neginf="float?")
def nan_to_num(input: Tensor, nan: Any = None, posinf: Any = None,
               neginf: Any = None) -> Tensor:
    """x with numbers for NaN (0), ∞ and -∞ (the dtype's extremes)"""
    x, a = input, input.array
    if a.dtype.kind not in "fc":
        return wrap(a.copy())
    limits = np.finfo(a.dtype)
    y = np.nan_to_num(
        a, nan=0.0 if nan is None else nan,
        posinf=limits.max if posinf is None else posinf,
        neginf=limits.min if neginf is None else neginf)
    finite = np.isfinite(a)
    return record(y, (x, lambda g: keep(g, finite), x))


absolute = abs
