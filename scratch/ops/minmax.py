"""The greater of two, the lesser of two, and what lies between bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dtypes import NUMBERS, dtype, float64
from ..graph import record
from ..kernels.lying import cast_as_it_lies, in_line
from ..tensor import Tensor
from .kinds import lone
from .masks import keep, shared
from .numbers import check_fits, check_wide, number_in
from .operands import (
    check_broadcast,
    check_tensor,
    combination,
    refuse,
    result_type,
    torch_name,
    two_tensors,
)

__all__ = [
    "maximum", "minimum", "fmax", "fmin", "clamp", "clip", "clamp_min",
    "clamp_max",
]
METHODS = "maximum minimum fmax fmin clamp clip clamp_min clamp_max".split()
IN_PLACE = "clamp clip clamp_min clamp_max".split()


def maximum(input: Tensor, other: Tensor) -> Tensor:
    """The greater of x and y, NaN if either is; a tie shares the slope"""
    x, y, a, b = real_operands(input, other, "maximum")
    return record(np.maximum(a, b),
                  (x, lambda g: shared(g, ~(a < b), a == b), x, y),
                  (y, lambda g: shared(g, ~(a > b), a == b), x, y))


def minimum(input: Tensor, other: Tensor) -> Tensor:
    """The lesser of x and y, NaN if either is; a tie shares the slope"""
    x, y, a, b = real_operands(input, other, "minimum")
    return record(np.minimum(a, b),
                  (x, lambda g: shared(g, ~(a > b), a == b), x, y),
                  (y, lambda g: shared(g, ~(a < b), a == b), x, y))


def fmax(input: Tensor, other: Tensor) -> Tensor:
    """As maximum, but NaN gives way to a number"""
    x, y, a, b = real_operands(input, other, "fmax")
    return record(
        np.fmax(a, b),
        (x, lambda g: shared(g, (a > b) | (b != b), a == b), x, y),
        (y, lambda g: shared(g, ~((a > b) | (b != b)), a == b), x, y))


def fmin(input: Tensor, other: Tensor) -> Tensor:
    """As minimum, but NaN gives way to a number"""
    x, y, a, b = real_operands(input, other, "fmin")
    return record(
        np.fmin(a, b),
        (x, lambda g: shared(g, (a < b) | (b != b), a == b), x, y),
        (y, lambda g: shared(g, ~((a < b) | (b != b)), a == b), x, y))


def real_operands(x: Any, y: Any, caller: str) -> tuple:
    """Two tensors; there is no greater among complex numbers."""
    x, y, a, b = two_tensors(x, y, caller)
    if a.dtype.kind == "c":
        raise TypeError(f"{caller} not implemented for complex tensors.")
    return x, y, a, b


def clamp(input: Tensor, min: Any = None, max: Any = None) -> Tensor:
    """min(max(x, min), max): bounds are numbers, or tensors

    torch: the slope of x is 1 only strictly between numbers; a bound that
    is a tensor shares it with x at a tie.
    """
    x = input
    check_tensor(x, "clamp")
    if min is None and max is None:
        raise RuntimeError(
            "torch.clamp: At least one of 'min' or 'max' must not be None")
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        min, max = of_one_kind(min, max)
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        return clamp_tensors(x, min, max)
    for bound in (min, max):
        if isinstance(bound, complex) and x.array.dtype.kind == "f":
            check_fits(bound, float64)
    a, low, high = bounds_of(x, min, max)
    side = "_max" if min is None else "_min" if max is None else ""
    refuse(a, "b", f"clamp{side}_scalar_cpu")
    free = inside(a, low, high)
    return record(between(a, low, high), (x, lambda g: keep(g, free), x),
                  name="ClampBackward1")


def of_one_kind(min: Any, max: Any) -> list:
    """Bounds; beside a number, a tensor without dimensions is one too."""
    if any(isinstance(bound, NUMBERS) for bound in (min, max)):
        return [bound.item() if lone(bound, "fiubc") else bound
                for bound in (min, max)]
    return [min, max]


def same_kind(x: Tensor, *bounds: Any) -> list:
    """The arrays of x and of its bounds in the dtype of the result."""
    given = [b for b in bounds if b is not None]
    number = result_type(x, *given).numpy
    return [x.array.astype(number, copy=False)] + [
        b if b is None else cast_as_it_lies(b.array, number)
        if isinstance(b, Tensor) else number_in(b, number)
        for b in bounds]


def bounds_of(x: Tensor, min: Any, max: Any) -> list:
    """As same_kind, for bounds that are numbers."""
    if not all(n is None or isinstance(n, NUMBERS) for n in (min, max)):
        raise combination("clamp", x, min, max)
    for bound in (min, max):
        check_wide(bound)
    kind = result_type(*[n for n in (x, min, max) if n is not None])
    if kind.is_complex:
        raise NotImplementedError(
            "clamp is not supported for complex types")
    if kind.numpy.kind in "iu":
        min, max = within_kind(min, max, kind)
    return same_kind(x, min, max)


def within_kind(low: Any, high: Any, kind: dtype) -> tuple[Any, Any]:
    """Whole bounds: one that every number keeps is the dtype's own end."""
    limits = np.iinfo(kind.numpy)
    least, most = int(limits.min), int(limits.max)
    for name, bound, passes in (
            ("min", low, low is not None and low > most),
            ("max", high, high is not None and high < least)):
        if passes:
            raise RuntimeError(
                f"Clamp {name} value {float(bound):g} is outside the "
                f"representable range of {torch_name(kind)}")
    return (None if low is None else max(low, least),
            None if high is None else min(high, most))


