"""Pooling layers."""

from __future__ import annotations

from typing import Any

from ..ops.geometry import each_axis
from ..tensor import Tensor
from . import functional as F
from .module import Module

__all__ = [
    "MaxPool1d", "MaxPool2d", "MaxPool3d", "MaxUnpool1d", "MaxUnpool2d",
    "MaxUnpool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d", "LPPool1d",
    "LPPool2d", "LPPool3d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d", "FractionalMaxPool2d", "FractionalMaxPool3d",
]


class _MaxPool(Module):
    """The largest entry of every window."""

    pool: Any

    def __init__(self, kernel_size: Any, stride: Any = None,
                 padding: Any = 0, dilation: Any = 1,
                 return_indices: bool = False, ceil_mode: bool = False):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding, self.dilation = padding, dilation
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input: Tensor) -> Any:
        return type(self).pool(
            input, self.kernel_size, self.stride, self.padding,
            self.dilation, ceil_mode=self.ceil_mode,
            return_indices=self.return_indices)

    def extra_repr(self) -> str:
        return (f"kernel_size={self.kernel_size}, stride={self.stride}, "
                f"padding={self.padding}, dilation={self.dilation}, "
                f"ceil_mode={self.ceil_mode}")


class MaxPool1d(_MaxPool):
    """x (N, C, S) -> y (N, C, P)"""

    pool = staticmethod(F.max_pool1d)


class MaxPool2d(_MaxPool):
    """x (N, C, H, W) -> y (N, C, P, Q)"""

    pool = staticmethod(F.max_pool2d)


class MaxPool3d(_MaxPool):
    """x (N, C, D, H, W) -> y (N, C, *P)"""

    pool = staticmethod(F.max_pool3d)


class _MaxUnpool(Module):
    """Each entry back to the place where max pooling found it."""

    axes: int
    unpool: Any

    def __init__(self, kernel_size: Any, stride: Any = None,
                 padding: Any = 0):
        super().__init__()
        self.kernel_size = each_axis(kernel_size, self.axes)
        self.stride = each_axis(
            kernel_size if stride is None else stride, self.axes)
        self.padding = each_axis(padding, self.axes)

    def forward(self, input: Tensor, indices: Tensor,
                output_size: Any = None) -> Tensor:
        return type(self).unpool(input, indices, self.kernel_size,
                                 self.stride, self.padding, output_size)

    def extra_repr(self) -> str:
        return (f"kernel_size={self.kernel_size}, stride={self.stride}, "
                f"padding={self.padding}")


class MaxUnpool1d(_MaxUnpool):
    """x (N, C, P) -> y (N, C, S)"""

    axes, unpool = 1, staticmethod(F.max_unpool1d)


class MaxUnpool2d(_MaxUnpool):
    """x (N, C, P, Q) -> y (N, C, H, W)"""

    axes, unpool = 2, staticmethod(F.max_unpool2d)


class MaxUnpool3d(_MaxUnpool):
    """x (N, C, *P) -> y (N, C, *S)"""

    axes, unpool = 3, staticmethod(F.max_unpool3d)


class AvgPool1d(Module):
    """The mean of every window: x (N, C, S) -> y (N, C, P)"""

    def __init__(self, kernel_size: Any, stride: Any = None,
                 padding: Any = 0, ceil_mode: bool = False,
                 count_include_pad: bool = True):
        super().__init__()
        self.kernel_size = each_axis(kernel_size, 1)
        self.stride = each_axis(kernel_size if stride is None else stride, 1)
        self.padding = each_axis(padding, 1)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        return F.avg_pool1d(input, self.kernel_size, self.stride,
                            self.padding, self.ceil_mode,
                            self.count_include_pad)

    def extra_repr(self) -> str:
        return (f"kernel_size={self.kernel_size}, stride={self.stride}, "
                f"padding={self.padding}")


class _AvgPool(Module):
    """The mean of every window, or its sum over divisor_override."""

    pool: Any

    def __init__(self, kernel_size: Any, stride: Any = None,
                 padding: Any = 0, ceil_mode: bool = False,
                 count_include_pad: bool = True,
                 divisor_override: int | None = None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding, self.ceil_mode = padding, ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Tensor) -> Tensor:
        return type(self).pool(
            input, self.kernel_size, self.stride, self.padding,
            self.ceil_mode, self.count_include_pad, self.divisor_override)

    extra_repr = AvgPool1d.extra_repr


class AvgPool2d(_AvgPool):
    """x (N, C, H, W) -> y (N, C, P, Q)"""

    pool = staticmethod(F.avg_pool2d)


class AvgPool3d(_AvgPool):
    """x (N, C, D, H, W) -> y (N, C, *P)"""

    pool = staticmethod(F.avg_pool3d)


