"""Pooling: one number for every window of an image.

The largest entry is a pick, and its adjoint places it; the mean is a sum,
and its adjoint spreads it. x (N, C, *S) -> y (N, C, *P).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import max_pool as maxima
from ..kernels import pool as kernels
from ..kernels import scatter
from ..kernels.windows import Geometry, Sizes, places
from ..modes import modes
from ..tensor import Tensor, wrap
from ..unseen import any_order
from .geometry import each_axis
from .kinds import typed
from .masks import level, spot, twice
from .operands import refuse, torch_name
from .pooling_geometry import (
    check_count,
    pool_axes,
    walk,
)

__all__ = ["max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d",
           "max_pool1d_with_indices"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


# ---- the linear pairs

def pick_planes(x: Tensor, where: np.ndarray, name: str) -> Tensor:
    """y[n, c, p] = x[n, c, where[n, c, p]], where counting along *S"""
    size, at = x.array.shape[2:], spot(x)
    return record(maxima.pick_planes(x.array, where), (x, lambda g: level(
        place_planes(g, where, size), at, twice(name))), name=name)


def place_planes(y: Tensor, where: np.ndarray, size: Sizes) -> Tensor:
    """The adjoint of pick_planes: add each y at its place, into zeros."""
    count = int(np.prod(size))
    x = scatter.place_planes(y.array, where, count)
    return record(x.reshape(*y.array.shape[:2], *size), (
        y, lambda g: pick_planes(g, where, "PickPlanesBackward0")))


def pick_taps(x: Tensor, won: np.ndarray, kernel: Sizes,
              geo: Geometry) -> Tensor:
    """Of every window the entry at the tap (0 … ∏K - 1) that won there"""
    size = x.array.shape[2:]
    return record(maxima.pick_taps(x.array, won, kernel, geo),
                  (x, lambda g: place_taps(g, won, kernel, geo, size)))


def place_taps(y: Tensor, won: np.ndarray, kernel: Sizes, geo: Geometry,
               size: Sizes) -> Tensor:
    """The adjoint of pick_taps: add each y where its window's tap won."""
    return record(maxima.place_taps(y.array, won, kernel, geo, size),
                  (y, lambda g: pick_taps(g, won, kernel, geo)))


def window_sum(x: Tensor, kernel: Sizes, geo: Geometry) -> Tensor:
    """The sum of every window"""
    size = x.array.shape[2:]
    return record(kernels.window_sum(x.array, kernel, geo),
                  (x, lambda g: window_sum_input(g, kernel, geo, size)))


def window_sum_input(y: Tensor, kernel: Sizes, geo: Geometry,
                     size: Sizes) -> Tensor:
    """The adjoint of window_sum: every y goes to its whole window."""
    return record(kernels.window_sum_input(y.array, kernel, geo, size),
                  (y, lambda g: window_sum(g, kernel, geo)))


# ---- max

def max_pool(caller: str, axes: int, input: Tensor, kernel_size: Any,
             stride: Any, padding: Any, dilation: Any, ceil_mode: bool,
             return_indices: bool) -> Any:
    """The largest entry of every window, and where it stands if asked."""
    kernel, geo = walk(
        f"{caller}_with_indices" if axes == 1 and return_indices else caller,
        axes, input, kernel_size, stride, padding, dilation)
    if axes == 1 and not return_indices:
        refuse(input.array, "iu", "max_pool1d_impl")
    if input.array.dtype.kind in "bc":
        raise NotImplementedError(
            f"\"{caller}\" not implemented for '{torch_name(input.dtype)}'")
    x = input if input.array.ndim == axes + 2 else input.unsqueeze(0)
    size = x.array.shape[2:]
    geo = kernels.pool_geometry(geo, size, kernel, ceil_mode)
    check_count(caller, x.array.shape, places(size, kernel, geo),
                return_indices)
    if not return_indices and not (modes.recording and x.requires_grad):
        y = wrap(maxima.max_values(x.array, kernel, geo))
        return y if x is input else y.squeeze(0)
    name = f"MaxPool{3 if axes == 3 else 2}DWithIndicesBackward0"
    at = spot(x)
    if not return_indices and maxima.has_taps(x.array, kernel):
        best, won = maxima.max_pool_taps(x.array, kernel, geo)
        y = record(best, (x, lambda g: level(
            place_taps(g, won, kernel, geo, size), at, twice(name))),
            name=name)
        return y if x is input else y.squeeze(0)
    best, where = maxima.max_pool(x.array, kernel, geo)
    y = record(best, (x, lambda g: level(
        place_planes(g, where, size), at, twice(name))), name=name)
    found = wrap(where)
    if x is not input:
        y, found = y.squeeze(0), found.squeeze(0)
    return (y, found) if return_indices else y


