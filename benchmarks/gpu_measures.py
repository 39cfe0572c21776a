"""What `python -m benchmarks gpu` measures, one function a measurement."""

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from benchmarks import roofline
from benchmarks.timing import processor
from torchref import devices, summary
from torchref.data import Images
from torchref.datasets import example_shape, load
from torchref.distributed import World
from torchref.networks import NETWORKS
from torchref.options import Options, exact, fastest, numerics, place
from torchref.recipes import RECIPES, Recipe, toy
from torchref.steps import Steps, blocks
from torchref.training import Diverged, build, fit, shuffled

# Each alone, on top of eager float32 that reads its loss after every step.
ALONE: dict[str, dict[str, Any]] = {
    "no wait": dict(wait=False),
    "tf32": dict(precision="tf32"),
    "bf16": dict(precision="bf16"),
    "float16": dict(precision="float16"),
    "channels_last": dict(channels_last=True),
    "fused": dict(fused=True),
    "compile": dict(compile=True),
    "graph": dict(graph=1, wait=False),
    "deterministic": dict(deterministic=True),
    "accumulate 2": dict(accumulate=2),
}
GPU_ALONE = {"tf32", "float16", "graph"}
# Compiling takes long: alone it is measured on these.
COMPILED = {"mlp", "lenet", "alexnet", "resnet18"}


def recipe_of(name: str, quick: bool) -> Recipe:
    """The recipe at full size, or as a toy of few steps."""
    recipe = RECIPES[name]
    if not quick:
        return recipe
    return replace(toy(recipe), epochs=3, examples=40)


def examples_of(name: str) -> int:
    """How many Fashion-MNIST's pictures a training and its evaluations see;
    an evaluation needs a third of a step's work."""
    return RECIPES[name].epochs * (60_000 + 10_000 // 3)


def endless(
    train: Images, recipe: Recipe, options: Options
) -> Iterator[Tensor]:
    """Whole blocks of steps, epoch after epoch."""
    together = options.graph or 1
    for epoch in range(10**9):
        for block in blocks(shuffled(train, 0, epoch), recipe.batch, together):
            if block.shape == (together, recipe.batch):
                yield block


def step_time(
    recipe: Recipe,
    train: Images,
    options: Options,
    device: torch.device,
    seconds: float = 1.0,
) -> dict[str, Any]:
    """Milliseconds of a step (the median of five stretches of launches),
    examples per second, peak memory, seconds until the first timed step."""
    begun = time.perf_counter()
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    with numerics(options):
        net = place(build(recipe), options, device).train()
        steps = Steps(net, recipe, train, options, World(device=device))
        steps.start(1.0)
        source = (b.to(device) for b in endless(train, recipe, options))
        for _ in range(6):  # three as they are, the recording, two replays
            steps(next(source))
        devices.wait(device)
        ready = time.perf_counter() - begun
        each = [stretch(steps, source, device, seconds / 5) for _ in range(5)]
    each.sort()
    size = options.graph or 1
    step = each[2] / size
    peak = None
    if device.type == "cuda":
        peak = torch.cuda.max_memory_allocated(device)
    return dict(
        milliseconds=1e3 * step,
        examples_per_second=recipe.batch / step,
        spread=(each[-1] - each[0]) / each[2],
        peak_memory=peak,
        ready=ready,
    )


def stretch(
    steps: Steps, source: Iterator[Tensor], device: torch.device, least: float
) -> float:
    """Seconds of a launch, over launches that last so long."""
    count, many, spent = 1, 1, 0.0
    while spent < least:
        rows = [next(source) for _ in range(many)]
        devices.wait(device)
        start = time.perf_counter()
        for block in rows:
            steps(block)
        devices.wait(device)
        spent, count = time.perf_counter() - start, many
        many *= 2
    return spent / count


def ceilings(device: torch.device) -> dict[str, Any]:
    """The device's rates, with what it is."""
    facts = devices.describe(device)
    if device.type == "cpu":
        facts["device"] = processor()
    return dict(rates=roofline.rates(device), facts=facts)


def speed(
    name: str, device: torch.device, quick: bool, rates: dict[str, float]
) -> dict[str, Any]:
    """The fastest options, and their share of the ceiling."""
    recipe = recipe_of(name, quick)
    train, _ = load(recipe)
    train.to(device)
    options = fastest(device, recipe.resize == 0)
    result = step_time(recipe, train, options, device, 0.2 if quick else 2.0)
    with torch.device("meta"):
        network: Any = NETWORKS[recipe.network]
        found = summary.layers(network(**recipe.sizes), example_shape(recipe))
    rule = recipe.optimizer
    limit = roofline.ceiling(
        found, recipe.batch, options.precision, rates, rule.name, rule.momentum
    )
    step = result["milliseconds"] / 1e3
    return dict(
        **result,
        batch=recipe.batch,
        options=asdict(options),
        ceiling=asdict(limit),
        share=limit.whole / step,
        layered_share=limit.layered / step,
    )


# Beside the fastest: what might be faster still on another device.
VARIANTS: dict[str, dict[str, Any]] = {
    "tf32": dict(precision="tf32"),
    "other memory order": {},
    "not compiled": dict(compile=False),
    "not recorded": dict(graph=0),
}


def variants(
    name: str, device: torch.device, quick: bool
) -> dict[str, dict[str, Any]]:
    """The fastest options with one of them changed."""
    recipe = recipe_of(name, quick)
    train, _ = load(recipe)
    train.to(device)
    best = fastest(device, recipe.resize == 0)
    table = {"fastest": tried(recipe, train, best, device, 0.5)}
    for label, change in VARIANTS.items():
        other = change or dict(channels_last=not best.channels_last)
        options = replace(best, **other)
        table[label] = tried(recipe, train, options, device, 0.5)
    return table


class Pillow(Dataset):
    """The data set as a first program has it: a PIL picture at a time."""

    def __init__(self, images: Images, side: int):
        self.pixels = images.pixels.cpu().numpy()
        self.labels = images.labels.cpu().tolist()
        self.side = side

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, i: int) -> tuple[Tensor, int]:
        from PIL import Image

        planes = self.pixels[i]
        flat = planes[0] if len(planes) == 1 else planes.transpose(1, 2, 0)
        picture = Image.fromarray(flat)
        if self.side:
            size = (self.side, self.side)
            picture = picture.resize(size, Image.Resampling.BILINEAR)
        values = np.array(picture, copy=True)
        values = values.reshape(*values.shape[:2], -1).transpose(2, 0, 1)
        return torch.from_numpy(values.copy()).float() / 255, self.labels[i]


