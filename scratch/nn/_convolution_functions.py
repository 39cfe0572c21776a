"""nn.functional's convolution along time, with the channels last."""

from __future__ import annotations

from ..ops.convolution import conv1d
from ..tensor import Tensor


def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor,
             pad: int = 0) -> Tensor:
    """y = x ⋆ w + b along time

    x (T, N, C), w (K, C, O), b (O) -> y (T + 2 pad - K + 1, N, O)
    """
    if input.ndim != 3:
        raise RuntimeError(
            "Input must have 3 dims: time, batch, in_channel")
    if weight.ndim != 3:
        raise RuntimeError("Weight tensor must have 3 dims: kernel_width, "
                           "in_channels, out_channels.")
    if bias.ndim != 1:
        raise RuntimeError("Bias must be 1-D")
    if input.shape[2] != weight.shape[1]:
        raise RuntimeError("Input dim 2 (input channels) is not == dim 1 in "
                           "the weight tensor")
    if bias.shape[0] != weight.shape[2]:
        raise RuntimeError("Bias size must equal dim 2 in the weight tensor "
                           "(output channels).")
    y = conv1d(input.permute(1, 2, 0), weight.permute(2, 1, 0), bias,
               padding=pad)
    return y.permute(2, 0, 1)
