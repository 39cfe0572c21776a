"""Multinomial: how often each category comes in n draws."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import ones_like, tensor, zeros
from ..ops.special import lgamma
from ..tensor import Tensor
from . import constraints
from ._categories import Categories
from .binomial import Binomial
from .utils import broadcast_all


class Multinomial(Categories):
    """P(x) = n! / Π x_k! · Π p_k^x_k,  n = total_count,  x (*batch, K)"""

    def __init__(self, total_count: int = 1, probs: Tensor | None = None,
                 logits: Tensor | None = None,
                 validate_args: bool | None = None):
        if not isinstance(total_count, int):
            raise NotImplementedError(
                "inhomogeneous total_count is not supported")
        if total_count < 0:
            raise ValueError("Expected parameter total_count to be a whole "
                             f"number >= 0, but found {total_count}")
        self.total_count = total_count
        super().__init__(probs, logits, validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Multinomial:
        return self._repeat(Multinomial, batch_shape, _instance,
                            total_count=self.total_count)

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> constraints.Constraint:
        return constraints.multinomial(self.total_count)

    @property
    def mean(self) -> Tensor:
        return self.probs * self.total_count

    @property
    def variance(self) -> Tensor:
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        drawn = self._categorical.sample((self.total_count, *sample_shape))
        drawn = drawn.movedim(0, -1)
        counts = zeros(self._extended_shape(sample_shape), dtype=drawn.dtype)
        counts.scatter_add_(-1, drawn, ones_like(drawn))
        return counts.type_as(self.probs)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        # 0 log 0 = 0
        logits = logits.masked_fill((value == 0) & (logits == -math.inf), 0)
        return (lgamma(value.sum(-1) + 1) - lgamma(value + 1).sum(-1)
                + (logits * value).sum(-1))

    def entropy(self) -> Tensor:
        """n H(p) - log n! + Σ_k E[log x_k!],  x_k ~ Binomial(n, p_k)"""
        n = tensor(self.total_count, dtype=self.probs.dtype)
        each = Binomial(self.total_count, self.probs)
        counts = each.enumerate_support(expand=False)[1:]
        expected = each.log_prob(counts).exp() * lgamma(counts + 1)
        return (n * self._categorical.entropy() - lgamma(n + 1)
                + expected.sum((0, -1)))
