"""Training on the NumPy side: its commands, and what both sides share."""

import json
import tomllib
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

import scratch
from parity_tests.test_laws import twin_text
from scratch import __main__ as command
from scratch.networks import NETWORKS
from scratch.recipes import RECIPES, Recipe
from scratch.runs import choose
from scratch.small import small
from scratch.training import Diverged, build, fit
from torchref import recipes as theirs

RUN = CliRunner()
SMALL = [
    "train",
    "mlp",
    "--set=data=fashion_mnist_sample",
    "--set=examples=64",
    "--set=batch=16",
    "--set=optimizer.lr=0.2",
]
TWINS = ["config", "curves", "datasets", "recipes", "synthetic", "tools"]
TWINS += ["looking", "runs"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def ask(*words: str) -> str:
    result = RUN.invoke(command.app, list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def without_imports(path: Path) -> str:
    """A file's text but for its imports, which each side has its own of."""
    lines = twin_text(path).splitlines()
    kept = [x for x in lines if not x.startswith(("import ", "from "))]
    return "\n".join(x for x in kept if x)


@pytest.mark.parametrize("name", TWINS)
def test_what_both_sides_need_is_the_same_text(name: str) -> None:
    ours, torchs = (
        Path(side, f"{name}.py") for side in ("scratch", "torchref")
    )
    assert without_imports(ours) == without_imports(torchs)


def test_both_sides_have_the_same_recipes() -> None:
    assert {n: repr(r) for n, r in RECIPES.items()} == {
        n: repr(r) for n, r in theirs.RECIPES.items()
    }
    assert {r.network for r in RECIPES.values()} == set(NETWORKS)


@pytest.mark.parametrize("name", RECIPES)
def test_a_small_recipe_changes_the_size_alone(name: str) -> None:
    full, cut = RECIPES[name], small(RECIPES[name])
    assert cut.network == full.network and cut.loss == full.loss
    assert cut.resize <= full.resize and cut.epochs <= full.epochs


def test_a_run_leaves_its_folder() -> None:
    text = ask(*SMALL, "--set=epochs=3")
    assert text.count("epoch ") == 3 and "examples/s" in text
    folder = Path("runs/mlp-0")
    assert {path.name for path in folder.iterdir()} == {
        "config.toml",
        "metrics.jsonl",
        "curves.svg",
        "model.pt",
        "state.pt",
    }
    settings = tomllib.loads((folder / "config.toml").read_text())
    assert settings["epochs"] == 3 and settings["optimizer"]["lr"] == 0.2
    assert settings["seed"] == 0 and settings["versions"]["numpy"]
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]
    weights = torch.load(folder / "model.pt", weights_only=True)
    assert sum(w.numel() for w in weights.values()) == 203_530


def test_a_quick_run_learns() -> None:
    text = ask("train", "mlp", "--quick")
    lines = Path("runs/mlp-0/metrics.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["accuracy"] > 0.9, text


def test_seeds_are_summed_up() -> None:
    text = ask(*SMALL, "--seeds", "0..2", "--set=epochs=1")
    assert "3 seeds: loss" in text
    names = {path.name for path in Path("runs").iterdir()}
    assert names == {"mlp-0", "mlp-1", "mlp-2"}


def test_a_finished_run_has_nothing_to_resume() -> None:
    ask(*SMALL, "--set=epochs=2", "--name", "a")
    before = Path("runs/a/model.pt").read_bytes()
    text = ask(*SMALL, "--set=epochs=2", "--name", "a", "--resume")
    assert "epoch" not in text
    assert Path("runs/a/model.pt").read_bytes() == before


@pytest.mark.parametrize(
    "words,error,hint",
    [
        (["train", "lenett"], ValueError, "did you mean lenet?"),
        (["train", "mlp", "--set=optimiser.lr=1"], KeyError, "optimizer"),
        (["train", "mlp", "--set=optimizer.lrr=1"], KeyError, "lr"),
        (["train", "mlp", "--set=batch=many"], ValueError, "is no int"),
        (["train", "mlp", "--set=batch"], ValueError, "key=value"),
        (["train", "mlp", "--set=data=nowhere"], ValueError, "fashion_mnist"),
        (["train", "mlp", "--resume"], FileNotFoundError, "to resume"),
        (["predict", "runs/none"], FileNotFoundError, "no model.pt"),
    ],
)
def test_a_wrong_word_is_refused(
    words: list[str], error: type[Exception], hint: str
) -> None:
    with pytest.raises(error, match=hint.replace("?", r"\?")):
        ask(*words)


def test_a_problem_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr("sys.argv", ["scratch", "train", "lenett"])
    with pytest.raises(SystemExit) as stopped:
        command.main()
    assert stopped.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_name_is_not_taken_twice(tmp_path: Path) -> None:
    assert choose(tmp_path, "a", False, False) == tmp_path / "a"
    (tmp_path / "a").mkdir()
    assert choose(tmp_path, "a", False, False) == tmp_path / "a-2"
    with pytest.raises(FileExistsError):
        choose(tmp_path, "a", True, False)
    assert choose(tmp_path, "a", False, True) == tmp_path / "a"


def test_every_network_is_listed() -> None:
    text = ask("list")
    assert all(f"\n{name} " in f"\n{text}" for name in RECIPES)


def test_a_summary_counts_parameters_and_operations() -> None:
    text = ask("summary", "lenet")
    assert "61,706" in text and "16×10×10" in text
    assert text.count("\n") == 15


def test_a_program_is_run_unchanged() -> None:
    Path("helper.py").write_text("import torch\nx = torch.ones(2)\n")
    Path("p.py").write_text(
        "import sys, torch, helper\nimport torch.nn.functional as F\n"
        "from torchvision import transforms\nfrom torch import nn\n"
        "print(sys.argv, torch.__name__, F.relu(helper.x).tolist())\n"
    )
    out = ask("run", "p.py", "a", "--b", "3")
    assert torch is __import__("torch")  # as it was
    assert "['p.py', 'a', '--b', '3'] scratch [1.0, 1.0]" in out


def test_a_program_that_is_not_there_is_no_trace() -> None:
    result = RUN.invoke(command.app, ["run", "nowhere.py"])
    assert result.exit_code == 2
    assert "nowhere.py" in result.output
    assert "Traceback" not in result.output


def test_a_program_asks_for_what_is_not_there() -> None:
    Path("p.py").write_text("import torch.nowhere\n")
    with pytest.raises(ModuleNotFoundError, match="'torch.nowhere'"):
        ask("run", "p.py")


def test_a_loss_that_runs_away_keeps_the_last_good_state() -> None:
    with pytest.raises(Diverged, match="lower learning rate"):
        ask(*SMALL, "--set=optimizer.lr=1e38", "--set=epochs=3")


def test_a_state_belongs_to_its_run(tmp_path: Path) -> None:
    recipe = config_of("linear_regression", epochs=1)
    data = command.load(recipe)
    path = tmp_path / "state.pt"
    list(fit(build(recipe), recipe, *data, 0, path))
    with pytest.raises(ValueError, match="belongs to seed 0"):
        list(fit(build(recipe), recipe, *data, 1, path, resume=True))


def config_of(name: str, **changes: object) -> Recipe:
    words = [f"{key}={value}" for key, value in changes.items()]
    return command.config.change(RECIPES[name], words)


def test_a_model_file_is_read_back() -> None:
    ask(*SMALL, "--set=epochs=1")
    weights = scratch.load("runs/mlp-0/model.pt")
    net = build(RECIPES["mlp"], 5)
    net.load_state_dict(weights)
    first = next(net.parameters())
    assert (first.detach() == next(iter(weights.values()))).all()
