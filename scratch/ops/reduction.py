"""Sums and what is made of them; a sum's adjoint is expand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..kernels import rows
from ..kernels.memory import in_row_order
from ..modes import modes
from ..tensor import Tensor, wrap
from .operands import check_tensor, dim_of, dims_of, torch_name
from .shape import stretched

__all__ = [
    "sum", "mean", "nansum", "nanmean", "prod", "all", "any",
    "count_nonzero",
]
METHODS = __all__
IN_PLACE: list[str] = []


def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *,
        dtype: Any = None) -> Tensor:
    """Σ x over `dim` (several allowed; all without it)

    Integers and bools are summed in int64, float16 in float32.
    """
    if dtype is not None or not isinstance(input, Tensor):
        check_tensor(input, "sum")
        input = input.to(dtype)
        if input.array.dtype.kind in "biu":  # summed in int64 nevertheless
            return sum(input, dim, keepdim).to(dtype)
    x = input
    a, before = x.array, x.array.shape
    if dim is None:
        return record(add_up(a, None, keepdim),
                      (x, lambda g: whole_of(g, before)))
    axes = dims_of(dim, a.ndim)
    kept = tuple([1 if d in axes else n for d, n in enumerate(before)])
    return record(in_row_order(add_up(a, axes, keepdim)),
                  (x, lambda g: g.reshape(kept).expand(before)),
                  name="SumBackward1")


def whole_of(g: Tensor, shape: tuple) -> Tensor:
    """The gradient of a full sum, back at every place."""
    if g.array.ndim:
        g = g.reshape(())
    if not modes.recording:
        return wrap(stretched(g.array, shape))
    return g.expand(shape)


def add_up(a: Any, axes: Any, keepdim: bool = False) -> np.ndarray:
    """np.sum with torch's accumulators."""
    kind = a.dtype.kind
    if kind in "biu":
        return np.add.reduce(a, axes, np.int64, keepdims=keepdim)
    if a.dtype == np.float16:
        y = np.add.reduce(a, axes, np.float32, keepdims=keepdim)
        return np.asarray(y).astype(np.float16)
    if a.size <= FEW and a.dtype == np.float32:
        y = np.add.reduce(a, axes, np.float64, keepdims=keepdim)
        return y.astype(np.float32)
    if a.size >= rows.LARGE and rows.fits(a):
        return by_products(a, axes, keepdim)
    return np.add.reduce(a, axes, keepdims=keepdim)


def by_products(a: np.ndarray, axes: Any, keepdim: bool) -> np.ndarray:
    """The sum of a large array, in half of np.sum's time or less."""
    axes = tuple(range(a.ndim)) if axes is None else tuple(sorted(axes))
    count = len(axes)
    if axes == tuple(range(a.ndim - count, a.ndim)):
        lead = a.shape[:a.ndim - count]
        y = rows.sums(a.reshape(math.prod(lead), -1))
        return y.reshape(lead + (1,) * count if keepdim else lead)
    if axes == tuple(range(count)):
        rest = a.shape[count:]
        y = rows.column_sums(a.reshape(-1, math.prod(rest)))
        return y.reshape((1,) * count + rest if keepdim else rest)
    return np.add.reduce(a, axes, keepdims=keepdim)


FEW = 512  # so few float32 numbers are summed in float64: it costs nothing


def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *,
         dtype: Any = None) -> Tensor:
    """Σ x / n over `dim`"""
    check_tensor(input, "mean")
    x = input if dtype is None else input.to(dtype)
    if x.array.dtype.kind not in "fc":
        raise NotImplementedError(
            "mean(): could not infer output dtype. "
            f"{'Input' if dtype is None else 'Optional'} dtype must be "
            "either a floating point or complex dtype. Got: "
            f"{torch_name(x.dtype)}")
    axes, before = dims_of(dim, x.array.ndim), x.array.shape
    count = 1
    for d in axes:
        count *= before[d]
    kept = tuple([1 if d in axes else n for d, n in enumerate(before)])
    return record(in_row_order(average(x.array, axes, count, keepdim)),
                  (x, lambda g: g.reshape(kept).expand(before) / count),
                  name=f"MeanBackward{0 if dim is None else 1}")


def average(a: Any, axes: Any, count: int,
            keepdim: bool = False) -> np.ndarray:
    """add_up(a) / count, rounded once for float16."""
    if a.dtype == np.float16:
        y = np.add.reduce(a, axes, np.float32, keepdims=keepdim)
        return np.asarray(y / np.float32(count)).astype(np.float16)
    y = np.asarray(add_up(a, axes, keepdim))
    return y / y.dtype.type(count)


def nansum(input: Tensor, dim: Any = None, keepdim: bool = False, *,
           dtype: Any = None) -> Tensor:
    """Σ x, a NaN counting as 0"""
    check_tensor(input, "nansum")
    x = input if dtype is None else input.to(dtype)
    a = x.array
    if a.dtype.kind == "c":
        raise NotImplementedError(
            "nansum on CPU does not support complex inputs")
    if a.dtype.kind != "f":
        return sum(x, dim, keepdim, dtype=dtype)
    there, axes = ~np.isnan(a), dims_of(dim, a.ndim)
    kept = tuple([1 if d in axes else n for d, n in enumerate(a.shape)])
    y = add_up(np.where(there, a, a.dtype.type(0)), axes, keepdim)
    return record(y, (x, lambda g: g.reshape(kept) * wrap(
        there.astype(a.dtype)), x), name="NansumBackward0")


