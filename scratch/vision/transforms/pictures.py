"""A picture in three forms: a tensor (C, H, W), an array (H, W, C), Pillow's.

Transforms work on tensors; a picture in another form comes back in its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from scratch import dtypes
from scratch.tensor import Tensor, wrap

# Pillow's modes whose pixels are not bytes.
NUMBERS = {"I": np.int32, "I;16": np.int16, "I;16L": np.int16, "F": np.float32}


def is_pillow(picture: Any) -> bool:
    """Whether it is an image of Pillow, which need not be installed."""
    return any(k.__module__ == "PIL.Image" for k in type(picture).__mro__)


def pixels(picture: Any) -> np.ndarray:
    """The array (H, W, C) of a picture of Pillow's or of an array."""
    if isinstance(picture, np.ndarray):
        if picture.ndim not in (2, 3):
            raise ValueError(
                "pic should be 2/3 dimensional. Got "
                f"{picture.ndim} dimensions."
            )
        array = picture
    elif is_pillow(picture):
        array = np.array(picture, NUMBERS.get(picture.mode))
        if picture.mode == "1":
            array = array.astype(np.uint8) * np.uint8(255)
    else:
        raise TypeError(
            f"pic should be PIL Image or ndarray. Got {type(picture)}"
        )
    return array[:, :, None] if array.ndim == 2 else array


def as_planes(picture: Any) -> Tensor:
    """Any picture as a tensor (C, H, W), its numbers as they are."""
    if isinstance(picture, Tensor):
        return picture
    return wrap(np.ascontiguousarray(pixels(picture).transpose(2, 0, 1)))


def as_given(planes: Tensor, picture: Any) -> Any:
    """A result in the form of the picture that it was made of."""
    if isinstance(picture, Tensor):
        return planes
    array = np.ascontiguousarray(planes.array.transpose(1, 2, 0))
    if array.shape[2] == 1 and not _has_channels(picture):
        array = array[:, :, 0]
    if isinstance(picture, np.ndarray):
        return array
    return to_pillow(array)


def on_planes(function: Callable[..., Tensor]) -> Callable[..., Any]:
    """The same function of a picture in any form, in that form again."""

    @wraps(function)
    def call(picture: Any, *args: Any, **options: Any) -> Any:
        result = function(as_planes(picture), *args, **options)
        return as_given(result, picture)

    return call


def _has_channels(picture: Any) -> bool:
    return isinstance(picture, np.ndarray) and picture.ndim == 3


def to_pillow(array: np.ndarray, mode: str | None = None) -> Any:
    """Pillow's image of an array (H, W) or (H, W, C)."""
    try:
        from PIL import Image
    except ImportError:
        raise ImportError(
            "a picture of Pillow's needs Pillow: pip install pillow"
        ) from None
    if array.dtype == np.uint8 and array.ndim == 3 and array.shape[2] == 2:
        mode = mode or "LA"
    image = Image.fromarray(array)
    return image.convert(mode) if mode and image.mode != mode else image


def to_tensor(pic: Any) -> Tensor:
    """(H, W, C) bytes 0 … 255 -> (C, H, W) numbers 0 … 1; other numbers keep
    their values."""
    array = np.ascontiguousarray(pixels(pic).transpose(2, 0, 1))
    if array.dtype != np.uint8:
        return wrap(array)
    return wrap(np.divide(array, 255, dtype=dtypes.get_default_dtype().numpy))


def pil_to_tensor(pic: Any) -> Tensor:
    """Pillow's image -> (C, H, W), numbers as they are."""
    if not is_pillow(pic):
        raise TypeError(f"pic should be PIL Image. Got {type(pic)}")
    array = np.array(pic)
    if array.dtype == np.uint16:  # torch: has this dtype
        array = array.astype(np.int32)
    planes = array[:, :, None] if array.ndim == 2 else array
    return wrap(np.ascontiguousarray(planes.transpose(2, 0, 1)))


def to_image(inpt: Any) -> Tensor:
    """Any picture -> (C, H, W), numbers as they are; a tensor (H, W) gets its
    channel."""
    if isinstance(inpt, Tensor):
        return inpt.unsqueeze(0) if inpt.ndim == 2 else inpt
    return as_planes(inpt)


def to_pil_image(pic: Any, mode: str | None = None) -> Any:
    """(C, H, W), or an array (H, W, C) -> Pillow's image.

    Numbers from 0 to 1 become bytes; torch: by cutting off, not by rounding.
    """
    if not isinstance(pic, Tensor | np.ndarray):
        raise TypeError(f"pic should be Tensor or ndarray. Got {type(pic)}.")
    if pic.ndim not in (2, 3):
        raise ValueError(
            f"pic should be 2/3 dimensional. Got {pic.ndim} dimensions."
        )
    array = pic
    if isinstance(pic, Tensor):
        array = pic.array if pic.ndim == 2 else pic.array.transpose(1, 2, 0)
        if array.dtype.kind == "f" and mode != "F":
            array = (array * 255).astype(np.uint8)
    channels = 1 if array.ndim == 2 else array.shape[2]
    if channels > 4:
        raise ValueError(
            f"pic should not have > 4 channels. Got {channels} channels."
        )
    if array.ndim == 3 and channels == 1:
        array = array[:, :, 0]
    return to_pillow(np.ascontiguousarray(array), mode)
