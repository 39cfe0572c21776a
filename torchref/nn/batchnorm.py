"""Batch normalization (Ioffe & Szegedy, 2015)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module, Parameter

__all__ = ["batch_norm", "instance_norm", "BatchNorm1d", "BatchNorm2d",
           "BatchNorm3d"]


def batch_norm(x: Tensor, running_mean: Tensor | None,
               running_var: Tensor | None, weight: Tensor | None = None,
               bias: Tensor | None = None, training: bool = False,
               momentum: float = 0.1, eps: float = 1e-5) -> Tensor:
    """y = w (x - mean) / √(var + ε) + b, each channel of x (N, C, *) over
    N and *

    In training the moving averages follow the batch. Two conventions:
    papers (and TensorFlow) write  running ← m running + (1 - m) now  with
    m near 1, say 0.9; torch and we write
    running ← (1 - m) running + m now  with m near 0, say 0.1: m is how far
    the average moves. The two are the same if one m is 1 minus the other.

    The batch itself is divided by its biased variance (over n); what the
    average takes in is the unbiased one (over n - 1).
    """
    axes = (0, *range(2, x.ndim))
    shape = (1, -1, *[1] * (x.ndim - 2))
    if training:
        mean = x.mean(axes)
        var = (x - mean.reshape(shape)).square().mean(axes)
        count = x.numel() // x.shape[1]
        with torch.no_grad():
            for running, now in ((running_mean, mean), (
                    running_var, var * (count / (count - 1)))):
                if running is not None:
                    running.mul_(1 - momentum).add_(now, alpha=momentum)
    else:
        assert running_mean is not None and running_var is not None
        mean, var = running_mean, running_var
    r = (var + eps).rsqrt()
    y = (x - mean.reshape(shape)) * r.reshape(shape)
    if weight is not None:
        y = y * weight.reshape(shape)
    return y if bias is None else y + bias.reshape(shape)


def instance_norm(x: Tensor, weight: Tensor | None = None,
                  bias: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """Each channel of each image of x (N, C, *) over *: a batch_norm whose
    channels are N · C (Ulyanov et al., 2016)."""
    n, c = x.shape[:2]
    w, b = (None if t is None else t.repeat(n) for t in (weight, bias))
    y = batch_norm(x.reshape(1, n * c, *x.shape[2:]), None, None, w, b,
                   True, eps=eps)
    return y.reshape(x.shape)


class BatchNorm1d(Module):
    """x (N, C) or (N, C, L)

    momentum None: the running statistics are the mean over all batches so
    far, a step of 1 / (number of batches).
    """

    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(self, num_features: int, eps: float = 1e-5,
                 momentum: float | None = 0.1, affine: bool = True,
                 track_running_stats: bool = True):
        super().__init__()
        n, tracked = num_features, track_running_stats
        self.eps, self.momentum = eps, momentum
        self.weight = Parameter(torch.ones(n)) if affine else None
        self.bias = Parameter(torch.zeros(n)) if affine else None
        self.register_buffer("running_mean",
                             torch.zeros(n) if tracked else None)
        self.register_buffer("running_var",
                             torch.ones(n) if tracked else None)
        self.register_buffer("num_batches_tracked",
                             torch.tensor(0) if tracked else None)

    def forward(self, input: Tensor) -> Tensor:
        momentum = 0.0 if self.momentum is None else self.momentum
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                momentum = 1 / float(self.num_batches_tracked)
        return batch_norm(input, self.running_mean, self.running_var,
                          self.weight, self.bias,
                          self.training or self.running_mean is None,
                          momentum, self.eps)


class BatchNorm2d(BatchNorm1d):
    """x (N, C, H, W)"""


class BatchNorm3d(BatchNorm1d):
    """x (N, C, D, H, W)"""
