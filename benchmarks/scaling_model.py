"""How an epoch shortens from 1 to 1,024 devices: a model, a simulation of
its one assumption, and a check against 1 and 2 processes of this machine.

    step = overhead + batch/(devices·rate) + what of the all-reduce is not
           hidden behind the backward pass
    all-reduce (ring) = 2·(N-1)/N · bytes/bandwidth + 2·log₂N · latency
    epoch = ⌈examples/batch⌉ · step

The batch is fixed (each device gets less, and those beyond one example each
stand idle), or grows with the devices up to the size beyond which larger
batches no longer save steps.
"""

import argparse
import json
import math
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist

from torchref import summary
from torchref.curves import curves
from torchref.datasets import example_shape, load
from torchref.distributed import World, join
from torchref.networks import NETWORKS
from torchref.options import Options
from torchref.recipes import RECIPES, Recipe, toy
from torchref.steps import Steps, blocks
from torchref.training import build, shuffled

RESULTS = Path(__file__).parent / "results"
BACKWARD = 2 / 3  # of the arithmetic of a step
BUCKET = 25 * 2**20  # DistributedDataParallel sends gradients in such pieces


@dataclass(frozen=True)
class Machine:
    """Devices in nodes: bytes/s and seconds of latency inside and between.

    Between nodes a ring uses every device's own network card at once: eight
    cards of 25 GB/s reached.
    """

    node: int = 8
    inside: float = 300e9
    between: float = 8 * 25e9
    latency: float = 10e-6
    overhead: float = 30e-6  # of a step, whatever the batch
    rate: float = 300e12  # FLOP/s that a network reaches


@dataclass(frozen=True)
class Work:
    """A network's step: operations of one example, gradient bytes by layer
    from the last to the first with each layer's share of the operations."""

    name: str
    flops: float
    layers: tuple[tuple[float, float], ...]
    batch: int
    examples: int = 60_000
    largest: int = 8192  # beyond it, larger batches save no more steps

    @property
    def bytes(self) -> float:
        return sum(size for size, _ in self.layers)


def work_of(name: str, width: int = 4) -> Work:
    """The recipe's network, its gradients in so many bytes a number."""
    recipe = RECIPES[name]
    with torch.device("meta"):
        network: Any = NETWORKS[recipe.network]
        found = summary.layers(network(**recipe.sizes), example_shape(recipe))
    total = summary.training_flops(found)
    forward = sum(layer.flops for layer in found) or 1
    pieces = tuple(
        (width * layer.parameters, layer.flops / forward)
        for layer in reversed(found)
        if layer.parameters
    )
    return Work(name, total, pieces, recipe.batch)


def all_reduce(size: float, devices: int, machine: Machine) -> float:
    """Seconds until every device has the sum of all."""
    if devices == 1:
        return 0.0
    slow = machine.between if devices > machine.node else machine.inside
    ring = 2 * (devices - 1) / devices * size / slow
    return ring + 2 * math.log2(devices) * machine.latency


def simulated(
    work: Work, compute: float, devices: int, machine: Machine
) -> float:
    """Seconds of a step by events: the backward pass makes gradients layer
    by layer, a full bucket waits for the link, the link sends it."""
    now = machine.overhead + (1 - BACKWARD) * compute
    link, bucket = now, 0.0
    for size, share in work.layers:
        now += BACKWARD * compute * share
        bucket += size
        if bucket >= BUCKET:
            link = max(link, now) + all_reduce(bucket, devices, machine)
            bucket = 0.0
    if bucket:
        link = max(link, now) + all_reduce(bucket, devices, machine)
    return max(now, link) if devices > 1 else now


def modelled(
    work: Work, compute: float, devices: int, machine: Machine
) -> float:
    """Seconds of a step by the formula: all but the last bucket hides behind
    the backward pass as far as that lasts."""
    whole = all_reduce(work.bytes, devices, machine)
    last = all_reduce(min(BUCKET, work.bytes), devices, machine)
    hidden = min(whole - last, BACKWARD * compute)
    return machine.overhead + compute + whole - hidden


