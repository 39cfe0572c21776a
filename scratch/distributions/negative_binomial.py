"""NegativeBinomial: successes before so many failures."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..ops.activation import logsigmoid
from ..ops.special import lgamma
from ..ops.variates import poisson
from ..tensor import Tensor
from . import constraints
from ._coin import Coin
from .distribution import Distribution
from .gamma import Gamma


class NegativeBinomial(Coin, Distribution):
    """P(k) = Γ(n + k) / (k! Γ(n)) · p^k (1 - p)^n,  n = total_count"""

    arg_constraints = {
        "total_count": constraints.greater_than_eq(0),
        "probs": constraints.half_open_interval(0.0, 1.0),
        "logits": constraints.real}
    support = constraints.nonnegative_integer

    def __init__(self, total_count: Any, probs: Any = None,
                 logits: Any = None, validate_args: bool | None = None):
        super().__init__(self._set_count(total_count, probs, logits),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> NegativeBinomial:
        return self._repeat(NegativeBinomial, batch_shape, _instance)

    @property
    def mean(self) -> Tensor:
        return self.total_count * self.logits.exp()

    @property
    def mode(self) -> Tensor:
        most = (self.total_count - 1) * self.logits.exp()
        return most.floor().clamp(min=0.0)

    @property
    def variance(self) -> Tensor:
        return self.mean / (-self.logits).sigmoid()

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Poisson counts, their rates drawn from a gamma."""
        with no_grad():
            rates = Gamma(self.total_count, (-self.logits).exp(),
                          validate_args=False)
            return poisson(rates.sample(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        n, k, z = self.total_count, value, self.logits
        ways = lgamma(n + k) - lgamma(1.0 + k) - lgamma(n)
        ways = ways.masked_fill(n + k == 0, 0.0)  # 0 / 0 → 1
        return n * logsigmoid(-z) + k * logsigmoid(z) + ways
