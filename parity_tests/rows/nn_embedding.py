"""Rows: embeddings."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import bent, function, module
from ..registry import pick, real, row, shape


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


def bags(rng: Any) -> tuple[dict, tuple]:
    """Options of a bag; the words, and offsets or none."""
    mode = pick(rng, "sum", "mean", "max")
    options: dict[str, Any] = {"mode": mode}
    if mode != "max":
        options["scale_grad_by_freq"] = bool(rng.integers(2))
    if rng.random() < 0.5:
        options["padding_idx"] = int(rng.integers(-5, 5))
    if rng.random() < 0.4:
        options["max_norm"] = pick(rng, 0.5, 1.5)
    kind = pick(rng, np.int64, np.int32)
    if rng.integers(2):
        return options, (rng.integers(0, 5, rng.integers(1, 4, 2)
                                      ).astype(kind),)
    words = rng.integers(0, 5, rng.integers(1, 7)).astype(kind)
    places = np.sort(rng.integers(0, len(words) + 1, rng.integers(0, 4)))
    offsets = np.concatenate([[0], places])
    if rng.integers(2):
        options["include_last_offset"] = True
        offsets = np.append(offsets, len(words))
    return options, (words, offsets.astype(kind))


@row("nn.functional.embedding_bag", order=1, examples=60)
def bagged(lib: Any, rng: Any) -> tuple:
    options, given = bags(rng)
    share = [real(rng, *given[0].shape)] if (
        options["mode"] == "sum" and rng.integers(2)) else []

    def call(w: Any, *weights: Any) -> list:
        words, *offsets = (lib.from_numpy(a.copy()) for a in given)
        return bent(lib.nn.functional.embedding_bag(
            words, w * 1, *offsets, **options,
            per_sample_weights=weights[0] if weights else None))

    return call, (real(rng, 5, 3), *share)


@module("EmbeddingBag", order=1, examples=40)
def bag_module(rng: Any) -> tuple:
    options, given = bags(rng)
    return (5, 3), options, given
