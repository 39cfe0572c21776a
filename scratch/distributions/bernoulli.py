"""Bernoulli: a coin that shows 1 with probability p."""

from __future__ import annotations

import math
from typing import Any

from ..modes import no_grad
from ..ops.creation import zeros_like
from ..ops.loss import binary_cross_entropy_with_logits as cross_entropy
from ..ops.masked import where
from ..ops.sequences import arange
from ..ops.variates import bernoulli
from ..tensor import Tensor
from . import constraints
from ._coin import Coin
from .exp_family import ExponentialFamily
from .utils import broadcast_all, over_batch, probs_to_logits


class Bernoulli(Coin, ExponentialFamily):
    """P(1) = p = σ(logits),  P(0) = 1 - p;  give probs or logits"""

    arg_constraints = {"probs": constraints.unit_interval,
                       "logits": constraints.real}
    support = constraints.boolean
    has_enumerate_support = True
    _mean_carrier_measure = 0

    def __init__(self, probs: Any = None, logits: Any = None,
                 validate_args: bool | None = None):
        super().__init__(self._set_odds(probs, logits),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Bernoulli:
        return self._repeat(Bernoulli, batch_shape, _instance)

    @property
    def mean(self) -> Tensor:
        return self.probs

    @property
    def mode(self) -> Tensor:
        likely = (self.probs >= 0.5).type_as(self.probs)
        # torch: a fair coin has no mode
        return where(self.probs == 0.5, zeros_like(likely) + math.nan, likely)

    @property
    def variance(self) -> Tensor:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            shape = self._extended_shape(sample_shape)
            return bernoulli(self.probs.expand(shape))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        return -cross_entropy(logits, value, reduction="none")

    def entropy(self) -> Tensor:
        return cross_entropy(self.logits, self.probs, reduction="none")

    def enumerate_support(self, expand: bool = True) -> Tensor:
        values = arange(2, dtype=self._param.dtype)
        return over_batch(values, self.batch_shape, expand)

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return (probs_to_logits(self.probs, is_binary=True),)

    def _log_normalizer(self, x: Tensor) -> Tensor:  # type: ignore[override]
        return x.exp().log1p()
