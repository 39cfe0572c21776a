"""Convolution: three operations that are each other's derivatives.

Σ y·(x ⋆ w) is linear in the images x (N, C, *S), in the kernels
w (O, C/G, *K) and in y (N, O, *P). Leave one of the three out: that is
conv (y), conv_input (x) or conv_weight (w), and each one's rules are the
other two, of conjugated tensors where they are complex. A transposed
convolution is conv_input.
"""

from __future__ import annotations

from typing import Any

from ..graph import record
from ..kernels import conv as kernels
from ..kernels import norm
from ..kernels.windows import Geometry, Sizes, fitted, places
from ..tensor import Tensor
from ..unseen import as_it_lies, unseen
from .geometry import (
    check_conv,
    check_reach,
    conv_axes,
    transposed_size,
)
from .kinds import typed
from .operands import array_of

__all__ = ["conv1d", "conv2d", "conv3d", "conv_transpose1d",
           "conv_transpose2d", "conv_transpose3d"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def conv(x: Tensor, w: Tensor, geo: Geometry,
         b: Tensor | None = None) -> Tensor:
    """y = x ⋆ w + b"""
    size, kernel = x.array.shape[2:], w.array.shape[2:]
    return record(
        kernels.conv(x.array, w.array, geo, array_of(b)),
        (x, lambda y: conv_input(y, w.conj(), geo, size), w),
        (w, lambda y: conv_weight(x.conj(), y, geo, kernel), x),
        *bias_edge(b), name="ConvolutionBackward0")


def conv_input(y: Tensor, w: Tensor, geo: Geometry, size: Sizes,
               b: Tensor | None = None) -> Tensor:
    """The adjoint of conv in x: every y adds its kernel to an image."""
    kernel = w.array.shape[2:]
    return record(
        kernels.shifted(kernels.conv_input(y.array, w.array, geo, size),
                        array_of(b)),
        (y, lambda x: conv(x, w.conj(), geo), w),
        (w, lambda x: conv_weight(x, y.conj(), geo, kernel), y),
        *bias_edge(b), name="ConvolutionBackward0")


def conv_weight(x: Tensor, y: Tensor, geo: Geometry,
                kernel: Sizes) -> Tensor:
    """The adjoint of conv in w: every window times what it led to."""
    size = x.array.shape[2:]
    return record(
        kernels.conv_weight(x.array, y.array, geo, kernel),
        (x, lambda w: conv_input(y.conj(), w, geo, size), y),
        (y, lambda w: conv(x.conj(), w, geo), x), name="ConvolutionBackward0")


def bias_edge(b: Tensor | None) -> list:
    """A bias gathers the gradient of all places: g.sum over N and *P."""
    if b is None:
        return []
    return [(b, lambda g: channel_sum(g))]


def channel_sum(y: Tensor) -> Tensor:
    """Σ over N and *P of y (N, O, *P)"""
    shape = y.array.shape

    def rule(g: Tensor) -> Tensor:
        return g.reshape(-1, *[1] * (len(shape) - 2)).expand(shape)

    return record(norm.channel_sum(y.array), (y, rule),
                  name="SumBackward1")


# ---- the public door

def convolve(caller: str, axes: int, x: Tensor, w: Tensor, b: Tensor | None,
             stride: Any, padding: Any, dilation: Any,
             groups: int) -> Tensor:
    """Check, write the arguments out, and give x a batch if it has none."""
    if isinstance(x, Tensor):
        x, free = as_it_lies(x)
    batched, geo = check_conv(caller, axes, x, w, b, stride, padding,
                              dilation, groups)
    check_reach(x.array.shape[-axes:], w.array.shape[2:], geo)
    y = conv(x if batched else x.unsqueeze(0), w, geo, b)
    y = unseen(y) if free else y
    return y if batched else y.squeeze(0)


@typed(stride="ints", padding="padding", dilation="ints", groups="int",
       bias="Tensor?")
def conv1d(input: Tensor, weight: Tensor, bias: Tensor | None = None,
           stride: Any = 1, padding: Any = 0, dilation: Any = 1,
           groups: int = 1) -> Tensor:
    """x (N, C, S) ⋆ w (O, C/G, K) + b (O) -> y (N, O, P)"""
    return convolve("conv1d", 1, input, weight, bias, stride, padding,
                    dilation, groups)


@typed(stride="ints", padding="padding", dilation="ints", groups="int",
       bias="Tensor?")
def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None,
           stride: Any = 1, padding: Any = 0, dilation: Any = 1,
           groups: int = 1) -> Tensor:
    """x (N, C, H, W) ⋆ w (O, C/G, K, L) + b (O) -> y (N, O, P, Q)

    P = ⌊(H + 2 padding - dilation (K - 1) - 1) / stride⌋ + 1
    """
    return convolve("conv2d", 2, input, weight, bias, stride, padding,
                    dilation, groups)


