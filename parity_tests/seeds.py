"""The same seed gives the same run: Adam, cosine schedule, augmentation.

python -m parity_tests.seeds [SEEDS] [STEPS]     (20 seeds, 100 steps)

From manual_seed(s) alone, on shuffled Fashion-MNIST: initial weights,
batch order, dropout masks, augmentation draws, learning rates and the last
generator state are equal to the bit. Losses in float64 agree to 1e-10. In
float32 they agree to 2e-6 over the first 20 steps (of the dropout MLP: for
the median seed); how they part afterwards is shown beside torch against
itself, its layers adding up their inputs from the last to the first.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torchvision.transforms import v2

import scratch
from parity_tests.trainings import array, equal, images
from scratch import networks as ours
from scratch.vision import transforms
from torchref import networks as theirs

NETWORKS = ("lenet", "lenet_bn", "dropout_mlp")
BATCH = 64
EARLY = 20  # steps over which float32 losses are held to 2e-6


@dataclass
class Run:
    """What one side did; all but the losses is equal to the bit."""

    start: list[np.ndarray] = field(default_factory=list)
    batches: list[np.ndarray] = field(default_factory=list)
    pictures: list[np.ndarray] = field(default_factory=list)
    masks: list[np.ndarray] = field(default_factory=list)
    rates: list[np.ndarray] = field(default_factory=list)
    state: list[np.ndarray] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)


def train(lib: Any, nets: Any, flip: Any, name: str, seed: int, steps: int,
          dtype: str, data: tuple, prepare: Any = None) -> Run:
    """The run from manual_seed(seed); the same text for both libraries."""
    lib.manual_seed(seed)
    kind = getattr(lib, dtype)
    net = nets.NETWORKS[name]().to(kind)
    run = Run([array(p) for p in net.parameters()])
    watch_masks(lib, net, run)
    if prepare is not None:
        prepare(net)
    x, y = (lib.from_numpy(a) for a in data)
    rows = lib.utils.data.TensorDataset(x, y, lib.arange(len(x)))
    loader = lib.utils.data.DataLoader(rows, BATCH, shuffle=True)
    optimizer = lib.optim.Adam(net.parameters(), lr=1e-3)
    schedule = lib.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    loss_of = lib.nn.CrossEntropyLoss()
    for step, (inputs, labels, which) in enumerate(loader):
        if step == steps:
            break
        inputs = lib.stack([flip(picture) for picture in inputs])
        run.batches.append(array(which))
        run.pictures.append(array(inputs))
        loss = loss_of(net(inputs.to(kind)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run.rates.append(np.array(schedule.get_last_lr()))
        schedule.step()
        run.losses.append(loss.item())
    run.state.append(array(lib.get_rng_state()))
    return run


def watch_masks(lib: Any, net: Any, run: Run) -> None:
    """Note what every dropout lets through (of a unit that is off: all)."""
    for layer in net.modules():
        if isinstance(layer, lib.nn.Dropout):
            layer.register_forward_hook(
                lambda _, xs, y: run.masks.append(
                    (array(y) != 0) | (array(xs[0]) == 0)))


def pair(name: str, seed: int, steps: int, dtype: str, data: tuple
         ) -> tuple[Run, Run]:
    """The run of scratch, and that of torch."""
    return (
        train(scratch, ours, transforms.RandomHorizontalFlip(), name, seed,
              steps, dtype, data),
        train(torch, theirs, v2.RandomHorizontalFlip(), name, seed, steps,
              dtype, data))


def other(name: str, seed: int, steps: int, data: tuple) -> Run:
    """torch in float32 again, its products summed in another order."""
    return train(torch, theirs, v2.RandomHorizontalFlip(), name, seed, steps,
                 "float32", data, prepare=backwards)


def backwards(net: torch.nn.Module) -> None:
    """Let every layer add up its inputs from the last to the first."""
    for layer in net.modules():
        if isinstance(layer, torch.nn.Linear):
            layer.forward = lambda x, at=layer: torch.nn.functional.linear(
                x.flip(1), at.weight.flip(1), at.bias)
        elif isinstance(layer, torch.nn.Conv2d):
            layer.forward = lambda x, at=layer: at._conv_forward(
                x.flip(1), at.weight.flip(1), at.bias)


def unequal(mine: Run, torchs: Run) -> list[str]:
    """What should be equal to the bit, and is not."""
    parts = ("start", "batches", "pictures", "rates", "state")
    return [part for part in parts
            if not equal(getattr(mine, part), getattr(torchs, part))]


def same_masks(mine: Run, torchs: Run) -> bool:
    """Masks are seen where a unit is on: in float64 on both sides alike."""
    return equal(mine.masks, torchs.masks)


def apart(a: Run, b: Run) -> np.ndarray:
    return np.abs(np.array(a.losses) - np.array(b.losses))


def check(name: str, seeds: int, steps: int, data: tuple) -> bool:
    """Run every seed, print the figures; whether all limits hold."""
    good, double, early, ladder, itself = True, [], [], [], []
    for seed in range(seeds):
        mine, torchs = pair(name, seed, steps, "float64", data)
        wrong = unequal(mine, torchs)
        if not same_masks(mine, torchs):
            wrong.append("masks")
        double.append(apart(mine, torchs).max())
        mine, torchs = pair(name, seed, steps, "float32", data)
        wrong += unequal(mine, torchs)
        difference = apart(mine, torchs)
        early.append(difference[:EARLY].max())
        ladder.append(difference)
        itself.append(apart(other(name, seed, steps, data), torchs))
        if wrong:
            good = False
            print(f"  seed {seed}: unequal: {', '.join(wrong)}")
    judged = np.median(early) if name == "dropout_mlp" else max(early)
    good = good and max(double) <= 1e-10 and judged <= 2e-6
    print(f"{name}: {seeds} seeds, {steps} steps: "
          f"{'all limits hold' if good else 'MISSED'}")
    print(f"  float64 losses: at most {max(double):.1e} apart (1e-10)")
    print(f"  float32, first {EARLY} steps: worst seed {max(early):.1e}, "
          f"median seed {np.median(early):.1e} (2e-6)")
    growth(np.array(ladder), np.array(itself), steps)
    return bool(good)


def growth(ladder: np.ndarray, itself: np.ndarray, steps: int) -> None:
    """The median over the seeds of the largest difference so far."""
    print("  float32 afterwards (median seed)   "
          "beside torch   torch beside itself")
    for step in (1, 5, 10, 20, 50, 100, 200):
        if step <= steps:
            a, b = (np.median(part[:, :step].max(1))
                    for part in (ladder, itself))
            print(f"    up to step {step:4}                   "
                  f"{a:.1e}        {b:.1e}")


def main(words: list[str]) -> int:
    seeds, steps = (*map(int, words), *(20, 100)[len(words):])
    torch.set_num_threads(1)
    data = images(False)
    return sum(not check(name, seeds, steps, data) for name in NETWORKS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