def epoch(
    work: Work, devices: int, machine: Machine, grows: bool
) -> dict[str, float]:
    """Seconds of an epoch on so many devices, by formula and simulation."""
    batch = work.batch
    if grows:
        batch = min(batch * devices, max(batch, work.largest))
    used = min(devices, batch)
    compute = math.ceil(batch / used) * work.flops / machine.rate
    steps = math.ceil(work.examples / batch)
    return dict(
        devices=devices,
        batch=batch,
        seconds=steps * modelled(work, compute, used, machine),
        simulated=steps * simulated(work, compute, used, machine),
        communication=all_reduce(work.bytes, used, machine) * steps,
    )


def table(names: Sequence[str], machine: Machine) -> dict[str, Any]:
    """Every network on 1, 2, 4 … 1,024 devices, both ways of batching."""
    counts = [2**i for i in range(11)]
    return {
        f"{name}, {'growing' if grows else 'fixed'} batch": [
            epoch(work_of(name), n, machine, grows) for n in counts
        ]
        for name in names
        for grows in (False, True)
    }


def plot(rows: dict[str, Any]) -> str:
    """Seconds of an epoch over devices, both as logarithms."""
    lines = {
        name: (
            [math.log2(row["devices"]) for row in found],
            [math.log10(row["seconds"]) for row in found],
        )
        for name, found in rows.items()
    }
    title = "Seconds of an epoch, by the model"
    return curves(lines, title, "devices", "", ("2", "10"))


