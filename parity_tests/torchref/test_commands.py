"""The command line: train, list, summary, and what it says when asked
wrongly."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from torchref import __main__ as command
from torchref.curves import curves
from torchref.recipes import RECIPES
from torchref.runs import choose

RUN = CliRunner()
QUICK = ["train", "mlp", "--quick", "--device", "cpu"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def ask(*words: str) -> str:
    result = RUN.invoke(command.app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_run_leaves_its_folder() -> None:
    text = ask(*QUICK, "--set", "epochs=3", "--set", "optimizer.lr=0.2")
    assert text.count("epoch ") == 3 and "examples/s" in text
    folder = Path("runs/mlp-0")
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "config.toml",
        "metrics.jsonl",
        "curves.svg",
        "model.pt",
        "state.pt",
    }
    settings = tomllib.loads((folder / "config.toml").read_text())
    assert settings["epochs"] == 3 and settings["optimizer"]["lr"] == 0.2
    assert settings["seed"] == 0 and settings["versions"]["torch"]
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]
    weights = torch.load(folder / "model.pt", weights_only=True)
    assert sum(w.numel() for w in weights.values()) == 203_530


def test_seeds_are_summed_up() -> None:
    text = ask(*QUICK, "--seeds", "0..2", "--set", "epochs=1")
    assert "3 seeds: loss" in text
    assert {p.name for p in Path("runs").iterdir()} == {
        "mlp-0",
        "mlp-1",
        "mlp-2",
    }


def test_a_run_goes_on_where_it_stopped() -> None:
    ask(*QUICK, "--name", "a")
    ask(*QUICK, "--name", "b", "--set", "epochs=8")
    state = Path("runs/b/state.pt")
    before = torch.load(state, weights_only=True)["net"]
    text = ask(*QUICK, "--name", "b", "--resume", "--set", "epochs=8")
    assert "epoch" not in text  # nothing was left to do
    after = torch.load("runs/a/model.pt", weights_only=True)
    assert all(torch.equal(before[key], after[key]) for key in after)


def test_names_are_not_taken_twice(tmp_path: Path) -> None:
    assert choose(tmp_path, "a", False, False) == tmp_path / "a"
    (tmp_path / "a").mkdir()
    assert choose(tmp_path, "a", False, False) == tmp_path / "a-2"
    assert choose(tmp_path, "a", False, True) == tmp_path / "a"
    with pytest.raises(FileExistsError, match="--resume"):
        choose(tmp_path, "a", True, False)
    with pytest.raises(FileNotFoundError, match="no run"):
        choose(tmp_path, "b", True, True)


def test_the_scaling_rule_raises_the_rate() -> None:
    ask(*QUICK, "--set", "batch=32", "--set", "epochs=1", "--scale")
    settings = tomllib.loads(Path("runs/mlp-0/config.toml").read_text())
    assert settings["optimizer"]["lr"] == pytest.approx(0.4)


def test_every_network_is_listed() -> None:
    text = ask("list")
    assert all(name in text for name in RECIPES)
    assert "128,806,154" in text


@pytest.mark.parametrize("name", ["lenet", "vgg11", "house_price", "light"])
def test_a_summary_ends_in_the_sums(name: str) -> None:
    last = ask("summary", name).splitlines()
    assert last[0].split()[:2] == ["layer", "kind"]
    assert last[-2].startswith("all") and "MFLOP" in last[-1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train", "lennet"], "did you mean lenet"),
        ([*QUICK, "--set", "bacth=3"], "did you mean batch"),
        ([*QUICK, "--set", "options.precison=bf16"], "did you mean"),
        ([*QUICK, "--set", "options.precision=f16"], "expected one of"),
        ([*QUICK, "--name", "x", "--resume"], "no run"),
        (["train", "mlp", "--quick", "--device", "tpu"], "device"),
        (["predict", "runs/none"], "no model.pt"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_wrong_word_is_one_line(words: list[str], said: str) -> None:
    with pytest.raises(command.PROBLEMS, match=said):
        ask(*words)


def test_an_error_is_no_trace() -> None:
    root = Path(__file__).resolve().parents[2]
    found = subprocess.run(
        [sys.executable, "-m", "torchref", "summary", "lennet"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(root), "PATH": ""},
        check=False,
    )
    assert found.returncode == 1
    assert found.stderr == (
        "error: no network 'lennet'; did you mean lenet? (`list` shows all)\n"
    )


def test_curves_leave_out_what_is_no_number() -> None:
    text = curves(
        {"a<b": ([1, 2, 3], [0.5, float("nan"), 0.1]), "none": ([], [])}
    )
    assert text.count("<polyline") == 1
    assert "a&lt;b" in text and "nan" not in text
    assert curves({}).startswith("<svg")
