"""The factors of a symmetric matrix, A = P L D Lᵀ Pᵀ, and systems solved by
them.

LD (*, N, N) holds L below its diagonal, whose own is 1, and the blocks of D
on it; Hermitian matrices have Lᴴ for Lᵀ.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels import ldl as kernels
from ..tensor import Tensor, wrap
from . import return_types
from .linalg import LinAlgError, check_matrix
from .operands import torch_name

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def ldl_factor_ex(A: Tensor, *, hermitian: bool = False,
                  check_errors: bool = False) -> Any:
    """(LD, pivots, info): info is 0, or which pivot is zero"""
    return ldl_with_info(A, hermitian, check_errors, "ldl_factor_ex")


def ldl_factor(A: Tensor, *, hermitian: bool = False) -> Any:
    """(LD, pivots) of a symmetric (or Hermitian) A; its lower half is read"""
    return return_types.linalg_ldl_factor(
        ldl_with_info(A, hermitian, True, "ldl_factor")[:2])


def ldl_with_info(A: Tensor, hermitian: bool, strict: bool,
                  caller: str) -> Any:
    """(LD, pivots, info); strict: a zero pivot is refused"""
    check_matrix(A, "torch.linalg.ldl_factor_ex", square=True)
    n = A.array.shape[-1]
    packed = np.tril(A.array)
    batch = A.array.shape[:-2]
    pivots, info = np.zeros((*batch, n), np.int32), np.zeros(batch, np.int32)
    for place in np.ndindex(*batch):
        pivots[place], info[place] = kernels.ldl(packed[place], hermitian)
    if strict and info.any():
        k = info.reshape(-1)[np.flatnonzero(info)[0]]
        raise LinAlgError(f"torch.linalg.{caller}: the diagonal element {k} "
                          "is zero: the factors cannot be used to solve")

    def unknown(g: Tensor) -> Tensor:
        raise NotImplementedError(
            "the derivative for 'ldl_factor_ex' is not implemented.")

    return return_types.linalg_ldl_factor_ex((
        record(packed, (A, unknown), name="NotImplemented"), wrap(pivots),
        wrap(info)))


def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *,
              hermitian: bool = False) -> Tensor:
    """The X with A X = B, from ldl_factor:  ∂B = A⁻ᴴ g"""
    caller = "torch.linalg.ldl_solve"
    check_matrix(LD, caller, square=True)
    n, b = LD.array.shape[-1], B.array
    if pivots.array.shape != LD.array.shape[:-1]:
        raise RuntimeError(
            f"{caller}: Expected LD.shape[:-1] and pivots.shape to be the "
            f"same, but got pivots with shape {[*pivots.array.shape]} "
            "instead")
    if LD.array.dtype != b.dtype:
        raise RuntimeError(
            "Expected b and A to have the same dtype, but found b of type "
            f"{torch_name(B.dtype)} and A of type {torch_name(LD.dtype)} "
            "instead.")
    if b.ndim < 2 or b.shape[-2] != n:
        raise RuntimeError(
            f"Incompatible matrix sizes for {caller}: each A matrix is {n} by"
            f" {n} but each b matrix is {' by '.join(map(str, b.shape[-2:]))}")
    batch = np.broadcast_shapes(LD.array.shape[:-2], b.shape[:-2])
    X = np.broadcast_to(b, (*batch, *b.shape[-2:])).copy()
    a = np.broadcast_to(LD.array, (*batch, n, n))
    p = np.broadcast_to(pivots.array, (*batch, n))
    for place in np.ndindex(*batch):
        kernels.ldl_solve(a[place], p[place], X[place], hermitian)

    def back(g: Tensor) -> Tensor:
        if hermitian:
            return ldl_solve(LD, pivots, g, hermitian=True)
        return ldl_solve(LD, pivots, g.conj()).conj()

    return record(X, (B, back), name="LinalgLdlSolveBackward0")
