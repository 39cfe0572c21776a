"""Instance normalization: each channel of each image by itself."""

from __future__ import annotations

import warnings
from typing import Any

from ..tensor import Tensor
from . import functional as F
from .batchnorm import _NormBase

__all__ = ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]


class _InstanceNorm(_NormBase):
    """y = weight (x - mean) / √(var + eps) + bias over the axes of x
    (Ulyanov et al., 2016)"""

    axes: int

    def __init__(self, num_features: int, eps: float = 1e-5,
                 momentum: float = 0.1, affine: bool = False,
                 track_running_stats: bool = False, device: Any = None,
                 dtype: Any = None, *, bias: bool = True):
        super().__init__(num_features, eps, momentum, affine,
                         track_running_stats, device, dtype, bias=bias)

    def forward(self, input: Tensor) -> Tensor:
        self._check_input_dim(input)
        lead = input.ndim - self.axes - 1
        if input.shape[lead] != self.num_features:
            self._refuse_channels(input.shape[lead], lead)
        x = input if lead else input.unsqueeze(0)
        y = F.instance_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum, self.eps)
        return y if lead else y.squeeze(0)

    def _refuse_channels(self, n: int, dim: int) -> None:
        if self.affine:
            raise ValueError(
                f"expected input's size at dim={dim} to match num_features "
                f"({self.num_features}), but got: {n}.")
        _warn_of_channels(dim)

    def _check_input_dim(self, input: Tensor) -> None:
        a, b = self.axes + 1, self.axes + 2
        if input.ndim not in (a, b):
            raise ValueError(
                f"expected {a}D or {b}D input (got {input.ndim}D input)")


def _warn_of_channels(dim: int) -> None:
    warnings.warn(
        f"input's size at dim={dim} does not match num_features. You can "
        "silence this warning by not passing in num_features, which is not "
        "used because affine=False", stacklevel=4)


class InstanceNorm1d(_InstanceNorm):
    """x (N, C, L) or (C, L)"""

    axes = 1


class InstanceNorm2d(_InstanceNorm):
    """x (N, C, H, W) or (C, H, W)"""

    axes = 2


class InstanceNorm3d(_InstanceNorm):
    """x (N, C, D, H, W) or (C, D, H, W)"""

    axes = 3