def eager(name: str, device: torch.device, quick: bool) -> dict[str, Any]:
    """Examples per second of the plain loop: DataLoader, float32, torch's
    defaults, one step after another, loss and accuracy read every step."""
    recipe = recipe_of(name, quick)
    train, _ = load(recipe)
    workers = 0 if quick else min(4, os.cpu_count() or 1)
    loader = DataLoader(
        Pillow(train, recipe.resize),  # type: ignore[arg-type]
        recipe.batch,
        shuffle=True,
        num_workers=workers,
    )
    net = build(recipe).to(device).train()
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=recipe.optimizer.lr)
    limit = 0.2 if quick else 4.0
    seen, start, first = 0, 0.0, True
    while first or time.perf_counter() - start < limit:
        for x, labels in loader:
            x, labels = x.to(device), labels.to(device)
            y = net(x)
            loss = criterion(y, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item(), float((y.argmax(1) == labels).sum())
            if first:  # workers, libraries and kernels are ready from here
                first, start = False, time.perf_counter()
                continue
            seen += len(x)
            if time.perf_counter() - start > limit:
                break
    spent = time.perf_counter() - start
    return dict(
        examples_per_second=max(seen, 1) / spent,
        workers=workers,
        augmented=False,
    )


def alone(
    name: str, device: torch.device, quick: bool
) -> dict[str, dict[str, Any]]:
    """Milliseconds of a step with each option alone; an option that this
    device has not is said to be unmeasured."""
    recipe = recipe_of(name, quick)
    train, _ = load(recipe)
    train.to(device)
    base = Options(wait=True)
    table: dict[str, dict[str, Any]] = {}
    wanted: dict[str, dict[str, Any]] = {"eager float32": {}, **ALONE}
    for label, change in wanted.items():
        if label in GPU_ALONE and device.type != "cuda":
            table[label] = dict(unmeasured="needs a GPU")
        elif label == "compile" and quick:
            table[label] = dict(unmeasured="takes too long at toy size")
        elif label == "compile" and name not in COMPILED:
            few = ", ".join(sorted(COMPILED))
            table[label] = dict(unmeasured=f"takes long: only for {few}")
        else:
            options = replace(base, **change)
            length = 0.1 if quick else 0.4
            table[label] = tried(recipe, train, options, device, length)
    return table


def tried(
    recipe: Recipe,
    train: Images,
    options: Options,
    device: torch.device,
    seconds: float,
) -> dict[str, Any]:
    """The measurement, or the error in its place."""
    try:
        return step_time(recipe, train, options, device, seconds)
    except Exception as error:
        return dict(unmeasured=f"{type(error).__name__}: {error}"[:300])


def training(
    name: str, device: torch.device, quick: bool, seed: int
) -> dict[str, Any]:
    """One seed's whole training: every epoch's line, and the seconds from
    its first step, evaluations included; a run that fails says how."""
    recipe = recipe_of(name, quick)
    data = load(recipe)
    for part in data:
        part.to(device)
    options = fastest(device, recipe.resize == 0)
    if quick:
        options = Options()
    world = World(device=device)
    epochs, failed = [], ""
    net = build(recipe, seed)
    start = time.perf_counter()
    try:
        for epoch in fit(net, recipe, *data, options, world, seed):
            after = time.perf_counter() - start
            epochs.append({**asdict(epoch), "after": after})
    except Diverged as error:
        failed = str(error)
    return dict(
        seed=seed, epochs=epochs, failed=failed, options=asdict(options)
    )


def repeated(name: str, device: torch.device, quick: bool) -> dict[str, Any]:
    """Whether two deterministic runs of the same seed end in the same bits,
    and what that costs."""
    recipe = replace(recipe_of(name, quick), epochs=1)
    recipe = replace(recipe, examples=min(40 * recipe.batch, 60_000))
    if quick:
        recipe = replace(recipe, examples=40)
    options = replace(fastest(device, recipe.resize == 0), compile=False)
    options = exact(options)
    ends = []
    for _ in range(2):
        data = load(recipe)
        net = build(recipe, 0)
        list(fit(net, recipe, *data, options, World(device=device)))
        ends.append(torch.cat([p.detach().flatten() for p in net.parameters()]))
    train, _ = load(recipe)
    timed = step_time(recipe, train.to(device), options, device, 0.5)
    return dict(
        same_bits=bool(torch.equal(*ends)),
        milliseconds=timed["milliseconds"],
    )
