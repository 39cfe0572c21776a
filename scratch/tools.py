"""The book's tools of a training loop: sums, clocks, curves, accuracy."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import scratch as torch
from scratch import Tensor, nn
from scratch.curves import curves


class Accumulator:
    """Sums over n variables."""

    def __init__(self, n: int):
        self.data = [0.0] * n

    def add(self, *args: float) -> None:
        """Add one number to each sum."""
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def reset(self) -> None:
        """All sums from zero."""
        self.data = [0.0] * len(self.data)

    def __getitem__(self, index: int) -> float:
        return self.data[index]


class Timer:
    """Durations in seconds, from start to stop."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.start()

    def start(self) -> None:
        """Start the clock."""
        self.tik = time.perf_counter()

    def stop(self) -> float:
        """Stop it; the seconds since start."""
        self.times.append(time.perf_counter() - self.tik)
        return self.times[-1]

    def avg(self) -> float:
        """The mean duration."""
        return sum(self.times) / len(self.times)

    def sum(self) -> float:
        """All durations together."""
        return sum(self.times)

    def cumsum(self) -> list[float]:
        """The durations, each added to those before."""
        total, found = 0.0, []
        for seconds in self.times:
            total += seconds
            found.append(total)
        return found


class Animator:
    """Curves that grow: drawn live in a notebook, an SVG file elsewhere."""

    def __init__(
        self,
        xlabel: str = "epoch",
        ylabel: str = "",
        legend: Sequence[str] = (),
        path: str | Path = "curves.svg",
    ):
        self.xlabel, self.ylabel = xlabel, ylabel
        self.legend, self.path = list(legend), Path(path)
        self.points: dict[str, tuple[list, list]] = {}

    def add(self, x: float, y: Any) -> None:
        """One more point of every curve (None: none)."""
        values = y if isinstance(y, (tuple, list)) else (y,)
        for i, value in enumerate(values):
            name = self.legend[i] if i < len(self.legend) else f"y{i}"
            if value is not None:
                xs, ys = self.points.setdefault(name, ([], []))
                xs.append(float(x))
                ys.append(float(value))
        self.show()

    def show(self) -> None:
        """Draw what there is."""
        picture = curves(self.points, across=self.xlabel, up=self.ylabel)
        if in_notebook():
            from IPython import display  # type: ignore[import-not-found]

            display.clear_output(wait=True)
            display.display(display.SVG(picture))
        else:
            self.path.write_text(picture, encoding="utf-8")


def in_notebook() -> bool:
    """Whether a notebook shows what is displayed."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and "ZMQ" in type(shell).__name__


def accuracy(y_hat: Tensor, y: Tensor) -> float:
    """How many predictions are right."""
    if y_hat.dim() > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(1)
    return float((y_hat.type(y.dtype) == y).sum())


def evaluate_accuracy(
    net: Any, data_iter: Iterable, device: Any = None
) -> float:
    """The share of a data set that is predicted right."""
    if isinstance(net, nn.Module):
        net.eval()
        if device is None:
            device = next(iter(net.parameters())).device
    metric = Accumulator(2)
    with torch.no_grad():
        for x, y in data_iter:
            if device is not None:
                x, y = x.to(device), y.to(device)
            metric.add(accuracy(net(x), y), y.numel())
    return metric[0] / metric[1]


evaluate_accuracy_gpu = evaluate_accuracy


def train_epoch_ch3(
    net: Any, train_iter: Iterable, loss: Callable, updater: Any
) -> tuple[float, float]:
    """One epoch of a softmax net: (mean loss, accuracy). `loss` is not
    reduced; `updater` is an optimizer, or a function of the batch size."""
    if isinstance(net, nn.Module):
        net.train()
    metric = Accumulator(3)
    for x, y in train_iter:
        y_hat = net(x)
        each = loss(y_hat, y)
        if isinstance(updater, torch.optim.Optimizer):
            updater.zero_grad()
            each.mean().backward()
            updater.step()
        else:
            each.sum().backward()
            updater(x.shape[0])
        metric.add(float(each.sum()), accuracy(y_hat, y), y.numel())
    return metric[0] / metric[2], metric[1] / metric[2]


def train_ch3(
    net: Any,
    train_iter: Iterable,
    test_iter: Iterable,
    loss: Callable,
    num_epochs: int,
    updater: Any,
    path: str | Path = "curves.svg",
) -> tuple[float, float, float]:
    """Train a softmax net: (loss, train accuracy, test accuracy)."""
    names = ["train loss", "train acc", "test acc"]
    animator = Animator(legend=names, path=path)
    trained, tested = (0.0, 0.0), 0.0
    for epoch in range(num_epochs):
        trained = train_epoch_ch3(net, train_iter, loss, updater)
        tested = evaluate_accuracy(net, test_iter)
        animator.add(epoch + 1, (*trained, tested))
    return (*trained, tested)


def xavier(m: nn.Module) -> None:
    """The initialisation of the book's convolutional nets."""
    if type(m) in (nn.Linear, nn.Conv2d):
        nn.init.xavier_uniform_(m.weight)  # type: ignore[arg-type]


def train_ch6(
    net: nn.Module,
    train_iter: Any,
    test_iter: Iterable,
    num_epochs: int,
    lr: float,
    device: Any = "cpu",
    path: str | Path = "curves.svg",
) -> tuple[float, float, float]:
    """Train a convolutional net: (loss, train accuracy, test accuracy)."""
    net.apply(xavier)
    net.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    loss = nn.CrossEntropyLoss()
    names = ["train loss", "train acc", "test acc"]
    animator, timer = Animator(legend=names, path=path), Timer()
    metric, tested = Accumulator(3), 0.0
    for epoch in range(num_epochs):
        metric.reset()
        net.train()
        for x, y in train_iter:
            timer.start()
            optimizer.zero_grad()
            x, y = x.to(device), y.to(device)
            y_hat = net(x)
            mean = loss(y_hat, y)
            mean.backward()
            optimizer.step()
            rows = x.shape[0]
            metric.add(mean.item() * rows, accuracy(y_hat, y), rows)
            timer.stop()
        tested = evaluate_accuracy(net, test_iter, device)
        animator.add(
            epoch + 1,
            (metric[0] / metric[2], metric[1] / metric[2], tested),
        )
    speed = metric[2] * num_epochs / timer.sum()
    print(
        f"loss {metric[0] / metric[2]:.3f}, train acc "
        f"{metric[1] / metric[2]:.3f}, test acc {tested:.3f}\n"
        f"{speed:.1f} examples/sec on {device}"
    )
    return metric[0] / metric[2], metric[1] / metric[2], tested


def try_gpu(i: int = 0) -> torch.device:
    """GPU number i if there is one, else the CPU."""
    if torch.cuda.device_count() > i:
        return torch.device(f"cuda:{i}")
    return torch.device("cpu")


def try_all_gpus() -> list[torch.device]:
    """All GPUs, or the CPU if there is none."""
    count = torch.cuda.device_count()
    found = [torch.device(f"cuda:{i}") for i in range(count)]
    return found or [torch.device("cpu")]
