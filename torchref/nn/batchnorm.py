"""Batch normalization (Ioffe & Szegedy, 2015)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn import init


class _NormBase(Module):
    """Weight, bias and running statistics, one of each a channel.

    momentum: how far the running statistics move to those of a batch;
        None: they are the mean over all batches so far.
    Elsewhere (Keras, the paper's code) momentum is what is kept of the old
    statistics: their 0.9 is torch's 0.1.
    """

    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(self, num_features: int, eps: float = 1e-5,
                 momentum: float | None = 0.1, affine: bool = True,
                 track_running_stats: bool = True, device: Any = None,
                 dtype: Any = None):
        super().__init__()
        self.num_features, self.eps, self.momentum = (
            num_features, eps, momentum)
        self.affine, self.track_running_stats = affine, track_running_stats
        n, kind = num_features, dict(device=device, dtype=dtype)
        for name in ("weight", "bias"):
            self.register_parameter(
                name, Parameter(torch.empty(n, **kind)) if affine else None)
        tracked = track_running_stats
        self.register_buffer(
            "running_mean", torch.zeros(n, **kind) if tracked else None)
        self.register_buffer(
            "running_var", torch.ones(n, **kind) if tracked else None)
        self.register_buffer(
            "num_batches_tracked",
            torch.tensor(0, device=device) if tracked else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight 1, bias 0."""
        if self.affine:
            init.constant_(self.weight, 1)
            init.constant_(self.bias, 0)

    @torch.no_grad()
    def move(self, mean: Tensor, var: Tensor, count: int) -> None:
        """running ← (1 - momentum) running + momentum · the batch's

        The running variance is the unbiased one: Σ(x - mean)² / (count - 1).
        """
        self.num_batches_tracked += 1
        momentum = self.momentum
        if momentum is None:
            momentum = 1 / float(self.num_batches_tracked)
        var = var * (count / (count - 1)) if count > 1 else var * float("nan")
        for running, now in ((self.running_mean, mean),
                             (self.running_var, var)):
            running.copy_((1 - momentum) * running + momentum * now.flatten())


class _BatchNorm(_NormBase):
    """y = weight (x - mean) / √(var + eps) + bias, channel by channel.

    In training mean and var are those of the batch; in evaluation the
    running ones, if they are tracked.
    """

    dims: tuple[int, ...]

    def forward(self, input: Tensor) -> Tensor:
        x = input
        if x.ndim not in self.dims:
            raise ValueError(f"expected {self.dims}D input (got {x.ndim}D)")
        axes = (0, *range(2, x.ndim))
        shape = (1, -1, *[1] * (x.ndim - 2))
        if self.training or self.running_mean is None:
            mean = x.mean(axes, keepdim=True)
            var = (x - mean).square().mean(axes, keepdim=True)
            if self.training and self.track_running_stats:
                self.move(mean, var, x.numel() // x.shape[1])
        else:
            mean = self.running_mean.view(shape)
            var = self.running_var.view(shape)
        y = (x - mean) / (var + self.eps).sqrt()
        if not self.affine:
            return y
        return self.weight.view(shape) * y + self.bias.view(shape)


class BatchNorm1d(_BatchNorm):
    """x (N, C) or (N, C, L)"""

    dims = (2, 3)


class BatchNorm2d(_BatchNorm):
    """x (N, C, H, W)"""

    dims = (4,)


class BatchNorm3d(_BatchNorm):
    """x (N, C, D, H, W)"""

    dims = (5,)
