"""New tensors: from numbers, from arrays, or filled by a rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..tensor import Tensor, wrap
from .shape import sizes

__all__ = [
    "tensor", "as_tensor", "from_numpy", "zeros", "ones", "zeros_like",
    "ones_like",
]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def tensor(data: Any, *, dtype: Any = None, device: Any = None,
           requires_grad: bool = False, pin_memory: bool = False) -> Tensor:
    """A copy of the numbers in `data`.

    Python floats become the default dtype, integers int64; arrays and
    tensors keep their own.
    """
    require_cpu(device)
    x = wrap(numbers(data, dtype, copy=True))
    return x.requires_grad_() if requires_grad else x


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """`data` as a tensor, sharing memory where it can."""
    require_cpu(device)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return wrap(numbers(data, dtype, copy=False))


def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor in the memory of an array."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(
            f"expected np.ndarray (got {type(ndarray).__name__})")
    dtypes.of(ndarray.dtype)
    if any(s < 0 for s in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and "
            "tensors with negative strides are not currently supported. "
            "(You can probably work around this by making a copy of your "
            "array  with array.copy().)")
    return wrap(ndarray)


def numbers(data: Any, dtype: Any, copy: bool) -> np.ndarray:
    """An array of what torch.tensor accepts."""
    wanted = None if dtype is None else dtype.numpy
    if isinstance(data, Tensor):
        data = data.array
    if isinstance(data, (np.ndarray, np.generic)):
        array = np.array(data, wanted, copy=copy or None)
        dtypes.of(array.dtype)
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    if isinstance(data, (list, tuple)):
        data = nested(data)
    try:
        array = np.array(data)
    except ValueError as error:
        raise ValueError(
            "expected sequence of equal length at every dimension: "
            f"{error}") from None
    if array.dtype.kind not in "biufc":
        raise TypeError(
            f"new(): invalid data type '{type_of_first(data)}'")
    if wanted is None:
        wanted = array.dtype
        if array.dtype.kind == "f" or not array.size:
            wanted = dtypes.get_default_dtype().numpy
        elif array.dtype.kind == "c":
            wanted = dtypes.get_default_dtype().to_complex().numpy
        elif array.dtype.kind in "iu":
            wanted = np.dtype(np.int64)
    if array.dtype.kind == "f" and wanted.kind == "f" and (
            wanted.itemsize < 8):
        return array.astype(wanted)
    return array.astype(wanted, copy=False)


def nested(data: Any) -> Any:
    """Lists of tensors as lists of numbers."""
    if isinstance(data, Tensor):
        return data.array.tolist()
    if isinstance(data, (list, tuple)):
        return [nested(part) for part in data]
    return data


def type_of_first(data: Any) -> str:
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    return type(data).__name__


def filled(fill: Any, shape: tuple, dtype: Any, device: Any,
           requires_grad: bool) -> Tensor:
    """A new tensor from a NumPy function of (shape, dtype)."""
    require_cpu(device)
    shape = sizes(shape) if shape else ()
    for n in shape:
        if n < 0:
            raise RuntimeError(
                "Trying to create tensor with negative dimension "
                f"{n}: {[*shape]}")
    kind = dtypes.get_default_dtype() if dtype is None else dtype
    x = wrap(fill(shape, kind.numpy))
    return x.requires_grad_() if requires_grad else x


def zeros(*size: Any, out: Any = None, dtype: Any = None, layout: Any = None,
          device: Any = None, requires_grad: bool = False,
          pin_memory: bool = False) -> Tensor:
    """Zeros of the given size."""
    return filled(np.zeros, size, dtype, device, requires_grad)


def ones(*size: Any, out: Any = None, dtype: Any = None, layout: Any = None,
         device: Any = None, requires_grad: bool = False,
         pin_memory: bool = False) -> Tensor:
    """Ones of the given size."""
    return filled(np.ones, size, dtype, device, requires_grad)


def zeros_like(input: Tensor, *, dtype: Any = None, layout: Any = None,
               device: Any = None, requires_grad: bool = False,
               memory_format: Any = None) -> Tensor:
    """Zeros of x's size and dtype."""
    return zeros(input.shape, dtype=dtype or input.dtype, device=device,
                 requires_grad=requires_grad)


def ones_like(input: Tensor, *, dtype: Any = None, layout: Any = None,
              device: Any = None, requires_grad: bool = False,
              memory_format: Any = None) -> Tensor:
    """Ones of x's size and dtype."""
    return ones(input.shape, dtype=dtype or input.dtype, device=device,
                requires_grad=requires_grad)
