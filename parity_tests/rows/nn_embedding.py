"""Rows: embeddings."""

from __future__ import annotations

from typing import Any

from ..layers import function, module
from ..registry import pick, real


def indices(rng: Any) -> Any:
    return rng.integers(0, 5, pick(rng, (7,), (2, 3)))


def options(rng: Any) -> dict:
    # scale_grad_by_freq is not here: torch's second gradient forgets it
    return pick(rng, {}, {"padding_idx": 1}, {"padding_idx": -2})


@function("embedding", order=1, examples=40)
def looked_up(rng: Any) -> tuple:
    return options(rng), (indices(rng), real(rng, 5, 3))


@module("Embedding", order=1, examples=30)
def embedded(rng: Any) -> tuple:
    return (5, 3), options(rng), (indices(rng),)
