"""What an optimizer remembers: making its tensors, reading its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from scratch import dtypes
from scratch.tensor import Tensor, wrap


def zeros_like(p: Tensor) -> Tensor:
    """Zeros of the shape, dtype and memory order of p."""
    return wrap(np.zeros_like(p.array))


def full_like(p: Tensor, value: float) -> Tensor:
    """`value` in every element; in both parts of a complex number."""
    filled = zeros_like(p)
    as_real(filled.array)[...] = value
    return filled


def scalar(value: float = 0.0) -> Tensor:
    """A number kept as a tensor: float32, or float64 if that is default."""
    double = dtypes.get_default_dtype() is dtypes.float64
    return wrap(np.array(value, np.float64 if double else np.float32))


def as_real(array: np.ndarray) -> np.ndarray:
    """A view without complex numbers: (*) -> (*, 2), real and imaginary."""
    if array.dtype.kind != "c":
        return array
    return array[..., None].view(array.real.dtype)


def plain(option: Any) -> Any:
    """An option as numbers: a one-element tensor gives its element.

    It stays a NumPy number of its dtype: lr / (1 - β₁ᵗ) is then rounded as
    torch rounds it.
    """
    if isinstance(option, Tensor):
        return option.array.reshape(())[()]
    if isinstance(option, tuple):
        return tuple([plain(part) for part in option])
    return option


def fit(value: Any, p: Tensor, key: str | None = None) -> Any:
    """A copy of a saved value, its tensors in the dtype of their parameter.

    torch: the step count keeps its own dtype.
    """
    if isinstance(value, Tensor):
        cast = p.array.dtype.kind == "f" and key != "step"
        dtype = p.array.dtype if cast else value.array.dtype
        return wrap(value.array.astype(dtype))
    if isinstance(value, dict):
        return {k: fit(v, p, k) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([fit(v, p) for v in value])
    return value
