"""nn.functional's resizing of images: sizes and modes are checked here."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..ops import resizing
from ..ops.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
)
from ..tensor import Tensor

AREA = (adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d)
AXES = {"linear": 1, "bilinear": 2, "trilinear": 3}
UNALIGNED = ("nearest", "area", "nearest-exact")


def interpolate(input: Tensor, size: Any = None, scale_factor: Any = None,
                mode: str = "nearest", align_corners: bool | None = None,
                recompute_scale_factor: bool | None = None,
                antialias: bool = False) -> Tensor:
    """x (N, C, *S) as a larger or smaller image (N, C, *P)

    P is `size`, or ⌊S · scale_factor⌋. With align_corners the centres of
    the corner entries stay corners, otherwise their edges do.
    """
    if mode in UNALIGNED and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating "
            "modes: linear | bilinear | bicubic | trilinear")
    if not (align_corners is None or isinstance(align_corners, bool)):
        raise TypeError("interpolate(): argument 'align_corners' must be "
                        f"bool, not {type(align_corners).__name__}")
    if isinstance(size, bool):
        raise TypeError("interpolate(): argument 'size' must be int or tuple"
                        " of ints, not bool")
    axes = input.dim() - 2
    wanted, scales = wanted_size(input, size, scale_factor)
    if recompute_scale_factor and size is not None:
        raise ValueError(
            "recompute_scale_factor is not meaningful with an explicit size.")
    if scales is not None and (mode == "area" or recompute_scale_factor):
        wanted = [int(n * s) for n, s in zip(input.shape[2:], scales)]
        scales = None
    if antialias and not (mode in ("bilinear", "bicubic", "lanczos")
                          and axes == 2):
        raise ValueError(
            "Anti-alias option is restricted to bilinear, bicubic, and "
            "lanczos modes and requires a 4-D tensor as input")
    check_mode(axes, mode, bool(align_corners), antialias)
    if mode == "area":
        return AREA[axes - 1](input, wanted)
    new = new_size(input, wanted, scales, torch_kernel(mode, axes, antialias))
    return resized(input, new, tuple(scales or [None] * axes), mode,
                   bool(align_corners), antialias)


def resized(x: Tensor, size: tuple, scales: tuple, mode: str, align: bool,
            antialias: bool) -> Tensor:
    """x by the operation of its mode."""
    if antialias:
        return resizing.resize_smooth(x, size, scales, align, mode)
    if mode.startswith("nearest"):
        return resizing.resize_nearest(x, size, scales, mode != "nearest")
    if mode == "bicubic":
        return resizing.resize_cubic(x, size, scales, align)
    return resizing.resize_linear(x, size, scales, align)


def wanted_size(x: Tensor, size: Any, scale: Any) -> tuple[Any, Any]:
    """(size, None) or (None, scales): one number for each axis."""
    axes, shape = x.dim() - 2, [*x.shape[2:]]
    if size is not None and scale is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is None and scale is None:
        raise ValueError("either size or scale_factor should be defined")
    if size is None:
        if not isinstance(scale, (list, tuple)):
            return None, [scale] * axes
        if len(scale) != axes:
            raise ValueError(
                "Input and scale_factor must have the same number of spatial "
                "dimensions, but got input with spatial dimensions of "
                f"{shape} and scale_factor of shape {scale}. Please provide "
                "input tensor in (N, C, d1, d2, ...,dK) format and "
                "scale_factor in (s1, s2, ...,sK) format.")
        return None, [*scale]
    if not isinstance(size, (list, tuple)):
        return [size] * axes, None
    if len(size) != axes:
        raise ValueError(
            "Input and output must have the same number of spatial "
            "dimensions, but got input with spatial dimensions of "
            f"{shape} and output size of {size}. Please provide input tensor"
            " in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, "
            "...,oK) format.")
    if not all(is_whole(n) for n in size):
        raise TypeError(
            "expected size to be one of int or Tuple[int] or Tuple[int, int]"
            " or Tuple[int, int, int], but got size with types "
            f"{[type(n) for n in size]}")
    return [*size], None


def is_whole(n: Any) -> bool:
    return isinstance(n, (int, np.integer)) or (
        isinstance(n, Tensor) and n.array.dtype.kind in "iub")


def check_mode(axes: int, mode: str, align: bool, antialias: bool) -> None:
    """Refuse modes that do not fit the image."""
    if axes in (1, 2, 3) and mode in UNALIGNED or AXES.get(mode) == axes:
        return
    if axes in (1, 2, 3) and mode in AXES:
        raise NotImplementedError(
            f"Got {axes + 2}D input, but {mode} mode needs {AXES[mode] + 2}D"
            " input")
    if axes == 2 and mode == "lanczos":
        if align:
            raise ValueError(
                "Lanczos mode does not support align_corners=True")
        if not antialias:
            raise ValueError("Lanczos mode requires antialias=True")
    elif not (axes == 2 and mode == "bicubic"):
        raise NotImplementedError(
            "Input Error: Only 3D, 4D and 5D input Tensors supported (got "
            f"{axes + 2}D) for the modes: nearest | linear | bilinear | "
            "bicubic | trilinear | lanczos | area | nearest-exact (got "
            f"{mode})")


def torch_kernel(mode: str, axes: int, antialias: bool) -> str:
    """torch's name of the operation, for messages."""
    if mode == "nearest-exact":
        return f"_upsample_nearest_exact{axes}d"
    return (f"_upsample_{mode}{axes}d_aa" if antialias
            else f"upsample_{mode}{axes}d")


