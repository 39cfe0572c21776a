"""RelaxedBernoulli: a coin between 0 and 1, with gradients."""

from __future__ import annotations

from typing import Any

from ..ops.sampling import rand
from ..tensor import Tensor
from . import constraints
from ._coin import Coin
from ._relaxed import Relaxed
from .distribution import Distribution
from .transforms import SigmoidTransform
from .utils import broadcast_all, clamp_probs


class LogitRelaxedBernoulli(Coin, Distribution):
    """x = (log u/(1 - u) + log p/(1 - p)) / temperature,  u uniform

    (Maddison, Mnih & Teh; Jang, Gu & Poole, 2017)
    """

    arg_constraints = {"probs": constraints.unit_interval,
                       "logits": constraints.real}
    support = constraints.real

    def __init__(self, temperature: Tensor, probs: Any = None,
                 logits: Any = None, validate_args: bool | None = None):
        self.temperature = temperature
        super().__init__(self._set_odds(probs, logits),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> LogitRelaxedBernoulli:
        return self._repeat(LogitRelaxedBernoulli, batch_shape, _instance,
                            temperature=self.temperature)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        p = clamp_probs(self.probs.expand(shape))
        u = clamp_probs(rand(shape, dtype=p.dtype))
        return (u.log() - (-u).log1p() + p.log() - (-p).log1p()
                ) / self.temperature

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        z = logits - value * self.temperature
        return self.temperature.log() + z - 2 * z.exp().log1p()


class RelaxedBernoulli(Relaxed):
    """y = σ(x),  x ~ LogitRelaxedBernoulli"""

    arg_constraints = {"probs": constraints.unit_interval,
                       "logits": constraints.real}
    support = constraints.unit_interval

    def __init__(self, temperature: Tensor, probs: Any = None,
                 logits: Any = None, validate_args: bool | None = None):
        base = LogitRelaxedBernoulli(temperature, probs, logits)
        super().__init__(base, SigmoidTransform(),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> RelaxedBernoulli:
        twin = self._get_checked_instance(RelaxedBernoulli, _instance)
        return super().expand(batch_shape, twin)
