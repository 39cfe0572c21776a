"""MultivariateNormal: normal numbers that vary together."""

from __future__ import annotations

import math
from typing import Any

from ..ops.lift import broadcast_shapes
from ..ops.linalg import cholesky, cholesky_inverse, solve_triangular
from ..ops.sequences import eye
from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .utils import lazy_property, standard_normal


class MultivariateNormal(Distribution):
    """x = μ + L z,  z normal,  Σ = L Lᵀ

    loc μ (*batch, n); one of covariance_matrix Σ, precision_matrix Σ⁻¹ and
    scale_tril L (*batch, n, n)
    """

    arg_constraints = {"loc": constraints.real_vector,
                       "covariance_matrix": constraints.positive_definite,
                       "precision_matrix": constraints.positive_definite,
                       "scale_tril": constraints.lower_cholesky}
    support = constraints.real_vector
    has_rsample = True

    def __init__(self, loc: Tensor, covariance_matrix: Tensor | None = None,
                 precision_matrix: Tensor | None = None,
                 scale_tril: Tensor | None = None,
                 validate_args: bool | None = None):
        if loc.ndim < 1:
            raise ValueError("loc must be at least one-dimensional.")
        name, matrix = only_matrix(covariance_matrix, precision_matrix,
                                   scale_tril, ValueError)
        if matrix.ndim < 2:
            what = "scale_tril matrix" if name == "scale_tril" else name
            raise ValueError(f"{what} must be at least two-dimensional, with "
                             "optional leading batch dimensions")
        batch = broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        setattr(self, name, matrix.expand(*batch, -1, -1))
        self.loc = loc.expand(*batch, -1)
        super().__init__(batch, self.loc.shape[-1:],
                         validate_args=validate_args)
        self._unbroadcasted_scale_tril = factor(name, matrix)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> MultivariateNormal:
        return self._repeat(
            MultivariateNormal, batch_shape, _instance,
            _unbroadcasted_scale_tril=self._unbroadcasted_scale_tril)

    def _widen(self, matrix: Tensor) -> Tensor:
        return matrix.expand(self._extended_shape() + self.event_shape)

    @lazy_property
    def scale_tril(self) -> Tensor:
        """L, lower triangular"""
        return self._widen(self._unbroadcasted_scale_tril)

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """Σ = L Lᵀ"""
        L = self._unbroadcasted_scale_tril
        return self._widen(L @ L.mT)

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """Σ⁻¹"""
        return self._widen(cholesky_inverse(self._unbroadcasted_scale_tril))

    @property
    def mean(self) -> Tensor:
        return self.loc

    mode = mean

    @property
    def variance(self) -> Tensor:
        L = self._unbroadcasted_scale_tril
        return (L ** 2).sum(-1).expand(self._extended_shape())

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        z = standard_normal(self._extended_shape(sample_shape), self.loc)
        return self.loc + times(self._unbroadcasted_scale_tril, z)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        L = self._unbroadcasted_scale_tril
        distance = mahalanobis(L, value - self.loc)
        n = self.event_shape[0]
        return (-0.5 * (n * math.log(2 * math.pi) + distance)
                - half_log_det(L))

    def entropy(self) -> Tensor:
        n = self.event_shape[0]
        h = (0.5 * n * (1.0 + math.log(2 * math.pi))
             + half_log_det(self._unbroadcasted_scale_tril))
        return h.expand(self.batch_shape)


def only_matrix(covariance: Any, precision: Any, tril: Any,
                error: type[Exception]) -> tuple[str, Tensor]:
    """The matrix that was given, and its name; exactly one may be."""
    given = {name: m for name, m in (
        ("covariance_matrix", covariance), ("precision_matrix", precision),
        ("scale_tril", tril)) if m is not None}
    if len(given) != 1:
        raise error("Exactly one of covariance_matrix or precision_matrix or "
                    "scale_tril may be specified.")
    return next(iter(given.items()))


def factor(name: str, matrix: Tensor) -> Tensor:
    """L with Σ = L Lᵀ, of the matrix that was given."""
    if name == "scale_tril":
        return matrix
    if name == "covariance_matrix":
        return cholesky(matrix)
    # Σ⁻¹ = U Uᵀ, U upper triangular: L = U⁻ᵀ
    upper = cholesky(matrix.flip(-2, -1)).flip(-2, -1)
    return solve_triangular(upper.mT, eye(matrix.shape[-1],
                                          dtype=matrix.dtype), upper=False)


def times(matrix: Tensor, vector: Tensor) -> Tensor:
    """A x, in batches"""
    return (matrix @ vector.unsqueeze(-1)).squeeze(-1)


def mahalanobis(L: Tensor, x: Tensor) -> Tensor:
    """|L⁻¹ x|²"""
    y = solve_triangular(L, x.unsqueeze(-1), upper=False)
    return (y.squeeze(-1) ** 2).sum(-1)


def half_log_det(L: Tensor) -> Tensor:
    """½ log |L Lᵀ|"""
    return L.diagonal(dim1=-2, dim2=-1).log().sum(-1)
