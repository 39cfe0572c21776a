"""Whole networks on both sides: weights, loss, every gradient.

python -m parity_tests.whole_networks [NETWORK ...]

compares each network at its recipe's full size on a batch of 8 of its own
data, in float64.
"""

from __future__ import annotations

import sys
import time
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import torch

import scratch
from parity_tests.summaries import count, recipe_named, state
from parity_tests.trainings import error
from scratch import training as ours
from scratch.datasets import example_shape, load
from scratch.recipes import RECIPES, Recipe
from torchref import steps, training

NOISE = ("house_prices", "cifar10", "toy", "toy_colour")


@dataclass
class Result:
    """How far both sides are apart; an error of 1 is just allowed."""

    parameters: int
    same_names: bool
    same_weights: bool
    loss: float
    loss_error: float
    gradient_error: float

    @property
    def good(self) -> bool:
        errors = self.loss_error, self.gradient_error
        return self.same_names and self.same_weights and max(errors) <= 1


def batch(recipe: Recipe, n: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """n examples of the recipe's data; noise of the same shape where that
    is not shipped."""
    if recipe.data in NOISE:
        rng = np.random.default_rng(0)
        x = rng.uniform(-1, 1, (n, *example_shape(recipe)))
        prices = rng.uniform(1e5, 3e5, (n, 1))
        return x, prices if recipe.loss == "mse" else np.arange(n) % 10
    train, _ = load(recipe, scratch.float64)
    x, y = train.batch(scratch.arange(min(n, len(train))))
    return x.numpy(), y.numpy()


def gradients(
    lib: Any, net: Any, criterion: Any, x: np.ndarray, y: np.ndarray
) -> tuple[float, list[np.ndarray]]:
    """(loss, the gradient of every parameter) of a mean over the batch."""
    net.train()
    lib.manual_seed(7)  # of dropout
    loss = criterion(net(lib.from_numpy(x)), lib.from_numpy(y)) / len(x)
    loss.backward()
    return loss.item(), [np.asarray(p.grad.numpy()) for p in net.parameters()]


def nets(recipe: Recipe, seed: int = 0) -> tuple[Any, Any]:
    """The recipe's network on both sides, from one seed."""
    return ours.build(recipe, seed), training.build(recipe, seed)  # type: ignore[arg-type]


def compare(recipe: Recipe, seed: int = 0) -> Result:
    """Both sides from one seed, on one batch, in float64."""
    net, twin = nets(recipe, seed)
    named = zip(net.state_dict().values(), twin.state_dict().values())
    same_names = state(net) == state(twin)
    same = all(np.array_equal(a.numpy(), b.numpy()) for a, b in named)
    x, y = batch(recipe)
    criteria = ours.LOSSES[recipe.loss], steps.LOSSES[recipe.loss]
    loss, gs = gradients(scratch, net.double(), criteria[0], x, y)
    torchs, us = gradients(torch, twin.double(), criteria[1], x, y)
    loss_error = abs(loss - torchs) / (1e-8 * abs(torchs))
    return Result(
        count(net), same_names, same, torchs, loss_error, error(gs, us, 1e-8)
    )


def main(names: list[str]) -> int:
    """Print a line a network; the number that are apart."""
    bad = 0
    print("network, parameters, names, weights, loss, errors / allowed")
    for name in names or RECIPES:
        start = time.perf_counter()
        result = compare(recipe_named(name))
        bad += not result.good
        seconds = time.perf_counter() - start
        n, names_, weights, loss, loss_error, worst = astuple(result)
        print(
            f"{name:<20}{n:>12,} {names_!s:<6}{weights!s:<6}{loss:<12.6g}"
            f"{loss_error:<9.2g}{worst:<9.2g}({seconds:.1f} s)",
            flush=True,
        )
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
