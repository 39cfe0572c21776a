"""Linear systems: inverse, determinant, solving, Cholesky.

Matrices A (*, M, N): any dimensions before the last two are a batch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from . import return_types
from .operands import check_tensor, named, torch_name

__all__ = [
    "inverse", "det", "slogdet", "logdet", "cholesky_solve",
    "cholesky_inverse",
]
METHODS = __all__
IN_PLACE: list[str] = []


class _LinAlgError(RuntimeError):
    """A matrix that the algorithm cannot treat."""


LinAlgError = _LinAlgError


def check_matrix(A: Any, caller: str, square: bool = False,
                 name: str = "A") -> None:
    """Refuse what is no (batch of) matrices of floating-point numbers."""
    check_tensor(A, caller.replace(".", "_"), name)
    a = A.array
    if a.ndim < 2:
        raise RuntimeError(f"{caller}: The input tensor {name} must have at "
                           "least 2 dimensions.")
    if a.dtype.kind not in "fc":
        raise NotImplementedError(
            f"{caller}: Expected a floating point or complex tensor as "
            f"input. Got {torch_name(A.dtype)}")
    if a.dtype == np.float16:
        raise NotImplementedError(
            f"{caller}: Low precision dtypes not supported. Got Half")
    if square and a.shape[-1] != a.shape[-2]:
        raise RuntimeError(
            f"{caller}: {name} must be batches of square matrices, but they "
            f"are {a.shape[-2]} by {a.shape[-1]} matrices")


def failing(a: np.ndarray, fails: Any) -> tuple[str, int]:
    """Which matrix of a batch fails, and the number that `fails` gives."""
    for place in np.ndindex(a.shape[:-2]):
        number = fails(a[place])
        if number:
            if not place:
                return "", number
            flat = np.ravel_multi_index(place, a.shape[:-2])
            return f"(Batch element {flat}): ", number
    return "", 0


def zero_pivot(a: np.ndarray) -> int:
    """The first step of Gauss's elimination that finds no pivot; or 0."""
    a = a.copy()
    for k in range(len(a)):
        best = k + int(np.abs(a[k:, k]).argmax())
        a[[k, best]] = a[[best, k]]
        if a[k, k] == 0:
            return k + 1
        a[k + 1:] -= np.outer(a[k + 1:, k] / a[k, k], a[k])
    return 0


def minor_not_positive(a: np.ndarray) -> int:
    """The order of the first leading minor that is not positive; or 0."""
    for k in range(1, len(a) + 1):
        try:
            np.linalg.cholesky(a[:k, :k])
        except np.linalg.LinAlgError:
            return k
    return 0


# ---- inverse and determinant

def inv(A: Tensor) -> Tensor:
    """A⁻¹:  ∂A = -A⁻ᴴ g A⁻ᴴ"""
    check_matrix(A, "linalg.inv", square=True)
    try:
        y = np.linalg.inv(A.array)
    except np.linalg.LinAlgError:
        where, k = failing(A.array, zero_pivot)
        raise LinAlgError(
            f"linalg.inv: {where}The diagonal element {k or 1} is zero, the "
            "inversion could not be completed because the input matrix is "
            "singular.") from None
    return record(y, (A, lambda g, y: -(y.mH @ g @ y.mH)), keep_result=True,
                  name="LinalgInvExBackward0")


def inverse(input: Tensor) -> Tensor:
    """A⁻¹"""
    return inv(input)


def det(input: Tensor) -> Tensor:
    """The determinant:  ∂A = g · the matrix of cofactors"""
    A = input
    check_matrix(A, "linalg.det", square=True)
    y = np.asarray(np.linalg.det(A.array), A.array.dtype)
    regular = bool((y != 0).all())

    def rule(g: Tensor, y: Tensor) -> Tensor:
        if regular:
            return (g * y.conj()).unsqueeze(-1).unsqueeze(-1) * inv(A).mH
        return g.unsqueeze(-1).unsqueeze(-1) * cofactors(A).conj()

    return record(y, (A, rule, A), keep_result=True,
                  name="LinalgDetBackward0")


def cofactors(A: Tensor) -> Tensor:
    """±det of A without row i and column j, at (i, j): no division."""
    n = A.array.shape[-1]
    if n == 1:
        return wrap(np.ones_like(A.array))
    parts = None
    for i in range(n):
        for j in range(n):
            rest = np.delete(np.delete(np.arange(n * n).reshape(n, n), i, 0),
                             j, 1)
            flat = A.reshape(*A.array.shape[:-2], n * n)
            minor = det(flat[..., wrap(rest)])
            place = np.zeros((n, n), A.array.dtype)
            place[i, j] = (-1) ** (i + j)
            term = minor.unsqueeze(-1).unsqueeze(-1) * wrap(place)
            parts = term if parts is None else parts + term
    return parts  # type: ignore[return-value]


