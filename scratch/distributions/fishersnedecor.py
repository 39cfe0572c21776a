"""FisherSnedecor: the ratio of two mean squares."""

from __future__ import annotations

import math
from typing import Any

from ..limits import finfo
from ..ops.special import lgamma
from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .gamma import Gamma
from .utils import batch_of, broadcast_all


class FisherSnedecor(Distribution):
    """x = (χ₁² / df1) / (χ₂² / df2)"""

    arg_constraints = {"df1": constraints.positive,
                       "df2": constraints.positive}
    support = constraints.positive
    has_rsample = True

    def __init__(self, df1: Any, df2: Any,
                 validate_args: bool | None = None):
        self.df1, self.df2 = broadcast_all(df1, df2)
        self._gamma1 = Gamma(self.df1 * 0.5, self.df1)
        self._gamma2 = Gamma(self.df2 * 0.5, self.df2)
        super().__init__(batch_of(self.df1, df1, df2),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> FisherSnedecor:
        return self._repeat(FisherSnedecor, batch_shape, _instance,
                            _gamma1=self._gamma1.expand(batch_shape),
                            _gamma2=self._gamma2.expand(batch_shape))

    @property
    def mean(self) -> Tensor:
        df2 = self.df2.masked_fill(self.df2 <= 2, math.nan)
        return df2 / (df2 - 2)

    @property
    def mode(self) -> Tensor:
        mode = (self.df1 - 2) / self.df1 * self.df2 / (self.df2 + 2)
        return mode.masked_fill(self.df1 <= 2, math.nan)

    @property
    def variance(self) -> Tensor:
        df1, df2 = self.df1, self.df2.masked_fill(self.df2 <= 4, math.nan)
        return 2 * df2 ** 2 * (df1 + df2 - 2) / (
            df1 * (df2 - 2) ** 2 * (df2 - 4))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        x = self._gamma1.rsample(sample_shape).view(shape)
        y = self._gamma2.rsample(sample_shape).view(shape)
        tiny = finfo(y.dtype).tiny
        return (x / y.clamp(min=tiny)).clamp(min=tiny)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        a, b, ratio = self.df1 * 0.5, self.df2 * 0.5, self.df1 / self.df2
        norm = lgamma(a + b) - lgamma(a) - lgamma(b)
        return (norm + a * ratio.log() + (a - 1) * value.log()
                - (a + b) * (ratio * value).log1p())
