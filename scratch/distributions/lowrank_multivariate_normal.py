"""LowRankMultivariateNormal: a few shared causes, and noise of its own."""

from __future__ import annotations

import math
from typing import Any

from ..ops.diagonal import diag_embed
from ..ops.lift import broadcast_tensors
from ..ops.linalg import cholesky, solve_triangular
from ..ops.sequences import eye
from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .multivariate_normal import half_log_det, mahalanobis, times
from .utils import lazy_property, standard_normal


class LowRankMultivariateNormal(Distribution):
    """Σ = W Wᵀ + diag(D):  x = μ + W z + √D z′

    loc μ (*, n), cov_factor W (*, n, m), cov_diag D (*, n); no matrix of
    n × n is inverted, only one of m × m (Woodbury).
    """

    arg_constraints = {
        "loc": constraints.real_vector,
        "cov_factor": constraints.independent(constraints.real, 2),
        "cov_diag": constraints.independent(constraints.positive, 1)}
    support = constraints.real_vector
    has_rsample = True

    def __init__(self, loc: Tensor, cov_factor: Tensor, cov_diag: Tensor,
                 validate_args: bool | None = None):
        check_shapes(loc, cov_factor, cov_diag)
        try:
            column, self.cov_factor, diagonal = broadcast_tensors(
                loc.unsqueeze(-1), cov_factor, cov_diag.unsqueeze(-1))
        except RuntimeError as error:
            raise ValueError(
                f"Incompatible batch shapes: loc {loc.shape}, cov_factor "
                f"{cov_factor.shape}, cov_diag {cov_diag.shape}") from error
        self.loc, self.cov_diag = column[..., 0], diagonal[..., 0]
        self._unbroadcasted_cov_factor = cov_factor
        self._unbroadcasted_cov_diag = cov_diag
        self._capacitance_tril = capacitance(cov_factor, cov_diag)
        super().__init__(self.loc.shape[:-1], self.loc.shape[-1:],
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> LowRankMultivariateNormal:
        kept = {name: vars(self)[name] for name in (
            "_unbroadcasted_cov_factor", "_unbroadcasted_cov_diag",
            "_capacitance_tril")}
        return self._repeat(LowRankMultivariateNormal, batch_shape,
                            _instance, **kept)

    @property
    def mean(self) -> Tensor:
        return self.loc

    mode = mean

    @lazy_property
    def variance(self) -> Tensor:
        W, D = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        return ((W ** 2).sum(-1) + D).expand(self._extended_shape())

    def _widen(self, matrix: Tensor) -> Tensor:
        return matrix.expand(self._extended_shape() + self.event_shape)

    @lazy_property
    def scale_tril(self) -> Tensor:
        """L with Σ = L Lᵀ:  √D times the factor of 1 + (W/√D)(W/√D)ᵀ"""
        root = self._unbroadcasted_cov_diag.sqrt().unsqueeze(-1)
        W = self._unbroadcasted_cov_factor / root
        inner = W @ W.mT + eye(self.event_shape[0], dtype=W.dtype)
        return self._widen(root * cholesky(inner))

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """Σ"""
        W, D = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        return self._widen(W @ W.mT + diag_embed(D))

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """Σ⁻¹ = D⁻¹ - D⁻¹ W K⁻¹ Wᵀ D⁻¹,  K = 1 + Wᵀ D⁻¹ W"""
        W, D = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        A = solve_triangular(self._capacitance_tril, scaled(W, D),
                             upper=False)
        return self._widen(diag_embed(D.reciprocal()) - A.mT @ A)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        W, D = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        shape = self._extended_shape(sample_shape)
        causes = standard_normal(shape[:-1] + W.shape[-1:], self.loc)
        noise = standard_normal(shape, self.loc)
        return self.loc + times(W, causes) + D.sqrt() * noise

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        distance = self._distance(value - self.loc)
        n = self.event_shape[0]
        return -0.5 * (n * math.log(2 * math.pi) + self._log_det()
                       + distance)

    def entropy(self) -> Tensor:
        n = self.event_shape[0]
        h = 0.5 * (n * (1.0 + math.log(2 * math.pi)) + self._log_det())
        return h.expand(self.batch_shape)

    def _log_det(self) -> Tensor:
        """log |Σ| = log |K| + log |D|"""
        return (2 * half_log_det(self._capacitance_tril)
                + self._unbroadcasted_cov_diag.log().sum(-1))

    def _distance(self, x: Tensor) -> Tensor:
        """xᵀ Σ⁻¹ x"""
        W, D = self._unbroadcasted_cov_factor, self._unbroadcasted_cov_diag
        return (x ** 2 / D).sum(-1) - mahalanobis(
            self._capacitance_tril, times(scaled(W, D), x))


def check_shapes(loc: Tensor, cov_factor: Tensor, cov_diag: Tensor) -> None:
    """Refuse shapes other than (*, n), (*, n, m) and (*, n)."""
    if loc.ndim < 1:
        raise ValueError("loc must be at least one-dimensional.")
    event = loc.shape[-1:]
    if cov_factor.ndim < 2:
        raise ValueError("cov_factor must be at least two-dimensional, with "
                         "optional leading batch dimensions")
    if cov_factor.shape[-2:-1] != event:
        raise ValueError("cov_factor must be a batch of matrices with shape "
                         f"{event[0]} x m")
    if cov_diag.shape[-1:] != event:
        raise ValueError("cov_diag must be a batch of vectors with shape "
                         f"{event}")


def scaled(W: Tensor, D: Tensor) -> Tensor:
    """Wᵀ D⁻¹"""
    return W.mT / D.unsqueeze(-2)


def capacitance(W: Tensor, D: Tensor) -> Tensor:
    """The Cholesky factor of K = 1 + Wᵀ D⁻¹ W"""
    return cholesky(scaled(W, D) @ W + eye(W.shape[-1], dtype=W.dtype))
