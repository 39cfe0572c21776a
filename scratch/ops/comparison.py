"""Comparisons and logic: masks, which have no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor, wrap
from .operands import operands

__all__ = [
    "eq", "ne", "lt", "le", "gt", "ge", "logical_not", "bitwise_not",
    "bitwise_and", "bitwise_or", "bitwise_xor",
]
METHODS = (
    "eq ne lt le gt ge logical_not bitwise_not bitwise_and bitwise_or "
    "bitwise_xor"
).split()
IN_PLACE = (
    "eq ne lt le gt ge logical_not bitwise_not bitwise_and bitwise_or "
    "bitwise_xor"
).split()


def eq(input: Any, other: Any) -> Tensor:
    """x = y"""
    _, _, a, b = operands(input, other)
    return wrap(a == b)


def ne(input: Any, other: Any) -> Tensor:
    """x ≠ y"""
    _, _, a, b = operands(input, other)
    return wrap(a != b)


def lt(input: Any, other: Any) -> Tensor:
    """x < y"""
    _, _, a, b = operands(input, other)
    return wrap(a < b)


def le(input: Any, other: Any) -> Tensor:
    """x ≤ y"""
    _, _, a, b = operands(input, other)
    return wrap(a <= b)


def gt(input: Any, other: Any) -> Tensor:
    """x > y"""
    _, _, a, b = operands(input, other)
    return wrap(a > b)


def ge(input: Any, other: Any) -> Tensor:
    """x ≥ y"""
    _, _, a, b = operands(input, other)
    return wrap(a >= b)


def logical_not(input: Tensor) -> Tensor:
    """¬x, of any dtype"""
    return wrap(np.logical_not(input.array))


def bitwise_not(input: Tensor) -> Tensor:
    """~x: of bools the opposite, of integers every bit"""
    if input.array.dtype.kind not in "biu":
        raise RuntimeError(
            "\"bitwise_not_cpu\" not implemented for "
            f"'{input.dtype.name.capitalize()}'")
    return wrap(np.invert(input.array))


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
    _, _, a, b = operands(x, y)
    if a.dtype.kind not in "biu":
        raise RuntimeError(
            f"\"{function.__name__}_cpu\" not implemented for "
            f"'{a.dtype.name.capitalize()}'")
    return wrap(function(a, b))
