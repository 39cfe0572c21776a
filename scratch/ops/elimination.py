"""The factors of Gauss's elimination, A = P L U, and systems solved by them.

LU (*, M, N) holds L below its diagonal, whose own is 1, and U above.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import elimination as kernels
from ..tensor import Tensor, wrap
from . import return_types
from .gather import gather
from .linalg import check_matrix, solve_triangular
from .operands import check_tensor, named, refuse, torch_name
from .reduction import joined

__all__ = ["lu", "lu_solve", "lu_unpack"]
METHODS = ["lu", "lu_solve"]
IN_PLACE: list[str] = []


def rows_of(x: Tensor, order: np.ndarray) -> Tensor:
    """The rows of x (*, M, N) in this order (*, M)"""
    shape = np.broadcast_shapes(x.array.shape[:-2], order.shape[:-1])
    order = np.broadcast_to(order, (*shape, order.shape[-1]))
    if x.array.shape[:-2] != shape:
        x = x.expand(*shape, *x.array.shape[-2:])
    index = np.broadcast_to(order[..., None],
                            (*order.shape, x.array.shape[-1]))
    return gather(x, -2, wrap(np.ascontiguousarray(index)))


def factored(A: Tensor, pivot: bool, caller: str) -> tuple[
        Tensor, np.ndarray, np.ndarray]:
    """(LU, pivots from 0, the order of rows that they make)"""
    check_tensor(A, caller.split(".")[-1])
    a = A.array
    if a.ndim < 2:
        raise RuntimeError(
            f"{caller}: Expected tensor with 2 or more dimensions. Got size:"
            f" {[*a.shape]} instead")
    refuse(a, "biu", "lu_cpu")
    if a.dtype == np.float16:
        refuse(a, "f", "lu_cpu")
    if not pivot:
        raise RuntimeError("linalg.lu_factor: LU without pivoting is not "
                           "implemented on the CPU")
    m, n = a.shape[-2:]
    batch = a.shape[:-2]
    packed = np.array(a.reshape(int(np.prod(batch)), m, n), order="C")
    pivots = kernels.lu(packed)
    order = kernels.order_of(pivots, m).reshape(*batch, m)
    y = record(packed.reshape(a.shape),
               (A, lambda g, LU: lu_gradient(g, LU, order)),
               keep_result=True, name="LinalgLuFactorExBackward0")
    return y, pivots.reshape(*batch, min(m, n)), order


def lu_gradient(g: Tensor, LU: Tensor, order: np.ndarray) -> Tensor:
    """∂(Pᵀ A) = L⁻ᴴ (tril(Lᴴ gL, -1) + triu(gU Uᴴ)) U⁻ᴴ, for square parts

    What a tall A has below, L₂ = A₂ U⁻¹, and a wide one beside, U₂ = L⁻¹ A₂,
    hands its share on to them.
    """
    m, n = LU.array.shape[-2:]
    k = min(m, n)
    one = wrap(np.eye(k, dtype=LU.array.dtype))
    low, down = part(LU, k)
    g_low, g_down = part(g, k)
    gL, gU = g_low.tril(-1), g_low.triu()
    if m > n:
        g_down = solve_triangular(low.mH, g_down, upper=False, left=False)
        gU = gU - (down.mH @ g_down).triu()
    elif n > m:
        g_down = solve_triangular(low.mH, g_down, upper=True,
                                  unitriangular=True)
        gL = gL - (g_down @ down.mH).tril(-1)
    middle = (((low.tril(-1) + one).mH @ gL).tril(-1)
              + (gU @ low.triu().mH).triu())
    y = solve_triangular(low.mH, middle, upper=True, unitriangular=True)
    y = solve_triangular(low.mH, y, upper=False, left=False)
    if m != n:
        y = joined(y, g_down, LU.array.ndim - (2 if m > n else 1))
    return rows_of(y, np.argsort(order, -1))


def part(x: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The square part (k, k), and what is below it or beside it"""
    m, n = x.array.shape[-2:]
    d = -2 if m > n else -1
    return x.narrow(d, 0, k), x.narrow(d, k, max(m, n) - k)