def nanmean(input: Tensor, dim: Any = None, keepdim: bool = False, *,
            dtype: Any = None) -> Tensor:
    """Σ x / n over what is not NaN"""
    x = input
    check_tensor(x, "nanmean")
    if x.array.dtype.kind not in "fc":
        raise NotImplementedError(
            "nanmean(): expected input to have floating point or complex "
            f"dtype but got {torch_name(x.dtype)}")
    count = sum(wrap(~np.isnan(x.array)), dim, keepdim)
    return nansum(x, dim, keepdim, dtype=dtype) / count


def prod(input: Tensor, dim: Any = None, keepdim: bool = False, *,
         dtype: Any = None) -> Tensor:
    """Π x, of everything or along `dim`:  ∂x = g · the product of the others
    """
    check_tensor(input, "prod")
    x = input if dtype is None else input.to(dtype)
    a = x.array
    if dtype is not None and a.dtype.kind in "biu":
        return prod(x, dim, keepdim).to(dtype)
    if dim is not None and not isinstance(dim, (int, np.integer)):
        raise TypeError("prod() received an invalid combination of arguments"
                        f" - got ({type(dim).__name__})")
    d = None if dim is None else dim_of(dim, a.ndim)
    axes = dims_of(d, a.ndim)
    kept = tuple([1 if k in axes else n for k, n in enumerate(a.shape)])
    zeros = a.dtype.kind in "fc" and not a.all()

    def rule(g: Tensor, y: Tensor) -> Tensor:
        if not a.ndim:
            return g
        g = g.reshape(kept)
        if d is None and not modes.recording and (
                a.size - np.count_nonzero(a) > 1):
            return wrap(np.zeros_like(a))  # also beside an infinite number
        if not zeros and not modes.recording:
            return g * (y.reshape(kept) / x).conj()
        # without division: y / x has a derivative whose parts cancel
        flat = x.reshape(-1) if d is None else x
        return g * others(flat, d or 0).reshape(a.shape).conj()

    y = in_row_order(multiply(a, axes, keepdim))
    return record(y, (x, rule, x), keep_result=True,
                  name=f"ProdBackward{0 if dim is None else 1}")


def multiply(a: Any, axes: tuple, keepdim: bool) -> np.ndarray:
    """np.prod with torch's accumulators."""
    if a.dtype.kind in "biu":
        return np.multiply.reduce(a, axes, np.int64, keepdims=keepdim)
    if a.dtype == np.float16:
        y = np.multiply.reduce(a, axes, np.float32, keepdims=keepdim)
        return np.asarray(y).astype(np.float16)
    return np.multiply.reduce(a, axes, keepdims=keepdim)


def others(x: Tensor, d: int) -> Tensor:
    """For each element of x the product of all others along d.

    Products from the left times products from the right: no division, so
    zeros do no harm.
    """
    if not x.array.ndim or not x.array.size:
        return wrap(np.ones_like(x.array))
    n = x.array.shape[d]
    one = wrap(np.ones_like(x.array[(slice(None),) * d + (slice(0, 1),)]))
    before = x.narrow(d, 0, n - 1).cumprod(d)
    after = x.narrow(d, 1, n - 1).flip(d).cumprod(d).flip(d)
    return joined(one, before, d) * joined(after, one, d)


def joined(x: Tensor, y: Tensor, d: int) -> Tensor:
    """x, then y, along d."""
    a = np.concatenate((x.array, y.array), d)
    m, n = x.array.shape[d], y.array.shape[d]
    return record(a, (x, lambda g: g.narrow(d, 0, m)),
                  (y, lambda g: g.narrow(d, m, n)), name="CatBackward0")


def all(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether no element is 0"""
    return truth(np.all, input, dim, keepdim, "all")


def any(input: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
    """Whether some element is not 0"""
    return truth(np.any, input, dim, keepdim, "any")


def truth(function: Any, x: Tensor, dim: Any, keepdim: bool,
          name: str) -> Tensor:
    """all and any: booleans along dimensions"""
    check_tensor(x, name)
    # torch: an empty list of dimensions is none, not all; bytes stay bytes
    empty = isinstance(dim, (tuple, list)) and not dim
    axes = () if empty else dims_of(dim, x.array.ndim)
    y = np.asarray(function(x.array, axes, keepdims=keepdim))
    return wrap(y.astype(np.uint8) if x.array.dtype == np.uint8 else y)


def count_nonzero(input: Tensor, dim: Any = None) -> Tensor:
    """How many elements are not 0"""
    check_tensor(input, "count_nonzero")
    axes = dims_of(dim, input.array.ndim)
    return wrap(np.sum(input.array != 0, axes, np.int64))


def conform(g: Tensor, node: Any) -> Tensor:
    """Sum a gradient over broadcast axes and give it its input's dtype."""
    if g.array.shape != node.shape:
        extra = g.array.ndim - len(node.shape)
        stretched = [axis for axis, n in enumerate(node.shape, extra)
                     if n != g.array.shape[axis]]
        g = sum(g, (*range(extra), *stretched), True).reshape(node.shape)
    if g.array.dtype is not node.dtype and g.array.dtype != node.dtype:
        g = g.to(dtypes.of(node.dtype))
    return g
