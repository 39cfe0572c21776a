"""Loading and augmenting pictures, timed beside torch and torchvision.

python -m benchmarks.data

The loader yields Fashion-MNIST's shape in batches of 256, without workers;
the transforms change one picture of 3 × 224 × 224 bytes at a time. Rounds
alternate between the sides; the figure is the fastest round of each.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torchvision.transforms import v2

import scratch
import scratch.utils.data
from scratch.vision import transforms

ROUNDS, PICTURES = 7, 20
AUGMENT: dict[str, Callable[[Any], Any]] = {
    "ColorJitter": lambda t: t.ColorJitter(0.4, 0.4, 0.4, 0.1),
    "RandomCrop": lambda t: t.RandomCrop(224, padding=8),
    "RandomHorizontalFlip": lambda t: t.RandomHorizontalFlip(),
    "RandomVerticalFlip": lambda t: t.RandomVerticalFlip(),
    "RandomResizedCrop": lambda t: t.RandomResizedCrop(160, antialias=True),
}


def loading(lib: Any) -> Callable[[], None]:
    """One pass over 10,240 pictures of 28 × 28, shuffled."""
    images = np.random.default_rng(0).random((10240, 1, 28, 28), np.float32)
    labels = np.arange(10240) % 10
    data = lib.utils.data.TensorDataset(
        lib.from_numpy(images), lib.from_numpy(labels)
    )
    loader = lib.utils.data.DataLoader(data, 256, shuffle=True)
    return lambda: [None for _ in loader] and None


def augmenting(lib: Any, change: Callable) -> Callable[[], None]:
    """The transform of a few large pictures."""
    picture = np.random.default_rng(0).integers(0, 256, (3, 224, 224), "u1")
    x = lib.from_numpy(picture)
    return lambda: [change(x) for _ in range(PICTURES)] and None


def fastest(sides: list[Callable[[], None]]) -> list[float]:
    """The seconds of each side's fastest round, one side after the other."""
    best = [float("inf")] * len(sides)
    for _ in range(ROUNDS):
        for i, side in enumerate(sides):
            start = time.perf_counter()
            side()
            best[i] = min(best[i], time.perf_counter() - start)
    return best


def main() -> int:
    """Print one line for the loader and for each transform."""
    rows = {"DataLoader": [loading(scratch), loading(torch)]}
    for name, make in AUGMENT.items():
        rows[name] = [
            augmenting(scratch, make(transforms)),
            augmenting(torch, make(v2)),
        ]
    print(f"{'ms':22}{'scratch':>9}{'torch':>9}{'ratio':>7}")
    for name, sides in rows.items():
        mine, other = (1e3 * seconds for seconds in fastest(sides))
        print(f"{name:22}{mine:9.2f}{other:9.2f}{mine / other:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
