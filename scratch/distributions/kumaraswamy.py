"""Kumaraswamy: much like Beta, with a distribution function in powers."""

from __future__ import annotations

import math
from typing import Any

from ..kernels.special import EULER
from ..ops.creation import full_like
from ..ops.special import digamma, lgamma
from ..tensor import Tensor
from . import constraints
from .transformed_distribution import TransformedDistribution
from .transforms import AffineTransform, PowerTransform
from .uniform import Uniform
from .utils import broadcast_all


class Kumaraswamy(TransformedDistribution):
    """F(x) = 1 - (1 - x^a)^b,  a = concentration1, b = concentration0"""

    arg_constraints = {"concentration1": constraints.positive,
                       "concentration0": constraints.positive}
    support = constraints.unit_interval
    has_rsample = True

    def __init__(self, concentration1: Any, concentration0: Any,
                 validate_args: bool | None = None):
        a, b = broadcast_all(concentration1, concentration0)
        self.concentration1, self.concentration0 = a, b
        base = Uniform(full_like(b, 0), full_like(b, 1),
                       validate_args=validate_args)
        super().__init__(base, [
            PowerTransform(b.reciprocal()), AffineTransform(1.0, -1.0),
            PowerTransform(a.reciprocal())], validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Kumaraswamy:
        twin = self._get_checked_instance(Kumaraswamy, _instance)
        return super().expand(batch_shape, twin)

    def _moment(self, n: int) -> Tensor:
        """E[xⁿ] = b B(1 + n / a, b)"""
        first, b = 1 + n / self.concentration1, self.concentration0
        return b * (lgamma(first) + lgamma(b) - lgamma(first + b)).exp()

    @property
    def mean(self) -> Tensor:
        return self._moment(1)

    @property
    def mode(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        # torch: not the mode of the textbooks, ((a - 1) / (ab - 1))^(1/a)
        log_mode = b.reciprocal() * (-b).log1p() - (-b * a).log1p()
        return log_mode.masked_fill((b < 1) | (a < 1), math.nan).exp()

    @property
    def variance(self) -> Tensor:
        return self._moment(2) - self.mean ** 2

    def entropy(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        harmonic = digamma(b + 1) + EULER
        return ((1 - b.reciprocal()) + (1 - a.reciprocal()) * harmonic
                - a.log() - b.log())
