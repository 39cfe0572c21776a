"""What Pillow computes for its own pictures, in its own rounding.

torchvision leaves these to Pillow, whose pixels are bytes at every step: a
picture resized or coloured as a tensor would differ by a level here and
there. All other forms of a picture go the way of tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from scratch.vision.transforms.pictures import is_pillow
from scratch.vision.transforms.resampling import (
    InterpolationMode,
    output_size,
)

# Pillow's numbers of the filters; nearest: the pixel around the place.
NUMBER_OF = {"nearest": 0, "nearest-exact": 0, "lanczos": 1, "bilinear": 2,
             "bicubic": 3, "box": 4, "hamming": 5}  # fmt: skip
AFFINE = 0  # Pillow's number of this kind of map


def else_by(pillows: Callable) -> Callable:
    """The function, but of Pillow's pictures by `pillows`."""

    def both(function: Callable) -> Callable:
        @wraps(function)
        def call(inpt: Any, *args: Any, **options: Any) -> Any:
            chosen = pillows if is_pillow(inpt) else function
            return chosen(inpt, *args, **options)

        return call

    return both


def number_of(mode: InterpolationMode | str) -> int:
    """Pillow's number of a filter."""
    return NUMBER_OF[InterpolationMode(mode).value]


def resize(
    inpt: Any,
    size: int | Sequence[int] | None,
    interpolation: InterpolationMode | str = InterpolationMode.BILINEAR,
    max_size: int | None = None,
    antialias: bool | None = True,
) -> Any:
    """To (P, Q), or so that the shorter side is `size`; always smooth."""
    wanted = [size] if isinstance(size, int) else size
    height, width = output_size(
        (inpt.height, inpt.width),
        None if wanted is None else list(wanted),
        max_size,
    )
    if (height, width) == (inpt.height, inpt.width):
        return inpt
    return inpt.resize((width, height), number_of(interpolation))


def enhance(kind: str, inpt: Any, factor: float) -> Any:
    """factor · x + (1 - factor) · (black, grey or what else the kind says)"""
    from PIL import ImageEnhance

    return getattr(ImageEnhance, kind)(inpt).enhance(factor)


def adjust_brightness(inpt: Any, brightness_factor: float) -> Any:
    """Mixed with black."""
    return enhance("Brightness", inpt, brightness_factor)


def adjust_contrast(inpt: Any, contrast_factor: float) -> Any:
    """Mixed with the mean of its grey."""
    return enhance("Contrast", inpt, contrast_factor)


def adjust_saturation(inpt: Any, saturation_factor: float) -> Any:
    """Mixed with its own grey."""
    return enhance("Color", inpt, saturation_factor)


def adjust_hue(inpt: Any, hue_factor: float) -> Any:
    """The circle of colours has 256 places; they are turned by factor."""
    if not -0.5 <= hue_factor <= 0.5:
        raise ValueError(f"hue_factor ({hue_factor}) is not in [-0.5, 0.5].")
    if inpt.mode in ("L", "1", "I", "F"):
        return inpt
    turned = [(h + int(hue_factor * 255)) % 256 for h in range(256)]
    table = turned + [*range(256)] * 2  # saturation and value stay
    return inpt.convert("HSV").point(table).convert(inpt.mode)


def rgb_to_grayscale(inpt: Any, num_output_channels: int = 1) -> Any:
    """Pillow's grey, as one channel or as three equal ones."""
    if num_output_channels not in (1, 3):
        raise ValueError(
            f"num_output_channels must be 1 or 3, got {num_output_channels}."
        )
    grey = inpt.convert("L")
    return grey if num_output_channels == 1 else grey.convert("RGB")


def rotate(
    inpt: Any,
    angle: float,
    interpolation: InterpolationMode | str = InterpolationMode.NEAREST,
    expand: bool = False,
    center: Sequence[float] | None = None,
    fill: Any = None,
) -> Any:
    """Turned against the clock by an angle in degrees."""
    return inpt.rotate(
        angle, number_of(interpolation), expand, center,
        fillcolor=colour(fill, inpt),
    )  # fmt: skip


def mapped(
    inpt: Any, matrix: Sequence[float], interpolation: Any, fill: Any
) -> Any:
    """Each pixel from where the map, [a b c; d e f], says."""
    return inpt.transform(
        inpt.size, AFFINE, matrix, number_of(interpolation),
        fillcolor=colour(fill, inpt),
    )  # fmt: skip


def colour(fill: Any, inpt: Any) -> Any:
    """One number for every band, or the numbers that came."""
    bands = len(inpt.getbands())
    fill = 0 if fill is None else fill
    if isinstance(fill, (int, float)):
        fill = [fill] * bands
    elif len(fill) == 1:
        fill = [*fill] * bands
    if len(fill) != bands:
        raise ValueError(
            "The number of elements in 'fill' does not match the number of "
            f"channels of the image ({len(fill)} != {bands})"
        )
    if inpt.mode != "F":
        fill = [int(x) for x in fill]
    return tuple(fill) if bands > 1 else fill[0]
