"""Decompositions: eigenvalues, singular values, QR.

A rule decomposes A again, in the graph, rather than keep the other
results: so its own derivatives follow. Where eigenvalues are equal, their
vectors have no derivative, and the rules divide by zero, as torch's do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from . import return_types
from .linalg import LinAlgError, check_matrix, solve, solve_triangular
from .operands import check_tensor, refuse, torch_name
from .reduction import joined

__all__ = ["svd"]
METHODS = ["svd"]
IN_PLACE: list[str] = []


def differences(values: Tensor) -> Tensor:
    """Eᵢⱼ = vⱼ - vᵢ, with 1 on the diagonal"""
    one = wrap(np.eye(values.array.shape[-1], dtype=values.array.dtype))
    return values.unsqueeze(-2) - values.unsqueeze(-1) + one


def off_diagonal(X: Tensor) -> Tensor:
    """X with zeros on its diagonal."""
    other = 1 - np.eye(X.array.shape[-1], dtype=X.array.real.dtype)
    return X * wrap(other)


# ---- eigenvalues

def eigh(A: Tensor, UPLO: str = "L") -> Any:
    """(λ rising, V) of a Hermitian A = V diag(λ) Vᴴ

    ∂A = V (diag(gλ) + VᴴgV / E) Vᴴ, made symmetric,  Eᵢⱼ = λⱼ - λᵢ
    """
    check_tensor(A, "linalg_eigh")
    values, vectors = symmetric(A, UPLO, "linalg.eigh")

    def of_values(g: Tensor) -> Tensor:
        V = eigh(A, UPLO).eigenvectors
        return (V * g.unsqueeze(-2)) @ V.mH

    def of_vectors(g: Tensor) -> Tensor:
        L, V = eigh(A, UPLO)
        middle = off_diagonal(V.mH @ g) / differences(L)
        y = V @ middle @ V.mH
        return (y + y.mH) * 0.5  # A is read as symmetric: so is ∂A

    name = "LinalgEighBackward0"
    return return_types.linalg_eigh((
        record(values, (A, of_values, A), name=name),
        record(vectors, (A, of_vectors, A), name=name)))


def symmetric(A: Tensor, UPLO: Any, caller: str) -> tuple:
    """(values, vectors), NaN where there is no convergence"""
    if A.array.dtype.kind not in "fc" or A.array.dtype == np.float16:
        refuse(A.array, "biuf", f"{caller.replace('.', '_')}_cpu")
    check_matrix(A, caller, square=True)
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(
            f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    try:
        return np.linalg.eigh(A.array, UPLO.upper())
    except np.linalg.LinAlgError:
        return (np.full(A.array.shape[:-1], np.nan, A.array.real.dtype),
                np.full_like(A.array, np.nan))


def eigvalsh(A: Tensor, UPLO: str = "L") -> Tensor:
    """The eigenvalues of a Hermitian A, rising"""
    return eigh(A, UPLO).eigenvalues


def eig(A: Tensor) -> Any:
    """(λ, V), complex, with A V = V diag(λ); the columns of V have length 1

    ∂A = V⁻ᴴ (diag(gλ) + (VᴴgV - VᴴV diag Re VᴴgV) / E*) Vᴴ
    """
    check_tensor(A, "linalg_eig")
    values, vectors = general(A, "linalg.eig")

    def of_values(g: Tensor) -> Tensor:
        V = eig(A).eigenvectors
        return solve(V.mH, g.unsqueeze(-1) * V.mH)

    def of_vectors(g: Tensor, V: Tensor) -> Tensor:
        L = eigvals(A)
        inner = V.mH @ g
        along = inner.diagonal(0, -2, -1)
        check_phase(along.array, "linalg_eig_backward: The eigenvectors")
        middle = inner - (V.mH @ V) * along.real.unsqueeze(-2)
        middle = off_diagonal(middle) / differences(L).conj()
        return solve(V.mH, middle @ V.mH)

    name = "LinalgEigBackward0"
    return return_types.linalg_eig((
        record(values, (A, of_values, A), name=name),
        record(vectors, (A, of_vectors, A), keep_result=True, name=name)))


def check_phase(along: np.ndarray, about: str) -> None:
    """torch: a loss must not depend on the phase that LAPACK chose."""
    if not np.allclose(along.imag, 0, atol=1e-2, rtol=1e-2):
        raise RuntimeError(
            f"{about} in the complex case are specified up to multiplication"
            " by e^{i phi}. The specified loss function depends on this "
            "quantity, so it is ill-defined.")


def general(A: Tensor, caller: str) -> tuple:
    """(values, vectors), complex; refused where numbers are not finite"""
    if A.array.dtype.kind in "biu":
        raise RuntimeError(
            f"Unknown Complex ScalarType for {torch_name(A.dtype)}")
    if A.array.dtype == np.float16:
        refuse(A.array, "f", "linalg_eig_out_cpu")
    check_matrix(A, caller, square=True)
    if not np.isfinite(A.array).all():
        raise RuntimeError(
            "torch.linalg.eig: input tensor should not contain infs or NaNs.")
    values, vectors = np.linalg.eig(A.array)
    kind = np.result_type(A.array.dtype, np.complex64)
    return values.astype(kind), vectors.astype(kind)


def eigvals(A: Tensor) -> Tensor:
    """The eigenvalues of a square A, complex"""
    return eig(A).eigenvalues


# ---- singular values

def linalg_svd(A: Tensor, full_matrices: bool = True, *,
               driver: Any = None) -> Any:
    """(U, S, Vᴴ) with A = U diag(S) Vᴴ, S falling"""
    return return_types.linalg_svd(singular(A, full_matrices))


def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> Any:
    """(U, S, V): torch's older form"""
    U, S, Vh = singular(input, not some)
    if not compute_uv:
        m, n = input.array.shape[-2:]
        batch, kind = input.array.shape[:-2], input.array.dtype
        return return_types.svd((wrap(np.zeros((*batch, m, m), kind)), S,
                                 wrap(np.zeros((*batch, n, n), kind))))
    return return_types.svd((U, S, Vh.mH))