def representable(a: np.ndarray, low: float, high: float) -> tuple:
    """Bounds of whole numbers as such of their dtype, the nearest it has"""
    limits, wide = np.iinfo(a.dtype), np.dtype(np.int64)
    low, high = number_in(low, wide), number_in(high, wide)
    if high < limits.min == 0:
        raise RuntimeError(f"Clamp max value {high} is outside the "
                           "representable range of Byte")
    return tuple(max(limits.min, min(n, limits.max)) for n in (low, high))


def between(a: np.ndarray, low: Any, high: Any) -> np.ndarray:
    if a.dtype.kind == "f" and not np.ndim(low) and not np.ndim(high):
        # for numbers a third of the time
        return np.clip(a, -np.inf if low is None else low,
                       np.inf if high is None else high)
    if low is not None:
        a = np.maximum(a, low)
    return a if high is None else np.minimum(a, high)


def inside(a: np.ndarray, low: Any, high: Any) -> np.ndarray:
    """Where a lies strictly between its bounds."""
    if low is None:
        return a < high
    return a > low if high is None else (a > low) & (a < high)


def clamp_tensors(x: Tensor, min: Any, max: Any) -> Tensor:
    """clamp where a bound is a tensor."""
    for bound, name in ((min, "min"), (max, "max")):
        if bound is not None and not isinstance(bound, Tensor):
            raise TypeError(
                f"clamp(): argument '{name}' must be Tensor where the other "
                f"bound is one, not {type(bound).__name__}")
    if x.dtype.is_complex:
        raise NotImplementedError("clamp is not supported for complex types")
    a, low, high = same_kind(x, min, max)
    if low is not None and high is not None:
        refuse(a, "bc", "clamp_cpu")
    refuse(a, "c", "maximum_cpu" if high is None else "minimum_cpu")
    check_broadcast(*[part.shape for part in (a, low, high)
                      if part is not None])
    if low is None or high is None:
        return one_bound(x, min if high is None else max, a,
                         low if high is None else high, high is None)
    a, low, high = in_line(a, low, high)
    apart = low < high
    ties_low, ties_high = (a == low) & apart, (a == high) & apart
    crossed, ordered = low > high, low <= high  # neither, if one is NaN
    below, above = a < low, a > high
    return record(
        between(a, low, high),
        (x, lambda g: shared(g, ~(below | above), ties_low | ties_high), x,
         min, max),
        (min, lambda g: shared(g, below & ordered, ties_low)),
        (max, lambda g: shared(g, above & ordered | crossed,
                               ties_high)),
        name="ClampBackward0")


def one_bound(x: Tensor, bound: Tensor, a: np.ndarray, b: np.ndarray,
              lower: bool, name: str = "ClampBackward0") -> Tensor:
    """The greater (or the lesser) of x and a tensor."""
    a, b = in_line(a, b)
    past = np.less if lower else np.greater
    tie, for_x, for_bound = a == b, ~past(a, b), ~past(b, a)
    return record((np.maximum if lower else np.minimum)(a, b),
                  (x, lambda g: shared(g, for_x, tie), x, bound),
                  (bound, lambda g: shared(g, for_bound, tie), x, bound),
                  name=name)


def clamp_min(input: Tensor, min: Any) -> Tensor:
    """The greater of x and a bound"""
    return bounded(input, min, True)


def clamp_max(input: Tensor, max: Any) -> Tensor:
    """The lesser of x and a bound"""
    return bounded(input, max, False)


def bounded(x: Tensor, bound: Any, lower: bool) -> Tensor:
    """clamp_min and clamp_max."""
    kernel, word = ("clamp_min", "ClampMin") if lower else (
        "clamp_max", "ClampMax")
    if not isinstance(x, Tensor):
        raise combination(kernel, x, bound)
    if isinstance(bound, Tensor):
        a, b = same_kind(x, bound)
        refuse(a, "c", "maximum_cpu" if lower else "minimum_cpu")
        check_broadcast(a.shape, b.shape)
        return one_bound(x, bound, a, b, lower, f"{word}Backward1")
    limits: Any = (bound, None) if lower else (None, bound)
    a, *limits = bounds_of(x, *limits)
    refuse(a, "b", f"{kernel}_scalar_cpu")
    free = inside(a, *limits)
    return record(between(a, *limits), (x, lambda g: keep(g, free), x),
                  name=f"{word}Backward0")


clip = clamp
