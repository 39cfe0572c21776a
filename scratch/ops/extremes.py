"""The greatest and the least of a tensor, and where they stand."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..tensor import Tensor, wrap
from . import return_types
from .chosen import along, check_filled, chosen
from .minmax import maximum, minimum
from .operands import check_tensor, dims_of, named, refuse, torch_name

__all__ = [
    "max", "min", "amax", "amin", "argmax", "argmin", "aminmax",
]
METHODS = __all__
IN_PLACE: list[str] = []


def max(input: Tensor, dim: Any = None, keepdim: bool = False, *,
        other: Any = None) -> Any:
    """The greatest element; along `dim` (values, indices); or maximum

    NaN counts as the greatest. Of the whole tensor, ties share the slope.
    """
    return extreme(input, dim, keepdim, other, "max")


def min(input: Tensor, dim: Any = None, keepdim: bool = False, *,
        other: Any = None) -> Any:
    """The least element; along `dim` (values, indices); or minimum"""
    return extreme(input, dim, keepdim, other, "min")


def extreme(x: Tensor, dim: Any, keepdim: bool, other: Any,
            name: str) -> Any:
    """max and min in their three forms: of all, along dim, of two"""
    check_tensor(x, name)
    word = name.capitalize()
    if isinstance(dim, Tensor) or other is not None:
        pair = maximum if name == "max" else minimum
        return pair(x, dim if other is None else other)
    if dim is None:
        refuse(x.array, "c", f"{name}_all")
        check_some(x.array, name)
        y = np.asarray(getattr(x.array, name)())
        return record(y, (x, lambda g, y: share(g, x, y)),
                      keep_result=True, name=f"{word}Backward1")
    if not isinstance(dim, (int, np.integer)):
        raise TypeError(f"{name}() received an invalid combination of "
                        f"arguments - got ({type(dim).__name__})")
    if x.array.dtype.kind == "c":
        raise TypeError(f"{name}(): does not support complex input")
    a, d = along(x, dim)
    check_filled(a, d, name)
    index = np.expand_dims(getattr(a, f"arg{name}")(d), d)
    return getattr(return_types, name)(
        chosen(x, d, index, f"{word}Backward0", keepdim))


def check_some(a: np.ndarray, name: str) -> None:
    if not a.size:
        raise RuntimeError(
            f"{name}(): Expected reduction dim to be specified for "
            "input.numel() == 0. Specify the reduction dim with the 'dim' "
            "argument.")


def share(g: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The gradient of y, spread evenly over the x that are equal to it."""
    a, b = x.array, y.array
    ties = np.isnan(a) if np.isnan(b) else a == b
    return g * wrap(ties / ties.sum(dtype=a.dtype))


def amax(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The greatest over `dim` (several allowed); ties share the slope"""
    return over(input, dim, keepdim, "amax")


def amin(input: Tensor, dim: Any = (), keepdim: bool = False) -> Tensor:
    """The least over `dim` (several allowed); ties share the slope"""
    return over(input, dim, keepdim, "amin")


def over(x: Tensor, dim: Any, keepdim: bool, name: str) -> Tensor:
    """amax and amin."""
    check_tensor(x, name)
    a, axes = x.array, dims_of(dim, x.array.ndim)
    refuse(a, "c", f"{name[1:]}_values_cpu")
    for d in axes:
        if not a.shape[d]:
            if dim is None or dim == ():
                check_some(a, name)
            raise IndexError(f"{name}(): Expected reduction dim {d} to have "
                             "non-zero size.")
    kept = np.asarray(getattr(a, name[1:])(axes, keepdims=True))

    def rule(g: Tensor) -> Tensor:
        ties = a == kept
        count = ties.sum(axes, a.dtype, keepdims=True)
        return g.reshape(kept.shape) * wrap(np.divide(
            ties, count, dtype=a.dtype))

    y = kept if keepdim else kept.squeeze(axes)
    return record(y, (x, rule, x), name=f"{name.capitalize()}Backward0")


def argmax(input: Tensor, dim: int | None = None,
           keepdim: bool = False) -> Tensor:
    """Where the greatest element stands: of several, the first"""
    return where_extreme(input, dim, keepdim, "argmax")


def argmin(input: Tensor, dim: int | None = None,
           keepdim: bool = False) -> Tensor:
    """Where the least element stands: of several, the first"""
    return where_extreme(input, dim, keepdim, "argmin")


def where_extreme(x: Tensor, dim: int | None, keepdim: bool,
                  name: str) -> Tensor:
    """argmax and argmin: the first place of the extreme"""
    check_tensor(x, name)
    kind = x.array.dtype.kind
    if kind == "c":
        raise TypeError(f"{name}(): does not support complex input")
    if kind == "b":
        raise NotImplementedError(f"{name}(): does not support bool input")
    if dim is None:
        if not x.array.size:
            raise IndexError(f"{name}(): Expected reduction dim to be "
                             "specified for input.numel() == 0.")
        at = np.asarray(getattr(x.array, name)(), np.int64)
        return wrap(at.reshape((1,) * x.array.ndim) if keepdim else at)
    a, d = along(x, dim)
    check_filled(a, d, name)
    at = getattr(a, name)(d, keepdims=keepdim and x.array.ndim > 0)
    return wrap(np.asarray(at, np.int64))


def aminmax(input: Tensor, *, dim: int | None = None,
            keepdim: bool = False) -> Any:
    """(the least, the greatest), of everything or along `dim`"""
    x = input
    check_tensor(x, "aminmax")
    if x.array.dtype.kind == "c":
        raise TypeError("aminmax not implemented for "
                        f"{torch_name(dtypes.of(x.array.dtype))}")
    if dim is None and not x.array.size:
        raise RuntimeError(
            "aminmax(): cannot compute aminmax over an empty dimension as "
            "the operation has no identity.")
    if dim is not None:
        a, d = along(x, dim)
        if not a.shape[d]:
            raise IndexError(f"aminmax: Expected reduction dim {d} to have "
                             "non-zero size.")
    axes: Any = () if dim is None else dim
    low, high = amin(x, axes, keepdim), amax(x, axes, keepdim)
    return return_types.aminmax(
        [named(y, "AminmaxBackward0") for y in (low, high)])
