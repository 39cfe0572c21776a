"""Pooling: one number for every window of an image, of one to three axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import Module

from torchref.nn.fold import pair, windows
from torchref.nn.padding import pad

__all__ = [f"{kind}{axes}d" for kind in (
    "max_pool", "avg_pool", "lp_pool", "adaptive_avg_pool",
    "adaptive_max_pool", "max_unpool", "MaxPool", "AvgPool", "LPPool",
    "AdaptiveAvgPool", "AdaptiveMaxPool", "MaxUnpool") for axes in (1, 2, 3)]
__all__ += ["FractionalMaxPool2d", "FractionalMaxPool3d"]

Size = int | tuple


def covered(x: Tensor, kernel_size: Size, stride: Size | None, padding: Size,
            dilation: Size, ceil_mode: bool, value: float) -> Tensor:
    """x (N, C, *S) -> its windows (N, C, *P, Π K)

    With ceil_mode a last window may begin inside and end outside.
    """
    axes = x.ndim - 2
    kernel, d, p = (pair(v, axes) for v in (kernel_size, dilation, padding))
    s = kernel if stride is None else pair(stride, axes)
    margin = []
    for n, k, step, gap, m in zip(x.shape[2:], kernel, s, d, p):
        rest = (n + 2 * m - gap * (k - 1) - 1) % step
        count = (n + 2 * m - gap * (k - 1) - 1) // step + 1
        more = 0
        if ceil_mode and rest and count * step < n + m:
            more = step - rest
        margin.append((m, m + more))
    x = pad(x, tuple(m for two in margin[::-1] for m in two), value=value)
    return windows(x, kernel, s, d).flatten(-axes)


# ---- the largest

def max_pool(axes: int, x: Tensor, kernel_size: Size,
             stride: Size | None = None, padding: Size = 0,
             dilation: Size = 1, ceil_mode: bool = False) -> tuple:
    """The largest entry of every window, and where it stands: its place
    along all axes, counted in one row"""
    batch = x if x.ndim == axes + 2 else x.unsqueeze(0)
    walk = kernel_size, stride, padding, dilation, ceil_mode
    cols = covered(batch, *walk, -math.inf)
    best = cols.argmax(-1, keepdim=True)
    size = batch.shape[2:]
    numbers = torch.arange(math.prod(size)).reshape(1, 1, *size)
    where = covered(numbers, *walk, 0).expand_as(cols)
    y, i = (t.gather(-1, best).squeeze(-1) for t in (cols, where))
    return (y, i) if x is batch else (y.squeeze(0), i.squeeze(0))


def largest(axes: int, x: Tensor, kernel_size: Size,
            stride: Size | None = None, padding: Size = 0,
            dilation: Size = 1, ceil_mode: bool = False) -> Tensor:
    """max_pool without the places"""
    return max_pool(axes, x, kernel_size, stride, padding, dilation,
                    ceil_mode)[0]


def max_unpool(axes: int, x: Tensor, indices: Tensor, kernel_size: Size,
               stride: Size | None = None, padding: Size = 0,
               output_size: tuple | None = None) -> Tensor:
    """Each entry back where max_pool found it, zeros elsewhere."""
    kernel, p = pair(kernel_size, axes), pair(padding, axes)
    s = kernel if stride is None else pair(stride, axes)
    lead = x.shape[:-axes]
    size = tuple(output_size)[-axes:] if output_size is not None else tuple(
        (n - 1) * step + k - 2 * m
        for n, step, k, m in zip(x.shape[-axes:], s, kernel, p))
    y = x.new_zeros(*lead, math.prod(size))
    y = y.scatter(-1, indices.flatten(-axes), x.flatten(-axes))
    return y.reshape(*lead, *size)


# ---- means

def avg_pool(axes: int, x: Tensor, kernel_size: Size,
             stride: Size | None = None, padding: Size = 0,
             ceil_mode: bool = False, count_include_pad: bool = True,
             divisor_override: int | None = None) -> Tensor:
    """The mean of every window; what ceil_mode adds never counts."""
    batch = x if x.ndim == axes + 2 else x.unsqueeze(0)
    walk = kernel_size, stride, padding, 1, ceil_mode
    total = covered(batch, *walk, 0).sum(-1)
    if divisor_override is not None:
        y = total / divisor_override
    else:
        ones = torch.ones_like(batch)
        if count_include_pad:  # then the border counts as ones, too
            p = pair(padding, axes)
            ones = pad(ones, tuple(m for n in p[::-1] for m in (n, n)),
                       value=1.0)
            walk = kernel_size, stride, 0, 1, ceil_mode
        count = covered(ones, *walk, 0).sum(-1)
        y = total / count[tuple(slice(n) for n in total.shape)]
    return y if x is batch else y.squeeze(0)


def lp_pool(axes: int, x: Tensor, norm_type: float, kernel_size: Size,
            stride: Size | None = None, ceil_mode: bool = False) -> Tensor:
    """(Σ xᵖ)^(1/p) of every window; torch: from the mean, so that a window
    that ends outside counts as a full one"""
    mean = avg_pool(axes, x.pow(norm_type), kernel_size, stride, 0,
                    ceil_mode)
    return (mean * math.prod(pair(kernel_size, axes))).pow(1 / norm_type)


# ---- as many windows as are wanted

def parts(n: int, m: int) -> list:
    """m windows that cover n entries, overlapping by at most one."""
    return [slice(i * n // m, -((i + 1) * n // -m)) for i in range(m)]


def adaptive(axes: int, of: Callable, x: Tensor,
             output_size: int | tuple) -> Tensor:
    """x (*, *S) -> y (*, *output_size): `of` takes one axis at a time"""
    for d, m in zip(range(-axes, 0), pair(output_size, axes)):
        n = x.shape[d]
        x = torch.stack([of(x.movedim(d, -1)[..., part]) for part in parts(
            n, n if m is None else m)], -1).movedim(-1, d)
    return x


def mean_of(x: Tensor) -> Tensor:
    return x.mean(-1)


def largest_of(x: Tensor) -> Tensor:
    return x.gather(-1, x.argmax(-1, keepdim=True)).squeeze(-1)


max_pool1d, max_pool2d, max_pool3d = (partial(largest, n) for n in (1, 2, 3))
avg_pool1d, avg_pool2d, avg_pool3d = (partial(avg_pool, n) for n in (1, 2, 3))
lp_pool1d, lp_pool2d, lp_pool3d = (partial(lp_pool, n) for n in (1, 2, 3))
adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d = (
    partial(adaptive, n, mean_of) for n in (1, 2, 3))
adaptive_max_pool1d, adaptive_max_pool2d, adaptive_max_pool3d = (
    partial(adaptive, n, largest_of) for n in (1, 2, 3))
max_unpool1d, max_unpool2d, max_unpool3d = (
    partial(max_unpool, n) for n in (1, 2, 3))


# ---- windows that lie a little at random

def begins(u: Tensor, size: int, count: int, kernel: int) -> Tensor:
    """Where `count` windows begin, the last at size - kernel: window i at
    ⌊(i + u) α⌋ - ⌊u α⌋ with α = (size - kernel) / (count - 1); u (N, C) ->
    (N, C, count)"""
    last = torch.full((*u.shape, 1), size - kernel)
    if count == 1:
        return last
    step = (size - kernel) / (count - 1)
    i = torch.arange(count - 1)
    first = ((i + u[..., None]) * step).long() - (u[..., None] * step).long()
    return torch.cat([first, last], -1)


def fractional_max_pool(axes: int, x: Tensor, kernel_size: Size,
                        output_size: Size) -> Tensor:
    """The largest entry of windows whose steps are not whole, x (N, C, *S);
    u is drawn from U[0, 1) for every channel and axis (Graham, 2014)"""
    kernel, count = pair(kernel_size, axes), pair(output_size, axes)
    u = torch.rand(*x.shape[:2], axes, dtype=x.dtype)
    # torch: with two axes the first number is the last axis's
    u = u.flip(-1) if axes == 2 else u
    where = torch.zeros((1,) * (2 + 2 * axes), dtype=torch.long)
    for d in range(axes):
        starts = begins(u[..., d], x.shape[2 + d], count[d], kernel[d])
        along = starts[..., None] + torch.arange(kernel[d])
        shape = [*x.shape[:2], *[1] * (2 * axes)]
        shape[2 + d], shape[2 + axes + d] = along.shape[2:]
        where = where * x.shape[2 + d] + along.reshape(shape)
    where = where.flatten(2 + axes)  # (N, C, *P, Π K)
    values = x.flatten(2).gather(2, where.flatten(2)).reshape(where.shape)
    return values.max(-1).values


# ---- layers

class MaxPool1d(Module):
    """The largest entry of every window: x (N, C, S) -> y (N, C, P)"""

    axes = 1

    def __init__(self, kernel_size: Size, stride: Size | None = None,
                 padding: Size = 0, dilation: Size = 1,
                 return_indices: bool = False, ceil_mode: bool = False):
        super().__init__()
        self.walk = kernel_size, stride, padding, dilation, ceil_mode
        self.return_indices = return_indices

    def forward(self, input: Tensor) -> Tensor | tuple:
        found = max_pool(self.axes, input, *self.walk)
        return found if self.return_indices else found[0]


class MaxPool2d(MaxPool1d):
    """x (N, C, H, W) -> y (N, C, P, Q)"""

    axes = 2


class MaxPool3d(MaxPool1d):
    """x (N, C, D, H, W) -> y (N, C, *P)"""

    axes = 3


class MaxUnpool1d(Module):
    """Each entry back to the place where max pooling found it"""

    axes = 1

    def __init__(self, kernel_size: Size, stride: Size | None = None,
                 padding: Size = 0):
        super().__init__()
        self.walk = kernel_size, stride, padding

    def forward(self, input: Tensor, indices: Tensor,
                output_size: tuple | None = None) -> Tensor:
        return max_unpool(self.axes, input, indices, *self.walk, output_size)


class MaxUnpool2d(MaxUnpool1d):
    """x (N, C, P, Q) -> y (N, C, H, W)"""

    axes = 2


class MaxUnpool3d(MaxUnpool1d):
    """x (N, C, *P) -> y (N, C, *S)"""

    axes = 3


class AvgPool1d(Module):
    """The mean of every window: x (N, C, S) -> y (N, C, P)"""

    axes = 1

    def __init__(self, kernel_size: Size, stride: Size | None = None,
                 padding: Size = 0, ceil_mode: bool = False,
                 count_include_pad: bool = True,
                 divisor_override: int | None = None):
        super().__init__()
        self.walk = (kernel_size, stride, padding, ceil_mode,
                     count_include_pad, divisor_override)

    def forward(self, input: Tensor) -> Tensor:
        return avg_pool(self.axes, input, *self.walk)


class AvgPool2d(AvgPool1d):
    """x (N, C, H, W) -> y (N, C, P, Q)"""

    axes = 2


class AvgPool3d(AvgPool1d):
    """x (N, C, D, H, W) -> y (N, C, *P)"""

    axes = 3


class LPPool1d(Module):
    """(Σ xᵖ)^(1/p) of every window: x (N, C, S) -> y (N, C, P)"""

    axes = 1

    def __init__(self, norm_type: float, kernel_size: Size,
                 stride: Size | None = None, ceil_mode: bool = False):
        super().__init__()
        self.norm_type = norm_type
        self.walk = kernel_size, stride, ceil_mode

    def forward(self, input: Tensor) -> Tensor:
        return lp_pool(self.axes, input, self.norm_type, *self.walk)


class LPPool2d(LPPool1d):
    """x (N, C, H, W) -> y (N, C, P, Q)"""

    axes = 2


class LPPool3d(LPPool1d):
    """x (N, C, D, H, W) -> y (N, C, *P)"""

    axes = 3


class AdaptiveAvgPool1d(Module):
    """The means of as many windows as wanted: y (N, C, output_size)"""

    axes = 1
    of: Callable = staticmethod(mean_of)

    def __init__(self, output_size: int | tuple):
        super().__init__()
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        return adaptive(self.axes, type(self).of, input, self.output_size)


class AdaptiveAvgPool2d(AdaptiveAvgPool1d):
    """x (N, C, H, W) -> y (N, C, *output_size)"""

    axes = 2


class AdaptiveAvgPool3d(AdaptiveAvgPool1d):
    """x (N, C, D, H, W) -> y (N, C, *output_size)"""

    axes = 3


class AdaptiveMaxPool1d(AdaptiveAvgPool1d):
    """The largest entries of as many windows as wanted"""

    of = staticmethod(largest_of)


class AdaptiveMaxPool2d(AdaptiveMaxPool1d):
    """x (N, C, H, W) -> y (N, C, *output_size)"""

    axes = 2


class AdaptiveMaxPool3d(AdaptiveMaxPool1d):
    """x (N, C, D, H, W) -> y (N, C, *output_size)"""

    axes = 3


class FractionalMaxPool2d(Module):
    """x (N, C, H, W) -> y (N, C, *output_size) (Graham, 2014)"""

    axes = 2

    def __init__(self, kernel_size: Size, output_size: Size):
        super().__init__()
        self.walk = kernel_size, output_size

    def forward(self, input: Tensor) -> Tensor:
        return fractional_max_pool(self.axes, input, *self.walk)


class FractionalMaxPool3d(FractionalMaxPool2d):
    """x (N, C, D, H, W) -> y (N, C, *output_size) (Graham, 2014)"""

    axes = 3
