"""Adaptive pooling: as many windows as asked for, as even as may be.

Window i of n covers the entries ⌊i S / n⌋ to ⌈(i + 1) S / n⌉.
x (N, C, *S) -> y (N, C, *count).
"""

from __future__ import annotations

import math
from typing import Any

from ..graph import record
from ..kernels import adaptive_pool as kernels
from ..kernels import memory
from ..kernels.windows import Sizes
from ..tensor import Tensor, wrap
from ..unseen import any_order
from .geometry import each_axis
from .kinds import is_ints, refusal, typed
from .masks import level, spot, twice
from .operands import check_tensor, torch_name
from .pooling import place_planes
from .reduction import average

__all__ = ["adaptive_avg_pool1d"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def adaptive_sum(x: Tensor, count: Sizes) -> Tensor:
    """The sum of every one of `count` windows"""
    size = x.array.shape[2:]
    return record(kernels.adaptive_sum(x.array, count),
                  (x, lambda g: adaptive_sum_input(g, size)))


def adaptive_sum_input(y: Tensor, size: Sizes) -> Tensor:
    """The adjoint of adaptive_sum"""
    count = y.array.shape[2:]
    return record(kernels.adaptive_sum_input(y.array, size),
                  (y, lambda g: adaptive_sum(g, count)))


def adaptive(caller: str, axes: int, x: Tensor,
             output_size: Any) -> tuple[Tensor, Sizes]:
    """x with a batch, and the number of windows along every axis."""
    check_tensor(x, caller)
    ndim, shape = x.array.ndim, [*x.shape]
    if ndim not in (axes + 1, axes + 2):
        if axes > 1:
            check_length(output_size, ndim)
        if axes == 1:
            check_sizes(caller, output_size, each_axis(output_size, 1))
        elif "avg" in caller:  # torch: the numbers first
            refuse_negative(caller, windows_wanted(
                caller, output_size, (1,) * axes, ndim), shape)
        if axes == 1:
            raise RuntimeError(
                f"Expected 2 to 3 dimensions, but got {ndim}-dimensional "
                "tensor for argument #1 'self' (while checking arguments for"
                f" {caller})")
        colon = ":" if "max" in caller else ""
        raise RuntimeError(f"{caller}(): Expected {axes + 1}D or {axes + 2}D"
                           f" tensor, but got{colon} {shape}")
    for d in range(ndim - axes, ndim):
        if shape[d] == 0:
            raise RuntimeError(
                f"{caller.replace('1d', '2d')}(): Expected input to have "
                "non-zero size for non-batch dimensions, but input has sizes"
                f" {shape} with dimension {d} being empty")
    if x.array.dtype.kind != "f":
        raise NotImplementedError(
            f"\"{caller}\" not implemented for '{torch_name(x.dtype)}'")
    count = windows_wanted(caller, output_size, x.array.shape[-axes:],
                           ndim)
    refuse_negative(caller, count, shape)
    return (x if ndim == axes + 2 else x.unsqueeze(0)), count


def windows_wanted(caller: str, output_size: Any, size: Sizes,
                   ndim: int) -> Sizes:
    """output_size for every axis; None keeps the axis as it is."""
    axes = len(size)
    if isinstance(output_size, Tensor):
        if output_size.array.ndim == 1:
            output_size = tuple(output_size)
        elif axes == 1:
            output_size = output_size.item()
    given = output_size if isinstance(output_size, (tuple, list)) else (
        output_size,) * axes
    if axes > 1 and isinstance(output_size, (tuple, list)):
        check_length(given, ndim)
        given = [0 if n is None else n for n in given]
    check_sizes(caller, output_size, given)
    output_size = output_size if isinstance(output_size, (tuple, list)) else (
        given)
    if len(output_size) != axes:
        if axes == 1:
            raise RuntimeError(
                f"{caller}() argument 'output_size' should contain one int "
                f"(got {len(output_size)})")
        raise RuntimeError(
            f"{caller}(): internal error: output_size.size() must be {axes}"
            if "max" in caller else
            f"{caller}: output_size must be {axes}")
    return tuple(n if c is None else int(c)
                 for c, n in zip(output_size, size))


def check_sizes(caller: str, output_size: Any, given: Any) -> None:
    """Whole numbers, not a tensor of them"""
    if isinstance(output_size, Tensor) or not is_ints(given):
        raise refusal(f"{caller}(): argument 'output_size' (position 2)",
                      "tuple of ints", output_size)


def refuse_negative(caller: str, count: Sizes, shape: list) -> None:
    """torch: the mean refuses a negative size, the largest tries to make
    it; one axis is seen as the last of two."""
    if min(count) >= 0:
        return
    seen = (1, *count) if len(count) == 1 else count
    if "max" in caller:
        told = [*shape[:-len(count)], *seen]
        raise RuntimeError("Trying to create tensor with negative dimension "
                           f"{next(n for n in told if n < 0)}: {told}")
    rest = ",".join(str(n) for n in seen[1:])
    raise RuntimeError(
        f"{caller.replace('1d', '2d')}: elements of output_size must be "
        f"greater than or equal to 0 but received {{{seen[0]}, {rest}}}")


def check_length(output_size: Any, ndim: int) -> None:
    """torch: a list of sizes is shorter than the input's."""
    given = output_size if isinstance(output_size, (tuple, list)) else ()
    if given and len(given) > ndim - 1:
        raise ValueError(
            f"Input dimension should be at least {len(given) + 1}")


def adaptive_avg(caller: str, axes: int, input: Tensor,
                 output_size: Any) -> Tensor:
    """The mean of every window."""
    x, count = adaptive(caller, axes, input, output_size)
    size = x.array.shape[2:]
    if all(n == 1 for n in count):
        y = whole_mean(x)
        return y if x is input else y.squeeze(0)
    held = wrap(kernels.adaptive_count(size, count).astype(x.array.dtype))
    at, name = spot(x), f"AdaptiveAvgPool{3 if axes == 3 else 2}DBackward0"
    y = record(kernels.adaptive_sum(x.array, count) / held.array,
               (x, lambda g: level(adaptive_sum_input(g / held, size), at,
                                   twice(name))), name=name)
    return y if x is input else y.squeeze(0)


def whole_mean(x: Tensor) -> Tensor:
    """The mean of all places; its gradient is spread without a copy."""
    before, a = x.array.shape, x.array
    axes, count = tuple(range(2, a.ndim)), math.prod(before[2:])
    if memory.is_last(a) and a.ndim > 3 and a.itemsize > 2:
        y = (kernels.place_sum(a) / count).astype(a.dtype)
        y = y.reshape(*before[:2], *[1] * len(axes))
    else:
        y = average(a, axes, count, True)
    return record(y, (x, lambda g: (g / count).expand(before)),
                  name="MeanBackward1")


def adaptive_max(caller: str, axes: int, input: Tensor, output_size: Any,
                 return_indices: bool) -> Any:
    """The largest entry of every window, and where it stands if asked."""
    x, count = adaptive(caller, axes, input, output_size)
    size = x.array.shape[2:]
    best, where = kernels.adaptive_max(x.array, count)
    at, name = spot(x), f"AdaptiveMaxPool{3 if axes == 3 else 2}DBackward0"
    y = record(best, (x, lambda g: level(place_planes(g, where, size), at,
                                         twice(name))), name=name)
    found = wrap(where)
    if x is not input:
        y, found = y.squeeze(0), found.squeeze(0)
    return (y, found) if return_indices else y


@any_order
@typed(input="Tensor")
def adaptive_avg_pool1d(input: Tensor, output_size: Any) -> Tensor:
    """x (N, C, S) -> y (N, C, output_size)"""
    return adaptive_avg("adaptive_avg_pool1d", 1, input, output_size)


@any_order
@typed(input="methods")
def adaptive_avg_pool2d(input: Tensor, output_size: Any) -> Tensor:
    """x (N, C, H, W) -> y (N, C, *output_size)"""
    return adaptive_avg("adaptive_avg_pool2d", 2, input, output_size)


@any_order
@typed(input="methods")
def adaptive_avg_pool3d(input: Tensor, output_size: Any) -> Tensor:
    """x (N, C, D, H, W) -> y (N, C, *output_size)"""
    return adaptive_avg("adaptive_avg_pool3d", 3, input, output_size)


@typed(input="Tensor")
def adaptive_max_pool1d(input: Tensor, output_size: Any,
                        return_indices: bool = False) -> Any:
    """x (N, C, S) -> y and its places (N, C, output_size)"""
    return adaptive_max("adaptive_max_pool1d", 1, input, output_size,
                        return_indices)


@typed(input="methods")
def adaptive_max_pool2d(input: Tensor, output_size: Any,
                        return_indices: bool = False) -> Any:
    """x (N, C, H, W) -> y (N, C, *output_size)"""
    return adaptive_max("adaptive_max_pool2d", 2, input, output_size,
                        return_indices)


@typed(input="methods")
def adaptive_max_pool3d(input: Tensor, output_size: Any,
                        return_indices: bool = False) -> Any:
    """x (N, C, D, H, W) -> y (N, C, *output_size)"""
    return adaptive_max("adaptive_max_pool3d", 3, input, output_size,
                        return_indices)
