"""The short forms of the checks on broken runs; the long ones are intense."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from parity_tests.robustness import training
from scratch import datasets
from scratch.data import Images
from scratch.recipes import RECIPES, Recipe, Schedule, adam
from scratch.training import build, fit


def test_a_killed_run_is_resumed_with_the_same_bits() -> None:
    training.killed("scratch", "mlp", times=1, epochs=2, examples=2000)


@pytest.mark.intense
@pytest.mark.parametrize("name", training.CHECKS)
def test_the_long_form(name: str) -> None:
    training.CHECKS[name]()


class Broken(Exception):
    """The run stops here."""


class Breaking(Images):
    """Pictures that stop the run before batch number `at`."""

    at = -1

    def batch(self, rows: Any) -> Any:
        self.at -= 1
        if self.at == -1:
            raise Broken
        return super().batch(rows)


FEW = datasets.first(datasets.PICTURES["fashion_mnist_sample"](True), 40)


def pictures(at: int = -1) -> Breaking:
    """Three batches of 16, 16 and 8; at: how many come before the break."""
    found = Breaking(FEW.pixels, FEW.labels, flip=True)
    found.at = at
    return found


RECIPE = replace(
    RECIPES["dropout_mlp"],
    batch=16,
    epochs=3,
    optimizer=adam(0.01),
    schedule=Schedule("cosine", warmup=1, length=3),
)


def weights(net: Any) -> list[bytes]:
    return [w.numpy().tobytes() for w in net.state_dict().values()]


@settings(max_examples=8)
@given(
    at=st.integers(0, 8),
    every=st.integers(1, 4),
    network=st.sampled_from(["dropout_mlp", "lenet_bn"]),
)
def test_a_run_broken_at_any_step_is_resumed_with_the_same_bits(
    at: int, every: int, network: str, tmp_path_factory: Any
) -> None:
    """Dropout, random flips, Adam's moments, running means and the schedule
    all go on where they stood."""
    recipe: Recipe = replace(RECIPE, network=network)
    path: Path = tmp_path_factory.mktemp("run") / "state.pt"
    whole = build(recipe, 3)
    lines = list(fit(whole, recipe, pictures(), pictures(), 3))
    broken = build(recipe, 3)
    found: dict[int, float] = {}
    with pytest.raises(Broken):
        for line in fit(
            broken,
            recipe,
            pictures(at),
            pictures(),
            3,
            path,
            save_every=every,
        ):
            found[line.epoch] = line.loss
    again = build(recipe, 5)
    torch.rand(3)
    going = path.is_file()
    if not going:
        again = build(recipe, 3)
    for line in fit(
        again, recipe, pictures(), pictures(), 3, path, going, every
    ):
        found[line.epoch] = line.loss
    assert weights(again) == weights(whole)
    assert found == {line.epoch: line.loss for line in lines}
