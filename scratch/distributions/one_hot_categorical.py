"""OneHotCategorical: a category as a vector of zeros and one 1."""

from __future__ import annotations

from typing import Any

from ..ops.distance import one_hot
from ..ops.sequences import eye
from ..tensor import Tensor
from . import constraints
from ._categories import Categories


class OneHotCategorical(Categories):
    """P(x) = Π p_k^x_k;  give probs or logits (*batch, K)"""

    support = constraints.one_hot
    has_enumerate_support = True

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> OneHotCategorical:
        return self._repeat(OneHotCategorical, batch_shape, _instance)

    @property
    def mean(self) -> Tensor:
        return self.probs

    @property
    def mode(self) -> Tensor:
        p = self.probs
        return one_hot(p.argmax(-1), p.shape[-1]).to(p)

    @property
    def variance(self) -> Tensor:
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        found = self._categorical.sample(sample_shape)
        return one_hot(found, self.event_shape[0]).to(self.probs)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return self._categorical.log_prob(value.argmax(-1))

    def entropy(self) -> Tensor:
        return self._categorical.entropy()

    def enumerate_support(self, expand: bool = True) -> Tensor:
        k = self.event_shape[0]
        values = eye(k, dtype=self._param.dtype)
        values = values.view(k, *(1 for _ in self.batch_shape), k)
        return values.expand(k, *self.batch_shape, k) if expand else values


class OneHotCategoricalStraightThrough(OneHotCategorical):
    """Its draws have the gradient of the probabilities (Bengio, 2013)."""

    has_rsample = True

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        x = self.sample(sample_shape)
        return x + (self.probs - self.probs.detach())
