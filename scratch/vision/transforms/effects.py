"""Pictures blurred, inverted, of fewer bits, erased in part, cut in five."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from scratch import dtypes
from scratch.nn import functional as nn
from scratch.ops.masked import where
from scratch.ops.sequences import linspace
from scratch.tensor import Tensor
from scratch.vision.transforms import geometry as G
from scratch.vision.transforms.levels import largest


def invert(inpt: Tensor) -> Tensor:
    """top - x, top being 255 or 1"""
    return largest(inpt.dtype) - inpt


def solarize(inpt: Tensor, threshold: float) -> Tensor:
    """Inverted from the threshold up"""
    top = 1 if inpt.is_floating_point() else 255
    if threshold > top:
        raise TypeError(
            "Threshold should be less or equal the maximum value of the dtype,"
            f" but got {threshold}"
        )
    return where(inpt >= threshold, invert(inpt), inpt)


def posterize(inpt: Tensor, bits: int) -> Tensor:
    """As many bits of each number as said, the highest"""
    if not inpt.is_floating_point():
        if bits >= 8:
            return inpt
        return inpt & ((1 << bits) - 1) << (8 - bits)
    levels = 1 << bits
    steps = (inpt * levels).floor().clamp(0, levels - 1)
    return steps * (1 / levels)


def gaussian_blur(
    inpt: Tensor,
    kernel_size: int | Sequence[int],
    sigma: float | Sequence[float] | None = None,
) -> Tensor:
    """x ⋆ k, k(d) ~ exp(-d²/2σ²): sums to 1; the edges are mirrored

    x (*, C, H, W); kernel_size and sigma: for x, for y
    """
    kernel = [kernel_size] * 2 if isinstance(kernel_size, int) else [
        *kernel_size]  # fmt: skip
    if len(kernel) != 2:
        raise ValueError(
            "If kernel_size is a sequence its length should be 2. Got "
            f"{len(kernel)}"
        )
    if any(k % 2 == 0 or k < 0 for k in kernel):
        raise ValueError(
            "kernel_size should have odd and positive integers. Got "
            f"{kernel_size}"
        )
    if sigma is None:
        sigma = [k * 0.15 + 0.35 for k in kernel]
    widths = [*sigma] if isinstance(sigma, Sequence) else [float(sigma)]
    if len(widths) > 2:
        raise ValueError(
            f"If sigma is a sequence, its length should be 2. Got {len(widths)}"
        )
    widths = widths * (3 - len(widths))
    if min(widths) <= 0:
        raise ValueError(f"sigma should have positive values. Got {widths}")
    if not inpt.numel():
        return inpt
    real = inpt if inpt.is_floating_point() else inpt.to(dtypes.float32)
    across, down = (bell(*pair, real.dtype) for pair in zip(kernel, widths))
    c = inpt.shape[-3]
    weight = (down.unsqueeze(-1) * across).expand(c, 1, kernel[1], kernel[0])
    around = [k // 2 for k in kernel for _ in range(2)]
    flat = real.reshape(-1, *inpt.shape[-3:])
    y = nn.conv2d(nn.pad(flat, around, mode="reflect"), weight, groups=c)
    y = y.reshape(inpt.shape)
    return y if real is inpt else y.round().to(inpt.dtype)


def bell(size: int, sigma: float, dtype: Any) -> Tensor:
    """exp(-d²/2σ²) at distances d from the middle, summing to 1"""
    end = (size - 1) / (2.0 * math.sqrt(2.0))
    x = linspace(-end, end, size, dtype=dtype)
    return (-((x / sigma) ** 2)).softmax(0)


def erase(
    inpt: Tensor, i: int, j: int, h: int, w: int, v: Tensor,
    inplace: bool = False,
) -> Tensor:  # fmt: skip
    """x with v in the window h · w at i, j"""
    out = inpt if inplace else inpt.clone()
    out[..., i : i + h, j : j + w] = v
    return out


def five_crop(inpt: Tensor, size: Any) -> tuple:
    """Windows at the four corners and in the middle"""
    height, width = G.two(size)
    h, w = G.get_size(inpt)
    if width > w or height > h:
        raise ValueError(
            f"Requested crop size {size} is bigger than input size {(h, w)}"
        )
    corners = [(i, j) for i in (0, h - height) for j in (0, w - width)]
    return (
        *(G.crop(inpt, i, j, height, width) for i, j in corners),
        G.center_crop(inpt, [height, width]),
    )


def ten_crop(inpt: Tensor, size: Any, vertical_flip: bool = False) -> tuple:
    """five_crop of the picture and of its mirror image"""
    turn = G.vertical_flip if vertical_flip else G.horizontal_flip
    return five_crop(inpt, size) + five_crop(turn(inpt), size)
