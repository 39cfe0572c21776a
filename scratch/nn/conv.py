"""Convolutional layers."""

from __future__ import annotations

import math
from typing import Any

from ..ops.creation import empty
from ..ops.geometry import each_axis
from ..tensor import Tensor
from . import functional as F
from . import init
from .module import Module
from .parameter import Parameter

__all__ = ["Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d",
           "ConvTranspose2d", "ConvTranspose3d"]

MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    """What convolutions share: the numbers that describe them, weight, bias.

    weight (out, in/groups, *kernel_size), bias (out); transposed:
    weight (in, out/groups, *kernel_size)
    """

    axes: int
    transposed = False
    padding: Any

    def _describe(self, in_channels: int, out_channels: int,
                  kernel_size: Any, stride: Any, padding: Any, dilation: Any,
                  output_padding: Any, groups: int,
                  padding_mode: str) -> None:
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size = each_axis(kernel_size, self.axes)
        self.stride = each_axis(stride, self.axes)
        self.padding = padding if isinstance(padding, str) and not (
            type(self).transposed) else each_axis(padding, self.axes)
        self.dilation = each_axis(dilation, self.axes)
        self.transposed = type(self).transposed
        self.output_padding = each_axis(output_padding, self.axes)
        self.groups, self.padding_mode = groups, padding_mode
        self._check()

    def _check(self) -> None:
        if self.groups <= 0:
            raise ValueError("groups must be a positive integer")
        if self.in_channels % self.groups:
            raise ValueError("in_channels must be divisible by groups")
        if self.out_channels % self.groups:
            raise ValueError("out_channels must be divisible by groups")
        if isinstance(self.padding, str):
            if self.padding not in ("same", "valid"):
                raise ValueError(
                    f"Invalid padding string {self.padding!r}, should be one"
                    " of {'valid', 'same'}")
            if self.padding == "same" and any(s != 1 for s in self.stride):
                raise ValueError(
                    "padding='same' is not supported for strided "
                    "convolutions")
        if self.padding_mode not in MODES:
            raise ValueError(
                f"padding_mode must be one of {{{str(MODES)[1:-1]}}}, but "
                f"got padding_mode='{self.padding_mode}'")

    def _make_parameters(self, bias: bool, device: Any, dtype: Any) -> None:
        out, each = self.out_channels, self.in_channels // self.groups
        if self.transposed:
            out, each = self.in_channels, self.out_channels // self.groups
        self.weight = Parameter(empty((out, each, *self.kernel_size),
                                      device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(empty(self.out_channels, device=device,
                                        dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """U(±1 / √fan_in)"""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in:
                bound = 1 / math.sqrt(fan_in)
                init.uniform_(self.bias, -bound, bound)

    def _border(self) -> list[int]:
        """The padding as F.pad takes it: the last axis first."""
        if self.padding == "valid":
            return [0, 0] * self.axes
        if self.padding == "same":
            missing = [d * (k - 1) for d, k in zip(self.dilation,
                                                   self.kernel_size)]
            return [n for m in missing[::-1] for n in (m // 2, m - m // 2)]
        return [p for p in self.padding[::-1] for _ in range(2)]

    def extra_repr(self) -> str:
        text = (f"{self.in_channels}, {self.out_channels}, kernel_size="
                f"{self.kernel_size}, stride={self.stride}")
        plain = {"padding": (0,) * len(self.padding),
                 "dilation": (1,) * len(self.dilation),
                 "output_padding": (0,) * len(self.output_padding),
                 "groups": 1}
        for name, usual in plain.items():
            if getattr(self, name) != usual:
                text += f", {name}={getattr(self, name)}"
        if self.bias is None:
            text += ", bias=False"
        if self.padding_mode != "zeros":
            text += f", padding_mode={self.padding_mode}"
        return text


class _Conv(_ConvNd):
    """A convolution forward: y = x ⋆ weight + bias."""

    convolve: Any

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Any,
                 stride: Any = 1, padding: Any = 0, dilation: Any = 1,
                 groups: int = 1, bias: bool = True,
                 padding_mode: str = "zeros", device: Any = None,
                 dtype: Any = None):
        super().__init__()
        self._describe(in_channels, out_channels, kernel_size, stride,
                       padding, dilation, 0, groups, padding_mode)
        self._make_parameters(bias, device, dtype)

    def forward(self, input: Tensor) -> Tensor:
        return self._conv_forward(input, self.weight, self.bias)

    def _conv_forward(self, input: Tensor, weight: Tensor,
                      bias: Tensor | None) -> Tensor:
        """With another weight: for layers that change it first."""
        padding = self.padding
        if self.padding_mode != "zeros":
            input = F.pad(input, self._border(), mode=self.padding_mode)
            padding = 0
        return type(self).convolve(input, weight, bias, self.stride, padding,
                                   self.dilation, self.groups)


class Conv1d(_Conv):
    """x (N, C, S) -> y (N, O, P)"""

    axes, convolve = 1, staticmethod(F.conv1d)


class Conv2d(_Conv):
    """x (N, C, H, W) -> y (N, O, P, Q):  y = x ⋆ weight + bias

    weight (O, C/groups, K, L), bias (O)
    P = ⌊(H + 2 padding - dilation (K - 1) - 1) / stride⌋ + 1
    """

    axes, convolve = 2, staticmethod(F.conv2d)


class Conv3d(_Conv):
    """x (N, C, D, H, W) -> y (N, O, *P)"""

    axes, convolve = 3, staticmethod(F.conv3d)


class _ConvTranspose(_ConvNd):
    """The adjoint of a convolution, as a layer of its own."""

    convolve: Any
    transposed = True

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Any,
                 stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
                 groups: int = 1, bias: bool = True, dilation: Any = 1,
                 padding_mode: str = "zeros", device: Any = None,
                 dtype: Any = None):
        super().__init__()
        if padding_mode != "zeros":
            raise ValueError('Only "zeros" padding mode is supported for '
                             f"{self.__class__.__name__}")
        self._describe(in_channels, out_channels, kernel_size, stride,
                       padding, dilation, output_padding, groups,
                       padding_mode)
        self._make_parameters(bias, device, dtype)

    def forward(self, input: Tensor, output_size: Any = None) -> Tensor:
        """output_size: the size wanted, where several lead to x's."""
        extra = self.output_padding if output_size is None else (
            self._output_padding(input, output_size))
        return type(self).convolve(input, self.weight, self.bias,
                                   self.stride, self.padding, extra,
                                   self.groups, self.dilation)

    def _output_padding(self, input: Tensor, output_size: Any) -> list[int]:
        axes, wanted = self.axes, list(output_size)
        batched = input.ndim == axes + 2
        if len(wanted) == axes + 1 + batched:
            wanted = wanted[1 + batched:]
        if len(wanted) != axes:
            raise ValueError(
                f"ConvTranspose{axes}D: for {input.ndim}D input, output_size"
                f" must have {axes} or {axes + 1 + batched} elements (got "
                f"{len(wanted)})")
        low = [(n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in zip(
            input.shape[-axes:], self.stride, self.padding, self.dilation,
            self.kernel_size)]
        high = [n + s - 1 for n, s in zip(low, self.stride)]
        if any(not a <= n <= b for a, n, b in zip(low, wanted, high)):
            raise ValueError(
                f"requested an output size of {output_size}, but valid sizes"
                f" range from {low} to {high} (for an input of "
                f"{input.shape[-axes:]})")
        return [n - a for n, a in zip(wanted, low)]


class ConvTranspose1d(_ConvTranspose):
    """x (N, C, P) -> y (N, O, S)"""

    axes, convolve = 1, staticmethod(F.conv_transpose1d)


class ConvTranspose2d(_ConvTranspose):
    """x (N, C, P, Q) -> y (N, O, H, W)

    H = (P - 1) stride - 2 padding + dilation (K - 1) + output_padding + 1
    """

    axes, convolve = 2, staticmethod(F.conv_transpose2d)


class ConvTranspose3d(_ConvTranspose):
    """x (N, C, *P) -> y (N, O, *S)"""

    axes, convolve = 3, staticmethod(F.conv_transpose3d)
