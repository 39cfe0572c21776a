"""Padding: entries around an image, constant, mirrored, repeated or
continued around."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module

__all__ = [f"{kind}Pad{axes}d" for kind in (
    "Circular", "Constant", "Reflection", "Replication", "Zero")
    for axes in (1, 2, 3)] + ["pad"]


def pad(x: Tensor, margins: tuple, mode: str = "constant",
        value: float = 0.0) -> Tensor:
    """x (*, S) -> (*, before + S + after); margins from the last axis on,
    a negative one cuts."""
    for axis, (before, after) in enumerate(zip(
            margins[::2], margins[1::2])):
        d = x.ndim - 1 - axis
        x = along(x, d, before, after, mode, value)
    return x


def along(x: Tensor, d: int, before: int, after: int, mode: str,
          value: float) -> Tensor:
    """One axis: every entry of the result names the one it repeats."""
    n = x.shape[d]
    i = torch.arange(-before, n + after, device=x.device)
    outside = (i < 0) | (i >= n)
    if mode == "reflect":
        i = torch.where(i < 0, -i, i)
        i = torch.where(i >= n, 2 * (n - 1) - i, i)
    elif mode == "circular":
        i = i % n
    y = x.index_select(d, i.clamp(0, n - 1))
    if mode != "constant":
        return y
    shape = [-1 if k == d else 1 for k in range(x.ndim)]
    return y.masked_fill(outside.reshape(shape), value)


# ---- layers

class _Pad(Module):
    """padding: one number for all sides, or (before, after) of each axis,
    the last axis first."""

    axes: int
    mode: str

    def __init__(self, padding: int | tuple):
        super().__init__()
        self.padding = (padding,) * (2 * self.axes) if isinstance(
            padding, int) else tuple(padding)

    def forward(self, input: Tensor) -> Tensor:
        return pad(input, self.padding, self.mode)


class CircularPad1d(_Pad):
    """The border is the opposite side: x (N, C, W)"""

    axes, mode = 1, "circular"


class CircularPad2d(CircularPad1d):
    """x (N, C, H, W)"""

    axes = 2


class CircularPad3d(CircularPad1d):
    """x (N, C, D, H, W)"""

    axes = 3


class ReflectionPad1d(_Pad):
    """The border mirrors the image, the edge not repeated: x (N, C, W)"""

    axes, mode = 1, "reflect"


class ReflectionPad2d(ReflectionPad1d):
    """x (N, C, H, W)"""

    axes = 2


class ReflectionPad3d(ReflectionPad1d):
    """x (N, C, D, H, W)"""

    axes = 3


class ReplicationPad1d(_Pad):
    """The border repeats the edge: x (N, C, W)"""

    axes, mode = 1, "replicate"


class ReplicationPad2d(ReplicationPad1d):
    """x (N, C, H, W)"""

    axes = 2


class ReplicationPad3d(ReplicationPad1d):
    """x (N, C, D, H, W)"""

    axes = 3


class ConstantPad1d(_Pad):
    """The border is `value`: x (N, C, W)"""

    axes, mode = 1, "constant"

    def __init__(self, padding: int | tuple, value: float):
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return pad(input, self.padding, "constant", self.value)


class ConstantPad2d(ConstantPad1d):
    """x (N, C, H, W)"""

    axes = 2


class ConstantPad3d(ConstantPad1d):
    """x (N, C, D, H, W)"""

    axes = 3


class ZeroPad1d(ConstantPad1d):
    """The border is 0: x (N, C, W)"""

    def __init__(self, padding: int | tuple):
        super().__init__(padding, 0.0)


class ZeroPad2d(ZeroPad1d):
    """x (N, C, H, W)"""

    axes = 2


class ZeroPad3d(ZeroPad1d):
    """x (N, C, D, H, W)"""

    axes = 3
