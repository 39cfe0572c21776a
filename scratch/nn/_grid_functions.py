"""nn.functional's grids: points of an image, and where they come from."""

from __future__ import annotations

import warnings
from typing import Any

from ..ops.grids import affine, sampled
from ..ops.operands import check_tensor
from ..tensor import Tensor

CHANGED = (
    "Default grid_sample and affine_grid behavior has changed to "
    "align_corners=False since 1.3.0. Please specify align_corners=True if "
    "the old behavior is desired. See the documentation of grid_sample for "
    "details.")


def grid_sample(input: Tensor, grid: Tensor, mode: str = "bilinear",
                padding_mode: str = "zeros",
                align_corners: bool | None = None) -> Tensor:
    """x (N, C, H, W) at the points (x, y) of grid (N, P, Q, 2), in [-1, 1]
    -> y (N, C, P, Q); or x (N, C, D, H, W) at those of (N, O, P, Q, 3)

    mode: between pixels "bilinear", "nearest" or "bicubic"; padding_mode:
    outside "zeros", the "border" or the "reflection" of the image
    (Jaderberg et al., 2015)
    """
    if mode not in ("bilinear", "nearest", "bicubic"):
        raise ValueError(
            "nn.functional.grid_sample(): expected mode to be 'bilinear', "
            f"'nearest' or 'bicubic', but got: '{mode}'")
    if padding_mode not in ("zeros", "border", "reflection"):
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be "
            f"'zeros', 'border', or 'reflection', but got: '{padding_mode}'")
    if align_corners is None:
        warnings.warn(CHANGED, stacklevel=3)
    check_tensor(input, "grid_sampler")
    check_tensor(grid, "grid_sampler", "grid", 2)
    return sampled(input, grid, mode, padding_mode, bool(align_corners))


def affine_grid(theta: Tensor, size: Any,
                align_corners: bool | None = None) -> Tensor:
    """The points θ (x, y, 1) of an image of `size`, for grid_sample

    θ (N, 2, 3), size (N, C, H, W) -> (N, H, W, 2); θ (N, 3, 4),
    size (N, C, D, H, W) -> (N, D, H, W, 3)
    """
    if align_corners is None:
        warnings.warn(CHANGED, stacklevel=3)
    if not theta.is_floating_point():
        raise ValueError("Expected theta to have floating point type, but "
                         f"got {theta.dtype}")
    check_theta(theta, size)
    if align_corners and min(size[2:]) == 1:
        warnings.warn(
            "Since version 1.3.0, affine_grid behavior has changed for "
            "unit-size grids when align_corners=True. This is not an "
            "intended use case of affine_grid. See the documentation of "
            "affine_grid for details.", stacklevel=3)
    if min(size) <= 0:
        raise ValueError(
            f"Expected non-zero, positive output size. Got {size}")
    return affine(theta, tuple(size), bool(align_corners))


def check_theta(theta: Tensor, size: Any) -> None:
    """Refuse matrices other than (N, 2, 3), or (N, 3, 4) for volumes."""
    axes = len(size) - 2
    if axes not in (2, 3):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine"
            f" transforms, respectively. Got size {size}.")
    if theta.dim() != 3 or tuple(theta.shape[1:]) != (axes, axes + 1):
        raise ValueError(
            f"Expected a batch of {axes}D affine matrices of shape Nx{axes}x"
            f"{axes + 1} for size {size}. Got {theta.shape}.")
