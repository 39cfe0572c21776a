"""Elements chosen by masks: filled, selected, put back."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..kernels.lying import lined_up
from ..kernels.masks import chosen
from ..kernels.memory import in_row_order
from ..tensor import Tensor, wrap
from .gather import pick, place
from .kinds import typed
from .masks import keep
from .numbers import check_fits, number_in
from .operands import (
    check_broadcast,
    check_tensor,
    combination,
    in_c,
    operands,
    torch_name,
)

__all__ = [
    "masked_fill", "masked_select", "masked_scatter", "where", "nonzero",
    "argwhere", "nonzero_static",
]
METHODS = (
    "masked_fill masked_select masked_scatter nonzero argwhere "
    "nonzero_static fill_diagonal_"
).split()
IN_PLACE = "masked_fill masked_scatter".split()


def mask_of(mask: Any, caller: str, form: str = "") -> np.ndarray:
    """The mask's booleans, refused where it is none."""
    if not isinstance(mask, Tensor):
        raise TypeError(f"{caller}(): argument 'mask' must be Tensor, not "
                        f"{type(mask).__name__}")
    if mask.array.dtype != bool:
        name = in_c if caller == "masked_fill" else torch_name
        raise RuntimeError(
            f"{form} only supports boolean masks, but got mask with dtype "
            f"{name(mask.dtype)}" if form else
            f"{caller}: expected BoolTensor for mask")
    return mask.array


def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """x, with `value` where the mask is true"""
    x, m = input, mask_of(mask, "masked_fill", "masked_fill_")
    form = int(isinstance(value, Tensor))
    if not isinstance(value, Tensor):
        if not isinstance(value, dtypes.NUMBERS):
            raise combination("masked_fill", x, mask, value)
        value = wrap(np.asarray(number_in(value, x.array.dtype)))
    elif value.array.ndim:
        raise RuntimeError(
            "masked_fill_ only supports a 0-dimensional value tensor, but "
            f"got tensor with {value.array.ndim} dimension(s).")
    else:
        check_fits(value.array.item(), x.dtype)
    check_broadcast(x.array.shape, m.shape)
    v = value.array.astype(x.array.dtype, copy=False)
    return record(in_row_order(chosen(m, v, x.array)),
                  (x, lambda g: keep(g, ~m)),
                  (value, lambda g: masked_fill(g, ~mask, 0)),
                  name=f"MaskedFillBackward{form}")


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
    x, m = input, mask_of(mask, "masked_scatter", "masked_scatter_")
    if source.array.dtype != x.array.dtype:
        raise RuntimeError(
            "masked_scatter: expected self and source to have same dtypes "
            f"but got{torch_name(x.dtype)} and {torch_name(source.dtype)}")
    shape = check_broadcast(x.array.shape, m.shape)
    m = np.broadcast_to(m, shape)
    count = int(m.sum())
    if count > source.array.size:
        raise RuntimeError(
            "Number of elements of source < number of ones in mask")
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
    for given in (input, other):  # torch: of float16 every number is taken
        if not isinstance(given, Tensor) and a.dtype != np.float16:
            check_fits(given, dtypes.of(a.dtype))
    check_broadcast(m.shape, a.shape, b.shape)
    rows = all(part.flags.c_contiguous for part in (m, a, b))
    value = chosen(m, a, b) if rows else np.where(*lined_up(m, a, b))
    return record(value, (x, lambda g: keep(g, m)),
                  (y, lambda g: keep(g, ~m)))


def where_method(self: Tensor, condition: Tensor, other: Any) -> Tensor:
    """x where the condition holds, else the other."""
    return where(condition, self, other)


def nonzero(input: Tensor, *, as_tuple: bool = False) -> Any:
    """The indices of the elements that are not 0, as rows."""
    check_tensor(input, "nonzero")
    a = input.array
    if as_tuple:
        found = np.nonzero(a if a.ndim else a.reshape(1))
        return tuple(wrap(i.astype(np.int64)) for i in found)
    if not a.ndim:
        return wrap(np.zeros((int(bool(a)), 0), np.int64))
    return wrap(np.argwhere(a).astype(np.int64))


@typed(size="int", fill_value="int")
def nonzero_static(input: Tensor, *, size: int, fill_value: int = -1
                   ) -> Tensor:
    """As nonzero, cut off or filled up to `size` rows"""
    check_tensor(input, "nonzero_static")
    if size < 0:
        raise RuntimeError(
            "nonzero_static: 'size' must be an non-negative integer")
    found = nonzero(input).array[:size]
    y = np.full((size, found.shape[1]), fill_value, np.int64)
    y[:len(found)] = found
    return wrap(y)


def argwhere(input: Tensor) -> Tensor:
    """The indices of the elements that are not 0, as rows."""
    check_tensor(input, "argwhere")
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
