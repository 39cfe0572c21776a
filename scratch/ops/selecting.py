"""Whole slices and single elements, chosen by an index."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..kernels import picking
from ..tensor import Tensor, wrap
from .convert import cast
from .gather import check_index, gather, pick, scatter_by
from .indexing import converted, getitem, index_put_op
from .numbers import number_in
from .operands import (
    check_broadcast,
    check_tensor,
    combination,
    dim_of,
    named,
    refuse,
    torch_name,
)
from .subscript import plain_part

__all__ = [
    "index_select", "index_add", "index_copy", "index_fill", "index_put",
    "index_reduce", "put", "take", "take_along_dim",
]
METHODS = (
    "index_select index_add index_copy index_fill index_put index_reduce "
    "take take_along_dim put"
).split()
IN_PLACE = (
    "index_add index_copy index_fill index_put index_reduce put").split()


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices of x along `dim` that the index names."""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "index_select")
    if i.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    check_slices(i, x, d, "index_select")
    before = x.array.shape
    if not before:
        if i.size != 1:
            raise RuntimeError("index_select(): Index to scalar can have only"
                               f" 1 value, got {i.size} value(s)")
        return record(x.array.copy(), (x, lambda g: g),
                      name="IndexSelectBackward0")
    i = i.reshape(-1)
    return record(np.take(x.array, i, d),
                  (x, lambda g: add_slices(g, d, i, before)))


def check_slices(i: np.ndarray, x: Tensor, d: int, caller: str,
                 least: int = 0) -> None:
    """Refuse places that dimension d does not have; -1 is one if told."""
    n = x.array.shape[d] if x.array.ndim else 1
    if not i.size or least <= i.min() <= i.max() < n:
        return
    if caller == "index_select":
        raise IndexError("index out of range in self")
    bad = i[(i < least) | (i >= n)].flat[0]
    begin = "index_copy_(): " * (caller == "index_copy")
    raise (RuntimeError if caller == "index_add" else IndexError)(
        f"{begin}index {bad} is out of bounds for dimension {d} with size "
        f"{n}")


def add_slices(y: Tensor, d: int, i: np.ndarray, shape: tuple) -> Tensor:
    """The adjoint of index_select: slices added into zeros."""
    x = picking.placed(y.array, (slice(None),) * d + (i,), shape)
    where = wrap(i)
    return record(x, (y, lambda g: index_select(g, d, where)),
                  name="IndexAddBackward0")


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *,
              alpha: Any = 1) -> Tensor:
    """x with alpha · source added to the slices that the index names."""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "index_add")
    if i.ndim > 1:
        raise IndexError(
            "index_add_(): Index is supposed to be a vector, but got dim: "
            f"{i.ndim} with type: {torch_name(index.dtype)} and size: "
            f"{[*i.shape]}")
    i = i.reshape(-1)
    part = check_source(x, d, i, source, "index_add")
    check_slices(i, x, d, "index_add")
    if not x.array.ndim:
        added = (part * alpha).sum(dtype=x.dtype)
        if x.array.dtype.kind == "b":
            return x.logical_or(added)
        return named(x + added, "IndexAddBackward0")
    scaled = part.array if alpha == 1 else part.array * number_in(
        alpha, x.array.dtype)
    y = picking.add_slices(x.array, d, i, scaled)
    where = wrap(i)
    return record(y, (x, lambda g: g), (
        part, lambda g: index_select(g, d, where) * alpha))


def check_source(x: Tensor, d: int, i: np.ndarray, source: Tensor,
                 caller: str) -> Tensor:
    """source as one slice for each index; refused where it does not fit."""
    if source.array.dtype != x.array.dtype:
        raise RuntimeError(
            f"{caller}_(): self and source expected to have the same dtype, "
            f"but got (self) {torch_name(x.dtype)} and (source) "
            f"{torch_name(source.dtype)}" if caller == "index_copy" else
            f"{caller}_(): self ({torch_name(x.dtype)}) and source ("
            f"{torch_name(source.dtype)}) must have the same scalar type")
    want = list(x.array.shape) or [1]
    want[d] = i.size
    if source.array.ndim == 0 and i.size == 1:
        return source.reshape(want if x.array.ndim else 1)
    lone = caller == "index_add" and not x.array.ndim
    if [*source.array.shape] != want or lone:
        same = source.array.ndim == len(want) and all(
            n == m for axis, (n, m) in enumerate(
                zip(source.array.shape, want)) if axis != d)
        if caller == "index_add":
            refuse_source(x, d, i, source, same and not lone)
        raise (IndexError if same and caller == "index_copy"
               else RuntimeError)(
            f"{caller}_(): Number of indices ({i.size}) should be equal to "
            f"source.size(dim), and source {[*source.shape]} must match self"
            f" {[*x.shape]} apart from dimension {d}")
    return source


