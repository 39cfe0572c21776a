"""Running means, in the order in which torch computes them."""

from __future__ import annotations

import numpy as np


def lerp(mean: np.ndarray, x: np.ndarray, weight: float) -> None:
    """mean ← mean + w (x - mean)

    torch: from w = ½ on it starts from x, which is then exact at w = 1.
    """
    gap = x - mean
    if weight < 0.5:
        gap *= weight
        mean += gap
    else:
        gap *= 1 - mean.dtype.type(weight)
        np.subtract(x, gap, out=mean)


def mean_of_squares(mean: np.ndarray, x: np.ndarray, beta: float) -> None:
    """mean ← β mean + (1 - β) x²"""
    mean *= beta
    square = (1 - beta) * x
    square *= x
    mean += square