@any_order
@typed(input="Tensor", kernel_size="ints", stride="ints?", padding="ints",
       dilation="ints", ceil_mode="bool")
def max_pool1d(input: Tensor, kernel_size: Any, stride: Any = None,
               padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
               return_indices: bool = False) -> Any:
    """x (N, C, S) -> y (N, C, P)"""
    return max_pool("max_pool1d", 1, input, kernel_size, stride, padding,
                    dilation, ceil_mode, return_indices)


@any_order
@typed(input="Tensor", kernel_size="ints", stride="ints?", padding="ints",
       dilation="ints", ceil_mode="bool")
def max_pool2d(input: Tensor, kernel_size: Any, stride: Any = None,
               padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
               return_indices: bool = False) -> Any:
    """x (N, C, H, W) -> y (N, C, P, Q); the stride is the kernel's size
    where it is not given"""
    return max_pool("max_pool2d", 2, input, kernel_size, stride, padding,
                    dilation, ceil_mode, return_indices)


@any_order
@typed(input="Tensor", kernel_size="ints", stride="ints?", padding="ints",
       dilation="ints", ceil_mode="bool")
def max_pool3d(input: Tensor, kernel_size: Any, stride: Any = None,
               padding: Any = 0, dilation: Any = 1, ceil_mode: bool = False,
               return_indices: bool = False) -> Any:
    """x (N, C, D, H, W) -> y (N, C, *P)"""
    return max_pool("max_pool3d", 3, input, kernel_size, stride, padding,
                    dilation, ceil_mode, return_indices)


def max_pool1d_with_indices(input: Tensor, kernel_size: Any,
                            stride: Any = None, padding: Any = 0,
                            dilation: Any = 1,
                            ceil_mode: bool = False) -> Any:
    """max_pool1d, and where each largest entry stands."""
    return max_pool1d(input, kernel_size, stride, padding, dilation,
                      ceil_mode, True)


def max_pool2d_with_indices(input: Tensor, kernel_size: Any,
                            stride: Any = None, padding: Any = 0,
                            dilation: Any = 1, ceil_mode: bool = False,
                            return_indices: bool = False) -> Any:
    """max_pool2d, and where each largest entry stands."""
    return max_pool2d(input, kernel_size, stride, padding, dilation,
                      ceil_mode, True)


# ---- mean

def avg_pool(caller: str, axes: int, input: Tensor, kernel_size: Any,
             stride: Any, padding: Any, ceil_mode: bool,
             count_include_pad: bool, divisor: int | None) -> Tensor:
    """The sum of every window over how many entries it counts."""
    kernel, plain = walk(caller, axes, input, kernel_size, stride, padding)
    if divisor == 0:
        raise RuntimeError("divisor must be not zero")
    refuse(input.array, "bc", f"{caller}_out_frame")
    if axes == 3:
        check_volume(input, kernel)
    x = input if input.array.ndim == axes + 2 else input.unsqueeze(0)
    size = x.array.shape[2:]
    geo = kernels.pool_geometry(plain, size, kernel, ceil_mode)
    check_count(caller, x.array.shape, places(size, kernel, geo))
    if divisor is None:
        held = kernels.window_count(size, kernel, geo,
                                    plain if count_include_pad else None)
    else:
        held = np.asarray(divisor)
    y = over(kernels.window_sum(x.array, kernel, geo), held)
    share, at = wrap(held.astype(y.dtype)), spot(x)
    name = f"AvgPool{3 if axes == 3 else 2}DBackward0"
    out = record(y, (x, lambda g: level(window_sum_input(
        g / share, kernel, geo, size), at, twice(name))), name=name)
    return out if x is input else out.squeeze(0)


def check_volume(x: Tensor, kernel: Sizes) -> None:
    """torch: in three dimensions the kernel fits into the bare image"""
    if x.array.dtype == np.float16:
        refuse(x.array, "f", "avg_pool3d_out_frame")
    if any(n < k for n, k in zip(x.array.shape[-3:], kernel)):
        told = [" ".join(f"{letter}{n}" for letter, n in zip(names, sizes))
                for names, sizes in (
                    (("T: ", "H: ", "W: "), x.array.shape[-3:]),
                    (("kT: ", "kH: ", "kW: "), kernel))]
        raise RuntimeError(f"input image ({told[0]}) smaller than kernel "
                           f"size ({told[1]})")


