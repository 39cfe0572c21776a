"""Sums, products and powers of two, in the world of logarithms."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from . import return_types
from .masks import keep
from .operands import (
    check_tensor,
    float_of,
    in_single,
    named,
    operands,
    refuse,
    two_tensors,
)

__all__ = ["logaddexp", "logaddexp2", "xlogy", "ldexp", "frexp"]
METHODS = "logaddexp logaddexp2 xlogy ldexp frexp".split()
IN_PLACE = ["xlogy", "ldexp"]


def logaddexp(input: Tensor, other: Tensor) -> Tensor:
    """ln(eˣ + eʸ)"""
    x, y, a, b = two_tensors(input, other, "logaddexp")
    refuse(a, "biuc", "logaddexp_cpu")
    return record(np.logaddexp(a, b),
                  (x, lambda g: g / (1 + (y - x).exp()), x, y),
                  (y, lambda g: g / (1 + (x - y).exp()), x, y))


def logaddexp2(input: Tensor, other: Tensor) -> Tensor:
    """log₂(2ˣ + 2ʸ)"""
    x, y, a, b = two_tensors(input, other, "logaddexp2")
    refuse(a, "biuc", "logaddexp2_cpu")
    return record(np.logaddexp2(a, b),
                  (x, lambda g: g / (1 + 2 ** (y - x)), x, y),
                  (y, lambda g: g / (1 + 2 ** (x - y)), x, y),
                  name="Logaddexp2Backward0")


def xlogy(input: Any, other: Any) -> Tensor:
    """x ln y; 0 where x is 0, unless y is NaN"""
    x, y, a, b = operands(input, other)
    refuse(a, "c", "xlogy_cpu")
    if a.dtype.kind in "biu":
        a, b = float_of(input), float_of(other)
    dead = (a == 0) & (b <= 0)
    kinds = isinstance(input, Tensor), isinstance(other, Tensor)
    return record(
        in_single(times_log, a, b),
        (x, lambda g: keep(xlogy(g, y), ~dead), y),
        (y, lambda g: g * x / y, x, y),
        name="XlogyBackward" + {(True, True): "0", (False, True): "1",
                                (True, False): "2"}[kinds])


def times_log(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    y = a * np.log(b)
    y = np.where(a == 0, a.dtype.type(0), y)
    return np.where(np.isnan(b), b, y)


def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """x · 2ʸ"""
    check_tensor(input, "ldexp")
    check_tensor(other, "ldexp", "other", 2)
    return named(input * 2.0 ** other, "LdexpBackward0")


def frexp(input: Tensor) -> Any:
    """(mantissa, exponent) with x = mantissa · 2^exponent, ½ ≤ |m| < 1"""
    x = input
    check_tensor(x, "frexp")
    if x.array.dtype.kind != "f":
        raise RuntimeError(
            "torch.frexp() only supports floating-point dtypes")
    mantissa, exponent = np.frexp(x.array)
    power = wrap(np.ldexp(np.ones_like(x.array), -exponent))
    return return_types.frexp((
        record(mantissa, (x, lambda g: g * power), name="FrexpBackward0"),
        wrap(exponent.astype(np.int32))))
