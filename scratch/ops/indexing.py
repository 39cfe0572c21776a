"""Indexing: views where torch gives views, picked elements elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import alias, record, view
from ..modes import modes
from ..node import node_of
from ..tensor import Tensor, wrap
from .inplace import check_writable, copy_, fill_, write
from .operands import torch_name

__all__ = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def getitem(input: Tensor, index: Any) -> Tensor:
    """x[index]: slices, integers, None and ... give views; masks and
    integer tensors pick elements, in a tensor of its own."""
    x, where = input, plain_index(input, index)
    before = x.array.shape
    if is_basic(where):
        y = basic(x.array, where)
        return view(x, y, lambda g: embed(g, where, before),
                    lambda b: getitem(b, where), name=name_of(where, before))
    return record(advanced(x.array, where),
                  (x, lambda g: place(g, where, before)),
                  name="IndexBackward0")


def basic(a: np.ndarray, where: tuple) -> np.ndarray:
    try:
        return a[(*where, ...)] if Ellipsis not in where else a[where]
    except IndexError as error:
        raise IndexError(torch_message(a, where, error)) from None


def advanced(a: np.ndarray, where: tuple) -> np.ndarray:
    try:
        return np.asarray(a[where])
    except IndexError as error:
        raise IndexError(torch_message(a, where, error)) from None


def torch_message(a: np.ndarray, where: tuple, error: Exception) -> str:
    """NumPy's refusal in torch's words."""
    words = str(error)
    if words.startswith("too many indices"):
        return f"too many indices for tensor of dimension {a.ndim}"
    return words.replace("axis", "dimension")


def name_of(where: tuple, shape: tuple) -> str:
    """The last step of a basic index; among others, a slice of everything
    is none."""
    if len(where) == 1 and isinstance(where[0], slice):
        return "SliceBackward0"
    name, d = "AliasBackward0", 0
    for part in where:
        if part is None:
            name = "UnsqueezeBackward0"
        elif part is Ellipsis:
            d = len(shape) - sum(p is not None and p is not Ellipsis
                                 for p in where) + d
        elif isinstance(part, int):
            name, d = "SelectBackward0", d + 1
        else:
            whole = part.start in (None, 0) and part.step in (None, 1) and (
                part.stop in (None, shape[d]))
            name, d = name if whole else "SliceBackward0", d + 1
    return name


def is_basic(where: tuple) -> bool:
    return not any(isinstance(w, np.ndarray) for w in where)


def plain_index(x: Tensor, index: Any) -> tuple:
    """The index as a tuple that NumPy reads as torch reads the original."""
    if type(index) is int:
        return (index,)
    if not isinstance(index, tuple):
        index = (index,)
    return tuple([plain_part(x, part) for part in index])


def plain_part(x: Tensor, part: Any) -> Any:
    if part is None or part is Ellipsis or type(part) is int:
        return part
    if isinstance(part, slice):
        return plain_slice(part)
    if isinstance(part, Tensor):
        part = part.array
    elif isinstance(part, (bool, np.bool_)):
        return np.asarray(part)
    elif isinstance(part, (np.integer,)):
        return int(part)
    elif isinstance(part, (list, tuple, range)):
        part = np.asarray([p.array if isinstance(p, Tensor) else p
                           for p in part])
        if not part.size:
            part = part.astype(np.int64)
    elif not isinstance(part, np.ndarray):
        if hasattr(part, "__index__"):
            return part.__index__()
        if isinstance(part, (str, bytes)):  # torch: reads it as numbers
            raise TypeError(
                f"new(): invalid data type '{type(part).__name__}'")
        raise IndexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or"
            f" byte Variables are valid indices (got {type(part).__name__})")
    if part.dtype.kind not in "iub":
        raise IndexError(
            "tensors used as indices must be long, int, byte or bool tensors")
    if part.dtype == np.uint8:
        part = part.astype(bool)  # torch: bytes are masks
    if part.ndim == 0 and part.dtype.kind != "b":
        return int(part)
    return part


def plain_slice(part: slice) -> slice:
    try:
        start, stop, step = (None if n is None else n.__index__()
                             for n in (part.start, part.stop, part.step))
    except AttributeError:
        raise TypeError("slice indices must be integers or None or have an "
                        f"__index__ method, got {part}") from None
    if step is not None and step <= 0:
        raise ValueError("step must be greater than zero")
    return slice(start, stop, step)


def embed(y: Tensor, where: tuple, shape: tuple) -> Tensor:
    """The adjoint of a basic index: y at its places, zeros elsewhere."""
    x = np.zeros(shape, y.array.dtype)
    x[where] = y.array
    return record(x, (y, lambda g: getitem(g, where)),
                  name="SliceBackward0")


def place(y: Tensor, where: tuple, shape: tuple) -> Tensor:
    """The adjoint of picking: add each element of y at its place."""
    x = np.zeros(shape, y.array.dtype)
    np.add.at(x, where, y.array)
    return record(x, (y, lambda g: getitem(g, where)),
                  name="IndexPutBackward0")


def setitem(input: Tensor, index: Any, value: Any) -> None:
    """x[index] = value, in place."""
    x, where = input, plain_index(input, index)
    if not isinstance(value, (Tensor, *dtypes.NUMBERS)):
        raise TypeError(f"can't assign a {type(value).__name__} to a "
                        f"torch.{torch_name(x.dtype)}Tensor")
    if is_basic(where):
        whole = where == (Ellipsis,) or (
            where == (slice(None),) and x.array.ndim)
        part = x if whole else getitem(x, where)
        if whole and not isinstance(value, Tensor):
            fill_(part, value)
        else:
            copy_(part, value)
        return
    check_writable(x)
    v = value if isinstance(value, Tensor) else wrap(np.asarray(
        value, x.array.dtype))
    if modes.recording and (node_of(x) or node_of(v)) is not None:
        write(x, index_put_op(alias(x), where, v, put_name(where, value)))
        return
    assign(x.array, where, v.array)
    x.version[0] += 1


def put_name(where: tuple, value: Any) -> str:
    """torch looks at a slice first, and there puts numbers or fills."""
    arrays = [part for part in where if isinstance(part, np.ndarray)]
    if any(not isinstance(part, np.ndarray) and part is not Ellipsis
           and part != slice(None) for part in where):
        return "CopySlices"
    if len(arrays) > 1 or isinstance(value, Tensor):
        return "IndexPutBackward0"
    mask = arrays[0].dtype.kind == "b"
    return "MaskedFillBackward0" if mask else "IndexFillBackward0"


def index_put_op(x: Tensor, where: tuple, v: Tensor,
                 name: str = "IndexPutBackward0") -> Tensor:
    """A copy of x with v at the places."""
    y = x.array.copy()
    assign(y, where, v.array)
    zero = wrap(np.zeros((), x.array.dtype))
    return record(y, (x, lambda g: index_put_op(g, where, zero)),
                  (v, lambda g: getitem(g, where)), name=name)


def assign(a: np.ndarray, where: tuple, value: np.ndarray) -> None:
    try:
        a[where] = value
    except IndexError as error:
        raise IndexError(torch_message(a, where, error)) from None
    except ValueError as error:
        raise RuntimeError(
            f"shape mismatch: value tensor of shape {[*value.shape]} cannot "
            f"be broadcast to indexing result: {error}") from None
