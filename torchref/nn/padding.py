"""Padding: entries around an image, constant, mirrored, repeated or
continued around."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["pad"]


def pad(x: Tensor, margins: tuple, mode: str = "constant",
        value: float = 0.0) -> Tensor:
    """x (*, S) -> (*, before + S + after); margins from the last axis on,
    a negative one cuts."""
    for axis, (before, after) in enumerate(zip(
            margins[::2], margins[1::2])):
        d = x.ndim - 1 - axis
        x = along(x, d, before, after, mode, value)
    return x


def along(x: Tensor, d: int, before: int, after: int, mode: str,
          value: float) -> Tensor:
    """One axis: every entry of the result names the one it repeats."""
    n = x.shape[d]
    i = torch.arange(-before, n + after, device=x.device)
    outside = (i < 0) | (i >= n)
    if mode == "reflect":
        i = torch.where(i < 0, -i, i)
        i = torch.where(i >= n, 2 * (n - 1) - i, i)
    elif mode == "circular":
        i = i % n
    y = x.index_select(d, i.clamp(0, n - 1))
    if mode != "constant":
        return y
    shape = [-1 if k == d else 1 for k in range(x.ndim)]
    return y.masked_fill(outside.reshape(shape), value)
