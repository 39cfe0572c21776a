"""Divergences of normal vectors, of full rank and of low rank.

2 KL = log |Σq| / |Σp| + tr(Σq⁻¹ Σp) + (μq - μp)ᵀ Σq⁻¹ (μq - μp) - n
"""

from __future__ import annotations

from typing import Any

from ..ops.linalg import solve_triangular
from ..tensor import Tensor
from .kl import register_kl
from .lowrank_multivariate_normal import LowRankMultivariateNormal, scaled
from .multivariate_normal import (
    MultivariateNormal,
    half_log_det,
    mahalanobis,
)

Full, Low = MultivariateNormal, LowRankMultivariateNormal


@register_kl(Full, Full)
@register_kl(Full, Low)
@register_kl(Low, Full)
@register_kl(Low, Low)
def normal_vectors(p: Any, q: Any) -> Tensor:
    """½ (log |Σq| / |Σp| + tr(Σq⁻¹ Σp) + distance² - n)"""
    if p.event_shape != q.event_shape:
        full = isinstance(p, Full), isinstance(q, Full)
        kind = ("" if all(full) else "(Low Rank) " if any(full)
                else "Low Rank ")
        raise ValueError(
            f"KL-divergence between two {kind}Multivariate Normals with"
            "                          different event shapes cannot be "
            "computed")
    gap = q.loc - p.loc
    distance = (mahalanobis(q._unbroadcasted_scale_tril, gap)
                if isinstance(q, Full) else q._distance(gap))
    return 0.5 * (log_det(q) - log_det(p) + trace(p, q) + distance
                  - p.event_shape[0])


def log_det(p: Any) -> Tensor:
    """log |Σ|"""
    if isinstance(p, Low):
        return p._log_det()
    return 2 * half_log_det(p._unbroadcasted_scale_tril)


def trace(p: Any, q: Any) -> Tensor:
    """tr(Σq⁻¹ Σp): Σ |Lq⁻¹ a|² over the columns a of p's factors"""
    return sum(squares(q, a) for a in factors(p))  # type: ignore


def factors(p: Any) -> list[Tensor]:
    """Matrices A with Σ = Σ A Aᵀ"""
    if isinstance(p, Full):
        return [p._unbroadcasted_scale_tril]
    return [p._unbroadcasted_cov_factor,
            p._unbroadcasted_cov_diag.sqrt().diag_embed()]


def squares(q: Any, a: Tensor) -> Tensor:
    """tr(Aᵀ Σq⁻¹ A)"""
    if isinstance(q, Full):
        y = solve_triangular(q._unbroadcasted_scale_tril, a, upper=False)
        return (y ** 2).sum((-2, -1))
    W, D = q._unbroadcasted_cov_factor, q._unbroadcasted_cov_diag
    inner = solve_triangular(q._capacitance_tril, scaled(W, D), upper=False)
    return ((a ** 2 / D.unsqueeze(-1)).sum((-2, -1))
            - ((inner @ a) ** 2).sum((-2, -1)))
