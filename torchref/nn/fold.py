"""Windows as columns, and columns back as an image."""

from __future__ import annotations

from itertools import product
from math import prod

from torch import Tensor
from torch.nn import Module

from torchref.nn.padding import pad

__all__ = ["unfold", "fold", "pair", "windows", "places", "Unfold",
           "Fold"]


def pair(value: int | tuple, axes: int = 2) -> tuple:
    """One number for every axis."""
    return (value,) * axes if isinstance(value, int) else tuple(value)


def places(size: tuple, kernel: tuple, stride: tuple,
           dilation: tuple) -> tuple:
    """How many windows fit along each axis of a padded image."""
    return tuple((n - d * (k - 1) - 1) // s + 1
                 for n, k, s, d in zip(size, kernel, stride, dilation))


def windows(x: Tensor, kernel: tuple, stride: tuple,
            dilation: tuple) -> Tensor:
    """x (N, C, *S) -> (N, C, *P, *K): a view of every window"""
    for axis, (k, s, d) in enumerate(zip(kernel, stride, dilation)):
        reach = d * (k - 1) + 1
        x = x.unfold(2 + axis, reach, s)[..., ::d]
    return x


def unfold(x: Tensor, kernel_size: int | tuple, dilation: int | tuple = 1,
           padding: int | tuple = 0, stride: int | tuple = 1) -> Tensor:
    """x (N, C, H, W) -> y (N, C·K·L, P·Q)"""
    if x.ndim == 3:
        return unfold(x.unsqueeze(0), kernel_size, dilation, padding,
                      stride).squeeze(0)
    kernel, p = pair(kernel_size), pair(padding)
    x = pad(x, (p[1], p[1], p[0], p[0]))
    cols = windows(x, kernel, pair(stride), pair(dilation))
    n, c = cols.shape[:2]
    return cols.permute(0, 1, 4, 5, 2, 3).reshape(n, c * prod(kernel), -1)


def fold(y: Tensor, output_size: int | tuple, kernel_size: int | tuple,
         dilation: int | tuple = 1, padding: int | tuple = 0,
         stride: int | tuple = 1) -> Tensor:
    """y (N, C·K·L, P·Q) -> x (N, C, *output_size): columns are added up"""
    if y.ndim == 2:
        return fold(y.unsqueeze(0), output_size, kernel_size, dilation,
                    padding, stride).squeeze(0)
    size, kernel = pair(output_size), pair(kernel_size)
    d, p, s = pair(dilation), pair(padding), pair(stride)
    whole = tuple(n + 2 * m for n, m in zip(size, p))
    count = places(whole, kernel, s, d)
    cols = y.reshape(len(y), -1, *kernel, *count)
    x = y.new_zeros(*cols.shape[:2], *whole)
    for i, j in product(range(kernel[0]), range(kernel[1])):
        at = [slice(t * d[a], t * d[a] + s[a] * (count[a] - 1) + 1, s[a])
              for a, t in enumerate((i, j))]
        x[:, :, at[0], at[1]] += cols[:, :, i, j]
    return x[:, :, p[0]:p[0] + size[0], p[1]:p[1] + size[1]]


class Unfold(Module):
    """x (N, C, H, W) -> y (N, C·K·L, P·Q): every window as a column"""

    def __init__(self, kernel_size: int | tuple, dilation: int | tuple = 1,
                 padding: int | tuple = 0, stride: int | tuple = 1):
        super().__init__()
        self.walk = kernel_size, dilation, padding, stride

    def forward(self, input: Tensor) -> Tensor:
        return unfold(input, *self.walk)


class Fold(Module):
    """y (N, C·K·L, P·Q) -> x (N, C, *output_size): columns are added up"""

    def __init__(self, output_size: int | tuple, kernel_size: int | tuple,
                 dilation: int | tuple = 1, padding: int | tuple = 0,
                 stride: int | tuple = 1):
        super().__init__()
        self.output_size = output_size
        self.walk = kernel_size, dilation, padding, stride

    def forward(self, input: Tensor) -> Tensor:
        return fold(input, self.output_size, *self.walk)
