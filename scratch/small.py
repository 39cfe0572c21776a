"""Recipes for a CPU: what is trained there in minutes, not days."""

from dataclasses import replace
from typing import Any

from scratch.recipes import Recipe, adam, sgd

# Smaller pictures, thinner linear layers, a part of the data; the small
# networks keep their recipes, but for LeNet: the first look takes seconds.
SMALL: dict[str, dict[str, Any]] = {
    "lenet": dict(
        data="fashion_mnist_sample", batch=64, optimizer=adam(0.005)
    ),
    "alexnet": dict(
        resize=96,
        sizes={"side": 96, "hidden": 512},
        batch=64,
        examples=6000,
        epochs=3,
        optimizer=sgd(0.05),
    ),
    "vgg11": dict(
        resize=64,
        sizes={"side": 64, "hidden": 512, "ratio": 4},
        batch=64,
        examples=6000,
        epochs=3,
    ),
    "vgg11_quarter": dict(
        resize=64,
        sizes={"side": 64, "hidden": 512},
        batch=64,
        examples=6000,
        epochs=3,
    ),
    "nin": dict(resize=96, batch=64, examples=6000, epochs=3),
    "googlenet": dict(resize=64, batch=64, examples=6000, epochs=3),
    "resnet18": dict(resize=96, batch=64, examples=6000, epochs=1),
    "resnet34": dict(resize=64, batch=64, examples=6000, epochs=1),
    "densenet": dict(resize=48, batch=64, examples=6000, epochs=1),
}


def small(recipe: Recipe) -> Recipe:
    """The recipe at the size of a CPU."""
    return replace(recipe, **SMALL.get(recipe.network, {}))
