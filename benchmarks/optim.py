"""Optimizer steps over the 11.2 million parameters of ResNet-18, timed.

python -m benchmarks.optim [NAME…]

Both sides use the same threads (2 where the machine has them) and hold the
same gradients. Blocks of steps alternate between the sides; the figure is
the median of the blocks, and the ratio is ours over the faster of torch's
two forms: the loop, which is its default on a CPU, and foreach.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import scratch
import scratch.optim
from benchmarks.timing import Sides
from scratch.kernels.threads import set_num_threads

THREADS = min(2, os.cpu_count() or 1)
BLOCKS, STEPS = 7, 5

CASES: dict[str, tuple[str, dict[str, Any], float]] = {
    # how it is made, and the ratio promised
    "SGD": ("SGD", {}, 1.3),
    "SGD momentum": ("SGD", {"momentum": 0.9}, 1.1),
    "Adam": ("Adam", {}, 1.1),
    "AdamW": ("AdamW", {}, 1.1),
    "RMSprop": ("RMSprop", {}, 1.1),
    "Adagrad": ("Adagrad", {}, 1.1),
    "Adadelta": ("Adadelta", {}, 1.1),
    "Adamax": ("Adamax", {}, math.inf),
    "NAdam": ("NAdam", {}, math.inf),
    "RAdam": ("RAdam", {}, math.inf),
    "Rprop": ("Rprop", {}, math.inf),
    "ASGD": ("ASGD", {}, math.inf),
}


def shapes() -> list[tuple[int, ...]]:
    """The 62 parameters of ResNet-18 for ten classes."""
    found: list[tuple[int, ...]] = [(64, 3, 7, 7), (64,), (64,)]
    before = 64
    for width in 64, 128, 256, 512:
        for _ in range(2):
            found += [(width, before, 3, 3), (width,), (width,)]
            found += [(width, width, 3, 3), (width,), (width,)]
            if before != width:
                found += [(width, before, 1, 1), (width,), (width,)]
            before = width
    return [*found, (10, 512), (10,)]


def parameters(lib: Any) -> list:
    """Random parameters with random gradients, the same on both sides."""
    rng = np.random.default_rng(0)
    params = []
    for shape in shapes():
        p, g = rng.standard_normal((2, *shape), dtype=np.float32)
        params.append(lib.from_numpy(p.copy()).requires_grad_())
        params[-1].grad = lib.from_numpy(g.copy())
    return params


def block(step: Callable) -> float:
    """Seconds for one step, the fastest of a few after a warm one."""
    step()
    times = []
    for _ in range(STEPS):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return min(times)


def sides(name: str) -> Sides:
    """Our step, and torch's in its fused loops over lists."""
    kind, options, _ = CASES[name]
    ours = getattr(scratch.optim, kind)(parameters(scratch), **options)
    theirs = getattr(torch.optim, kind)(
        parameters(torch), foreach=True, **options
    )
    return Sides(ours.step, theirs.step)


def measure(name: str) -> dict[str, Any]:
    """The times of one optimizer on both sides, in milliseconds."""
    kind, options, target = CASES[name]
    sides = {
        "scratch": (scratch, {}),
        "torch": (torch, {}),
        "torch foreach": (torch, {"foreach": True}),
    }
    steps = {
        side: getattr(lib.optim, kind)(parameters(lib), **options, **extra).step
        for side, (lib, extra) in sides.items()
    }
    times: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(BLOCKS):
        for side, step in steps.items():
            times[side].append(block(step))
    row = {side: 1e3 * statistics.median(t) for side, t in times.items()}
    best = min(row["torch"], row["torch foreach"])
    return {
        "name": name,
        **row,
        "target": target,
        "ratio": row["scratch"] / row["torch foreach"],
        "ratio to the faster": row["scratch"] / best,
    }


def main() -> None:
    """Print one line for each optimizer."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("names", nargs="*", help=", ".join(CASES))
    names = asked.parse_args().names
    for name in names:
        if name not in CASES:
            asked.error(f"no optimizer {name!r}; there are {', '.join(CASES)}")
    torch.set_num_threads(THREADS)
    set_num_threads(THREADS)
    print(
        f"{'ms a step':14}{'scratch':>9}{'torch':>9}{'foreach':>9}"
        f"{'/foreach':>10}{'/faster':>9}{'promised':>10}"
    )
    for name in names or CASES:
        row = measure(name)
        print(
            f"{name:14}{row['scratch']:9.2f}{row['torch']:9.2f}"
            f"{row['torch foreach']:9.2f}{row['ratio']:10.2f}"
            f"{row['ratio to the faster']:9.2f}{row['target']:10}",
            flush=True,
        )


if __name__ == "__main__":
    main()