def over(total: np.ndarray, count: np.ndarray) -> np.ndarray:
    """total / count in the dtype of the total; integers towards zero"""
    if total.dtype.kind in "iu":
        return np.trunc(total / count).astype(total.dtype)
    return total / count.astype(total.dtype)


@any_order
@typed(input="Tensor", kernel_size="ints", stride="ints?", padding="ints",
       ceil_mode="bool", count_include_pad="bool")
def avg_pool1d(input: Tensor, kernel_size: Any, stride: Any = None,
               padding: Any = 0, ceil_mode: bool = False,
               count_include_pad: bool = True) -> Tensor:
    """x (N, C, S) -> y (N, C, P)"""
    return avg_pool("avg_pool1d", 1, input, kernel_size, stride, padding,
                    ceil_mode, count_include_pad, None)


@any_order
@typed(input="Tensor", kernel_size="ints", stride="ints?", padding="ints",
       ceil_mode="bool", count_include_pad="bool", divisor_override="int?")
def avg_pool2d(input: Tensor, kernel_size: Any, stride: Any = None,
               padding: Any = 0, ceil_mode: bool = False,
               count_include_pad: bool = True,
               divisor_override: int | None = None) -> Tensor:
    """x (N, C, H, W) -> y (N, C, P, Q)"""
    return avg_pool("avg_pool2d", 2, input, kernel_size, stride, padding,
                    ceil_mode, count_include_pad, divisor_override)


@any_order
@typed(input="Tensor", kernel_size="ints", stride="ints?", padding="ints",
       ceil_mode="bool", count_include_pad="bool", divisor_override="int?")
def avg_pool3d(input: Tensor, kernel_size: Any, stride: Any = None,
               padding: Any = 0, ceil_mode: bool = False,
               count_include_pad: bool = True,
               divisor_override: int | None = None) -> Tensor:
    """x (N, C, D, H, W) -> y (N, C, *P)"""
    return avg_pool("avg_pool3d", 3, input, kernel_size, stride, padding,
                    ceil_mode, count_include_pad, divisor_override)


def lp_pool(axes: int, x: Tensor, norm_type: float, kernel_size: Any,
            stride: Any, ceil_mode: bool) -> Tensor:
    """(Σ xᵖ)^(1/p) of every window; torch: 0 where the sum is negative"""
    if axes > 1 and len(each_axis(kernel_size, axes)) != axes:
        raise ValueError(f"lp_pool{axes}d: kernel_size must be one number "
                         f"or {axes}, but got {kernel_size}")
    known = isinstance(norm_type, (int, float))
    if known and norm_type == 0:
        raise ValueError("norm_type must be a non-zero value, but got 0")
    if known and math.isinf(norm_type):
        sign = 1 if norm_type > 0 else -1
        return sign * (max_pool1d, max_pool2d, max_pool3d)[axes - 1](
            sign * x.abs(), kernel_size, stride, 0, 1, ceil_mode)
    mean = (avg_pool1d, avg_pool2d, avg_pool3d)[axes - 1](
        x.pow(norm_type), kernel_size, stride, 0, ceil_mode)
    if axes == 1 and isinstance(kernel_size, (tuple, list)):
        raise TypeError("lp_pool1d(): argument 'kernel_size' must be int, "
                        f"not {type(kernel_size).__name__}")
    kernel = pool_axes(kernel_size, axes, "kernel_size", "lp_pool")
    positive = mean.sign() * mean.abs().relu()
    return (positive * int(np.prod(kernel))).pow(1.0 / norm_type)


def lp_pool1d(input: Tensor, norm_type: float, kernel_size: Any,
              stride: Any = None, ceil_mode: bool = False) -> Tensor:
    """x (N, C, S) -> y (N, C, P)"""
    return lp_pool(1, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool2d(input: Tensor, norm_type: float, kernel_size: Any,
              stride: Any = None, ceil_mode: bool = False) -> Tensor:
    """x (N, C, H, W) -> y (N, C, P, Q)"""
    return lp_pool(2, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool3d(input: Tensor, norm_type: float, kernel_size: Any,
              stride: Any = None, ceil_mode: bool = False) -> Tensor:
    """x (N, C, D, H, W) -> y (N, C, *P)"""
    return lp_pool(3, input, norm_type, kernel_size, stride, ceil_mode)
