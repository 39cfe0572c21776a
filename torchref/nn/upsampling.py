"""Upsampling: images of another size."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["nearest", "bilinear_resize", "pixel_shuffle"]


def nearest(x: Tensor, size: tuple) -> Tensor:
    """x (N, C, H, W) -> (N, C, *size): the entry that stands at
    ⌊i · before / after⌋"""
    for d, m in zip((2, 3), size):
        n = x.shape[d]
        x = x.index_select(d, torch.arange(m) * n // m)
    return x


def bilinear_resize(x: Tensor, size: tuple,
                    align_corners: bool = False) -> Tensor:
    """Each entry between its two neighbours, axis by axis

    Pixels are areas: the centre of entry i lies at (i + 1/2) · before /
    after - 1/2; with align_corners the outermost centres coincide.
    """
    for d, m in zip((2, 3), size):
        n, i = x.shape[d], torch.arange(m, dtype=x.dtype)
        if align_corners:
            at = i * ((n - 1) / (m - 1)) if m > 1 else i * 0
        else:
            at = ((i + 0.5) * (n / m) - 0.5).clamp(min=0)
        low = at.floor().long().clamp(max=n - 1)
        high = (low + 1).clamp(max=n - 1)
        share = (at - low).reshape([-1 if k == d else 1 for k in range(4)])
        x = (x.index_select(d, low) * (1 - share)
             + x.index_select(d, high) * share)
    return x


def pixel_shuffle(x: Tensor, r: int) -> Tensor:
    """x (N, C·r², H, W) -> (N, C, r·H, r·W) (Shi et al., 2016)"""
    n, c, h, w = x.shape
    x = x.reshape(n, c // (r * r), r, r, h, w).permute(0, 1, 4, 2, 5, 3)
    return x.reshape(n, c // (r * r), h * r, w * r)
