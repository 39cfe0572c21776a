"""Oddments: the next number, capped rows, sums to a shape, flat places."""

from __future__ import annotations

import operator
import warnings
from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..graph import new_leaf, record
from ..size import Size
from ..tensor import Tensor, wrap
from .combine import split
from .creation import from_numpy
from .masks import keep, nothing
from .numbers import check_wide
from .operands import (
    check_tensor,
    dim_of,
    named,
    refuse,
    torch_name,
    two_tensors,
)

__all__ = ["nextafter", "renorm", "unravel_index", "frombuffer",
           "from_dlpack"]
METHODS = "nextafter renorm sum_to_size".split()
IN_PLACE = ["nextafter", "renorm"]


def nextafter(input: Tensor, other: Tensor) -> Tensor:
    """The number next to x on the way to y"""
    x, y, a, b = two_tensors(input, other, "nextafter")
    refuse(a, "biuc", "nextafter_cpu")
    apart = a != b  # torch: what stays has no slope
    return record(np.nextafter(a, b), (x, lambda g: keep(g, apart)),
                  (y, nothing), name="NextafterBackward0")


def renorm(input: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Each slice along `dim` cut to a p-norm of at most maxnorm"""
    x = input
    check_tensor(x, "renorm")
    for value in (p, maxnorm):
        check_wide(value)
    if p <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if maxnorm < 0:
        raise RuntimeError(
            f"renorm: expected maxnorm to be >= 0 but got {maxnorm:g}")
    if x.ndim < 2:
        raise RuntimeError("renorm: input needs at least 2 dimensions, got "
                           f"{x.ndim} dimensions")
    if x.array.dtype.kind not in "fc":
        raise NotImplementedError(
            "linalg.vector_norm: Expected a floating point or complex tensor"
            f" as input. Got {torch_name(x.dtype)}")
    d = dim_of(dim, x.ndim)
    others = [k for k in range(x.ndim) if k != d]
    norm = x.norm(p, others, True)
    small = wrap(norm.array <= maxnorm)
    # torch: a little more than the norm, so that rounding stays below
    scale = (maxnorm / (norm + 1e-7)).masked_fill(small, 1.0)
    return named(x * scale, "RenormBackward0")


def sum_to_size(input: Tensor, *size: Any) -> Tensor:
    """The sum over what broadcasting from this size would repeat"""
    if not size:
        raise TypeError("sum_to_size() missing 1 required positional "
                        'arguments: "size"')
    given = size[0] if len(size) == 1 and isinstance(
        size[0], (tuple, list, Size)) else size
    wanted, shape = [int(n) for n in given], [*input.shape]
    lead = len(shape) - len(wanted)
    if lead < 0 or any(n not in (1, m)
                       for n, m in zip(wanted, shape[lead:])):
        raise RuntimeError(f"size {{{wanted}}} is not expandable to size "
                           f"{{{shape}}}.")
    if not wanted:
        return input.sum()
    y = input
    dims = [k + lead for k, n in enumerate(wanted) if n != shape[k + lead]]
    if dims:
        y = y.sum(dims, True)
    return y.sum(list(range(lead))) if lead else y


def unravel_index(indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """The places of flat positions in a tensor of this shape"""
    if indices.array.dtype.kind not in "iu":
        raise TypeError("expected 'indices' to be integer dtype, but got "
                        f"{indices.dtype}")
    sizes = (shape,) if isinstance(shape, int) else tuple(
        operator.index(n) for n in shape)
    if any(n < 0 for n in sizes):
        raise ValueError(
            f"'shape' cannot have negative values, but got {sizes}")
    rest, places = indices.array.astype(np.int64), []
    for n in sizes[::-1]:  # torch: what is too large begins anew
        places.append(wrap(np.asarray(np.mod(rest, n))))
        rest = np.floor_divide(rest, n)
    return tuple(places[::-1])


def split_method(input: Tensor, split_size: Any, dim: int = 0) -> tuple:
    """Tensor.split, whose argument torch names otherwise."""
    return split(input, split_size, dim)


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