def from_one(pivots: np.ndarray) -> Tensor:
    """torch: pivots count from 1, as LAPACK's do."""
    return wrap((pivots + 1).astype(np.int32))


def zero_pivots(LU: Tensor) -> np.ndarray:
    """Where U first has a zero on its diagonal, from 1; or 0"""
    zero = np.diagonal(LU.array, axis1=-2, axis2=-1) == 0
    if not zero.shape[-1]:
        return np.zeros(zero.shape[:-1], np.int32)
    return np.where(zero.any(-1), zero.argmax(-1) + 1, 0).astype(np.int32)


def lu_factor_ex(A: Tensor, *, pivot: bool = True,
                 check_errors: bool = False) -> Any:
    """(LU, pivots, info): info is 0, or where U has a zero"""
    return with_info(A, pivot, "lu_factor_ex" if check_errors else "")


def with_info(A: Tensor, pivot: bool, strict: str) -> Any:
    """(LU, pivots, info); strict: who is refused a zero, or nobody"""
    LU, pivots, _ = factored(A, pivot, "torch.lu_factor")
    info = zero_pivots(LU)
    if strict and info.any():
        flat = int(np.flatnonzero(info)[0])
        where = f"(Batch element {flat}): " if info.ndim else ""
        k = info.reshape(-1)[flat]
        raise RuntimeError(
            f"torch.linalg.{strict}: {where}U[{k},{k}] is zero and using it "
            "on lu_solve would result in a division by zero. If you still "
            "want to perform the factorization, consider calling "
            "linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)")
    return return_types.linalg_lu_factor_ex(
        (LU, from_one(pivots), wrap(info)))


def lu_factor(A: Tensor, *, pivot: bool = True) -> Any:
    """(LU, pivots) of an invertible A"""
    return return_types.linalg_lu_factor(with_info(A, pivot, "lu_factor")[:2])


def linalg_lu(A: Tensor, *, pivot: bool = True) -> Any:
    """(P, L, U) with A = P L U"""
    LU, _, order = factored(A, pivot, "linalg.lu")
    L, U = halves(LU, "LinalgLuBackward0")
    return return_types.linalg_lu((permutation(order, LU), L, U))


def halves(LU: Tensor, name: str) -> tuple[Tensor, Tensor]:
    """L (*, M, K) and U (*, K, N), K the smaller of M and N"""
    m, n = LU.array.shape[-2:]
    k = min(m, n)
    one = wrap(np.eye(m, k, dtype=LU.array.dtype))
    return (named(LU.narrow(-1, 0, k).tril(-1) + one, name),
            named(LU.narrow(-2, 0, k).triu(), name))


def permutation(order: np.ndarray, LU: Tensor) -> Tensor:
    """P, with (Pᵀ A)[i] = A[order[i]]"""
    eye = np.eye(order.shape[-1], dtype=LU.array.dtype)
    return wrap(np.ascontiguousarray(eye[order].swapaxes(-1, -2)))


def order_of(LU_pivots: Tensor, rows: int) -> np.ndarray:
    """The order of rows (*, rows) that torch's pivots make"""
    pivots = LU_pivots.array
    flat = pivots.reshape(int(np.prod(pivots.shape[:-1])),
                          pivots.shape[-1]) - 1
    return kernels.order_of(flat, rows).reshape(*pivots.shape[:-1], rows)


def lu_unpack(LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True,
              unpack_pivots: bool = True) -> Any:
    """(P, L, U) from what lu_factor gives; empty what is not wanted"""
    m, n = LU_data.array.shape[-2:]
    nothing = wrap(np.empty(0, LU_data.array.dtype))
    P, L, U = nothing, nothing, nothing
    if unpack_pivots:
        if LU_pivots.array.dtype != np.int32:
            raise RuntimeError("torch.lu_unpack: LU_pivots is expected to be "
                               "a contiguous tensor of torch.int32 dtype.\n"
                               "Note: this function is intended to be used "
                               "with the output produced by "
                               "torch.linalg.lu_factor")
        expected = (*LU_data.array.shape[:-2], min(m, n))
        if LU_pivots.array.shape != expected:
            raise ValueError(
                f"Expected LU_pivots to have shape {[*expected]} but got "
                f"{[*LU_pivots.array.shape]} instead.")
        P = permutation(order_of(LU_pivots, m), LU_data)
    if unpack_data:
        L, U = halves(LU_data, "LuUnpackBackward0")
    return return_types.lu_unpack((P, L, U))


