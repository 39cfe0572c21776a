"""Picked elements, and elements put back: gather beside scatter."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..kernels import scatter as kernels
from ..kernels.bounds import highest, lowest
from ..tensor import Tensor, wrap
from .numbers import number_in
from .operands import (
    check_tensor,
    combination,
    dim_of,
    named,
    torch_name,
)

__all__ = ["gather", "scatter", "scatter_add", "scatter_reduce"]
METHODS = "gather scatter scatter_add scatter_reduce".split()
IN_PLACE = "scatter scatter_add scatter_reduce".split()


# ---- the linear pair under all of it


def pick(x: Tensor, where: np.ndarray) -> Tensor:
    """The elements of x at flat positions."""
    shape = x.array.shape
    return record(kernels.taken(x.array, where),
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
    if not index.size:
        return index
    steps = [math.prod(shape[k + 1:]) for k in range(len(shape))]
    flat = index if steps[d] == 1 else index * steps[d]
    others = [np.arange(n) * steps[k] if k != d else np.zeros(1, np.int64)
              for k, n in enumerate(index.shape)]
    return flat + functools.reduce(np.add, np.ix_(*others))


# torch: what each says of an index of another dtype; some take int64 alone
LONG = "index_fill", "index_copy"
REFUSALS: dict = {
    "index_fill": (IndexError, "index_fill_(): Expected dtype int64 for "
                               "index."),
    "index_copy": (RuntimeError, "index_copy_(): Expected a long tensor for "
                                 "index, but got @"),
    "index_add": (RuntimeError, "index_add_(): Expected dtype int32/int64 "
                                "for index but got: @"),
    "index_select": (RuntimeError, "index_select(): Expected dtype int32 or "
                                   "int64 for index"),
}


def check_index(index: Any, caller: str) -> np.ndarray:
    """The index as int64, refused where it is no tensor of places."""
    if not isinstance(index, Tensor):
        raise TypeError(f"{caller}(): argument 'index' must be Tensor, not "
                        f"{type(index).__name__}")
    kind = index.array.dtype
    wide = kind == np.int64 or kind == np.int32 and caller not in LONG
    if not wide and index.array.size:
        error, words = REFUSALS.get(caller, (
            RuntimeError, f"{caller}(): Expected dtype int32/int64 for index"))
        raise error(words.replace("@", torch_name(index.dtype)))
    return index.array.astype(np.int64, copy=False)


def check_gather(x: Tensor, d: int, i: np.ndarray, caller: str) -> None:
    """Refuse an index that is larger than x beside dimension d."""
    shape = x.array.shape or (1,)
    if i.size:
        check_dimensions(max(i.ndim, 1), len(shape),
                         "input" if caller == "gather" else "self")
    for k, n in enumerate(i.shape):
        if i.size and k != d and n > shape[k]:
            raise RuntimeError(
                f"Size does not match at dimension {k} expected index "
                f"{[*i.shape]} to be no larger than self {[*x.shape]} apart "
                f"from dimension {d}")
    check_bounds(i, shape[d], d)


def check_bounds(i: np.ndarray, n: int, d: int) -> None:
    # without a sign, what is below 0 is above all
    if i.size and i.view(np.uint64).max() >= n:
        bad = i[(i < 0) | (i >= n)].flat[0]
        raise RuntimeError(
            f"index {bad} is out of bounds for dimension {d} with size {n}")


def gather(input: Tensor, dim: int, index: Tensor, *,
           sparse_grad: bool = False) -> Tensor:
    """y[i][j] = x[index[i][j]][j]  (dim = 0): one element per index"""
    x, d = input, dim_of(dim, input.array.ndim)
    i = check_index(index, "gather")
    check_gather(x, d, i, "gather")
    shape = x.array.shape
    flat = positions(shape or (1,), d, i.reshape(i.shape or (1,)))
    where = flat.reshape(i.shape)
    return record(kernels.taken(x.array, where),
                  (x, lambda g: place(g, where, shape)))


def scatter(input: Tensor, dim: int, index: Tensor, src: Any = None, *,
            value: Any = None, reduce: str | None = None) -> Tensor:
    """x with x[index[i][j]][j] = src[i][j]  (dim = 0)"""
    x, d = input, dim_of(dim, input.array.ndim)
    src = value if src is None else src
    if reduce is not None:
        return scatter_by(x, dim, index, src, {
            "add": "sum", "multiply": "prod"}.get(reduce, reduce), True)
    i, where, src = scatter_parts(x, d, index, src)
    y = x.array.copy()
    cut = tuple(slice(0, n) for n in i.shape)
    part = src[cut] if src.array.ndim else src
    y.reshape(-1)[where] = part.array.astype(y.dtype, copy=False)

    def rest(g: Tensor) -> Tensor:
        mask = np.ones(g.array.shape, bool)
        mask.reshape(-1)[where] = False
        return g * wrap(mask)

    return record(y, (x, rest), (part, lambda g: pick(g, where)),
                  name="ScatterBackward0")


def scatter_parts(x: Tensor, d: int, index: Tensor, src: Any) -> tuple:
    """The index, the flat positions that it means, and the source."""
    i = check_index(index, "scatter")
    given = isinstance(src, Tensor)
    if not given:
        if not isinstance(src, dtypes.NUMBERS):
            raise combination("scatter", x, d, index, src)
        src = wrap(np.asarray(number_in(src, x.array.dtype)))
    elif src.array.dtype != x.array.dtype:
        raise RuntimeError(
            "scatter(): Expected self.dtype to be equal to src.dtype")
    if not i.size:
        return i.reshape(-1), i.reshape(-1), src.reshape(-1)[:0]
    check_scatter(x, d, i, src if given else None)
    where = positions(x.array.shape or (1,), d, i.reshape(i.shape or (1,)))
    return i, where.reshape(i.shape), src


def check_dimensions(many: int, ndim: int, name: str) -> None:
    if many != ndim:
        raise RuntimeError("Index tensor must have the same number of "
                           f"dimensions as {name} tensor")


def check_scatter(x: Tensor, d: int, i: np.ndarray, src: Any) -> None:
    """Refuse an index beside which x or the source is too small."""
    shape, many = x.array.shape or (1,), max(i.ndim, 1)
    other = shape if src is None else src.array.shape or (1,)
    check_dimensions(many, len(shape), "self")
    if src is not None and 0 < src.array.ndim < many and all(
            n <= m for n, m in zip(i.shape, other)):
        dim_of(len(other), len(other))  # torch: sizes are looked at first
    check_dimensions(many, len(other), "src")
    if any(k != d and n > shape[k] or (src is not None and n > other[k])
           for k, n in enumerate(i.shape)):
        raise RuntimeError(
            f"Expected index {[*i.shape]} to be no larger than self "
            f"{[*x.shape]} apart from dimension {d}" + (
                "" if src is None else
                f" and to be no larger size than src {[*src.shape]}"))
    check_bounds(i, shape[d], d)


def scatter_add(input: Tensor, dim: int, index: Tensor,
                src: Tensor) -> Tensor:
    """x with src[i][j] added at x[index[i][j]][j]  (dim = 0)"""
    check_tensor(src, "scatter_add", "src", 4)
    x, d = input, dim_of(dim, input.array.ndim)
    i, where, src = scatter_parts(x, d, index, src)
    cut = tuple(slice(0, n) for n in i.shape)
    part = src[cut] if src.array.ndim else src
    y = x.array + placed(part.array, where, x.array.shape)
    return record(y, (x, lambda g: g), (part, lambda g: pick(g, where)))


def scatter_reduce(input: Tensor, dim: int, index: Tensor, src: Tensor,
                   reduce: str, *, include_self: bool = True) -> Tensor:
    """x with src reduced into it by sum, prod, mean, amax or amin"""
    check_tensor(src, "scatter_reduce", "src", 4)
    return named(scatter_by(input, dim, index, src, reduce, include_self),
                 "ScatterReduceBackward0")


def scatter_by(x: Tensor, dim: int, index: Tensor, src: Any, reduce: str,
               include_self: bool) -> Tensor:
    """Composed: every reduction by gathers, sums and masks."""
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise RuntimeError(
            "reduce argument must be either sum, prod, mean, amax or amin, "
            f"got {reduce}")
    d = dim_of(dim, x.array.ndim)
    i, where, src = scatter_parts(x, d, index, src)
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
        y[hit] = {"prod": 1, "amax": lowest(y.dtype),
                  "amin": highest(y.dtype)}[reduce]
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


def prod_gradients(x: Tensor, part: Tensor, where: np.ndarray, y: Any,
                   include_self: bool, hit: np.ndarray) -> Tensor:
    """∂ of a product in one of its factors: the product over the factor."""
    x = x.clone()  # torch: in place, too, the old x is kept for backward
    rest = None if include_self else wrap(~hit)
    zero = part.array == 0
    count = placed(zero.astype(y.dtype), where, y.shape).reshape(-1)[where]
    lone = zero & (count == 1)

    def for_x(g: Tensor, y: Tensor) -> Tensor:
        if rest is not None:
            return g * rest
        safe = x.masked_fill(wrap(x.array == 0), 1)
        return g * multiplied(safe, part, where) / safe

    def for_part(g: Tensor, y: Tensor) -> Tensor:
        others = pick(g * y, where) / part.masked_fill(wrap(zero), 1)
        if not lone.any():
            return others
        start = x if rest is None else x.masked_fill(wrap(hit), 1)
        without = multiplied(start, part.masked_fill(wrap(lone), 1), where)
        return others.where(wrap(~lone), pick(g * without, where))

    return record(y, (x, for_x, x, part), (part, for_part, x, part),
                  keep_result=True, name="ScatterReduceBackward0")


def multiplied(x: Tensor, part: Tensor, where: np.ndarray) -> Tensor:
    """x with the parts multiplied into it"""
    y = x.array.copy()
    np.multiply.at(y.reshape(-1), where, part.array)
    return prod_gradients(x, part, where, y, True, np.ones(y.shape, bool))
