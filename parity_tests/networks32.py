"""Whole networks in float32: how far from float64 are all gradients?

python -m parity_tests.networks32 [NETWORK ...]

On ten real batches of 8, at the recipe's size. Which ReLU is on and which
entry a pool takes is decided by rounding where two are almost equal; so
both are taken from float64 on both sides (the raw figure, each side
deciding for itself, is printed too). The L2 distance of all gradients from
the float64 gradients is at most twice torch's: the median of the batches.
"""

from __future__ import annotations

import copy
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch

import scratch
from parity_tests.summaries import recipe_named
from parity_tests.whole_networks import NOISE, batch, nets
from scratch.datasets import load
from scratch.recipes import RECIPES

NETWORKS = ("lenet", "lenet_relu", "alexnet", "vgg11_quarter", "vgg11",
            "nin", "googlenet", "resnet18")
ALL = ("ReLU", "MaxPool2d", "Dropout")


def noting(net: torch.nn.Module, kinds: tuple) -> list[np.ndarray]:
    """Let a torch network note, in order, what its layers decide."""
    tape: list[np.ndarray] = []

    def note(layer: Any, xs: tuple, y: torch.Tensor) -> torch.Tensor:
        x = xs[0]
        if isinstance(layer, torch.nn.MaxPool2d):
            tape.append(torch.nn.functional.max_pool2d(
                x, layer.kernel_size, layer.stride, layer.padding,
                return_indices=True)[1].numpy())
            return y
        tape.append(torch.nn.functional.dropout(
            torch.ones_like(x), layer.p).numpy())
        return x * torch.from_numpy(tape[-1])

    for layer in net.modules():
        if type(layer).__name__ in set(kinds) - {"ReLU"}:
            layer.register_forward_hook(note)
    return tape


@contextmanager
def relu_as(lib: Any, function: Callable) -> Iterator[None]:
    """Put another function in the place of nn.functional.relu."""
    space = lib.nn.functional
    before, space.relu = space.relu, function
    try:
        yield
    finally:
        space.relu = before


def following(lib: Any, net: Any, kinds: tuple, tape: list) -> Any:
    """The network with layers that decide as the tape says."""

    class Told(lib.nn.Module):
        def forward(self, x: Any) -> Any:
            if tape[0].dtype != np.int64:
                return scaled(lib, tape, x)
            said = tape.pop(0)
            where = lib.from_numpy(said).flatten(2)
            return x.flatten(2).gather(2, where).reshape(said.shape)

    for parent in list(net.modules()):
        for name, layer in parent.named_children():
            if type(layer).__name__ in kinds:
                setattr(parent, name, Told())
    return net


def scaled(lib: Any, tape: list, x: Any) -> Any:
    """x times the next mask of the tape."""
    return x * lib.from_numpy(tape.pop(0)).to(x.dtype)


def gradients(lib: Any, net: Any, x: np.ndarray, y: np.ndarray
              ) -> np.ndarray:
    """All gradients of the mean loss of a batch, in one row."""
    net.train()
    loss = lib.nn.functional.cross_entropy(net(lib.from_numpy(x)),
                                           lib.from_numpy(y))
    loss.backward()
    return np.concatenate([p.grad.numpy().ravel() for p in net.parameters()])


def distances(mine: Any, torchs: Any, x: np.ndarray, y: np.ndarray,
              kinds: tuple) -> tuple[float, float]:
    """How far the float32 gradients of each side are from float64's, as
    shares of their length, when layers of these kinds are told."""
    torch.manual_seed(7)  # of dropout
    exact = copy.deepcopy(torchs).double()
    tape = noting(exact, kinds)

    def noted(x: torch.Tensor, inplace: bool = False) -> torch.Tensor:
        if "ReLU" in kinds:
            tape.append((x > 0).numpy())
        return torch.relu(x)

    with relu_as(torch, noted):
        truth = gradients(torch, exact, x.astype(np.float64), y)
    found = []
    for lib, net in ((scratch, mine), (torch, torchs)):
        left = list(tape)
        told = following(lib, copy.deepcopy(net), kinds, left)
        relu = lib.nn.functional.relu
        if "ReLU" in kinds:
            relu = partial(scaled, lib, left)
        with relu_as(lib, relu):
            g = gradients(lib, told, x, y)
        assert not left, f"{len(left)} decisions were not asked for"
        found.append(float(np.linalg.norm(g - truth)
                           / np.linalg.norm(truth)))
    return found[0], found[1]


def batches(name: str, count: int, size: int = 8) -> list[tuple]:
    """Real pictures, at the recipe's size, and their labels: clothes in as
    many colours where the data are not shipped."""
    away = RECIPES[name].data in NOISE
    train, _ = load(RECIPES["lenet" if away else name], scratch.float32)
    found = []
    for i in range(count):
        x, y = train.batch(scratch.arange(i * size, (i + 1) * size))
        if away:
            channels, *side = batch(RECIPES[name], 1)[0].shape[1:]
            x = scratch.nn.functional.interpolate(x, side, mode="bilinear")
            x = x.expand(-1, channels, -1, -1).contiguous()
        found.append((np.asarray(x), np.asarray(y)))
    return found


def compare(mine: Any, torchs: Any, data: list, kinds: tuple = ALL
            ) -> np.ndarray:
    """(ours, torch's) distances, a row a batch."""
    return np.array([distances(mine, torchs, x, y, kinds) for x, y in data])


def show(name: str, count: int = 10) -> bool:
    """Print a network's two lines; whether the first holds."""
    data = batches(name, count)
    mine, torchs = nets(RECIPES[name])
    start = time.perf_counter()
    good = True
    for title, kinds in (("told", ALL), ("raw", ("Dropout",))):
        found = compare(mine, torchs, data, kinds)
        ratio = float(np.median(found[:, 0] / found[:, 1]))
        if title == "told":
            good = ratio <= 2
        print(f"{name:<14}{title:<6}ours {np.median(found[:, 0]):.2e}  "
              f"torch's {np.median(found[:, 1]):.2e}  ratio, median of "
              f"{count} batches: {ratio:.2f}  "
              f"({time.perf_counter() - start:.0f} s)", flush=True)
    return good


def main(names: list[str]) -> int:
    for name in names:
        recipe_named(name)
    return sum(not show(name) for name in names or NETWORKS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