def sign_and_log(A: Tensor) -> tuple[Tensor, Tensor]:
    """sgn det A and log |det A|:  ∂log |det A| = A⁻ᴴ"""
    check_matrix(A, "linalg.slogdet", square=True)
    sign, log = np.linalg.slogdet(A.array)

    def rule(g: Tensor) -> Tensor:
        return g.unsqueeze(-1).unsqueeze(-1) * inv(A).mH

    def turn(g: Tensor, s: Tensor) -> Tensor:
        if s.array.dtype.kind != "c":
            return (g * 0).unsqueeze(-1).unsqueeze(-1).expand(A.array.shape)
        angle = (g.conj() * s).imag  # how the phase follows A
        return (angle * -1j).unsqueeze(-1).unsqueeze(-1) * inv(A).mH

    return (record(np.asarray(sign, A.array.dtype), (A, turn, A),
                   keep_result=True, name="LinalgSlogdetBackward0"),
            record(np.asarray(log, A.array.real.dtype), (A, rule, A),
                   name="LinalgSlogdetBackward0"))


def linalg_slogdet(A: Tensor) -> Any:
    """(sign, ln |det A|): for determinants that would overflow"""
    return return_types.linalg_slogdet(sign_and_log(A))


def slogdet(input: Tensor) -> Any:
    """(sign, ln |det A|)"""
    return return_types.slogdet(sign_and_log(input))


def logdet(input: Tensor) -> Tensor:
    """ln det A; NaN where it is negative"""
    sign, log = sign_and_log(input)
    if sign.array.dtype.kind == "c":
        return sign.log() + log
    return log.where(wrap(sign.array != -1),
                     wrap(np.asarray(np.nan, log.array.dtype)))


# ---- linear systems

def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """The X with A X = B (or X A = B):  ∂B = A⁻ᴴ g,  ∂A = -∂B Xᴴ

    A (*, N, N), B (*, N) or (*, N, K)
    """
    check_matrix(A, "linalg.solve", square=True)
    check_tensor(B, "linalg_solve", "B", 2)
    if A.array.dtype != B.array.dtype:
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but "
            f"found A of type {torch_name(A.dtype)} and B of type "
            f"{torch_name(B.dtype)} instead")
    a, b = A.array, B.array
    vector = b.ndim == 1 or (a.ndim - 1 == b.ndim
                             and b.shape == a.shape[:-1])
    if vector:
        return named(solve(A, B.unsqueeze(-1), left=left).squeeze(-1),
                     "LinalgSolveExBackward0")
    if not left:
        return named(solve(A.mT, B.mT).mT, "LinalgSolveExBackward0")
    if a.shape[-1] != b.shape[-2]:
        raise RuntimeError(
            "linalg.solve: Incompatible shapes of A and B for the equation "
            f"AX = B ({a.shape[-2]}x{a.shape[-1]} and {b.shape[-2]}x"
            f"{b.shape[-1]})")
    try:
        y = np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        where, _ = failing(a, zero_pivot)
        raise LinAlgError(
            f"torch.linalg.solve: {where}The solver failed because the input"
            " matrix is singular.") from None

    def both(g: Tensor, X: Tensor) -> tuple:
        back = solve(A.mH, g)
        return -(back @ X.mH), back

    return record(y, ((A, B), both, A), keep_result=True,
                  name="LinalgSolveExBackward0")


def solve_triangular(A: Tensor, B: Tensor, *, upper: bool,
                     left: bool = True, unitriangular: bool = False
                     ) -> Tensor:
    """solve for a triangular A, by substitution; the rest is not read"""
    check_matrix(A, "linalg.solve_triangular", square=True)
    check_matrix(B, "linalg.solve_triangular", name="B")
    (n, _), (rows, columns) = A.array.shape[-2:], B.array.shape[-2:]
    if n != (rows if left else columns):
        raise RuntimeError(
            "linalg.solve_triangular: Incompatible shapes of A and B for the "
            f"equation {'AX' if left else 'XA'} = B ({n}x{n} and {rows}x"
            f"{columns})")
    if not left:
        y = solve_triangular(A.mT, B.mT, upper=not upper,
                             unitriangular=unitriangular).mT
        return named(y, "LinalgSolveTriangularBackward0")
    values = substitute(A.array, B.array, upper, unitriangular)

    def both(g: Tensor, X: Tensor) -> tuple:
        back = solve_triangular(A.mH, g, upper=not upper,
                                unitriangular=unitriangular)
        whole = -(back @ X.mH)
        k = int(unitriangular)
        return whole.triu(k) if upper else whole.tril(-k), back

    return record(values, ((A, B), both, A), keep_result=True,
                  name="LinalgSolveTriangularBackward0")


