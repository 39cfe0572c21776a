"""Arithmetic: each operation is a value, and one rule per input.

NumPy computes the value; the rules are written in these same operations,
so a gradient can be differentiated again. The engine sums a gradient over
broadcast axes and casts it, so no rule does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..tensor import Tensor
from .operands import as_float, number_like, operands, result_type

__all__ = [
    "add", "sub", "mul", "div", "pow", "square", "reciprocal", "neg",
    "positive", "remainder", "fmod", "floor_divide", "true_divide",
    "subtract", "multiply", "divide", "negative", "rsub",
]
METHODS = (
    "add sub mul div pow square reciprocal neg positive remainder fmod "
    "floor_divide true_divide subtract multiply divide negative rsub"
).split()
IN_PLACE = (
    "add sub mul div pow square reciprocal neg remainder fmod floor_divide "
    "true_divide subtract multiply divide negative"
).split()


def add(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """x + alpha · y"""
    if alpha != 1:
        other = scaled(other, alpha, input)
    x, y, a, b = operands(input, other)
    return record(a + b, (x, lambda g: g), (y, lambda g: g))


def sub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """x - alpha · y"""
    if alpha != 1:
        other = scaled(other, alpha, input)
    x, y, a, b = operands(input, other)
    if a.dtype.kind == "b":
        raise NotImplementedError(
            "Subtraction, the `-` operator, with two bool tensors is not "
            "supported. Use the `^` or `logical_xor()` operator instead.")
    return record(a - b, (x, lambda g: g), (y, lambda g: -g))


def scaled(y: Any, alpha: Any, x: Any) -> Any:
    """alpha · y, with torch's refusals of a wrong alpha."""
    kind = result_type(x, y)
    if isinstance(alpha, bool) and kind is not dtypes.bool:
        raise RuntimeError(
            "Boolean alpha only supported for Boolean results.")
    if dtypes.of_number(alpha).category > max(kind.category,
                                              dtypes.INTEGER):
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a "
            "floating point number.")
    return y * alpha


def mul(input: Any, other: Any) -> Tensor:
    """x · y"""
    x, y, a, b = operands(input, other)
    return record(a * b, (x, lambda g: g * y.conj(), y),
                  (y, lambda g: g * x.conj(), x))


def div(input: Any, other: Any, *,
        rounding_mode: str | None = None) -> Tensor:
    """x / y, rounded towards zero ("trunc") or down ("floor") if asked"""
    if rounding_mode is not None:
        return rounded_div(input, other, rounding_mode)
    x, y, a, b = operands(input, other)
    if a.dtype.kind not in "fc":
        number = dtypes.get_default_dtype().numpy
        a, b = a.astype(number), b.astype(number)
    return record(a / b, (x, lambda g: g / y.conj(), y),
                  (y, lambda g: -g * (x / y / y).conj(), x, y))


def rounded_div(input: Any, other: Any, rounding_mode: str) -> Tensor:
    """The quotient without its fraction; its derivative is zero."""
    x, y, a, b = operands(input, other)
    if rounding_mode not in ("trunc", "floor"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or "
            f"'floor' but found '{rounding_mode}'")
    if a.dtype.kind in "iub" and not b.all():
        raise RuntimeError("ZeroDivisionError")
    z = np.floor_divide(a, b) if a.dtype.kind != "b" else np.floor_divide(
        a.astype("u1"), b.astype("u1"))
    if a.dtype.kind == "f":
        # NumPy's floor_divide is exact where torch rounds the quotient
        inexact = ~np.isfinite(a / b)
        z = np.where(inexact, a / b, z)
    if rounding_mode == "trunc":
        z = np.trunc(a / b) if a.dtype.kind == "f" else (
            z + ((z < 0) & (z * b != a)).astype(z.dtype))
    return record(z, (x, lambda g: g * 0), (y, lambda g: g * 0),
                  name="DivBackward1")


