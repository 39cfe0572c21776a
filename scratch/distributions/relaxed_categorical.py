"""RelaxedOneHotCategorical: a soft one-hot vector, with gradients."""

from __future__ import annotations

from typing import Any

from ..ops.creation import full_like
from ..ops.sampling import rand
from ..ops.special import lgamma
from ..tensor import Tensor
from . import constraints
from ._categories import Categories
from ._relaxed import Relaxed
from .transforms import ExpTransform
from .utils import broadcast_all, clamp_probs


class ExpRelaxedCategorical(Categories):
    """x = log softmax((logits + gumbel) / temperature)

    (Maddison, Mnih & Teh; Jang, Gu & Poole, 2017)
    """

    support = constraints.real_vector
    has_rsample = True

    def __init__(self, temperature: Tensor, probs: Any = None,
                 logits: Any = None, validate_args: bool | None = None):
        self.temperature = temperature
        super().__init__(probs, logits, validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> ExpRelaxedCategorical:
        return self._repeat(ExpRelaxedCategorical, batch_shape, _instance,
                            temperature=self.temperature)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        u = clamp_probs(rand(shape, dtype=self.logits.dtype))
        gumbel = -(-u.log()).log()
        x = (self.logits + gumbel) / self.temperature
        return x - x.logsumexp(-1, keepdim=True)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        t, k = self.temperature, self.event_shape[0]
        logits, value = broadcast_all(self.logits, value)
        norm = lgamma(full_like(t, float(k))) + t.log() * (k - 1)
        z = logits - value * t
        return (z - z.logsumexp(-1, keepdim=True)).sum(-1) + norm


class RelaxedOneHotCategorical(Relaxed):
    """y = e^x,  x ~ ExpRelaxedCategorical"""

    arg_constraints = {"probs": constraints.simplex,
                       "logits": constraints.real_vector}
    support = constraints.simplex

    def __init__(self, temperature: Tensor, probs: Any = None,
                 logits: Any = None, validate_args: bool | None = None):
        base = ExpRelaxedCategorical(temperature, probs, logits,
                                     validate_args=validate_args)
        super().__init__(base, ExpTransform(), validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> RelaxedOneHotCategorical:
        twin = self._get_checked_instance(RelaxedOneHotCategorical,
                                          _instance)
        return super().expand(batch_shape, twin)
