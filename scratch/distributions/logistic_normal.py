"""LogisticNormal: shares whose log ratios are normal."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import constraints
from .normal import Normal
from .transformed_distribution import TransformedDistribution
from .transforms import StickBreakingTransform


class LogisticNormal(TransformedDistribution):
    """y (*, K) = stick breaking of x (*, K - 1) ~ Normal(loc, scale)"""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.simplex
    has_rsample = True

    def __init__(self, loc: Any, scale: Any,
                 validate_args: bool | None = None):
        base = Normal(loc, scale, validate_args=validate_args)
        if not base.batch_shape:
            base = base.expand([1])
        super().__init__(base, StickBreakingTransform(),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> LogisticNormal:
        twin = self._get_checked_instance(LogisticNormal, _instance)
        return super().expand(batch_shape, twin)

    @property
    def loc(self) -> Tensor:
        """μ of the normal numbers"""
        return self.base_dist.base_dist.loc

    @property
    def scale(self) -> Tensor:
        """σ of the normal numbers"""
        return self.base_dist.base_dist.scale
