"""Unpooling: entries put back where a pool found them.

x (N, C, *P) -> y (N, C, *S), 0 elsewhere: the inverse of a max-pool as far
as there is one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels.windows import Sizes
from ..tensor import Tensor
from .geometry import each_axis
from .kinds import is_ints, refusal, typed
from .operands import check_tensor, torch_name
from .pooling import pick_planes
from .pooling_geometry import check_unpooled_input

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def max_unpool(caller: str, axes: int, input: Tensor, indices: Tensor,
               kernel_size: Any, stride: Any, padding: Any,
               output_size: Any) -> Tensor:
    """Each entry back where max_pool found it, zeros elsewhere."""
    check_tensor(indices, caller, "indices", 2)
    size = unpooled_size(
        input, each_axis(kernel_size, axes), each_axis(
            kernel_size if stride is None else stride, axes),
        each_axis(padding, axes), output_size)
    if axes == 3:
        for name, given in (("stride", stride), ("padding", padding)):
            if isinstance(each_axis(given, 3)[0], bool):
                raise refusal(f"{caller}(): argument '{name}'",
                              "tuple of ints", given)
    check_unpooled(caller, axes, input, size, stride)
    check_indices(indices, input)
    check_unpooled_input(axes, input)
    batched = input.array.ndim == axes + 2
    x = input if batched else input.unsqueeze(0)
    where = indices.array.reshape(x.array.shape)
    check_places(where, size)
    lead, count = where.shape[:2], int(np.prod(size))
    y = np.zeros((*lead, count), x.array.dtype)
    if where.size and count:
        np.put_along_axis(y, where.reshape(*lead, -1),
                          x.array.reshape(*lead, -1), 2)
    out = record(
        y.reshape(*lead, *size),
        (x, lambda g: pick_planes(g, where, "PickPlanesBackward0")),
        name=f"MaxUnpool{3 if axes == 3 else 2}DBackward0")
    return out if batched else out.squeeze(0)


def check_unpooled(caller: str, axes: int, x: Tensor, size: Sizes,
                   stride: Any) -> None:
    """The size before the pool has as many sides as there are axes."""
    if not is_ints(size):
        raise refusal(f"{caller}(): argument 'output_size'", "tuple of ints",
                      size)
    if len(size) != axes:
        raise RuntimeError(f"{caller}: There should be exactly {axes} "
                           f"elements in output_size, but got {[*size]}")
    steps = each_axis(1 if stride is None else stride, 3)
    if axes == 3 and len(steps) != 3:
        raise RuntimeError(f"{caller}: There should be exactly 3 elements in"
                           f" stride, but got: {stride}")
    if axes == 3 and min(steps) <= 0:
        raise RuntimeError("strides should be greater than zero, but got "
                           f"stride: {stride}")
    if x.array.dtype.kind != "f":
        raise NotImplementedError(
            f"\"{caller}\" not implemented for '{torch_name(x.dtype)}'")


def check_indices(indices: Tensor, x: Tensor) -> None:
    """Refuse places that are not one whole number for each entry."""
    if indices.array.dtype != np.int64:
        raise RuntimeError(
            "elements in indices should be type int64 but got: "
            f"{torch_name(indices.dtype)}")
    if x.array.shape != indices.array.shape:
        raise RuntimeError(
            "Expected shape of indices to be same as that of the input "
            f"tensor ({[*x.shape]}) but got indices tensor with shape: "
            f"{[*indices.shape]}")


def check_places(where: np.ndarray, size: Sizes) -> None:
    """Refuse places outside the result."""
    count = int(np.prod(size))
    bad = where[(where < 0) | (where >= count)]
    if bad.size and count:
        raise RuntimeError(
            f"Found an invalid max index: {bad.flat[0]} (output volumes are "
            f"of size {'x'.join(str(n) for n in size)})")


def unpooled_size(x: Tensor, kernel: Sizes, stride: Sizes, padding: Sizes,
                  output_size: Any) -> Sizes:
    """The size before the pool: as asked for, if a pool leads from it."""
    axes = len(kernel)
    usual = tuple((x.shape[d - axes] - 1) * stride[d] + kernel[d]
                  - 2 * padding[d] for d in range(axes))
    if output_size is None:
        if min(usual, default=0) < 0:
            raise ValueError(
                "max_unpooling: output_size must contain non-negative "
                f"spatial dimensions, but got output_size={[*usual]}")
        return usual
    wanted = tuple(output_size)
    if len(wanted) == axes + 2:
        wanted = wanted[2:]
    if len(wanted) != axes:
        raise ValueError(
            f"output_size should be a sequence containing {axes} or "
            f"{axes + 2} elements, but it has a length of '{len(wanted)}'")
    for d, (n, m, s) in enumerate(zip(wanted, usual, stride)):
        if not m - s < n < m + s:
            raise ValueError(f"invalid output_size \"{output_size}\" (dim "
                             f"{d} must be between {m - s} and {m + s})")
    return wanted


@typed(input="methods", indices="methods")
def max_unpool1d(input: Tensor, indices: Tensor, kernel_size: Any,
                 stride: Any = None, padding: Any = 0,
                 output_size: Any = None) -> Tensor:
    """x (N, C, P) -> y (N, C, S)"""
    return max_unpool("max_unpool1d", 1, input, indices, kernel_size, stride,
                      padding, output_size)


def max_unpool2d(input: Tensor, indices: Tensor, kernel_size: Any,
                 stride: Any = None, padding: Any = 0,
                 output_size: Any = None) -> Tensor:
    """x (N, C, P, Q) -> y (N, C, H, W)"""
    return max_unpool("max_unpool2d", 2, input, indices, kernel_size, stride,
                      padding, output_size)


def max_unpool3d(input: Tensor, indices: Tensor, kernel_size: Any,
                 stride: Any = None, padding: Any = 0,
                 output_size: Any = None) -> Tensor:
    """x (N, C, *P) -> y (N, C, *S)"""
    return max_unpool("max_unpool3d", 3, input, indices, kernel_size, stride,
                      padding, output_size)
