"""What the GPU's figures are held against: published ranges, and aims."""

import math
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Task = tuple[str, str, int]  # part, network, seed
Lines = Mapping[Task, Any]


@dataclass(frozen=True)
class Published:
    """Ranges over the builds of the book: the last epoch's training loss and
    test accuracy, and the mean of the latter (of good runs)."""

    loss: tuple[float, float]
    test: tuple[float, float]
    mean: float
    slow: float = math.inf  # a loss above it is no good run


PUBLISHED = {
    "softmax_regression": Published((0.4469, 0.4481), (0.808, 0.836), 0.83),
    "mlp": Published((0.3795, 0.3840), (0.823, 0.853), 0.845),
    "dropout_mlp": Published((0.339, 0.349), (0.844, 0.867), 0.855),
    "lenet": Published((0.449, 0.525), (0.752, 0.828), 0.804),
    "lenet_bn": Published((0.241, 0.278), (0.571, 0.892), 0.825),
    "lenet_relu": Published((0.261, 0.261), (0.877, 0.897), 0.878),
    "alexnet": Published((0.323, 0.334), (0.860, 0.886), 0.880),
    "vgg11_quarter": Published((0.167, 0.220), (0.900, 0.925), 0.918),
    "nin": Published((0.36, 0.36), (0.822, 0.885), 0.861, slow=0.45),
    "googlenet": Published((0.25, 0.25), (0.808, 0.900), 0.885, slow=0.45),
    "resnet18": Published((0.004, 0.023), (0.814, 0.927), 0.906),
    "densenet": Published((0.14, 0.14), (0.406, 0.918), 0.859),
}


def seeds(lines: Lines, name: str) -> list[dict[str, Any]]:
    """The network's trainings that ended, well or not."""
    return [
        result
        for (part, network, _), result in lines.items()
        if part == "training" and network == name and "error" not in result
    ]


def good(run: dict[str, Any], name: str) -> bool:
    """Neither without a number nor stuck nor slow."""
    slow = PUBLISHED[name].slow if name in PUBLISHED else math.inf
    if run["failed"] or not run["epochs"]:
        return False
    return run["epochs"][-1]["loss"] < min(slow, 2.2)


def accuracy(run: dict[str, Any]) -> float:
    """The mean test accuracy of a run's last three epochs."""
    return statistics.mean(e["test_accuracy"] for e in run["epochs"][-3:])


def ratio(lines: Lines, name: str) -> float | None:
    """How many times as fast as the plain loop, where both are measured."""
    fast, plain = (
        lines.get((part, name, 0), {}).get("examples_per_second")
        for part in ("speed", "eager")
    )
    return fast / plain if fast and plain else None


@dataclass(frozen=True)
class Aim:
    """A figure and its bound; none: unmeasured."""

    what: str
    network: str
    bound: float
    found: float | None
    least: bool = True  # the bound is a lower one

    @property
    def verdict(self) -> str:
        if self.found is None:
            return "unmeasured"
        above = self.found >= self.bound
        return "holds" if above == self.least else "missed"


# Of which at least half of the device's ceiling is wanted.
HALF = (
    "alexnet",
    "vgg11",
    "vgg11_quarter",
    "nin",
    "googlenet",
    "resnet18",
)
FIFTY = ("mlp", "lenet")  # times the plain loop


def aims(lines: Lines) -> Iterator[Aim]:
    """All that is aimed at; of trainings the worst good run counts, and the
    speeds are meant for a GPU."""
    for name, known in PUBLISHED.items():
        runs = [run for run in seeds(lines, name) if good(run, name)]
        loss = max((run["epochs"][-1]["loss"] for run in runs), default=None)
        test = min(map(accuracy, runs), default=None)
        yield Aim("loss", name, 1.03 * known.loss[1], loss, least=False)
        yield Aim("test accuracy", name, known.test[0] - 0.015, test)
    if "cuda" not in lines.get(("ceilings", "", 0), {}).get("facts", {}):
        lines = {}
    for name in HALF:
        share = lines.get(("speed", name, 0), {}).get("share")
        yield Aim("share of the ceiling", name, 0.5, share)
    rate = lines.get(("speed", "lenet", 0), {}).get("examples_per_second")
    yield Aim("examples/s", "lenet", 1e6, rate)
    for name in FIFTY:
        yield Aim("× plain loop", name, 50.0, ratio(lines, name))
