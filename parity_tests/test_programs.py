"""`python -m scratch run` prints what torch prints, the program unchanged."""

import contextlib
import io
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

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
    assert printed(lambda: program.run(path, [])) == theirs
    assert theirs.count("\n") > 5
