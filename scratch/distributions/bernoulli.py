"""Bernoulli: a coin that shows 1 with probability p."""

from __future__ import annotations

import math
from typing import Any

from ..modes import no_grad
from ..ops.creation import zeros_like
from ..ops.logarithms import logaddexp
from ..ops.loss import binary_cross_entropy_with_logits as cross_entropy
from ..ops.masked import where
from ..ops.sequences import arange
from ..ops.variates import bernoulli
from ..size import Size
from ..tensor import Tensor
from . import constraints
from .distribution import (
    Distribution,
    batch_of,
    broadcast_all,
    clamp_probs,
    lazy,
)


class Bernoulli(Distribution):
    """P(1) = p = σ(logits),  P(0) = 1 - p;  give probs or logits"""

    arg_constraints = {"probs": constraints.unit_interval,
                       "logits": constraints.real}
    support = constraints.boolean
    has_enumerate_support = True

    def __init__(self, probs: Any = None, logits: Any = None,
                 validate_args: bool | None = None):
        if (probs is None) == (logits is None):
            raise ValueError(
                "Either `probs` or `logits` must be specified, but not both.")
        if probs is not None:
            (self.probs,) = broadcast_all(probs)
        else:
            (self.logits,) = broadcast_all(logits)
        given = probs if probs is not None else logits
        super().__init__(batch_of(self._param, given),
                         validate_args=validate_args)

    @property
    def _param(self) -> Tensor:
        return vars(self)["probs" if "probs" in vars(self) else "logits"]

    @lazy
    def logits(self) -> Tensor:
        """log p - log(1 - p)"""
        p = clamp_probs(self.probs)
        return p.log() - (-p).log1p()

    @lazy
    def probs(self) -> Tensor:
        """p = σ(logits)"""
        return self.logits.sigmoid()

    def expand(self, batch_shape: Any, _instance: Any = None) -> Bernoulli:
        return self._expanded(batch_shape, **{
            name: vars(self)[name].expand(batch_shape)
            for name in ("probs", "logits") if name in vars(self)})

    @property
    def param_shape(self) -> Size:
        """The shape of probs and logits."""
        return self._param.shape

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
        values = values.view(-1, *(1 for _ in self.batch_shape))
        return values.expand(-1, *self.batch_shape) if expand else values


def softplus(x: Tensor) -> Tensor:
    """log(1 + e^x)"""
    return logaddexp(x, zeros_like(x))
