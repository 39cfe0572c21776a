"""Sums, products and powers of two, in the world of logarithms."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels.complexes import log_add
from ..kernels.lying import in_line
from ..tensor import Tensor, wrap
from . import return_types
from .masks import keep
from .operands import (
    check_broadcast,
    check_tensor,
    combination,
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
    refuse(a, "biu", "logaddexp_cpu")
    value = log_add(a, b) if a.dtype.kind == "c" else np.logaddexp(a, b)
    return record(value,
                  (x, lambda g: g / (1 + (y - x).exp()).conj(), x, y),
                  (y, lambda g: g / (1 + (x - y).exp()).conj(), x, y))


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
    x, y, a, b = both_floats(input, other, "xlogy")
    a, b = in_line(a, b)
    dead = (a == 0) & (b <= 0)
    return record(
        times(a, np.log(b), b),  # torch: of float16, each step is rounded
        (x, lambda g: keep(xlogy(g, y), ~dead), y),
        (y, lambda g: g * x / y, x, y),
        name="XlogyBackward" + which(input, other))


def xlog1py(input: Any, other: Any) -> Tensor:
    """x ln(1 + y), exact for small y; 0 where x is 0, unless y is NaN"""
    x, y, a, b = both_floats(input, other, "xlog1py")
    a, b = in_line(a, b)
    dead = (a == 0) & (b <= -1)
    return record(
        in_single(lambda a, b: times(a, np.log1p(b), b), a, b),
        (x, lambda g: keep(xlog1py(g, y), ~dead), y),
        (y, lambda g: g * x / (y + 1), x, y),
        name="SpecialXlog1PyBackward" + which(input, other))


def both_floats(input: Any, other: Any, name: str) -> tuple:
    """Both, and their arrays as floats."""
    if not isinstance(input, Tensor) and not isinstance(other, Tensor):
        raise combination("xlogy" if name == "xlogy" else f"special_{name}",
                          input, other)
    x, y, a, b = operands(input, other)
    refuse(a, "c", f"{name}_cpu")
    if a.dtype.kind in "biu":
        a, b = float_of(input), float_of(other)
    return x, y, a, b


def which(input: Any, other: Any) -> str:
    """torch: the step's number says which of the two are tensors."""
    return {(True, True): "0", (False, True): "1", (True, False): "2"}[
        isinstance(input, Tensor), isinstance(other, Tensor)]


def times(a: np.ndarray, log: np.ndarray, b: np.ndarray) -> np.ndarray:
    y = np.where(a == 0, a.dtype.type(0), a * log)
    return np.where(np.isnan(b), b, y)


def ldexp(input: Tensor, other: Tensor) -> Tensor:
    """x · 2ʸ"""
    x, y = input, other
    check_tensor(x, "ldexp")
    check_tensor(y, "ldexp", "other", 2)
    a, b = x.array, y.array
    if a.dtype.kind != "f" or b.dtype.kind not in "iu":
        return named(x * 2.0 ** y, "LdexpBackward0")
    check_broadcast(a.shape, b.shape)
    # the exponent is added at once: 2ʸ itself may be out of range
    far = np.clip(b, -5000, 5000).astype(np.int32)
    return record(np.ldexp(*in_line(a, far)), (x, lambda g: ldexp(g, y)))


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
