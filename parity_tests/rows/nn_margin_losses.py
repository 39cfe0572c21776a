"""Rows: losses of margins at their kinks, and of any distance."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import layer
from ..registry import find, pick, real, row, ties
from .nn_loss import reduction, signs, weighted


@layer("multi_margin_loss", "MultiMarginLoss", order=1, examples=20)
def multi_margin_at_kinks(rng: Any) -> tuple:
    n, c = (int(k) for k in rng.integers(1, 5, 2))
    return (reduction(rng) | weighted(rng, c) | {"p": int(pick(rng, 1, 2))},
            (ties(rng, n, c), np.asarray(rng.integers(0, c, n))))


@layer("multilabel_margin_loss", "MultiLabelMarginLoss", order=1,
       examples=20)
def any_labels(rng: Any) -> tuple:
    """The same label twice, labels behind the end, margins just met."""
    n, c = (int(k) for k in rng.integers(1, 5, 2))
    return (reduction(rng),
            (ties(rng, n, c), rng.integers(-1, c, (n, c))))


@layer("hinge_embedding_loss", "HingeEmbeddingLoss", order=1, examples=20)
def hinge_at_kinks(rng: Any) -> tuple:
    """Targets that are neither 1 nor -1 count on both sides."""
    return reduction(rng), (ties(rng, 3, 4), rng.integers(-1, 2, (3, 4)))


@layer("margin_ranking_loss", "MarginRankingLoss", order=1, examples=20)
def ranking_at_kinks(rng: Any) -> tuple:
    return (reduction(rng) | {"margin": pick(rng, 0.0, 1.0)},
            (ties(rng, 3, 4), ties(rng, *pick(rng, (3, 4), (1, 4))),
             signs(rng, 3, 4)))


@layer("cosine_embedding_loss", "CosineEmbeddingLoss", order=1, examples=20)
def cosine_at_kinks(rng: Any) -> tuple:
    """Vectors of ones: cosines that just meet the margin."""
    x, y = signs(rng, 3, 4), signs(rng, 3, 4)
    return (reduction(rng) | {"margin": pick(rng, 0.0, 0.5)},
            (x, y, rng.integers(-1, 2, 3)))


@layer("soft_margin_loss", "SoftMarginLoss", order=2, examples=20)
def soft_margin_of_any_target(rng: Any) -> tuple:
    return (reduction(rng),
            (10 * real(rng, 3, 4), rng.integers(-2, 3, pick(rng, 4, (3, 4)))))


@row("nn.functional.kl_div", "nn.KLDivLoss", examples=20)
def divergence_of_certainties(lib: Any, rng: Any, name: str) -> tuple:
    """Targets without a gradient, 0 and 1 among them."""
    y = np.abs(ties(rng, 3, 4)) / 2
    how = {"reduction": pick(rng, "mean", "sum", "none", "batchmean")}
    function = find(lib, name)

    def call(x: Any) -> Any:
        target = lib.from_numpy(y).to(x.dtype)
        if name.startswith("nn.functional"):
            return function(x, target, **how)
        return function(**how)(x, target)

    return call, (real(rng, 3, 4),)


@layer("triplet_margin_loss", "TripletMarginLoss", order=1, examples=20)
def far_triplets(rng: Any) -> tuple:
    """Some of them farther apart than the margin; either distance may win
    the swap."""
    return (reduction(rng) | {"swap": bool(rng.integers(2)), "p": 1.0},
            tuple(ties(rng, 3, 4) + 0.25 * k for k in range(3)))


def steps(x: Any, y: Any) -> Any:
    """The sum of |xᵢ - yᵢ|"""
    return (x - y).abs().sum(-1)


@row("nn.functional.triplet_margin_with_distance_loss",
     "nn.TripletMarginWithDistanceLoss")
def triplet_of_any_distance(lib: Any, rng: Any, name: str) -> tuple:
    n, d = int(rng.integers(1, 4)), int(rng.integers(3, 6))
    lead = pick(rng, (n,), ())
    options = reduction(rng) | {
        "margin": pick(rng, 1.0, 3.0), "swap": bool(rng.integers(2)),
        "distance_function": pick(rng, None, steps)}
    xs = tuple(real(rng, *lead, d) for _ in range(3))
    function = find(lib, name)
    if name.startswith("nn.functional"):
        return lambda *xs: function(*xs, **options), xs
    return lambda *xs: function(**options)(*xs), xs
