"""Views that step through memory as told: as_strided and unfold."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import view
from ..tensor import Tensor, wrap
from .operands import dim_of

__all__ = ["as_strided"]
METHODS = "as_strided unfold".split()
IN_PLACE: list[str] = []


def as_strided(input: Tensor, size: Any, stride: Any,
               storage_offset: int | None = None) -> Tensor:
    """A view that steps through x's memory as told (counted from x)."""
    x, before = input, input.array.shape
    size, stride = tuple(size), tuple(stride)
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    last = (storage_offset or 0) + _reach(size, stride)
    if 0 not in size and last >= max(x.array.size, 1):
        raise RuntimeError(
            f"setStorage: sizes {[*size]}, strides {[*stride]}, storage "
            f"offset {storage_offset or 0} are out of bounds for storage of "
            f"{x.array.size} elements")
    order = np.arange(x.array.size).reshape(before)
    where = _strided(order, size, stride, storage_offset or 0)
    if not x.array.flags.c_contiguous:
        return x.reshape(-1)[wrap(np.array(where))]
    y = _strided(x.array, size, stride, storage_offset or 0)
    return view(x, y, lambda g: g.new_zeros(order.size).index_put(
        (wrap(np.array(where)),), g, True).reshape(before),
        lambda b: as_strided(b, size, stride, storage_offset),
        name="AsStridedBackward0")


def _reach(size: tuple, stride: tuple) -> int:
    return sum((n - 1) * s for n, s in zip(size, stride))


def _strided(a: np.ndarray, size: tuple, stride: tuple,
             offset: int) -> np.ndarray:
    flat = a.reshape(-1)[offset:]
    return np.lib.stride_tricks.as_strided(
        flat, size, [s * a.itemsize for s in stride])


def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Slices of `size` along a dimension, every `step`, as a last one."""
    x = input
    d = dim_of(dimension, x.array.ndim)
    before = x.array.shape
    length = before[d] if before else 1
    if size > length:
        raise RuntimeError(
            f"maximum size for tensor at dimension {d} is {length} but size "
            f"is {size}")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    a = x.array if before else x.array.reshape(1)
    y = np.lib.stride_tricks.sliding_window_view(
        a, size, d, writeable=True)
    count = (length - size) // step + 1
    y = y[(slice(None),) * d + (slice(0, count * step, step),)]
    if not before:
        return view(x, y[0], lambda g: g.sum(), lambda b: b.unfold(
            0, size, step), name="UnfoldBackward0")
    where = (np.arange(count)[:, None] * step + np.arange(size)).ravel()

    def fold(g: Tensor) -> Tensor:
        flat = g.movedim(-1, d + 1).flatten(d, d + 1)
        return g.new_zeros(before).index_add(d, wrap(where), flat)

    return view(x, y, fold, lambda b: b.unfold(d, size, step),
                name="UnfoldBackward0")


def rows(input: Tensor) -> Any:
    """Iterate over the first dimension."""
    if not input.array.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(input.unbind(0))
