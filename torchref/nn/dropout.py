"""Dropout layers (Srivastava et al., 2014): in training, some entries are 0.

What is kept is scaled by 1 / (1 - p), so that the mean stays.
"""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import Module

__all__ = ["dropout", "feature_dropout", "alpha_dropout", "Dropout",
           "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout",
           "FeatureAlphaDropout"]

ALPHA = 1.7580993408473766  # -selu(-∞): where SELU saturates


def drop(x: Tensor, p: float, training: bool, shape: tuple) -> Tensor:
    """x · mask, a mask of the given shape being 0 with probability p and
    else 1 / (1 - p)."""
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    mask = x.new_empty(shape).bernoulli_(1 - p)
    return x * (mask / (1 - p))


def dropout(x: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """Each entry is 0 with probability p, the rest scaled by 1 / (1 - p)"""
    return drop(x, p, training, tuple(x.shape))


def channels(x: Tensor) -> tuple:
    """(N, C, 1, …): one draw for every channel"""
    return (*x.shape[:2], *[1] * (x.ndim - 2))


def feature_dropout(x: Tensor, p: float = 0.5,
                    training: bool = True) -> Tensor:
    """Whole channels of x (N, C, *) are dropped: dropout1d, 2d and 3d"""
    return drop(x, p, training, channels(x))


def drop_alpha(x: Tensor, p: float, training: bool, shape: tuple) -> Tensor:
    """Dropped entries become -α, then all are scaled and shifted so that
    mean 0 and variance 1 stay (Klambauer et al., 2017)."""
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    keep = x.new_empty(shape).bernoulli_(1 - p)
    a = 1 / math.sqrt((ALPHA**2 * p + 1) * (1 - p))
    b = (keep - 1) * ALPHA * a + ALPHA * a * p
    return x * (keep * a) + b


def alpha_dropout(x: Tensor, p: float = 0.5,
                  training: bool = False) -> Tensor:
    """Dropout for SELU networks."""
    return drop_alpha(x, p, training, tuple(x.shape))


class Dropout(Module):
    """In training y = 0 with probability p, else x / (1 - p), every entry
    on its own; in evaluation y = x"""

    def __init__(self, p: float = 0.5):
        super().__init__()
        self.p = p

    def forward(self, input: Tensor) -> Tensor:
        return dropout(input, self.p, self.training)


class Dropout1d(Dropout):
    """Dropout of whole channels of x (N, C, S) or (C, S)"""

    axes = 1

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim == self.axes + 1:
            return self(input.unsqueeze(0)).squeeze(0)
        return feature_dropout(input, self.p, self.training)


class Dropout2d(Dropout):
    """Dropout of whole channels of x (N, C, H, W) (Tompson et al., 2015)"""

    def forward(self, input: Tensor) -> Tensor:
        return feature_dropout(input, self.p, self.training)


class Dropout3d(Dropout1d):
    """Dropout of whole channels of x (N, C, D, H, W) or (C, D, H, W)"""

    axes = 3


class AlphaDropout(Dropout):
    """Dropout that keeps mean 0 and variance 1, for SELU networks
    (Klambauer et al., 2017)"""

    def forward(self, input: Tensor) -> Tensor:
        return alpha_dropout(input, self.p, self.training)


class FeatureAlphaDropout(Dropout):
    """AlphaDropout of whole channels of x (N, C, *)"""

    def forward(self, input: Tensor) -> Tensor:
        return drop_alpha(input, self.p, self.training, channels(input))
