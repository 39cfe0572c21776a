"""New tensors: from numbers, from arrays, or filled by a rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..tensor import Tensor, wrap
from .operands import cast_number
from .shape import sizes

__all__ = [
    "tensor", "as_tensor", "asarray", "from_numpy", "scalar_tensor",
    "zeros", "ones", "empty", "full", "zeros_like", "ones_like",
    "empty_like", "full_like", "empty_strided",
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
        if isinstance(data[0], dtypes.NUMBERS):
            raise TypeError("a row of numbers holds a sequence as well: "
                            f"{error}") from None
        raise ValueError(
            "expected sequence of equal length at every dimension: "
            f"{error}") from None
    if array.dtype.kind not in "biufc":
        refuse_kind(data)
    if wanted is None:
        wanted = array.dtype
        if array.dtype.kind == "f" or not array.size:
            wanted = dtypes.get_default_dtype().numpy
        elif array.dtype.kind == "c":
            wanted = dtypes.get_default_dtype().to_complex().numpy
        elif array.dtype.kind in "iu":
            wanted = np.dtype(np.int64)
    if array.dtype.kind in "iu" and wanted.kind in "iu" and array.size:
        bounds = np.iinfo(wanted)
        # torch: -1 as uint8 wraps around, what is longer does not
        if array.max() > bounds.max or array.min() < min(
                bounds.min, -int(bounds.max)):
            raise RuntimeError("value cannot be converted to type "
                               f"{wanted} without overflow")
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


def refuse_kind(data: Any) -> None:
    """Say why these are not numbers, as torch does."""
    for part in flat(data):
        if isinstance(part, (str, bytes)):
            raise TypeError(
                f"new(): invalid data type '{type(part).__name__}'")
        if isinstance(part, int):
            if not -2 ** 63 <= part < 2 ** 63:
                raise ValueError("Overflow when unpacking long long: "
                                 f"{part} does not fit int64")
        elif not isinstance(part, dtypes.NUMBERS):
            raise RuntimeError(
                f"Could not infer dtype of {type(part).__name__}")


def flat(data: Any) -> list:
    """The parts of nested lists, one after the other."""
    if not isinstance(data, (list, tuple)):
        return [data]
    return [part for row in data for part in flat(row)]


def check_dtype(kind: Any) -> None:
    """Refuse what is no dtype."""
    if not isinstance(kind, dtypes.dtype):
        raise TypeError("argument 'dtype' must be torch.dtype, not "
                        f"{type(kind).__name__}")


def check_int(n: Any, caller: str, name: str, place: int) -> None:
    """Refuse what is no whole number."""
    if not hasattr(n, "__index__"):
        raise TypeError(f"{caller}(): argument '{name}' (position {place}) "
                        f"must be int, not {type(n).__name__}")


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
    check_dtype(kind)
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


def empty(*size: Any, out: Any = None, dtype: Any = None, layout: Any = None,
          device: Any = None, requires_grad: bool = False,
          pin_memory: bool = False, memory_format: Any = None) -> Tensor:
    """Numbers of the given size that are still to be written."""
    if not size:
        raise TypeError(
            'empty() missing 1 required positional arguments: "size"')
    return filled(np.empty, size, dtype, device, requires_grad)


def full(size: Any, fill_value: Any, *, out: Any = None, dtype: Any = None,
         layout: Any = None, device: Any = None, requires_grad: bool = False,
         pin_memory: bool = False) -> Tensor:
    """One value everywhere; its own type gives the dtype."""
    if isinstance(fill_value, Tensor):
        dtype = dtype or fill_value.dtype
        fill_value = fill_value.item()
    if not isinstance(fill_value, dtypes.NUMBERS):
        raise TypeError("full(): argument 'fill_value' (position 2) must be "
                        f"Number, not {type(fill_value).__name__}")
    kind = dtype or dtypes.of_number(fill_value)
    value = cast_number(fill_value, kind)
    return filled(lambda shape, number: np.full(shape, value, number),
                  (tuple(size),), kind, device, requires_grad)


def like(make: Any, about: str) -> Any:
    """zeros_like and its kin: x's size, and its dtype unless told."""

    def made(input: Tensor, *, dtype: Any = None, layout: Any = None,
             device: Any = None, requires_grad: bool = False,
             memory_format: Any = None, pin_memory: bool = False) -> Tensor:
        require_cpu(device)
        kind = input.array.dtype if dtype is None else dtype.numpy
        x = wrap(make(input.array, kind))
        return x.requires_grad_() if requires_grad else x

    made.__name__ = made.__qualname__ = make.__name__
    made.__doc__ = about
    return made


zeros_like = like(np.zeros_like, "Zeros of x's size and dtype.")
ones_like = like(np.ones_like, "Ones of x's size and dtype.")
empty_like = like(np.empty_like, "Unwritten numbers of x's size and dtype.")


def full_like(input: Tensor, fill_value: Any, *, dtype: Any = None,
              layout: Any = None, device: Any = None,
              requires_grad: bool = False,
              memory_format: Any = None) -> Tensor:
    """One value everywhere, of x's size and dtype."""
    return full(input.shape, fill_value, dtype=dtype or input.dtype,
                device=device, requires_grad=requires_grad)


def empty_strided(size: Any, stride: Any, *, dtype: Any = None,
                  layout: Any = None, device: Any = None,
                  requires_grad: bool = False,
                  pin_memory: bool = False) -> Tensor:
    """Unwritten numbers with the given steps in memory."""
    require_cpu(device)
    kind = (dtype or dtypes.get_default_dtype()).numpy
    reach = sum((n - 1) * s for n, s in zip(size, stride)) + 1
    flat = np.empty(0 if 0 in tuple(size) else max(reach, 1), kind)
    x = wrap(np.lib.stride_tricks.as_strided(
        flat, tuple(size), [s * kind.itemsize for s in stride]))
    return x.requires_grad_() if requires_grad else x


def scalar_tensor(s: Any, *, dtype: Any = None, layout: Any = None,
                  device: Any = None, requires_grad: bool = False) -> Tensor:
    """A number as a tensor without dimensions, in the default dtype."""
    return tensor(s, dtype=dtype or dtypes.get_default_dtype(),
                  device=device, requires_grad=requires_grad)


def asarray(obj: Any, *, dtype: Any = None, device: Any = None,
            copy: bool | None = None, requires_grad: bool = False) -> Tensor:
    """`obj` as a tensor: shared where possible, copied if told."""
    require_cpu(device)
    if isinstance(obj, Tensor):
        x = obj if dtype is None else obj.to(dtype)
        x = x.clone() if copy and x is obj else x
        return x if requires_grad else x.detach()
    x = wrap(numbers(obj, dtype, copy=bool(copy)))
    return x.requires_grad_() if requires_grad else x
