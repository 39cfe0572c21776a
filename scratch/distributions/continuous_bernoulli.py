"""ContinuousBernoulli: a number in [0, 1] with a coin's formula."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import ones_like, zeros_like
from ..ops.loss import binary_cross_entropy_with_logits as cross_entropy
from ..ops.masked import where
from ..ops.sampling import rand
from ..tensor import Tensor
from . import constraints
from ._coin import Coin
from .exp_family import ExponentialFamily
from .utils import (
    batch_of,
    broadcast_all,
    clamp_probs,
    lazy_property,
    logits_to_probs,
    one_of,
)


class ContinuousBernoulli(Coin, ExponentialFamily):
    """p(x) = C λ^x (1 - λ)^(1 - x),  λ = probs, 0 ≤ x ≤ 1

    Near λ = ½, inside lims, Taylor's series (Loaiza-Ganem & Cunningham,
    2019).
    """

    arg_constraints = {"probs": constraints.unit_interval,
                       "logits": constraints.real}
    support = constraints.unit_interval
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(self, probs: Any = None, logits: Any = None,
                 lims: tuple[float, float] = (0.499, 0.501),
                 validate_args: bool | None = None):
        one_of(probs, logits)
        given = probs if probs is not None else logits
        if probs is not None:
            (p,) = broadcast_all(probs)
            if validate_args is not None and not (
                    constraints.unit_interval.check(p).all()):
                raise ValueError("The parameter probs has invalid values")
            self.probs = clamp_probs(p)
        else:
            (self.logits,) = broadcast_all(logits)
        self._lims = lims
        super().__init__(batch_of(self._param, given),
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> ContinuousBernoulli:
        return self._repeat(ContinuousBernoulli, batch_shape, _instance,
                            _lims=self._lims)

    @lazy_property
    def probs(self) -> Tensor:
        """λ = σ(logits)"""
        return clamp_probs(logits_to_probs(self.logits, is_binary=True))

    # ---- the formulas, and the series near ½

    def _away(self) -> Tensor:
        """Where λ is not near ½."""
        return (self.probs <= self._lims[0]) | (self.probs > self._lims[1])

    def _safe(self) -> tuple[Tensor, Tensor]:
        """λ kept off ½, and log(1 - λ) - log λ"""
        p = where(self._away(), self.probs, self._lims[0])
        return p, (-p).log1p() - p.log()

    def _cont_bern_log_norm(self) -> Tensor:
        """log C"""
        p, log_odds = self._safe()
        low = where(p <= 0.5, p, zeros_like(p))
        high = where(p >= 0.5, p, ones_like(p))
        gap = where(p <= 0.5, (-2.0 * low).log1p(), (2.0 * high - 1.0).log())
        x = (self.probs - 0.5) ** 2
        series = math.log(2.0) + (4.0 / 3.0 + 104.0 / 45.0 * x) * x
        return where(self._away(), log_odds.abs().log() - gap, series)

    @property
    def mean(self) -> Tensor:
        p, log_odds = self._safe()
        x = self.probs - 0.5
        series = 0.5 + (1.0 / 3.0 + 16.0 / 45.0 * x ** 2) * x
        return where(self._away(), p / (2.0 * p - 1.0) + 1.0 / log_odds,
                     series)

    @property
    def variance(self) -> Tensor:
        p, log_odds = self._safe()
        x = (self.probs - 0.5) ** 2
        series = 1.0 / 12.0 - (1.0 / 15.0 - 128.0 / 945.0 * x) * x
        return where(self._away(), p * (p - 1.0) / (1.0 - 2.0 * p) ** 2
                     + 1.0 / log_odds ** 2, series)

    # ----

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return self.icdf(rand(shape, dtype=self.probs.dtype))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        return (self._cont_bern_log_norm()
                - cross_entropy(logits, value, reduction="none"))

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        p, _ = self._safe()
        share = (p ** value * (1.0 - p) ** (1.0 - value) + p - 1.0
                 ) / (2.0 * p - 1.0)
        share = where(self._away(), share, value)
        share = where(value >= 1.0, ones_like(value), share)
        return where(value <= 0.0, zeros_like(value), share)

    def icdf(self, value: Tensor) -> Tensor:
        p, log_odds = self._safe()
        x = ((-p + value * (2.0 * p - 1.0)).log1p() - (-p).log1p()
             ) / -log_odds
        return where(self._away(), x, value)

    def entropy(self) -> Tensor:
        log_0, log_1 = (-self.probs).log1p(), self.probs.log()
        return (self.mean * (log_0 - log_1) - self._cont_bern_log_norm()
                - log_0)

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return (self.logits,)

    def _log_normalizer(self, x: Tensor) -> Tensor:  # type: ignore[override]
        low, high = (limit - 0.5 for limit in self._lims)
        away = (x <= low) | (x > high)
        z = where(away, x, low)
        series = 0.5 * x + x ** 2 / 24.0 - x ** 4 / 2880.0
        return where(away, z.expm1().abs().log() - z.abs().log(), series)
