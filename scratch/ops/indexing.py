"""Indexing: views where torch gives views, picked elements elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import alias, record, view
from ..kernels import picking
from ..modes import modes
from ..node import node_of
from ..tensor import Tensor, wrap
from .inplace import check_writable, copy_, fill_, write
from .numbers import check_fits, number_in
from .operands import torch_name
from .subscript import c_name, plain_index

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
    return record(picking.pick(x.array, where),
                  (x, lambda g: place(g, where, before)),
                  name="IndexBackward0")


def basic(a: np.ndarray, where: tuple) -> np.ndarray:
    """A view by numbers and slices, refused in torch's words."""
    try:
        return picking.seen(a, where if Ellipsis in where else (*where, ...))
    except IndexError as error:
        words = str(error).replace("axis", "dimension")
        if words.startswith("too many indices"):
            words = f"too many indices for tensor of dimension {a.ndim}"
        if any(isinstance(part, int) and not -2 ** 63 <= part < 2 ** 63
               for part in where):
            raise ValueError("Overflow when unpacking long long") from None
        raise IndexError(words) from None


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


def embed(y: Tensor, where: tuple, shape: tuple) -> Tensor:
    """The adjoint of a basic index: y at its places, zeros elsewhere."""
    x = np.zeros(shape, y.array.dtype)
    x[where] = y.array
    return record(x, (y, lambda g: getitem(g, where)),
                  name="SliceBackward0")


def place(y: Tensor, where: tuple, shape: tuple) -> Tensor:
    """The adjoint of picking: add each element of y at its place."""
    x = picking.placed(y.array, where, shape)
    return record(x, (y, lambda g: getitem(g, where)),
                  name="IndexPutBackward0")


def setitem(input: Tensor, index: Any, value: Any) -> None:
    """x[index] = value, in place."""
    x, where = input, plain_index(input, index)
    v = value_of(x, value)
    if is_basic(where):
        whole = where == (Ellipsis,) or (
            where == (slice(None),) and x.array.ndim)
        part = x if whole else getitem(x, where)
        if whole and not isinstance(value, Tensor):
            fill_(part, value)
        else:
            copy_(part, fitted(v, part.array.shape))
        return
    check_writable(x)
    if v.array.dtype != x.array.dtype:
        v = converted(x, where, v)
    v = without_leading_ones(v)
    if modes.recording and (node_of(x) or node_of(v)) is not None:
        write(x, index_put_op(alias(x), where, v, put_name(where, value)))
        return
    picking.put(x.array, where, v.array)
    x.version[0] += 1


def value_of(x: Tensor, value: Any) -> Tensor:
    """What is assigned, as a tensor: a number in x's dtype."""
    if isinstance(value, Tensor):
        return value
    if not isinstance(value, dtypes.NUMBERS) or isinstance(
            value, (np.float16, np.float32, np.complex64)):
        raise TypeError(f"can't assign a {c_name(value)} to a "
                        f"torch.{torch_name(x.dtype)}Tensor")
    if isinstance(value, int) and not -2 ** 63 <= value < 2 ** 63:
        raise ValueError("Overflow when unpacking long long")
    return wrap(np.asarray(number_in(value, x.array.dtype)))


def without_leading_ones(v: Tensor) -> Tensor:
    """v without its first dimensions of size 1, as torch assigns it."""
    shape = v.array.shape
    if not shape or shape[0] != 1:
        return v
    first = next((k for k, n in enumerate(shape) if n != 1), len(shape))
    return v.reshape(shape[first:])


def fitted(v: Tensor, shape: tuple) -> Tensor:
    """v as large as the part that it is assigned to."""
    if v.array.shape == shape or not v.array.ndim:
        return v
    return without_leading_ones(v).expand(shape)


def converted(x: Tensor, where: tuple, v: Tensor) -> Tensor:
    """v in x's dtype, where torch converts it: one number, put where one
    mask is true."""
    masks = [part for part in where if isinstance(part, np.ndarray)]
    if v.array.size == 1 and len(masks) == 1 and masks[0].ndim and (
            masks[0].dtype == bool):
        check_fits(v.array.item(), x.dtype)
        return v.to(x.dtype)
    raise RuntimeError(
        "Index put requires the source and destination dtypes match, got "
        f"{torch_name(x.dtype)} for the destination and "
        f"{torch_name(v.dtype)} for the source.")


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
    picking.put(y, where, v.array)
    zero = wrap(np.zeros((), x.array.dtype))
    return record(y, (x, lambda g: index_put_op(g, where, zero)),
                  (v, lambda g: getitem(g, where)), name=name)
