"""Pictures turned, cut, padded and resized: x (*, C, H, W) -> y.

Every function takes a picture in any form and returns it in the same form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scratch import dtypes
from scratch.tensor import Tensor, wrap
from scratch.vision.transforms import pillow
from scratch.vision.transforms.pictures import is_pillow, on_planes
from scratch.vision.transforms.resampling import (
    InterpolationMode,
    check_mode,
    output_size,
    resample,
)


def get_size(inpt: Any) -> list[int]:
    """[H, W]"""
    if isinstance(inpt, Tensor):
        return list(inpt.shape[-2:])
    if is_pillow(inpt):
        return [inpt.height, inpt.width]
    return list(inpt.shape[:2])


@on_planes
def horizontal_flip(inpt: Tensor) -> Tensor:
    """Left becomes right."""
    return inpt.flip(-1)


@on_planes
def vertical_flip(inpt: Tensor) -> Tensor:
    """Up becomes down."""
    return inpt.flip(-2)


hflip, vflip = horizontal_flip, vertical_flip


@on_planes
def crop(inpt: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    """The window at (top, left); zeros where it reaches beyond the picture."""
    h, w = inpt.shape[-2:]
    bottom, right = top + height, left + width
    inside = inpt[
        ..., max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)
    ]
    if left < 0 or top < 0 or right > w or bottom > h:
        sides = [
            max(min(right, 0) - left, 0),
            max(min(bottom, 0) - top, 0),
            max(right - max(w, left), 0),
            max(bottom - max(h, top), 0),
        ]
        return pad(inside, sides)
    return inside


@on_planes
def center_crop(inpt: Tensor, output_size: int | Sequence[int]) -> Tensor:
    """The window in the middle; zeros around a picture that is too small."""
    height, width = two(output_size)
    h, w = inpt.shape[-2:]
    if height > h or width > w:
        down, right = max(height - h, 0), max(width - w, 0)
        inpt = pad(
            inpt, [right // 2, down // 2, (right + 1) // 2, (down + 1) // 2]
        )
        h, w = inpt.shape[-2:]
    top, left = round((h - height) / 2), round((w - width) / 2)
    return inpt[..., top : top + height, left : left + width]


# How NumPy calls the ways to continue a picture beyond its edge.
BEYOND = {"edge": "edge", "reflect": "reflect", "symmetric": "symmetric"}


@on_planes
def pad(
    inpt: Tensor,
    padding: int | Sequence[int],
    fill: Any = 0,
    padding_mode: str = "constant",
) -> Tensor:
    """More pixels around: [left, top, right, bottom], or [sides, ends], or
    one number. What they are: `fill`, or the picture goes on."""
    left, top, right, bottom = four(padding)
    if padding_mode != "constant":
        if padding_mode not in BEYOND:
            raise ValueError(
                "Padding mode should be either constant, edge, reflect or "
                f"symmetric, got {padding_mode}"
            )
        rows = _beyond(inpt.shape[-2], top, bottom, BEYOND[padding_mode])
        columns = _beyond(inpt.shape[-1], left, right, BEYOND[padding_mode])
        return inpt[..., rows, :][..., columns]
    *lead, h, w = inpt.shape
    size = h + top + bottom, w + left + right
    canvas = np.zeros((*lead, *size), inpt.array.dtype)
    if fill:
        canvas[...] = np.asarray(fill).reshape(-1, 1, 1)
    y = wrap(canvas)
    y[..., top : top + h, left : left + w] = inpt
    return y


def _beyond(size: int, before: int, after: int, mode: str) -> list[int]:
    """Which pixel stands at each place of a row that goes on at both ends."""
    places = np.pad(np.arange(size), (before, after), mode)  # type: ignore[call-overload]
    return places.tolist()


def four(padding: int | Sequence[int]) -> tuple[int, int, int, int]:
    """left, top, right, bottom"""
    p = [padding] if isinstance(padding, int) else padding
    if not isinstance(p, list | tuple) or len(p) not in (1, 2, 4):
        raise ValueError(
            "Padding must be an int or a 1, 2, or 4 element of tuple or list, "
            f"got {padding}."
        )
    p = list(p)
    left, top, right, bottom = (p * 4)[:4]
    return left, top, right, bottom


def two(size: Any, name: str = "size") -> list[int]:
    """H, W: of one number, a square."""
    if isinstance(size, int):
        return [size, size]
    if not isinstance(size, Sequence) or isinstance(size, str):
        raise TypeError(
            f"{name} should be an integer or a sequence of integers, but got "
            f"{size!r}"
        )
    if len(size) == 1:
        return [size[0], size[0]]
    if len(size) != 2:
        raise ValueError("Please provide only two dimensions (h, w) for size.")
    return list(size)


@pillow.else_by(pillow.resize)
@on_planes
def resize(
    inpt: Tensor,
    size: int | Sequence[int] | None,
    interpolation: InterpolationMode | str = InterpolationMode.BILINEAR,
    max_size: int | None = None,
    antialias: bool | None = True,
) -> Tensor:
    """To (P, Q), or so that the shorter side is `size`."""
    mode = check_mode(interpolation, antialias)
    wanted = [size] if isinstance(size, int) else size
    old = inpt.shape[-2], inpt.shape[-1]
    new = output_size(old, None if wanted is None else list(wanted), max_size)
    if new == list(old):
        return inpt
    if min(*new, *old) <= 0:
        raise RuntimeError(
            "Input and output sizes should be greater than 0, but got input "
            f"(H: {old[0]}, W: {old[1]}) output (H: {new[0]}, W: {new[1]})"
        )
    if inpt.numel() == 0:
        return inpt.reshape(*inpt.shape[:-2], *new)
    given = inpt.dtype
    plain = given in (dtypes.uint8, dtypes.float32, dtypes.float64)
    if plain or mode.startswith("nearest"):
        return resample(inpt, new, mode, bool(antialias))
    y = resample(inpt.to(dtypes.float32), new, mode, bool(antialias))
    return (y if given.is_floating_point else y.round()).to(given)


def resized_crop(
    inpt: Any,
    top: int,
    left: int,
    height: int,
    width: int,
    size: Sequence[int],
    interpolation: InterpolationMode | str = InterpolationMode.BILINEAR,
    antialias: bool | None = True,
) -> Any:
    """The window at (top, left), resized."""
    window = crop(inpt, top, left, height, width)
    return resize(window, size, interpolation, antialias=antialias)
