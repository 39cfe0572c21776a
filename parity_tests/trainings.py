"""Networks trained on both sides from one seed, compared step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

import scratch
from scratch import networks as ours
from scratch.vision import datasets
from torchref import networks as theirs

from .summaries import recipe_named

# network: learning rate, batch 256, SGD (the recipes' own)
RATES = {"softmax_regression": 0.1, "mlp": 0.1, "lenet": 0.9,
         "lenet_bn": 1.0}
GRADIENTS_AT = (0, 50, 100, 200)


@dataclass
class Run:
    """What one side did."""

    start: list[np.ndarray] = field(default_factory=list)
    batches: list[np.ndarray] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    gradients: dict[int, list[np.ndarray]] = field(default_factory=dict)
    state: np.ndarray | None = None


def images(full: bool) -> tuple[np.ndarray, np.ndarray]:
    """Fashion-MNIST's training images in [0, 1], and their labels."""
    data = datasets.FashionMNIST(full=full)
    x = np.asarray(data.data).reshape(-1, 1, 28, 28).astype(np.float32) / 255
    return x, np.asarray(data.targets).astype(np.int64)


def train(lib: Any, networks: Any, name: str, x: np.ndarray, y: np.ndarray,
          lr: float, dtype: str, steps: int, seed: int,
          initialisation: str) -> Run:
    """One epoch of SGD; the same text for both libraries."""
    lib.manual_seed(seed)
    net = networks.NETWORKS[name]()
    if initialisation != "default":
        net.apply(networks.INITIALISATIONS[initialisation])
    net.to(getattr(lib, dtype))
    run = Run([array(p) for p in net.parameters()])
    places = lib.arange(len(x))
    loader = lib.utils.data.DataLoader(
        lib.utils.data.TensorDataset(lib.from_numpy(x), lib.from_numpy(y),
                                     places), 256, shuffle=True)
    loss_of = lib.nn.CrossEntropyLoss()
    optimizer = lib.optim.SGD(net.parameters(), lr=lr)
    net.train()
    for step, (inputs, labels, which) in enumerate(loader):
        if steps and step == steps:
            break
        loss = loss_of(net(inputs.to(getattr(lib, dtype))), labels)
        optimizer.zero_grad()
        loss.backward()
        if step in GRADIENTS_AT:
            run.gradients[step] = [array(p.grad) for p in net.parameters()]
        optimizer.step()
        run.losses.append(loss.item())
        run.batches.append(array(which))
    run.state = array(lib.get_rng_state())
    return run


def array(x: Any) -> np.ndarray:
    return np.array(x.detach().numpy())


def both(name: str, lr: float = 0.0, dtype: str = "float32", steps: int = 0,
         seed: int = 0, initialisation: str = "default",
         full: bool = False) -> tuple[Run, Run]:
    """The run of `scratch`, and that of torch."""
    x, y = images(full)
    rest = (name, x, y, lr or RATES.get(name, 0.1), dtype, steps, seed,
            initialisation)
    return train(scratch, ours, *rest), train(torch, theirs, *rest)


def differences(mine: Run, torchs: Run) -> dict[str, Any]:
    """What must be equal, and how far the rest is apart."""
    a, b = np.array(mine.losses), np.array(torchs.losses)
    return {
        "steps": len(a),
        "initial weights equal": equal(mine.start, torchs.start),
        "batches equal": equal(mine.batches, torchs.batches),
        "generator state equal": equal([mine.state], [torchs.state]),
        "largest loss difference": float(np.abs(a - b).max(initial=0)),
        "last loss": float(a[-1]) if len(a) else float("nan"),
        "gradient error / allowed": gradient_error(mine, torchs),
    }


def equal(mine: list, torchs: list) -> bool:
    return len(mine) == len(torchs) and all(
        np.array_equal(a, b) for a, b in zip(mine, torchs))


def matches(found: dict[str, Any]) -> bool:
    """Whether all that must be equal is."""
    return all(value for value in found.values() if isinstance(value, bool))


def gradient_error(mine: Run, torchs: Run) -> float:
    """The worst error of any noted step, over what is allowed."""
    return max((error(gs, torchs.gradients[step], 1e-9)
                for step, gs in mine.gradients.items()), default=0.0)


def error(gs: list[np.ndarray], us: list[np.ndarray], share: float) -> float:
    """The worst |g - u| over share · max|u| + 1e-12 (largest entry of all
    u): gradients g here, u in torch; 1 is just allowed."""
    largest = max(np.abs(u).max() for u in us)
    return max(
        float(np.abs(g - u).max()
              / (share * np.abs(u).max() + 1e-12 * largest))
        for g, u in zip(gs, us, strict=True))


def show(name: str, lr: float, dtype: str, steps: int, seed: int,
         initialisation: str, full: bool) -> bool:
    """Print a comparison; whether all that must be equal is."""
    recipe_named(name)
    mine, torchs = both(name, lr, dtype, steps, seed, initialisation, full)
    found = differences(mine, torchs)
    print(f"{name} in {dtype}, seed {seed}, scratch beside torch "
          f"{torch.__version__}:")
    for what, value in found.items():
        print(f"  {what}: {value}")
    return matches(found)
