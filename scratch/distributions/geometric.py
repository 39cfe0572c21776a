"""Geometric: failures before the first success."""

from __future__ import annotations

from typing import Any

from ..limits import finfo
from ..modes import no_grad
from ..ops.creation import empty, zeros_like
from ..ops.loss import binary_cross_entropy_with_logits as cross_entropy
from ..tensor import Tensor
from . import constraints
from ._coin import Odds
from .distribution import Distribution
from .utils import broadcast_all


class Geometric(Odds, Distribution):
    """P(k) = (1 - p)^k p,  k = 0, 1, …"""

    arg_constraints = {"probs": constraints.unit_interval,
                       "logits": constraints.real}
    support = constraints.nonnegative_integer

    def __init__(self, probs: Any = None, logits: Any = None,
                 validate_args: bool | None = None):
        super().__init__(self._set_odds(probs, logits),
                         validate_args=validate_args)
        if self._validate_args and probs is not None:
            self._check_above_0()

    def _check_above_0(self) -> None:
        p = self.probs
        if not (p > 0).all():
            raise ValueError(
                f"Expected parameter probs ({type(p).__name__} of shape "
                f"{tuple(p.shape)}) of distribution {self!r} to be positive "
                f"but found invalid values:\n{p.data[~(p > 0)]}")

    def expand(self, batch_shape: Any, _instance: Any = None) -> Geometric:
        return self._repeat(Geometric, batch_shape, _instance)

    @property
    def mean(self) -> Tensor:
        return 1.0 / self.probs - 1.0

    @property
    def mode(self) -> Tensor:
        return zeros_like(self.probs)

    @property
    def variance(self) -> Tensor:
        return (1.0 / self.probs - 1.0) / self.probs

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """⌊log u / log(1 - p)⌋"""
        shape, kind = self._extended_shape(sample_shape), self.probs.dtype
        with no_grad():
            u = empty(shape, dtype=kind).uniform_(finfo(kind).tiny, 1)
            return (u.log() / (-self.probs).log1p()).floor()

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        value, p = broadcast_all(value, self.probs)
        # 0 log 0 = 0
        q = p.masked_fill((p == 1) & (value == 0), 0)
        return value * (-q).log1p() + self.probs.log()

    def entropy(self) -> Tensor:
        return cross_entropy(self.logits, self.probs,
                             reduction="none") / self.probs
