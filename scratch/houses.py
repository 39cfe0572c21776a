"""House prices: from columns of a CSV file to numbers, five folds, and the
file of predictions (the Ames data, as Kaggle's competition hands it out)."""

from dataclasses import replace
from pathlib import Path

import scratch as torch
from scratch import Tensor, nn
from scratch.data import Table
from scratch.recipes import Recipe
from scratch.training import build, fit
from scratch.utils.folds import fold_indices
from scratch.utils.tables import Columns, Features, column, target, write_csv

PRICE, ID = "SalePrice", "Id"


def encoding(*tables: Columns) -> Features:
    """Learned from all rows of these tables, prices and numbers left out:
    numbers are standardised, NA being 0; the rest is one-hot, NA a kind."""
    return Features(*tables, leave_out=(PRICE, ID))


def prices(columns: Columns) -> Tensor:
    """The column of prices (N, 1); each must be a number above zero."""
    y = target(columns, PRICE)
    for row, price in enumerate(y.flatten().tolist()):
        if not 0 < price < float("inf"):
            raise ValueError(
                f"column {PRICE!r}, row {row}: expected a price above 0, "
                f"found {price:g}"
            )
    return y


def log_rmse(net: nn.Module, x: Tensor, y: Tensor) -> float:
    """√ mean (log max(ŷ, 1) - log y)²: an error of a tenth counts the same
    for a cheap house and a dear one."""
    with torch.no_grad():
        guess = net.eval()(x).clamp(min=1)
    return (guess.log() - y.log()).square().mean().sqrt().item()


def trained(recipe: Recipe, train: Table, seed: int = 0) -> nn.Module:
    """The network after all its epochs on these rows."""
    recipe = replace(recipe, sizes={"features": train.x.shape[1]})
    net = build(recipe, seed)
    for _ in fit(net, recipe, train, train, seed=seed):
        pass
    return net


def cross_validate(
    recipe: Recipe, x: Tensor, y: Tensor, k: int = 5, seed: int = 0
) -> list[tuple[float, float]]:
    """(training, validation) log-rmse of each of k folds."""
    parts = fold_indices(len(x), k)
    errors = []
    for i, held in enumerate(parts):
        rest = [row for part in parts[:i] + parts[i + 1 :] for row in part]
        net = trained(recipe, Table(x[rest], y[rest]), seed + i)
        errors.append(
            (log_rmse(net, x[rest], y[rest]), log_rmse(net, x[held], y[held]))
        )
    return errors


def submission(net: nn.Module, columns: Columns, x: Tensor, path: Path) -> None:
    """A line a house: its number and its predicted price."""
    numbers = column(columns, ID)
    with torch.no_grad():
        guesses = net.eval()(x).flatten().tolist()
    write_csv(path, {ID: numbers, PRICE: guesses})