@typed(stride="ints", padding="padding", dilation="ints", groups="int",
       bias="Tensor?")
def conv3d(input: Tensor, weight: Tensor, bias: Tensor | None = None,
           stride: Any = 1, padding: Any = 0, dilation: Any = 1,
           groups: int = 1) -> Tensor:
    """x (N, C, D, H, W) ⋆ w (O, C/G, *K) + b (O) -> y (N, O, *P)"""
    return convolve("conv3d", 3, input, weight, bias, stride, padding,
                    dilation, groups)


def convolve_back(caller: str, axes: int, x: Tensor, w: Tensor,
                  b: Tensor | None, stride: Any, padding: Any,
                  output_padding: Any, groups: int,
                  dilation: Any) -> Tensor:
    """A transposed convolution: checked, written out, with a batch."""
    if isinstance(x, Tensor):
        x, free = as_it_lies(x)
    batched, geo = check_conv(caller, axes, x, w, b, stride, padding,
                              dilation, groups, output_padding)
    kernel = w.array.shape[2:]
    if not w.array.size or 0 in x.array.shape[-axes:]:
        raise RuntimeError(
            "Only zero batch or zero channel inputs are supported, but got "
            f"input shape: {[*x.shape]} and weight shape: {[*w.shape]}")
    extra = conv_axes(output_padding, axes, "output_padding", caller)
    count = x.array.shape[-axes:]
    size = transposed_size(count, kernel, geo, extra)
    if places(size, kernel, geo) != count:
        geo = fitted(geo, size, kernel, count)
    y = conv_input(x if batched else x.unsqueeze(0), w, geo, size, b)
    y = unseen(y) if free else y
    return y if batched else y.squeeze(0)


@typed(stride="ints", padding="ints", output_padding="ints", dilation="ints",
       groups="int", bias="Tensor?")
def conv_transpose1d(input: Tensor, weight: Tensor,
                     bias: Tensor | None = None, stride: Any = 1,
                     padding: Any = 0, output_padding: Any = 0,
                     groups: int = 1, dilation: Any = 1) -> Tensor:
    """x (N, C, P), w (C, O/G, K) -> y (N, O, S)"""
    return convolve_back("conv_transpose1d", 1, input, weight, bias, stride,
                         padding, output_padding, groups, dilation)


@typed(stride="ints", padding="ints", output_padding="ints", dilation="ints",
       groups="int", bias="Tensor?")
def conv_transpose2d(input: Tensor, weight: Tensor,
                     bias: Tensor | None = None, stride: Any = 1,
                     padding: Any = 0, output_padding: Any = 0,
                     groups: int = 1, dilation: Any = 1) -> Tensor:
    """x (N, C, P, Q), w (C, O/G, K, L) -> y (N, O, H, W)

    H = (P - 1) stride - 2 padding + dilation (K - 1) + output_padding + 1
    """
    return convolve_back("conv_transpose2d", 2, input, weight, bias, stride,
                         padding, output_padding, groups, dilation)


@typed(stride="ints", padding="ints", output_padding="ints", dilation="ints",
       groups="int", bias="Tensor?")
def conv_transpose3d(input: Tensor, weight: Tensor,
                     bias: Tensor | None = None, stride: Any = 1,
                     padding: Any = 0, output_padding: Any = 0,
                     groups: int = 1, dilation: Any = 1) -> Tensor:
    """x (N, C, *P), w (C, O/G, *K) -> y (N, O, *S)"""
    return convolve_back("conv_transpose3d", 3, input, weight, bias, stride,
                         padding, output_padding, groups, dilation)
