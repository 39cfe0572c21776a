"""How cost grows with batch, side and width, and with a graph's length."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np


def seconds(call: Callable[[], Any], calls: int = 5) -> float:
    call()
    times = []
    for _ in range(calls):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return median(times)


def exponent(sizes: list[int], times: list[float]) -> float:
    """The slope of log time over log size, over the larger half."""
    half = len(sizes) // 2
    x, y = np.log(sizes[half:]), np.log(times[half:])
    return float(np.polyfit(x, y, 1)[0])


def convolution(lib: Any, batch: int, side: int, width: int) -> float:
    """A 3×3 convolution, ReLU and its backward."""
    x = lib.randn(batch, width, side, side)
    layer = lib.nn.Conv2d(width, width, 3, padding=1)

    def call() -> None:
        layer.zero_grad()
        layer(x).relu().sum().backward()

    return seconds(call)


def long_graph(lib: Any, nodes: int) -> float:
    """A chain of so many products, forward and backward."""
    x = lib.ones(1, requires_grad=True)

    def call() -> None:
        y = x
        for _ in range(nodes):
            y = y * 1.0
        y.backward()

    return seconds(call, 1 if nodes > 10_000 else 3)


def measure(quick: bool) -> dict[str, Any]:
    """Sizes, times of both sides and fitted exponents of each study."""
    import torch

    import scratch

    largest = 64 if quick else 1024
    batches = [n for n in (1, 4, 16, 64, 256, 1024) if n <= largest]
    nodes = [10, 1000, 10_000] + ([] if quick else [100_000, 1_000_000])
    studies: dict[str, tuple[list[int], Callable]] = {
        "batch": (batches, lambda lib, n: convolution(lib, n, 14, 16)),
        "side": ([8, 16, 32, 64] + ([] if quick else [128]),
                 lambda lib, n: convolution(lib, 4, n, 16)),
        "channels": ([4, 8, 16, 32, 64] + ([] if quick else [128]),
                     lambda lib, n: convolution(lib, 4, 28, n)),
        "graph nodes": (nodes, long_graph),
    }
    result = {}
    for name, (sizes, cost) in studies.items():
        ours, theirs = [], []
        for n in sizes:
            ours.append(cost(scratch, n))
            theirs.append(cost(torch, n) if name != "graph nodes"
                          or n <= 100_000 else float("nan"))
        result[name] = dict(
            sizes=sizes, scratch=ours, torch=theirs,
            exponent=exponent(sizes, ours))
    return result
