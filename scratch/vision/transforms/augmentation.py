"""Transforms that differ each time, drawing the numbers that torch draws."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np

from scratch.random import default_generator
from scratch.vision.transforms import color
from scratch.vision.transforms import geometry as G
from scratch.vision.transforms.resampling import InterpolationMode
from scratch.vision.transforms.transforms import (
    BILINEAR,
    Transform,
    drawn_below,
)


def draw(low: float, high: float) -> float:
    """One number of [low, high), in float32."""
    return float(default_generator.uniform((1,), low, high)[0])


def draw_place(free: int) -> int:
    """One of 0 … free, a place for a window with so much room to move."""
    return int(default_generator.randint((1,), 0, free + 1)[0])


class RandomHorizontalFlip(Transform):
    """With probability p, left becomes right."""

    shown = ("p",)

    def __init__(self, p: float = 0.5):
        if not 0.0 <= p <= 1.0:
            raise ValueError(
                "`p` should be a floating point value in [0.0, 1.0]."
            )
        self.p = p

    def forward(self, picture: Any) -> Any:
        return G.horizontal_flip(picture) if drawn_below(self.p) else picture


class RandomVerticalFlip(RandomHorizontalFlip):
    """With probability p, up becomes down."""

    def forward(self, picture: Any) -> Any:
        return G.vertical_flip(picture) if drawn_below(self.p) else picture


class RandomCrop(Transform):
    """A window anywhere in the padded picture.

    Two draws, top then left, each only where there is room to move.
    """

    shown = "size", "padding"

    def __init__(
        self,
        size: int | Sequence[int],
        padding: int | Sequence[int] | None = None,
        pad_if_needed: bool = False,
        fill: Any = 0,
        padding_mode: str = "constant",
    ):
        self.size = tuple(G.two(size))
        if padding is not None:
            G.four(padding)
        self.padding, self.pad_if_needed = padding, pad_if_needed
        self.fill, self.padding_mode = fill, padding_mode

    def forward(self, picture: Any) -> Any:
        height, width = self.size
        h, w = G.get_size(picture)
        left, top, right, bottom = G.four(self.padding or 0)
        if self.pad_if_needed:
            down = max(height - (h + top + bottom), 0)
            side = max(width - (w + left + right), 0)
            top, bottom = top + down, bottom + down
            left, right = left + side, right + side
        h, w = h + top + bottom, w + left + right
        if h < height or w < width:
            kind = "padded input" if self.padding is not None else "input"
            raise ValueError(
                f"Required crop size {(height, width)} is larger than {kind} "
                f"image size {(h, w)}."
            )
        if any((left, top, right, bottom)):
            around = [left, top, right, bottom]
            picture = G.pad(picture, around, self.fill, self.padding_mode)
        i = draw_place(h - height) if h > height else 0
        j = draw_place(w - width) if w > width else 0
        return G.crop(picture, i, j, height, width)


class RandomResizedCrop(Transform):
    """A window of random area and shape, resized (Szegedy et al., 2014).

    Up to ten tries: area uniform in `scale`, width / height log-uniform in
    `ratio`; the first that fits is placed anywhere, else the middle is taken.
    """

    pillows = True
    shown = "size", "scale", "ratio", "interpolation", "antialias"

    def __init__(
        self,
        size: int | Sequence[int],
        scale: Sequence[float] = (0.08, 1.0),
        ratio: Sequence[float] = (3 / 4, 4 / 3),
        interpolation: InterpolationMode | str = BILINEAR,
        antialias: bool | None = True,
    ):
        self.size = tuple(G.two(size))
        for name, pair in (("Scale", scale), ("Ratio", ratio)):
            if not isinstance(pair, Sequence) or len(pair) != 2:
                raise TypeError(f"{name} should be a sequence of two floats.")
        if scale[0] > scale[1] or ratio[0] > ratio[1]:
            warnings.warn(
                "Scale and ratio should be of kind (min, max)", stacklevel=2
            )
        self.scale, self.ratio = scale, ratio
        self.interpolation, self.antialias = interpolation, antialias

    def __repr__(self) -> str:
        """torch: with four digits of the ranges"""
        rounded = copy(self)
        for name in ("scale", "ratio"):
            pair = tuple(round(x, 4) for x in getattr(self, name))
            setattr(rounded, name, pair)
        return Transform.__repr__(rounded)

    def window(self, height: int, width: int) -> tuple[int, int, int, int]:
        """top, left, height, width"""
        low, high = np.log(np.array(self.ratio, np.float32)).tolist()
        for _ in range(10):
            area = height * width * draw(*self.scale)
            ratio = float(np.float32(math.exp(draw(low, high))))
            w = round(math.sqrt(area * ratio))
            h = round(math.sqrt(area / ratio))
            if 0 < w <= width and 0 < h <= height:
                return draw_place(height - h), draw_place(width - w), h, w
        w, h = width, height
        if width / height < min(self.ratio):
            h = round(w / min(self.ratio))
        elif width / height > max(self.ratio):
            w = round(h * max(self.ratio))
        return (height - h) // 2, (width - w) // 2, h, w

    def forward(self, picture: Any) -> Any:
        window = self.window(*G.get_size(picture))
        return G.resized_crop(
            picture, *window, self.size, self.interpolation, self.antialias
        )


Range = float | Sequence[float] | None


class ColorJitter(Transform):
    """Brightness, contrast, saturation and hue, each by a random factor, in a
    random order: drawn are the order, then the factors that are on."""

    pillows = True
    shown = "brightness", "contrast", "saturation", "hue"

    def __init__(
        self,
        brightness: Range = None,
        contrast: Range = None,
        saturation: Range = None,
        hue: Range = None,
    ):
        self.brightness = factors("brightness", brightness)
        self.contrast = factors("contrast", contrast)
        self.saturation = factors("saturation", saturation)
        self.hue = factors("hue", hue, 0.0, (-0.5, 0.5))

    def forward(self, picture: Any) -> Any:
        order = default_generator.randperm(4).tolist()
        steps = [
            (color.adjust_brightness, self.brightness),
            (color.adjust_contrast, self.contrast),
            (color.adjust_saturation, self.saturation),
            (color.adjust_hue, self.hue),
        ]
        drawn = [(step, bounds and draw(*bounds)) for step, bounds in steps]
        for i in order:
            step, factor = drawn[i]
            if factor is not None:
                picture = step(picture, factor)
        return picture


def factors(
    name: str,
    value: Range,
    centre: float = 1.0,
    bound: tuple[float, float] = (0.0, math.inf),
) -> tuple[float, float] | None:
    """The range to draw from; None where the picture would stay as it is."""
    if value is None:
        return None
    if isinstance(value, int | float):
        if value < 0:
            raise ValueError(
                f"If {name} is a single number, it must be non negative."
            )
        low, high = centre - value, centre + value
        low = max(low, 0.0) if centre else low
    elif isinstance(value, Sequence) and len(value) == 2:
        low, high = map(float, value)
    else:
        raise TypeError(
            f"{name}={value} should be a single number or a sequence with "
            "length 2."
        )
    if not bound[0] <= low <= high <= bound[1]:
        raise ValueError(
            f"{name} values should be between {bound} and increasing, but got "
            f"{[low, high]}."
        )
    return None if low == high == centre else (float(low), float(high))
