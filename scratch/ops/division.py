"""Division with remainder, and the integers' own arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from .arithmetic import quotient, rounded_div
from .once import divisor
from .operands import (
    check_one,
    combination,
    operands,
    refuse,
    two_tensors,
)

__all__ = [
    "floor_divide", "remainder", "fmod", "gcd", "lcm",
    "bitwise_left_shift", "bitwise_right_shift",
]
METHODS = (
    "floor_divide remainder fmod gcd lcm bitwise_left_shift "
    "bitwise_right_shift"
).split()
IN_PLACE = METHODS


def floor_divide(input: Any, other: Any) -> Tensor:
    """⌊x / y⌋; torch: unlike div(…, "floor") it refuses a derivative"""
    x, y, a, b = operands(input, other)
    return record(quotient(a, divisor(other, y, b), "floor"),
                  (x, underivable("floor_divide")),
                  (y, underivable("floor_divide")), name="NotImplemented")


def underivable(name: str) -> Any:
    """The rule of a function that torch does not differentiate."""

    def rule(g: Tensor) -> Tensor:
        raise RuntimeError(f"derivative for aten::{name} is not implemented")

    return rule


def check_divisor(a: np.ndarray, b: np.ndarray, kernel: str) -> None:
    refuse(a, "bc", kernel)
    if a.dtype.kind in "iu" and not np.all(b):
        raise RuntimeError("ZeroDivisionError")


def remainder(input: Any, other: Any) -> Tensor:
    """x - y ⌊x / y⌋: the sign is that of y"""
    check_one("remainder", input, other)
    x, y, a, b = operands(input, other)
    check_divisor(a, b, "remainder_cpu")
    return record(
        np.remainder(a, b), (x, lambda g: g),
        (y, (lambda g: -g * rounded_div(x, y, "floor"))
         if isinstance(input, Tensor) else underivable("remainder"), x, y),
        name="NotImplemented" if not isinstance(input, Tensor) else
        f"RemainderBackward{1 if isinstance(other, Tensor) else 0}")


def fmod(input: Any, other: Any) -> Tensor:
    """x - y trunc(x / y): the sign is that of x"""
    if not isinstance(input, Tensor):
        raise combination("fmod", input, other)
    x, y, a, b = operands(input, other)
    check_divisor(a, b, "fmod_cpu")
    return record(
        np.fmod(a, b), (x, lambda g: g),
        (y, lambda g: -g * rounded_div(x, y, "trunc"), x, y),
        name=f"FmodBackward{1 if isinstance(other, Tensor) else 0}")


def gcd(input: Tensor, other: Tensor) -> Tensor:
    """The greatest common divisor of |x| and |y|"""
    _, _, a, b = two_tensors(input, other, "gcd")
    refuse(a, "bfc", "gcd_cpu")
    return wrap(np.gcd(a, b))


def lcm(input: Tensor, other: Tensor) -> Tensor:
    """The least common multiple of |x| and |y|"""
    _, _, a, b = two_tensors(input, other, "lcm")
    refuse(a, "bfc", "lcm_cpu")
    return wrap(np.lcm(a, b))


def bitwise_left_shift(input: Any, other: Any) -> Tensor:
    """x · 2ʸ, bits that leave the number being lost; 0 for a wrong y"""
    check_one("bitwise_left_shift", input, other)
    _, _, a, b = operands(input, other)
    refuse(a, "bfc", "lshift_cpu")
    bits = 8 * a.dtype.itemsize
    right = (b >= 0) & (b < bits)
    return wrap(np.where(right, np.left_shift(a, np.where(right, b, 0)), 0
                         ).astype(a.dtype))


def bitwise_right_shift(input: Any, other: Any) -> Tensor:
    """⌊x / 2ʸ⌋; a y that is too large leaves the sign alone"""
    check_one("bitwise_right_shift", input, other)
    _, _, a, b = operands(input, other)
    refuse(a, "bfc", "rshift_cpu")
    last = 8 * a.dtype.itemsize - (a.dtype.kind == "i")
    b = np.where((b >= 0) & (b < last), b, last).astype(b.dtype)
    return wrap(np.right_shift(a, b))
