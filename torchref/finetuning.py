"""Fine-tuning: what a network learned on much data helps where there is
little."""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from torchref.data import Images
from torchref.distributed import World
from torchref.networks import INITIALISATIONS, NETWORKS
from torchref.recipes import Recipe, Schedule, sgd
from torchref.training import evaluate, fit

# Tops, shoes and bags in both halves: what one half teaches serves the other.
FIRST, SECOND = (0, 2, 3, 5, 8), (1, 4, 6, 7, 9)


def only(images: Images, classes: Sequence[int], few: int = 0) -> Images:
    """The pictures of these classes, numbered anew from 0; of each class the
    first `few`, or all."""
    rows, labels = [], []
    for new, old in enumerate(classes):
        found = (images.labels == old).nonzero().flatten()
        found = found[:few] if few else found
        rows.append(found)
        labels.append(torch.full_like(found, new))
    part = copy.copy(images)
    part.pixels = images.pixels[torch.cat(rows)]
    part.labels = torch.cat(labels)
    return part


def head_of(net: nn.Module) -> tuple[str, nn.Linear]:
    """The name and layer that decide the class: the last linear layer."""
    found = [
        (name, layer)
        for name, layer in net.named_modules()
        if isinstance(layer, nn.Linear)
    ]
    if not found:
        raise ValueError("the network has no linear layer to take as its head")
    return found[-1]


def transfer(trained: nn.Module, net: nn.Module) -> None:
    """Copy all weights but the head's, whose shape may differ."""
    head, _ = head_of(net)
    state = {
        name: value
        for name, value in trained.state_dict().items()
        if not name.startswith(f"{head}.")
    }
    answer = net.load_state_dict(state, strict=False)
    left = {name for name in answer.missing_keys if not name.startswith(head)}
    if left or answer.unexpected_keys:
        raise ValueError(
            f"the bodies differ: {sorted(left)} have no weights, "
            f"{sorted(answer.unexpected_keys)} no place"
        )


def groups(
    net: nn.Module, lr: float, body: float, frozen: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """The head learns at lr, the body at lr·body, what is under a frozen name
    not at all."""
    head, _ = head_of(net)
    still = tuple(frozen)
    slow, fast = [], []
    for name, parameter in net.named_parameters():
        if any(name == f or name.startswith(f"{f}.") for f in still):
            parameter.requires_grad_(False)
        elif name.startswith(f"{head}."):
            fast.append(parameter)
        else:
            slow.append(parameter)
    both = [dict(params=slow, lr=lr * body), dict(params=fast, lr=lr)]
    return [group for group in both if group["params"]]


def tune(
    net: nn.Module,
    parameters: list[dict[str, Any]],
    train: Images,
    epochs: int,
    batch: int,
    momentum: float = 0.9,
) -> None:
    """SGD on few pictures."""
    optimizer = torch.optim.SGD(parameters, momentum=momentum)
    net.train()
    for _ in range(epochs):
        for rows in torch.randperm(len(train)).split(batch):
            x, labels = train.batch(rows)
            loss = F.cross_entropy(net(x), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def finetuned(recipe: Recipe) -> Recipe:
    """How the body is trained: long enough, on the pictures that come with
    this repository."""
    return replace(
        recipe,
        data="fashion_mnist_sample",
        batch=32,
        epochs=20,
        schedule=Schedule(),
        optimizer=sgd(0.1),
    )


@dataclass(frozen=True)
class Comparison:
    """Test accuracies on the second half of the classes."""

    seed: int
    tuned: float
    frozen: float
    scratch: float


def compare(
    recipe: Recipe,
    train: Images,
    test: Images,
    seed: int = 0,
    few: int = 5,
    epochs: int = 30,
    lr: float = 0.02,
) -> Comparison:
    """Train on the first half of the classes; then learn the second from `few`
    pictures each, in as many steps: with the trained body at 0.3 of the
    rate, with it frozen, and from nothing at the whole rate."""
    sizes = {**recipe.sizes, "classes": 5}
    make: Any = NETWORKS[recipe.network]

    def new() -> nn.Module:
        start = INITIALISATIONS[recipe.initialisation]
        return make(**sizes).apply(start)

    torch.manual_seed(seed)
    body = new()
    pair = only(train, FIRST), only(test, FIRST)
    for _ in fit(body, replace(recipe, sizes=sizes), *pair, seed=seed):
        pass
    part, held = only(train, SECOND, few), only(test, SECOND)
    names = [n for n, _ in body.named_children() if n != head_of(body)[0]]
    results = []
    for rate, frozen in ((0.3, []), (0.3, names), (None, [])):
        net = new()
        if rate is not None:
            transfer(body, net)
        chosen = groups(net, lr, 1.0 if rate is None else rate, frozen)
        tune(net, chosen, part, epochs, batch=10)
        results.append(evaluate(net, held, recipe, world=World())[1])
    return Comparison(seed, *results)


def pretrained(classes: int, weights: Path | None = None) -> nn.Module:
    """torchvision's ResNet-18 with ImageNet's weights, from a file or fetched
    by torchvision, and a new head with Glorot's weights."""
    from torchvision import models

    if weights is None:
        kind = models.ResNet18_Weights.IMAGENET1K_V1
        net = models.resnet18(weights=kind)
    else:
        net = models.resnet18()
        net.load_state_dict(torch.load(weights, weights_only=True))
    net.fc = nn.Linear(net.fc.in_features, classes)
    nn.init.xavier_uniform_(net.fc.weight)
    return net
