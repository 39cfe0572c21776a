"""Convolution layers (LeCun et al., 1989): one kernel for all places.

A convolution is one matrix product: every window of the image becomes a
column (unfold), and each output channel is a row of weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn.fold import pair, places, windows
from torchref.nn.init import kaiming_uniform_, uniform_
from torchref.nn.padding import pad

__all__ = ["conv1d", "conv2d", "conv3d", "conv_transpose1d",
           "conv_transpose2d", "conv_transpose3d", "Conv1d", "Conv2d",
           "Conv3d", "ConvTranspose1d", "ConvTranspose2d",
           "ConvTranspose3d"]


def conv(x: Tensor, w: Tensor, b: Tensor | None, stride: tuple,
         padding: tuple, dilation: tuple, groups: int) -> Tensor:
    """x (N, C, *S) ⋆ w (O, C/G, *K) + b (O) -> y (N, O, *P)"""
    kernel, n, o = tuple(w.shape[2:]), x.shape[0], w.shape[0]
    x = pad(x, tuple(p for p in padding[::-1] for _ in range(2)))
    count = places(tuple(x.shape[2:]), kernel, stride, dilation)
    cols = windows(x, kernel, stride, dilation)  # (N, C, *P, *K)
    axes = len(kernel)
    cols = cols.permute(0, 1, *range(2 + axes, 2 + 2 * axes),
                        *range(2, 2 + axes))     # (N, C, *K, *P)
    cols = cols.reshape(n, groups, -1, math.prod(count))
    rows = w.reshape(groups, o // groups, -1)
    y = (rows @ cols).reshape(n, o, *count)
    return y if b is None else y + b.reshape(-1, *[1] * axes)


def conv_input(y: Tensor, w: Tensor, b: Tensor | None, stride: tuple,
               padding: tuple, extra: tuple, groups: int,
               dilation: tuple) -> Tensor:
    """The adjoint of conv in x: every y adds its kernel to an image.

    Zeros between the entries of y make up for the stride; then it is a
    convolution with the kernel turned about.
    """
    kernel, axes = tuple(w.shape[2:]), w.ndim - 2
    n, c, *count = y.shape
    wide = y.new_zeros(n, c, *[
        (m - 1) * s + 1 for m, s in zip(count, stride)])
    wide[(slice(None), slice(None),
          *[slice(None, None, s) for s in stride])] = y
    margin = [(d * (k - 1) - p, d * (k - 1) - p + e) for d, k, p, e in zip(
        dilation, kernel, padding, extra)]
    wide = pad(wide, tuple(m for pair in margin[::-1] for m in pair))
    turned = w.flip(tuple(range(2, 2 + axes)))
    turned = turned.reshape(groups, c // groups, -1, *kernel).transpose(1, 2)
    turned = turned.reshape(-1, c // groups, *kernel)
    return conv(wide, turned, b, (1,) * axes, (0,) * axes, dilation, groups)


def same(kernel: tuple, dilation: tuple) -> list:
    """The margins that keep the size: an odd one goes to the end."""
    reach = [d * (k - 1) for k, d in zip(kernel, dilation)]
    return [(r // 2, r - r // 2) for r in reach]


def convolve(axes: int, x: Tensor, w: Tensor, b: Tensor | None,
             stride: int | tuple, padding: int | tuple | str,
             dilation: int | tuple, groups: int) -> Tensor:
    """The arguments written out, one number an axis."""
    s, d = pair(stride, axes), pair(dilation, axes)
    if padding == "same":
        margin = same(tuple(w.shape[2:]), d)
        x = pad(x, tuple(m for pair in margin[::-1] for m in pair))
    p = pair(0 if isinstance(padding, str) else padding, axes)
    return conv(x, w, b, s, p, d, groups)


def conv1d(x: Tensor, w: Tensor, b: Tensor | None = None,
           stride: int | tuple = 1, padding: int | tuple | str = 0,
           dilation: int | tuple = 1, groups: int = 1) -> Tensor:
    """x (N, C, S) ⋆ w (O, C/G, K) + b (O) -> y (N, O, P)"""
    return convolve(1, x, w, b, stride, padding, dilation, groups)


def conv2d(x: Tensor, w: Tensor, b: Tensor | None = None,
           stride: int | tuple = 1, padding: int | tuple | str = 0,
           dilation: int | tuple = 1, groups: int = 1) -> Tensor:
    """x (N, C, H, W) ⋆ w (O, C/G, K, L) + b (O) -> y (N, O, P, Q)

    P = ⌊(H + 2 padding - dilation (K - 1) - 1) / stride⌋ + 1
    """
    return convolve(2, x, w, b, stride, padding, dilation, groups)


def conv3d(x: Tensor, w: Tensor, b: Tensor | None = None,
           stride: int | tuple = 1, padding: int | tuple | str = 0,
           dilation: int | tuple = 1, groups: int = 1) -> Tensor:
    """x (N, C, D, H, W) ⋆ w (O, C/G, *K) + b (O) -> y (N, O, *P)"""
    return convolve(3, x, w, b, stride, padding, dilation, groups)


def back(axes: int) -> Callable[..., Tensor]:
    """The transposed convolution of images with so many axes."""

    def conv_transpose(x: Tensor, w: Tensor, b: Tensor | None = None,
                       stride: int | tuple = 1, padding: int | tuple = 0,
                       output_padding: int | tuple = 0, groups: int = 1,
                       dilation: int | tuple = 1) -> Tensor:
        """x (N, C, *P), w (C, O/G, *K) -> y (N, O, *S)

        S = (P - 1) stride - 2 padding + dilation (K - 1)
            + output_padding + 1
        """
        return conv_input(x, w, b, pair(stride, axes), pair(padding, axes),
                          pair(output_padding, axes), groups,
                          pair(dilation, axes))

    return conv_transpose


conv_transpose1d, conv_transpose2d, conv_transpose3d = map(back, (1, 2, 3))


class _ConvNd(Module):
    """y = x ⋆ weight + bias"""

    axes: int
    margin: tuple

    def __init__(self, in_channels: int, out_channels: int,
                 kernel_size: int | tuple, stride: int | tuple = 1,
                 padding: int | tuple | str = 0, dilation: int | tuple = 1,
                 groups: int = 1, bias: bool = True,
                 padding_mode: str = "zeros"):
        super().__init__()
        kernel = pair(kernel_size, self.axes)
        self.padding_mode, self.margin = padding_mode, ()
        if padding_mode != "zeros":  # the border is laid on beforehand
            self.margin = self.around(kernel, padding, dilation)
            padding = 0
        self.walk = stride, padding, dilation, groups
        self.weight = Parameter(torch.empty(
            out_channels, in_channels // groups, *kernel))
        self.bias = Parameter(torch.empty(out_channels)) if bias else None
        kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(in_channels // groups * math.prod(kernel))
            uniform_(self.bias, -bound, bound)

    def around(self, kernel: tuple, padding: int | tuple | str,
               dilation: int | tuple) -> tuple:
        """The padding of every side, the last axis first."""
        if padding == "same":
            sides = same(kernel, pair(dilation, self.axes))
        else:
            padding = 0 if isinstance(padding, str) else padding
            sides = [(p, p) for p in pair(padding, self.axes)]
        return tuple(m for side in sides[::-1] for m in side)

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim == self.axes + 1:
            return self(input.unsqueeze(0)).squeeze(0)
        x = pad(input, self.margin, self.padding_mode)
        return convolve(self.axes, x, self.weight, self.bias, *self.walk)


class Conv1d(_ConvNd):
    """x (N, C, S) -> y (N, O, P)"""

    axes = 1


class Conv2d(_ConvNd):
    """x (N, C, H, W) -> y (N, O, P, Q)"""

    axes = 2


class Conv3d(_ConvNd):
    """x (N, C, D, H, W) -> y (N, O, *P)"""

    axes = 3


class _ConvTransposeNd(Module):
    """The adjoint of a convolution; weight (in, out/groups, *kernel_size)"""

    axes: int

    def __init__(self, in_channels: int, out_channels: int,
                 kernel_size: int | tuple, stride: int | tuple = 1,
                 padding: int | tuple = 0, output_padding: int | tuple = 0,
                 groups: int = 1, bias: bool = True,
                 dilation: int | tuple = 1):
        super().__init__()
        kernel, each = pair(kernel_size, self.axes), out_channels // groups
        self.walk = stride, padding, output_padding, groups, dilation
        self.weight = Parameter(torch.empty(in_channels, each, *kernel))
        self.bias = Parameter(torch.empty(out_channels)) if bias else None
        kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:  # torch: the fan is of the weight as it is
            bound = 1 / math.sqrt(each * math.prod(kernel))
            uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim == self.axes + 1:
            return self(input.unsqueeze(0)).squeeze(0)
        return back(self.axes)(input, self.weight, self.bias, *self.walk)


class ConvTranspose1d(_ConvTransposeNd):
    """x (N, C, P) -> y (N, O, S)"""

    axes = 1


class ConvTranspose2d(_ConvTransposeNd):
    """x (N, C, P, Q) -> y (N, O, H, W)"""

    axes = 2


class ConvTranspose3d(_ConvTransposeNd):
    """x (N, C, *P) -> y (N, O, *S)"""

    axes = 3
