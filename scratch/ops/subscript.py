"""What stands between the brackets: torch's indices in NumPy's words."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..kernels.picking import width
from ..tensor import Tensor

BYTES = ("indexing with dtype torch.uint8 is now deprecated, please use a "
         "dtype torch.bool instead.")
NO_TUPLE = (
    "Using a non-tuple sequence for multidimensional indexing is deprecated "
    "and will be changed in pytorch 2.9; use x[tuple(seq)] instead of x[seq]"
    ". In pytorch 2.9 this will be interpreted as tensor index, "
    "x[torch.tensor(seq)], which will result either in an error or a "
    "different result")


def plain_index(x: Tensor, index: Any) -> tuple:
    """The index as a tuple that NumPy reads as torch reads the original."""
    if type(index) is int:
        if not x.array.ndim:
            raise IndexError(
                "invalid index of a 0-dim tensor. Use `tensor.item()` in "
                "Python or `tensor.item<T>()` in C++ to convert a 0-dim "
                "tensor to a number")
        return (index,)
    if isinstance(index, slice) and not x.array.ndim:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    several = not isinstance(index, tuple) and is_several(index)
    if not isinstance(index, tuple):
        index = tuple(index) if several else (index,)
    where = tuple([plain_part(part) for part in index])
    if several:
        warnings.warn(NO_TUPLE, UserWarning, stacklevel=3)
    if sum(part is Ellipsis for part in where) > 1:  # torch: each as long
        rest = x.array.ndim - sum(width(part) for part in where)
        where = where[:-1] if where[-1] is Ellipsis else where
        where = tuple([p for part in where for p in (
            [slice(None)] * rest if part is Ellipsis else [part])])
    return where


def is_several(index: Any) -> bool:
    """Whether torch reads a list as the indices of several dimensions:
    where one of its first parts is no number."""
    kind = type(index)
    if isinstance(index, (Tensor, np.ndarray, dict)) or not (
            hasattr(kind, "__getitem__") and hasattr(kind, "__len__")):
        return False
    return len(index) < 32 and any(
        part is None or part is Ellipsis or isinstance(part, (slice, Tensor))
        or hasattr(type(part), "__getitem__") and not isinstance(
            part, np.generic) for part in index)


def plain_part(part: Any) -> Any:
    """One part of an index: None, ..., a number, a slice or an array."""
    if part is None or part is Ellipsis or type(part) is int:
        return part
    if isinstance(part, slice):
        return plain_slice(part)
    if isinstance(part, Tensor):
        return plain_array(part.array)
    if isinstance(part, bool):
        return np.asarray(part)
    if isinstance(part, np.integer):
        return int(part)
    if isinstance(part, (str, bytes)):  # torch: reads it as numbers
        raise TypeError(f"new(): invalid data type '{type(part).__name__}'")
    if not isinstance(part, (list, tuple, range, np.ndarray)):
        if hasattr(part, "__index__"):
            return part.__index__()
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or"
            f" byte Variables are valid indices (got {c_name(part)})")
    numbers = np.asarray(numbers_of(part))
    if numbers.dtype.kind not in "bu" or not numbers.size:
        numbers = numbers.astype(np.int64)  # torch: whatever they were
    return plain_array(numbers)


def plain_array(a: np.ndarray) -> Any:
    """Places or a mask, refused where they are neither."""
    if a.dtype.kind not in "iub" or a.dtype.itemsize in (1, 2) and (
            a.dtype.kind == "i"):
        raise IndexError(
            "tensors used as indices must be long, int, byte or bool tensors")
    if a.dtype == np.uint8:  # torch: bytes are masks
        warnings.warn(BYTES, UserWarning, stacklevel=6)
        a = a.astype(bool)
    return a if a.ndim or a.dtype == bool else int(a)


def numbers_of(part: Any) -> Any:
    """A list without tensors: each of those must be one number."""
    if isinstance(part, Tensor):
        if part.array.size != 1 or part.array.dtype.kind not in "iub":
            raise TypeError("only integer tensors of a single element can "
                            "be converted to an index")
        return part.array.item()
    if isinstance(part, (list, tuple, range)):
        return [numbers_of(p) for p in part]
    if isinstance(part, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(part).__name__}'")
    return part


def c_name(value: Any) -> str:
    """A type's name as C has it: with its module, if it was made there."""
    kind = type(value)
    made_in_c = not kind.__flags__ & 1 << 9  # no heap type
    if made_in_c and kind.__module__ != "builtins":
        return f"{kind.__module__}.{kind.__name__}"
    return kind.__name__


def plain_slice(part: slice) -> slice:
    """A slice of plain numbers with a step of 1 or more."""
    try:
        start, stop, step = (None if n is None else n.__index__()
                             for n in (part.start, part.stop, part.step))
    except AttributeError:
        raise TypeError("slice indices must be integers or None or have an "
                        "__index__ method") from None
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if step is not None and step < 0:
        raise ValueError("step must be greater than zero")
    return slice(start, stop, step)
