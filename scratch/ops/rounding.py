"""Steps: rounding, signs taken from elsewhere, and the parts of a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels.lying import in_line
from ..tensor import Tensor
from .division import underivable
from .masks import keep, nothing
from .operands import (
    check_tensor,
    combination,
    float_of,
    in_single,
    operands,
    refuse,
    two_tensors,
)

__all__ = [
    "ceil", "floor", "round", "trunc", "fix", "frac", "copysign",
    "heaviside",
]
METHODS = IN_PLACE = __all__


def ceil(input: Tensor) -> Tensor:
    """⌈x⌉"""
    return record(whole(np.ceil, input, "ceil"), (input, nothing),
                  name="CeilBackward0")


def floor(input: Tensor) -> Tensor:
    """⌊x⌋"""
    return record(whole(np.floor, input, "floor"), (input, nothing),
                  name="FloorBackward0")


def trunc(input: Tensor) -> Tensor:
    """x without its fraction"""
    return record(whole(np.trunc, input, "trunc"), (input, nothing),
                  name="TruncBackward0")


def round(input: Tensor, *, decimals: int = 0) -> Tensor:
    """The nearest number of so many decimals; of two, the even one"""
    if decimals == 0:
        return record(whole(np.rint, input, "round"), (input, nothing),
                      name="RoundBackward0")
    a = input.array
    refuse(a, "biuc", "round_cpu")
    scale = 10.0 ** (-decimals if decimals < 0 else decimals)

    def rounded(a: np.ndarray) -> np.ndarray:
        if decimals < 0:
            return np.rint(a / scale) * scale
        return np.rint(a * scale) / scale

    return record(in_single(rounded, a), (input, nothing),
                  name="RoundBackward1")


def whole(function: Any, x: Tensor, name: str) -> np.ndarray:
    """A rounding function; integers are whole already."""
    check_tensor(x, name)
    a = x.array
    if a.dtype.kind == "c" and name != "round":
        raise NotImplementedError(
            f"{name} is not supported for complex inputs")
    refuse(a, "bc", f"{name}_vml_cpu")
    return a.copy() if a.dtype.kind in "iu" else function(a)


def frac(input: Tensor) -> Tensor:
    """x - trunc x"""
    refuse(input.array, "biuc", "frac_cpu")
    return record(input.array - np.trunc(input.array),
                  (input, lambda g: g))


def copysign(input: Tensor, other: Any) -> Tensor:
    """|x| with the sign of y"""
    if not isinstance(input, Tensor):
        raise combination("copysign", input, other)
    x, y, a, b = operands(input, other)
    if a.dtype.kind in "biu":
        a, b = float_of(input), float_of(other)
    refuse(a, "c", "copysign_cpu")
    return record(np.copysign(a, b),
                  (x, lambda g, z: g * keep(z / x, x.array != 0), x),
                  (y, lambda g, z: nothing(g)), keep_result=True,
                  name=f"CopysignBackward{int(x is input and y is not other)}"
                  )


def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """0 below 0, `values` at 0, 1 above"""
    x, y, a, b = two_tensors(input, values, "heaviside", "values")
    if a.dtype.kind == "c":
        raise NotImplementedError(
            "heaviside is not yet implemented for complex tensors.")
    if x.array.dtype != y.array.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors "
                           "with different dtypes.")
    a, b = in_line(a, b)
    z = np.where(a == 0, b, (a > 0).astype(a.dtype))
    return record(z, (x, underivable("heaviside")),
                  (y, underivable("heaviside")), name="NotImplemented")


fix = trunc
