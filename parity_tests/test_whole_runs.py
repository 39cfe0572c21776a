"""In float64 a recipe's whole run leaves the same record on both sides."""

from dataclasses import replace
from typing import Any

import pytest

from parity_tests import whole_runs
from scratch.recipes import RECIPES, toy

# A sum as the loss, dropout, batch norm, a schedule, momentum, Adam on
# flipped pictures. (Tables are made by float32 products: not the same bits.)
RUNS: dict[str, dict[str, Any]] = {
    "edge_kernel": {},
    "dropout_mlp": {},
    "lenet_bn": {},
    "lenet_relu": {"schedule": RECIPES["lenet_relu"].schedule},
    "light": {},
    "cifar_cnn": {"augment": "flip"},
}


@pytest.mark.parametrize("name", RUNS)
def test_both_records_are_the_same(name: str) -> None:
    recipe = replace(toy(RECIPES[name]), epochs=2, **RUNS[name])
    found = dict(whole_runs.records(recipe, seed=1))
    assert len(found["scratch"]) == len(found["torch"]) == 2
    assert whole_runs.apart(found["scratch"], found["torch"]) < 1e-9


def test_the_command_prints_both(capsys: pytest.CaptureFixture) -> None:
    assert whole_runs.main(["edge_kernel", "epochs=2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    sides = [line.split(",")[0] for line in lines[:-1]]
    assert sides == ["scratch", "scratch", "torch", "torch"]
