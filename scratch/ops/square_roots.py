"""Square roots of matrices, and the polar form that they give."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor
from . import return_types
from .linalg import check_matrix, solve

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def lyapunov(X: Tensor, G: Tensor) -> Tensor:
    """The Y with X Y + Y X = G, X positive definite: its own adjoint in G

    What X adds is -(Z Yᴴ + Yᴴ Z), with Z the solution for Y's gradient.
    """
    roots, V = np.linalg.eigh(X.array)
    back = V.conj().swapaxes(-1, -2)
    sums = roots[..., :, None] + roots[..., None, :]
    y = V @ (back @ G.array @ V / sums) @ back

    def both(g: Tensor, Y: Tensor) -> tuple:
        Z = lyapunov(X, g)
        return -(Z @ Y.mH + Y.mH @ Z), Z

    return record(y, ((X, G), both, X), keep_result=True,
                  name="LyapunovBackward0")


def matrix_sqrth(A: Tensor) -> Tensor:
    """The positive definite X with X X = A, of such an A:  X ∂A + ∂A X = g

    Only the lower half of A is read.
    """
    check_matrix(A, "linalg.matrix_sqrth", square=True)
    values, V = np.linalg.eigh(A.array)
    y = (V * np.sqrt(values)[..., None, :]) @ V.conj().swapaxes(-1, -2)

    def rule(g: Tensor, X: Tensor) -> Tensor:
        return lyapunov(X, (g + g.mH) * 0.5)

    return record(y.astype(A.array.dtype, copy=False), (A, rule),
                  keep_result=True, name="LinalgMatrixSqrthBackward0")


def polar(A: Tensor) -> Any:
    """(U, H) with A = U H, Uᴴ U = 1 and H = √(Aᴴ A):  A (*, M, N), M ≥ N

    ∂A = A (Y + Yᴴ), where H Y + Y H is the gradient of H.
    """
    check_matrix(A, "linalg.polar")
    m, n = A.array.shape[-2:]
    if m < n:
        raise RuntimeError(
            "linalg.polar: input must have at least as many rows as columns,"
            f" but got {m} by {n} matrices")
    u, s, vh = np.linalg.svd(A.array, False)
    back = vh.conj().swapaxes(-1, -2)

    def of_h(g: Tensor, H: Tensor) -> Tensor:
        Y = lyapunov(H, g)
        return A @ (Y + Y.mH)

    name = "LinalgPolarBackward0"
    h = record((back * s[..., None, :]) @ vh, (A, of_h, A), keep_result=True,
               name=name)

    def of_u(g: Tensor, U: Tensor) -> Tensor:  # U = A H⁻¹
        H = polar(A).H
        G = solve(H, g.mH).mH
        return G + of_h(-(U.mH @ G), H)

    return return_types.linalg_polar((
        record(u @ vh, (A, of_u, A), keep_result=True, name=name), h))
