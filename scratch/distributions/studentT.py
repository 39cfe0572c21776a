"""StudentT: the mean of a few normal numbers, their spread not known."""

from __future__ import annotations

import math
from typing import Any

from ..ops.masked import where
from ..ops.special import digamma, lgamma
from ..tensor import Tensor
from . import constraints
from .chi2 import Chi2
from .distribution import Distribution
from .utils import broadcast_all, standard_normal


class StudentT(Distribution):
    """x = loc + scale · z √(ν / χ²),  z normal,  χ² ~ Chi2(ν),  ν = df"""

    arg_constraints = {"df": constraints.positive, "loc": constraints.real,
                       "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, df: Any, loc: Any = 0.0, scale: Any = 1.0,
                 validate_args: bool | None = None):
        self.df, self.loc, self.scale = broadcast_all(df, loc, scale)
        self._chi2 = Chi2(self.df)
        super().__init__(self.df.shape, validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> StudentT:
        return self._repeat(StudentT, batch_shape, _instance,
                            _chi2=self._chi2.expand(batch_shape))

    @property
    def mean(self) -> Tensor:
        return self.loc.masked_fill(self.df <= 1, math.nan)

    @property
    def mode(self) -> Tensor:
        return self.loc

    @property
    def variance(self) -> Tensor:
        finite = self.df > 2
        df = where(finite, self.df, 3.0)
        v = self.scale ** 2 * df / (df - 2)
        v = v.masked_fill(~finite, math.inf)
        return v.masked_fill(self.df <= 1, math.nan)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        z = standard_normal(self._extended_shape(sample_shape), self.df)
        square = self._chi2.rsample(sample_shape)
        return self.loc + self.scale * (z * (square / self.df).rsqrt())

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        df, y = self.df, (value - self.loc) / self.scale
        norm = (self.scale.log() + 0.5 * df.log() + 0.5 * math.log(math.pi)
                + lgamma(0.5 * df) - lgamma(0.5 * (df + 1.0)))
        return -0.5 * (df + 1.0) * (y ** 2.0 / df).log1p() - norm

    def entropy(self) -> Tensor:
        df = self.df
        log_beta = (lgamma(0.5 * df) + math.lgamma(0.5)
                    - lgamma(0.5 * (df + 1)))
        slope = digamma(0.5 * (df + 1)) - digamma(0.5 * df)
        return (self.scale.log() + 0.5 * (df + 1) * slope + 0.5 * df.log()
                + log_beta)
