"""Picked elements, and elements put back: gather beside scatter."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import alias, record
from ..kernels import scatter as kernels
from ..tensor import Tensor, wrap
from .indexing import getitem, index_put_op, plain_part
from .inplace import check_writable, write
from .operands import check_broadcast, dim_of, operands, torch_name

__all__ = [
    "gather", "scatter", "scatter_add", "scatter_reduce", "index_select",
    "index_add", "index_copy", "index_fill", "index_put", "take",
    "take_along_dim", "masked_fill", "masked_select", "masked_scatter",
    "where", "nonzero", "argwhere",
]
METHODS = (
    "gather scatter scatter_add scatter_reduce index_select index_add "
    "index_copy index_fill index_put take take_along_dim masked_fill "
    "masked_select masked_scatter nonzero argwhere put_ fill_diagonal_"
).split()
IN_PLACE = (
    "scatter scatter_add scatter_reduce index_add index_copy index_fill "
    "index_put masked_fill masked_scatter"
).split()


# ---- the linear pair under all of it


def pick(x: Tensor, where: np.ndarray) -> Tensor:
    """The elements of x at flat positions."""
    shape = x.array.shape
    return record(x.array.reshape(-1)[where],
                  (x, lambda g: place(g, where, shape)),
                  name="TakeBackward0")


def place(y: Tensor, where: np.ndarray, shape: tuple) -> Tensor:
    """The adjoint of pick: add each element of y, at its place, to zeros."""
    x = placed(y.array, where, shape)
    return record(x, (y, lambda g: pick(g, where)), name="PutBackward0")


def placed(y: np.ndarray, where: np.ndarray, shape: tuple) -> np.ndarray:
    size = int(np.prod(shape, dtype=np.int64))
    return kernels.place(y, where, size).reshape(shape)


def positions(shape: tuple, d: int, index: np.ndarray) -> np.ndarray:
    """The flat positions that gather reads along dimension d."""
    steps = np.array([int(np.prod(shape[k + 1:], dtype=np.int64))
                      for k in range(len(shape))], np.int64)
    flat = index * steps[d]
    for k, n in enumerate(index.shape):
        if k != d:
            axis = (1,) * k + (n,) + (1,) * (index.ndim - k - 1)
            flat = flat + (np.arange(n) * steps[k]).reshape(axis)
    return flat


def check_index(index: Any, caller: str, kinds: str = "il") -> np.ndarray:
    if not isinstance(index, Tensor):
        raise TypeError(f"{caller}(): argument 'index' must be Tensor, not "
                        f"{type(index).__name__}")
    if index.array.dtype not in (np.int64, np.int32):
        raise RuntimeError(
            f"{caller}(): Expected dtype int32/int64 for index")
    return index.array.astype(np.int64, copy=False)


def check_gather(x: Tensor, d: int, i: np.ndarray, caller: str) -> None:
    shape = x.array.shape or (1,)
    if i.size and max(i.ndim, 1) != len(shape):
        raise RuntimeError(
            "Index tensor must have the same number of dimensions as "
            f"{'input' if caller == 'gather' else 'self'} tensor")
    for k, n in enumerate(i.shape):
        if i.size and k != d and n > shape[k]:
            raise RuntimeError(
                f"Size does not match at dimension {k} expected index "
                f"{[*i.shape]} to be no larger than self {[*x.shape]} apart "
                f"from dimension {d}")
    check_bounds(i, shape[d], d)


def check_bounds(i: np.ndarray, n: int, d: int) -> None:
    if i.size and (i.min() < 0 or i.max() >= n):
        bad = i[(i < 0) | (i >= n)].flat[0]
        raise RuntimeError(
            f"index {bad} is out of bounds for dimension {d} with size {n}")


def gather(input: Tensor, dim: int, index: Tensor, *,
           sparse_grad: bool = False) -> Tensor:
    """y[i][j] = x[index[i][j]][j]  (dim = 0): one element per index"""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "gather")
    check_gather(x, d, i, "gather")
    shape = x.array.shape or (1,)
    flat = positions(shape, d, i.reshape(i.shape or (1,)))
    before = x.array.shape
    where = flat.reshape(i.shape)
    return record(x.array.reshape(-1)[where],
                  (x, lambda g: place(g, where, before)))


def scatter(input: Tensor, dim: int, index: Tensor, src: Any = None, *,
            value: Any = None, reduce: str | None = None) -> Tensor:
    """x with x[index[i][j]][j] = src[i][j]  (dim = 0)"""
    x, d = input, dim_of(dim, input.array.ndim)
    src = value if src is None else src
    if reduce is not None:
        return scatter_by(x, dim, index, src, {
            "add": "sum", "multiply": "prod"}.get(reduce, reduce), True)
    i, where, src = scatter_parts(x, d, index, src, "scatter")
    y = x.array.copy()
    cut = tuple(slice(0, n) for n in i.shape)
    part = src[cut] if src.array.ndim else src
    y.reshape(-1)[where] = part.array.astype(y.dtype, copy=False)
    mask = np.ones(x.array.shape, bool)
    mask.reshape(-1)[where] = False
    kept = wrap(mask)
    return record(y, (x, lambda g: g * kept),
                  (part, lambda g: pick(g, where)), name="ScatterBackward0")


def scatter_parts(x: Tensor, d: int, index: Tensor, src: Any,
                  caller: str) -> tuple:
    i = check_index(index, caller)
    check_gather(x, d, i, caller)
    if not isinstance(src, Tensor):
        src = wrap(np.asarray(src, x.array.dtype))
    elif src.array.dtype != x.array.dtype:
        raise RuntimeError(
            f"{caller}(): Expected self.dtype to be equal to src.dtype")
    if src.array.ndim:
        for k, n in enumerate(i.shape):
            if n > src.array.shape[k]:
                raise RuntimeError(
                    f"Expected index {[*i.shape]} to be no larger than src "
                    f"{[*src.shape]} in dimension {k}")
    where = positions(x.array.shape or (1,), d, i.reshape(i.shape or (1,)))
    return i, where.reshape(i.shape), src


def scatter_add(input: Tensor, dim: int, index: Tensor,
                src: Tensor) -> Tensor:
    """x with src[i][j] added at x[index[i][j]][j]  (dim = 0)"""
    x, d = input, dim_of(dim, input.array.ndim)
    i, where, src = scatter_parts(x, d, index, src, "scatter_add")
    cut = tuple(slice(0, n) for n in i.shape)
    part = src[cut] if src.array.ndim else src
    y = x.array + placed(part.array, where, x.array.shape)
    return record(y, (x, lambda g: g), (part, lambda g: pick(g, where)))


def scatter_reduce(input: Tensor, dim: int, index: Tensor, src: Tensor,
                   reduce: str, *, include_self: bool = True) -> Tensor:
    """x with src reduced into it by sum, prod, mean, amax or amin"""
    return scatter_by(input, dim, index, src, reduce, include_self)


def scatter_by(x: Tensor, dim: int, index: Tensor, src: Any, reduce: str,
               include_self: bool) -> Tensor:
    """Composed: every reduction by gathers, sums and masks."""
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise RuntimeError(
            "reduce argument must be either sum, prod, mean, amax or amin, "
            f"got {reduce}")
    d = dim_of(dim, x.array.ndim)
    i, where, src = scatter_parts(x, d, index, src, "scatter")
    cut = tuple(slice(0, n) for n in i.shape)
    part = src[cut] if src.array.ndim else src.expand(i.shape)
    count = placed(np.ones(i.shape), where, x.array.shape)
    if reduce in ("sum", "mean"):
        start = x if include_self else x.masked_fill(wrap(count > 0), 0)
        total = start + place(part, where, x.array.shape)
        if reduce == "sum":
            return total
        n = np.maximum(count + include_self, 1)
        n = np.where(count > 0, n, 1).astype(x.array.dtype)
        if x.array.dtype.kind in "iu":
            return total.div(wrap(n), rounding_mode="floor")
        return total / wrap(n)
    return scatter_extreme(x, part, where, reduce, include_self, count > 0)


def scatter_extreme(x: Tensor, part: Tensor, where: np.ndarray, reduce: str,
                    include_self: bool, hit: np.ndarray) -> Tensor:
    """amax, amin and prod, with torch's shared gradients."""
    function = {"amax": np.maximum, "amin": np.minimum,
                "prod": np.multiply}[reduce]
    y = x.array.copy()
    if not include_self:
        kind = y.dtype
        worst = {"prod": 1, "amax": lowest(kind), "amin": -lowest(kind)
                 if kind.kind == "f" else np.iinfo(kind).max
                 if kind.kind in "iu" else True}[reduce]
        y[hit] = worst
    function.at(y.reshape(-1), where, part.array)
    if reduce == "prod":
        return prod_gradients(x, part, where, y, include_self, hit)
    mine = x.array == y
    if not include_self:
        mine &= ~hit
    equal = part.array == y.reshape(-1)[where]
    ties = mine + placed(equal.astype(float), where, y.shape)
    share = (1 / np.maximum(ties, 1)).astype(y.dtype)
    return record(
        y, (x, lambda g: g * wrap(share * mine)),
        (part, lambda g: pick(g * wrap(share), where) * wrap(equal)),
        name="ScatterReduceBackward0")


