"""Diagonals and triangles of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record, view
from ..kernels.memory import in_row_order
from ..tensor import Tensor, wrap
from .kinds import typed
from .operands import check_tensor, dim_of, named, refuse, torch_name

__all__ = [
    "diagonal", "diag", "diag_embed", "diagflat", "diagonal_scatter",
    "select_scatter", "slice_scatter", "trace", "tril", "triu",
    "tril_indices", "triu_indices",
]
METHODS = (
    "diagonal diag diag_embed diagflat diagonal_scatter select_scatter "
    "slice_scatter trace tril triu"
).split()
IN_PLACE = ["tril", "triu"]


@typed(offset="int")
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0,
             dim2: int = 1) -> Tensor:
    """The diagonal of two dimensions, as the last one: a view."""
    x, n = input, input.array.ndim
    d1, d2 = dim_of(dim1, n), dim_of(dim2, n)
    if d1 == d2 or n < 2:
        raise RuntimeError("diagonal dimensions cannot be identical "
                           f"{dim1}, {dim2}")
    shape = x.array.shape
    return view(x, on_diagonal(x.array, offset, d1, d2),
                lambda g: embedded(g, offset, d1, d2, shape),
                lambda b: b.diagonal(offset, d1, d2),
                name="DiagonalBackward0")


def on_diagonal(a: np.ndarray, offset: int, d1: int,
                d2: int) -> np.ndarray:
    """np.diagonal, in memory that can be written to."""
    first = [slice(None)] * a.ndim
    first[d2 if offset > 0 else d1] = slice(abs(offset), None)
    part = a[tuple(first)]
    rest = [d for d in range(a.ndim) if d not in (d1, d2)]
    count = min(part.shape[d1], part.shape[d2])
    return np.lib.stride_tricks.as_strided(
        part, [*(part.shape[d] for d in rest), count],
        [*(part.strides[d] for d in rest), a.strides[d1] + a.strides[d2]])


def embedded(y: Tensor, offset: int, d1: int, d2: int,
             shape: tuple) -> Tensor:
    """The adjoint of diagonal: y on the diagonal of zeros."""
    x = np.zeros(shape, y.array.dtype)
    on_diagonal(x, offset, d1, d2)[...] = y.array
    return record(x, (y, lambda g: g.diagonal(offset, d1, d2)),
                  name="DiagEmbedBackward0")


def diag(input: Tensor, diagonal: int = 0, *, out: Any = None) -> Tensor:
    """A vector as the diagonal of a matrix, or a matrix's diagonal."""
    if input.array.ndim == 1:
        return diag_embed(input, diagonal)
    if input.array.ndim == 2:
        return input.diagonal(diagonal).clone()
    raise RuntimeError(
        "diag(): Supports 1D or 2D tensors. Got "
        f"{input.array.ndim}D")


def diag_embed(input: Tensor, offset: int = 0, dim1: int = -2,
               dim2: int = -1) -> Tensor:
    """The last dimension as diagonals of new matrices."""
    x, n = input, input.array.ndim + 1
    d1, d2 = dim_of(dim1, n), dim_of(dim2, n)
    if d1 == d2:
        raise RuntimeError("diagonal dimensions cannot be identical "
                           f"{dim1}, {dim2}")
    side = x.array.shape[-1] + abs(offset)
    shape = list(x.array.shape[:-1])
    for d in sorted((d1, d2)):
        shape.insert(d, side)
    return embedded(x, offset, d1, d2, tuple(shape))


def diagflat(input: Tensor, offset: int = 0) -> Tensor:
    """All numbers on the diagonal of one matrix."""
    return diag_embed(input.reshape(-1), offset)


def diagonal_scatter(input: Tensor, src: Tensor, offset: int = 0,
                     dim1: int = 0, dim2: int = 1) -> Tensor:
    """A copy of x with src on a diagonal."""
    check_tensor(src, "diagonal_scatter", "src", 2)
    y = input.clone()
    put_part(y.diagonal(offset, dim1, dim2), src)
    return named(y, "DiagonalScatterBackward0")


def put_part(part: Tensor, src: Tensor) -> None:
    """Write src, which has the size of the part, there."""
    if part.shape != src.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src "
            f"size = {[*src.shape]}, slice size = {[*part.shape]}")
    part.copy_(src)


def select_scatter(input: Tensor, src: Tensor, dim: int,
                   index: int) -> Tensor:
    """A copy of x with src as one slice."""
    check_tensor(src, "select_scatter", "src", 2)
    y = input.clone()
    put_part(y.select(dim, index), src)
    return named(y, "SelectScatterBackward0")


def slice_scatter(input: Tensor, src: Tensor, dim: int = 0,
                  start: int | None = None, end: int | None = None,
                  step: int = 1) -> Tensor:
    """A copy of x with src in a range of slices."""
    check_tensor(src, "slice_scatter", "src", 2)
    y = input.clone()
    d = dim_of(dim, y.array.ndim)
    where = (slice(None),) * d + (slice(start, end, step),)
    part = y[where]
    if part.shape != src.shape:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src "
            f"size = {[*src.shape]}, slice size = {[*part.shape]}")
    part.copy_(src)
    return named(y, "SliceScatterBackward0")


def trace(input: Tensor) -> Tensor:
    """Σ x[i][i]"""
    if input.array.ndim != 2:
        raise RuntimeError("trace: expected a matrix, but got tensor with "
                           f"dim {input.array.ndim}")
    refuse(input.array, "b", "trace")
    return named(input.diagonal().sum(), "TraceBackward0")


@typed(diagonal="int")
def tril(input: Tensor, diagonal: int = 0) -> Tensor:
    """x on and below a diagonal, zeros above"""
    check_matrix(input, "tril")
    return record(in_row_order(np.tril(input.array, diagonal)),
                  (input, lambda g: g.tril(diagonal)))


@typed(diagonal="int")
def triu(input: Tensor, diagonal: int = 0) -> Tensor:
    """x on and above a diagonal, zeros below"""
    check_matrix(input, "triu")
    return record(in_row_order(np.triu(input.array, diagonal)),
                  (input, lambda g: g.triu(diagonal)))


def check_matrix(x: Tensor, caller: str) -> None:
    if x.array.ndim < 2:
        raise RuntimeError(
            f"{caller}: input tensor must have at least 2 dimensions")


@typed(row="int", col="int", offset="int")
def tril_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None,
                 device: Any = None, layout: Any = None) -> Tensor:
    """Rows and columns of the lower triangle."""
    return indices(np.tril_indices, "tril_indices", row, col, offset, dtype)


@typed(row="int", col="int", offset="int")
def triu_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None,
                 device: Any = None, layout: Any = None) -> Tensor:
    """Rows and columns of the upper triangle."""
    return indices(np.triu_indices, "triu_indices", row, col, offset, dtype)


def indices(find: Any, caller: str, row: int, col: int, offset: int,
            dtype: Any) -> Tensor:
    """Places in a matrix that NumPy finds, as two rows of whole numbers."""
    for n, name in (row, "row"), (col, "col"):
        if n < 0:
            raise RuntimeError(f"{name} must be non-negative, got{n}")
    number = np.dtype(np.int64) if dtype is None else dtype.numpy
    if number.kind not in "iu":
        raise NotImplementedError(
            f"\"{caller}\" not implemented for '{torch_name(dtype)}'")
    return wrap(np.stack(find(row, offset, col)).astype(number))
