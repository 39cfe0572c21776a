"""HalfNormal: the size of a normal number."""

from __future__ import annotations

import math
from typing import Any

from ..tensor import Tensor
from ._half import Half
from .normal import Normal
from .transforms import AbsTransform


class HalfNormal(Half):
    """y = |x|,  x ~ Normal(0, scale)"""

    def __init__(self, scale: Any, validate_args: bool | None = None):
        base = Normal(0, scale, validate_args=False)
        super().__init__(base, AbsTransform(), validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> HalfNormal:
        twin = self._get_checked_instance(HalfNormal, _instance)
        return super().expand(batch_shape, twin)

    @property
    def mean(self) -> Tensor:
        return self.scale * math.sqrt(2 / math.pi)

    @property
    def variance(self) -> Tensor:
        return self.scale ** 2 * (1 - 2 / math.pi)
