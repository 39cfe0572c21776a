"""InverseGamma: one over a gamma number."""

from __future__ import annotations

import math
from typing import Any

from ..ops.special import digamma, lgamma
from ..tensor import Tensor
from . import constraints
from .gamma import Gamma
from .transformed_distribution import TransformedDistribution
from .transforms import PowerTransform


class InverseGamma(TransformedDistribution):
    """y = 1 / x,  x ~ Gamma(concentration α, rate β)"""

    arg_constraints = {"concentration": constraints.positive,
                       "rate": constraints.positive}
    support = constraints.positive
    has_rsample = True

    def __init__(self, concentration: Any, rate: Any,
                 validate_args: bool | None = None):
        base = Gamma(concentration, rate, validate_args=validate_args)
        super().__init__(base, PowerTransform(-base.rate.new_ones(())),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> InverseGamma:
        twin = self._get_checked_instance(InverseGamma, _instance)
        return super().expand(batch_shape, twin)

    @property
    def concentration(self) -> Tensor:
        """α"""
        return self.base_dist.concentration

    @property
    def rate(self) -> Tensor:
        """β"""
        return self.base_dist.rate

    @property
    def mean(self) -> Tensor:
        a = self.concentration
        return (self.rate / (a - 1)).masked_fill(~(a > 1), math.inf)

    @property
    def mode(self) -> Tensor:
        return self.rate / (self.concentration + 1)

    @property
    def variance(self) -> Tensor:
        a = self.concentration
        v = self.rate ** 2 / ((a - 1) ** 2 * (a - 2))
        return v.masked_fill(~(a > 2), math.inf)

    def entropy(self) -> Tensor:
        a = self.concentration
        return a + self.rate.log() + lgamma(a) - (1 + a) * digamma(a)
