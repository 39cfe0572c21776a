"""Tensors repeated, turned and combined into grids and blocks."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..kernels.memory import in_row_order, is_last
from ..tensor import Tensor, wrap
from .combine import cat, pad_dim, stack
from .creation import check_room
from .kinds import is_int, typed
from .lift import atleast_2d
from .operands import dim_of, each_dim, named, torch_name
from .shape import sizes

__all__ = [
    "tile", "repeat_interleave", "flip", "fliplr", "flipud", "roll",
    "rot90", "meshgrid", "block_diag", "cartesian_prod", "combinations",
]
METHODS = (
    "tile repeat repeat_interleave flip fliplr flipud roll rot90"
).split()
IN_PLACE: list[str] = []


def repeat(input: Tensor, *times: Any, repeats: Any = None) -> Tensor:
    """x laid out so many times along each dimension."""
    times = sizes(times, repeats)
    x = input
    if len(times) < x.array.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than "
            "number of dimensions of tensor")
    shape = (1,) * (len(times) - x.array.ndim) + x.array.shape
    both = [n for pair in zip(times, shape) for n in pair]
    after = tuple(n * m for n, m in zip(times, shape))
    check_room(after, x.array.itemsize)
    folded = tuple(range(0, len(both), 2))
    return record(
        np.tile(x.array.reshape(shape), times).reshape(after),
        (x, lambda g: g.reshape(both).sum(folded)
         if folded else g), name="RepeatBackward0")


def tile(input: Tensor, *times: Any, dims: Any = None) -> Tensor:
    """As repeat; missing leading counts are 1."""
    times = sizes(times, dims)
    short = input.array.ndim - len(times)
    return repeat(input, (1,) * max(short, 0) + times)


def repeat_interleave(input: Any, repeats: Any = None,
                      dim: int | None = None, *,
                      output_size: int | None = None) -> Tensor:
    """Each element so many times in a row."""
    if repeats is None:
        return counted(input, output_size)
    if not isinstance(repeats, Tensor) and not is_int(repeats):
        raise TypeError(
            "repeat_interleave(): argument 'repeats' (position 2) must be "
            f"Tensor or int, not {type(repeats).__name__}")
    x = input
    if dim is None:
        x, dim = x.flatten(), 0
    d = dim_of(dim, x.array.ndim)
    times = repeats.array if isinstance(repeats, Tensor) else repeats
    times = np.asarray(times)
    if times.ndim > 1:
        raise RuntimeError(
            "repeat_interleave only accept 0D or 1D vector as repeat")
    check_times(times, "repeats can not be negative" if isinstance(
        repeats, Tensor) else "Repeats must be non-negative")
    n = x.array.shape[d] if x.array.ndim else 1
    if times.ndim and times.size not in (1, n):
        raise RuntimeError("repeats must have the same size as input along "
                           f"dim, but got repeats.size(0) = {times.size} "
                           f"and input.size({d}) = {n}")
    where = np.repeat(np.arange(n), times)
    if output_size not in (None, where.size):
        raise RuntimeError(
            "allocated size does not match required size" if isinstance(
                repeats, Tensor) else "repeat_interleave: Invalid "
            f"output_size, expected {where.size} but got {output_size}")
    return x.index_select(d, wrap(where))


def counted(repeats: Tensor, output_size: int | None) -> Tensor:
    """Each place i of a vector, repeats[i] times in a row."""
    times = repeats.array
    if times.ndim != 1:
        raise RuntimeError("repeat_interleave only accept 1D vector as repeat")
    check_times(times, "repeats can not be negative")
    y = np.repeat(np.arange(times.size, dtype=times.dtype), times)
    if output_size not in (None, y.size):
        raise RuntimeError("allocated size does not match required size")
    return wrap(y)


def check_times(times: np.ndarray, negative: str) -> None:
    """Refuse counts that are no whole numbers, or negative."""
    if times.dtype.kind not in "iu":
        raise NotImplementedError(
            "\"repeat_interleave_cpu\" not implemented for "
            f"'{torch_name(dtypes.of(times.dtype))}'")
    if (times < 0).any():
        raise RuntimeError(negative)


def flip(input: Tensor, *axes: Any, dims: Any = None) -> Tensor:
    """The order reversed along the given dimensions."""
    x, n = input, input.array.ndim
    axes = tuple(dim_of(d, n) for d in sizes(axes, dims))
    if len(set(axes)) != len(axes):
        raise RuntimeError(
            f"dim {axes[-1]} appears multiple times in the list of dims")
    y = np.flip(x.array, axes) if n else x.array
    return record(y.copy(), (x, lambda g: g.flip(axes)))


def fliplr(input: Tensor) -> Tensor:
    """Columns reversed."""
    if input.array.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, 1)


def flipud(input: Tensor) -> Tensor:
    """Rows reversed."""
    if input.array.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, 0)


@typed(shifts="ints", dims="ints?")
def roll(input: Tensor, shifts: Any, dims: Any = None) -> Tensor:
    """Moved along, what falls off at the end comes in at the front."""
    x = input
    by = shifts if isinstance(shifts, (tuple, list)) else (shifts,)
    if not by:
        raise RuntimeError("`shifts` required")
    if dims is None or dims == () or dims == []:
        if len(by) != 1:
            raise RuntimeError("shifts and dimensions must align. shifts: "
                               f"{len(by)}, dims:0")
        flat = x.array.ravel()
        y = np.roll(flat, by[0]).reshape(x.array.shape)
        return record(y, (x, lambda g: g.roll(-by[0])))
    on = dims if isinstance(dims, (tuple, list)) else (dims,)
    if len(on) != len(by):
        raise RuntimeError("shifts and dimensions must align. shifts: "
                           f"{len(by)}, dims:{len(on)}")
    if not x.array.ndim:
        raise IndexError(f"Dimension specified as {on[0]} but tensor has no "
                         "dimensions")
    axes = tuple(dim_of(d, x.array.ndim) for d in on)
    back = tuple(-s for s in by)
    y = np.roll(x.array, by, axes)
    if y.ndim < 4 or not is_last(x.array):
        y = in_row_order(y)
    return record(y,
                  (x, lambda g: g.roll(back, axes)))


@typed(k="int", dims="ints")
def rot90(input: Tensor, k: int = 1, dims: Any = (0, 1)) -> Tensor:
    """Turned by k right angles in the plane of two dimensions."""
    x = input
    if len(dims) != 2:
        raise RuntimeError("expected total rotation dims == 2, but got dims "
                           f"= {len(dims)}")
    if x.array.ndim < 2:
        raise RuntimeError("expected total dims >= 2, but got total dims = "
                           f"{x.array.ndim}")
    a, b = each_dim(dims, x.array.ndim)
    if a == b:
        raise RuntimeError("expected rotation dims to be different, but got "
                           f"dim0 = {dims[0]} and dim1 = {dims[1]}")
    k %= 4
    if k == 0:
        turned = x.clone()
    elif k == 2:
        turned = x.flip((a, b))
    else:
        turned = x.flip(b if k == 1 else a).transpose(a, b).clone()
    return named(turned, "Rot90Backward0")


# ---- combined


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple:
    """Coordinates of a grid, one tensor per dimension."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tuple(tensors[0])
    if not tensors:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(
            "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but "
            f"received: {indexing}")
    if len({x.array.dtype for x in tensors}) > 1:
        raise RuntimeError(
            "meshgrid expects all tensors to have the same dtype")
    xs = [x.reshape(-1) if not x.array.ndim else x for x in tensors]
    for x in xs:
        if x.array.ndim > 1:
            raise RuntimeError("torch.meshgrid: Expected 0D or 1D tensor in "
                               f"the tensor list but got: {x!r}")
    swap = indexing == "xy" and len(xs) > 1
    if swap:
        xs[:2] = xs[1::-1]
    n = len(xs)
    shape = tuple(x.numel() for x in xs)
    grid = [x.reshape((1,) * i + (-1,) + (1,) * (n - 1 - i)).expand(shape)
            if x.numel() else x.reshape(
                (1,) * i + (0,) + (1,) * (n - 1 - i)).expand(shape)
            for i, x in enumerate(xs)]
    if swap:
        grid[:2] = grid[1::-1]
    return tuple(grid)


