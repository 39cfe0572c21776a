"""Sums and what is made of them; a sum's adjoint is expand."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..tensor import Tensor
from .operands import dims_of, torch_name

__all__ = ["sum", "mean"]
METHODS = "sum mean".split()
IN_PLACE: list[str] = []


def sum(input: Tensor, dim: Any = None, keepdim: bool = False, *,
        dtype: Any = None) -> Tensor:
    """Σ x over `dim` (several allowed; all without it)

    Integers and bools are summed in int64, float16 in float32.
    """
    x = input if dtype is None else input.to(dtype)
    a, before = x.array, x.array.shape
    if dim is None:
        return record(add_up(a, None, keepdim),
                      (x, lambda g: whole_of(g, before)))
    axes = dims_of(dim, a.ndim)
    kept = tuple([1 if d in axes else n for d, n in enumerate(before)])
    return record(add_up(a, axes, keepdim),
                  (x, lambda g: g.reshape(kept).expand(before)),
                  name="SumBackward1")


def whole_of(g: Tensor, shape: tuple) -> Tensor:
    """The gradient of a full sum, back at every place."""
    if g.array.ndim:
        g = g.reshape(())
    return g.expand(shape)


def add_up(a: np.ndarray, axes: Any, keepdim: bool = False) -> np.ndarray:
    """np.sum with torch's accumulators."""
    kind = a.dtype.kind
    if kind in "biu":
        return np.add.reduce(a, axes, np.int64, keepdims=keepdim)
    if a.dtype == np.float16:
        y = np.add.reduce(a, axes, np.float32, keepdims=keepdim)
        return np.asarray(y).astype(np.float16)
    return np.add.reduce(a, axes, keepdims=keepdim)


def mean(input: Tensor, dim: Any = None, keepdim: bool = False, *,
         dtype: Any = None) -> Tensor:
    """Σ x / n over `dim`"""
    x = input if dtype is None else input.to(dtype)
    if x.array.dtype.kind not in "fc":
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be "
            "either a floating point or complex dtype. Got: "
            f"{torch_name(x.dtype)}")
    axes, before = dims_of(dim, x.array.ndim), x.array.shape
    count = 1
    for d in axes:
        count *= before[d]
    kept = tuple([1 if d in axes else n for d, n in enumerate(before)])
    return record(average(x.array, axes, count, keepdim),
                  (x, lambda g: g.reshape(kept).expand(before) / count),
                  name=f"MeanBackward{0 if dim is None else 1}")


def average(a: np.ndarray, axes: Any, count: int,
            keepdim: bool = False) -> np.ndarray:
    """add_up(a) / count, rounded once for float16."""
    if a.dtype == np.float16:
        y = np.add.reduce(a, axes, np.float32, keepdims=keepdim)
        return np.asarray(y / np.float32(count)).astype(np.float16)
    y = np.asarray(np.add.reduce(a, axes, keepdims=keepdim))
    return y / y.dtype.type(count)


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
