"""One of several processes that train together; started by the tests.

python -m parity_tests.torchref.worker FOLDER [all]: the weights of every case
go to FOLDER/<name>-<parts>.pt.
"""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from torchref.__main__ import leave
from torchref.data import Images, Table
from torchref.datasets import example_shape, load
from torchref.distributed import join
from torchref.options import Options
from torchref.recipes import RECIPES, Recipe, sgd, toy
from torchref.training import build, fit


def small(name: str, examples: int) -> Recipe:
    """Two epochs; the last batch of each is neither whole nor even."""
    return replace(
        toy(RECIPES[name]),
        epochs=2,
        batch=8,
        examples=examples,
        optimizer=sgd(0.05, momentum=0.5),
    )


CASES = {
    "mlp": small("mlp", 33),  # one process has nothing of the last batch
    "lenet_relu": small("lenet_relu", 27),
    "lenet_bn": small("lenet_bn", 27),
    # deep, so rounding grows fast: one epoch of small steps
    "resnet18": replace(
        small("resnet18", 21), epochs=1, resize=48, optimizer=sgd(0.002)
    ),
}


# Every other recipe, for the long form. Adam for the one without batch norm
# alone: a bias before a batch norm has no gradient but rounding, which Adam
# divides by its own size.
ALL = CASES | {
    name: replace(
        small(name, 21),
        epochs=1,
        optimizer=sgd(0.002) if name != "house_price" else own,
    )
    for name, own in ((n, r.optimizer) for n, r in RECIPES.items())
    if name not in CASES
}


def data(recipe: Recipe) -> tuple[Images | Table, Images | Table]:
    """The recipe's; in place of house prices, whose files are not ours, as
    many columns of noise."""
    if recipe.data != "house_prices":
        return load(recipe, torch.float64)
    g = torch.Generator().manual_seed(0)
    x = torch.randn(recipe.examples, *example_shape(recipe), generator=g)
    table = Table(x.double(), 1e5 * (1 + x[:, :1].double().square()))
    return table, table


def start(recipe: Recipe) -> nn.Module:
    """The network; its dropout drops nothing, for each process would draw a
    mask of its own."""
    net = build(recipe, 1)
    for layer in net.modules():
        if isinstance(layer, nn.Dropout):
            layer.p = 0.0
    return net


def main(folder: Path, cases: dict[str, Recipe]) -> None:
    """Train every case and keep the weights."""
    torch.set_num_threads(1)
    with join("cpu") as world:
        for name, recipe in cases.items():
            for parts in (1, 2):
                options = Options("float64", sync_bn=True, accumulate=parts)
                if parts == 2 and name != "lenet_relu":
                    continue
                net = start(recipe)
                *_, last = fit(
                    net, recipe, *data(recipe), options, world, seed=1
                )
                if world.rank == 0:
                    weights = dict(net.state_dict(), loss=last.loss)
                    torch.save(weights, folder / f"{name}-{parts}.pt")


if __name__ == "__main__":
    main(Path(sys.argv[1]), ALL if "all" in sys.argv[2:] else CASES)
    leave(0)
