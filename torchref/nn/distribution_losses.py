"""Losses of distributions as layers."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module

from torchref.nn.loss import gaussian_nll_loss, kl_div, poisson_nll_loss

__all__ = ["KLDivLoss", "PoissonNLLLoss", "GaussianNLLLoss"]


class KLDivLoss(Module):
    """y (log y - x) of log-probabilities x and probabilities y

    reduction="batchmean" is the divergence itself.
    """

    def __init__(self, *, reduction: str = "mean", log_target: bool = False):
        super().__init__()
        self.reduction, self.log_target = reduction, log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return kl_div(input, target, self.reduction, self.log_target)


class PoissonNLLLoss(Module):
    """λ - y log λ of a rate λ (or its logarithm) and a count y"""

    def __init__(self, log_input: bool = True, full: bool = False, *,
                 eps: float = 1e-8, reduction: str = "mean"):
        super().__init__()
        self.log_input, self.full = log_input, full
        self.eps, self.reduction = eps, reduction

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        return poisson_nll_loss(log_input, target, self.log_input, self.full,
                                self.eps, self.reduction)


class GaussianNLLLoss(Module):
    """(log v + (x - y)² / v) / 2 of mean x and variance v ≥ eps

    v is of x's size, or one number for all, or one for each row.
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6,
                 reduction: str = "mean"):
        super().__init__()
        self.full, self.eps, self.reduction = full, eps, reduction

    def forward(self, input: Tensor, target: Tensor,
                var: Tensor | float) -> Tensor:
        if not isinstance(var, Tensor):
            var = torch.full_like(input, var)
        if var.shape == input.shape[:-1]:
            var = var.unsqueeze(-1)
        return gaussian_nll_loss(input, target, var, self.full, self.eps,
                                 self.reduction)
