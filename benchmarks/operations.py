"""Single operations, forward and backward: ours against torch's."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import timing

Program = Callable[[Any], Callable[[], Any]]


def arrays(*shapes: tuple) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [np.asarray(rng.random(s) + 0.1, np.float32)
            for s in shapes]


def graph(function: Callable, *shapes: tuple) -> Program:
    """Forward, then backward from a gradient of random numbers."""

    def program(lib: Any) -> Callable[[], Any]:
        xs = [lib.from_numpy(a.copy()).requires_grad_() for a in
              arrays(*shapes)]
        shape = tuple(function(lib, *xs).shape)
        numbers = 0.5 + np.random.default_rng(1).random(shape)
        g = lib.from_numpy(np.asarray(numbers, np.float32))

        def call() -> Any:
            for x in xs:
                x.grad = None
            y = function(lib, *xs)
            y.backward(g)
            return [y, *(x.grad for x in xs)]

        return call

    return program


def chain(lib: Any) -> Callable[[], Any]:
    """A thousand products of three numbers, one after another."""
    x, w = (lib.tensor([1.0, 2.0, 3.0], requires_grad=i == 0)
            for i in range(2))
    w = w / w

    def call() -> Any:
        x.grad = None
        y = x
        for _ in range(1000):
            y = y * w
        y.sum().backward()
        return [y, x.grad]

    return call


MILLION = (1000, 1000)
OPERATIONS: dict[str, Program] = {
    "(x * y).sum(), 3 numbers": graph(
        lambda lib, x, y: (x * y).sum(), (3,), (3,)),
    "1,000 products in a chain": chain,
    "x + y, a million": graph(lambda lib, x, y: x + y, MILLION, MILLION),
    "x * y, a million": graph(lambda lib, x, y: x * y, MILLION, MILLION),
    "exp, a million": graph(lambda lib, x: x.exp(), MILLION),
    "sigmoid, a million": graph(lambda lib, x: x.sigmoid(), MILLION),
    "relu, a million": graph(lambda lib, x: x.relu(), MILLION),
    "sum over rows": graph(lambda lib, x: x.sum(1), MILLION),
    "max over rows": graph(lambda lib, x: x.max(1).values, MILLION),
    "softmax over rows": graph(lambda lib, x: lib.softmax(x, 1), MILLION),
    "x @ y, 512": graph(lambda lib, x, y: x @ y, (512, 512), (512, 512)),
    "x[rows]": graph(
        lambda lib, x: x[lib.arange(0, 1000, 2)], MILLION),
    "transpose, contiguous": graph(
        lambda lib, x: x.t().contiguous(), MILLION),
    "cat": graph(lambda lib, x, y: lib.cat([x, y]), MILLION, MILLION),
}


def measure(name: str, blocks: int, seconds: float) -> timing.Timing:
    """One operation on both sides, its values compared first."""
    import torch

    import scratch

    ours, theirs = OPERATIONS[name](scratch), OPERATIONS[name](torch)

    def check() -> float:
        pair = [[np.asarray(t.detach().numpy()) for t in side()]
                for side in (ours, theirs)]
        error = timing.largest_error(*pair)
        return timing.require(error, 1e-5, name)

    return timing.compare(name, ours, theirs, check, blocks, seconds)
