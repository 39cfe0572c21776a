"""From one dtype, device or holder to another."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..device import device as device_type
from ..device import require_cpu
from ..graph import record, view
from ..kernels.memory import order_of
from ..layouts import format_of, laid, preserve_format
from ..tensor import Tensor
from .operands import check_tensor, torch_name

__all__ = []
METHODS = (
    "to to_dense type_as cpu cuda get_device pin_memory is_pinned "
    "share_memory_ is_shared as_subclass __dlpack__ __dlpack_device__"
).split()
IN_PLACE: list[str] = []


def to(input: Tensor, *args: Any, dtype: Any = None, device: Any = None,
       non_blocking: bool = False, copy: bool = False,
       memory_format: Any = None) -> Tensor:
    """x in another dtype (or on a device): itself where nothing changes."""
    for arg in args:
        if isinstance(arg, dtypes.dtype):
            dtype = arg
        elif isinstance(arg, Tensor):
            dtype = arg.dtype
        elif isinstance(arg, (str, int, device_type)) and not isinstance(
                arg, bool):
            device = arg
        elif isinstance(arg, type):
            if arg not in dtypes.PYTHON:
                raise TypeError("to() received an invalid combination of "
                                f"arguments - got ({type(arg).__name__})")
            dtype = dtypes.PYTHON[arg]
    require_cpu(device)
    a = input.array
    if dtype is None or dtype.numpy == a.dtype:
        if not copy and memory_format in (None, preserve_format,
                                          format_of(a)):
            return input
        y = laid(a, memory_format, fresh=True)
    else:
        y = laid(cast(a, dtype.numpy), memory_format)
    return record(y, (input, lambda g: g), name="ToCopyBackward0")


def cast(a: np.ndarray, number: np.dtype) -> np.ndarray:
    """a in another dtype, its memory in the same order."""
    if a.dtype.kind == "c" and number.kind not in "cb":
        a = a.real
    if number.kind in "iu" and a.dtype.kind == "f":
        # torch: by way of int64, so that what does not fit wraps around
        return a.astype(np.int64, order_of(a)).astype(number)
    return a.astype(number, order_of(a))


def _caster(name: str, dtype: dtypes.dtype) -> Any:
    def cast_to(input: Tensor, memory_format: Any = None) -> Tensor:
        return to(input, dtype, memory_format=memory_format)

    cast_to.__name__ = cast_to.__qualname__ = name
    cast_to.__doc__ = f"x as {dtype!r}"
    return cast_to


CASTS = {name: _caster(name, getattr(dtypes, name)) for name in (
    "half", "float", "double", "short", "int", "long", "bool", "cfloat",
    "cdouble")}
CASTS["byte"] = _caster("byte", dtypes.uint8)
CASTS["char"] = _caster("char", dtypes.int8)
CASTS["bfloat16"] = _caster("bfloat16", dtypes.bfloat16)  # refused


def to_dense(input: Tensor, dtype: Any = None, *,
             masked_grad: bool | None = None) -> Tensor:
    """x itself, or x in another dtype: all tensors here are dense."""
    return to(input, dtype=dtype)


def type_as(input: Tensor, other: Tensor) -> Tensor:
    """x in the dtype of the other."""
    check_tensor(other, "type_as", "other", 2)
    return to(input, other.dtype)


def cpu(input: Tensor, memory_format: Any = None) -> Tensor:
    """x itself: it is on the CPU."""
    return to(input, memory_format=memory_format)


def cuda(input: Tensor, device: Any = None, non_blocking: bool = False,
         memory_format: Any = None) -> Tensor:
    """Refused: there is no GPU here."""
    require_cpu("cuda" if device is None else device)
    return input


def type_(input: Tensor, dtype: Any = None,
          non_blocking: bool = False) -> Any:
    """x in another type, or without one the name of its type."""
    if dtype is None:
        return f"torch.{torch_name(input.dtype)}Tensor"
    if isinstance(dtype, str):
        name = dtype.removeprefix("torch.").removesuffix("Tensor")
        for known in (*dtypes.DTYPES, dtypes.bfloat16):
            if torch_name(known) == name:
                return to(input, known)
        if name.startswith("cuda."):
            require_cpu("cuda")
        raise ValueError(f"invalid type: '{dtype}'")
    if getattr(dtype, "is_cuda", False):  # torch.cuda.FloatTensor
        require_cpu("cuda")
    if isinstance(dtype, type) and dtype in dtypes.PYTHON:
        raise ValueError(f"invalid type: '{dtype.__name__}'")
    return to(input, getattr(dtype, "dtype", dtype))


def get_device(input: Tensor) -> int:
    """The number of x's GPU: -1, it is on the CPU."""
    return -1


def pin_memory(input: Tensor, device: Any = None) -> Tensor:
    """Refused: memory is pinned for a GPU, and there is none."""
    require_cpu("cuda")
    return input


def is_pinned(input: Tensor, device: Any = None) -> bool:
    """Whether x's memory is pinned for a GPU: no."""
    return False


def share_memory_(input: Tensor) -> Tensor:
    """x itself; processes get copies."""
    return input


def is_shared(input: Tensor) -> bool:
    """Whether other processes see x's memory: no."""
    return False


def check_class(cls: Any) -> None:
    """Refuse what is no class of tensors."""
    if not isinstance(cls, type):
        raise TypeError("cls must be a type (got "
                        f"{type(cls).__name__})")
    if not issubclass(cls, Tensor):
        raise TypeError("Creating a Tensor subclass from a class that does "
                        "not inherit from Tensor is not possible. Make sure "
                        "your class inherits from Tensor.")


def as_subclass(input: Tensor, cls: Any) -> Any:
    """x as a tensor of a derived class, in the same memory and graph"""
    check_class(cls)
    y: Any = view(input, input.array, lambda g: g,
                  lambda base: base.as_subclass(cls), name="AliasBackward0")
    y.__class__ = cls
    return y


def make_subclass(cls: Any, data: Tensor, require_grad: bool = False) -> Any:
    """A leaf of a derived class in the memory of data"""
    check_class(cls)
    if not isinstance(data, Tensor):
        raise TypeError("_make_subclass(): argument 'data' (position 2) must "
                        f"be Tensor, not {type(data).__name__}")
    y: Any = data.detach()
    y.__class__ = cls
    return y.requires_grad_(require_grad)


def __dlpack__(input: Tensor, **options: Any) -> Any:
    """x for another library, in the same memory."""
    if input.requires_grad:
        raise BufferError("Can't export tensors that require gradient, use "
                          "tensor.detach()")
    return input.numpy().__dlpack__(**options)


def __dlpack_device__(input: Tensor) -> tuple:
    """Where x is, in DLPack's terms."""
    return input.array.__dlpack_device__()
