"""The numbers of a picture: their dtype, their range, their mean and spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from scratch import dtypes
from scratch.dtypes import dtype as Dtype
from scratch.tensor import Tensor, wrap
from scratch.vision.transforms.pictures import on_planes


def normalize(
    inpt: Tensor,
    mean: Sequence[float] | float,
    std: Sequence[float] | float,
    inplace: bool = False,
) -> Tensor:
    """(x - mean) / std, a mean and a std for each channel"""
    if not isinstance(inpt, Tensor):
        raise TypeError(f"img should be Tensor Image. Got {type(inpt)}")
    if not inpt.is_floating_point():
        raise TypeError(
            f"Input tensor should be a float tensor. Got {inpt.dtype}."
        )
    if inpt.ndim < 3:
        raise ValueError(
            "Expected tensor to be a tensor image of size (..., C, H, W). Got "
            f"{inpt.shape}."
        )
    centre, spread = (_per_channel(n, inpt.dtype) for n in (mean, std))
    if (spread.array == 0).any():
        raise ValueError("std evaluated to zero, leading to division by zero.")
    if inplace:
        return inpt.sub_(centre).div_(spread)
    return (inpt - centre) / spread


def _per_channel(numbers: Any, dtype: Dtype) -> Tensor:
    """One number, or one a channel: (C, 1, 1)"""
    if isinstance(numbers, Tensor):
        y = numbers.to(dtype)
        return y.reshape(-1, 1, 1) if y.ndim == 1 else y
    array = np.array(numbers, dtype.numpy)
    return wrap(array.reshape(-1, 1, 1) if array.ndim == 1 else array)


def largest(dtype: Dtype) -> int:
    """What stands for white."""
    if dtype.is_floating_point:
        return 1
    return 1 if dtype is dtypes.bool else int(np.iinfo(dtype.numpy).max)


@on_planes
def to_dtype(
    inpt: Tensor, dtype: Dtype = dtypes.float32, scale: bool = False
) -> Tensor:
    """In another dtype; with `scale`, white stays white."""
    given = inpt.dtype
    if given is dtype or not scale or (
        given.is_floating_point and dtype.is_floating_point
    ):
        return inpt.to(dtype)
    if dtype.is_floating_point:
        return inpt.to(dtype) * (1.0 / largest(given))
    if given.is_floating_point:
        exact = 24 if given.itemsize == 4 else 53
        if largest(dtype) >= 2**exact:
            raise RuntimeError(
                f"The conversion from {given} to {dtype} cannot be performed "
                "safely."
            )
        return (inpt * (largest(dtype) + 1.0 - 1e-3)).to(dtype)
    bits = largest(dtype).bit_length() - largest(given).bit_length()
    if bits < 0:
        return wrap(inpt.array >> -bits).to(dtype)
    return wrap(inpt.to(dtype).array << bits)


def convert_image_dtype(image: Any, dtype: Dtype = dtypes.float32) -> Any:
    """The older name of to_dtype with scale=True."""
    return to_dtype(image, dtype, scale=True)
