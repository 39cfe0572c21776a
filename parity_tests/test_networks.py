"""Every network is the same one on both sides."""

from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests import summaries, whole_networks
from parity_tests.torchref.test_networks import PUBLISHED
from scratch.recipes import RECIPES, toy
from scratch.training import build
from torchref.datasets import load

# What takes more than a second to fill with its first weights.
LARGE = ("alexnet", "vgg11", "vgg11_quarter")
# What is ResNet-18 again, but for its depth or its first layer.
DEEP = ("resnet34", "resnet18_small")


def sizes(names: Any, large: tuple[str, ...] = LARGE) -> list[Any]:
    """The names as cases, the large networks being intense."""
    return [
        pytest.param(n, marks=[pytest.mark.intense] if n in large else [])
        for n in names
    ]


@pytest.mark.parametrize("name", sizes(PUBLISHED))
def test_parameters_are_as_many_as_published(name: str) -> None:
    found = list(build(RECIPES[name]).parameters())
    assert (sum(p.numel() for p in found), len(found)) == PUBLISHED[name]


def test_a_summary_shows_both_sides(capsys: pytest.CaptureFixture) -> None:
    assert summaries.show("lenet")
    text = capsys.readouterr().out
    assert text.count("61,706") == 2 and "≠" not in text


def test_a_summary_sees_a_difference(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def other() -> Any:
        return scratch.nn.Sequential(scratch.nn.Linear(2, 2))

    monkeypatch.setitem(summaries.OURS, "linear_regression", other)
    assert not summaries.show("linear_regression")
    assert "≠" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="did you mean lenet"):
        summaries.show("lenett")


@pytest.mark.parametrize("name", sizes(RECIPES, DEEP))
def test_weights_loss_and_gradients_are_torchs(name: str) -> None:
    result = whole_networks.compare(toy(RECIPES[name]))
    assert result.good, result


@pytest.mark.intense
@pytest.mark.parametrize("name", RECIPES)
def test_they_are_at_full_size_too(name: str) -> None:
    result = whole_networks.compare(RECIPES[name], seed=1)
    assert result.good, result


def test_both_sides_resize_pictures_alike() -> None:
    ours, _ = whole_networks.batch(RECIPES["resnet18"])
    train, _ = load(RECIPES["resnet18"], torch.float64)
    theirs, _ = train.batch(torch.arange(8))
    assert np.array_equal(ours, theirs.numpy())
