"""New tensors: from numbers, from arrays, or filled by a rule."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..graph import new_leaf
from ..kernels.memory import order_of
from ..layouts import laid, preserve_format
from ..tensor import Tensor, wrap
from .nested import inferred, read
from .numbers import cast_number, check_fits
from .shape import sizes
from .strides import check_layout

__all__ = [
    "tensor", "as_tensor", "from_numpy", "scalar_tensor",
    "zeros", "ones", "empty", "full", "zeros_like", "ones_like",
    "empty_like", "full_like", "empty_strided", "empty_permuted",
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
    return new_leaf(x, requires_grad)


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
            f"expected np.ndarray (got {typename(type(ndarray))})")
    check_array(ndarray)
    if not ndarray.flags.writeable:
        warnings.warn(NOT_WRITABLE, stacklevel=2)
    return wrap(ndarray)


NOT_WRITABLE = (
    "The given NumPy array is not writable, and PyTorch does not support "
    "non-writable tensors. This means writing to this tensor will result in "
    "undefined behavior. You may want to copy the array to protect its data "
    "or make it writable before converting it to a tensor. This type of "
    "warning will be suppressed for the rest of this program.")


def typename(kind: type) -> str:
    """The name of a type, with its module where it is not Python's own."""
    name = kind.__name__
    return name if kind.__module__ == "builtins" else (
        f"{kind.__module__}.{name}")


def check_array(a: np.ndarray) -> None:
    """Refuse arrays of what is no number, or that lie in memory as no
    tensor does."""
    dtypes.of(a.dtype)
    if not a.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native "
            "byte order. Conversion between byte orders is currently not "
            "supported.")
    if any(s % a.itemsize for s in a.strides):
        raise ValueError(
            "given numpy array strides not a multiple of the element byte "
            "size. Copy the numpy array to reallocate the memory.")
    if any(s < 0 for s in a.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and "
            "tensors with negative strides are not currently supported. "
            "(You can probably work around this by making a copy of your "
            "array  with array.copy().) ")


def numbers(data: Any, dtype: Any, copy: bool) -> np.ndarray:
    """An array of what torch.tensor accepts."""
    wanted = None if dtype is None else dtypes.of_python(dtype).numpy
    if isinstance(data, Tensor):
        data = data.array
    if isinstance(data, np.ndarray):
        check_array(data)
    if isinstance(data, (np.ndarray, np.generic)):
        array = np.array(data, wanted, copy=copy or None)
        dtypes.of(array.dtype)
        return array
    if not hasattr(data, "__array__"):
        return read(data, wanted)
    array = np.asarray(data)
    if array.dtype.kind not in "biufc":
        inferred(data)
    return array.astype(wanted or array.dtype)


def check_dtype(kind: Any) -> None:
    """Refuse what is no dtype."""
    if not isinstance(kind, dtypes.dtype):
        raise TypeError("argument 'dtype' must be torch.dtype, not "
                        f"{type(kind).__name__}")


def check_int(n: Any, caller: str, name: str, place: int) -> None:
    """Refuse what is no whole number."""
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError(f"{caller}(): argument '{name}' (position {place}) "
                        f"must be int, not {type(n).__name__}")


def filled(fill: Any, shape: tuple, dtype: Any, device: Any,
           requires_grad: bool) -> Tensor:
    """A new tensor from a NumPy function of (shape, dtype)."""
    require_cpu(device)
    shape = sizes(shape) if shape else ()
    kind = (dtypes.get_default_dtype() if dtype is None
            else dtypes.of_python(dtype))
    check_dtype(kind)
    check_room(shape, kind.itemsize)
    try:
        x = wrap(fill(shape, kind.numpy))
    except MemoryError:
        raise NoMemory(
            "DefaultCPUAllocator: can't allocate memory: you tried to "
            f"allocate {math.prod(shape) * kind.itemsize} bytes.") from None
    return new_leaf(x, requires_grad)


class NoMemory(RuntimeError, MemoryError):
    """torch says RuntimeError where Python says MemoryError: this is both."""


def check_room(shape: tuple, itemsize: int) -> None:
    """Refuse sizes whose bytes no number can count."""
    count = 1
    for i, n in enumerate(shape):
        if n < 0:
            raise RuntimeError(
                "Trying to create tensor with negative dimension "
                f"{n}: {[*shape]}")
        if n >= 2 ** 63:
            raise TypeError(
                f"argument 'size' failed to unpack the object at pos {i + 1} "
                'with error "Overflow when unpacking long long"')
        count = n * count if count < 2 ** 64 else count
    if count * itemsize >= 2 ** 63:
        raise RuntimeError("Storage size calculation overflowed with sizes="
                           f"{[*shape]}")


def needed(size: Any, caller: str) -> tuple:
    """A size given by its name, or torch's error where there is none."""
    if size is None:
        raise TypeError(
            f'{caller}() missing 1 required positional arguments: "size"')
    return (size,)


