"""Normal: the bell curve."""

from __future__ import annotations

import math
from typing import Any

from ..modes import no_grad
from ..ops.special import erf, erfinv
from ..ops.variates import normal
from ..tensor import Tensor
from ._location import LocationScale
from .exp_family import ExponentialFamily
from .utils import standard_normal


class Normal(LocationScale, ExponentialFamily):
    """p(x) = 1 / (σ √(2π)) · e^(-(x - μ)² / (2σ²)),  μ = loc, σ = scale"""

    _mean_carrier_measure = 0

    def expand(self, batch_shape: Any, _instance: Any = None) -> Normal:
        return self._repeat(Normal, batch_shape, _instance)

    @property
    def mean(self) -> Tensor:
        return self.loc

    mode = mean

    @property
    def stddev(self) -> Tensor:
        return self.scale

    @property
    def variance(self) -> Tensor:
        return self.scale ** 2

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return normal(self.loc.expand(shape), self.scale.expand(shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        z = standard_normal(shape, self.loc)
        return self.loc + z * self.scale

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        distance = (value - self.loc) ** 2 / (2 * self.scale ** 2)
        return (-distance - self.scale.log()
                - math.log(math.sqrt(2 * math.pi)))

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        z = (value - self.loc) * self.scale.reciprocal()
        return 0.5 * (1 + erf(z / math.sqrt(2)))

    def icdf(self, value: Tensor) -> Tensor:
        return self.loc + self.scale * erfinv(2 * value - 1) * math.sqrt(2)

    def entropy(self) -> Tensor:
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        precision = (self.scale ** 2).reciprocal()
        return self.loc / self.scale ** 2, -0.5 * precision

    def _log_normalizer(self, x: Tensor,  # type: ignore[override]
                        y: Tensor) -> Tensor:
        return -0.25 * x ** 2 / y + 0.5 * (-math.pi / y).log()
