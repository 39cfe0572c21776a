"""Rows: arguments of layers and losses that are seldom given."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import function, layer, module
from ..registry import between, pick, positive, real, shape
from .nn_loss import reduction


@function("mse_loss", examples=20)
@function("l1_loss", examples=20)
@function("huber_loss", examples=20)
def weighted_regression(rng: Any) -> tuple:
    size = shape(rng, 1, 3)
    # torch: a mean of weighted losses is over the sum of the weights
    return reduction(rng) | {"weight": positive(rng, *size)}, (
        real(rng, *size), real(rng, *size))


def biased(n: int, instances: bool) -> Any:
    def draw(rng: Any) -> tuple:
        c = int(rng.integers(1, 4))
        sides = tuple(int(k) for k in rng.integers(
            3, 6, n if instances else n - 1))
        return (c,), {"affine": True, "bias": bool(rng.integers(2))}, (
            real(rng, 5, c, *sides),)

    return draw


for n in (1, 2, 3):
    module(f"BatchNorm{n}d", examples=12)(biased(n, False))
    module(f"InstanceNorm{n}d", examples=12)(biased(n, True))


@module("GroupNorm", examples=12)
def group_norm_without_bias(rng: Any) -> tuple:
    return (2, 4), {"bias": bool(rng.integers(2))}, (real(rng, 3, 4, 2),)


@layer("triplet_margin_loss", "TripletMarginLoss", examples=12)
def triplets_kept_apart(rng: Any) -> tuple:
    return reduction(rng) | {"eps": pick(rng, 0.1, 0.5), "margin": 2.0}, (
        tuple(real(rng, 3, 4) for _ in range(3)))


@function("normalize", examples=12)
def short_ones_stay_short(rng: Any) -> tuple:
    return {"eps": 2.0, "dim": int(rng.integers(2))}, (real(rng, 3, 4),)


@function("upsample", examples=20)
def upsampled_smoothly(rng: Any) -> tuple:
    return {"scale_factor": pick(rng, 2, 1.5), "mode": "bilinear",
            "align_corners": bool(rng.integers(2))}, (real(rng, 1, 2, 3, 4),)


@layer("", "Hardtanh", examples=12)
def clipped(rng: Any) -> tuple:
    return {"min_val": -0.7, "max_val": 0.4}, (real(rng, *shape(rng)),)


def unpooling(n: int) -> Any:
    def draw(rng: Any) -> tuple:
        size = tuple(int(k) for k in rng.integers(3, 5, n))
        kernel, stride = int(rng.integers(2, 4)), int(rng.integers(1, 4))
        pad = int(rng.integers(2)) if stride > 1 else 0
        wide = [(k - 1) * stride - 2 * pad + kernel for k in size]
        count = int(np.prod(size))
        places = np.stack([rng.permutation(int(np.prod(wide)))[:count]
                           .reshape(size) for _ in range(6)])
        return {"kernel_size": kernel, "stride": stride, "padding": pad}, (
            real(rng, 2, 3, *size), places.reshape(2, 3, *size))

    return draw


for n in (1, 2, 3):
    function(f"max_unpool{n}d", examples=12)(unpooling(n))


@function("max_pool1d_with_indices", examples=12)
def largest_of_gaps(rng: Any) -> tuple:
    return {"kernel_size": 2, "stride": pick(rng, 1, 2), "dilation": 2,
            "padding": int(rng.integers(2)), "ceil_mode": bool(
                rng.integers(2))}, (real(rng, 2, 3, 7),)


@function("max_pool2d_with_indices", examples=12)
def largest_of_gaps_in_images(rng: Any) -> tuple:
    return {"kernel_size": (2, 3), "stride": pick(rng, 1, 2), "dilation": (
        2, 1), "padding": int(rng.integers(2))}, (real(rng, 2, 3, 7, 6),)


@layer("binary_cross_entropy", "BCELoss", examples=12)
def certain(rng: Any) -> tuple:
    """Weights that broadcast; inputs at 0 and 1 are cut at log = -100."""
    return reduction(rng) | {"weight": positive(rng, 4)}, (
        between(rng, 0.1, 0.9, 3, 4), between(rng, 0, 1, 3, 4))
