"""Uniform: every number of an interval alike."""

from __future__ import annotations

import math
from typing import Any

from ..ops.sampling import rand
from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .utils import batch_of, broadcast_all


class Uniform(Distribution):
    """p(x) = 1 / (high - low),  low ≤ x < high"""

    has_rsample = True

    def __init__(self, low: Any, high: Any,
                 validate_args: bool | None = None):
        self.low, self.high = broadcast_all(low, high)
        super().__init__(batch_of(self.low, low, high),
                         validate_args=validate_args)

    @property
    def arg_constraints(self) -> dict:  # type: ignore[override]
        """Each bound on its side of the other."""
        return {"low": constraints.less_than(self.high),
                "high": constraints.greater_than(self.low)}

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.interval(self.low, self.high)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Uniform:
        return self._repeat(Uniform, batch_shape, _instance)

    @property
    def mean(self) -> Tensor:
        return (self.high + self.low) / 2

    @property
    def mode(self) -> Tensor:
        return math.nan * self.high

    @property
    def stddev(self) -> Tensor:
        return (self.high - self.low) / 12 ** 0.5

    @property
    def variance(self) -> Tensor:
        return (self.high - self.low) ** 2 / 12

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        x = rand(self._extended_shape(sample_shape), dtype=self.low.dtype)
        return self.low + x * (self.high - self.low)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        inside = (self.low <= value).type_as(self.low) * (
            self.high > value).type_as(self.low)
        return inside.log() - (self.high - self.low).log()

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        share = (value - self.low) / (self.high - self.low)
        return share.clamp(min=0, max=1)

    def icdf(self, value: Tensor) -> Tensor:
        return value * (self.high - self.low) + self.low

    def entropy(self) -> Tensor:
        return (self.high - self.low).log()