def lowest(kind: np.dtype) -> Any:
    if kind.kind == "f":
        return -np.inf
    return False if kind.kind == "b" else np.iinfo(kind).min


def prod_gradients(x: Tensor, part: Tensor, where: np.ndarray, y: Any,
                   include_self: bool, hit: np.ndarray) -> Tensor:
    """∂ of a product in one of its factors: the product over the factor."""
    x = x.clone()  # torch: in place, too, the old x is kept for backward
    rest = None if include_self else wrap(~hit)

    def for_x(g: Tensor, y: Tensor) -> Tensor:
        return g * y / x if rest is None else g * rest

    return record(y, (x, for_x, x),
                  (part, lambda g, y: pick(g * y, where) / part, part),
                  keep_result=True, name="ScatterReduceBackward0")


# ---- whole slices


def index_select(input: Tensor, dim: int, index: Tensor) -> Tensor:
    """The slices of x along `dim` that the index names."""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "index_select")
    if i.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    n = x.array.shape[d] if x.array.ndim else 1
    check_slices(i, n, "index_select")
    before = x.array.shape
    if not before:
        return record(x.array.copy(), (x, lambda g: g),
                      name="IndexSelectBackward0")
    i = i.reshape(-1)
    return record(np.take(x.array, i, d),
                  (x, lambda g: add_slices(g, d, i, before)))