def lu(input: Tensor, pivot: bool = True, get_infos: bool = False) -> Any:
    """(LU, pivots), and info if asked for; torch: the older lu_factor_ex"""
    result = with_info(input, pivot, "")
    warnings.warn(
        "torch.lu is deprecated in favor of torch.linalg.lu_factor / "
        "torch.linalg.lu_factor_ex and will be removed in a future PyTorch "
        "release.", UserWarning, stacklevel=3)
    if get_infos:
        return return_types._lu_with_info(result)
    return result[0], result[1]


# ---- systems

def lu_solve_named(LU: Tensor, pivots: Tensor, B: Tensor, *,
                   left: bool = True, adjoint: bool = False) -> Tensor:
    """The X with A X = B (X A = B if not left), A or its adjoint factored

    X = U⁻¹ L⁻¹ Pᵀ B,  or  P L⁻ᴴ U⁻ᴴ B
    """
    check_factors(LU, pivots, B, left)
    if not left:
        X = lu_solve_named(LU, pivots, B.mH, adjoint=not adjoint).mH
        return named(X, "LinalgLuSolveBackward0")
    order = order_of(pivots, LU.array.shape[-1])
    if adjoint:
        X = solve_triangular(LU.mH, B, upper=False)
        X = solve_triangular(LU.mH, X, upper=True, unitriangular=True)
        X = rows_of(X, np.argsort(order, -1))
    else:
        X = solve_triangular(LU, rows_of(B, order), upper=False,
                             unitriangular=True)
        X = solve_triangular(LU, X, upper=True)
    return named(X, "LinalgLuSolveBackward0")


def check_factors(LU: Tensor, pivots: Tensor, B: Tensor, left: bool) -> None:
    """Refuse factors, pivots and B whose shapes or dtypes do not fit."""
    check_matrix(LU, "torch.linalg.lu_solve", square=True)
    check_tensor(B, "linalg_lu_solve", "B", 3)
    n, b = LU.array.shape[-1], B.array.shape
    if LU.array.dtype != B.array.dtype:
        raise RuntimeError(
            "linalg.lu_solve: Expected LU and B to have the same dtype, but "
            f"found LU of type {torch_name(LU.dtype)} and B of type "
            f"{torch_name(B.dtype)} instead")
    if pivots.array.dtype != np.int32:
        raise RuntimeError("linalg.lu_solve: pivots should be a Tensor of "
                           "scalar type torch.int32")
    if len(b) < 2:
        raise RuntimeError("linalg.lu_solve: The input tensor B must have at "
                           "least 2 dimensions.")
    if b[-2 if left else -1] != n:
        form, rows, columns = ("AX = B", *b[-2:]) if left else (
            "XA = B", *b[-2:])
        raise RuntimeError(
            "linalg.lu_solve: Incompatible shapes of A and B for the "
            f"equation {form} ({n}x{n} and {rows}x{columns})")
    if pivots.array.shape[-1:] != (n,):
        raise RuntimeError("linalg.lu_solve: Number of pivots per batch "
                           "should be same as the dimension of the matrix")
    if pivots.array.shape[:-1] != LU.array.shape[:-2]:
        raise RuntimeError("linalg.lu_solve: Batch dimensions of LU and "
                           "pivots should match")


def lu_solve(input: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """linalg.lu_solve in torch's older order: B first"""
    warnings.warn(
        "torch.lu_solve is deprecated in favor of torch.linalg.lu_solve"
        "and will be removed in a future PyTorch release.", UserWarning,
        stacklevel=3)
    return lu_solve_named(LU_data, LU_pivots, input)
