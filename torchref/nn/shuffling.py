"""Layers that rearrange channels and pixels."""

from __future__ import annotations

from torch import Tensor
from torch.nn import Module

from torchref.nn.upsampling import pixel_shuffle

__all__ = ["ChannelShuffle", "PixelShuffle", "PixelUnshuffle"]


class PixelShuffle(Module):
    """x (*, C r², H, W) -> y (*, C, H r, W r) (Shi et al., 2016)"""

    def __init__(self, upscale_factor: int):
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        x = input.reshape(-1, *input.shape[-3:])
        y = pixel_shuffle(x, self.upscale_factor)
        return y.reshape(*input.shape[:-3], *y.shape[1:])


class PixelUnshuffle(Module):
    """The inverse of PixelShuffle: x (*, C, H r, W r) -> y (*, C r², H, W)"""

    def __init__(self, downscale_factor: int):
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Tensor) -> Tensor:
        r, (c, h, w) = self.downscale_factor, input.shape[-3:]
        y = input.reshape(-1, c, h // r, r, w // r, r)
        y = y.permute(0, 1, 3, 5, 2, 4)  # (N, C, r, r, H, W)
        return y.reshape(*input.shape[:-3], c * r * r, h // r, w // r)


class ChannelShuffle(Module):
    """Channels of x (N, C, *) dealt across groups (Zhang et al., 2018)"""

    def __init__(self, groups: int):
        super().__init__()
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        n, c, *size = input.shape
        y = input.reshape(n, self.groups, c // self.groups, *size)
        return y.transpose(1, 2).reshape(input.shape)
