"""Comparisons: masks, which have no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels.lying import in_line
from ..tensor import Tensor, wrap
from .operands import (
    check_tensor,
    combination,
    operands,
    refuse,
    torch_name,
    two_tensors,
)

__all__ = [
    "eq", "ne", "lt", "le", "gt", "ge", "equal", "not_equal", "less",
    "less_equal", "greater", "greater_equal", "isnan", "isinf", "isfinite",
    "isposinf", "isneginf", "signbit", "isclose", "allclose", "is_nonzero",
]
METHODS = __all__
IN_PLACE = (
    "eq ne lt le gt ge not_equal less less_equal greater greater_equal"
).split()


def eq(input: Tensor, other: Any) -> Tensor:
    """x = y"""
    a, b = compared("eq", input, other, "")
    return wrap(a == b)


def ne(input: Tensor, other: Any) -> Tensor:
    """x ≠ y"""
    a, b = compared("ne", input, other, "")
    return wrap(a != b)


def lt(input: Tensor, other: Any) -> Tensor:
    """x < y"""
    a, b = compared("lt", input, other)
    return wrap(a < b)


def le(input: Tensor, other: Any) -> Tensor:
    """x ≤ y"""
    a, b = compared("le", input, other)
    return wrap(a <= b)


def gt(input: Tensor, other: Any) -> Tensor:
    """x > y"""
    a, b = compared("gt", input, other)
    return wrap(a > b)


def ge(input: Tensor, other: Any) -> Tensor:
    """x ≥ y"""
    a, b = compared("ge", input, other)
    return wrap(a >= b)


def compared(name: str, x: Any, y: Any, refused: str = "c") -> tuple:
    """The two arrays; complex numbers have no order."""
    if not isinstance(x, Tensor):
        raise combination(name, x, y)
    _, _, a, b = operands(x, y)
    refuse(a, refused, f"{name}_cpu")
    return a, b


def equal(input: Tensor, other: Tensor) -> bool:
    """Whether x and y have the same shape and the same numbers, compared in
    the type that holds both"""
    check_tensor(input, "equal")
    check_tensor(other, "equal", "other", 2)
    x, y = input, other
    if x.array.shape != y.array.shape:
        return False
    _, _, a, b = operands(x, y)
    return np.array_equal(a, b)


# ---- what kind of number

def isnan(input: Tensor) -> Tensor:
    """Where x is NaN"""
    check_tensor(input, "isnan")
    return wrap(np.isnan(input.array))


def isinf(input: Tensor) -> Tensor:
    """Where x is ∞ or -∞"""
    return wrap(np.isinf(input.array))


def isfinite(input: Tensor) -> Tensor:
    """Where x is neither infinite nor NaN"""
    return wrap(np.isfinite(input.array))


def isposinf(input: Tensor) -> Tensor:
    """Where x is ∞"""
    return infinite(input, np.inf, "isposinf")


def isneginf(input: Tensor) -> Tensor:
    """Where x is -∞"""
    return infinite(input, -np.inf, "isneginf")


def infinite(x: Tensor, which: float, name: str) -> Tensor:
    if x.array.dtype.kind == "c":
        raise TypeError(f"{name} does not support complex inputs.")
    return wrap(x.array == which)


def signbit(input: Tensor) -> Tensor:
    """Where x is negative, -0 included"""
    a = input.array
    if a.dtype.kind == "c":
        raise NotImplementedError(
            "signbit is not implemented for complex tensors.")
    return wrap(np.signbit(a) if a.dtype.kind == "f" else a < 0)


def is_nonzero(input: Tensor) -> bool:
    """Whether the only element of x is not 0"""
    if input.array.size != 1:
        raise RuntimeError(
            "Boolean value of Tensor with "
            f"{'more than one value' if input.array.size else 'no values'} "
            "is ambiguous")
    return bool(input.array.item())


# ---- nearly equal

def isclose(input: Tensor, other: Tensor, rtol: float = 1e-05,
            atol: float = 1e-08, equal_nan: bool = False) -> Tensor:
    """|x - y| ≤ atol + rtol · |y|, or x = y"""
    x, y, a, b = two_tensors(input, other, "isclose")
    if x.array.dtype != y.array.dtype:
        raise RuntimeError(
            f"{torch_name(x.dtype)} did not match {torch_name(y.dtype)}")
    for value, name in ((rtol, "rtol"), (atol, "atol")):
        if value < 0:
            raise RuntimeError(
                f"{name} must be greater than or equal to zero, but got "
                f"{value:g}")
    a, b = in_line(a, b)
    return wrap(near(a, b, rtol, atol, equal_nan))


def near(a: np.ndarray, b: np.ndarray, rtol: float, atol: float,
         equal_nan: bool) -> np.ndarray:
    """|a - b| ≤ atol + rtol |b|, or both are the same infinity"""
    close = a == b
    if equal_nan and a.dtype.kind in "fc":
        close = close | (np.isnan(a) & np.isnan(b))
    if rtol == 0 and atol == 0:
        return close
    if a.dtype.kind in "biu":
        a, b = a.astype(np.float64), b.astype(np.float64)
    away = np.abs(a - b)
    return close | (np.isfinite(away) & (away <= atol + np.abs(rtol * b)))


def allclose(input: Tensor, other: Tensor, rtol: float = 1e-05,
             atol: float = 1e-08, equal_nan: bool = False) -> bool:
    """Whether every element of x is close to its partner in y"""
    return bool(isclose(input, other, rtol, atol, equal_nan).array.all())


not_equal, less, less_equal = ne, lt, le
greater, greater_equal = gt, ge
