"""Around the optimizer: when to stop, how fast to go, what to let decay.

Some controls need no code of their own.
L1: add `l1 * sum(p.abs().sum() for p in net.parameters())` to the loss.
From Adam to SGD: make both over the same parameters and step the one whose
time it is. Each keeps a state of its own, so one may go back, too:

    adam, sgd = Adam(params, lr=1e-3), SGD(params, lr=0.1, momentum=0.9)
    for epoch in range(epochs):
        optimizer = adam if epoch < 10 else sgd
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any, SupportsFloat

import numpy as np

from scratch.modes import no_grad
from scratch.optim.optimizer import Optimizer
from scratch.tensor import Tensor


class EarlyStopping:
    """Says when to stop: after `patience` epochs without a better metric.

    Better is below (mode="min") or above the best by more than min_delta.
    The weights of the best epoch are kept; `restore` brings them back.

        stopping = EarlyStopping(net, patience=5)
        for epoch in range(100):
            ...
            if stopping.step(validation_loss):
                break
        stopping.restore()
    """

    def __init__(
        self,
        net: Any,
        patience: int = 10,
        min_delta: float = 0.0,
        mode: str = "min",
    ):
        if patience < 0:
            raise ValueError(f"Invalid patience value: {patience}")
        if min_delta < 0:
            raise ValueError(f"Invalid min_delta value: {min_delta}")
        if mode not in ("min", "max"):
            raise ValueError(f"mode {mode} is unknown!")
        self.net, self.patience, self.mode = net, patience, mode
        self.min_delta = min_delta
        self.best = math.inf if mode == "min" else -math.inf
        self.best_epoch, self.epoch = -1, -1
        self.weights: dict[str, Any] | None = None

    def step(self, metric: SupportsFloat) -> bool:
        """Hear the metric of one more epoch: is it time to stop?"""
        self.epoch += 1
        value = float(metric)
        gain = self.best - value if self.mode == "min" else value - self.best
        if gain > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.weights = deepcopy(self.net.state_dict())
        return self.epoch - max(self.best_epoch, 0) >= max(self.patience, 1)

    def restore(self) -> None:
        """Give the network the weights of its best epoch."""
        if self.weights is None:
            raise RuntimeError("no epoch was any good: nothing to restore")
        self.net.load_state_dict(self.weights)


def scaled_lr(lr: float, batch_size: int, of: int = 256) -> float:
    """γ · batch_size / of: a batch k times as large takes steps k times as far.

    `lr` was good for batches of size `of`. Beyond some thousands warm up
    first (LinearLR).
    Goyal et al., 2017.
    """
    if batch_size < 1 or of < 1:
        raise ValueError(f"Invalid batch sizes: {batch_size}, {of}")
    return lr * batch_size / of


def decay_groups(
    named_parameters: Iterable[tuple[str, Tensor]], weight_decay: float
) -> list[dict[str, Any]]:
    """Two groups for an optimizer: weights, that decay, and the rest.

    Biases and the scales of normalization (of at most one dimension) are
    spared: they do not make the function wilder.
    """
    params = [p for _, p in named_parameters if p.requires_grad]
    groups = [
        {"params": [p for p in params if p.ndim > 1],
         "weight_decay": weight_decay},
        {"params": [p for p in params if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]


def find_lr(
    optimizer: Optimizer,
    closure: Callable[[], Any],
    low: float = 1e-7,
    high: float = 10.0,
    steps: int = 100,
    worse: float = 4.0,
) -> tuple[np.ndarray, np.ndarray]:
    """The losses of a few steps, at rates from low up to high.

    The closure takes the next batch, computes the loss and its gradients.
    The test ends early where the loss is NaN or `worse` times its best.
    Parameters, state and rates are afterwards as before.

    -> rates and losses, for a plot, or for `steepest`.
    Smith, 2015.
    """
    if not 0 < low < high:
        raise ValueError(f"Invalid range of learning rates: {low}, {high}")
    groups = optimizer.param_groups
    params = [p for group in groups for p in group["params"]]
    arrays = [p.array.copy() for p in params]
    before = deepcopy(optimizer.state_dict())
    rates, losses = np.geomspace(low, high, steps), []
    try:
        for rate in rates:
            for group in groups:
                group["lr"] = float(rate)
            loss = optimizer.step(closure)
            with no_grad():
                losses.append(float(loss))
            if not losses[-1] <= worse * abs(min(losses)):
                break
    finally:
        for p, array in zip(params, arrays):
            p.array[...] = array
            p.version[0] += 1
        optimizer.load_state_dict(before)
        optimizer.zero_grad()
    return rates[: len(losses)], np.array(losses)


def steepest(rates: np.ndarray, losses: np.ndarray) -> float:
    """The rate at which the loss falls fastest, over log γ.

    The losses are averaged over five steps first.
    """
    finite = np.isfinite(losses)
    rates, losses = rates[finite], losses[finite]
    if len(losses) < 7:
        raise ValueError(f"expected 7 finite losses or more, got {len(losses)}")
    smooth = np.convolve(losses, np.full(5, 0.2), mode="valid")
    middle = rates[2:-2]
    return float(middle[np.argmin(np.gradient(smooth, np.log(middle)))])
