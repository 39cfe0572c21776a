"""Padding layers: a border around an image."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import functional as F
from .module import Module

__all__ = [f"{kind}Pad{axes}d" for kind in (
    "Circular", "Constant", "Reflection", "Replication", "Zero")
    for axes in (1, 2, 3)]


class _Pad(Module):
    """padding: one number for all sides, or (before, after) of each axis,
    the last axis first."""

    axes: int
    mode: str

    def __init__(self, padding: Any):
        super().__init__()
        self.padding = (padding,) * (2 * self.axes) if isinstance(
            padding, int) else tuple(padding)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class CircularPad1d(_Pad):
    """The border is the opposite side: x (N, C, W)"""

    axes, mode = 1, "circular"

    def forward(self, input: Tensor) -> Tensor:
        least = self.axes + 1
        if input.dim() not in (least, least + 1):
            raise ValueError(f"expected {least}D or {least + 1}D input (got "
                             f"{input.dim()}D input)")
        return super().forward(input)


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

    def __init__(self, padding: Any, value: float):
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad2d(ConstantPad1d):
    """x (N, C, H, W)"""

    axes = 2


class ConstantPad3d(ConstantPad1d):
    """x (N, C, D, H, W)"""

    axes = 3


class ZeroPad1d(ConstantPad1d):
    """The border is 0: x (N, C, W)"""

    def __init__(self, padding: Any):
        super().__init__(padding, 0.0)

    extra_repr = _Pad.extra_repr


class ZeroPad2d(ZeroPad1d):
    """x (N, C, H, W)"""

    axes = 2


class ZeroPad3d(ZeroPad1d):
    """x (N, C, D, H, W)"""

    axes = 3