class _LPPool(Module):
    """(Σ xᵖ)^(1/p) of every window, p being norm_type."""

    pool: Any

    def __init__(self, norm_type: float, kernel_size: Any,
                 stride: Any = None, ceil_mode: bool = False):
        super().__init__()
        if norm_type == 0:
            raise ValueError("norm_type must be a non-zero value, but got "
                             f"{norm_type}")
        self.norm_type, self.kernel_size = norm_type, kernel_size
        self.stride, self.ceil_mode = stride, ceil_mode

    def forward(self, input: Tensor) -> Tensor:
        return type(self).pool(input, float(self.norm_type),
                               self.kernel_size, self.stride,
                               self.ceil_mode)

    def extra_repr(self) -> str:
        return (f"norm_type={self.norm_type}, kernel_size="
                f"{self.kernel_size}, stride={self.stride}, ceil_mode="
                f"{self.ceil_mode}")


class LPPool1d(_LPPool):
    """x (N, C, S) -> y (N, C, P)"""

    pool = staticmethod(F.lp_pool1d)


class LPPool2d(_LPPool):
    """x (N, C, H, W) -> y (N, C, P, Q)"""

    pool = staticmethod(F.lp_pool2d)


class LPPool3d(_LPPool):
    """x (N, C, D, H, W) -> y (N, C, *P)"""

    pool = staticmethod(F.lp_pool3d)


class _AdaptiveAvgPool(Module):
    """The means of as many windows as output_size says."""

    pool: Any

    def __init__(self, output_size: Any):
        super().__init__()
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        return type(self).pool(input, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """x (N, C, S) -> y (N, C, output_size)"""

    pool = staticmethod(F.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """x (N, C, H, W) -> y (N, C, *output_size)"""

    pool = staticmethod(F.adaptive_avg_pool2d)


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """x (N, C, D, H, W) -> y (N, C, *output_size)"""

    pool = staticmethod(F.adaptive_avg_pool3d)


class _AdaptiveMaxPool(Module):
    """The largest entries of as many windows as output_size says."""

    pool: Any

    def __init__(self, output_size: Any, return_indices: bool = False):
        super().__init__()
        self.output_size, self.return_indices = output_size, return_indices

    def forward(self, input: Tensor) -> Any:
        return type(self).pool(input, self.output_size, self.return_indices)

    extra_repr = _AdaptiveAvgPool.extra_repr


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """x (N, C, S) -> y (N, C, output_size)"""

    pool = staticmethod(F.adaptive_max_pool1d)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """x (N, C, H, W) -> y (N, C, *output_size)"""

    pool = staticmethod(F.adaptive_max_pool2d)


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """x (N, C, D, H, W) -> y (N, C, *output_size)"""

    pool = staticmethod(F.adaptive_max_pool3d)


class _FractionalMaxPool(Module):
    """The largest entries of windows that lie a little at random."""

    axes: int
    pool: Any

    def __init__(self, kernel_size: Any, output_size: Any = None,
                 output_ratio: Any = None, return_indices: bool = False,
                 _random_samples: Tensor | None = None):
        super().__init__()
        name, axes = type(self).__name__, type(self).axes
        self.kernel_size = each_axis(kernel_size, axes)
        if axes == 3 and min(self.kernel_size) <= 0:
            raise ValueError("kernel_size must be greater than 0, but got "
                             f"{kernel_size}")
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        if output_size is None and output_ratio is None:
            raise ValueError(f"{name} requires specifying either an output "
                             "size, or a pooling ratio")
        if output_size is not None and output_ratio is not None:
            raise ValueError(
                "only one of output_size and output_ratio may be specified")
        self.output_size, self.output_ratio = (
            None if n is None else each_axis(n, axes)
            for n in (output_size, output_ratio))
        if not all(0 < share < 1 for share in self.output_ratio or ()):
            raise ValueError("output_ratio must be between 0 and 1 (got "
                             f"{output_ratio})")

    def forward(self, input: Tensor) -> Any:
        return type(self).pool(
            input, self.kernel_size, self.output_size, self.output_ratio,
            self.return_indices, self._random_samples)


class FractionalMaxPool2d(_FractionalMaxPool):
    """x (N, C, H, W) -> y (N, C, *output_size) (Graham, 2014)"""

    axes, pool = 2, staticmethod(F.fractional_max_pool2d)


class FractionalMaxPool3d(_FractionalMaxPool):
    """x (N, C, D, H, W) -> y (N, C, *output_size) (Graham, 2014)"""

    axes, pool = 3, staticmethod(F.fractional_max_pool3d)
