"""Graphs and predictions drawn on both sides."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from scratch import __main__ as commands
from scratch import drawing
from torchref import __main__ as torch_commands
from torchref import drawing as torch_drawing

SIDES = pytest.mark.parametrize("side", [commands, torch_commands])
EXPRESSIONS = [
    "(x * w).sum()",
    "(x * w + b).sigmoid().mean()",
    "torch.exp(x).sum() + b[0] * x.max()",
    "torch.stack([x, w * x]).mT @ torch.stack([b, b])",
    "(x.cumsum(0) - b).sqrt()[1]",
]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def ask(side: Any, *words: str) -> str:
    result = CliRunner().invoke(side.app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def written(picture: str) -> list[str]:
    """The words on a picture, sorted."""
    return sorted(re.findall("<text[^>]*>([^<]*)</text>", picture))


@pytest.mark.parametrize("what", EXPRESSIONS)
def test_both_sides_draw_the_same_graph(what: str) -> None:
    ours = drawing.draw(*drawing.example(what))
    theirs = torch_drawing.draw(*torch_drawing.example(what))
    assert written(ours) == written(theirs)
    for mark in ("<rect", "<path"):
        assert ours.count(mark) == theirs.count(mark) > 0


@SIDES
def test_a_graph_shows_values_and_gradients(side: Any) -> None:
    ask(side, "graph", "(x * w).sum()", "--out", "a.svg")
    text = Path("a.svg").read_text()
    assert text.endswith("</svg>\n")
    assert {
        "x 3",
        "w 3",
        "value [1, 2, 3]",
        "grad [0.5, -1, 2]",
        "MulBackward0 3",
        "value [0.5, -2, 6]",
        "SumBackward0 number",
        "value [4.5]",
        "grad [1]",
    } <= set(written(text))
    ask(side, "graph", "(x * w).sum()", "--out", "a.svg", "--no-values")
    assert "value" not in Path("a.svg").read_text()


@SIDES
@pytest.mark.parametrize("name", ["lenet", "lenet_bn"])
def test_a_networks_graph_is_drawn(side: Any, name: str) -> None:
    ask(side, "graph", name, "--out", "a.svg")
    text = Path("a.svg").read_text()
    assert "ConvolutionBackward0 1×6" in text and "0.weight 6×1×5×5" in text
    unseen = 3 if side is torch_commands else 0  # within F.linear: weight.T
    assert text.count("value [") == text.count("<rect") - unseen


@SIDES
def test_what_cannot_be_drawn_is_refused(side: Any) -> None:
    for what in ("1 + 1", "torch.ones(2)"):
        with pytest.raises(ValueError, match="neither a network"):
            ask(side, "graph", what)
    with pytest.raises(FileNotFoundError, match="no model.pt of a finished"):
        ask(side, "predict", "runs/none")


@SIDES
def test_predictions_are_drawn(side: Any) -> None:
    words = ["train", "mlp", "--set=data=fashion_mnist_sample"]
    ask(side, *words, "--set=examples=64", "--set=batch=16", "--set=epochs=1")
    text = ask(side, "predict", "runs/mlp-0", "--count", "7")
    assert "of 7 right" in text
    picture = Path("predictions.svg").read_text()
    assert picture.count("<g ") == 7 and len(written(picture)) == 7
    ask(side, "train", "linear_regression")
    with pytest.raises(ValueError, match="trained on a table"):
        ask(side, "predict", "runs/linear_regression-0")


def test_both_sides_see_the_same_in_one_run() -> None:
    words = ["train", "mlp", "--set=data=fashion_mnist_sample"]
    ask(commands, *words, "--set=examples=640", "--set=epochs=1")
    pictures = []
    for side in (commands, torch_commands):
        ask(side, "predict", "runs/mlp-0", "--count", "30")
        pictures.append(Path("predictions.svg").read_text())
    assert pictures[0] == pictures[1]
