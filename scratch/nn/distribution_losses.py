"""Losses of distributions as layers."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import functional as F
from .loss import _Loss

__all__ = ["KLDivLoss", "PoissonNLLLoss", "GaussianNLLLoss"]


class KLDivLoss(_Loss):
    """y (log y - x) of log-probabilities x and probabilities y

    reduction="batchmean" is the divergence itself.
    """

    def __init__(self, size_average: Any = None, reduce: Any = None,
                 reduction: str = "mean", log_target: bool = False):
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction,
                        log_target=self.log_target)


class PoissonNLLLoss(_Loss):
    """λ - y log λ of a rate λ (or its logarithm) and a count y"""

    def __init__(self, log_input: bool = True, full: bool = False,
                 size_average: Any = None, eps: float = 1e-8,
                 reduce: Any = None, reduction: str = "mean"):
        super().__init__(size_average, reduce, reduction)
        self.log_input, self.full, self.eps = log_input, full, eps

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        return F.poisson_nll_loss(
            log_input, target, log_input=self.log_input, full=self.full,
            eps=self.eps, reduction=self.reduction)


class GaussianNLLLoss(_Loss):
    """(log v + (x - y)² / v) / 2 of mean x and variance v ≥ eps"""

    def __init__(self, *, full: bool = False, eps: float = 1e-6,
                 reduction: str = "mean"):
        super().__init__(None, None, reduction)
        self.full, self.eps = full, eps

    def forward(self, input: Tensor, target: Tensor,
                var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(input, target, var, full=self.full,
                                   eps=self.eps, reduction=self.reduction)
