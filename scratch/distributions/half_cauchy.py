"""HalfCauchy: the size of a Cauchy number."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import as_tensor, full
from ..tensor import Tensor
from ._half import Half
from .cauchy import Cauchy
from .transforms import AbsTransform


class HalfCauchy(Half):
    """y = |x|,  x ~ Cauchy(0, scale)"""

    def __init__(self, scale: Any, validate_args: bool | None = None):
        base = Cauchy(0, scale, validate_args=False)
        super().__init__(base, AbsTransform(), validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> HalfCauchy:
        twin = self._get_checked_instance(HalfCauchy, _instance)
        return super().expand(batch_shape, twin)

    @property
    def mean(self) -> Tensor:
        return full(self._extended_shape(), math.inf, dtype=self.scale.dtype)

    @property
    def variance(self) -> Tensor:
        return self.base_dist.variance

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return self._log_density(as_tensor(value, dtype=self.scale.dtype))
