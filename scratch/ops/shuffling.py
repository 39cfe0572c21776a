"""Shuffles: channels dealt to pixels, pixels to channels, and channels
among each other. Every one is a reshape, a permutation and a reshape."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor
from .kinds import typed
from .operands import check_tensor

__all__ = ["channel_shuffle", "pixel_shuffle", "pixel_unshuffle"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


@typed(input="Tensor", upscale_factor="int")
def pixel_shuffle(input: Tensor, upscale_factor: int) -> Tensor:
    """x (*, C r², H, W) -> y (*, C, H r, W r) (Shi et al., 2016)

    y[c, h r + i, w r + j] = x[c r² + i r + j, h, w]
    """
    x, r = input, int(upscale_factor)
    check(x, "pixel_shuffle", r, "upscale_factor")
    shape = x.array.shape
    *lead, c, h, w = shape
    if c % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be "
            "divisible by the square of upscale_factor, but input.size(-3)="
            f"{c} is not divisible by {r * r}")
    c //= r * r
    n = int(np.prod(lead))
    apart = x.array.reshape(n, c, r, r, h, w).transpose(0, 1, 4, 2, 5, 3)
    return record(apart.reshape(*lead, c, h * r, w * r),
                  (x, lambda g: pixel_unshuffle(g, r).reshape(shape)),
                  name="PixelShuffleBackward0")


@typed(input="Tensor", downscale_factor="int")
def pixel_unshuffle(input: Tensor, downscale_factor: int) -> Tensor:
    """The inverse: x (*, C, H r, W r) -> y (*, C r², H, W)"""
    x, r = input, int(downscale_factor)
    check(x, "pixel_unshuffle", r, "downscale_factor")
    *lead, c, h, w = x.array.shape
    for d, side, size in ((-2, "height", h), (-1, "width", w)):
        if size % r:
            raise RuntimeError(
                f"pixel_unshuffle expects {side} to be divisible by "
                f"downscale_factor, but input.size({d})={size} is not "
                f"divisible by {r}")
    if not x.array.size:
        return x.clone()  # torch: nothing stays in its shape
    h, w, n = h // r, w // r, int(np.prod(lead))
    apart = x.array.reshape(n, c, h, r, w, r).transpose(0, 1, 3, 5, 2, 4)
    return record(apart.reshape(*lead, c * r * r, h, w),
                  (x, lambda g: pixel_shuffle(g, r)),
                  name="PixelUnshuffleBackward0")


def check(x: Any, caller: str, factor: Any, name: str) -> None:
    """Refuse less than three dimensions, and a factor below 1."""
    check_tensor(x, caller)
    if x.array.ndim < 3:
        raise RuntimeError(
            f"{caller} expects input to have at least 3 dimensions, but got "
            f"input with {x.array.ndim} dimension(s)")
    if factor <= 0:
        raise RuntimeError(
            f"{caller} expects a positive {name}, but got {factor}")


@typed(input="Tensor", groups="int")
def channel_shuffle(input: Tensor, groups: int) -> Tensor:
    """x (N, C, *): the first channel of each group, then the second of
    each, … (Zhang et al., 2018)"""
    x = input
    check_tensor(x, "channel_shuffle")
    if x.array.ndim < 3:
        raise RuntimeError("channel_shuffle expects input with > 2 dims, but"
                           f" got input with sizes {[*x.shape]}")
    if groups <= 0:
        raise RuntimeError("Number of groups to divide channels in must be "
                           f"positive. Value of groups:{groups}")
    n, c, *size = x.array.shape
    if c % groups:
        raise RuntimeError(
            "Number of channels must be divisible by groups. Got "
            f"{c} channels and {groups} groups.")
    each = c // groups
    apart = x.array.reshape(n, groups, each, *size).swapaxes(1, 2)
    return record(apart.reshape(x.array.shape),
                  (x, lambda g: channel_shuffle(g, each or 1)),
                  name="ChannelShuffleBackward0")
