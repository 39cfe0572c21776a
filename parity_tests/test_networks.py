"""Every network is the same one on both sides, and in each other's files."""

import io
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


def trained(lib: Any, net: Any, x: np.ndarray) -> np.ndarray:
    """Some steps that move every weight and running mean; the logits."""
    rule = lib.optim.SGD(net.parameters(), lr=1e-3)
    net.double().train()
    for _ in range(2):
        rule.zero_grad()
        net(lib.from_numpy(x)).square().mean().backward()
        rule.step()
    return logits(lib, net, x)


def logits(lib: Any, net: Any, x: np.ndarray) -> np.ndarray:
    with lib.no_grad():
        return np.array(net.eval()(lib.from_numpy(x)).numpy())


@pytest.mark.parametrize("name", sizes(RECIPES, DEEP))
@pytest.mark.parametrize("writer", ["scratch", "torch"])
def test_a_file_gives_the_same_predictions_on_the_other_side(
    name: str, writer: str
) -> None:
    recipe = toy(RECIPES[name])
    pair = dict(zip(("scratch", "torch"), whole_networks.nets(recipe)))
    libs: dict[str, Any] = {"scratch": scratch, "torch": torch}
    reader = "torch" if writer == "scratch" else "scratch"
    x, _ = whole_networks.batch(recipe)
    said = trained(libs[writer], pair[writer], x)
    file = io.BytesIO()
    libs[writer].save(pair[writer].state_dict(), file)
    file.seek(0)
    other = pair[reader].double()
    other.load_state_dict(libs[reader].load(file))
    heard = logits(libs[reader], other, x)
    assert np.abs(heard - said).max() <= 1e-9 * max(1, np.abs(said).max())


def test_both_sides_resize_pictures_alike() -> None:
    ours, _ = whole_networks.batch(RECIPES["resnet18"])
    train, _ = load(RECIPES["resnet18"], torch.float64)
    theirs, _ = train.batch(torch.arange(8))
    assert np.array_equal(ours, theirs.numpy())
