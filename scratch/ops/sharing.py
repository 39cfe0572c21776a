"""Memory that others have: asarray, frombuffer, from_dlpack."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..graph import new_leaf
from ..tensor import Tensor, wrap
from .creation import from_numpy, numbers
from .operands import torch_name

__all__ = ["asarray", "frombuffer", "from_dlpack"]


def asarray(obj: Any, *, dtype: Any = None, device: Any = None,
            copy: bool | None = None,
            requires_grad: bool | None = None) -> Tensor:
    """`obj` as a tensor: in its memory where possible, a copy if told.

    copy=False: refused where the memory cannot be shared. A tensor keeps
    its place in the graph unless requires_grad is False.
    """
    require_cpu(device)
    if copy is False:
        check_shared(obj, dtype)
    if isinstance(obj, Tensor):
        x = obj if dtype is None else obj.to(dtype)
        x = x.clone() if copy and x is obj else x
        if requires_grad is None:
            return x
        return x.requires_grad_() if requires_grad else x.detach()
    if not isinstance(obj, (np.ndarray, np.generic)) and has_buffer(obj):
        x = from_bytes(obj, dtype)
        x = x.clone() if copy else x
    else:
        x = wrap(numbers(obj, dtype, copy=bool(copy)))
    return new_leaf(x, requires_grad)


def has_buffer(obj: Any) -> bool:
    """Whether it shows its memory: bytes and their kin."""
    try:
        memoryview(obj)
    except TypeError:
        return False
    return True


def from_bytes(obj: Any, dtype: Any) -> Tensor:
    """Memory as a row of numbers: of that dtype, or of its own kind."""
    kind = dtype or dtypes.of(np.asarray(memoryview(obj)).dtype)
    return frombuffer(obj, dtype=kind)


def check_shared(obj: Any, dtype: Any) -> None:
    """Refuse what has no memory of that dtype to share."""
    if isinstance(obj, np.generic):
        raise RuntimeError("can't alias NumPy scalars. Either remove "
                           "copy=False or transform it in a ndarray. ")
    if isinstance(obj, (Tensor, np.ndarray)):
        found = dtypes.of(obj.dtype) if isinstance(
            obj, np.ndarray) else obj.dtype
        if dtype not in (None, found):
            raise ValueError(
                f"can't alias tensor with dtype '{torch_name(found)}' into "
                f"dtype '{torch_name(dtype)}'.")
    elif not has_buffer(obj):
        raise ValueError("can't alias arbitrary sequence into a tensor.")


def frombuffer(buffer: Any, *, dtype: dtypes.dtype, count: int = -1,
               offset: int = 0, requires_grad: bool = False) -> Tensor:
    """A tensor in the memory of bytes, from `offset` on"""
    try:
        view = memoryview(buffer)
    except TypeError as error:
        raise ValueError("object does not implement Python buffer protocol."
                         ) from error
    size, step = view.nbytes, dtype.itemsize
    check_buffer(size, step, count, offset)
    if view.readonly:
        warnings.warn(
            "The given buffer is not writable, and PyTorch does not support "
            "non-writable tensors. This means you can write to the "
            "underlying (supposedly non-writable) buffer using the tensor. "
            "You may want to copy the buffer to protect its data or make it "
            "writable before converting it to a tensor. This type of warning"
            " will be suppressed for the rest of this program.",
            stacklevel=2)
    x = wrap(np.frombuffer(view, dtype.numpy, count, offset))
    return new_leaf(x, requires_grad)


def check_buffer(size: int, step: int, count: int, offset: int) -> None:
    """Refuse a piece that does not lie within the buffer."""
    if not size or not count:
        raise ValueError(f"both buffer length ({size}) and count ({count}) "
                         "must not be 0")
    if not 0 <= offset < size:
        raise ValueError(
            f"offset ({offset} bytes) must be non-negative and no greater "
            f"than buffer length ({size} bytes) minus 1")
    if count > 0 and offset + count * step > size:
        raise ValueError(
            f"requested buffer length ({count} * {step} bytes) after offset "
            f"({offset} bytes) must not be greater than actual buffer length"
            f" ({size} bytes)")
    if count < 0 and (size - offset) % step:
        raise ValueError(
            f"buffer length ({size - offset} bytes) after offset ({offset} "
            f"bytes) must be a multiple of element size ({step})")


class Capsule:
    """A bare DLPack capsule, for those who ask a tensor for one."""

    def __init__(self, found: Any):
        self.found = found

    def __dlpack__(self, **options: Any) -> Any:
        return self.found

    def __dlpack_device__(self) -> tuple:
        return 1, 0  # DLPack: the CPU


def from_dlpack(ext_tensor: Any, *, device: Any = None,
                copy: bool | None = None) -> Tensor:
    """A tensor in the memory of another library's, or a copy of it"""
    require_cpu(device)
    if not hasattr(ext_tensor, "__dlpack__"):
        if type(ext_tensor).__name__ != "PyCapsule":
            raise RuntimeError(
                "from_dlpack received an invalid capsule. Note that DLTensor "
                "capsules can be consumed only once, so you might have "
                "already constructed a tensor from it once.")
        ext_tensor = Capsule(ext_tensor)
    found = np.from_dlpack(ext_tensor)
    return from_numpy(found.copy() if copy else found)
