"""torch's old constructor: a tensor of sizes, or of numbers in sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..size import Size
from ..tensor import Tensor, wrap
from .creation import empty, tensor

__all__ = []
METHODS = ["new"]
IN_PLACE: list[str] = []


def new(input: Tensor, *data: Any, device: Any = None) -> Tensor:
    """As Tensor(…), in x's dtype."""
    require_cpu(device)
    return made(input.dtype, data)


def made(dtype: dtypes.dtype, data: tuple) -> Tensor:
    """A tensor of sizes, of another tensor, or of numbers in sequences."""
    if (
        not data
        or isinstance(data[0], (int, np.integer))
        and not isinstance(data[0], bool)
    ):
        return empty(data or (0,), dtype=dtype)
    if isinstance(data[0], Size):
        return empty(data[0], dtype=dtype)
    if isinstance(data[0], Tensor):
        if data[0].dtype is not dtype:
            raise TypeError(
                f"expected a tensor of {dtype} (got a tensor of "
                f"{data[0].dtype})"
            )
        return wrap(data[0].array)
    if isinstance(data[0], str):
        raise TypeError("new(): invalid data type 'str'")
    if not isinstance(data[0], (Sequence, np.ndarray)):
        raise TypeError(
            f"new(): data must be a sequence (got {type(data[0]).__name__})"
        )
    return tensor(data[0], dtype=dtype)