def check_slices(i: np.ndarray, n: int, caller: str) -> None:
    if i.size and (i.min() < 0 or i.max() >= n):
        bad = i[(i < 0) | (i >= n)].flat[0]
        raise IndexError(
            f"{caller}(): index {bad} is out of bounds for a dimension of "
            f"size {n}")


def add_slices(y: Tensor, d: int, i: np.ndarray, shape: tuple) -> Tensor:
    """The adjoint of index_select: slices added into zeros."""
    x = np.zeros(shape, y.array.dtype)
    at: Any = (slice(None),) * d + (i,)
    np.add.at(x, at, y.array)
    where = wrap(i)
    return record(x, (y, lambda g: index_select(g, d, where)),
                  name="IndexAddBackward0")


def index_add(input: Tensor, dim: int, index: Tensor, source: Tensor, *,
              alpha: Any = 1) -> Tensor:
    """x with alpha · source added to the slices that the index names."""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "index_add").reshape(-1)
    if source.array.dtype != x.array.dtype:
        raise RuntimeError(
            "index_add_(): self and source expected to have the same dtype, "
            f"but got (self) {torch_name(x.dtype)} and (source) "
            f"{torch_name(source.dtype)}")
    part = check_source(x, d, i, source, "index_add")
    check_slices(i, x.array.shape[d] if x.array.ndim else 1, "index_add")
    if not x.array.ndim:
        return x + (part * alpha).sum()
    y = x.array.copy()
    scaled = part.array if alpha == 1 else part.array * np.asarray(
        alpha).astype(y.dtype)
    at: Any = (slice(None),) * d + (i,)
    np.add.at(y, at, scaled)
    where = wrap(i)
    return record(y, (x, lambda g: g), (
        part, lambda g: index_select(g, d, where) * alpha))


