"""Binomial: how often an event happens in n independent trials."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..ops.sequences import arange
from ..ops.special import lgamma
from ..ops.variates import binomial
from ..tensor import Tensor
from . import constraints
from ._coin import Coin
from .distribution import Distribution
from .utils import over_batch


class Binomial(Coin, Distribution):
    """P(k) = C(n, k) p^k (1 - p)^(n - k),  n = total_count"""

    arg_constraints = {"total_count": constraints.nonnegative_integer,
                       "probs": constraints.unit_interval,
                       "logits": constraints.real}
    has_enumerate_support = True

    def __init__(self, total_count: Any = 1, probs: Any = None,
                 logits: Any = None, validate_args: bool | None = None):
        super().__init__(self._set_count(total_count, probs, logits),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Binomial:
        return self._repeat(Binomial, batch_shape, _instance)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.integer_interval(0, self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.probs

    @property
    def mode(self) -> Tensor:
        n = self.total_count
        return ((n + 1) * self.probs).floor().clamp(max=n)

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return binomial(self.total_count.expand(shape),
                            self.probs.expand(shape))

    def log_prob(self, value: Tensor) -> Tensor:
        """log C(n, k) + k·logits - n log(1 + e^logits)"""
        self._validate_sample(value)
        n, k, z = self.total_count, value, self.logits
        ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        # max(z, 0), whose slope at 0 is ½
        above = (z.clamp(min=0) + z - z.clamp(max=0)) / 2
        return k * z - n * above - n * (-z.abs()).exp().log1p() + ways

    def entropy(self) -> Tensor:
        n = self._one_count("entropy")
        terms = self.log_prob(self._values(n))
        return -(terms.exp() * terms).sum(0)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return self._values(self._one_count("enumerate_support"), expand)

    def _values(self, n: int, expand: bool = False) -> Tensor:
        """0 … n along dimension 0."""
        values = arange(1 + n, dtype=self._param.dtype)
        return over_batch(values, self.batch_shape, expand)

    def _one_count(self, caller: str) -> int:
        """n, if it is the same everywhere."""
        n = int(self.total_count.max())
        if self.total_count.min() != n:
            raise NotImplementedError(
                f"Inhomogeneous total count not supported by `{caller}`.")
        return n
