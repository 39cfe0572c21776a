"""One row a network: what it is trained on, and how, at full size."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Optimizer:
    """`sgd` or `adam`; weight decay spares the biases unless `decay_bias`."""

    name: str = "sgd"
    lr: float = 0.1
    momentum: float = 0.0
    weight_decay: float = 0.0
    decay_bias: bool = False


@dataclass(frozen=True)
class Schedule:
    """By what the learning rate is multiplied in each epoch.

    constant   1
    sqrt       1 / √(epoch + 1)
    steps      gamma for every milestone passed
    cosine     from 1 to `final`, half a wave over `length` epochs

    The first `warmup` epochs climb to 1 in equal steps.
    """

    name: str = "constant"
    warmup: int = 0
    milestones: tuple[int, ...] = ()
    gamma: float = 0.5
    length: int = 20
    final: float = 0.0

    def factor(self, epoch: int) -> float:
        """The multiplier of epoch 0, 1, 2, …"""
        if epoch < self.warmup:
            return (epoch + 1) / self.warmup
        if self.name == "constant":
            return 1.0
        if self.name == "sqrt":
            return (epoch + 1) ** -0.5
        if self.name == "steps":
            return self.gamma ** sum(epoch >= m for m in self.milestones)
        if self.name == "cosine":
            length = max(1, self.length - self.warmup)
            turn = math.pi * min(1, (epoch - self.warmup) / length)
            return self.final + (1 - self.final) * (1 + math.cos(turn)) / 2
        raise ValueError(
            f"schedule.name is {self.name!r}; expected constant, sqrt, "
            "steps or cosine"
        )


@dataclass(frozen=True)
class Recipe:
    """One experiment: a network, its data, and how it is trained.

    `batch` is the whole batch, of all processes together; the last batch of
    an epoch keeps what is left.
    """

    network: str
    data: str = "fashion_mnist"
    resize: int = 0  # side of the image; 0: as it is
    augment: str = "none"  # or flip: left and right, at random
    batch: int = 256
    epochs: int = 10
    optimizer: Optimizer = field(default_factory=Optimizer)
    schedule: Schedule = field(default_factory=Schedule)
    initialisation: str = "xavier"
    loss: str = "cross_entropy"  # or mse, half_squared
    reduction: str = "mean"  # or sum
    examples: int = 0  # how many to train on; 0: all
    sizes: Mapping[str, Any] = field(default_factory=dict)  # the network's

    def scaled(self, batch: int) -> "Recipe":
        """The linear scaling rule: a batch k times as large, a learning rate
        k times as high (Goyal et al., 2017)."""
        lr = self.optimizer.lr * batch / self.batch
        return replace(
            self, batch=batch, optimizer=replace(self.optimizer, lr=lr)
        )


def sgd(lr: float, **more: Any) -> Optimizer:
    """Stochastic gradient descent, as a row names it."""
    return Optimizer("sgd", lr, **more)


def adam(lr: float, **more: Any) -> Optimizer:
    """Adam, as a row names it."""
    return Optimizer("adam", lr, **more)


def linear(network: str, data: str, **more: Any) -> Recipe:
    """A regression: squared loss."""
    return Recipe(network, data, loss="mse", **more)


RECIPES = {
    "linear_regression": linear(
        "linear_regression",
        "linear",
        batch=10,
        epochs=3,
        optimizer=sgd(0.03),
        initialisation="normal_zero",
    ),
    "weight_decay": linear(
        "linear_regression",
        "high_dimensional",
        batch=5,
        epochs=100,
        optimizer=sgd(0.003, weight_decay=3.0),
        initialisation="standard",
        sizes={"inputs": 200},
    ),
    "polynomial": linear(
        "polynomial_regression",
        "polynomial",
        batch=10,
        epochs=400,
        optimizer=sgd(0.01),
        initialisation="default",
        sizes={"degree": 4},
    ),
    "house_price": linear(
        "house_price",
        "house_prices",
        batch=64,
        epochs=100,
        optimizer=adam(5.0),
        initialisation="default",
    ),
    "edge_kernel": linear(
        "edge_kernel",
        "edge",
        batch=1,
        epochs=10,
        optimizer=sgd(0.03),
        initialisation="default",
        reduction="sum",
    ),
    "softmax_regression": Recipe("softmax_regression", initialisation="normal"),
    "mlp": Recipe("mlp", initialisation="normal"),
    "dropout_mlp": Recipe(
        "dropout_mlp", initialisation="normal", optimizer=sgd(0.5)
    ),
    "lenet": Recipe("lenet", optimizer=sgd(0.9)),
    "lenet_bn": Recipe("lenet_bn", optimizer=sgd(1.0)),
    "lenet_relu": Recipe(
        "lenet_relu",
        epochs=30,
        optimizer=sgd(0.3),
        initialisation="default",
        schedule=Schedule("cosine", warmup=5, length=20, final=1 / 30),
    ),
    "alexnet": Recipe("alexnet", resize=224, batch=128, optimizer=sgd(0.01)),
    "vgg11": Recipe("vgg11", resize=224, batch=128, optimizer=sgd(0.05)),
    "vgg11_quarter": Recipe(
        "vgg11_quarter", resize=224, batch=128, optimizer=sgd(0.05)
    ),
    "nin": Recipe("nin", resize=224, batch=128, optimizer=sgd(0.1)),
    "googlenet": Recipe("googlenet", resize=96, batch=128, optimizer=sgd(0.1)),
    "resnet18": Recipe("resnet18", resize=96, optimizer=sgd(0.05)),
    "resnet34": Recipe("resnet34", resize=96, optimizer=sgd(0.05)),
    "densenet": Recipe("densenet", resize=96, optimizer=sgd(0.1)),
    "light": Recipe("light", optimizer=sgd(0.1, momentum=0.9)),
    "cifar_cnn": Recipe(
        "cifar_cnn",
        "cifar10",
        batch=4,
        optimizer=sgd(0.001, momentum=0.9),
        initialisation="default",
    ),
    "resnet18_small": Recipe(
        "resnet18_small",
        "cifar10",
        augment="flip",
        optimizer=adam(0.001),
        reduction="sum",
    ),
}

# What a CPU trains in seconds: smaller images, shorter linear layers, and
# the learning rate and epochs with which so few images are learned.
TOY: dict[str, dict[str, Any]] = {
    "dropout_mlp": dict(optimizer=sgd(0.1), epochs=12),
    "lenet": dict(optimizer=adam(0.005), epochs=50),
    "lenet_relu": dict(optimizer=adam(0.003), epochs=12),
    "alexnet": dict(
        resize=96,
        sizes={"side": 96, "hidden": 128},
        optimizer=adam(0.0003),
        epochs=16,
    ),
    "vgg11": dict(
        resize=32,
        sizes={"side": 32, "hidden": 128, "ratio": 4},
        optimizer=adam(0.0003),
        epochs=15,
    ),
    "vgg11_quarter": dict(
        resize=32,
        sizes={"side": 32, "hidden": 128},
        optimizer=adam(0.0003),
        epochs=15,
    ),
    "nin": dict(resize=80, optimizer=adam(0.001), epochs=25),
    "googlenet": dict(resize=32, batch=4, optimizer=adam(0.0002), epochs=12),
    "resnet18": dict(resize=32, optimizer=sgd(0.01), epochs=4),
    "resnet34": dict(resize=32, optimizer=sgd(0.01), epochs=4),
    "densenet": dict(resize=32),
    "cifar_cnn": dict(data="toy_colour", optimizer=adam(0.003)),
    "resnet18_small": dict(
        data="toy_colour", resize=16, optimizer=adam(0.0003), epochs=4
    ),
}


def toy(recipe: Recipe) -> Recipe:
    """The same recipe on few made-up images, for tests and for a look."""
    if recipe.data not in ("fashion_mnist", "cifar10"):
        return recipe
    small: dict[str, Any] = dict(data="toy", examples=64, batch=8, epochs=8)
    small["schedule"] = Schedule()
    small.update(TOY.get(recipe.network, {}))
    return replace(recipe, **small)
