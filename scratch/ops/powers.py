"""Powers: a tensor to a number, a number to a tensor, both tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..tensor import Tensor
from .masks import keep, nothing
from .numbers import check_fits
from .operands import (
    check_one,
    check_tensor,
    in_single,
    number_like,
    operands,
    refuse,
    result_type,
)

__all__ = ["pow", "square", "float_power"]
METHODS = IN_PLACE = "pow square float_power".split()


def pow(input: Any, exponent: Any) -> Tensor:
    """xⁿ:  ∂x = n xⁿ⁻¹,  ∂n = xⁿ log x"""
    if not isinstance(exponent, Tensor) and isinstance(input, Tensor):
        return power_of_tensor(input, exponent)
    check_one("pow", input, exponent)
    x, n, a, b = operands(input, exponent)
    if not isinstance(input, Tensor):
        zero = (a == 0) & (b >= 0) if a.dtype.kind != "c" else a == 0
        return record(raised(a, b),
                      (n, lambda g, y: g * keep(y * x.log(), ~zero).conj()),
                      keep_result=True, name="PowBackward2")
    return record(
        raised(a, b),
        (x, lambda g, y: keep(g * (n * x ** (n - 1)).conj(),
                              n.array != 0), x, n),
        (n, lambda g, y: g * power_times_log(x, n, y).conj(), x, n),
        keep_result=True, name="PowBackward1")


def power_times_log(x: Tensor, n: Tensor, y: Tensor) -> Tensor:
    """xⁿ log x; torch: 0 where x = 0 and n ≥ 0."""
    zero = x.array == 0
    if n.array.dtype.kind != "c":
        zero = zero & (n.array >= 0)
    return keep(y * x.log(), ~zero)


def power_of_tensor(x: Tensor, n: Any) -> Tensor:
    """xⁿ for a plain number n."""
    b = number_like(n, x, "pow", "exponent").array
    number = result_type(x, n).numpy
    a = x.array.astype(number, copy=False)
    if n == 0:
        return record(np.ones_like(a), (x, nothing), name="PowBackward0")
    if n != 1:
        refuse(a, "b", "pow")
        check_exponent(n, a.dtype)
    return record(easy_power(a, n, b),
                  (x, lambda g: g * (n * x ** (n - 1)).conj(), x),
                  name="PowBackward0")


def check_exponent(n: Any, number: np.dtype) -> None:
    """Refuse an exponent that integers, or float16, cannot be raised to."""
    if number.kind in "iu":
        if n < 0:
            raise RuntimeError(
                "Integers to negative integer powers are not allowed.")
        check_fits(n, dtypes.int64)
    if number.kind in "iu" or number == np.float16:
        check_fits(n, dtypes.of(number))


def easy_power(a: np.ndarray, n: Any, b: np.ndarray) -> np.ndarray:
    """aⁿ; the frequent exponents are computed faster and closer."""
    if n == 1:
        return a.copy()
    if n == 2:
        return a * a
    if n == 0.5:
        return np.sqrt(a)
    if n == -0.5 and a.dtype.kind == "f":
        return in_single(lambda a: a.dtype.type(1) / np.sqrt(a), a)
    if n == 3 and a.dtype != np.float16:
        return a * a * a
    return raised(a, b)


def raised(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """aᵇ; of integers, a negative power is what is left of the fraction."""
    refuse(a, "b", "pow")
    if a.dtype.kind not in "iu" or not np.any(b < 0):
        return np.power(a, b)
    one = np.where(b % 2 == 0, np.abs(a), a) * (np.abs(a) == 1)
    return np.where(b < 0, one, np.power(a, np.maximum(b, 0))
                    ).astype(a.dtype)


def square(input: Tensor) -> Tensor:
    """x²"""
    check_tensor(input, "square")
    x = input
    if x.array.dtype.kind == "b":
        return power_of_tensor(x, 2)
    return record(x.array * x.array, (x, lambda g: g * (2 * x).conj(), x),
                  name="PowBackward0")


def float_power(input: Any, exponent: Any) -> Tensor:
    """xⁿ in float64 (or complex128)"""
    check_one("float_power", input, exponent)
    kinds = result_type(input, exponent)
    wide = dtypes.complex128 if kinds.is_complex else dtypes.float64
    x, n = (part.to(wide) if isinstance(part, Tensor) else part
            for part in (input, exponent))
    return pow(x, n)
