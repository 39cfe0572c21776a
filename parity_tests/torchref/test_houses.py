"""House prices: columns to numbers as pandas makes them, folds, errors."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from torchref import __main__ as command
from torchref import houses
from torchref.recipes import RECIPES, adam


def write(path: Path, n: int, priced: bool, seed: int) -> Path:
    """A small file in the competition's format, NA in both kinds."""
    rng = np.random.default_rng(seed)
    area = rng.uniform(50, 250, n)
    street = rng.choice(["Pave", "Grvl", "NA"], n)
    quality = rng.integers(1, 10, n)
    rows = {
        "Id": np.arange(n) + 1000 * seed,
        "LotArea": [f"{a:.1f}" if a > 60 else "NA" for a in area],
        "Street": street,
        "Quality": quality,
        "Pool": ["NA"] * n,
        "SalePrice": (1000 * area + 9000 * quality).round(),
    }
    if not priced:
        del rows["SalePrice"]
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(rows)
        out.writerows(zip(*rows.values(), strict=True))
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return (
        write(tmp_path / "train.csv", 60, True, 1),
        write(tmp_path / "test.csv", 20, False, 2),
    )


def test_columns_become_the_numbers_that_pandas_makes(
    files: tuple[Path, Path],
) -> None:
    known, wanted = map(houses.read_csv, files)
    encode = houses.encoding(known, wanted)
    ours = torch.cat([encode(known), encode(wanted)])
    both = pd.concat([pd.read_csv(path) for path in files])
    features = both.drop(columns=["Id", "SalePrice"])
    features["Pool"] = features["Pool"].astype(object)
    for name in ("LotArea", "Quality"):
        column = features[name]
        features[name] = (column - column.mean()) / column.std()
    scaled = features[["LotArea", "Quality"]].fillna(0)
    names = pd.get_dummies(features[["Street", "Pool"]], dummy_na=True)
    theirs = np.hstack([scaled, names.to_numpy(float)])
    assert encode.width == theirs.shape[1]
    np.testing.assert_allclose(ours.numpy(), theirs, atol=1e-5)


@given(st.integers(4, 40), st.data())
def test_folds_part_the_rows(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(2, min(n, 6)))
    x = torch.arange(n).view(-1, 1).float()
    seen = []
    for i in range(k):
        train, valid = houses.fold(x, x, k, i)
        rows = sorted(train.x.flatten().tolist() + valid.x.flatten().tolist())
        assert rows == list(range(n))
        seen += valid.x.flatten().tolist()
    assert seen == list(range(n))


def test_the_command_predicts_every_house(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    words = ["houses", *map(str, files), "--out", str(out), "--folds", "3"]
    words += ["--set", "epochs=40", "--set", "optimizer.lr=200"]
    result = CliRunner().invoke(command.app, words)
    assert result.exit_code == 0, result.output
    assert "mean log-rmse" in result.output
    table = pd.read_csv(out)
    assert list(table) == ["Id", "SalePrice"] and len(table) == 20
    assert np.isfinite(table["SalePrice"]).all()


def test_training_lowers_the_error(files: tuple[Path, Path]) -> None:
    known = houses.read_csv(files[0])
    encode = houses.encoding(known)
    x, y = encode(known), houses.prices(known)
    recipe = replace(RECIPES["house_price"], optimizer=adam(500.0))
    errors = houses.cross_validate(recipe, x, y, k=3)
    assert len(errors) == 3
    assert max(train for train, _ in errors) < 0.6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SalePrice", "Price", "no column SalePrice"),
        ("Quality", "Qualiti", "no column 'Quality'"),
        (",Pave,", ",Mud,", "Mud.*category that was not there"),
        (",Pave,", ",Pave,1,", "values under"),
    ],
)
def test_a_bad_file_is_told(
    files: tuple[Path, Path], old: str, new: str, said: str
) -> None:
    encode = houses.encoding(houses.read_csv(files[0]))
    files[0].write_text(files[0].read_text().replace(old, new, 1))
    with pytest.raises(ValueError, match=said):
        columns = houses.read_csv(files[0])
        houses.prices(columns)
        encode(columns)


@pytest.mark.parametrize("price", ["", "NA", "-5", "0", "dear", "inf"])
def test_a_missing_price_is_told(price: str) -> None:
    with pytest.raises(ValueError, match="row 2: SalePrice"):
        houses.prices({"SalePrice": ["7", price]})


def test_a_text_among_numbers_is_told() -> None:
    encode = houses.encoding({"a": ["1", "2", "NA"]})
    with pytest.raises(ValueError, match="row 1: a is 'x', not a number"):
        encode({"a": ["x"]})
