"""Whole epochs: batches by index, steps, the record and the evaluation.

The sample of Fashion-MNIST that lies in data/, the recipe of each network,
one epoch of `fit` on both sides; and the same by a learner's own loop over a
DataLoader.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks import timing
from benchmarks.timing import Sides

FITTED = ("softmax_regression", "mlp", "lenet", "lenet_bn")
LOADED = ("mlp", "lenet_relu")
BATCH = 256


def rows(quick: bool) -> list[str]:
    fitted = [f"{name}, fit" for name in FITTED]
    loaded = [f"{name}, DataLoader" for name in LOADED]
    return fitted[:2] if quick else fitted + loaded


def sides(row: str) -> Sides:
    """One epoch more of the same training, each time it is called."""
    name, way = row.split(", ")
    make = fitted if way == "fit" else loaded
    ours, theirs = make(name)

    def check() -> float:
        """The loss of the first epoch, from the same weights and order."""
        a, b = ours(), theirs()
        return timing.require(abs(a - b) / abs(b), 1e-3, row)

    return Sides(ours, theirs, check)


def fitted(name: str) -> list[Callable[[], float]]:
    """`fit` of both sides: the recipe, on the sample."""
    import scratch.data
    import scratch.recipes
    import scratch.training
    import torchref.data
    import torchref.recipes
    import torchref.training

    calls = []
    for side in (scratch, torchref):
        recipe = replace(side.recipes.RECIPES[name], epochs=1)
        train, test = side.data.sample(True), side.data.sample(False)
        net = side.training.build(recipe)

        def call(fit=side.training.fit, rest=(net, recipe, train, test)):
            (epoch,) = fit(*rest)
            return epoch.loss

        calls.append(call)
    return calls


def loaded(name: str) -> list[Callable[[], float]]:
    """The loop that a first program has, word for word on both sides."""
    import torch

    import scratch
    import scratch.training
    import torchref.data
    import torchref.training
    from scratch.recipes import RECIPES as OURS
    from torchref.recipes import RECIPES as THEIRS

    images = torchref.data.sample(True)
    x = images.pixels.numpy().astype(np.float32) / 255
    labels = images.labels.numpy().astype(np.int64)
    nets = (
        scratch.training.build(OURS[name]),
        torchref.training.build(THEIRS[name]),
    )
    return [
        loop(lib, net, lib.from_numpy(x), lib.from_numpy(labels))
        for lib, net in zip((scratch, torch), nets)
    ]


def loop(lib: Any, net: Any, x: Any, labels: Any) -> Callable[[], float]:
    """An epoch: shuffled batches, SGD, the loss read after every step."""
    data = lib.utils.data
    loader = data.DataLoader(data.TensorDataset(x, labels), BATCH, shuffle=True)
    criterion = lib.nn.CrossEntropyLoss()
    optimizer = lib.optim.SGD(net.parameters(), lr=0.1)

    def call() -> float:
        lib.manual_seed(0)
        total = 0.0
        for images, classes in loader:
            optimizer.zero_grad()
            loss = criterion(net(images), classes)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(images)
        return total / len(x)

    return call
