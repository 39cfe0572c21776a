"""Norms: of vectors, of matrices, and the distance between tensors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..tensor import Tensor, wrap
from .kinds import is_number, typed
from .masks import keep
from .operands import (
    check_tensor,
    dim_of,
    dims_of,
    in_single,
    named,
    torch_name,
)

__all__ = ["norm", "dist"]
METHODS = "norm dist".split()
IN_PLACE: list[str] = []


@typed(input="methods")
def norm(input: Tensor, p: Any = "fro", dim: Any = None,
         keepdim: bool = False, dtype: Any = None) -> Tensor:
    """(Σ |x|ᵖ)^(1/p) over `dim`; "fro" is 2, "nuc" the nuclear norm"""
    if isinstance(p, str) and p != "fro":
        return matrix_norm(input, p, (-2, -1) if dim is None else dim,
                           keepdim, dtype=dtype)
    return vector_norm(input, 2 if p in ("fro", None) else p, dim, keepdim,
                       dtype=dtype)


def vector_norm(x: Tensor, ord: Any = 2, dim: Any = None,
                keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """(Σ |x|ᵖ)^(1/p); for p = ∞ the greatest |x|, for 0 how many are not 0"""
    check_tensor(x, "linalg_vector_norm")
    if x.array.dtype.kind not in "fc":
        raise NotImplementedError(
            "linalg.vector_norm: Expected a floating point or complex tensor"
            f" as input. Got {torch_name(x.dtype)}")
    if isinstance(ord, complex):
        raise RuntimeError("linalg.vector_norm: Expected a non-complex "
                           f"scalar as the order of norm, got {ord}")
    if not is_number(ord):
        raise TypeError("linalg_vector_norm(): argument 'ord' (position 2) "
                        f"must be Number, not {type(ord).__name__} ({ord})")
    x = x if dtype is None else x.to(dtype)
    a, axes, p = x.array, dims_of(dim, x.array.ndim), float(ord)
    if math.isinf(p) or p < 0:
        check_some(a, axes, dim, p)
    kept = tuple([1 if d in axes else n for d, n in enumerate(a.shape)])
    y = length(a, p, axes)

    def rule(g: Tensor, y: Tensor) -> Tensor:
        return slope(x, p, g.reshape(kept), y.reshape(kept), axes)

    return record(y if keepdim else y.reshape(
        [n for d, n in enumerate(a.shape) if d not in axes]),
        (x, rule, x), keep_result=True, name="LinalgVectorNormBackward0")


def check_some(a: np.ndarray, axes: tuple, dim: Any, p: float) -> None:
    """The norms that are an extreme need something to choose from."""
    words = f"{p:g}" if math.isinf(p) else f"{p}"
    if a.size == 0 and dim is None:
        raise RuntimeError(
            f"linalg.vector_norm cannot compute the {words} norm on an empty"
            " tensor because the operation does not have an identity")
    for d in axes:
        if not a.shape[d]:
            raise RuntimeError(
                f"linalg.vector_norm cannot compute the {words} norm on the "
                f"dimension {d}because this dimension is empty and the "
                "operation does not have an identity")


def length(a: np.ndarray, p: float, axes: tuple) -> np.ndarray:
    """The norm, with the dimensions kept."""

    def measure(a: np.ndarray) -> np.ndarray:
        size = np.abs(a)
        if math.isinf(p):
            extreme = np.max if p > 0 else np.min
            return extreme(size, axes, keepdims=True)
        if p == 0:
            return np.sum(size != 0, axes, size.dtype, keepdims=True)
        if p == 1:
            return size.sum(axes, keepdims=True)
        if p == 2:
            return np.sqrt((size * size).sum(axes, keepdims=True))
        return (size ** p).sum(axes, keepdims=True) ** (1 / p)

    return np.asarray(in_single(measure, a))


def slope(x: Tensor, p: float, g: Tensor, y: Tensor, axes: tuple) -> Any:
    """The gradient of the p-norm y of x; torch: 0 where y is 0, and none at
    all for p = 0."""
    if p == 0:
        return None
    wide = np.result_type(x.array.dtype, np.float64)
    if p < 0 and x.array.dtype != wide:
        # one number may outweigh the others: what the second derivative
        # then leaves of it would be float32's rounding
        x = x.to(dtypes.of(wide))
        y = vector_norm(x, p, axes, keepdim=True)
    found = y.array != 0
    if p == 1:
        return g * x.sgn()
    if p == 2:
        return g * keep(x / y, found)
    if math.isinf(p):
        size = np.abs(x.array)
        ties = (size == y.array) | np.isnan(size) & np.isnan(y.array)
        count = ties.sum(axes, size.dtype, keepdims=True)
        return g * wrap(np.divide(ties, count, dtype=size.dtype)) * x.sgn()
    if p < 1:
        steep = keep(x.abs() ** (p - 1), x.array != 0)
        return x.sgn() * steep * g * y ** (1 - p)
    scale = keep(g / y ** (p - 1), found)
    if p < 2:
        return x.sgn() * x.abs() ** (p - 1) * scale
    return x * x.abs() ** (p - 2) * scale


def dist(input: Tensor, other: Tensor, p: Any = 2) -> Tensor:
    """The p-norm of x - y"""
    check_tensor(input, "dist")
    check_tensor(other, "dist", "other", 2)
    difference = input - other
    if difference.array.dtype.kind not in "fc":
        raise NotImplementedError(
            "norm(): input dtype should be either floating point or complex."
            f" Got {torch_name(difference.dtype)} instead.")
    y = vector_norm(difference, p)
    return named(y, "DistBackward0")


# ---- of matrices

def matrix_norm(A: Tensor, ord: Any = "fro", dim: Any = (-2, -1),
                keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """A norm of matrices A (*, M, N)

    fro: √Σ |a|²;  nuc: Σ σ;  2, -2: the greatest, the least σ;
    1, -1: of the columns' sums of |a|;  inf, -inf: of the rows'.
    """
    check_tensor(A, "linalg_matrix_norm")
    check_matrix_norm(A, ord)
    if not isinstance(dim, (tuple, list)) or len(dim) != 2:
        raise RuntimeError(
            f"linalg.matrix_norm: dim must be a 2-tuple. Got {dim}")
    rows, columns = (dim_of(d, A.array.ndim) for d in dim)
    if rows == columns:
        raise RuntimeError("linalg.matrix_norm: dims must be different. Got "
                           f"({dim[0]}, {dim[1]})")
    A = A if dtype is None else A.to(dtype)
    if ord == "fro":
        return vector_norm(A, 2, (rows, columns), keepdim)
    if ord == "nuc" or abs(ord) == 2:
        if ord == 2 and not A.array.shape[rows] * A.array.shape[columns]:
            return nought(A, rows, columns, keepdim)
        y = of_singular_values(A.movedim((rows, columns), (-2, -1)), ord)
        if keepdim:
            y = y.unsqueeze(-1).unsqueeze(-1).movedim(
                (-2, -1), (rows, columns))
        return y
    first, second = (rows, columns) if abs(ord) == 1 else (columns, rows)
    if ord > 0 and not A.array.shape[second]:
        return nought(A, rows, columns, keepdim)
    sums = A.abs().sum(first, keepdim)
    if not keepdim and second > first:
        second -= 1
    return (sums.amax(second, keepdim) if ord > 0
            else sums.amin(second, keepdim))


def nought(A: Tensor, rows: int, columns: int, keepdim: bool) -> Tensor:
    """The norm of matrices that have no entries: the greatest of none is 0"""
    return A.abs().sum((rows, columns), keepdim)


def check_matrix_norm(A: Tensor, ord: Any) -> None:
    """Refuse what is no matrix of floats, and orders that are none."""
    if A.array.ndim < 2:
        raise RuntimeError("linalg.matrix_norm: The input tensor A must have"
                           " at least 2 dimensions.")
    if A.array.dtype.kind not in "fc":
        raise NotImplementedError(
            "linalg.matrix_norm: Expected a floating point or complex tensor"
            f" as input. Got {torch_name(A.dtype)}")
    known = ord in ("fro", "nuc") if isinstance(ord, str) else (
        abs(ord) in (1, 2, math.inf))
    if not known:
        raise RuntimeError(
            f"linalg.matrix_norm: Order {ord} not supported.")


def of_singular_values(A: Tensor, ord: Any) -> Tensor:
    sigma = A.svd()[1]  # type: ignore[attr-defined]
    if ord == "nuc":
        return sigma.sum(-1)
    return sigma.amax(-1) if ord > 0 else sigma.amin(-1)


def linalg_norm(A: Tensor, ord: Any = None, dim: Any = None,
                keepdim: bool = False, *, dtype: Any = None) -> Tensor:
    """The norm of a vector or of a matrix, by the number of dimensions"""
    check_tensor(A, "linalg_norm")
    two = isinstance(dim, (tuple, list)) and len(dim) == 2
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    if dim is None and A.array.ndim not in (1, 2):
        raise RuntimeError(
            "linalg.norm: If dim is not specified but ord is, the input must"
            f" be 1D or 2D. Got {A.array.ndim}D.")
    if isinstance(ord, str) or two or (dim is None and A.array.ndim == 2):
        return matrix_norm(A, ord, dim or (-2, -1), keepdim, dtype=dtype)
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)
