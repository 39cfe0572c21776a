"""Other shapes in place: a tensor looks at its memory in another way."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import alias
from ..modes import modes
from ..node import View, node_of
from ..size import Size
from ..tensor import Tensor
from . import shape as shapes
from .describe import storage_offset, stride
from .inplace import check_writable
from .operands import check_tensor, named
from .strides import as_strided

__all__ = ["resize_as_"]
METHODS = (
    "resize_ resize_as_ squeeze_ unsqueeze_ t_ transpose_ swapaxes_ "
    "swapdims_ as_strided_"
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
