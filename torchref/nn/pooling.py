"""Pooling: one number for every window of an image."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from torchref.nn.fold import pair, windows
from torchref.nn.padding import pad

__all__ = ["max_pool2d", "avg_pool2d", "lp_pool2d", "adaptive_avg_pool2d",
           "adaptive_max_pool2d", "max_unpool2d"]


def covered(x: Tensor, kernel_size: int | tuple, stride: int | tuple | None,
            padding: int | tuple, dilation: int | tuple, ceil_mode: bool,
            value: float) -> Tensor:
    """x (N, C, H, W) -> its windows (N, C, P, Q, K·L)

    With ceil_mode a last window may begin inside and end outside.
    """
    kernel, d, p = pair(kernel_size), pair(dilation), pair(padding)
    s = kernel if stride is None else pair(stride)
    margin = []
    for n, k, step, gap, m in zip(x.shape[2:], kernel, s, d, p):
        rest = (n + 2 * m - gap * (k - 1) - 1) % step
        count = (n + 2 * m - gap * (k - 1) - 1) // step + 1
        more = 0
        if ceil_mode and rest and count * step < n + m:
            more = step - rest
        margin.append((m, m + more))
    x = pad(x, tuple(m for two in margin[::-1] for m in two), value=value)
    return windows(x, kernel, s, d).flatten(-2)


def max_pool2d(x: Tensor, kernel_size: int | tuple,
               stride: int | tuple | None = None,
               padding: int | tuple = 0, dilation: int | tuple = 1,
               ceil_mode: bool = False) -> Tensor:
    """The largest entry of every window."""
    cols = covered(x, kernel_size, stride, padding, dilation, ceil_mode,
                   -math.inf)
    best = cols.argmax(-1, keepdim=True)
    return cols.gather(-1, best).squeeze(-1)


def avg_pool2d(x: Tensor, kernel_size: int | tuple,
               stride: int | tuple | None = None, padding: int | tuple = 0,
               ceil_mode: bool = False,
               count_include_pad: bool = True) -> Tensor:
    """The mean of every window; what ceil_mode adds never counts."""
    total = covered(x, kernel_size, stride, padding, 1, ceil_mode, 0).sum(-1)
    ones = torch.ones_like(x)
    if count_include_pad:
        p = pair(padding)
        ones = pad(ones, (p[1], p[1], p[0], p[0]), value=1.0)
        count = covered(ones, kernel_size, stride, 0, 1, ceil_mode, 0)
        if count.shape[2:4] != total.shape[2:4]:  # a window more than P
            count = count[:, :, :total.shape[2], :total.shape[3]]
    else:
        count = covered(ones, kernel_size, stride, padding, 1, ceil_mode, 0)
    return total / count.sum(-1)


def lp_pool2d(x: Tensor, norm_type: float, kernel_size: int | tuple,
              stride: int | tuple | None = None) -> Tensor:
    """(Σ xᵖ)^(1/p) of every window"""
    cols = covered(x, kernel_size, stride, 0, 1, False, 0)
    return cols.pow(norm_type).sum(-1).pow(1 / norm_type)


def parts(n: int, m: int) -> list:
    """m windows that cover n entries, overlapping by at most one."""
    return [slice(i * n // m, -((i + 1) * n // -m)) for i in range(m)]


def adaptive_avg_pool2d(x: Tensor, output_size: int | tuple) -> Tensor:
    """x (N, C, H, W) -> y (N, C, *output_size): means of as many parts"""
    p, q = pair(output_size)
    return torch.stack([torch.stack([
        x[..., h, w].mean((-2, -1)) for w in parts(x.shape[-1], q)], -1)
        for h in parts(x.shape[-2], p)], -2)


def adaptive_max_pool2d(x: Tensor, output_size: int | tuple) -> Tensor:
    """The largest entry of each part"""
    p, q = pair(output_size)
    return torch.stack([torch.stack([
        x[..., h, w].flatten(-2).max(-1)[0]
        for w in parts(x.shape[-1], q)], -1)
        for h in parts(x.shape[-2], p)], -2)


def max_unpool2d(y: Tensor, indices: Tensor, size: tuple) -> Tensor:
    """Each entry back where max_pool found it, zeros elsewhere."""
    x = y.new_zeros(*y.shape[:2], math.prod(size))
    x = x.scatter(2, indices.flatten(2), y.flatten(2))
    return x.reshape(*y.shape[:2], *size)
