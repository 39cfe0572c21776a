"""Linear algebra along chosen dimensions: products, diagonals, and tensors
read as matrices.
"""

from __future__ import annotations

import math
from typing import Any

from ..tensor import Tensor
from .diagonal import diagonal
from .linalg import inv, solve
from .operands import check_tensor, named, torch_name

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def vecdot(x: Tensor, y: Tensor, *, dim: int = -1) -> Tensor:
    """Σ x* y along one dimension"""
    check_tensor(x, "linalg_vecdot", "x")
    check_tensor(y, "linalg_vecdot", "y", 2)
    if x.array.dtype.kind not in "fc":
        raise NotImplementedError(
            "linalg.vecdot: Expected a floating point or complex tensor as "
            f"input. Got {torch_name(x.dtype)}")
    if x.array.dtype != y.array.dtype:
        raise RuntimeError(
            "linalg.vecdot: Expected x and y to have the same dtype, but "
            f"found x of type {torch_name(x.dtype)} and y of type "
            f"{torch_name(y.dtype)} instead")
    if x.array.ndim == y.array.ndim == 1:
        return x.vdot(y)
    return (x.conj() * y).sum(dim)


def linalg_diagonal(A: Tensor, *, offset: int = 0, dim1: int = -2,
                    dim2: int = -1) -> Tensor:
    """The diagonals of matrices: a view"""
    return diagonal(A, offset, dim1, dim2)


def check_as_matrix(x: Tensor, count: int, word: str) -> None:
    """Refuse sizes that do not multiply to the same on both sides."""
    shape = x.array.shape
    rows, columns = math.prod(shape[:count]), math.prod(shape[count:])
    if rows != columns:
        raise RuntimeError(
            f"Expected self to satisfy the requirement prod(self.shape[{word}"
            f":]) == prod(self.shape[:{word}]), but got {columns} != {rows}")


def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """The inverse of A read as a matrix from its last dimensions to its
    first `ind`
    """
    check_tensor(A, "linalg_tensorinv", "A")
    if ind <= 0:
        raise RuntimeError("Expected a strictly positive integer for 'ind', "
                           f"but got {ind}")
    check_as_matrix(A, ind, "ind")
    shape = A.array.shape
    n = math.prod(shape[:ind])
    y = inv(A.reshape(n, n)).reshape(*shape[ind:], *shape[:ind])
    return named(y, "ReshapeAliasBackward0")


def tensorsolve(A: Tensor, B: Tensor, dims: Any = None) -> Tensor:
    """The X with tensordot(A, X, X.ndim) = B; dims of A go last first"""
    check_tensor(A, "linalg_tensorsolve", "A")
    check_tensor(B, "linalg_tensorsolve", "B", 2)
    if dims is not None:
        A = A.movedim(tuple(dims), tuple(range(-len(dims), 0)))
    check_as_matrix(A, B.array.ndim, "other.ndim")
    rest = A.array.shape[B.array.ndim:]
    n = math.prod(rest)
    X = solve(A.reshape(n, n), B.reshape(n))
    return X.reshape(rest)
