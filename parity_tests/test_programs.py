"""`python -m scratch run` prints what torch prints, the program unchanged."""

import contextlib
import io
import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import scratch
from scratch import program
from scratch.vision import finder
from scratch.vision.idx import read_idx, write_idx

PROGRAMS = sorted(Path(__file__).parent.joinpath("programs").glob("[!_]*.py"))


def printed(run: Callable[[], Any]) -> str:
    """What a program prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run()
    return out.getvalue()


DECIMAL = re.compile(r"-?\d+\.\d+(?:e[-+]\d+)?")


def assert_same_text(ours: str, theirs: str) -> None:
    """The same words and whole numbers; a decimal may differ by one unit of
    the last digit printed, or 1e-5 of itself.

    A loss that falls between two printed digits is rounded either way by
    torch too, with one thread or with two.
    """
    assert DECIMAL.sub("#", ours) == DECIMAL.sub("#", theirs)
    pairs = zip(DECIMAL.findall(ours), DECIMAL.findall(theirs), strict=True)
    for mine, other in pairs:
        assert len(mine) == len(other) or min(places(mine), places(other)) > 6
        unit = 1.01 * 10.0 ** -places(other)
        apart = abs(float(mine) - float(other))
        assert apart <= max(unit, 1e-5 * abs(float(other))), ours


def places(number: str) -> int:
    """The place of the last digit behind the point."""
    digits, _, power = number.partition("e")
    return len(digits.partition(".")[2]) - int(power or 0)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Fashion-MNIST where torchvision looks for it: the sample
    ten times over."""
    home = tmp_path_factory.mktemp("programs")
    folder = home / "data" / "FashionMNIST" / "raw"
    folder.mkdir(parents=True)
    for path in finder.SAMPLE.glob("*.gz"):
        rows = read_idx(path)
        rows = np.tile(rows, (10, *[1] * (rows.ndim - 1)))
        write_idx(folder / path.stem, rows)
    return home


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_prints_the_same(
    path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(data)
    theirs = printed(lambda: runpy.run_path(str(path), run_name="__main__"))
    assert_same_text(printed(lambda: program.run(path, [])), theirs)
    assert theirs.count("\n") > 5


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("loss 47.897", "loss 47.899"),
        ("loss 0.25", "loss 0.250"),
        ("epoch 1", "epoch 2"),
        ("3.1e-05", "3.1e-06"),
        ("nan", "1.0"),
        ("1.0\n", "1.0"),
    ],
)
def test_another_text_is_seen(ours: str, theirs: str) -> None:
    with pytest.raises(AssertionError):
        assert_same_text(ours, theirs)


def test_a_program_is_told_whose_behaviour_it_finds(tmp_path: Path) -> None:
    file = tmp_path / "asks.py"
    file.write_text("import torch, torch.version\n"
                    "from torch.nn.modules.batchnorm import _BatchNorm\n"
                    "import torch.backends.cudnn as cudnn\n"
                    "print(torch.__version__, torch.version.__version__)\n"
                    "print(issubclass(torch.nn.BatchNorm2d, _BatchNorm))\n"
                    "print(cudnn is torch.backends.cudnn)\n")
    before = scratch.__version__
    words = printed(lambda: program.run(file, [])).split()
    assert words[0] == words[1] != before
    assert words[0].split("+")[0] == torch.__version__.split("+")[0]
    assert words[2:] == ["True", "True"]
    assert scratch.__version__ == scratch.version.__version__ == before
