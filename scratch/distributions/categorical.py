"""Categorical: one of K categories, by their probabilities."""

from __future__ import annotations

import math
from typing import Any

from ..limits import finfo
from ..modes import no_grad
from ..ops.creation import full
from ..ops.lift import broadcast_tensors
from ..ops.sequences import arange
from ..ops.variates import multinomial
from ..size import Size
from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .utils import (
    lazy_property,
    logits_to_probs,
    one_of,
    over_batch,
    probs_to_logits,
)


class Categorical(Distribution):
    """P(k) = probs[k] = softmax(logits)[k];  give probs or logits

    probs, logits (*batch, K): normalised to Σ probs = 1.
    """

    arg_constraints = {"probs": constraints.simplex,
                       "logits": constraints.real_vector}
    has_enumerate_support = True

    def __init__(self, probs: Tensor | None = None,
                 logits: Tensor | None = None,
                 validate_args: bool | None = None):
        one_of(probs, logits)
        name, given = (("`logits`", logits) if probs is None
                       else ("`probs`", probs))
        assert given is not None
        if given.ndim < 1:
            raise ValueError(
                f"{name} parameter must be at least one-dimensional.")
        if probs is not None:
            self.probs = probs / probs.sum(-1, keepdim=True)
        else:
            self.logits = given - given.logsumexp(-1, keepdim=True)
        super().__init__(self._param.shape[:-1], validate_args=validate_args)

    @property
    def _param(self) -> Tensor:
        return vars(self)["probs" if "probs" in vars(self) else "logits"]

    @property
    def _num_events(self) -> int:
        return self._param.shape[-1]

    @lazy_property
    def logits(self) -> Tensor:
        """log probs"""
        return probs_to_logits(self.probs)

    @lazy_property
    def probs(self) -> Tensor:
        """softmax(logits)"""
        return logits_to_probs(self.logits)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Categorical:
        return self._repeat(Categorical, batch_shape, _instance)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> constraints.Constraint:
        return constraints.integer_interval(0, self._num_events - 1)

    @property
    def param_shape(self) -> Size:
        """(*batch, K)"""
        return self._param.shape

    @property
    def mean(self) -> Tensor:
        """torch: NaN, for categories are no numbers."""
        return full(self._extended_shape(), math.nan, dtype=self.probs.dtype)

    variance = mean

    @property
    def mode(self) -> Tensor:
        return self.probs.argmax(dim=-1)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        count = Size(sample_shape).numel()
        with no_grad():
            rows = self.probs.reshape(-1, self._num_events)
            drawn = multinomial(rows, count, True)
            return drawn.T.reshape(self._extended_shape(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        index, logits = broadcast_tensors(value.long().unsqueeze(-1),
                                          self.logits)
        return logits.gather(-1, index[..., :1]).squeeze(-1)

    def entropy(self) -> Tensor:
        logits = self.logits.clamp(min=finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        return over_batch(arange(self._num_events), self.batch_shape, expand)
