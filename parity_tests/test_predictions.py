"""A network's file gives the same predictions on the other side."""

from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

import scratch
from parity_tests import predictions
from parity_tests.test_networks import DEEP, sizes
from scratch import __main__ as commands
from scratch.recipes import RECIPES, toy
from torchref import __main__ as torch_commands


@pytest.mark.parametrize("name", sizes(RECIPES, DEEP))
@pytest.mark.parametrize("writer", ["scratch", "torch"])
def test_a_file_gives_the_same_predictions_on_the_other_side(
    name: str, writer: str
) -> None:
    result = predictions.across(toy(RECIPES[name]), writer, 24)
    assert result.good and result.images > 0, result


@pytest.mark.intense
@pytest.mark.parametrize("name", RECIPES)
def test_it_does_so_at_full_size_too(name: str) -> None:
    for label, result in predictions.results([name]):
        assert result.good, (label, result)


@pytest.mark.parametrize("side", [commands, torch_commands])
def test_a_run_of_either_side_is_read_by_both(side: Any, tmp_path: Any) -> None:
    words = ["train", "lenet_bn", "--set=data=fashion_mnist_sample"]
    words += ["--set=examples=512", "--set=epochs=2", f"--runs={tmp_path}"]
    told = CliRunner().invoke(side.app, words, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    result = predictions.of_run(tmp_path / "lenet_bn-0")
    assert result.good and result.images == 1000, result


def linear(weight: Any) -> dict[str, Any]:
    """The same layer on both sides."""
    pair = {}
    for side, lib in predictions.LIBS.items():
        pair[side] = lib.nn.Linear(2, 2, bias=False)
        with lib.no_grad():
            pair[side].weight.copy_(lib.tensor(weight))
    return pair


def test_another_weight_is_noticed() -> None:
    pair = linear([[1.0, 0.0], [0.0, 1.0]])
    x, y = np.array([[2.0, 1.0], [0.5, 3.0]]), np.array([0, 1])
    assert predictions.compared(pair, x, y).good
    with torch.no_grad():
        pair["torch"].weight[1, 0] = 0.75
    found = predictions.compared(pair, x, y)
    assert not found.good and found.differ == found.beyond == 1
    assert found.right == (2, 1)


def test_a_tie_may_fall_either_way() -> None:
    pair = linear([[1.0, 0.0], [1.0, 0.0]])
    with scratch.no_grad():
        pair["scratch"].weight[1, 0] += 1.2e-7
    x, y = np.array([[1.0, 1.0]]), np.array([0])
    found = predictions.compared(pair, x, y)
    assert found.differ == 1 and found.beyond == 0