def check_source(x: Tensor, d: int, i: np.ndarray, source: Tensor,
                 caller: str) -> Tensor:
    want = list(x.array.shape) or [1]
    want[d] = i.size
    if source.array.ndim == 0 and i.size == 1:
        return source.reshape(want if x.array.ndim else 1)
    if [*source.array.shape] != want:
        raise RuntimeError(
            f"{caller}_(): Number of indices ({i.size}) should be equal to "
            f"source.size(dim), and source {[*source.shape]} must match self"
            f" {[*x.shape]} apart from dimension {d}")
    return source


def index_copy(input: Tensor, dim: int, index: Tensor,
               source: Tensor) -> Tensor:
    """x with the slices that the index names replaced by those of source."""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "index_copy").reshape(-1)
    if source.array.dtype != x.array.dtype:
        raise RuntimeError(
            "index_copy_(): self and source expected to have the same dtype,"
            f" but got (self) {torch_name(x.dtype)} and (source) "
            f"{torch_name(source.dtype)}")
    part = check_source(x, d, i, source, "index_copy")
    check_slices(i, x.array.shape[d] if x.array.ndim else 1, "index_copy")
    if not x.array.ndim:
        return x * 0 + part.reshape(())
    where = (slice(None),) * d + (i,)
    return index_put_op(x, where, part, name="IndexCopyBackward0")


def index_fill(input: Tensor, dim: int, index: Tensor,
               value: Any) -> Tensor:
    """x with the slices that the index names filled with a value."""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "index_fill").reshape(-1)
    if not isinstance(value, Tensor):
        value = wrap(np.asarray(value).astype(x.array.dtype))
    elif value.array.ndim:
        raise RuntimeError(
            "index_fill_ only supports a 0-dimensional value tensor, but got"
            f" tensor with {value.array.ndim} dimension(s).")
    n = x.array.shape[d] if x.array.ndim else 1
    i = np.where(i < 0, i + n, i)
    check_slices(i, n, "index_fill")
    if not x.array.ndim:
        return x * 0 + value
    where = (slice(None),) * d + (i,)
    return index_put_op(x, where, value, name="IndexFillBackward0")


def index_put(input: Tensor, indices: Any, values: Tensor,
              accumulate: bool = False) -> Tensor:
    """x with x[indices] = values, or += values where accumulate is set."""
    x = input
    where: Any = tuple([slice(None) if i is None else plain_part(x, i)
                   for i in indices])
    if values.array.dtype != x.array.dtype:
        raise RuntimeError(
            "Index put requires the source and destination dtypes match, "
            f"got {torch_name(x.dtype)} for the destination and "
            f"{torch_name(values.dtype)} for the source.")
    if not accumulate:
        return index_put_op(x, where, values)
    y = x.array.copy()
    np.add.at(y, where, values.array)
    return record(y, (x, lambda g: g),
                  (values, lambda g: getitem(g, where)),
                  name="IndexPutBackward0")


def take(input: Tensor, index: Tensor) -> Tensor:
    """The elements of x at positions counted through all of it."""
    x, i = input, index.array
    if i.dtype != np.int64:
        raise RuntimeError("take(): Expected a long tensor for index, but "
                           f"got {torch_name(index.dtype)}")
    n = x.array.size
    if i.size and (i.min() < -n or i.max() >= n):
        bad = i[(i < -n) | (i >= n)].flat[0]
        raise IndexError(
            f"out of range: tried to access index {bad} on a tensor of {n} "
            "elements.")
    where = np.where(i < 0, i + n, i)
    return pick(x, where)


def put_(input: Tensor, index: Tensor, source: Tensor,
         accumulate: bool = False) -> Tensor:
    """x ← source at positions counted through all of it, in place."""
    x = input
    check_writable(x)
    flat = alias(x).reshape(-1)
    part = source.reshape(index.shape)
    y = index_put(flat, (index,), part, accumulate).reshape(x.shape)
    return write(x, y)


def take_along_dim(input: Tensor, indices: Tensor,
                   dim: int | None = None) -> Tensor:
    """gather with broadcasting; over the flat tensor without `dim`."""
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
    return gather(x, dim, indices)


# ---- by masks


