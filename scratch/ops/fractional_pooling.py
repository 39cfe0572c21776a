"""Fractional pooling: the largest of windows that lie a little at random.

n windows of K entries over S are walked with a step α = (S - K) / (n - 1)
that need not be whole: window i begins at ⌊(i + u) α⌋ - ⌊u α⌋, the last at
S - K, with u from U[0, 1) for every channel and axis (Graham, 2014).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..kernels.windows import Sizes
from ..tensor import Tensor, wrap
from .geometry import each_axis
from .operands import check_tensor, refuse
from .pooling import pick_planes
from .sampling import rand

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def begins(u: np.ndarray, size: int, count: int, kernel: int) -> np.ndarray:
    """Where windows begin: u (N, C) -> (N, C, count)"""
    last = np.full((*u.shape, min(count, 1)), size - kernel)
    if count < 2:
        return last
    step = u.dtype.type((size - kernel) / (count - 1))
    i = np.arange(count - 1).astype(u.dtype)
    first = ((i + u[..., None]) * step).astype(np.int64)
    first -= (u[..., None] * step).astype(np.int64)
    return np.concatenate([first, last], -1)


def window_places(u: np.ndarray, size: Sizes, count: Sizes,
                  kernel: Sizes) -> np.ndarray:
    """Flat places of all windows' entries: u (N, C, D) -> (N, C, *P, ∏K)"""
    axes = len(size)
    # torch: with two axes the first number is the last axis's
    u = u[..., ::-1] if axes == 2 else u
    flat = np.zeros((1,) * (2 + 2 * axes), np.int64)
    for d in range(axes):
        starts = begins(u[..., d], size[d], count[d], kernel[d])
        along = starts[..., None] + np.arange(kernel[d])
        shape = [*u.shape[:2], *[1] * (2 * axes)]
        shape[2 + d], shape[2 + axes + d] = along.shape[2:]
        flat = flat * size[d] + along.reshape(shape)
    return flat.reshape(*flat.shape[:2 + axes], int(np.prod(kernel)))


def largest(x: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Which of each window's places holds the largest; the last NaN wins."""
    flat = x.reshape(*x.shape[:2], math.prod(x.shape[2:]))
    spots = places.reshape(*places.shape[:2], math.prod(places.shape[2:]))
    values = np.take_along_axis(flat, spots, 2).reshape(places.shape)
    missing = np.isnan(values)
    turned = places.shape[-1] - 1 - missing[..., ::-1].argmax(-1)
    won = np.where(missing.any(-1), turned, values.argmax(-1))
    return np.take_along_axis(places, won[..., None], -1)[..., 0]


def fractional_max_pool(
        axes: int, input: Tensor, kernel_size: Any, output_size: Any,
        output_ratio: Any, samples: Tensor | None) -> tuple[Tensor, Tensor]:
    """The largest entries of x (N, C, *S) or (C, *S), and their places."""
    caller = f"fractional_max_pool{axes}d"
    check_tensor(input, caller)
    wanted = size_wanted(caller, axes, input, output_size, output_ratio)
    if samples is None:
        n = 1 if input.array.ndim == axes + 1 else input.size(0)
        refuse(input.array, "iub", "check_uniform_bounds")
        samples = rand(n, input.size(-axes - 1), axes, dtype=input.dtype)
    kernel, count = (numbers(caller, axes, name, value) for name, value in (
        ("kernel_size", kernel_size), ("output_size", wanted)))
    check_fractions(caller, input, kernel, count)
    x = input if input.array.ndim == axes + 2 else input.unsqueeze(0)
    check_samples(x, samples, axes)
    if min(count) < 0:
        told = [*input.shape[:-axes], *count]
        raise RuntimeError("Trying to create tensor with negative dimension "
                           f"{next(k for k in told if k < 0)}: {told}")
    u, size = samples.array[:len(x.array)], x.array.shape[2:]
    where = largest(x.array, window_places(u, size, count, kernel))
    y = pick_planes(x, where, f"FractionalMaxPool{axes}DBackward0")
    found = wrap(where)
    return (y, found) if x is input else (y.squeeze(0), found.squeeze(0))


def size_wanted(caller: str, axes: int, x: Tensor, size: Any,
                ratio: Any) -> Any:
    """The output's size, or its share of the input's."""
    if size is not None:
        return size
    if ratio is None:
        raise ValueError(f"{caller} requires specifying either an "
                         "output_size or an output_ratio")
    if axes == 2 and len(ratio) > 2:
        raise ValueError(f"{caller} requires output_ratio to either be a "
                         "single Int or tuple of Ints.")
    shares = each_axis(ratio, axes)
    return [int(x.size(d - axes) * shares[d]) for d in range(axes)]


def numbers(caller: str, axes: int, name: str, value: Any) -> Sizes:
    """One number for each axis, or one for all."""
    values = each_axis(value, axes)
    if len(values) == 1:
        values *= axes
    if len(values) != axes:
        some = "Ints" if axes == 2 else "three Ints"
        raise RuntimeError(f"{caller}: {name} must either be a single Int or "
                           f"tuple of {some}")
    return values


def check_fractions(caller: str, x: Tensor, kernel: Sizes,
                    count: Sizes) -> None:
    """Windows that fit, in torch's words"""
    axes, ndim, shape = len(kernel), x.array.ndim, [*x.shape]
    if min(kernel) <= 0:
        told = "x".join(str(k) for k in kernel)
        raise RuntimeError(f"{caller}(): kernel size should be greater than "
                           f"zero, but got {told}")
    if ndim not in (axes + 1, axes + 2):
        raise RuntimeError(f"{caller}(): Expected {axes + 1}D or {axes + 2}D"
                           f" tensor, but got: {shape}")
    caller += "_out" if axes == 3 else ""
    for d in range(ndim - axes - 1, ndim):
        if not shape[d]:
            raise RuntimeError(
                f"{caller}(): Expected input to have non-zero size for "
                f"non-batch dimensions, but got{shape} with dimension {d} "
                "being empty.")
    names = ("time", "height", "width")[-axes:]
    # torch: of three axes the width is asked before the height, and windows
    # may not fill an axis whole
    for d in (0, 2, 1) if axes == 3 else (0, 1):
        name, n, k = names[d], shape[d - axes], kernel[d]
        if count[d] + k - 1 > n - (axes == 3):
            raise RuntimeError(f"{caller}(): pool {name} {k} too large "
                               f"relative to input {name} {n}")


def check_samples(x: Tensor, samples: Tensor, axes: int) -> None:
    """u (N, C, axes) of x's dtype"""
    size = samples.array.shape
    if samples.dtype is not x.dtype:
        raise RuntimeError(
            "Expect _random_samples to have the same dtype as input")
    if len(size) != 3:
        raise RuntimeError("Expect _random_samples to have 3 dimensions, got "
                           f"{len(size)}")
    if size[0] < len(x.array):
        raise RuntimeError("Expect _random_samples.size(0) no less then "
                           "input batch size.")
    if size[1] != x.array.shape[1]:
        raise RuntimeError(
            "Expect _random_samples.size(1) equals to input channel size.")
    if size[2] != axes:
        raise RuntimeError(f"Expect _random_samples.size(2) equals to {axes}"
                           f"; got {size[2]}.")
