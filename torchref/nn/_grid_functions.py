"""Looking up an image at the points of a grid, and grids of affine maps."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["affine_grid", "grid_sample"]


def affine_grid(theta: Tensor, size: tuple,
                align_corners: bool = False) -> Tensor:
    """The points θ (x, y, 1) of an image (N, C, H, W): θ (N, 2, 3)
    -> (N, H, W, 2)"""
    y, x = (torch.linspace(-1, 1, n, dtype=theta.dtype) * (
        1 if align_corners else (n - 1) / n) for n in size[2:])
    y, x = torch.meshgrid(y, x, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], -1)  # (H, W, 3)
    return (points[None, :, :, None] * theta[:, None, None]).sum(-1)


def grid_sample(x: Tensor, grid: Tensor,
                align_corners: bool = False) -> Tensor:
    """x (N, C, H, W) at the points (x, y) of grid (N, P, Q, 2)
    -> (N, C, P, Q): between pixels bilinear, outside 0
    (Jaderberg et al., 2015)"""
    _, _, h, w = x.shape
    if align_corners:
        row, column = (grid[..., 1] + 1) / 2 * (h - 1), (
            grid[..., 0] + 1) / 2 * (w - 1)
    else:
        row, column = ((grid[..., 1] + 1) * h - 1) / 2, (
            (grid[..., 0] + 1) * w - 1) / 2
    up, left = row.detach().floor(), column.detach().floor()
    y = torch.zeros(())
    for i, a in ((up, 1 - (row - up)), (up + 1, row - up)):
        for j, b in ((left, 1 - (column - left)), (left + 1, column - left)):
            y = y + pixel(x, i, j) * (a * b)[:, None]
    return y


def pixel(x: Tensor, i: Tensor, j: Tensor) -> Tensor:
    """x (N, C, H, W) at rows i and columns j (N, P, Q); 0 outside"""
    n, _, h, w = x.shape
    inside = (i >= 0) & (i < h) & (j >= 0) & (j < w)
    image = torch.arange(n)[:, None, None]
    found = x[image, :, i.long().clamp(0, h - 1), j.long().clamp(0, w - 1)]
    return torch.where(inside[:, None], found.permute(0, 3, 1, 2), 0.0)