def mask_of(mask: Any, caller: str) -> np.ndarray:
    if not isinstance(mask, Tensor):
        raise TypeError(f"{caller}(): argument 'mask' must be Tensor, not "
                        f"{type(mask).__name__}")
    if mask.array.dtype != bool:
        raise RuntimeError(
            f"{caller} only supports boolean masks, but got dtype "
            f"{torch_name(mask.dtype)}")
    return mask.array


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """x, with `value` where the mask is true"""
    x, m = input, mask_of(mask, "masked_fill")
    if not isinstance(value, Tensor):
        value = wrap(np.asarray(value).astype(x.array.dtype))
    elif value.array.ndim:
        raise RuntimeError(
            "masked_fill_ only supports a 0-dimensional value tensor, but "
            f"got tensor with {value.array.ndim} dimension(s).")
    check_broadcast(x.array.shape, m.shape)
    v = value.array.astype(x.array.dtype, copy=False)
    return record(np.where(m, v, x.array),
                  (x, lambda g: masked_fill(g, mask, 0)),
                  (value, lambda g: masked_fill(g, ~mask, 0)))


def masked_select(input: Tensor, mask: Tensor) -> Tensor:
    """The elements of x where the mask is true, in a row."""
    x, m = input, mask_of(mask, "masked_select")
    shape = check_broadcast(x.array.shape, m.shape)
    m = np.broadcast_to(m, shape)
    where = np.flatnonzero(m)
    big = x if x.array.shape == shape else x.expand(shape)
    return record(big.array[m], (big, lambda g: place(g, where, shape)))


def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """x, with elements of source in turn where the mask is true."""
    x, m = input, mask_of(mask, "masked_scatter")
    if source.array.dtype != x.array.dtype:
        raise RuntimeError(
            "masked_scatter_: expected self and source to have same dtypes "
            f"but got {torch_name(x.dtype)} and {torch_name(source.dtype)}")
    shape = check_broadcast(x.array.shape, m.shape)
    m = np.broadcast_to(m, shape)
    count = int(m.sum())
    if count > source.array.size:
        raise RuntimeError(
            "masked_scatter: expected self and source to have enough "
            f"elements: the mask has {count} and source "
            f"{source.array.size}")
    part = source.reshape(-1)[:count]
    y = np.array(np.broadcast_to(x.array, shape))
    y[m] = part.array
    where, kept = np.flatnonzero(m), wrap(~m)
    return record(y, (x, lambda g: g * kept),
                  (part, lambda g: pick(g, where)),
                  name="MaskedScatterBackward0")


def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """x where the condition holds, else y; alone: where it holds"""
    if input is None and other is None:
        return nonzero(condition, as_tuple=True)
    m = condition.array
    if m.dtype == np.uint8:
        m = m.astype(bool)
    if m.dtype != bool:
        raise RuntimeError(
            "where expected condition to be a boolean tensor, but got a "
            f"tensor with dtype {torch_name(condition.dtype)}")
    x, y, a, b = operands(input, other)
    check_broadcast(m.shape, a.shape, b.shape)
    return record(np.where(m, a, b),
                  (x, lambda g: masked_fill(g, wrap(~m), 0)),
                  (y, lambda g: masked_fill(g, wrap(m), 0)))


def where_method(self: Tensor, condition: Tensor, other: Any) -> Tensor:
    """x where the condition holds, else the other."""
    return where(condition, self, other)


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The indices of the elements that are not 0, as rows."""
    a = input.array
    if as_tuple:
        found = np.nonzero(a if a.ndim else a.reshape(1))
        return tuple(wrap(i.astype(np.int64)) for i in found)
    if not a.ndim:
        return wrap(np.zeros((int(bool(a)), 0), np.int64))
    return wrap(np.argwhere(a).astype(np.int64))


def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not 0, as rows."""
    return nonzero(input)


def fill_diagonal_(input: Tensor, fill_value: Any,
                   wrap: bool = False) -> Tensor:
    """x ← fill_value along the main diagonal, in place."""
    x = input
    if x.array.ndim < 2:
        raise RuntimeError("dimensions must larger than 1")
    if x.array.ndim > 2 and len(set(x.array.shape)) != 1:
        raise RuntimeError(
            "all dimensions of input must be of equal length")
    mask = np.zeros(x.array.shape, bool)
    np.fill_diagonal(mask, True, wrap=wrap)
    return x.masked_fill_(as_mask(mask), fill_value)


as_mask = wrap  # a parameter above bears the shorter name in torch
