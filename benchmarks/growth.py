"""How cost grows with batch, side and width, and with a graph's length."""

import math
import time
import tracemalloc
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, NamedTuple

import numpy as np


class Cost(NamedTuple):
    seconds: float
    mib: float  # the most that its arrays took at a time; NaN: not traced


def cost_of(call: Callable[[], Any], traced: bool, calls: int = 5) -> Cost:
    """The median call, after a warm one if there are several; then one more
    whose allocations are traced."""
    if calls > 1:
        call()
    times = []
    for _ in range(calls):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    if not traced:
        return Cost(median(times), math.nan)
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Cost(median(times), most / 2**20)


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The slope of log cost over log size, over the larger half."""
    half = len(sizes) // 2
    pairs = [(n, c) for n, c in zip(sizes, costs) if c == c][half:]
    if len(pairs) < 2:
        return math.nan
    x, y = np.log(np.array(pairs, float)).T
    return float(np.polyfit(x, y, 1)[0])


def convolution(lib: Any, batch: int, side: int, width: int) -> Cost:
    """A 3×3 convolution, ReLU and its backward."""
    x = lib.randn(batch, width, side, side)
    layer = lib.nn.Conv2d(width, width, 3, padding=1)

    def call() -> None:
        layer.zero_grad()
        layer(x).relu().sum().backward()

    return cost_of(call, lib.__name__ == "scratch")


def long_graph(lib: Any, nodes: int) -> Cost:
    """A chain of so many products, forward and backward."""
    x = lib.ones(1, requires_grad=True)

    def call() -> None:
        y = x
        for _ in range(nodes):
            y = y * 1.0
        y.backward()

    traced = lib.__name__ == "scratch" and nodes <= 10_000
    return cost_of(call, traced, 1 if nodes > 10_000 else 3)


def studies(quick: bool) -> dict[str, tuple[list[int], Callable]]:
    """By name: the sizes, and the cost of one size on one side."""
    largest = 64 if quick else 1024
    wide = [] if quick else [128]
    long = [] if quick else [100_000, 1_000_000]
    return {
        "batch": (
            [n for n in (1, 4, 16, 64, 256, 1024) if n <= largest],
            lambda lib, n: convolution(lib, n, 14, 16),
        ),
        "side": (
            [8, 16, 32, 64, *wide],
            lambda lib, n: convolution(lib, 4, n, 16),
        ),
        "channels": (
            [4, 8, 16, 32, 64, *wide],
            lambda lib, n: convolution(lib, 4, 28, n),
        ),
        "graph nodes": ([10, 1000, 10_000, *long], long_graph),
    }


def measure(quick: bool) -> dict[str, Any]:
    """Sizes, seconds of both sides, our MiB, and fitted exponents."""
    import torch

    import scratch

    result = {}
    for name, (sizes, cost) in studies(quick).items():
        ours = [cost(scratch, n) for n in sizes]
        theirs = [cost(torch, n) for n in sizes]
        seconds = [c.seconds for c in ours]
        mib = [c.mib for c in ours]
        result[name] = dict(
            sizes=sizes,
            scratch=seconds,
            torch=[c.seconds for c in theirs],
            mib=[m if m == m else None for m in mib],
            exponent=exponent(sizes, seconds),
            torch_exponent=exponent(sizes, [c.seconds for c in theirs]),
            memory_exponent=exponent(sizes, mib),
        )
    nodes = result["graph nodes"]
    for side in ("scratch", "torch"):
        each = nodes[side][-1] / nodes["sizes"][-1]
        nodes[f"{side}_microseconds"] = 1e6 * each
    return result
