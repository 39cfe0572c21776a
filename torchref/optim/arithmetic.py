"""Running means and scaled sums."""

from __future__ import annotations

import torch


def lerp(mean: torch.Tensor, x: torch.Tensor, weight: float) -> None:
    """mean ← mean + w (x - mean)"""
    mean.lerp_(x, weight)


def mean_of_squares(mean: torch.Tensor, x: torch.Tensor, beta: float) -> None:
    """mean ← β mean + (1 - β) x²"""
    mean.mul_(beta).addcmul_(x, x, value=1 - beta)


def axpy(y: torch.Tensor, a: float, x: torch.Tensor) -> None:
    """y ← y + a x, rounded once"""
    y.add_(x, alpha=a)
