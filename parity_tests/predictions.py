"""A file of either side's weights gives the same predictions on the other.

python -m parity_tests.predictions [NETWORK ...]
python -m parity_tests.predictions runs/NAME ...

Each network at its recipe's full size takes some steps in one library, is
saved, and is read by the other; a run's folder is read by both. Float64
logits agree to 1e-9. In float32 the predicted class may differ only where
two logits tie to rounding: where float64's are no farther apart than float32
has moved them.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

import scratch
from parity_tests.whole_networks import NOISE, batch, nets
from scratch import config
from scratch.datasets import load
from scratch.recipes import RECIPES, Recipe

LIBS: dict[str, Any] = {"scratch": scratch, "torch": torch}
ROUNDING = 1e-4  # of the largest logit: more than that is no rounding


@dataclass
class Result:
    """How far both sides' logits and predictions are apart."""

    images: int
    logits64: float  # the largest difference, of 1 or the largest logit
    logits32: float
    differ: int  # float32 predictions that differ
    beyond: int  # … and where the two logits are no tie
    right: tuple[int, int]  # float32 predictions that are right

    @property
    def good(self) -> bool:
        return self.logits64 <= 1e-9 and not self.beyond


def other(side: str) -> str:
    return "torch" if side == "scratch" else "scratch"


def some_steps(lib: Any, net: Any, x: np.ndarray, y: np.ndarray) -> None:
    """Three steps that move every weight and running mean."""
    rule = lib.optim.SGD(net.parameters(), lr=1e-3)
    net.train()
    for _ in range(3):
        rule.zero_grad()
        out, target = net(lib.from_numpy(x)), lib.from_numpy(y)
        if y.dtype == np.int64:
            loss = lib.nn.functional.cross_entropy(out, target)
        else:  # a price would throw the weights away: its size is 1e5
            loss = (out - target / target.abs().max()).square().mean()
        loss.backward()
        rule.step()


def hand_over(writer: str, pair: dict[str, Any]) -> None:
    """The writer's weights, by a file, to the other side."""
    file = io.BytesIO()
    LIBS[writer].save(pair[writer].state_dict(), file)
    file.seek(0)
    reader = other(writer)
    pair[reader].load_state_dict(LIBS[reader].load(file))


def logits(lib: Any, net: Any, x: np.ndarray, dtype: str) -> np.ndarray:
    """(n, classes), in that precision, in evaluation mode; 256 at a time."""
    net.eval().to(getattr(lib, dtype))
    with lib.no_grad():
        parts = [
            np.array(net(lib.from_numpy(x[i : i + 256].astype(dtype))).numpy())
            for i in range(0, len(x), 256)
        ]
    return np.concatenate(parts).reshape(len(x), -1).astype(np.float64)


def compared(pair: dict[str, Any], x: np.ndarray, y: np.ndarray) -> Result:
    """Both sides' logits of the same pictures, in both precisions."""
    single = [logits(LIBS[s], pair[s], x, "float32") for s in LIBS]
    double = [logits(LIBS[s], pair[s], x, "float64") for s in LIBS]
    size = np.maximum(1, np.abs(double[1]).max(1))
    apart = [np.abs(a - b).max(1) / size for a, b in (double, single)]
    first, second = (found.argmax(1) for found in single)
    rows = (first != second).nonzero()[0]
    moved = np.max([np.abs(one - double[1]).max(1) for one in single], 0)
    truth = double[1]
    gap = np.abs(truth[rows, first[rows]] - truth[rows, second[rows]])
    tie = (gap <= 2 * moved[rows]) & (moved[rows] <= ROUNDING * size[rows])
    right = (int((first == y).sum()), int((second == y).sum()))
    if double[1].shape[1] == 1:
        right = (0, 0)
    return Result(
        len(x),
        float(apart[0].max()),
        float(apart[1].max()),
        len(rows),
        int((~tie).sum()),
        right,
    )


def across(recipe: Recipe, writer: str, n: int) -> Result:
    """Trained a little by the writer, read by the other, on n pictures."""
    pair = dict(zip(LIBS, nets(recipe)))
    x, y = batch(recipe)
    y = y if y.dtype == np.int64 else y.astype(np.float32)
    some_steps(LIBS[writer], pair[writer], x.astype(np.float32), y)
    hand_over(writer, pair)
    return compared(pair, *pictures(recipe, n))


def pictures(recipe: Recipe, n: int) -> tuple[np.ndarray, np.ndarray]:
    """n test examples of the recipe's data, or noise where there are none."""
    if recipe.data in NOISE:
        return batch(recipe, n)
    _, test = load(recipe)
    x, y = test.batch(scratch.arange(min(n, len(test))))
    return x.numpy(), y.numpy().reshape(-1)


def of_run(folder: Path) -> Result:
    """The model that a run left, on its whole test set."""
    settings = config.read_toml(folder / "config.toml")
    recipe = config.recipe_of(settings, Recipe)
    pair = dict(zip(LIBS, nets(recipe)))
    for side, net in pair.items():
        net.load_state_dict(LIBS[side].load(folder / "model.pt"))
    return compared(pair, *pictures(recipe, 10**9))


def results(names: list[str]) -> Iterator[tuple[str, Result]]:
    """(what was compared, how far apart) for networks and runs' folders."""
    for name in names:
        if name not in RECIPES:
            yield name, of_run(Path(name))
            continue
        recipe = RECIPES[name]
        n = 16 if recipe.resize else 100 if recipe.data in NOISE else 1000
        for writer in LIBS:
            yield f"{name} from {writer}", across(recipe, writer, n)


def main(names: list[str]) -> int:
    """Print a line each; how many are apart."""
    bad, start = 0, time.perf_counter()
    print("network, images, logits apart, predictions that differ, not ties")
    for label, r in results(names or list(RECIPES)):
        bad += not r.good
        now = time.perf_counter()
        print(
            f"{label:<32}{r.images:>6}  float64 {r.logits64:<9.2g}float32 "
            f"{r.logits32:<9.2g}{r.differ:>3} differ, {r.beyond} no tie, "
            f"right {r.right[0]} and {r.right[1]}  ({now - start:.1f} s)",
            flush=True,
        )
        start = now
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
