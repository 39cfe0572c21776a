"""Both sides train by one recipe from one seed, in float64: the records.

python -m parity_tests.whole_runs NETWORK [KEY=VALUE ...]

trains NETWORK at its recipe's full size, changed by the settings, first in
`scratch`, then in torch, and prints what each says of every epoch. Rounding
cannot run away as it does in float32, so the records must agree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import torch

import scratch
from scratch import config, datasets, training
from scratch.recipes import RECIPES, Recipe
from torchref import datasets as torch_datasets
from torchref import training as torch_training
from torchref.options import Options

FIELDS = ("loss", "accuracy", "test_loss", "test_accuracy")


def records(recipe: Recipe, seed: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """(the side, its epochs), first ours, then torch's."""
    net = training.build(recipe, seed).double()
    pair = datasets.load(recipe, scratch.float64)
    yield "scratch", list(training.fit(net, recipe, *pair, seed=seed))
    same: Any = recipe  # equal rows of two classes
    twin = torch_training.build(same, seed).double()
    options = Options(precision="float64")
    data = torch_datasets.load(same, torch.float64)
    found = torch_training.fit(twin, same, *data, options, seed=seed)
    yield "torch", list(found)


def apart(ours: list[Any], theirs: list[Any]) -> float:
    """The largest relative difference of any figure of any epoch."""
    worst = 0.0
    for mine, twin in zip(ours, theirs, strict=True):
        for name in FIELDS:
            a, b = getattr(mine, name), getattr(twin, name)
            if a == a or b == b:  # a regression has no accuracy: NaN
                worst = max(worst, abs(a - b) / max(abs(b), 1e-300))
    return worst


def main(words: list[str]) -> int:
    """Print both records; 1 if they are more than 1e-9 apart."""
    if not words or words[0] not in RECIPES:
        print(f"{__doc__}\nNETWORK: {', '.join(RECIPES)}")
        return 2
    recipe = config.change(RECIPES[words[0]], words[1:])
    found = {}
    for side, epochs in records(recipe):
        found[side] = epochs
        for epoch in epochs:
            figures = [f"{name} {getattr(epoch, name)!r}" for name in FIELDS]
            print(f"{side}, epoch {epoch.epoch}: {', '.join(figures)}")
    worst = apart(found["scratch"], found["torch"])
    print(f"{words[0]}: largest relative difference {worst:.2g}")
    return int(worst > 1e-9)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
