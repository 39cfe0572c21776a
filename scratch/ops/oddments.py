"""Oddments: the next number, capped rows, sums to a shape, flat places."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..graph import record
from ..size import Size
from ..tensor import Tensor, wrap
from .combine import split
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

__all__ = ["nextafter", "renorm", "unravel_index"]
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
