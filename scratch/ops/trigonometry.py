"""Circular and hyperbolic functions, and their inverses."""

from __future__ import annotations

import math

import numpy as np

from ..graph import record
from ..tensor import Tensor
from .masks import keep
from .operands import as_float, check_tensor, in_single, refuse, two_tensors

__all__ = [
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh",
    "asinh", "acosh", "atanh", "arcsin", "arccos", "arctan", "arcsinh",
    "arccosh", "arctanh", "sinc", "atan2", "arctan2", "hypot",
]
METHODS = IN_PLACE = __all__


def sin(input: Tensor) -> Tensor:
    """y′ = cos x"""
    check_tensor(input, "sin")
    return record(np.sin(as_float(input)),
                  (input, lambda g: g * input.cos().conj(), input))


def cos(input: Tensor) -> Tensor:
    """y′ = -sin x"""
    check_tensor(input, "cos")
    return record(np.cos(as_float(input)),
                  (input, lambda g: -g * input.sin().conj(), input))


def tan(input: Tensor) -> Tensor:
    """sin x / cos x:  y′ = 1 + y²"""
    check_tensor(input, "tan")
    return record(np.tan(as_float(input)),
                  (input, lambda g, y: g * (1 + y ** 2).conj()),
                  keep_result=True)


def asin(input: Tensor) -> Tensor:
    """The inverse of sin on [-π/2, π/2]:  y′ = 1 / √(1 - x²)"""
    check_tensor(input, "asin")
    return record(np.arcsin(as_float(input)),
                  (input, lambda g: g * (1 - input * input).rsqrt().conj(),
                   input))


def acos(input: Tensor) -> Tensor:
    """The inverse of cos on [0, π]:  y′ = -1 / √(1 - x²)"""
    check_tensor(input, "acos")
    return record(np.arccos(as_float(input)),
                  (input, lambda g: -g * (1 - input * input).rsqrt().conj(),
                   input))


def atan(input: Tensor) -> Tensor:
    """The inverse of tan on (-π/2, π/2):  y′ = 1 / (1 + x²)"""
    check_tensor(input, "atan")
    return record(np.arctan(as_float(input)),
                  (input, lambda g: g / (input * input + 1).conj(), input))


def sinh(input: Tensor) -> Tensor:
    """(eˣ - e⁻ˣ) / 2:  y′ = cosh x"""
    check_tensor(input, "sinh")
    return record(np.sinh(as_float(input)),
                  (input, lambda g: g * input.cosh().conj(), input))


def cosh(input: Tensor) -> Tensor:
    """(eˣ + e⁻ˣ) / 2:  y′ = sinh x"""
    check_tensor(input, "cosh")
    return record(np.cosh(as_float(input)),
                  (input, lambda g: g * input.sinh().conj(), input))


def tanh(input: Tensor) -> Tensor:
    """sinh x / cosh x:  y′ = 1 - y²"""
    check_tensor(input, "tanh")
    return record(rounded_tanh(as_float(input)), (input, tanh_slope),
                  keep_result=True, name="TanhBackward0")


def rounded_tanh(a: np.ndarray) -> np.ndarray:
    """tanh, of float32 by way of float64: where 1 - y² is small, it is the
    last bit of y, and NumPy's own float32 is wrong in that."""
    if a.dtype != np.float32:
        return np.tanh(a)
    return np.tanh(a, out=np.empty_like(a), dtype=np.float64,
                   casting="same_kind")


def tanh_slope(g: Tensor, y: Tensor) -> Tensor:
    """g (1 - y²), whose own slope in y is -2 y g"""
    return record(
        in_single(lambda a, b: a * (1 - b * b).conj(), g.array, y.array),
        (g, lambda h: tanh_slope(h, y.conj()), y),
        (y, lambda h: h.conj() * (-2 * y.conj() * g), g, y),
        name="TanhBackwardBackward0")


def asinh(input: Tensor) -> Tensor:
    """ln(x + √(x² + 1)):  y′ = 1 / √(x² + 1)"""
    check_tensor(input, "asinh")
    return record(np.arcsinh(as_float(input)),
                  (input, lambda g: g * (input * input + 1).rsqrt().conj(),
                   input))


def acosh(input: Tensor) -> Tensor:
    """ln(x + √(x² - 1)):  y′ = 1 / √(x² - 1)"""
    check_tensor(input, "acosh")
    return record(np.arccosh(as_float(input)),
                  (input, lambda g: g * (input * input - 1).rsqrt().conj(),
                   input))


def atanh(input: Tensor) -> Tensor:
    """ln((1 + x) / (1 - x)) / 2:  y′ = 1 / (1 - x²)"""
    check_tensor(input, "atanh")
    return record(np.arctanh(as_float(input)),
                  (input, lambda g: g * (1 / (1 - input * input)).conj(),
                   input))


def sinc(input: Tensor) -> Tensor:
    """sin(πx) / πx, 1 at 0:  y′ = (πx cos πx - sin πx) / πx²"""
    check_tensor(input, "sinc")

    def rule(g: Tensor) -> Tensor:
        x, square = input * math.pi, input * input * math.pi
        return keep(g * ((x * x.cos() - x.sin()) / square).conj(),
                    square.array != 0)

    return record(in_single(np.sinc, as_float(input)), (input, rule, input),
                  name="SincBackward0")


def atan2(input: Tensor, other: Tensor) -> Tensor:
    """The angle of the point (y, x):  ∂x = y / (x² + y²), ∂y = -x / (…)"""
    x, y, a, b = two_tensors(input, other, "atan2")
    if a.dtype.kind in "biu":
        a, b = as_float(x).astype("f"), as_float(y).astype("f")
    refuse(a, "c", "atan2_cpu")
    away = (a != 0) | (b != 0)
    return record(
        np.arctan2(a, b),
        (x, lambda g: keep(g * (y * inverse_square(x, y)), away), x, y),
        (y, lambda g: keep(-g * (x * inverse_square(x, y)), away), x, y))


def inverse_square(x: Tensor, y: Tensor) -> Tensor:
    return (x * x + y * y).reciprocal()


def hypot(input: Tensor, other: Tensor) -> Tensor:
    """√(x² + y²), without overflow on the way"""
    x, y, a, b = two_tensors(input, other, "hypot")
    refuse(a, "biuc", "hypot_cpu")
    return record(np.hypot(a, b), (x, lambda g, z: g * x / z, x),
                  (y, lambda g, z: g * y / z, y), keep_result=True)


arcsin, arccos, arctan = asin, acos, atan
arcsinh, arccosh, arctanh, arctan2 = asinh, acosh, atanh, atan2
