"""What a tensor says of itself: sizes, strides, kinds."""

from __future__ import annotations

import math
from typing import Any

from ..layouts import contiguous_format, lies, memory_format
from ..tensor import Tensor
from .kinds import typed
from .operands import check_tensor, dim_of

__all__ = ["numel", "is_same_size"]
METHODS = (
    "numel nelement size dim ndimension stride storage_offset "
    "is_contiguous data_ptr element_size is_floating_point is_complex "
    "is_signed is_same_size is_set_to dim_order"
).split()
IN_PLACE: list[str] = []


def numel(input: Tensor) -> int:
    """How many elements x has."""
    return input.shape.numel()


nelement = numel


def size(input: Tensor, dim: int | None = None) -> Any:
    """The size of every dimension, or of one."""
    if dim is None:
        return input.shape
    if not input.ndim:
        raise IndexError(
            f"Dimension specified as {dim} but tensor has no dimensions")
    return input.shape[dim_of(dim, input.ndim)]


def dim(input: Tensor) -> int:
    """The number of dimensions."""
    return input.ndim


ndimension = dim


def stride(input: Tensor, dim: int | None = None) -> Any:
    """The steps in memory, in elements, along each dimension."""
    a = input.array
    if a.size:
        steps = tuple(s // a.itemsize for s in a.strides)
    else:  # as if in rows of at least one element
        steps = tuple(math.prod(max(n, 1) for n in a.shape[d + 1:])
                      for d in range(a.ndim))
    return steps if dim is None else steps[dim_of(dim, a.ndim)]


def dim_order(self: Tensor, ambiguity_check: Any = False) -> tuple:
    """The dimensions as they lie in memory, the outermost first.

    ambiguity_check: True, refused where several orders describe x; a list
    of memory formats, where not exactly one of them does.
    """
    a = self.array
    if not isinstance(ambiguity_check, bool) and not (
            isinstance(ambiguity_check, list)
            and all(isinstance(f, memory_format) for f in ambiguity_check)):
        raise TypeError("The ambiguity_check argument must be a bool or a "
                        "list of memory formats.")
    if isinstance(ambiguity_check, list):
        unclear = sum(lies(a, f) for f in ambiguity_check) != 1
    else:
        unclear = ambiguity_check and any(n == 1 for n in a.shape)
    steps = self.stride()
    if unclear:
        raise RuntimeError(
            "The tensor does not have unique dim order, or cannot map to "
            "exact one of the given memory formats.")
    return tuple(sorted(range(a.ndim), key=lambda d: -steps[d]))


def storage_offset(input: Tensor) -> int:
    """Where x begins in its storage, in elements."""
    base = input if input._view is None else input._view.base
    away = input.array.ctypes.data - base.array.ctypes.data
    return away // input.array.itemsize


def is_contiguous(input: Tensor, memory_format: Any = contiguous_format
                  ) -> bool:
    """Whether the elements lie in row order without gaps."""
    return lies(input.array, memory_format)


def data_ptr(input: Tensor) -> int:
    """The address of the first element."""
    return input.array.ctypes.data


def element_size(input: Tensor) -> int:
    """Bytes of one element."""
    return input.array.itemsize


def is_floating_point(input: Tensor) -> bool:
    """Whether the numbers are float16, float32 or float64."""
    check_tensor(input, "is_floating_point")
    return input.array.dtype.kind == "f"


def is_complex(input: Tensor) -> bool:
    """Whether the numbers are complex."""
    check_tensor(input, "is_complex")
    return input.array.dtype.kind == "c"


def is_signed(input: Tensor) -> bool:
    """Whether the dtype has negative numbers."""
    check_tensor(input, "is_signed")
    return input.array.dtype.kind not in "bu"


@typed(other="Tensor")
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether both have the same size, whatever their dtypes."""
    return input.array.shape == other.array.shape


@typed(tensor="Tensor")
def is_set_to(self: Tensor, tensor: Tensor) -> bool:
    """Whether both look at the same memory, with the same size and steps."""
    a, b = self.array, tensor.array
    return (a.ctypes.data, a.shape, self.stride()) == (
        b.ctypes.data, b.shape, tensor.stride())
