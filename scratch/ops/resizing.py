"""Resizing images: x (N, C, *S) -> y (N, C, *P), axis after axis.

It is linear in x: forward every axis gathers, backward it spreads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels import resize as kernels
from ..tensor import Tensor, wrap
from .operands import in_single, torch_name
from .padding import borrow

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []

Scales = tuple[float | None, ...]


# ---- the linear pair

def resample(x: Tensor, plans: list[kernels.Plan], name: str) -> Tensor:
    """y = A x Bᵀ …: a plan for each of the last axes"""
    size = x.array.shape[-len(plans):]

    def along(y: np.ndarray) -> np.ndarray:
        for axis, plan in enumerate(reversed(plans), 1):
            y = kernels.combine(y, -axis, plan)
        return y

    return record(np.ascontiguousarray(in_single(along, x.array)),
                  (x, lambda g: resample_input(g, plans, size)), name=name)


def resample_input(y: Tensor, plans: list[kernels.Plan],
                   size: tuple) -> Tensor:
    """The adjoint of resample: Aᵀ y B …"""
    def along(x: np.ndarray) -> np.ndarray:
        for axis, plan in enumerate(reversed(plans), 1):
            x = kernels.spread(x, -axis, plan, size[-axis])
        return x

    return record(np.ascontiguousarray(in_single(along, y.array)),
                  (y, lambda g: resample(g, plans, "ResampleBackward0")))


# ---- the modes

def resize_nearest(x: Tensor, size: tuple, scales: Scales,
                   exact: bool) -> Tensor:
    """Each new entry is one old entry"""
    refuse(x, "nearest", size)
    sources = [
        kernels.nearest_small(n, new, exact, scale) if is_small(size)
        else kernels.nearest(n, new, exact, scale, precision(x))
        for n, new, scale in zip(x.array.shape[2:], size, scales)]
    word = "NearestExact" if exact else "Nearest"
    return borrow(x, sources, f"Upsample{word}{len(size)}DBackward0")


def resize_linear(x: Tensor, size: tuple, scales: Scales, align: bool
                  ) -> Tensor:
    """Each new entry lies on the line between two old ones, axis by axis"""
    refuse(x, "linear", size)
    word = ("Linear", "Bilinear", "Trilinear")[len(size) - 1]
    plans = [kernels.linear_plan(n, new, align, scale, precision(x))
             for n, new, scale in zip(x.array.shape[2:], size, scales)]
    return by_plans(x, plans, f"Upsample{word}{len(size)}DBackward0")


def resize_cubic(x: Tensor, size: tuple, scales: Scales, align: bool
                 ) -> Tensor:
    """Each new entry lies on a cubic through four old ones (Keys, 1981)"""
    refuse(x, "cubic", size)
    plans = [kernels.cubic_plan(n, new, align, scale, precision(x))
             for n, new, scale in zip(x.array.shape[2:], size, scales)]
    return by_plans(x, plans, "UpsampleBicubic2DBackward0")


def resize_smooth(x: Tensor, size: tuple, scales: Scales, align: bool,
                  mode: str) -> Tensor:
    """With antialiasing: each new entry is a mean of what it covers"""
    refuse(x, "smooth", size)
    filter = "lanczos" if mode == "lanczos" else mode[2:]
    plans = [kernels.smooth_plan(n, new, filter, align, scale, precision(x))
             for n, new, scale in zip(x.array.shape[2:], size, scales)]
    return by_plans(x, plans, f"Upsample{mode.capitalize()}2DAaBackward0")


def by_plans(x: Tensor, plans: list[kernels.Plan], name: str) -> Tensor:
    """Each axis by its plan; bytes are rounded after each, as in torch"""
    if x.array.dtype.kind == "f":
        return resample(x, plans, name)
    y = x.array
    for axis, plan in enumerate(reversed(plans), 1):
        if y.shape[-axis] != len(plan[0]):
            y = kernels.levels(y, -axis, plan)
    return wrap(np.ascontiguousarray(y))


def precision(x: Tensor) -> Any:
    """The type that places and weights are computed in."""
    kind = x.array.dtype
    if kind.kind == "u" and kind.itemsize == 1:
        return np.float64
    return np.float64 if kind == np.float64 else np.float32


def is_small(size: tuple) -> bool:
    """torch: small pictures have kernels of their own."""
    return len(size) == 2 and sum(size) <= 128


def refuse(x: Tensor, way: str, size: tuple) -> None:
    """Floats are resized; bytes too, where torch can."""
    kind, axes = x.array.dtype, len(size)
    half = way == "smooth" and kind == np.float16  # torch: not this one
    if kind.kind == "f" and not half or (kind == np.uint8 and (
            way != "linear" or axes == 2)):
        return
    flat = is_small(size)
    kernel = {"nearest": "upsample_nearest2d_channels_last" if flat
              else "compute_indices_weights_nearest",
              "linear": "upsample_bilinear2d_channels_last" if flat
              else "compute_indices_weights_linear",
              "cubic": "compute_indices_weights_cubic",
              "smooth": "compute_index_ranges_weights"}[way]
    raise NotImplementedError(
        f"\"{kernel}\" not implemented for '{torch_name(x.dtype)}'")
