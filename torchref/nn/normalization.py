"""Normalization within each example."""

from __future__ import annotations

import torch
from torch import Tensor

from torchref.nn.padding import pad

__all__ = ["layer_norm", "group_norm", "rms_norm", "local_response_norm"]


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
