"""Small tools of a training loop: sums, stopwatch, live curves, accuracy."""

import time
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import scratch as torch
from scratch import Tensor, nn
from scratch.curves import curves
from scratch.devices import try_all_gpus, try_gpu

Batches = Iterable[tuple[Tensor, Tensor]]


class Accumulator:
    """n running sums: `sums.add(a, b, …)`, `sums[i]`."""

    def __init__(self, n: int):
        self.data = [0.0] * n

    def add(self, *values: float) -> None:
        self.data = [a + float(b) for a, b in zip(self.data, values)]

    def reset(self) -> None:
        self.data = [0.0] * len(self.data)

    def __getitem__(self, i: int) -> float:
        return self.data[i]


class Timer:
    """Stretches of time: each stop adds one, in seconds."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.start()

    def start(self) -> None:
        self.begun = time.perf_counter()

    def stop(self) -> float:
        """The seconds since the last start."""
        self.times.append(time.perf_counter() - self.begun)
        return self.times[-1]

    def avg(self) -> float:
        return sum(self.times) / len(self.times)

    def sum(self) -> float:
        return sum(self.times)

    def cumsum(self) -> list[float]:
        """The sum up to each stretch."""
        return [sum(self.times[: i + 1]) for i in range(len(self.times))]


class Animator:
    """Curves that grow while training goes on: drawn anew in a notebook
    after each point, kept as an SVG file elsewhere."""

    def __init__(
        self,
        xlabel: str = "epoch",
        ylabel: str = "",
        legend: Sequence[str] = (),
        path: Path | str = "curves.svg",
    ):
        self.xlabel, self.ylabel = xlabel, ylabel
        self.legend, self.path = list(legend), Path(path)
        self.lines: list[tuple[list[float], list[float]]] = []

    def add(self, x: float, y: float | Sequence[float | None]) -> None:
        """One more point of every curve; None leaves a curve out."""
        values = y if isinstance(y, Sequence) else [y]
        while len(self.lines) < len(values):
            self.lines.append(([], []))
        for (xs, ys), value in zip(self.lines, values):
            if value is not None:
                xs.append(float(x))
                ys.append(float(value))
        self.show()

    def svg(self) -> str:
        """The picture so far."""
        names = [*self.legend]
        names += [f"curve {i + 1}" for i in range(len(names), len(self.lines))]
        lines = dict(zip(names, self.lines))
        return curves(lines, "", self.xlabel, self.ylabel)

    def show(self) -> None:
        """In the notebook's cell, or into the file."""
        if in_notebook():
            display = import_module("IPython.display")
            display.clear_output(wait=True)
            display.display(display.SVG(self.svg()))
        else:
            self.path.write_text(self.svg(), encoding="utf-8")


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this."""
    try:
        shell = import_module("IPython").get_ipython()
    except ImportError:
        return False
    return type(shell).__name__ == "ZMQInteractiveShell"


def accuracy(y_hat: Tensor, y: Tensor) -> float:
    """How many are right.   y_hat (N, classes) or (N,) classes, y (N,)"""
    if y_hat.dim() > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(dim=1)
    return float((y_hat.type(y.dtype) == y).sum())


@torch.no_grad()
def evaluate_accuracy(
    net: Any, data_iter: Batches, device: torch.device | None = None
) -> float:
    """The share of right answers, in evaluation mode, on the network's own
    device unless one is given."""
    if isinstance(net, nn.Module):
        net.eval()
        first = next(net.parameters(), None)
        if device is None and first is not None:
            device = first.device
    metric = Accumulator(2)
    for x, y in data_iter:
        x, y = x.to(device), y.to(device)
        metric.add(accuracy(net(x), y), y.numel())
    return metric[0] / metric[1]


def train_epoch(
    net: Any, train_iter: Batches, loss: Any, updater: Any
) -> tuple[float, float]:
    """One epoch: (mean loss, accuracy) while training.

    updater: an optimizer, or a function of the batch size that updates
    parameters by their gradients; loss gives one number an example or their
    mean.
    """
    if isinstance(net, nn.Module):
        net.train()
    metric = Accumulator(3)
    for x, y in train_iter:
        y_hat = net(x)
        found = loss(y_hat, y)
        if isinstance(updater, torch.optim.Optimizer):
            updater.zero_grad()
            found.mean().backward()
            updater.step()
        else:
            found.sum().backward()
            updater(x.shape[0])
        total = float(found.detach().sum())
        if found.dim() == 0:
            total *= len(y)
        metric.add(total, accuracy(y_hat.detach(), y), y.numel())
    return metric[0] / metric[2], metric[1] / metric[2]


def train(
    net: Any,
    train_iter: Batches,
    test_iter: Batches,
    loss: Any,
    num_epochs: int,
    updater: Any,
    animator: Animator | None = None,
) -> list[tuple[float, float, float]]:
    """A softmax network: (loss, training accuracy, test accuracy) of every
    epoch."""
    lines = []
    for epoch in range(num_epochs):
        now = train_epoch(net, train_iter, loss, updater)
        lines.append((*now, evaluate_accuracy(net, test_iter)))
        if animator:
            animator.add(epoch + 1, lines[-1])
    return lines


def start_weights(layer: nn.Module) -> None:
    """Glorot's weights for linear layers and convolutions."""
    if isinstance(layer, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(layer.weight)


def train_on_device(
    net: nn.Module,
    train_iter: Batches,
    test_iter: Batches,
    num_epochs: int,
    lr: float,
    device: torch.device,
    animator: Animator | None = None,
    initialise: Callable[[nn.Module], None] = start_weights,
) -> list[tuple[float, float, float]]:
    """A convolutional network, on a device, by SGD from Glorot's weights:
    (loss, training accuracy, test accuracy) of every epoch."""
    net.apply(initialise)
    net.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    loss = nn.CrossEntropyLoss()
    timer, lines, seen = Timer(), [], 0
    timer.times.clear()
    for epoch in range(num_epochs):
        net.train()
        metric = Accumulator(3)
        for x, y in train_iter:
            timer.start()
            optimizer.zero_grad()
            x, y = x.to(device), y.to(device)
            y_hat = net(x)
            found = loss(y_hat, y)
            found.backward()
            optimizer.step()
            total = float(found.detach()) * len(y)
            metric.add(total, accuracy(y_hat.detach(), y), len(y))
            timer.stop()
        seen += int(metric[2])
        means = metric[0] / metric[2], metric[1] / metric[2]
        lines.append((*means, evaluate_accuracy(net, test_iter)))
        if animator:
            animator.add(epoch + 1, lines[-1])
    print(
        f"loss {lines[-1][0]:.3f}, train acc {lines[-1][1]:.3f}, "
        f"test acc {lines[-1][2]:.3f}, {seen / timer.sum():.1f} "
        f"examples/sec on {device}"
    )
    return lines


__all__ = [
    "Accumulator",
    "Animator",
    "Timer",
    "accuracy",
    "evaluate_accuracy",
    "train",
    "train_epoch",
    "train_on_device",
    "try_all_gpus",
    "try_gpu",
]
