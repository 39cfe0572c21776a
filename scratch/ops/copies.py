"""Views that own their memory: what torch calls X_copy and unsafe_X."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..node import node_of
from ..tensor import Tensor, wrap
from . import combine, diagonal, shape, strides
from .kinds import typed
from .operands import check_tensor, combination, dim_of, named

__all__ = [
    "alias_copy", "as_strided_copy", "diagonal_copy", "expand_copy",
    "permute_copy", "slice_copy", "split_copy", "split_with_sizes_copy",
    "squeeze_copy", "t_copy", "transpose_copy", "unbind_copy", "unfold_copy",
    "unsafe_chunk", "unsafe_split", "unsafe_split_with_sizes",
    "unsqueeze_copy", "view_copy",
]
METHODS = "unsafe_chunk unsafe_split unsafe_split_with_sizes".split()
IN_PLACE: list[str] = []


def copied(y: Any, name: str = "") -> Any:
    """The tensors of a view, or of several, in memory of their own."""
    if isinstance(y, tuple):
        return tuple(copied(part) for part in y)
    node = node_of(y)
    if node is not None:
        name = (name or node.name()) + "_copy"
    return record(np.array(y.array, order="C"), (y, lambda g: g), name=name)


def alias_copy(input: Tensor) -> Tensor:
    """x itself, copied"""
    check_tensor(input, "alias_copy")
    return named(input.clone(), "AliasBackward0_copy")


def as_strided_copy(input: Tensor, size: Any, stride: Any,
                    storage_offset: int | None = None) -> Tensor:
    """As as_strided"""
    return copied(strides.as_strided(input, size, stride, storage_offset))


def diagonal_copy(input: Tensor, offset: int = 0, dim1: int = 0,
                  dim2: int = 1) -> Tensor:
    """As diagonal"""
    return copied(diagonal.diagonal(input, offset, dim1, dim2))


def expand_copy(input: Tensor, size: Any, *,
                implicit: bool = False) -> Tensor:
    """As expand"""
    return copied(shape.expand(input, size))


def permute_copy(input: Tensor, dims: Any) -> Tensor:
    """As permute"""
    return copied(shape.permute(input, dims))


def squeeze_copy(input: Tensor, dim: Any = None) -> Tensor:
    """As squeeze"""
    return copied(shape.squeeze(input, dim))


def t_copy(input: Tensor) -> Tensor:
    """As t"""
    return copied(shape.t(input))


def transpose_copy(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """As transpose"""
    return copied(shape.transpose(input, dim0, dim1))


def unsqueeze_copy(input: Tensor, dim: int) -> Tensor:
    """As unsqueeze"""
    return copied(shape.unsqueeze(input, dim))


def view_copy(input: Tensor, size: Any = None, *, dtype: Any = None
              ) -> Tensor:
    """As view: in another shape, or its bytes as another dtype"""
    if isinstance(size, dtypes.dtype):
        dtype = size
    if dtype is not None:
        return shape.view_dtype(input, dtype).clone()
    if size is None:
        raise combination("view_copy", input)
    return copied(shape.reshape(input, size), "ViewBackward0")


def unfold_copy(input: Tensor, dimension: int, size: int, step: int
                ) -> Tensor:
    """As unfold: windows along a dimension"""
    return copied(strides.unfold(input, dimension, size, step))


def unbind_copy(input: Tensor, dim: int = 0) -> tuple:
    """As unbind"""
    return copied(combine.unbind(input, dim))


@typed(split_size="int")
def split_copy(input: Tensor, split_size: int, dim: int = 0) -> tuple:
    """As split, into pieces of one size"""
    return copied(combine.split(input, split_size, dim))


def split_with_sizes_copy(input: Tensor, split_sizes: Any, dim: int = 0
                          ) -> tuple:
    """As split_with_sizes"""
    return copied(combine.split_with_sizes(input, split_sizes, dim))


def slice_copy(input: Tensor, dim: int = 0, start: int | None = None,
               end: int | None = None, step: int = 1) -> Tensor:
    """As x[start:end:step] along a dimension"""
    check_tensor(input, "slice_copy")
    if not input.array.ndim:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    d = dim_of(dim, input.array.ndim)
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    where = (slice(None),) * d + (slice(start, end, step),)
    return copied(input[where], "SliceBackward0")


# ---- pieces that know nothing of each other


def apart(pieces: tuple, name: str) -> tuple:
    """The same memory, but each with a history of its own: torch lets
    them be changed in place, and trusts that the whole is not used."""
    found = []
    for piece in pieces:
        y = wrap(piece.array)
        y._node = node_of(piece)
        found.append(named(y, name))
    return tuple(found)


@typed(split_size="int")
def unsafe_split(input: Tensor, split_size: int, dim: int = 0) -> tuple:
    """As split"""
    return apart(combine.split(input, split_size, dim),
                 "UnsafeSplitBackward0")


def unsafe_split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0
                            ) -> tuple:
    """As split_with_sizes"""
    return apart(combine.split_with_sizes(input, split_sizes, dim),
                 "UnsafeSplitWithSizesBackward0")


def unsafe_chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple:
    """As chunk"""
    return apart(combine.chunk(input, chunks, dim), "UnsafeSplitBackward0")
