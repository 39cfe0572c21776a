"""Gamma: the wait for the α-th event, α any positive number."""

from __future__ import annotations

from typing import Any

from ..limits import finfo
from ..modes import no_grad
from ..ops.creation import as_tensor
from ..ops.implicit import _standard_gamma
from ..ops.incomplete import igamma
from ..ops.logarithms import xlogy
from ..ops.special import digamma, lgamma
from ..random import Generator
from ..tensor import Tensor
from . import constraints
from .exp_family import ExponentialFamily
from .utils import batch_of, broadcast_all


class Gamma(ExponentialFamily):
    """p(x) = β^α / Γ(α) · x^(α - 1) e^(-βx);  concentration α, rate β"""

    arg_constraints = {"concentration": constraints.positive,
                       "rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(self, concentration: Any, rate: Any,
                 validate_args: bool | None = None):
        self.concentration, self.rate = broadcast_all(concentration, rate)
        super().__init__(batch_of(self.rate, concentration, rate),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Gamma:
        # Chi2 names other parameters: both are repeated here
        return self._repeat(
            Gamma, batch_shape, _instance,
            concentration=self.concentration.expand(batch_shape),
            rate=self.rate.expand(batch_shape))

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.rate

    @property
    def mode(self) -> Tensor:
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self) -> Tensor:
        return self.concentration / self.rate ** 2

    def sample(self, sample_shape: Any = (), *,
               generator: Generator | None = None) -> Tensor:
        with no_grad():
            return self.rsample(sample_shape, generator)

    def rsample(self, sample_shape: Any = (),
                generator: Generator | None = None) -> Tensor:
        shape = self._extended_shape(sample_shape)
        x = _standard_gamma(self.concentration.expand(shape), generator)
        y = x / self.rate.expand(shape)
        y.detach().clamp_(min=finfo(y.dtype).tiny)  # not in the graph
        return y

    def log_prob(self, value: Tensor) -> Tensor:
        value = as_tensor(value, dtype=self.rate.dtype)
        self._validate_sample(value)
        a, b = self.concentration, self.rate
        return xlogy(a, b) + xlogy(a - 1, value) - b * value - lgamma(a)

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return igamma(self.concentration, self.rate * value)

    def entropy(self) -> Tensor:
        a = self.concentration
        return a - self.rate.log() + lgamma(a) + (1.0 - a) * digamma(a)

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return self.concentration - 1, -self.rate

    def _log_normalizer(self, x: Tensor,  # type: ignore[override]
                        y: Tensor) -> Tensor:
        return lgamma(x + 1) + (x + 1) * (-y.reciprocal()).log()
