"""GeneralizedPareto: how far a number goes beyond a high limit."""

from __future__ import annotations

import math
from typing import Any

from ..ops.comparison import isclose
from ..ops.creation import ones_like, tensor, zeros_like
from ..ops.masked import where
from ..ops.sampling import rand
from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .utils import batch_of, broadcast_all


class GeneralizedPareto(Distribution):
    """P(x > t) = (1 + ξ z)^(-1/ξ),  z = (t - loc) / scale

    ξ = concentration; e^-z where ξ = 0.
    """

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive,
                       "concentration": constraints.real}
    has_rsample = True

    def __init__(self, loc: Any, scale: Any, concentration: Any,
                 validate_args: bool | None = None):
        self.loc, self.scale, self.concentration = broadcast_all(
            loc, scale, concentration)
        super().__init__(batch_of(self.loc, loc, scale, concentration),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> GeneralizedPareto:
        return self._repeat(GeneralizedPareto, batch_shape, _instance)

    def _shape(self) -> tuple[Tensor, Tensor]:
        """Where ξ = 0, and ξ with 1 in these places."""
        xi = self.concentration
        zero = isclose(xi, zeros_like(xi))
        return zero, where(zero, ones_like(xi), xi)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return self.icdf(rand(shape, dtype=self.loc.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        zero, xi = self._shape()
        z = (value - self.loc) / self.scale
        power = 1 / xi + ones_like(z)
        fall = where(power == 0, power, power * (xi * z).log1p())
        return -self.scale.log() - where(zero, z, fall)

    def log_survival_function(self, value: Tensor) -> Tensor:
        """log P(x > value)"""
        self._validate_sample(value)
        zero, xi = self._shape()
        z = (value - self.loc) / self.scale
        return where(zero, -z, -(xi * z).log1p() / xi)

    def log_cdf(self, value: Tensor) -> Tensor:
        """log P(x ≤ value)"""
        return (-self.log_survival_function(value).exp()).log1p()

    def cdf(self, value: Tensor) -> Tensor:
        return self.log_cdf(value).exp()

    def icdf(self, value: Tensor) -> Tensor:
        zero, xi = self._shape()
        log = (-value).log1p()
        curved = self.loc + self.scale / xi * (-xi * log).expm1()
        return where(zero, self.loc - self.scale * log, curved)

    @property
    def mean(self) -> Tensor:
        """loc + scale / (1 - ξ); none for ξ ≥ 1"""
        finite = self.concentration < 1
        xi = where(finite, self.concentration, 0.5)
        return where(finite, self.loc + self.scale / (1 - xi), math.nan)

    @property
    def variance(self) -> Tensor:
        """scale² / ((1 - ξ)² (1 - 2ξ)); none for ξ ≥ ½"""
        finite = self.concentration < 0.5
        xi = where(finite, self.concentration, 0.25)
        v = self.scale ** 2 / ((1 - xi) ** 2 * (1 - 2 * xi))
        return where(finite, v, math.nan)

    def entropy(self) -> Tensor:
        h = self.scale.log() + self.concentration + 1
        return h.expand(self.batch_shape)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> constraints.Constraint:
        xi = self.concentration
        end = self.loc - self.scale / xi
        infinite = tensor(math.inf, dtype=xi.dtype)
        return constraints.interval(self.loc, where(xi < 0, end, infinite))
