"""Rows: embeddings."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import function, module
from ..registry import pick, real, shape


def vocabulary(rng: Any) -> tuple[dict, np.ndarray]:
    """Options of an embedding, and the words that are looked up."""
    options: dict[str, Any] = {"scale_grad_by_freq": bool(
        rng.integers(2))}
    if rng.random() < 0.5:
        options["padding_idx"] = int(rng.integers(-5, 5))
    if rng.random() < 0.4:
        options["max_norm"] = pick(rng, 0.5, 1.5)
        options["norm_type"] = float(pick(rng, 1, 2, np.inf))
    size = shape(rng, 0, 2, smallest=1)  # torch: not twice of none
    kind = pick(rng, np.int64, np.int64, np.int32)
    return options, np.asarray(rng.integers(0, 5, size)).astype(kind)


@function("embedding", examples=60)
def embedded(rng: Any) -> tuple:
    options, words = vocabulary(rng)
    return options, (words, real(rng, 5, 3))


@module("Embedding", examples=60)
def embedding_module(rng: Any) -> tuple:
    options, words = vocabulary(rng)
    if rng.random() < 0.3:
        options["_weight"] = real(rng, 5, 3)
    return (5, 3), options, (words,)
