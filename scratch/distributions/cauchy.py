"""Cauchy: the ratio of two normal numbers; it has no mean."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import empty, full
from ..tensor import Tensor
from ._location import LocationScale


class Cauchy(LocationScale):
    """p(x) = 1 / (π γ (1 + z²)),  z = (x - loc) / γ,  γ = scale"""

    def expand(self, batch_shape: Any, _instance: Any = None) -> Cauchy:
        return self._repeat(Cauchy, batch_shape, _instance)

    @property
    def mean(self) -> Tensor:
        return full(self._extended_shape(), math.nan, dtype=self.loc.dtype)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        return full(self._extended_shape(), math.inf, dtype=self.loc.dtype)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        z = empty(shape, dtype=self.loc.dtype).cauchy_()
        return self.loc + z * self.scale

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        z = (value - self.loc) / self.scale
        return -math.log(math.pi) - self.scale.log() - (z ** 2).log1p()

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return ((value - self.loc) / self.scale).atan() / math.pi + 0.5

    def icdf(self, value: Tensor) -> Tensor:
        return (math.pi * (value - 0.5)).tan() * self.scale + self.loc

    def entropy(self) -> Tensor:
        return math.log(4 * math.pi) + self.scale.log()