def svdvals(A: Tensor, *, driver: Any = None) -> Tensor:
    """The singular values, falling"""
    return singular(A, False)[1]


def singular(A: Tensor, full: bool) -> tuple[Tensor, Tensor, Tensor]:
    """U, S, Vᴴ, each with its rule (Townsend, Differentiating the singular
    value decomposition, 2016); torch: what `full` adds has no derivative
    """
    if A.array.dtype == np.float16:
        refuse(A.array, "f", "linalg_svd_cpu")
    check_matrix(A, "linalg.svd")
    m, n = A.array.shape[-2:]
    try:
        u, s, vh = np.linalg.svd(A.array, full)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.svd: The algorithm failed to converge because the input "
            "matrix is ill-conditioned or has too many repeated singular "
            "values") from None

    def of_u(g: Tensor) -> Tensor:
        U, S, Vh = singular(A, False)
        g = g.narrow(-1, 0, min(m, n))
        inner = U.mH @ g
        turn = skew(inner)
        middle = turn / squares(S) * S.unsqueeze(-2) + phases(turn, S)
        y = U @ middle @ Vh
        if m > n:  # what leaves the span of U
            y = y + ((g - U @ inner) / S.unsqueeze(-2)) @ Vh
        return y

    def of_s(g: Tensor) -> Tensor:
        U, _, Vh = singular(A, False)
        return (U * g.unsqueeze(-2)) @ Vh

    def of_v(g: Tensor) -> Tensor:
        U, S, Vh = singular(A, False)
        g = g.narrow(-2, 0, min(m, n))
        inner = Vh @ g.mH
        turn = skew(inner)
        middle = S.unsqueeze(-1) * (turn / squares(S)) - phases(turn, S)
        y = U @ middle @ Vh
        if n > m:
            y = y + U @ ((g - inner.mH @ Vh) / S.unsqueeze(-1))
        return y

    name = "LinalgSvdBackward0"
    return (record(u, (A, of_u, A), name=name),
            record(s, (A, of_s, A), name=name),
            record(vh, (A, of_v, A), name=name))


