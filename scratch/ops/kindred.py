"""New tensors of the kind of another: new_zeros and its kin."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from .creation import empty_strided, filled, full, needed, tensor

__all__ = []
METHODS = (
    "new_tensor new_zeros new_ones new_empty new_empty_strided new_full"
).split()
IN_PLACE: list[str] = []


def new_tensor(input: Tensor, data: Any, *, dtype: Any = None,
               device: Any = None, requires_grad: bool = False) -> Tensor:
    """`data` in x's dtype."""
    return tensor(data, dtype=dtype or input.dtype, device=device,
                  requires_grad=requires_grad)


def new_zeros(input: Tensor, *shape: Any, size: Any = None,
              dtype: Any = None, device: Any = None,
              requires_grad: bool = False, layout: Any = None,
              pin_memory: bool = False) -> Tensor:
    """Zeros in x's dtype."""
    return filled(np.zeros, shape or needed(size, "new_zeros"),
                  dtype or input.dtype, device, requires_grad)


def new_ones(input: Tensor, *shape: Any, size: Any = None,
             dtype: Any = None, device: Any = None,
             requires_grad: bool = False, layout: Any = None,
             pin_memory: bool = False) -> Tensor:
    """Ones in x's dtype."""
    return filled(np.ones, shape or needed(size, "new_ones"),
                  dtype or input.dtype, device, requires_grad)


def new_empty(input: Tensor, *shape: Any, size: Any = None,
              dtype: Any = None, device: Any = None,
              requires_grad: bool = False, layout: Any = None,
              pin_memory: bool = False) -> Tensor:
    """Unwritten numbers in x's dtype."""
    return filled(np.empty, shape or needed(size, "new_empty"),
                  dtype or input.dtype, device, requires_grad)


def new_empty_strided(input: Tensor, size: Any, stride: Any, *,
                      dtype: Any = None, layout: Any = None,
                      device: Any = None, requires_grad: bool = False,
                      pin_memory: bool = False) -> Tensor:
    """Unwritten numbers in x's dtype, with the given steps in memory."""
    return empty_strided(size, stride, dtype=dtype or input.dtype,
                         device=device, requires_grad=requires_grad)


def new_full(input: Tensor, size: Any, fill_value: Any, *,
             dtype: Any = None, device: Any = None,
             requires_grad: bool = False, layout: Any = None,
             pin_memory: bool = False) -> Tensor:
    """One value in x's dtype."""
    return full(size, fill_value, dtype=dtype or input.dtype, device=device,
                requires_grad=requires_grad)
