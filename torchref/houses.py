"""House prices: from columns of a CSV file to numbers, five folds, and the
file of predictions (the Ames data, as Kaggle's competition hands it out)."""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from torchref.data import Table
from torchref.options import Options
from torchref.recipes import Recipe
from torchref.training import build, fit

Columns = dict[str, list[str]]
MISSING = ("", "NA", "nan", "NaN")
PRICE, ID = "SalePrice", "Id"


def read_csv(path: Path) -> Columns:
    """The file's columns by their names; every row as long as the head."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    if not rows:
        raise ValueError(f"{path} is empty: expected a head and rows")
    head, *body = rows
    for number, row in enumerate(body, 2):
        if len(row) != len(head):
            raise ValueError(
                f"{path}, line {number}: {len(row)} values under "
                f"{len(head)} names"
            )
    return {name: [row[i] for row in body] for i, name in enumerate(head)}


def prices(columns: Columns) -> Tensor:
    """The column of prices (N, 1); each must be a number above zero."""
    if PRICE not in columns:
        raise ValueError(f"no column {PRICE}: these rows have no prices")
    found = []
    for number, text in enumerate(columns[PRICE], 1):
        value = number_of(text)
        if value is None or not 0 < value < math.inf:
            raise ValueError(f"row {number}: {PRICE} is {text!r}")
        found.append(value)
    return torch.tensor(found).view(-1, 1)


def number_of(text: str) -> float | None:
    """The number that a text stands for, if it does."""
    try:
        value = float(text)
    except ValueError:
        return None
    return None if math.isnan(value) else value


@dataclass(frozen=True)
class Encoding:
    """How columns become numbers: by (mean, deviation), or as one of these
    categories, or missing."""

    scales: Mapping[str, tuple[float, float]]
    categories: Mapping[str, tuple[str, ...]]

    @property
    def width(self) -> int:
        """How many numbers a row becomes."""
        kinds = self.categories.values()
        return len(self.scales) + sum(len(names) + 1 for names in kinds)

    def __call__(self, columns: Columns) -> Tensor:
        """(N, width): (x - mean)/deviation with 0 for what is missing, then
        for every category a 1 or 0, and one for missing."""
        parts = []
        for name in (*self.scales, *self.categories):
            if name not in columns:
                raise ValueError(f"no column {name!r}")
        for name, (mean, deviation) in self.scales.items():
            values = numbers(name, columns[name])
            parts.append(
                [0.0 if v is None else (v - mean) / deviation for v in values]
            )
        for name, kinds in self.categories.items():
            check_categories(name, columns[name], kinds)
            for kind in kinds:
                parts.append([float(v == kind) for v in columns[name]])
            parts.append([float(v in MISSING) for v in columns[name]])
        return torch.tensor(parts).T.contiguous()


def numbers(name: str, texts: Sequence[str]) -> list[float | None]:
    """A column of numbers, None where one is missing."""
    found = []
    for row, text in enumerate(texts, 1):
        value = number_of(text)
        if value is None and text not in MISSING:
            raise ValueError(f"row {row}: {name} is {text!r}, not a number")
        found.append(value)
    return found


def check_categories(
    name: str, texts: Sequence[str], kinds: Sequence[str]
) -> None:
    """Every value is one of those that the encoding knows."""
    for row, text in enumerate(texts, 1):
        if text not in kinds and text not in MISSING:
            raise ValueError(
                f"row {row}: {name} is {text!r}, a category that was not "
                f"there before; known are {', '.join(kinds)}"
            )


def encoding(*tables: Columns) -> Encoding:
    """Learned from all rows of these tables, prices and numbers left out: a
    column is of numbers if all that it holds are."""
    scales, categories = {}, {}
    for name in tables[0]:
        if name in (PRICE, ID):
            continue
        texts = [text for table in tables for text in table.get(name, [])]
        present = [text for text in texts if text not in MISSING]
        values = [number_of(text) for text in present]
        if None not in values and values:
            column = torch.tensor(values, dtype=torch.float64)
            spread = column.std().item() if len(values) > 1 else 0.0
            scales[name] = (column.mean().item(), spread or 1.0)
        else:
            categories[name] = tuple(sorted(set(present)))
    return Encoding(scales, categories)


def log_rmse(net: nn.Module, x: Tensor, y: Tensor) -> float:
    """√ mean (log max(ŷ, 1) - log y)²: an error of a tenth counts the same
    for a cheap house and a dear one."""
    with torch.no_grad():
        guess = net.eval()(x).clamp(min=1)
    return (guess.log() - y.log()).square().mean().sqrt().item()


def fold(x: Tensor, y: Tensor, k: int, i: int) -> tuple[Table, Table]:
    """Part i of k to validate, the rest to train; the first N mod k parts
    are one longer."""
    if not 2 <= k <= len(x) or not 0 <= i < k:
        raise ValueError(
            f"fold {i} of {k}: expected 2 ≤ k ≤ {len(x)} and 0 ≤ i < k"
        )
    size, longer = divmod(len(x), k)
    first = i * size + min(i, longer)
    inside = torch.zeros(len(x), dtype=torch.bool)
    inside[first : first + size + (i < longer)] = True
    return Table(x[~inside], y[~inside]), Table(x[inside], y[inside])


def trained(
    recipe: Recipe, train: Table, seed: int = 0, options: Options | None = None
) -> nn.Module:
    """The network after all its epochs on these rows."""
    recipe = replace(recipe, sizes={"features": train.x.shape[1]})
    net = build(recipe, seed)
    for _ in fit(net, recipe, train, train, options, seed=seed):
        pass
    return net


def cross_validate(
    recipe: Recipe, x: Tensor, y: Tensor, k: int = 5, seed: int = 0
) -> list[tuple[float, float]]:
    """(training, validation) log-rmse of each of k folds."""
    errors = []
    for i in range(k):
        train, valid = fold(x, y, k, i)
        net = trained(recipe, train, seed + i)
        errors.append(
            (log_rmse(net, train.x, train.y), log_rmse(net, valid.x, valid.y))
        )
    return errors


def submission(net: nn.Module, columns: Columns, x: Tensor, path: Path) -> None:
    """A line a house: its number and its predicted price."""
    if ID not in columns:
        raise ValueError(f"no column {ID}: the file must name its houses")
    with torch.no_grad():
        guesses = net.eval()(x).flatten().tolist()
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow([ID, PRICE])
        out.writerows(zip(columns[ID], guesses, strict=True))
