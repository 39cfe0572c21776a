"""Normalization within each example."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn.padding import pad

__all__ = ["layer_norm", "group_norm", "rms_norm", "local_response_norm",
           "LayerNorm", "GroupNorm", "RMSNorm", "LocalResponseNorm"]


def standardized(x: Tensor, axes: tuple, eps: float) -> Tensor:
    """ĥ: x with mean 0 and variance 1 over the axes"""
    centred = x - x.mean(axes, True)
    r = (centred.square().mean(axes, True) + eps).rsqrt()
    return centred * r


def layer_norm(x: Tensor, normalized_shape: tuple,
               weight: Tensor | None = None, bias: Tensor | None = None,
               eps: float = 1e-5) -> Tensor:
    """Every entry of x (*, *normalized_shape) over its last dimensions
    (Ba et al., 2016)."""
    h = standardized(x, tuple(range(-len(normalized_shape), 0)), eps)
    h = h if weight is None else h * weight
    return h if bias is None else h + bias


def group_norm(x: Tensor, num_groups: int, weight: Tensor | None = None,
               bias: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """Each group of C/G channels of x (N, C, *), image by image
    (Wu & He, 2018)."""
    n, c = x.shape[:2]
    h = standardized(x.reshape(n, num_groups, -1), (2,), eps)
    h = h.reshape(x.shape)
    shape = (-1, *[1] * (x.ndim - 2))
    h = h if weight is None else h * weight.reshape(shape)
    return h if bias is None else h + bias.reshape(shape)


def rms_norm(x: Tensor, normalized_shape: tuple,
             weight: Tensor | None = None,
             eps: float | None = None) -> Tensor:
    """y = w x / √(mean(x²) + ε) over the last dimensions; ε is the
    smallest step of the dtype if not given (Zhang & Sennrich, 2019)."""
    eps = torch.finfo(x.dtype).eps if eps is None else eps
    axes = tuple(range(-len(normalized_shape), 0))
    y = x * (x.square().mean(axes, True) + eps).rsqrt()
    return y if weight is None else y * weight


def local_response_norm(x: Tensor, size: int, alpha: float = 1e-4,
                        beta: float = 0.75, k: float = 1.0) -> Tensor:
    """x / (k + α mean of x² over `size` neighbour channels)^β
    (Krizhevsky et al., 2012)"""
    square = x.square().movedim(1, -1)
    square = pad(square, (size // 2, (size - 1) // 2))
    mean = square.unfold(-1, size, 1).mean(-1).movedim(-1, 1)
    return x / (mean * alpha + k).pow(beta)


class LayerNorm(Module):
    """y = weight (x - mean) / √(var + eps) + bias over the last dimensions
    (Ba et al., 2016)

    x (*, *normalized_shape); weight and bias have normalized_shape
    """

    def __init__(self, normalized_shape: int | tuple, eps: float = 1e-5,
                 elementwise_affine: bool = True, bias: bool = True):
        super().__init__()
        shape = (normalized_shape,) if isinstance(
            normalized_shape, int) else tuple(normalized_shape)
        self.normalized_shape, self.eps = shape, eps
        scaled, shifted = elementwise_affine, elementwise_affine and bias
        self.weight = Parameter(torch.ones(shape)) if scaled else None
        self.bias = Parameter(torch.zeros(shape)) if shifted else None

    def forward(self, input: Tensor) -> Tensor:
        return layer_norm(input, self.normalized_shape, self.weight,
                          self.bias, self.eps)


class GroupNorm(Module):
    """The same over each of num_groups groups of channels, image by image
    (Wu & He, 2018)

    x (N, num_channels, *); weight and bias (num_channels)
    """

    def __init__(self, num_groups: int, num_channels: int,
                 eps: float = 1e-5, affine: bool = True, bias: bool = True):
        super().__init__()
        self.num_groups, self.eps, n = num_groups, eps, num_channels
        self.weight = Parameter(torch.ones(n)) if affine else None
        self.bias = Parameter(torch.zeros(n)) if affine and bias else None

    def forward(self, input: Tensor) -> Tensor:
        return group_norm(input, self.num_groups, self.weight, self.bias,
                          self.eps)


class RMSNorm(Module):
    """y = weight x / √(mean(x²) + eps) over the last dimensions
    (Zhang & Sennrich, 2019)

    x (*, *normalized_shape); weight has normalized_shape
    """

    def __init__(self, normalized_shape: int | tuple,
                 eps: float | None = None, elementwise_affine: bool = True):
        super().__init__()
        shape = (normalized_shape,) if isinstance(
            normalized_shape, int) else tuple(normalized_shape)
        self.normalized_shape, self.eps = shape, eps
        self.weight = Parameter(torch.ones(shape)) if (
            elementwise_affine) else None

    def forward(self, input: Tensor) -> Tensor:
        return rms_norm(input, self.normalized_shape, self.weight, self.eps)


class LocalResponseNorm(Module):
    """x / (k + alpha · mean of x² over `size` neighbour channels)^beta
    of x (N, C, *) (Krizhevsky et al., 2012)"""

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75,
                 k: float = 1.0):
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input: Tensor) -> Tensor:
        return local_response_norm(input, self.size, self.alpha, self.beta,
                                   self.k)
