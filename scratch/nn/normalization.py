"""Normalization over a layer, over groups of channels, over neighbours."""

from __future__ import annotations

from typing import Any

from ..ops.creation import empty
from ..tensor import Tensor
from . import _across_channels, init
from . import functional as F
from .module import Module
from .parameter import Parameter

__all__ = ["LocalResponseNorm", "CrossMapLRN2d", "LayerNorm", "GroupNorm",
           "RMSNorm"]


class LayerNorm(Module):
    """y = weight (x - mean) / √(var + eps) + bias over the last dimensions
    (Ba et al., 2016)

    x (*, *normalized_shape); weight and bias have normalized_shape
    """

    def __init__(self, normalized_shape: Any, eps: float = 1e-5,
                 elementwise_affine: bool = True, bias: bool = True,
                 device: Any = None, dtype: Any = None):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        shape, kind = self.normalized_shape, dict(device=device, dtype=dtype)
        affine = elementwise_affine
        self.register_parameter(
            "weight", Parameter(empty(shape, **kind)) if affine else None)
        self.register_parameter(
            "bias", Parameter(empty(shape, **kind)) if affine and bias
            else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight 1, bias 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.layer_norm(input, self.normalized_shape, self.weight,
                            self.bias, self.eps)

    def extra_repr(self) -> str:
        return (f"{self.normalized_shape}, eps={self.eps}, "
                f"elementwise_affine={self.elementwise_affine}, bias="
                f"{self.bias is not None}")


class GroupNorm(Module):
    """The same over each of num_groups groups of channels, image by image
    (Wu & He, 2018)

    x (N, num_channels, *); weight and bias (num_channels)
    """

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5,
                 affine: bool = True, device: Any = None, dtype: Any = None,
                 *, bias: bool = True):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(
                f"num_channels ({num_channels}) must be divisible by "
                f"num_groups ({num_groups})")
        self.num_groups, self.num_channels = num_groups, num_channels
        self.eps, self.affine = eps, affine
        n, kind = num_channels, dict(device=device, dtype=dtype)
        self.register_parameter(
            "weight", Parameter(empty(n, **kind)) if affine else None)
        self.register_parameter(
            "bias", Parameter(empty(n, **kind)) if affine and bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight 1, bias 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        return F.group_norm(input, self.num_groups, self.weight, self.bias,
                            self.eps)

    def extra_repr(self) -> str:
        return (f"{self.num_groups}, {self.num_channels}, eps={self.eps}, "
                f"affine={self.affine}, bias={self.bias is not None}")


class RMSNorm(Module):
    """y = weight x / √(mean(x²) + eps) over the last dimensions
    (Zhang & Sennrich, 2019)

    x (*, *normalized_shape); weight has normalized_shape
    """

    def __init__(self, normalized_shape: Any, eps: float | None = None,
                 elementwise_affine: bool = True, device: Any = None,
                 dtype: Any = None):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        self.register_parameter("weight", Parameter(empty(
            self.normalized_shape, device=device, dtype=dtype
        )) if elementwise_affine else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight 1."""
        if self.weight is not None:
            init.ones_(self.weight)

    def forward(self, input: Tensor) -> Tensor:
        return F.rms_norm(input, self.normalized_shape, self.weight,
                          self.eps)

    def extra_repr(self) -> str:
        return (f"{self.normalized_shape}, eps={self.eps}, "
                f"elementwise_affine={self.elementwise_affine}")


class LocalResponseNorm(Module):
    """x / (k + alpha · mean of x² over `size` neighbour channels)^beta
    of x (N, C, *) (Krizhevsky et al., 2012)"""

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75,
                 k: float = 1.0):
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input: Tensor) -> Tensor:
        return F.local_response_norm(input, self.size, self.alpha, self.beta,
                                     self.k)

    def extra_repr(self) -> str:
        return (f"{self.size}, alpha={self.alpha}, beta={self.beta}, "
                f"k={self.k}")


class CrossMapLRN2d(Module):
    """Nearly the same of x (N, C, H, W), by a sum that slides over the
    channels: Caffe's layer, with torch's own backward"""

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75,
                 k: float = 1):
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input: Tensor) -> Tensor:
        return _across_channels.CrossMapLRN2d.apply(
            input, self.size, self.alpha, self.beta, self.k)

    def extra_repr(self) -> str:
        return (f"{self.size}, alpha={self.alpha}, beta={self.beta}, "
                f"k={self.k}")