def refuse_source(x: Tensor, d: int, i: np.ndarray, source: Tensor,
                  same: bool) -> None:
    """torch's words for what index_add cannot add."""
    if not same:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the"
            f" specified dimension. Got self.shape = {[*x.shape]} "
            f"source.shape = {[*source.shape]}")
    raise RuntimeError(
        f"index_add_(): Number of indices ({i.size}) should be equal to "
        f"source.size(dim): ({source.array.shape[d]}), for dim: {d}")


def index_copy(input: Tensor, dim: int, index: Tensor,
               source: Tensor) -> Tensor:
    """x with the slices that the index names replaced by those of source."""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "index_copy")
    if i.ndim > 1:
        raise IndexError("index_copy_(): Index should have dimension 1 or 0 "
                         f"(got {i.ndim})")
    i = i.reshape(-1)
    part = check_source(x, d, i, source, "index_copy")
    check_slices(i, x, d, "index_copy")
    if not x.array.ndim:
        y = index_put_op(x.reshape(1), (i,), part)
        return named(y.reshape(()), "IndexCopyBackward0")
    where = (slice(None),) * d + (i,)
    return index_put_op(x, where, part, name="IndexCopyBackward0")


def index_fill(input: Tensor, dim: int, index: Tensor,
               value: Any) -> Tensor:
    """x with the slices that the index names filled with a value."""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "index_fill")
    if i.ndim > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    i = i.reshape(-1)
    number = not isinstance(value, Tensor)
    if x.array.dtype.kind != "c" and (
            isinstance(value, complex) if number else
            value.array.dtype.kind == "c" and not value.array.ndim):
        raise RuntimeError("index_fill_(): Converting complex Scalar to "
                           "non-complex type is not supported")
    if number:
        if not isinstance(value, dtypes.NUMBERS):
            raise combination("index_fill", x, dim, index, value)
        value = wrap(np.asarray(number_in(value, x.array.dtype)))
    elif value.array.ndim:
        raise RuntimeError(
            "index_fill_ only supports a 0-dimensional value tensor, but got"
            f" tensor with {value.array.ndim} dimension(s).")
    n = x.array.shape[d] if x.array.ndim else 1
    check_slices(i, x, d, "index_fill", -n)
    i = np.where(i < 0, i + n, i)
    where, y = wrap(np.unique(i)), x.array.copy()
    y[(slice(None),) * d + (i,) if y.ndim else ...] = cast(
        value.array, y.dtype)
    return record(y, (x, lambda g: index_fill(g, d, where, 0)),
                  (value, lambda g: index_select(g, d, where).sum()),
                  name=f"IndexFillBackward{int(not number)}")


def index_reduce(input: Tensor, dim: int, index: Tensor, source: Tensor,
                 reduce: str, *, include_self: bool = True) -> Tensor:
    """x with the slices of source reduced into those that the index names:
    by prod, mean, amax or amin"""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_reduced(x, d, index, source, reduce)
    if not x.array.ndim:
        y = index_reduce(x.reshape(1), 0, index.reshape(1),
                         source.reshape(1), reduce, include_self=include_self)
        return y.reshape(())
    side = [1] * x.array.ndim
    side[d] = -1
    where = wrap(np.broadcast_to(i.reshape(side), source.array.shape))
    return named(scatter_by(x, d, where, source, reduce, include_self),
                 "IndexReduceBackward0")


def check_reduced(x: Tensor, d: int, index: Tensor, source: Tensor,
                  reduce: str) -> np.ndarray:
    """The index, all arguments being as index_reduce wants them."""
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise RuntimeError("index_reduce(): Expected reduce to be one of "
                           f"prod, mean, amax or amin but got {reduce}.")
    if index.array.dtype not in (np.int64, np.int32):
        raise RuntimeError("index_reduce_(): Expected dtype int32/int64 for "
                           f"index but got: {torch_name(index.dtype)}")
    i = index.array.astype(np.int64, copy=False)
    if i.ndim > 1:
        raise IndexError(
            "index_reduce_(): Index is supposed to be a vector, but got dim:"
            f" {i.ndim} with type: {torch_name(index.dtype)} and size: "
            f"{[*i.shape]}")
    if source.array.dtype != x.array.dtype:
        raise RuntimeError(
            f"index_reduce_(): self ({torch_name(x.dtype)}) and source "
            f"({torch_name(source.dtype)}) must have the same scalar type")
    a, b = x.array.shape or (1,), source.array.shape or (1,)
    if a[:d] + a[d + 1:] != b[:d] + b[d + 1:]:
        raise RuntimeError(
            "source tensor shape must match self tensor shape, excluding the"
            f" specified dimension. Got self.shape = {[*x.shape]} "
            f"source.shape = {[*source.shape]}")
    if b[d] != i.size:
        raise RuntimeError(
            f"index_reduce_(): Number of indices ({i.size}) should be equal "
            f"to source.size(dim): ({b[d]}), for dim: {d}")
    if i.size and (i.min() < 0 or i.max() >= a[d]):
        raise IndexError("index out of range in self")
    refuse(x.array, "bc", "index_func_")
    return i


