"""Running means and scaled sums."""

from __future__ import annotations

import torch


def lerp(mean: torch.Tensor, x: torch.Tensor, weight: float) -> None:
    """mean ← mean + w (x - mean)"""
    gap = x - mean
    if weight < 0.5:
        mean += weight * gap
    else:
        mean.copy_(x - (1 - weight) * gap)


def mean_of_squares(mean: torch.Tensor, x: torch.Tensor, beta: float) -> None:
    """mean ← β mean + (1 - β) x²"""
    mean *= beta
    mean += (1 - beta) * x * x


def axpy(y: torch.Tensor, a: float, x: torch.Tensor) -> None:
    """y ← y + a x, rounded once"""
    y.add_(x, alpha=a)
