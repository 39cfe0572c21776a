"""Dropout layers (Srivastava et al., 2014): in training, some entries are 0.

What is kept is scaled by 1 / (1 - p), so that the mean stays.
"""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import Module

ALPHA = 1.7580993408473766  # -selu(-∞): where SELU saturates


class _DropoutNd(Module):
    """p: the probability of an entry to be dropped."""

    def __init__(self, p: float = 0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("dropout probability has to be between 0 and 1,"
                             f" but got {p}")
        self.p = p

    def shape(self, x: Tensor) -> tuple:
        """The shape of the mask: that of x, so each entry has its draw."""
        return tuple(x.shape)

    def forward(self, input: Tensor) -> Tensor:
        x, p = input, self.p
        if p == 0 or not self.training:
            return x
        keep = x.new_empty(self.shape(x)).bernoulli_(1 - p)
        return self.drop(x, keep)

    def drop(self, x: Tensor, keep: Tensor) -> Tensor:
        """x · mask, the mask being 0 or 1 / (1 - p)"""
        return x * 0 if self.p == 1 else x * (keep / (1 - self.p))


class Dropout(_DropoutNd):
    """Every entry on its own."""


class _ChannelDropout(_DropoutNd):
    """One draw for every channel of x (N, C, *) or (C, *)."""

    axes: int

    def shape(self, x: Tensor) -> tuple:
        lead = x.ndim - self.axes
        # torch: dropout2d takes x (C, H, W) for a batch without width
        lead = 2 if self.axes == 2 else lead
        return (*x.shape[:lead], *[1] * (x.ndim - lead))


class Dropout1d(_ChannelDropout):
    """Whole channels of x (N, C, L)."""

    axes = 1


class Dropout2d(_ChannelDropout):
    """Whole channels of x (N, C, H, W) (Tompson et al., 2015)."""

    axes = 2


class Dropout3d(_ChannelDropout):
    """Whole channels of x (N, C, D, H, W)."""

    axes = 3


class AlphaDropout(_DropoutNd):
    """For SELU networks: keeps mean 0 and variance 1."""

    def drop(self, x: Tensor, keep: Tensor) -> Tensor:
        """Dropped entries become -α; then all are scaled and shifted."""
        p = self.p
        if p == 1:
            return x * 0
        a = 1 / math.sqrt((ALPHA**2 * p + 1) * (1 - p))
        b = (keep - 1) * (ALPHA * a) + ALPHA * a * p
        return x * (keep * a) + b


class FeatureAlphaDropout(AlphaDropout):
    """AlphaDropout of whole channels."""

    def shape(self, x: Tensor) -> tuple:
        return (*x.shape[:2], *[1] * (x.ndim - 2))
