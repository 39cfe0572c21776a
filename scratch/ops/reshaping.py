"""Other shapes in place: a tensor looks at its memory in another way."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import alias
from ..modes import modes
from ..node import View, node_of
from ..size import Size
from ..storage import TypedStorage, UntypedStorage
from ..tensor import Tensor
from . import shape as shapes
from .describe import storage_offset, stride
from .inplace import check_writable
from .operands import check_tensor, in_c, named, torch_name
from .strides import as_strided, check_steps, strided

__all__ = ["resize_as_"]
METHODS = (
    "resize_ resize_as_ squeeze_ unsqueeze_ t_ transpose_ swapaxes_ "
    "swapdims_ as_strided_ set_"
).split()
IN_PLACE: list[str] = []


def look(x: Tensor, function: Any, name: str) -> Tensor:
    """x becomes the view function(x) of itself.

    A tensor of the old shape takes its place as the base of all views, so
    that views made before stay what they were.
    """
    check_writable(x, overlapping=False)
    old = alias(x)
    old._view = x._view
    y = function(old)
    x.version[0] += 1
    if modes.recording:
        x.array, x._node, x._view = y.array, named(y, name)._node, y._view
        return x
    x.array = y.array
    if x._view is not None:
        x._view = y._view
    elif x._node is not None and x._node.is_leaf:
        x._node.shape = y.array.shape
    return x


def squeeze_(input: Tensor, dim: Any = None) -> Tensor:
    """squeeze in place"""
    form = 3 if dim is None else 4 + isinstance(dim, (tuple, list))
    return look(input, lambda x: shapes.squeeze(x, dim),
                f"SqueezeBackward{form}")


def unsqueeze_(input: Tensor, dim: int) -> Tensor:
    """unsqueeze in place"""
    return look(input, lambda x: shapes.unsqueeze(x, dim),
                "UnsqueezeBackward1")


def t_(input: Tensor) -> Tensor:
    """t in place"""
    if input.array.ndim > 2:
        raise RuntimeError("t_() expects a tensor with <= 2 dimensions, but "
                           f"self is {input.array.ndim}D")
    return look(input, shapes.t, "TBackward1")


def transpose_(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """transpose in place"""
    return look(input, lambda x: shapes.transpose(x, dim0, dim1),
                "TransposeBackward1")


def swapaxes_(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """transpose_ under NumPy's name"""
    return transpose_(input, axis0, axis1)


def swapdims_(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """The same as transpose_"""
    return transpose_(input, dim0, dim1)


def as_strided_(input: Tensor, size: Any, stride: Any,
                storage_offset: int | None = None) -> Tensor:
    """as_strided in place"""
    return look(input, lambda x: as_strided(x, size, stride, storage_offset),
                "AsStridedBackward1")


# ---- other sizes

def resize_(input: Tensor, *sizes: Any, memory_format: Any = None) -> Tensor:
    """x with another shape over the same memory, in row order.

    Where the memory is too small, x moves to a larger one of its own, whose
    new numbers are 0 (in torch whatever lay there; views move along).
    """
    if node_of(input) is not None:
        raise RuntimeError("cannot resize variables that require grad")
    shape = shapes.sizes(sizes)
    if any(n < 0 for n in shape):
        raise RuntimeError("numel: integer multiplication overflow")
    if shape == input.array.shape:
        return input
    count = int(np.prod(shape, dtype=np.int64))
    memory = rest_of_memory(input.array)
    if count > memory.size:
        input._view = None
        memory = np.concatenate((memory, np.zeros(
            count - memory.size, memory.dtype)))
    input.array = memory[:count].reshape(shape)
    if input._view is not None:
        steps, start = stride(input), storage_offset(input)
        input._view = View(
            input._view.base,
            lambda base: as_strided(base, shape, steps, start), None, "")
    input.version[0] += 1
    return input


def rest_of_memory(a: np.ndarray) -> np.ndarray:
    """All numbers of a's memory from its first on, in a row."""
    whole = a
    while isinstance(whole.base, np.ndarray) and (
            whole.base.dtype == a.dtype):
        whole = whole.base
    ahead = (a.ctypes.data - whole.ctypes.data) // a.itemsize
    row = np.lib.stride_tricks.as_strided(
        whole, (whole.size,), (a.itemsize,))
    return row[ahead:]


def resize_as_(input: Tensor, the_template: Tensor, *,
               memory_format: Any = None) -> Tensor:
    """resize_ to the shape of another tensor"""
    check_tensor(the_template, "resize_as_", "the_template", 2)
    return resize_(input, Size(the_template.array.shape))


def set_(self: Tensor, source: Any = None, storage_offset: int = 0,
         size: Any = None, stride: Any = None) -> Tensor:
    """x looks at the memory of another tensor or of a storage, from
    `storage_offset` on; alone, at none."""
    check_writable(self, overlapping=False)
    if source is None:
        a = np.zeros(0, self.array.dtype)
    elif isinstance(source, Tensor) and size is None:
        a = source.array
    elif isinstance(source, (Tensor, UntypedStorage)):
        a = looked_at(row_of(source, self), storage_offset, size, stride)
    else:
        raise TypeError("set_(): argument 'source' must be Tensor or "
                        f"Storage, not {type(source).__name__}")
    if a.dtype != self.array.dtype:
        raise RuntimeError(
            f"Could not set tensor of type {in_c(dtypes.of(a.dtype))} to a "
            f"tensor of type {in_c(self.dtype)}")
    self.array, self._view = a, None
    self.version[0] += 1
    return self


def row_of(source: Any, x: Tensor) -> np.ndarray:
    """A tensor's or storage's memory, as numbers of x's kind."""
    if isinstance(source, Tensor):
        if not source.array.flags.c_contiguous:
            raise RuntimeError("passed in tensor to be used as storage must "
                               "be contiguous")
        return rest_of_memory(source.array)
    if isinstance(source, TypedStorage):
        if source.row.dtype != x.array.dtype:
            raise RuntimeError(
                f"Expected a Storage of type {in_c(x.dtype)} or an "
                "UntypedStorage, but got type "
                f"{torch_name(dtypes.of(source.row.dtype))} for argument 1 "
                "'storage'")
        return source.row
    return source.row.view(x.array.dtype)


def looked_at(row: np.ndarray, offset: int, size: Any,
              stride: Any) -> np.ndarray:
    """A row of numbers from `offset` on, in that size, with those steps."""
    if size is None:
        return row[offset:]
    size = shapes.sizes((size,))
    if stride is None:
        stride = [int(np.prod(size[d + 1:])) for d in range(len(size))]
    if len(size) != len(stride):
        raise RuntimeError(f"unequal size length ({len(size)}) and stride "
                           f"length ({len(stride)})")
    check_steps(size, tuple(stride), offset, row)
    return strided(row, size, stride, offset)
