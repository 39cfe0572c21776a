"""The greatest singular values of a matrix, found by chance.

What a matrix makes of a few random vectors spans, more or less, its most
important directions (Halko, Martinsson & Tropp, 2009).
"""

from __future__ import annotations

from ..tensor import Tensor
from .decompositions import linalg_svd, qr
from .sampling import randn

__all__ = ["svd_lowrank", "pca_lowrank"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def svd_lowrank(A: Tensor, q: int | None = 6, niter: int | None = 2,
                M: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """(U, S, V) of A (or A - M) with at most q singular values

    A (*, m, n) -> U (*, m, q), S (*, q), V (*, n, q)
    """
    m, n = A.shape[-2:]
    if M is not None:
        M = M.broadcast_to(A.shape)
    wide = m < n
    if wide:
        A, M = A.mH, M if M is None else M.mH
    A = A if M is None else A - M
    Q = basis(A, 6 if q is None else q, 2 if niter is None else niter)
    U, S, Vh = linalg_svd(Q.mH @ A, full_matrices=False)
    U, V = Q @ U, Vh.mH
    return (V, S, U) if wide else (U, S, V)


def basis(A: Tensor, q: int, niter: int) -> Tensor:
    """Q (*, m, q) with Q Qᴴ A ≈ A; each round sharpens it by A Aᴴ"""
    kind = A.dtype if A.is_complex() or A.is_floating_point() else None
    Q = qr(A @ randn(A.shape[-1], q, dtype=kind))[0]
    for _ in range(niter):
        Q = qr(A.mH @ Q)[0]
        Q = qr(A @ Q)[0]
    return Q


def pca_lowrank(A: Tensor, q: int | None = None, center: bool = True,
                niter: int = 2) -> tuple[Tensor, Tensor, Tensor]:
    """svd_lowrank of A less the mean of its rows: V's columns are the
    principal directions, A V the components, S² / (m - 1) their variance.
    """
    m, n = A.shape[-2:]
    if q is None:
        q = min(6, m, n)
    elif not 0 <= q <= min(m, n):
        raise ValueError(f"q(={q}) must be non-negative integer and not "
                         f"greater than min(m, n)={min(m, n)}")
    if niter < 0:
        raise ValueError(f"niter(={niter}) must be non-negative integer")
    if center:
        A = A - A.mean((-2,), True)
    return svd_lowrank(A, q, niter)
