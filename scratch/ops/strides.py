"""Views that step through memory as told: as_strided and unfold."""

from __future__ import annotations

from operator import index
from typing import Any

import numpy as np

from ..graph import record, view
from ..tensor import Tensor, wrap
from .describe import storage_offset as begins
from .kinds import typed
from .operands import check_tensor, dim_of, named

__all__ = ["as_strided", "as_strided_scatter"]
METHODS = "as_strided as_strided_scatter unfold".split()
IN_PLACE: list[str] = []


def as_strided(input: Tensor, size: Any, stride: Any,
               storage_offset: int | None = None) -> Tensor:
    """A view that steps through the memory under x as told

    Steps and offset count elements, the offset from the beginning of the
    tensor that owns the memory (without one, from where x begins).
    """
    x, size, stride = input, tuple(size), tuple(stride)
    base = x if x._view is None else x._view.base
    first = begins(x)
    offset = first if storage_offset is None else storage_offset
    memory = in_a_row(base.array)
    check_steps(size, stride, offset, memory)
    mine = strided(np.arange(memory.size), x.array.shape, [
        s // x.array.itemsize for s in x.array.strides], first)
    where = strided(np.arange(memory.size), size, stride, offset)
    return view(x, strided(memory, size, stride, offset),
                lambda g: put_back(g, where, mine, memory.size),
                lambda b: from_start(laid(b, x.array), size, stride,
                                     offset - first),
                name="AsStridedBackward0")


def laid(b: Tensor, like: np.ndarray) -> Tensor:
    """b, its elements in memory as those of another array."""
    if b.array.strides == like.strides or not b.array.size:
        return b
    y = np.empty_like(like, b.array.dtype)
    y[...] = b.array
    return record(y, (b, lambda g: g), name="CloneBackward0")


def from_start(b: Tensor, size: tuple, stride: tuple, away: int) -> Tensor:
    """as_strided with the offset counted from where b begins."""
    return as_strided(b, size, stride, begins(b) + away)


def put_back(g: Tensor, where: np.ndarray, mine: np.ndarray,
             count: int) -> Tensor:
    """The adjoint: added up where the look was, and read as x reads it."""
    memory = g.new_zeros(count).index_put(
        (wrap(np.array(where)),), g, True)
    times = np.bincount(mine.ravel(), minlength=count)[mine]
    found = memory[wrap(np.array(mine))]
    if (times <= 1).all():
        return found
    # torch: elements of x in one place share what comes back to it
    return found / wrap(times.astype(g.array.real.dtype))


def in_a_row(a: np.ndarray) -> np.ndarray:
    """The memory that an array reaches, from its first element on."""
    steps = [s // a.itemsize for s in a.strides]
    count = reach(a.shape, steps) + 1 if a.size else 0
    return np.lib.stride_tricks.as_strided(a, (count,), (a.itemsize,))


def reach(size: Any, stride: Any) -> int:
    """How far the last element is from the first."""
    return sum((n - 1) * s for n, s in zip(size, stride))


def strided(row: np.ndarray, size: Any, stride: Any,
            offset: int) -> np.ndarray:
    """A look at memory that lies in a row."""
    return np.lib.stride_tricks.as_strided(
        row[offset:], size, [s * row.itemsize for s in stride])


def check_steps(size: tuple, stride: tuple, offset: int,
                memory: np.ndarray) -> None:
    """Refuse to look where the memory is not."""
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    if any(s < 0 for s in stride):
        raise RuntimeError(
            "as_strided: Negative strides are not supported at the moment, "
            f"got strides: {[*stride]}")
    if offset < 0:
        raise RuntimeError(f"Tensor: invalid storage offset {offset}")
    if any(n < 0 for n in size):
        raise RuntimeError("Storage size calculation overflowed with sizes="
                           f"{[*size]} and strides={[*stride]}")
    width = memory.itemsize
    wanted = (offset + reach(size, stride) + 1) * width
    if 0 not in size and wanted > memory.size * width:
        raise RuntimeError(
            f"setStorage: sizes {[*size]}, strides {[*stride]}, storage "
            f"offset {offset}, and itemsize {width} requiring a storage size"
            f" of {wanted} are out of bounds for storage of size "
            f"{memory.size * width}")


def check_layout(size: tuple, stride: tuple) -> None:
    """Refuse steps that do not belong to a new tensor of these sizes."""
    if len(size) != len(stride):
        raise RuntimeError(
            f"dimensionality of sizes ({len(size)}) must match "
            f"dimensionality of strides ({len(stride)})")
    if any(s < 0 for s in stride):
        raise RuntimeError("Storage size calculation overflowed with sizes="
                           f"{[*size]} and strides={[*stride]}")


def as_strided_scatter(input: Tensor, src: Tensor, size: Any, stride: Any,
                       storage_offset: int | None = None) -> Tensor:
    """A copy of x with src where as_strided would look."""
    check_tensor(src, "as_strided_scatter", "src", 2)
    y = input.clone()
    part = as_strided(y, size, stride, storage_offset)
    if part.shape != src.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src "
            f"size = {[*src.shape]}, slice size = {[*part.shape]}")
    part.copy_(src)
    return named(y, "AsStridedScatterBackward0")


@typed(size="int", step="int")
def unfold(input: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Slices of `size` along a dimension, every `step`, as a last one."""
    x = input
    d = dim_of(dimension, x.array.ndim)
    size, step = index(size), index(step)
    before = x.array.shape
    length = before[d] if before else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
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


def backwards(input: Tensor) -> Tensor:
    """reversed(x): x itself, the last of dimension 0 first"""
    return input.flip(0) if input.array.ndim else input


def rows(input: Tensor) -> Any:
    """Iterate over the first dimension."""
    if not input.array.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(input.unbind(0))