def substitute(a: np.ndarray, b: np.ndarray, upper: bool,
               unit: bool) -> np.ndarray:
    """Row by row, from the row with a single unknown."""
    n = a.shape[-1]
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    y = np.broadcast_to(b, (*batch, *b.shape[-2:])).copy()
    for i in reversed(range(n)) if upper else range(n):
        known = slice(i + 1, n) if upper else slice(0, i)
        y[..., i, :] -= np.einsum("...k, ...kj -> ...j", a[..., i, known],
                                  y[..., known, :])
        if not unit:
            y[..., i, :] /= a[..., i, i, None]
    return y


def cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """The lower L with L Lᴴ = A (or the upper Lᴴ), for A positive definite

    ∂A = L⁻ᴴ Φ(Lᴴ g) L⁻¹, Φ the symmetric part of the lower half (Murray,
    2016).
    """
    check_matrix(A, "linalg.cholesky", square=True)
    if upper:
        return named(cholesky(A).mH, "LinalgCholeskyExBackward0")
    try:
        y = np.linalg.cholesky(A.array)
    except np.linalg.LinAlgError:
        where, k = failing(A.array, minor_not_positive)
        raise LinAlgError(
            f"linalg.cholesky: {where}The factorization could not be "
            "completed because the input is not positive-definite (the "
            f"leading minor of order {k} is not positive-definite)."
        ) from None

    def rule(g: Tensor, L: Tensor) -> Tensor:
        low = (L.mH @ g).tril()
        middle = (low + low.tril(-1).mH) * 0.5
        right = solve_triangular(L, middle, upper=False, left=False)
        return solve_triangular(L.mH, right, upper=True)

    return record(y, (A, rule), keep_result=True,
                  name="LinalgCholeskyExBackward0")


def cholesky_ex(A: Tensor, *, upper: bool = False,
                check_errors: bool = False) -> Any:
    """(L, info): info is 0, or the order of the minor that is not positive"""
    return with_info(lambda A: cholesky(A, upper=upper), A,
                     return_types.linalg_cholesky_ex, check_errors,
                     minor_not_positive)


def inv_ex(A: Tensor, *, check_errors: bool = False) -> Any:
    """(A⁻¹, info): info is 0, or where the pivot is missing"""
    return with_info(inv, A, return_types.linalg_inv_ex, check_errors,
                     zero_pivot)


def solve_ex(A: Tensor, B: Tensor, *, left: bool = True,
             check_errors: bool = False) -> Any:
    """(X, info) with A X = B: info is 0, or where the pivot is missing"""
    return with_info(lambda A: solve(A, B, left=left), A,
                     return_types.linalg_solve_ex, check_errors, zero_pivot)


def with_info(compute: Any, A: Tensor, kind: Any, check_errors: bool,
              fails: Any) -> Any:
    """compute(A), NaN for the matrices of a batch that fail"""
    info = np.zeros(A.array.shape[:-2], np.int32)
    try:
        y = compute(A)
    except LinAlgError as error:
        if check_errors:  # under its own name: linalg.inv_ex
            raise LinAlgError(str(error).replace(":", "_ex:", 1)) from None
        for place in np.ndindex(info.shape):
            info[place] = fails(A.array[place])
        bad = wrap((info != 0)[..., None, None])
        one = wrap(np.eye(A.array.shape[-1], dtype=A.array.dtype))
        y = compute(one.where(bad, A))
        if y.array.ndim < A.array.ndim:  # B was vectors
            bad = bad.squeeze(-1)
        y = y.masked_fill(bad, np.nan)
    return kind((y, wrap(info)))


def cholesky_solve(B: Tensor, L: Tensor, upper: bool = False) -> Tensor:
    """The X with A X = B, from the Cholesky factor L of A = L Lᴴ

    torch: ∂L = -(∂B Xᴴ + X ∂Bᴴ) L, above its diagonal too.
    """
    low = L.array.conj().swapaxes(-1, -2) if upper else L.array
    half = substitute(low, B.array, False, False)
    y = substitute(low.conj().swapaxes(-1, -2), half, True, False)

    def both(g: Tensor, X: Tensor) -> tuple:
        back = cholesky_solve(g, L, upper)
        turn = back @ X.mH
        turn = turn + turn.mH
        return back, -(L @ turn if upper else turn @ L)

    return record(y, ((B, L), both, L), keep_result=True,
                  name="CholeskySolveBackward0")


def cholesky_inverse(L: Tensor, upper: bool = False) -> Tensor:
    """A⁻¹, from the Cholesky factor L of A = L Lᴴ"""
    one = wrap(np.eye(L.array.shape[-1], dtype=L.array.dtype))
    return named(cholesky_solve(one, L, upper), "CholeskyInverseBackward0")