def index_put(input: Tensor, indices: Any, values: Tensor,
              accumulate: bool = False) -> Tensor:
    """x with x[indices] = values, or += values where accumulate is set."""
    x = input
    check_parts(indices)
    check_tensor(values, "index_put", "values", 3)
    where = tuple([index_part(i) for i in indices])
    if values.array.dtype != x.array.dtype:
        values = converted(x, where, values)
    if not accumulate:
        return index_put_op(x, where, values)
    y = x.array.copy()
    picking.add(y, where, values.array)
    return record(y, (x, lambda g: g),
                  (values, lambda g: getitem(g, where)),
                  name="IndexPutBackward0")


def check_parts(indices: Any) -> None:
    """Refuse what is no tuple of tensors, or of None for a whole axis."""
    if not isinstance(indices, (tuple, list)):
        raise TypeError("index_put(): argument 'indices' (position 2) must "
                        f"be tuple of Tensors, not {type(indices).__name__}")
    for i, part in enumerate(indices):
        if part is not None and not isinstance(part, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 1, "
                            f"but got {type(part).__name__}")


def index_part(index: Any) -> Any:
    """An index of one dimension, or of those of a mask; None leaves it."""
    part = slice(None) if index is None else plain_part(index)
    return np.asarray([part]) if isinstance(part, int) else part


def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of x at positions counted through all of it."""
    x, i = input, index.array
    if i.dtype != np.int64:
        raise RuntimeError("take(): Expected a long tensor for index, but "
                           f"got {torch_name(index.dtype)}")
    n = x.array.size
    if i.size and not n:
        raise IndexError("take(): tried to take from an empty tensor")
    check_places(i, n)
    where = np.where(i < 0, i + n, i)
    return pick(x, where)


def put(input: Tensor, index: Tensor, source: Tensor,
        accumulate: bool = False) -> Tensor:
    """x with the source at positions counted through all of it, or added
    to what is there."""
    x = input
    check_put(x, index, source)
    part = source.reshape(index.shape)
    y = index_put(x.reshape(-1), (index,), part, accumulate)
    return named(y.reshape(x.shape), "PutBackward0")


def check_put(x: Tensor, index: Tensor, source: Tensor) -> None:
    """Refuse a source and index of other dtypes or sizes than put takes."""
    check_tensor(index, "put", "index", 2)
    check_tensor(source, "put", "source", 3)
    if index.array.dtype != np.int64:
        raise RuntimeError("put_(): Expected a long tensor for index, but "
                           f"got {torch_name(index.dtype)}")
    if source.array.dtype != x.array.dtype:
        raise RuntimeError(
            "put_(): self and source expected to have the same dtype, but "
            f"got self.dtype = {torch_name(x.dtype)} and source.dtype = "
            f"{torch_name(source.dtype)}")
    if source.array.size != index.array.size:
        raise IndexError(
            "put_(): Expected source and index to have the same number of "
            f"elements, but got source.numel() = {source.array.size}, "
            f"index.numel() = {index.array.size}")
    if index.array.size and not x.array.size:
        raise IndexError("put_(): Tried to put elements into an empty tensor")
    check_places(index.array, x.array.size)


def check_places(i: np.ndarray, n: int) -> None:
    """Refuse positions that lie outside of n elements."""
    if i.size and (i.min() < -n or i.max() >= n):
        bad = i[(i < -n) | (i >= n)].flat[0]
        raise IndexError(
            f"out of range: tried to access index {bad} on a tensor of {n} "
            "elements.")


def take_along_dim(input: Tensor, indices: Tensor,
                   dim: int | None = None) -> Tensor:
    """gather with broadcasting, where -1 is the last place.

    Without `dim` over the flat tensor, and from 0 on.
    """
    x = input
    if indices.array.dtype != np.int64:
        raise RuntimeError(
            "torch.take_along_dim(): dtype of indices should be Long but got"
            f" {torch_name(indices.dtype)}")
    if dim is None:
        return gather(x.reshape(-1), 0, indices.reshape(-1))
    if x.array.ndim != indices.array.ndim:
        raise RuntimeError(
            "torch.take_along_dim(): input and indices should have the same "
            f"number of dimensions, but got {x.array.ndim} dimensions for "
            f"input, and {indices.array.ndim} dimensions for indices")
    d = dim_of(dim, x.array.ndim)
    a, b = list(x.array.shape), list(indices.array.shape)
    if x.array.ndim:
        a[d] = b[d] = 1
    shape = list(check_broadcast(tuple(a), tuple(b)))
    if x.array.ndim:
        xs, s = list(shape), list(shape)
        xs[d], s[d] = x.array.shape[d], indices.array.shape[d]
        x, indices = x.expand(xs), indices.expand(s)
    n = x.array.shape[d] if x.array.ndim else 1  # torch: counts around
    return gather(x, dim, wrap(np.asarray(indices.array % max(n, 1))))
