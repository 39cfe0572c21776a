"""Single operations, forward and backward: ours against torch's."""

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import timing
from benchmarks.timing import Sides

Program = Callable[[Any], Callable[[], Any]]


def arrays(*shapes: tuple) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [np.asarray(rng.random(s) + 0.1, np.float32) for s in shapes]


def graph(function: Callable, *shapes: tuple) -> Program:
    """Forward, then backward from a gradient of random numbers."""

    def program(lib: Any) -> Callable[[], Any]:
        given = arrays(*shapes)
        xs = [lib.from_numpy(a.copy()).requires_grad_() for a in given]
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
    x, w = (lib.tensor([1.0, 2.0, 3.0], requires_grad=i == 0) for i in range(2))
    w = w / w

    def call() -> Any:
        x.grad = None
        y = x
        for _ in range(1000):
            y = y * w
        y.sum().backward()
        return [y, x.grad]

    return call


def drawn(function: Callable[[Any], Any]) -> Program:
    """Random numbers, from the same seed every time."""

    def program(lib: Any) -> Callable[[], Any]:
        def call() -> Any:
            lib.manual_seed(0)
            return [function(lib)]

        return call

    return program


def classified(lib: Any, x: Any) -> Any:
    """Cross-entropy against every row's own class."""
    return lib.nn.functional.cross_entropy(x, lib.arange(len(x)) % x.shape[1])


def looked_up(lib: Any, x: Any) -> Any:
    """Rows by number, each number eight times: backward adds them up."""
    return lib.nn.functional.embedding(lib.arange(8000) % 1000, x)


def functional(name: str, *args: Any, **more: Any) -> Callable:
    """A function of nn.functional as an operation on x."""
    return lambda lib, *xs: getattr(lib.nn.functional, name)(*xs, *args, **more)


def normalized(lib: Any, x: Any, w: Any, b: Any) -> Any:
    """Batch normalization while training."""
    return lib.nn.functional.batch_norm(x, None, None, w, b, training=True)


MILLION, IMAGES = (1000, 1000), (32, 64, 28, 28)
ROOT = (200, 200)
OPERATIONS: dict[str, Program] = {
    "(x * y).sum(), 3 numbers": graph(
        lambda lib, x, y: (x * y).sum(), (3,), (3,)
    ),
    "1,000 products in a chain": chain,
    "x + y": graph(lambda lib, x, y: x + y, MILLION, MILLION),
    "x + row": graph(lambda lib, x, y: x + y, MILLION, (1000,)),
    "x * y": graph(lambda lib, x, y: x * y, MILLION, MILLION),
    "x / y": graph(lambda lib, x, y: x / y, MILLION, MILLION),
    "exp": graph(lambda lib, x: x.exp(), MILLION),
    "log": graph(lambda lib, x: x.log(), MILLION),
    "x ** 3": graph(lambda lib, x: x**3, MILLION),
    "sqrt": graph(lambda lib, x: x.sqrt(), MILLION),
    "sigmoid": graph(lambda lib, x: x.sigmoid(), MILLION),
    "tanh": graph(lambda lib, x: x.tanh(), MILLION),
    "relu": graph(lambda lib, x: x.relu(), MILLION),
    "gelu": graph(functional("gelu"), MILLION),
    "erf": graph(lambda lib, x: x.erf(), MILLION),
    "where": graph(lambda lib, x, y: lib.where(x > y, x, y), MILLION, MILLION),
    "sum": graph(lambda lib, x: x.sum(), MILLION),
    "sum over rows": graph(lambda lib, x: x.sum(1), MILLION),
    "sum over columns": graph(lambda lib, x: x.sum(0), MILLION),
    "std over rows": graph(lambda lib, x: x.std(1), MILLION),
    "max over rows": graph(lambda lib, x: x.max(1).values, MILLION),
    "cumsum": graph(lambda lib, x: x.cumsum(1), MILLION),
    "sort": graph(
        lambda lib, x: x.sort(dim=1, stable=True).values, (100, 1000)
    ),
    "softmax": graph(lambda lib, x: lib.softmax(x, 1), MILLION),
    "cross_entropy, 10 classes": graph(classified, (256, 10)),
    "cross_entropy, 1,000": graph(classified, MILLION),
    "x @ y, 64": graph(lambda lib, x, y: x @ y, (64, 64), (64, 64)),
    "x @ y, 512": graph(lambda lib, x, y: x @ y, (512, 512), (512, 512)),
    "x @ y, 64 of 64": graph(
        lambda lib, x, y: x @ y, (64, 64, 64), (64, 64, 64)
    ),
    "linear, 256 of 784": graph(
        functional("linear"), (256, 784), (256, 784), (256,)
    ),
    "solve, 200": graph(
        lambda lib, x, y: lib.linalg.solve(x + 100 * lib.eye(200), y),
        *(ROOT, ROOT),
    ),
    "x[rows]": graph(lambda lib, x: x[lib.arange(0, 1000, 2)], MILLION),
    "x[:, ::2]": graph(lambda lib, x: x[:, ::2] * 2, MILLION),
    "embedding": graph(looked_up, (1000, 100)),
    "gather": graph(
        lambda lib, x: x.gather(1, lib.arange(1000).expand(1000, -1)), MILLION
    ),
    "transpose, contiguous": graph(lambda lib, x: x.t().contiguous(), MILLION),
    "cat": graph(lambda lib, x, y: lib.cat([x, y]), MILLION, MILLION),
    "max_pool2d, 2": graph(functional("max_pool2d", 2), IMAGES),
    "max_pool2d, 3 by 2": graph(functional("max_pool2d", 3, 2), IMAGES),
    "avg_pool2d, 2": graph(functional("avg_pool2d", 2), IMAGES),
    "adaptive_avg_pool2d, 1": graph(
        functional("adaptive_avg_pool2d", 1), IMAGES
    ),
    "batch_norm": graph(normalized, IMAGES, (64,), (64,)),
    "layer_norm": graph(functional("layer_norm", (1000,)), MILLION),
    "unfold, 3 by 3": graph(functional("unfold", 3), (8, 16, 28, 28)),
    "interpolate, bilinear": graph(
        functional("interpolate", scale_factor=2.0, mode="bilinear"),
        (8, 16, 28, 28),
    ),
    "rand": drawn(lambda lib: lib.rand(1_000_000)),
    "randn": drawn(lambda lib: lib.randn(1_000_000)),
    "randperm, 60,000": drawn(lambda lib: lib.randperm(60_000)),
    "dropout": drawn(
        lambda lib: lib.nn.functional.dropout(lib.ones(MILLION), 0.5)
    ),
}


def sides(name: str) -> Sides:
    """One operation on both sides, and the comparison of their values."""
    import torch

    import scratch

    ours, theirs = OPERATIONS[name](scratch), OPERATIONS[name](torch)

    def check() -> float:
        pair = [
            [np.asarray(t.detach().numpy()) for t in side()]
            for side in (ours, theirs)
        ]
        error = timing.largest_error(*pair)
        return timing.require(error, 1e-4, name)

    return Sides(ours, theirs, check)
