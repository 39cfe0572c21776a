"""Upsampling: images of another size, axis by axis."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module

__all__ = ["nearest", "bilinear_resize", "smooth_resize", "pixel_shuffle",
           "Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d"]


def steps(x: Tensor, size: tuple, scales: tuple | None) -> list[float]:
    """How far apart in x the entries of the result lie, for each axis;
    torch: a scale that was given counts, not the size that came of it"""
    if scales is not None:
        return [1 / s for s in scales]
    return [n / m for n, m in zip(x.shape[2:], size)]


def nearest(x: Tensor, size: tuple, scales: tuple | None = None) -> Tensor:
    """x (N, C, *S) -> (N, C, *size): the entry at ⌊i · step⌋"""
    for d, (m, step) in enumerate(zip(size, steps(x, size, scales)), 2):
        at = (torch.arange(m) * step).floor().long()
        x = x.index_select(d, at.clamp(max=x.shape[d] - 1))
    return x


def bilinear_resize(x: Tensor, size: tuple, align_corners: bool = False,
                    scales: tuple | None = None) -> Tensor:
    """Each entry between its two neighbours, axis by axis

    Pixels are areas: the centre of entry i lies at (i + 1/2) · step - 1/2;
    with align_corners the outermost centres coincide.
    """
    for d, (m, step) in enumerate(zip(size, steps(x, size, scales)), 2):
        n, i = x.shape[d], torch.arange(m, dtype=x.dtype)
        if align_corners:
            at = i * ((n - 1) / (m - 1)) if m > 1 else i * 0
        else:
            at = ((i + 0.5) * step - 0.5).clamp(min=0)
        low = at.floor().long().clamp(max=n - 1)
        high = (low + 1).clamp(max=n - 1)
        share = (at - low).reshape(-1, *[1] * (x.ndim - 1 - d))
        x = (x.index_select(d, low) * (1 - share)
             + x.index_select(d, high) * share)
    return x


def smooth_resize(x: Tensor, size: tuple) -> Tensor:
    """bilinear_resize with antialias: where the image gets smaller, each
    entry is the mean of all that fall to it, under a triangle as wide as
    two of its steps"""
    for d, m in enumerate(size, 2):
        n = x.shape[d]
        wide = max(n / m, 1.0)
        centre = (torch.arange(m, dtype=x.dtype) + 0.5) * (n / m)
        at = torch.arange(n, dtype=x.dtype) + 0.5
        w = (1 - ((at - centre[:, None]) / wide).abs()).clamp(min=0)
        w = w / w.sum(1, True)  # (m, n)
        x = (x.movedim(d, -1) @ w.T).movedim(-1, d)
    return x


def pixel_shuffle(x: Tensor, r: int) -> Tensor:
    """x (N, C·r², H, W) -> (N, C, r·H, r·W) (Shi et al., 2016)"""
    n, c, h, w = x.shape
    x = x.reshape(n, c // (r * r), r, r, h, w).permute(0, 1, 4, 2, 5, 3)
    return x.reshape(n, c // (r * r), h * r, w * r)


class Upsample(Module):
    """x (N, C, *S) -> y (N, C, *size), or ⌊S · scale_factor⌋; mode
    "nearest" or, by the number of axes, "linear", "bilinear", "trilinear"
    """

    def __init__(self, size: int | tuple | None = None,
                 scale_factor: float | tuple | None = None,
                 mode: str = "nearest", align_corners: bool = False):
        super().__init__()
        self.size, self.scale_factor = size, scale_factor
        self.mode, self.align_corners = mode, align_corners

    def forward(self, input: Tensor) -> Tensor:
        sides = input.shape[2:]
        wanted, scales = self.size, None
        if wanted is None:
            scale = self.scale_factor
            scales = scale if isinstance(scale, tuple) else (
                scale or 1.0,) * len(sides)
            wanted = tuple(int(n * s) for n, s in zip(sides, scales))
        elif isinstance(wanted, int):
            wanted = (wanted,) * len(sides)
        if self.mode == "nearest":
            return nearest(input, wanted, scales)
        return bilinear_resize(input, wanted, self.align_corners, scales)


class UpsamplingNearest2d(Upsample):
    """x (N, C, H, W): every entry repeated"""

    def __init__(self, size: int | tuple | None = None,
                 scale_factor: float | tuple | None = None):
        super().__init__(size, scale_factor)


class UpsamplingBilinear2d(Upsample):
    """x (N, C, H, W): between neighbours, corners on corners"""

    def __init__(self, size: int | tuple | None = None,
                 scale_factor: float | tuple | None = None):
        super().__init__(size, scale_factor, "bilinear", True)
