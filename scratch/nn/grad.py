"""The gradients of convolutions, as functions: of the input, of the weight.

conv is linear in each: its gradient asks for the other and the size alone.
"""

from __future__ import annotations

from typing import Any

from ..autograd.engine import grad
from ..modes import enable_grad, modes
from ..ops.convolution import conv1d, conv2d, conv3d
from ..ops.creation import zeros
from ..tensor import Tensor

__all__ = ["conv1d_input", "conv1d_weight", "conv2d_input", "conv2d_weight",
           "conv3d_input", "conv3d_weight"]


def slope(conv: Any, size: Any, other: Tensor, g: Tensor, of_input: bool,
          geometry: tuple) -> Tensor:
    """The gradient of Σ g · conv in a tensor of this size."""
    recording = modes.recording
    with enable_grad():
        x = zeros(tuple(size), dtype=other.dtype).requires_grad_()
        pair = (x, other) if of_input else (other, x)
        y = conv(*pair, None, *geometry)
        if y.shape != g.shape:
            raise RuntimeError(
                f"grad_output has the shape {[*g.shape]}, expected that of "
                f"the convolution's result, {[*y.shape]}")
        (found,) = grad(y, x, g, create_graph=recording)
    return found


def conv1d_input(input_size: Any, weight: Tensor, grad_output: Tensor,
                 stride: Any = 1, padding: Any = 0, dilation: Any = 1,
                 groups: int = 1) -> Tensor:
    """∂ Σ g · conv1d(x, w) / ∂x, x of input_size (N, C, L)"""
    return slope(conv1d, input_size, weight, grad_output, True,
                 (stride, padding, dilation, groups))


def conv1d_weight(input: Tensor, weight_size: Any, grad_output: Tensor,
                  stride: Any = 1, padding: Any = 0, dilation: Any = 1,
                  groups: int = 1) -> Tensor:
    """∂ Σ g · conv1d(x, w) / ∂w, w of weight_size (O, C/G, K)"""
    return slope(conv1d, weight_size, input, grad_output, False,
                 (stride, padding, dilation, groups))


def conv2d_input(input_size: Any, weight: Tensor, grad_output: Tensor,
                 stride: Any = 1, padding: Any = 0, dilation: Any = 1,
                 groups: int = 1) -> Tensor:
    """∂ Σ g · conv2d(x, w) / ∂x, x of input_size (N, C, H, W)"""
    return slope(conv2d, input_size, weight, grad_output, True,
                 (stride, padding, dilation, groups))


def conv2d_weight(input: Tensor, weight_size: Any, grad_output: Tensor,
                  stride: Any = 1, padding: Any = 0, dilation: Any = 1,
                  groups: int = 1) -> Tensor:
    """∂ Σ g · conv2d(x, w) / ∂w, w of weight_size (O, C/G, K, L)"""
    return slope(conv2d, weight_size, input, grad_output, False,
                 (stride, padding, dilation, groups))


def conv3d_input(input_size: Any, weight: Tensor, grad_output: Tensor,
                 stride: Any = 1, padding: Any = 0, dilation: Any = 1,
                 groups: int = 1) -> Tensor:
    """∂ Σ g · conv3d(x, w) / ∂x, x of input_size (N, C, D, H, W)"""
    return slope(conv3d, input_size, weight, grad_output, True,
                 (stride, padding, dilation, groups))


def conv3d_weight(input: Tensor, weight_size: Any, grad_output: Tensor,
                  stride: Any = 1, padding: Any = 0, dilation: Any = 1,
                  groups: int = 1) -> Tensor:
    """∂ Σ g · conv3d(x, w) / ∂w, w of weight_size (O, C/G, J, K, L)"""
    return slope(conv3d, weight_size, input, grad_output, False,
                 (stride, padding, dilation, groups))
