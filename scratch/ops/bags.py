"""Bags of words: the sum, mean or greatest of the rows of each bag."""

from __future__ import annotations

import numpy as np

from ..tensor import Tensor, wrap
from .embedding import add_rows, check_indices, embedding
from .gather import pick
from .operands import named, torch_name

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def bag_rows(w: Tensor, indices: Tensor, offsets: Tensor, mode: str,
             by_frequency: bool, weights: Tensor | None, last: bool,
             padding: int) -> Tensor:
    """W (V, D), words i (N), bags that start at `offsets` (B) -> y (B, D)

    last: the last offset is the end of the last bag. Words equal to
    `padding` are left out; `weights` (N) scale the rows of a sum.
    """
    check_bags(w, indices, offsets, weights, last)
    where = indices.array.astype(np.int64)
    count = len(offsets.array) - last
    bags = bag_of_each(offsets.array[:count], len(where))
    read = np.flatnonzero((where != padding) & (bags >= 0))
    if len(read) < len(where):
        where, bags = where[read], bags[read]
        weights = weights if weights is None else weights[wrap(read)]
    x = embedding(w, wrap(where), -1, by_frequency)
    if mode == "max":
        y = greatest(x, bags, count)
    else:
        x = x if weights is None else x * weights.unsqueeze(1)
        y = sums(x, bags, count)
        if mode == "mean":
            many = np.bincount(bags, minlength=count)[:count, None]
            y = y / wrap(np.maximum(many, 1).astype(w.array.dtype))
    return named(y, "EmbeddingBagBackward0")


def bag_of_each(offsets: np.ndarray, count: int) -> np.ndarray:
    """The bag of every word: how many bags have started, less one"""
    starts = np.bincount(offsets, minlength=count + 1)[:count]
    return starts.cumsum() - 1


def sums(x: Tensor, bags: np.ndarray, count: int) -> Tensor:
    """yᵦ = Σ of the rows of x (N, D) in bag b"""
    return add_rows(x, bags, count)


def greatest(x: Tensor, bags: np.ndarray, count: int) -> Tensor:
    """The greatest entry of each bag, the first of equals; 0 of none"""
    a = x.array
    width = a.shape[1]
    ends = np.searchsorted(bags, np.arange(count + 1))
    full = np.flatnonzero(np.diff(ends))
    first = [start + chosen(a[start:ends[b + 1]])
             for b, start in zip(full, ends[full])]
    places = np.array(first, np.int64).reshape(len(full), width)
    best = pick(x, places * width + np.arange(width))
    return add_rows(best, full, count)


def chosen(a: np.ndarray) -> np.ndarray:
    """argmax of each column; torch: NaN counts where it comes first"""
    b = np.where(np.isnan(a), -np.inf, a)
    b[0] = np.where(np.isnan(a[0]), np.inf, b[0])
    return b.argmax(0)


def check_bags(w: Tensor, indices: Tensor, offsets: Tensor,
               weights: Tensor | None, last: bool) -> None:
    """Refuse places, starts of bags and weights that do not fit."""
    for x in (indices, offsets):
        check_indices(x, "embedding_bag")
    where, starts, n = indices.array, offsets.array, len(w.array)
    if last and not len(starts):
        raise RuntimeError("include_last_offset: number of offset should be "
                           "at least 1")
    if len(starts) and starts[0] != 0:
        raise RuntimeError(
            "offsets[0] has to be 0, i.e., the first sequence in the "
            "mini-batch has to start from position 0. However, got "
            f"{starts[0]}")
    if len(starts) and starts[-1] > len(where):
        raise RuntimeError(
            "offsets[-1] can not be greater than input's length "
            f"{len(where)} but got offsets[-1] of {starts[-1]}")
    if weights is not None and weights.dtype != w.dtype:
        kinds = [f"torch.{torch_name(x.dtype)}Tensor" for x in (w, weights)]
        raise RuntimeError(
            "Expected tensor for argument #1 'weight' to have the same type "
            f"as tensor for argument #1 'per_sample_weights'; but type "
            f"{kinds[0]} does not equal {kinds[1]} (while checking arguments"
            " for embedding_bag)")
    for i in np.flatnonzero((where < 0) | (where >= n))[:1]:
        raise RuntimeError(f"Index {i} of input takes value {where[i]} which"
                           f" is not in the valid range [0, {n})")
