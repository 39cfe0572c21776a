"""k-fold cross-validation: each example is left out once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scratch.random import Generator, default_generator
from scratch.utils.data.dataset import Subset


def fold_indices(
    n: int,
    k: int,
    shuffle: bool = False,
    generator: Generator | None = None,
) -> list[list[int]]:
    """k parts of 0 … n-1; the first n mod k of them are one longer."""
    if not 2 <= k <= n:
        raise ValueError(f"k should be between 2 and the {n} examples, got {k}")
    order = list(range(n))
    if shuffle:
        order = (generator or default_generator).randperm(n).tolist()
    size, longer = divmod(n, k)
    starts = [i * size + min(i, longer) for i in range(k + 1)]
    return [order[a:b] for a, b in zip(starts, starts[1:])]


def k_folds(
    dataset: Any,
    k: int,
    shuffle: bool = False,
    generator: Generator | None = None,
) -> Iterator[tuple[Subset, Subset]]:
    """k times (what to train on, what to validate on)."""
    parts = fold_indices(len(dataset), k, shuffle, generator)
    for i, held_out in enumerate(parts):
        rest = [j for part in parts[:i] + parts[i + 1 :] for j in part]
        yield Subset(dataset, rest), Subset(dataset, held_out)
