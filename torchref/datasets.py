"""Every data set by its name, as a recipe asks for it."""

from functools import partial
from typing import Any

import torch

from torchref import data, synthetic
from torchref.data import Images, Table
from torchref.recipes import Recipe

PICTURES: dict[str, Any] = {
    "fashion_mnist": data.fashion_mnist,
    "fashion_mnist_sample": data.sample,
    "cifar10": data.cifar10,
    "toy": synthetic.toy,
    "toy_colour": partial(synthetic.toy, channels=3),
}
TABLES: dict[str, Any] = {
    "linear": synthetic.linear,
    "high_dimensional": synthetic.high_dimensional,
    "polynomial": synthetic.polynomial,
    "edge": synthetic.edge,
}
# The names of the labels 0, 1, …
CLASSES = {
    "fashion_mnist": (
        "t-shirt",
        "trouser",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    ),
    "cifar10": (
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
}


def load(
    recipe: Recipe, dtype: torch.dtype = torch.float32
) -> tuple[Images | Table, Images | Table]:
    """The recipe's training and test sets."""
    if recipe.data in TABLES:
        wide = {}
        if recipe.data == "polynomial":
            wide = {"degree": recipe.sizes.get("degree", 4)}
        train, test = (
            TABLES[recipe.data](part, **wide) for part in (True, False)
        )
        for table in (train, test):
            table.x, table.y = table.x.to(dtype), table.y.to(dtype)
        return first(train, recipe.examples), test
    if recipe.data not in PICTURES:
        known = ", ".join([*PICTURES, *TABLES])
        raise ValueError(f"data is {recipe.data!r}; expected one of {known}")
    source = partial(PICTURES[recipe.data], side=recipe.resize, dtype=dtype)
    more: dict[str, Any] = {"flip": recipe.augment == "flip"}
    if recipe.data.startswith("toy") and recipe.examples:
        more["n"] = recipe.examples  # made up, so as many as are wanted
    train = source(True, **more)
    return first(train, recipe.examples), source(False)


def first(rows: Any, n: int) -> Any:
    """The first n examples; 0: all."""
    if n and isinstance(rows, Table):
        rows.x, rows.y = rows.x[:n], rows.y[:n]
    elif n:
        rows.pixels, rows.labels = rows.pixels[:n], rows.labels[:n]
    return rows


def example_shape(recipe: Recipe) -> tuple[int, ...]:
    """The shape of one example of the recipe's data."""
    tables = {
        "linear": (2,),
        "high_dimensional": (200,),
        "polynomial": (recipe.sizes.get("degree", 4),),
        "edge": (1, 6, 8),
        "house_prices": (recipe.sizes.get("features", 331),),
    }
    if recipe.data in tables:
        return tables[recipe.data]
    colour = recipe.data in ("cifar10", "toy_colour")
    channels, side = (3, 32) if colour else (1, 28)
    return (channels, recipe.resize or side, recipe.resize or side)


def classes(data: str) -> tuple[str, ...]:
    """What the labels of a data set stand for."""
    if data.startswith("fashion_mnist"):
        return CLASSES["fashion_mnist"]
    return CLASSES.get(data, tuple(map(str, range(10))))
