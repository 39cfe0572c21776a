"""Brightness, contrast, saturation and hue of x (*, 1 or 3, H, W)."""

from __future__ import annotations

from typing import Any

from scratch import dtypes
from scratch.ops.combine import stack
from scratch.tensor import Tensor
from scratch.vision.transforms import pillow
from scratch.vision.transforms.levels import largest, to_dtype
from scratch.vision.transforms.pictures import on_planes


@pillow.else_by(pillow.rgb_to_grayscale)
@on_planes
def rgb_to_grayscale(inpt: Tensor, num_output_channels: int = 1) -> Tensor:
    """0.2989 r + 0.587 g + 0.114 b, as one channel or as three equal ones"""
    if num_output_channels not in (1, 3):
        raise ValueError(
            f"num_output_channels must be 1 or 3, got {num_output_channels}."
        )
    grey = inpt.clone() if inpt.shape[-3] == 1 else _grey(inpt).to(inpt.dtype)
    if num_output_channels == 1:
        return grey
    return grey.expand(*grey.shape[:-3], 3, *grey.shape[-2:])


def _grey(x: Tensor) -> Tensor:
    """(*, 3, H, W) -> (*, 1, H, W), as numbers with a fraction."""
    r, g, b = x.unbind(-3)
    return (r * 0.2989 + g * 0.587 + b * 0.114).unsqueeze(-3)


def _whole_grey(x: Tensor) -> Tensor:
    """The grey to blend with; torch: of bytes, cut to a whole number."""
    grey = _grey(x)
    return grey if x.is_floating_point() else grey.floor()


def _blend(x: Tensor, y: Any, ratio: float) -> Tensor:
    """ratio · x + (1 - ratio) · y, between black and white"""
    mixed = x * ratio
    mixed += y * (1.0 - ratio)
    return mixed.clamp_(0, largest(x.dtype)).to(x.dtype)


def _check(x: Tensor, name: str, factor: float) -> None:
    if factor < 0:
        raise ValueError(f"{name} ({factor}) is not non-negative.")
    _check_channels(x)


def _check_channels(x: Tensor) -> None:
    if x.shape[-3] not in (1, 3):
        raise TypeError(
            "Input image tensor permitted channel values are 1 or 3, but "
            f"found {x.shape[-3]}"
        )


@pillow.else_by(pillow.adjust_brightness)
@on_planes
def adjust_brightness(inpt: Tensor, brightness_factor: float) -> Tensor:
    """factor · x: 0 is black"""
    _check(inpt, "brightness_factor", brightness_factor)
    bright = inpt * float(brightness_factor)
    return bright.clamp_(0, largest(inpt.dtype)).to(inpt.dtype)


@pillow.else_by(pillow.adjust_contrast)
@on_planes
def adjust_contrast(inpt: Tensor, contrast_factor: float) -> Tensor:
    """factor · x + (1 - factor) · (the mean of its grey): 0 is grey"""
    _check(inpt, "contrast_factor", contrast_factor)
    grey = _whole_grey(inpt) if inpt.shape[-3] == 3 else inpt
    if not grey.is_floating_point():
        grey = grey.to(dtypes.float32)
    mean = grey.mean((-3, -2, -1), keepdim=True)
    return _blend(inpt, mean, float(contrast_factor))


@pillow.else_by(pillow.adjust_saturation)
@on_planes
def adjust_saturation(inpt: Tensor, saturation_factor: float) -> Tensor:
    """factor · x + (1 - factor) · its grey: 0 has no colours"""
    _check(inpt, "saturation_factor", saturation_factor)
    if inpt.shape[-3] == 1:
        return inpt
    return _blend(inpt, _whole_grey(inpt), float(saturation_factor))


@pillow.else_by(pillow.adjust_hue)
@on_planes
def adjust_hue(inpt: Tensor, hue_factor: float) -> Tensor:
    """Turn the circle of colours by factor, of which 1 is once around."""
    if not -0.5 <= hue_factor <= 0.5:
        raise ValueError(f"hue_factor ({hue_factor}) is not in [-0.5, 0.5].")
    _check_channels(inpt)
    if inpt.shape[-3] == 1 or inpt.numel() == 0:
        return inpt
    h, s, v = rgb_to_hsv(to_dtype(inpt, dtypes.float32, scale=True))
    turned = hsv_to_rgb((h + float(hue_factor)).remainder(1.0), s, v)
    return to_dtype(turned, inpt.dtype, scale=True)


def rgb_to_hsv(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Where on the circle of colours, how far from grey, how bright: 0 … 1

    v = max, s = (max - min) / max, and h by which of r, g, b is the largest
    and how far the others are below it.
    """
    r, g, b = x.unbind(-3)
    high, low = x.amax(-3), x.amin(-3)
    grey = high == low
    spread = high - low
    s = spread / high.masked_fill(grey, 1)
    width = spread.masked_fill(grey, 1)
    below_r, below_g, below_b = ((high - c) / width for c in (r, g, b))
    is_r = high == r
    is_g = (high == g) & ~is_r
    is_b = ~(is_r | is_g)
    h = is_r * (below_b - below_g)
    h = h + is_g * (2.0 + below_r - below_b)
    h = h + is_b * (4.0 + below_g - below_r)
    return (h * (1.0 / 6.0) + 1.0).fmod(1.0), s, high


def hsv_to_rgb(h: Tensor, s: Tensor, v: Tensor) -> Tensor:
    """Six sectors of the circle; in each, one of r, g, b is v, one is
    v (1 - s), and the third goes up or down between them."""
    place = h * 6
    sector = place.floor()
    part = place - sector
    low = ((1 - s) * v).clamp(0, 1)
    down = ((1 - s * part) * v).clamp(0, 1)
    up = ((s * part + (1 - s)) * v).clamp(0, 1)
    which = sector.remainder(6)
    levels = [v, down, low, low, up, v]  # red, from the first sector on
    planes = []
    for shift in (0, 4, 2):  # green and blue: the same, two sectors later
        turned = [levels[(i + shift) % 6] for i in range(6)]
        plane = turned[0]
        for i in range(1, 6):
            plane = turned[i].where(which == i, plane)
        planes.append(plane)
    return stack(planes, -3)