def skew(X: Tensor) -> Tensor:
    return X - X.mH


def phases(turn: Tensor, S: Tensor) -> Any:
    """What turning the vectors of a complex pair, uᵢ and vᵢ, together
    leaves: half of it is written on the side of each."""
    if turn.array.dtype.kind != "c":
        return 0
    return (turn.diagonal(0, -2, -1) / (4 * S)).diag_embed(0, -2, -1)


def squares(S: Tensor) -> Tensor:
    """Eᵢⱼ = sⱼ² - sᵢ², with 1 on the diagonal"""
    one = wrap(np.eye(S.array.shape[-1], dtype=S.array.dtype))
    rows, columns = S.unsqueeze(-1), S.unsqueeze(-2)
    return (columns - rows) * (columns + rows) + one


# ---- QR

def qr(A: Tensor, mode: str = "reduced") -> Any:
    """(Q, R) with A = Q R, Qᴴ Q = 1, R upper triangular"""
    if A.array.dtype == np.float16:
        refuse(A.array, "f", "geqrf_cpu")
    check_matrix(A, "linalg.qr")
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of "
            "'reduced' (default), 'r', or 'complete'")
    if mode == "r":
        q, r = np.zeros(0, A.array.dtype), np.linalg.qr(A.array, "r")
    else:
        q, r = np.linalg.qr(A.array, mode)  # type: ignore[call-overload]

    def of_q(g: Tensor) -> Tensor:
        check_qr(A, mode)
        return qr_gradient(A, g, None)

    def of_r(g: Tensor) -> Tensor:
        check_qr(A, mode)
        return qr_gradient(A, None, g)

    name = "LinalgQrBackward0"
    return return_types.linalg_qr((record(q, (A, of_q, A), name=name),
                                   record(r, (A, of_r, A), name=name)))


def check_qr(A: Tensor, mode: str) -> None:
    """Refuse the modes in which QR has no derivative."""
    m, n = A.array.shape[-2:]
    if mode == "r":
        raise RuntimeError(
            "The derivative of linalg.qr depends on Q, which is not computed"
            " when mode='r'. Please use linalg.qr(A, mode='reduced') if you "
            "are going to differentiate through linalg.qr.")
    if mode == "complete" and m > n:
        raise RuntimeError(
            "The QR decomposition is not differentiable when mode='complete'"
            " and nrows > ncols.")


def qr_gradient(A: Tensor, gQ: Any, gR: Any) -> Tensor:
    """∂A = (gQ + Q Φ(triu(gR Rᴴ - Qᴴ gQ))) R⁻ᴴ, Φ making it symmetric

    A wide A = [A₁ A₂] has Q R₁ = A₁ and R₂ = Qᴴ A₂.
    """
    m, n = A.array.shape[-2:]
    Q, R = qr(A)
    right = None
    if n > m:
        if gR is not None:
            gR2 = gR.narrow(-1, m, n - m)
            right = Q @ gR2
            more = A.narrow(-1, m, n - m) @ gR2.mH
            gQ = more if gQ is None else gQ + more
            gR = gR.narrow(-1, 0, m)
        R = R.narrow(-1, 0, m)
    inner = None if gR is None else gR @ R.mH
    if gQ is not None:
        inner = -(Q.mH @ gQ) if inner is None else inner - Q.mH @ gQ
    assert inner is not None  # a rule is called with one of the two
    upper = inner.triu()
    whole = Q @ (upper + upper.triu(1).mH)
    if gQ is not None:
        whole = whole + gQ
    y = solve_triangular(R.mH, whole, upper=False, left=False)
    if n == m or n < m:
        return y
    if right is None:
        right = wrap(np.zeros((*y.array.shape[:-1], n - m), y.array.dtype))
    return joined(y, right, y.array.ndim - 1)
