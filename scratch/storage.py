"""Storages: the row of bytes in memory that a tensor and its views look at.

A tensor is a shape and strides over a storage: x.t(), x[1] and x.detach()
have the storage of x, and what is written there all of them see.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from .device import device
from .dtypes import dtype as dtype_type
from .dtypes import of
from .tensor import Tensor

__all__ = ["TypedStorage", "UntypedStorage", "is_storage", "storage",
           "untyped_storage"]

CPU = device("cpu")


def memory_of(a: np.ndarray) -> np.ndarray:
    """All of the memory in which an array lies, as a row of its numbers."""
    kind = a.dtype
    while isinstance(a.base, np.ndarray):
        a = a.base
    row = a.ravel(order="K")  # memory of our own has no gaps: no copy
    return row.view(np.uint8).view(kind)


class UntypedStorage:
    """A row of bytes: of that many, or those of a tensor"""

    def __init__(self, size: int | np.ndarray = 0):
        self.row = (size.view(np.uint8) if isinstance(size, np.ndarray)
                    else np.zeros(size, np.uint8))

    def nbytes(self) -> int:
        """How many bytes there are."""
        return self.row.nbytes

    def size(self) -> int:
        """How many elements there are."""
        return len(self.row)

    def element_size(self) -> int:
        """Bytes of one element."""
        return self.row.itemsize

    def data_ptr(self) -> int:
        """The address of the first byte."""
        return self.row.ctypes.data

    def tolist(self) -> list:
        """The elements as Python's numbers."""
        return self.row.tolist()

    @property
    def device(self) -> device:
        """Where the memory is: always the CPU."""
        return CPU

    @property
    def is_cuda(self) -> bool:
        """Whether it is a GPU's memory: no."""
        return False

    def is_shared(self) -> bool:
        """Whether other processes see it: no."""
        return False

    def fill_(self, value: Any) -> Any:
        """Write one number everywhere."""
        self.row.fill(value)
        return self

    def copy_(self, source: Any) -> Any:
        """Write the elements of another storage."""
        self.row[...] = source.row
        return self

    def clone(self) -> Any:
        """The same elements elsewhere in memory."""
        return type(self)(self.row.copy())

    def __len__(self) -> int:
        return len(self.row)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def __getitem__(self, at: Any) -> Any:
        found = self.row[at]
        return type(self)(found) if isinstance(at, slice) else found.item()

    def __setitem__(self, at: Any, value: Any) -> None:
        self.row[at] = value

    def __sizeof__(self) -> int:
        return super().__sizeof__() + self.nbytes()

    def _kind(self) -> str:
        return f"UntypedStorage(device={self.device})"

    def __repr__(self) -> str:
        lines = "".join(f" {number}\n" for number in self.tolist())
        return f"{lines}[torch.storage.{self._kind()} of size {len(self)}]"


class TypedStorage(UntypedStorage):
    """A row of numbers of one dtype, as of x.storage()"""

    def __init__(self, row: np.ndarray):
        self.row = row

    @property
    def dtype(self) -> dtype_type:
        """The type of the numbers."""
        return of(self.row.dtype)

    def untyped(self) -> UntypedStorage:
        """The bytes of the numbers."""
        return UntypedStorage(self.row)

    def _kind(self) -> str:
        return f"TypedStorage(dtype={self.dtype}, device={self.device})"


def is_storage(obj: Any) -> bool:
    """Whether it is a storage, typed or not."""
    return isinstance(obj, UntypedStorage)


def untyped_storage(input: Tensor) -> UntypedStorage:
    """The bytes in which x and its views lie"""
    return UntypedStorage(memory_of(input.array))


def storage(input: Tensor) -> TypedStorage:
    """The numbers in which x and its views lie"""
    warnings.warn(
        "TypedStorage is deprecated. It will be removed in the future and "
        "UntypedStorage will be the only storage class. This should only "
        "matter to you if you are using storages directly.  To access "
        "UntypedStorage directly, use tensor.untyped_storage() instead of "
        "tensor.storage()", UserWarning, stacklevel=2)
    return TypedStorage(memory_of(input.array))