def typical(times: list[float]) -> float:
    """The lower quartile: whatever else a machine does only adds."""
    return sorted(times)[len(times) // 4]


def step_seconds(recipe: Recipe, world: World) -> float:
    """A step of this many processes on this machine."""
    train, _ = load(recipe)
    run = Steps(build(recipe), recipe, train, Options(), world)
    run.start(1.0)
    times = []
    for block in blocks(shuffled(train, 0, 0), recipe.batch, 1):
        world.total(torch.zeros(1))  # all begin together
        begun = time.perf_counter()
        run(block)
        times.append(time.perf_counter() - begun)
    return typical(times[2:])


def link(recipe: Recipe, world: World) -> tuple[float, float]:
    """(latency, bytes/s) of an all-reduce, from a short and a long one, each
    after a step of this process alone, as it comes in training."""
    train, _ = load(recipe)
    run = Steps(build(recipe), recipe, train, Options(), World())
    rows = torch.arange(recipe.batch).view(1, -1)
    seconds = []
    for size in (8, 2**20):
        values, times = torch.zeros(size), []
        for _ in range(15):
            world.total(torch.zeros(1))
            run(rows)
            begun = time.perf_counter()
            dist.all_reduce(values)
            times.append(time.perf_counter() - begun)
        seconds.append(typical(times))
    latency = seconds[0] / 2  # 2·log₂2 of them
    return latency, 4 * 2**20 / max(seconds[1] - seconds[0], 1e-9)


def toy_of(name: str, batch: int) -> Recipe:
    """A toy recipe with 42 steps of that batch."""
    return replace(toy(RECIPES[name]), batch=batch, examples=42 * batch)


def process(name: str, batch: int) -> None:
    """One of two processes: what it measures goes to the output."""
    torch.set_num_threads(1)
    with join("cpu") as world:
        latency, bandwidth = link(toy_of(name, batch // 2), world)
        step = step_seconds(toy_of(name, batch), world)
        world.total(torch.zeros(1))
        # each for itself, while the other does the same
        half = step_seconds(toy_of(name, batch // 2), World())
        if world.rank == 0:
            found = dict(
                latency=latency, bandwidth=bandwidth, step=step, half=half
            )
            print(json.dumps(found))


def pair(name: str, batch: int) -> dict[str, float]:
    """What two processes of this machine measure."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    both = []
    for rank in range(2):
        place = dict(RANK=str(rank), WORLD_SIZE="2", OMP_NUM_THREADS="1")
        place.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=port)
        command = [sys.executable, "-m", "benchmarks.scaling_model"]
        command += ["--process", name, "--batch", str(batch)]
        both.append(
            subprocess.Popen(
                command,
                env={**os.environ, **place},
                stdout=subprocess.PIPE,
                text=True,
            )
        )
    outputs = [p.communicate(timeout=300)[0] for p in both]
    return json.loads(outputs[0].splitlines()[-1])


def check(name: str, batch: int) -> dict[str, float]:
    """The formula's step of two processes, from what each does with half of
    the batch and what the link does, against the step that two really take."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        one = step_seconds(toy_of(name, batch), World())
    finally:
        torch.set_num_threads(threads)
    two = pair(name, batch)
    machine = Machine(
        inside=two["bandwidth"], latency=two["latency"], overhead=0.0
    )
    net = build(toy_of(name, batch))
    size = 4.0 * sum(p.numel() for p in net.parameters())
    work = Work(name, 0.0, ((size, 1.0),), batch)
    said = modelled(work, two["half"], 2, machine)
    return dict(
        one=one,
        half=two["half"],
        said=said,
        measured=two["step"],
        ratio=said / two["step"],
        bandwidth=two["bandwidth"],
        latency=two["latency"],
    )


def page(rows: dict[str, Any], checks: dict[str, Any], machine: Machine) -> str:
    """The report in Markdown."""
    lines = ["# From 1 to 1,024 devices: a model", "", __doc__ or "", ""]
    lines += ["Assumed of the machine (not measured):", ""]
    lines += [f"- {k}: {v:g}" for k, v in asdict(machine).items()]
    counts = [1, 2, 8, 16, 64, 256, 1024]
    head = ["seconds of an epoch", *map(str, counts), "speed-up at 1,024"]
    lines += ["", "| " + " | ".join(head) + " |", "| --- " * 9 + "|"]
    for name, found in rows.items():
        by = {row["devices"]: row["seconds"] for row in found}
        cells = [f"{by[n]:.3g}" for n in counts] + [f"{by[1] / by[1024]:.3g}"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", "![](scaling.svg)", "", "## Checked on this machine", ""]
    lines += [
        "One and two Gloo processes, one thread each: milliseconds of a step.",
        "",
        "| network | one | half a batch | two, by the model | two, "
        "measured | model / measured |",
        "| --- " * 6 + "|",
    ]
    for name, c in checks.items():
        cells = [
            f"{1e3 * c[k]:.2f}" for k in ("one", "half", "said", "measured")
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {c['ratio']:.2f} |")
    return "\n".join(lines) + "\n"


def main(given: list[str] | None = None) -> int:
    """Write the table, its plot and the check to benchmarks/results."""
    parser = argparse.ArgumentParser("benchmarks scaling")
    parser.add_argument("--output", type=Path, default=RESULTS)
    parser.add_argument("--process", help=argparse.SUPPRESS)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args(given)
    if asked.process:
        process(asked.process, asked.batch)
        return 0
    machine = Machine()
    rows = table(["alexnet", "vgg11", "resnet18"], machine)
    names = ["mlp"] if asked.quick else ["mlp", "lenet", "resnet18"]
    checks = {name: check(name, asked.batch) for name in names}
    asked.output.mkdir(parents=True, exist_ok=True)
    results = dict(machine=asdict(machine), model=rows, checks=checks)
    text = json.dumps(results, indent=1) + "\n"
    (asked.output / "scaling.json").write_text(text, encoding="utf-8")
    (asked.output / "scaling.svg").write_text(plot(rows), encoding="utf-8")
    text = page(rows, checks, machine)
    (asked.output / "scaling.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
