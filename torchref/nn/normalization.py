"""Normalization over a layer, over groups of channels, over neighbours."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn import init


def standardized(x: Tensor, axes: tuple[int, ...], eps: float) -> Tensor:
    """(x - mean) / √(var + eps), mean and var being over the axes"""
    x = x - x.mean(axes, keepdim=True)
    return x / (x.square().mean(axes, keepdim=True) + eps).sqrt()


class _Affine(Module):
    """weight and bias of one shape, or None."""

    def make(self, shape: tuple[int, ...], weight: bool, bias: bool,
             device: Any, dtype: Any) -> None:
        for name, wanted in (("weight", weight), ("bias", bias)):
            self.register_parameter(name, Parameter(torch.empty(
                shape, device=device, dtype=dtype)) if wanted else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weight 1, bias 0."""
        if self.weight is not None:
            init.constant_(self.weight, 1)
        if self.bias is not None:
            init.constant_(self.bias, 0)

    def scaled(self, y: Tensor, shape: tuple[int, ...]) -> Tensor:
        """weight y + bias"""
        if self.weight is not None:
            y = self.weight.view(shape) * y
        return y if self.bias is None else y + self.bias.view(shape)


class LayerNorm(_Affine):
    """y = weight (x - mean) / √(var + eps) + bias over the last dimensions
    of x (*, *normalized_shape)"""

    def __init__(self, normalized_shape: Any, eps: float = 1e-5,
                 elementwise_affine: bool = True, bias: bool = True,
                 device: Any = None, dtype: Any = None):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape, self.eps = tuple(normalized_shape), eps
        affine = elementwise_affine
        self.make(self.normalized_shape, affine, affine and bias, device,
                  dtype)

    def forward(self, input: Tensor) -> Tensor:
        inner = self.normalized_shape
        axes = tuple(range(-len(inner), 0))
        return self.scaled(standardized(input, axes, self.eps), inner)


class GroupNorm(_Affine):
    """The same over each of num_groups groups of channels of x (N, C, *)"""

    def __init__(self, num_groups: int, num_channels: int, eps: float = 1e-5,
                 affine: bool = True, device: Any = None, dtype: Any = None):
        super().__init__()
        self.num_groups, self.eps = num_groups, eps
        self.make((num_channels,), affine, affine, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        n, c, *size = input.shape
        x = input.reshape(n, self.num_groups, c // self.num_groups, *size)
        y = standardized(x, tuple(range(2, x.ndim)), self.eps)
        return self.scaled(y.reshape(input.shape),
                           (1, c, *[1] * len(size)))


class RMSNorm(_Affine):
    """y = weight x / √(mean(x²) + eps) over the last dimensions"""

    def __init__(self, normalized_shape: Any, eps: float | None = None,
                 elementwise_affine: bool = True, device: Any = None,
                 dtype: Any = None):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape, self.eps = tuple(normalized_shape), eps
        self.make(self.normalized_shape, elementwise_affine, False, device,
                  dtype)

    def forward(self, input: Tensor) -> Tensor:
        x, inner = input, self.normalized_shape
        eps = torch.finfo(x.dtype).eps if self.eps is None else self.eps
        axes = tuple(range(-len(inner), 0))
        y = x / (x.square().mean(axes, keepdim=True) + eps).sqrt()
        return self.scaled(y, inner)


class LocalResponseNorm(Module):
    """x / (k + alpha · mean of x² over `size` neighbour channels)^beta"""

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75,
                 k: float = 1.0):
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, input: Tensor) -> Tensor:
        x, before, after = input, self.size // 2, (self.size - 1) // 2
        edge = [0, 0] * (x.ndim - 2) + [before, after]
        squares = torch.constant_pad_nd(x.square(), edge)
        mean = squares.unfold(1, self.size, 1).mean(-1)
        return x / (self.k + self.alpha * mean) ** self.beta
