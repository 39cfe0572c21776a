"""Wishart: the spread matrix of so many normal vectors."""

from __future__ import annotations

import math
import warnings
from numbers import Number
from typing import Any

from ..limits import finfo
from ..ops.creation import tensor
from ..ops.diagonal import diag_embed, tril_indices
from ..ops.lift import broadcast_shapes
from ..ops.linalg import cholesky_solve, slogdet
from ..ops.sampling import randn
from ..ops.sequences import arange, eye
from ..ops.special import digamma, mvlgamma
from ..size import Size
from ..tensor import Tensor
from . import constraints
from .chi2 import Chi2
from .exp_family import ExponentialFamily
from .multivariate_normal import factor, half_log_det, only_matrix
from .utils import lazy_property


class Wishart(ExponentialFamily):
    """X = Σ x xᵀ over ν vectors x (n) ~ N(0, V);  ν = df > n - 1

    one of covariance_matrix V, precision_matrix V⁻¹ and scale_tril L
    (*batch, n, n)
    """

    support = constraints.positive_definite
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(self, df: Any, covariance_matrix: Tensor | None = None,
                 precision_matrix: Tensor | None = None,
                 scale_tril: Tensor | None = None,
                 validate_args: bool | None = None):
        name, matrix = only_matrix(covariance_matrix, precision_matrix,
                                   scale_tril, AssertionError)
        if matrix.ndim < 2:
            raise ValueError("scale_tril must be at least two-dimensional, "
                             "with optional leading batch dimensions")
        if isinstance(df, Number):
            batch = Size(matrix.shape[:-2])
            self.df = tensor(df, dtype=matrix.dtype)
        else:
            batch = broadcast_shapes(matrix.shape[:-2], df.shape)
            self.df = df.expand(batch)
        n = matrix.shape[-1]
        if (self.df <= n - 1).any():
            raise ValueError(f"Value of df={df} expected to be greater than "
                             f"ndim - 1 = {n - 1}.")
        setattr(self, name, matrix.expand(*batch, -1, -1))
        if (self.df < n).any():
            warnings.warn("Low df values detected. Singular samples are "
                          "highly likely to occur for ndim - 1 < df < ndim.",
                          stacklevel=2)
        super().__init__(batch, matrix.shape[-2:],
                         validate_args=validate_args)
        self._unbroadcasted_scale_tril = factor(name, matrix)

    @property
    def arg_constraints(self) -> dict:  # type: ignore[override]
        """df lies above n - 1."""
        return {"covariance_matrix": constraints.positive_definite,
                "precision_matrix": constraints.positive_definite,
                "scale_tril": constraints.lower_cholesky,
                "df": constraints.greater_than(self.event_shape[-1] - 1)}

    def expand(self, batch_shape: Any, _instance: Any = None) -> Wishart:
        twin = self._get_checked_instance(Wishart, _instance)
        twin._event_shape = self._event_shape
        L = self._unbroadcasted_scale_tril
        return self._repeat(
            Wishart, batch_shape, twin,
            _unbroadcasted_scale_tril=L.expand(
                (*batch_shape, *self.event_shape)))

    @lazy_property
    def scale_tril(self) -> Tensor:
        """L, lower triangular, V = L Lᵀ"""
        return self._unbroadcasted_scale_tril.expand(self._extended_shape())

    @lazy_property
    def covariance_matrix(self) -> Tensor:
        """V"""
        L = self._unbroadcasted_scale_tril
        return (L @ L.mT).expand(self._extended_shape())

    @lazy_property
    def precision_matrix(self) -> Tensor:
        """V⁻¹"""
        L = self._unbroadcasted_scale_tril
        one = eye(self.event_shape[-1], dtype=L.dtype)
        return cholesky_solve(one, L).expand(self._extended_shape())

    @property
    def _df(self) -> Tensor:
        """df beside a matrix"""
        return self.df.view(*self.batch_shape, 1, 1)

    @property
    def mean(self) -> Tensor:
        return self._df * self.covariance_matrix

    @property
    def mode(self) -> Tensor:
        n = self.event_shape[-1]
        rest = self._df - n - 1
        return rest.masked_fill(rest <= 0, math.nan) * self.covariance_matrix

    @property
    def variance(self) -> Tensor:
        V = self.covariance_matrix
        d = V.diagonal(dim1=-2, dim2=-1)
        return self._df * (V ** 2 + d.unsqueeze(-1) * d.unsqueeze(-2))

    # ---- draws

    def _bartlett_sampling(self, sample_shape: Any = ()) -> Tensor:
        """A triangle of normals, χ on its diagonal (Bartlett, 1933)."""
        n, L = self.event_shape[-1], self._unbroadcasted_scale_tril
        chi2 = Chi2(self.df.unsqueeze(-1) - arange(n, dtype=L.dtype))
        root = chi2.rsample(sample_shape).sqrt()
        noise = diag_embed(root.clamp(min=finfo(root.dtype).eps))
        i, j = tril_indices(n, n, offset=-1)
        noise[..., i, j] = randn((*sample_shape, *self.batch_shape,
                                  n * (n - 1) // 2), dtype=noise.dtype)
        A = L @ noise
        return A @ A.mT

    def rsample(self, sample_shape: Any = (),
                max_try_correction: int | None = None) -> Tensor:
        """Draws; those that came out singular are drawn again."""
        x = self._bartlett_sampling(Size(sample_shape))
        # torch: the first test takes what is not singular
        singular = self._any_batch(self.support.check(x))
        if not singular.any():
            return x
        warnings.warn("Singular sample detected.", stacklevel=2)
        for _ in range(10 if max_try_correction is None
                       else max_try_correction):
            fresh = self._bartlett_sampling(singular[singular].shape)
            x[singular] = fresh
            singular[singular.clone()] = self._any_batch(
                ~self.support.check(fresh))
            if not singular.any():
                break
        return x

    def _any_batch(self, mask: Tensor) -> Tensor:
        batch = [-(i + 1) for i in range(len(self.batch_shape))]
        return mask.amax(batch) if batch else mask

    # ----

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        df, n = self.df, self.event_shape[-1]
        return (-df * (n * math.log(2) / 2
                       + half_log_det(self._unbroadcasted_scale_tril))
                - mvlgamma(df / 2, n)
                + (df - n - 1) / 2 * slogdet(value).logabsdet
                - cholesky_solve(value, self._unbroadcasted_scale_tril)
                .diagonal(dim1=-2, dim2=-1).sum(-1) / 2)

    def entropy(self) -> Tensor:
        df, n = self.df, self.event_shape[-1]
        return ((n + 1) * (n * math.log(2) / 2
                           + half_log_det(self._unbroadcasted_scale_tril))
                + mvlgamma(df / 2, n)
                - (df - n - 1) / 2 * mvdigamma(df / 2, n) + df * n / 2)

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        n = self.event_shape[-1]
        return -self.precision_matrix / 2, (self.df - n - 1) / 2

    def _log_normalizer(self, x: Tensor,  # type: ignore[override]
                        y: Tensor) -> Tensor:
        n = self.event_shape[-1]
        half = y + (n + 1) / 2
        return (half * (-slogdet(-2 * x).logabsdet + math.log(2) * n)
                + mvlgamma(half, n))


def mvdigamma(x: Tensor, n: int) -> Tensor:
    """Σ ψ(x - i / 2) over i < n"""
    if not (x > (n - 1) / 2).all():
        raise AssertionError(
            "Wrong domain for multivariate digamma function.")
    return digamma(x.unsqueeze(-1) - arange(n, dtype=x.dtype) / 2).sum(-1)
