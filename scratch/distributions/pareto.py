"""Pareto: the power law of wealth, and of city sizes."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import constraints
from .exponential import Exponential
from .transformed_distribution import TransformedDistribution
from .transforms import AffineTransform, ExpTransform
from .utils import broadcast_all


class Pareto(TransformedDistribution):
    """P(y > t) = (scale / t)^alpha,  t ≥ scale:  y = scale · e^x"""

    arg_constraints = {"alpha": constraints.positive,
                       "scale": constraints.positive}

    def __init__(self, scale: Any, alpha: Any,
                 validate_args: bool | None = None):
        self.scale, self.alpha = broadcast_all(scale, alpha)
        base = Exponential(self.alpha, validate_args=validate_args)
        super().__init__(
            base, [ExpTransform(), AffineTransform(0, self.scale)],
            validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Pareto:
        twin = self._get_checked_instance(Pareto, _instance)
        return super().expand(batch_shape, twin)

    @property
    def mean(self) -> Tensor:
        a = self.alpha.clamp(min=1)  # ∞ below
        return a * self.scale / (a - 1)

    @property
    def mode(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        a = self.alpha.clamp(min=2)  # ∞ below
        return self.scale ** 2 * a / ((a - 1) ** 2 * (a - 2))

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.greater_than_eq(self.scale)

    def entropy(self) -> Tensor:
        return (self.scale / self.alpha).log() + (
            1 + self.alpha.reciprocal())
