"""Orthogonal matrices as functions of free numbers, three ways.

matrix_exp    Q = exp(A)                        A = X - Xᴴ, X lower triangular
cayley        Q = (I - A/2)⁻¹ (I + A/2)
householder   Q = H₁ H₂ … Hₖ · diag(±1)         Hᵢ = I - τᵢ vᵢ vᵢᵀ
"""

from __future__ import annotations

from typing import Any

from ...limits import finfo
from ...modes import no_grad
from ...ops.combine import cat
from ...ops.comparison import allclose
from ...ops.creation import zeros_like
from ...ops.linalg import solve
from ...ops.matrices import matrix_exp
from ...ops.reflections import geqrf, householder_product
from ...ops.sampling import randn
from ...ops.sequences import eye
from ...tensor import Tensor
from ..module import Module

MAPS = ("matrix_exp", "cayley", "householder")


class _Orthogonal(Module):
    """A tall matrix with orthonormal columns; of a wide one the rows.

    base: with use_trivialization the matrix B from which the map starts:
        B · Q(X), so that X = 0 stands for B itself
    """

    base: Any

    def __init__(self, weight: Tensor, orthogonal_map: str, *,
                 use_trivialization: bool = True):
        super().__init__()
        if weight.is_complex() and orthogonal_map == "householder":
            raise ValueError("The householder parametrization does not "
                             "support complex tensors.")
        self.shape, self.orthogonal_map = weight.shape, orthogonal_map
        if use_trivialization:
            self.register_buffer("base", None)

    def forward(self, X: Tensor) -> Tensor:
        wide = X.shape[-2] < X.shape[-1]
        X = X.mT if wide else X
        Q = reflected(X) if self.orthogonal_map == "householder" else (
            rotated(X, self.orthogonal_map))
        if hasattr(self, "base"):
            Q = self.base @ Q
        return Q.mT if wide else Q

    @no_grad()
    def right_inverse(self, Q: Tensor) -> Tensor:
        """Numbers from which forward makes Q, or one near it."""
        if Q.shape != self.shape:
            raise ValueError(
                "Expected a matrix or batch of matrices of shape "
                f"{self.shape}. Got a tensor of shape {Q.shape}.")
        wide = Q.shape[-2] < Q.shape[-1]
        tall = Q.mT if wide else Q
        if hasattr(self, "base"):
            self.base = completed(tall)
            # householder(-I) = I, the others read below the diagonal only
            start = zeros_like(Q)
            start.diagonal(dim1=-2, dim2=-1).fill_(-1.0)
            return start
        if self.orthogonal_map != "householder":
            raise NotImplementedError(
                "It is not possible to assign to the matrix exponential or "
                "the Cayley parametrizations when use_trivialization=False.")
        A, tau = geqrf(tall)
        signs = A.diagonal(dim1=-2, dim2=-1)
        signs.sign_()
        signs[tau == 0.0] *= -1
        return A.mT if wide else A


def rotated(X: Tensor, orthogonal_map: str) -> Tensor:
    """exp(A) or its Cayley map, A skew from the lower triangle of X

    X (*, n, k) -> Q (*, n, k), n ≥ k
    """
    n, k = X.shape[-2:]
    X = X.tril()
    if n != k:
        X = cat([X, X.new_zeros(n, n - k).expand(*X.shape[:-2], -1, -1)], -1)
    A = X - X.mH
    if orthogonal_map == "matrix_exp":
        Q = matrix_exp(A)
    else:
        one = eye(n, dtype=A.dtype)
        Q = solve(one - 0.5 * A, one + 0.5 * A)
    return Q if n == k else Q[..., :k]


def reflected(X: Tensor) -> Tensor:
    """A product of reflections along the columns of X below its diagonal

    τ = 2 / (1 + ‖v‖²);  the signs on the diagonal are not learned
    """
    A = X.tril(diagonal=-1)
    tau = 2.0 / (1.0 + (A * A).sum(dim=-2))
    Q = householder_product(A, tau)
    return Q * X.diagonal(dim1=-2, dim2=-1).int().unsqueeze(-2)


def completed(Q: Tensor) -> Tensor:
    """A square orthogonal matrix that begins with Q, made orthogonal

    Q (*, n, k) -> (*, n, n)
    """
    n, k = Q.shape[-2:]
    if n == k:
        return Q.clone() if is_orthogonal(Q) else made_orthogonal(Q)
    more = randn(*Q.shape[:-2], n, n - k, dtype=Q.dtype)
    return made_orthogonal(cat([Q, more], -1))


def is_orthogonal(Q: Tensor) -> bool:
    """Whether Qᴴ Q = I, as far as rounding tells."""
    n, k = Q.shape[-2:]
    eps = 10.0 * n * finfo(Q.dtype).eps
    return allclose(Q.mH @ Q, eye(k, dtype=Q.dtype), atol=eps)


def made_orthogonal(A: Tensor) -> Tensor:
    """The Q of A = QR with R's diagonal ≥ 0."""
    X, tau = geqrf(A)
    Q = householder_product(X, tau)
    return Q * X.diagonal(dim1=-2, dim2=-1).sgn().unsqueeze(-2)
