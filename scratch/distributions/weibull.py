"""Weibull: the time until something fails that wears out."""

from __future__ import annotations

from typing import Any

from ..kernels.special import EULER
from ..ops.creation import ones_like
from ..ops.special import lgamma
from ..tensor import Tensor
from . import constraints
from .exponential import Exponential
from .transformed_distribution import TransformedDistribution
from .transforms import AffineTransform, PowerTransform
from .utils import broadcast_all


class Weibull(TransformedDistribution):
    """y = λ x^(1/k),  x ~ Exponential(1);  λ = scale, k = concentration"""

    arg_constraints = {"scale": constraints.positive,
                       "concentration": constraints.positive}
    support = constraints.positive

    def __init__(self, scale: Any, concentration: Any,
                 validate_args: bool | None = None):
        self.scale, self.concentration = broadcast_all(scale, concentration)
        base = Exponential(ones_like(self.scale),
                           validate_args=validate_args)
        super().__init__(base, self._steps(), validate_args=validate_args)

    def _steps(self) -> list:
        return [PowerTransform(self.concentration_reciprocal),
                AffineTransform(0, self.scale)]

    @property
    def concentration_reciprocal(self) -> Tensor:
        """1 / k"""
        return self.concentration.reciprocal()

    def expand(self, batch_shape: Any, _instance: Any = None) -> Weibull:
        twin = self._get_checked_instance(Weibull, _instance)
        twin = super().expand(batch_shape, twin)
        twin.transforms = twin._steps()
        return twin

    @property
    def mean(self) -> Tensor:
        return self.scale * lgamma(1 + self.concentration_reciprocal).exp()

    @property
    def mode(self) -> Tensor:
        k = self.concentration
        return self.scale * ((k - 1) / k) ** k.reciprocal()

    @property
    def variance(self) -> Tensor:
        r = self.concentration_reciprocal
        return self.scale ** 2 * (lgamma(1 + 2 * r).exp()
                                  - (2 * lgamma(1 + r)).exp())

    def entropy(self) -> Tensor:
        r = self.concentration_reciprocal
        return EULER * (1 - r) + (self.scale * r).log() + 1
