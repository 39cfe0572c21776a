"""Products of Householder's reflections, as QR leaves them.

    Q = H₁ H₂ … Hₖ,    Hᵢ = 1 - τᵢ vᵢ vᵢᴴ

vᵢ stands in column i of the input below its diagonal, with a 1 there and
zeros above.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from . import return_types
from .masks import nothing
from .operands import named, refuse, torch_name

__all__ = ["orgqr", "ormqr", "geqrf"]
METHODS = ["orgqr", "ormqr", "geqrf"]
IN_PLACE: list[str] = []


def householder_product(A: Tensor, tau: Tensor) -> Tensor:
    """The first columns of Q:  A (*, M, N), tau (*, K) -> (*, M, N)"""
    a, caller = A.array, "torch.linalg.householder_product"
    if a.ndim < 2:
        raise RuntimeError(f"{caller}: input must have at least 2 "
                           "dimensions.")
    m, n = a.shape[-2:]
    if m < n:
        raise RuntimeError(f"{caller}: input.shape[-2] must be greater than "
                           "or equal to input.shape[-1]")
    if n < tau.array.shape[-1]:
        raise RuntimeError(f"{caller}: input.shape[-1] must be greater than "
                           "or equal to tau.shape[-1]")
    check_scales(A, tau, caller)
    refuse(a, "biu", "orgqr_cpu")
    if a.dtype == np.float16:
        refuse(a, "f", "orgqr_cpu")
    eye = np.broadcast_to(np.eye(m, n, dtype=a.dtype), a.shape)
    # A joins the graph even where there is nothing to reflect by
    Y = record(np.ascontiguousarray(eye), (A, nothing))
    Q = reflected(A, tau, Y, False)
    return named(Q, "LinalgHouseholderProductBackward0")


def check_scales(A: Tensor, tau: Tensor, caller: str) -> None:
    """Refuse a tau (*, K) that does not fit the columns of A."""
    a, t = A.array, tau.array
    if t.ndim != a.ndim - 1:
        raise RuntimeError(
            f"{caller}: Expected tau to have one dimension less than input, "
            f"but got tau.ndim equal to {t.ndim} and input.ndim is equal to "
            f"{a.ndim}")
    if t.shape[:-1] != a.shape[:-2]:
        raise RuntimeError(
            f"{caller}: Expected batch dimensions of tau to be equal to "
            f"input.shape[:-2], but got {[*t.shape[:-1]]}")
    if t.dtype != a.dtype:
        raise RuntimeError(f"{caller}: tau dtype {torch_name(tau.dtype)} does"
                           f" not match input dtype {torch_name(A.dtype)}")


def reflected(A: Tensor, tau: Tensor, Y: Tensor, adjoint: bool) -> Tensor:
    """Q Y, or Qᴴ Y: one reflection after the other"""
    m, n = A.array.shape[-2:]
    V = A.tril(-1) + wrap(np.eye(m, n, dtype=A.array.dtype))
    count = tau.array.shape[-1]
    for i in range(count) if adjoint else reversed(range(count)):
        v = V.narrow(-1, i, 1)
        scale = tau.narrow(-1, i, 1).unsqueeze(-1)
        Y = Y - ((scale.conj() if adjoint else scale) * v) @ (v.mH @ Y)
    return Y


def orgqr(input: Tensor, input2: Tensor) -> Tensor:
    """householder_product, under LAPACK's name"""
    return householder_product(input, input2)


def ormqr(input: Tensor, input2: Tensor, input3: Tensor, left: bool = True,
          transpose: bool = False) -> Tensor:
    """Q Y (Y Q if not left) with the whole square Q, or with Qᴴ"""
    A, tau, Y = input, input2, input3
    check_factors(A, tau, Y, left)
    if not left:  # Y Q = (Qᴴ Yᴴ)ᴴ
        y = reflected(A, tau, Y.mH, not transpose).mH
    else:
        y = reflected(A, tau, Y, transpose)
    return named(y, "OrmqrBackward0")


def check_factors(A: Tensor, tau: Tensor, Y: Tensor, left: bool) -> None:
    """Refuse reflections that do not fit Y's rows (or columns)."""
    a, y, caller = A.array, Y.array, "torch.ormqr"
    for word, x in (("input", a), ("other", y)):
        if x.ndim < 2:
            raise RuntimeError(f"{caller}: {word} must have at least 2 "
                               "dimensions.")
    side = -2 if left else -1
    if y.shape[side] < tau.array.shape[-1]:
        raise RuntimeError(
            f"{caller}: other.shape[{side}] must be greater than or equal to "
            "tau.shape[-1]")
    if y.shape[side] != a.shape[-2]:
        raise RuntimeError(f"{caller}: other.shape[{side}] must be equal to "
                           "input.shape[-2]")
    if tau.array.shape[-1] != min(y.shape[side], a.shape[-1]):
        raise RuntimeError(
            f"{caller}: tau.shape[-1] must be equal to "
            f"min(other.shape[{side}], input.shape[-1])")
    check_scales(A, tau, caller)
    if y.ndim != a.ndim:
        raise RuntimeError(
            f"{caller}: Expected other to have the same number of dimensions "
            f"as input, but got other.ndim equal to {y.ndim} and input.ndim "
            f"is equal to {a.ndim}")
    if y.dtype != a.dtype:
        raise RuntimeError(
            f"{caller}: Expected input and other to have the same dtype, but "
            f"input has dtype{torch_name(A.dtype)} and other has dtype "
            f"{torch_name(Y.dtype)}")
    refuse(a, "biu", "ormqr_cpu")


def geqrf(input: Tensor) -> Any:
    """(a, tau): R above the diagonal of a, the reflections below"""
    a = input.array
    refuse(a, "biu", "geqrf_cpu")
    if a.dtype == np.float16:
        refuse(a, "f", "geqrf_cpu")
    if a.ndim < 2:
        raise RuntimeError("torch.geqrf: input must have at least 2 "
                           "dimensions.")
    k = min(a.shape[-2:])
    h = np.empty_like(a)
    tau = np.empty((*a.shape[:-2], k), a.dtype)
    for place in np.ndindex(*a.shape[:-2]):
        raw, tau[place] = np.linalg.qr(a[place], "raw")
        h[place] = raw.T

    def unknown(g: Tensor) -> Tensor:
        raise NotImplementedError(
            "the derivative for 'geqrf' is not implemented.")

    return return_types.geqrf((
        record(h, (input, unknown), name="GeqrfBackward0"),
        record(tau, (input, unknown), name="GeqrfBackward0")))