def block_diag(*tensors: Any) -> Tensor:
    """Matrices along the diagonal of a larger one."""
    parts = [atleast_2d(x) for x in tensors]
    if not parts:
        return wrap(np.zeros((1, 0), dtypes.get_default_dtype().numpy))
    for i, x in enumerate(parts):
        if x.array.ndim > 2:
            raise RuntimeError(
                "torch.block_diag: Input tensors must have 2 or fewer "
                f"dimensions. Input {i} has {x.array.ndim} dimensions")
    width = sum(x.array.shape[1] for x in parts)
    rows, at = [], 0
    for x in parts:
        rows.append(pad_dim(x, 1, at, width))
        at += x.array.shape[1]
    return named(cat(rows), "BlockDiagBackward0")


def cartesian_prod(*tensors: Any) -> Tensor:
    """Every choice of one element from each vector, as rows."""
    for x in tensors:
        if x.array.ndim != 1:
            raise RuntimeError(
                "Expect a 1D vector, but got shape "
                f"{[*x.array.shape]}")
    if len(tensors) == 1:
        return tensors[0]
    return stack([g.flatten() for g in meshgrid(*tensors)], 1)


@typed(r="int")
def combinations(input: Tensor, r: int = 2,
                 with_replacement: bool = False) -> Tensor:
    """Every choice of r elements of a vector, as rows."""
    if input.array.ndim != 1:
        raise RuntimeError(
            "Expect a 1D vector, but got shape "
            f"{[*input.array.shape]}")
    if r < 0:
        raise RuntimeError(
            f"Expect a non-negative number, but got {r}")
    choose = (itertools.combinations_with_replacement if with_replacement
              else itertools.combinations)
    rows = list(choose(range(input.array.size), r))
    if r == 0:
        return input.new_zeros(0)
    where = np.array(rows, dtype=np.int64).reshape(-1, r)
    return input[wrap(where)]
