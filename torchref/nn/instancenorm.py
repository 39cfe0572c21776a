"""Instance normalization: each channel of each image by itself."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn.batchnorm import batch_norm

__all__ = ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]


class _InstanceNorm(Module):
    """y = weight (x - mean) / √(var + eps) + bias over the axes of x
    (Ulyanov et al., 2016)

    weight and bias are there if `affine`, the moving averages if
    `track_running_stats`: unlike BatchNorm's, neither is by default.
    """

    axes: int
    running_mean: Tensor | None
    running_var: Tensor | None

    def __init__(self, num_features: int, eps: float = 1e-5,
                 momentum: float = 0.1, affine: bool = False,
                 track_running_stats: bool = False):
        super().__init__()
        n, tracked = num_features, track_running_stats
        self.eps, self.momentum, self.tracked = eps, momentum, tracked
        self.weight = Parameter(torch.ones(n)) if affine else None
        self.bias = Parameter(torch.zeros(n)) if affine else None
        self.register_buffer("running_mean",
                             torch.zeros(n) if tracked else None)
        self.register_buffer("running_var",
                             torch.ones(n) if tracked else None)
        # torch: the key is there, but nothing counts it up
        self.register_buffer("num_batches_tracked",
                             torch.tensor(0) if tracked else None)

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim == self.axes + 1:
            return self.normalize(input.unsqueeze(0)).squeeze(0)
        return self.normalize(input)

    def normalize(self, x: Tensor) -> Tensor:
        """A batch_norm of one image whose channels are N · C."""
        n, c = x.shape[:2]
        means, variances, w, b = (
            None if t is None else t.repeat(n) for t in (
                self.running_mean, self.running_var, self.weight, self.bias))
        of_image = self.training or not self.tracked
        y = batch_norm(x.reshape(1, n * c, *x.shape[2:]), means, variances,
                       w, b, of_image, self.momentum, self.eps)
        if of_image:  # the average moves to the mean over the images
            for running, t in ((self.running_mean, means),
                               (self.running_var, variances)):
                if running is not None and t is not None:
                    running.copy_(t.reshape(n, c).mean(0))
        return y.reshape(x.shape)


class InstanceNorm1d(_InstanceNorm):
    """x (N, C, L) or (C, L)"""

    axes = 1


class InstanceNorm2d(_InstanceNorm):
    """x (N, C, H, W) or (C, H, W)"""

    axes = 2


class InstanceNorm3d(_InstanceNorm):
    """x (N, C, D, H, W) or (C, D, H, W)"""

    axes = 3