def floor_divide(input: Any, other: Any) -> Tensor:
    """⌊x / y⌋"""
    return rounded_div(input, other, "floor")


def remainder(input: Any, other: Any) -> Tensor:
    """x - y ⌊x / y⌋: the sign is that of y"""
    x, y, a, b = operands(input, other)
    if a.dtype.kind in "iub" and not b.all():
        raise RuntimeError("ZeroDivisionError")
    return record(np.remainder(a, b), (x, lambda g: g),
                  (y, lambda g: -g * floor_quotient(x, y), x, y))


def floor_quotient(x: Tensor, y: Tensor) -> Tensor:
    return rounded_div(x.detach(), y.detach(), "floor")


def fmod(input: Any, other: Any) -> Tensor:
    """x - y trunc(x / y): the sign is that of x"""
    x, y, a, b = operands(input, other)
    if a.dtype.kind in "iub" and not b.all():
        raise RuntimeError("ZeroDivisionError")
    return record(
        np.fmod(a, b), (x, lambda g: g),
        (y, lambda g: -g * rounded_div(x.detach(), y.detach(), "trunc"),
         x, y))


def neg(input: Tensor) -> Tensor:
    """-x"""
    if input.array.dtype.kind == "b":
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported."
            " If you are trying to invert a mask, use the `~` or "
            "`logical_not()` operator instead.")
    return record(-input.array, (input, lambda g: -g))


def positive(input: Tensor) -> Tensor:
    """x itself"""
    if input.array.dtype.kind == "b":
        raise RuntimeError(
            "The `+` operator, on a bool tensor is not supported.")
    return input


def square(input: Tensor) -> Tensor:
    """x²"""
    x = input
    return record(x.array * x.array, (x, lambda g: g * (2 * x).conj(), x),
                  name="PowBackward0")


def reciprocal(input: Tensor) -> Tensor:
    """1 / x"""
    return record(1 / as_float(input),
                  (input, lambda g, y: -g * (y * y).conj()),
                  keep_result=True)


def pow(input: Any, exponent: Any) -> Tensor:
    """xⁿ:  ∂x = n xⁿ⁻¹,  ∂n = xⁿ log x"""
    if isinstance(input, Tensor) and not isinstance(exponent, Tensor):
        return power_of_tensor(input, exponent)
    x, n, a, b = operands(input, exponent)
    check_integer_power(a, b)
    return record(
        np.power(a, b),
        (x, lambda g: g * (n * x ** (n - 1)).masked_fill(n == 0, 0).conj(),
         x, n),
        (n, lambda g: g * power_times_log(x, n).conj(), x, n),
        name="PowBackward1")


def power_of_tensor(x: Tensor, n: Any) -> Tensor:
    """xⁿ for a plain number n."""
    if n == 2:
        return square(x)
    a = x.array.astype(result_type(x, n).numpy, copy=False)
    b = number_like(n, x, "pow", "exponent").array
    check_integer_power(a, b)
    y = np.sqrt(a) if n == 0.5 else np.power(a, b)
    if n == 0:
        return record(y, (x, lambda g: g * 0), name="PowBackward0")
    return record(y, (x, lambda g: g * (n * x ** (n - 1)).conj(), x),
                  name="PowBackward0")


def power_times_log(x: Tensor, n: Tensor) -> Tensor:
    """xⁿ log x; torch: 0 where x = 0 and n ≥ 0."""
    zero = (x == 0) & (n >= 0)
    return (x ** n * x.log()).masked_fill(zero, 0)


def check_integer_power(a: np.ndarray, b: np.ndarray) -> None:
    if a.dtype.kind in "iub" and (b < 0).any():
        raise RuntimeError(
            "Integers to negative integer powers are not allowed.")


def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """y - alpha · x"""
    return sub(other, input, alpha=alpha)


def true_divide(input: Any, other: Any) -> Tensor:
    """x / y"""
    return div(input, other)


subtract, multiply, divide, negative = sub, mul, div, neg
