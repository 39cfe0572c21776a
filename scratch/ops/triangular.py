"""Triangular systems under their old name, sides in the other order."""

from __future__ import annotations

import warnings

from ..tensor import Tensor
from . import return_types
from .linalg import solve_triangular
from .operands import check_broadcast, check_tensor, named, torch_name

__all__ = ["triangular_solve"]
METHODS = ["triangular_solve"]
IN_PLACE: list[str] = []

OLD = (
    "torch.triangular_solve is deprecated in favor of torch.linalg."
    "solve_triangularand will be removed in a future PyTorch release.\n"
    "torch.linalg.solve_triangular has its arguments reversed and does not "
    "return a copy of one of the inputs.\n"
    "X = torch.triangular_solve(B, A).solution\n"
    "should be replaced with\n"
    "X = torch.linalg.solve_triangular(A, B).")
told: list[bool] = []


def triangular_solve(b: Tensor, A: Tensor, upper: bool = True,
                     transpose: bool = False, unitriangular: bool = False
                     ) -> return_types.ReturnType:
    """(X, a copy of A) with A X = b, or Aᵀ X = b

    A (*, M, M), b (*, M, N) -> X (*, M, N)
    """
    if not told:
        told.append(True)
        warnings.warn(OLD, UserWarning, stacklevel=3)
    check_system(b, A)
    batch = check_broadcast(A.array.shape[:-2], b.array.shape[:-2])
    b = b.expand(*batch, *b.array.shape[-2:])
    A = A.expand(*batch, *A.array.shape[-2:])
    X = solve_triangular(A.mT if transpose else A, b,
                         upper=upper is not transpose,
                         unitriangular=unitriangular)
    name = "TriangularSolveBackward0"
    return return_types.triangular_solve(
        (named(X, name), named(A.clone(), name)))


def check_system(b: Tensor, A: Tensor) -> None:
    """Refuse a b and a square A that do not fit together."""
    check_tensor(b, "triangular_solve")
    check_tensor(A, "triangular_solve", "A", 2)
    for name, x in (("b", b), ("A", A)):
        if x.array.ndim < 2:
            raise RuntimeError(
                f"torch.triangular_solve: Expected {name} to have at least 2"
                f" dimensions, but it has {x.array.ndim} dimensions instead")
    if A.array.dtype != b.array.dtype:
        raise RuntimeError(
            f"Expected b and A to have the same dtype, but found b of type "
            f"{torch_name(b.dtype)} and A of type {torch_name(A.dtype)} "
            "instead.")
    m, n = A.array.shape[-2:]
    if m != n:
        raise RuntimeError("A must be batches of square matrices, but they "
                           f"are {m} by {n} matrices")
    if b.array.shape[-2] != m:
        raise RuntimeError(
            "Incompatible matrix sizes for triangular_solve: each A matrix "
            f"is {m} by {m} but each b matrix is {b.array.shape[-2]} by "
            f"{b.array.shape[-1]}")
    if A.array.dtype.kind not in "fc":
        raise NotImplementedError("\"triangular_solve_cpu\" not implemented "
                                  f"for '{torch_name(A.dtype)}'")