def zeros(*shape: Any, size: Any = None, out: Any = None, dtype: Any = None,
          layout: Any = None, device: Any = None, requires_grad: bool = False,
          pin_memory: bool = False) -> Tensor:
    """Zeros of the given size."""
    return filled(np.zeros, shape or needed(size, "zeros"), dtype, device,
                  requires_grad)


def ones(*shape: Any, size: Any = None, out: Any = None, dtype: Any = None,
         layout: Any = None, device: Any = None, requires_grad: bool = False,
         pin_memory: bool = False) -> Tensor:
    """Ones of the given size."""
    return filled(np.ones, shape or needed(size, "ones"), dtype, device,
                  requires_grad)


def empty(*shape: Any, size: Any = None, out: Any = None, dtype: Any = None,
          layout: Any = None, device: Any = None, requires_grad: bool = False,
          pin_memory: bool = False, memory_format: Any = None) -> Tensor:
    """Numbers of the given size that are still to be written."""
    if memory_format is preserve_format:
        raise RuntimeError("unsupported memory format Preserve")
    return filled(lambda *made: laid(np.empty(*made), memory_format),
                  shape or needed(size, "empty"), dtype, device,
                  requires_grad)


def full(size: Any, fill_value: Any, *, out: Any = None, dtype: Any = None,
         layout: Any = None, device: Any = None, requires_grad: bool = False,
         pin_memory: bool = False) -> Tensor:
    """One value everywhere; its own type gives the dtype."""
    if isinstance(fill_value, Tensor) and not fill_value.array.ndim:
        fill_value = fill_value.item()
    if not isinstance(fill_value, dtypes.NUMBERS):
        raise TypeError("full(): argument 'fill_value' (position 2) must be "
                        f"Number, not {type(fill_value).__name__}")
    kind = dtype or dtypes.of_number(fill_value)
    check_fits(fill_value, kind)
    value = cast_number(fill_value, kind)
    return filled(lambda shape, number: np.full(shape, value, number),
                  (tuple(size),), kind, device, requires_grad)


def like(make: Any, about: str) -> Any:
    """zeros_like and its kin: x's size, and its dtype unless told."""

    def made(input: Tensor, *, dtype: Any = None, layout: Any = None,
             device: Any = None, requires_grad: bool = False,
             memory_format: Any = None, pin_memory: bool = False) -> Tensor:
        require_cpu(device)
        kind = (input.array.dtype if dtype is None
                else dtypes.of_python(dtype).numpy)
        a = input.array
        x = wrap(laid(make(a, kind, order_of(a)), memory_format))
        return new_leaf(x, requires_grad)

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
    one = full((), fill_value, dtype=dtype or input.dtype).array
    x = like(lambda a, *lying: np.full_like(a, one, *lying), "")
    return x(input, dtype=dtype or input.dtype, device=device,
             requires_grad=requires_grad, memory_format=memory_format)


def empty_strided(size: Any, stride: Any, *, dtype: Any = None,
                  layout: Any = None, device: Any = None,
                  requires_grad: bool = False,
                  pin_memory: bool = False) -> Tensor:
    """Unwritten numbers with the given steps in memory."""
    require_cpu(device)
    kind = (dtype or dtypes.get_default_dtype()).numpy
    check_layout(tuple(size), tuple(stride))
    check_room(tuple(size), 1)
    reach = sum((n - 1) * s for n, s in zip(size, stride)) + 1
    flat = np.empty(0 if 0 in tuple(size) else max(reach, 1), kind)
    x = wrap(np.lib.stride_tricks.as_strided(
        flat, tuple(size), [s * kind.itemsize for s in stride]))
    return new_leaf(x, requires_grad)


def empty_permuted(size: Any, physical_layout: Any, *, dtype: Any = None,
                   layout: Any = None, device: Any = None,
                   requires_grad: bool = False,
                   pin_memory: bool = False) -> Tensor:
    """Unwritten numbers whose dimensions lie in memory in the given order,
    the last one innermost."""
    size, order = sizes((size,)), tuple(physical_layout)
    n = len(size)
    if len(order) != n:
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the "
            f"physical_layout; i.e. len(size) = {n} is not equal to "
            f"len(physical_layout) = {len(order)}")
    for i, d in enumerate(order):
        if not 0 <= d < n:
            raise RuntimeError(
                f"Dimension out of range (expected to be between 0 and "
                f"{n - 1}, but got {d} at index {i}).  NB: negative dims not"
                " currently supported; file an issue if you want it.")
        if d in order[:i]:
            raise RuntimeError("Duplicate dim not allowed")
    check_room(size, 1)
    back = sorted(range(n), key=order.__getitem__)
    x = filled(lambda shape, number: np.empty(
        [shape[d] for d in order], number).transpose(back),
        (size,), dtype, device, False)
    return new_leaf(x, requires_grad)


def scalar_tensor(s: Any, *, dtype: Any = None, layout: Any = None,
                  device: Any = None, requires_grad: bool = False) -> Tensor:
    """A number as a tensor without dimensions, in the default dtype."""
    return tensor(s, dtype=dtype or dtypes.get_default_dtype(),
                  device=device, requires_grad=requires_grad)
