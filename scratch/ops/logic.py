"""Logic: of truth values, and of every bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, wrap
from .operands import (
    check_one,
    check_tensor,
    operands,
    refuse,
    two_tensors,
)

__all__ = [
    "logical_not", "logical_and", "logical_or", "logical_xor",
    "bitwise_not", "bitwise_and", "bitwise_or", "bitwise_xor",
]
METHODS = IN_PLACE = __all__


def logical_not(input: Tensor) -> Tensor:
    """¬x, of any dtype: whether x is 0"""
    return wrap(np.logical_not(input.array))


def logical_and(input: Tensor, other: Tensor) -> Tensor:
    """Whether neither x nor y is 0"""
    _, _, a, b = two_tensors(input, other, "logical_and")
    return wrap(np.logical_and(a, b))


def logical_or(input: Tensor, other: Tensor) -> Tensor:
    """Whether x or y is not 0"""
    _, _, a, b = two_tensors(input, other, "logical_or")
    return wrap(np.logical_or(a, b))


def logical_xor(input: Tensor, other: Tensor) -> Tensor:
    """Whether just one of x and y is not 0"""
    _, _, a, b = two_tensors(input, other, "logical_xor")
    return wrap(np.logical_xor(a, b))


def bitwise_not(input: Tensor) -> Tensor:
    """~x: of bools the opposite, of integers every bit"""
    check_tensor(input, "bitwise_not")
    refuse(input.array, "fc", "bitwise_not_cpu")
    return wrap(np.invert(input.array))


def invert(input: Tensor) -> Tensor:
    """The operator ~: as bitwise_not, with an error of its own"""
    if input.array.dtype.kind in "fc":
        raise TypeError("~ (operator.invert) is only implemented on integer "
                        f"and Boolean-type tensors, not on {input.dtype}")
    return bitwise_not(input)


def bitwise_and(input: Any, other: Any) -> Tensor:
    """x & y, bit by bit"""
    return bitwise(np.bitwise_and, input, other)


def bitwise_or(input: Any, other: Any) -> Tensor:
    """x | y, bit by bit"""
    return bitwise(np.bitwise_or, input, other)


def bitwise_xor(input: Any, other: Any) -> Tensor:
    """x ^ y, bit by bit"""
    return bitwise(np.bitwise_xor, input, other)


def bitwise(function: Any, x: Any, y: Any) -> Tensor:
    """A bitwise function of integers or bools."""
    check_one(function.__name__, x, y)
    _, _, a, b = operands(x, y)
    refuse(a, "fc", f"{function.__name__}_cpu")
    return wrap(function(a, b))