def check_numbers(kernel: str, wanted: Any, scales: Any) -> None:
    """Refuse sizes that are not whole, and scales that are no numbers."""
    number = (int, float, np.number, Tensor)
    given = wanted if scales is None else scales
    fits = [is_whole(n) if scales is None else isinstance(n, number)
            for n in given]
    if all(fits):
        return
    kinds = [type(n).__name__ for n in given]
    if fits[0]:
        i = fits.index(False)
        raise TypeError(
            f"{kernel}(): argument 'scale_factors' must be tuple of floats, "
            f"but found element of type {kinds[i]} at pos {i + 1}")
    bad = f"!list of [{', '.join(kinds)}]!"
    got = ["list", "NoneType"] if scales is None else ["NoneType", "list"]
    shown = [bad, "!NoneType!"] if scales is None else ["!NoneType!", bad]
    align = "" if "nearest" in kernel else "bool align_corners, "
    if align:
        got.insert(1, "bool")
        shown.insert(1, "bool")
    letters = "dhw"[-len(given):] if len(given) > 1 else ""
    each = ", ".join(f"float scales_{c} = None" for c in letters) or (
        "float scales = None")
    raise TypeError(
        f"{kernel}() received an invalid combination of arguments - got "
        f"(Tensor, {', '.join(got)}), but expected one of:\n"
        f" * (Tensor input, tuple of ints output_size, {align}tuple of "
        "floats scale_factors)\n      didn't match because some of the "
        "arguments have invalid types: "
        f"(Tensor, {', '.join(shown)})\n"
        f" * (Tensor input, tuple of ints output_size, {align}{each}, *, "
        "Tensor out = None)\n")


def new_size(x: Tensor, wanted: Any, scales: Any, kernel: str) -> tuple:
    """The size of the result, at least one everywhere."""
    check_numbers(kernel, wanted, scales)
    old = x.array.shape[2:]
    new = tuple(int(n) for n in wanted) if scales is None else tuple(
        whole_size(n * float(s), s) for n, s in zip(old, scales))
    if min(old) < 1 or min(new) < 1:
        letters = "DHW"[-len(new):]
        before, after = (", ".join(f"{c}: {n}" for c, n in zip(letters, size))
                         for size in (old, new))
        joint = " and" if len(new) == 1 else ""
        raise RuntimeError(
            "Input and output sizes should be greater than 0, but got input "
            f"({before}){joint} output ({after})")
    if x.array.shape[1] == 0:
        raise RuntimeError(
            f"Non-empty {x.array.ndim}D data tensor expected but got a "
            f"tensor with sizes {[*x.shape]}")
    return new


def whole_size(size: float, scale: Any) -> int:
    """A side of the result, if a computer can count it."""
    if not abs(size) < 2 ** 63:
        raise RuntimeError(
            f"interpolate(): argument 'scale_factor' is {scale}: value "
            "cannot be converted to type int64_t without overflow")
    return int(size)


# ---- deprecated names

def upsample(input: Tensor, size: Any = None, scale_factor: Any = None,
             mode: str = "nearest",
             align_corners: bool | None = None) -> Tensor:
    """interpolate, by its old name"""
    deprecated("upsample")
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Tensor, size: Any = None,
                     scale_factor: Any = None) -> Tensor:
    """interpolate(mode="nearest"), by its old name"""
    deprecated("upsample_nearest")
    return interpolate(input, size, scale_factor, mode="nearest")


def upsample_bilinear(input: Tensor, size: Any = None,
                      scale_factor: Any = None) -> Tensor:
    """interpolate(mode="bilinear", align_corners=True), by its old name"""
    deprecated("upsample_bilinear")
    return interpolate(input, size, scale_factor, mode="bilinear",
                       align_corners=True)


def deprecated(name: str) -> None:
    warnings.warn(f"`nn.functional.{name}` is deprecated. Use "
                  "`nn.functional.interpolate` instead.", stacklevel=4)
