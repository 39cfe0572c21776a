"""How fast a device could be: its measured rates against what a step needs."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from torchref import devices, summary
from torchref.options import Options, numerics
from torchref.summary import Layer

# Bytes of a number in the matrix products of each precision.
WIDTH = {"float32": 4, "tf32": 4, "bf16": 2, "float16": 2}


@dataclass(frozen=True)
class Ceiling:
    """The least seconds of a step.

    whole     max(all operations / rate, all bytes / bandwidth)
    layered   Σ over layers of that maximum: no layer's arithmetic hides
              another's memory traffic
    """

    flops: float
    bytes: float
    whole: float
    layered: float


def seconds_of(work: Callable[[], object], device: torch.device) -> float:
    """The median time of one call, over at least 0.3 s of calls."""
    for _ in range(3):
        work()
    devices.wait(device)
    times: list[float] = []
    while sum(times) < 0.3 or len(times) < 5:
        start = time.perf_counter()
        for _ in range(10):
            work()
        devices.wait(device)
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2] / 10


def product_rate(
    precision: str, device: torch.device, size: int | None = None
) -> float:
    """FLOP/s of a square matrix product on random numbers, 2n³ each."""
    n = size or (8192 if device.type == "cuda" else 512)
    kinds = {"bf16": torch.bfloat16, "float16": torch.float16}
    kind = kinds.get(precision, torch.float32)
    a, b = (torch.randn(n, n, device=device, dtype=kind) for _ in range(2))
    with numerics(Options(precision=precision)):
        return 2 * n**3 / seconds_of(lambda: a @ b, device)


def copy_rate(device: torch.device, size: int | None = None) -> float:
    """Bytes/s of a copy far larger than any cache, read and written."""
    n = size or (2**31 if device.type == "cuda" else 2**26)
    a = torch.randint(0, 255, (n,), device=device, dtype=torch.uint8)
    b = torch.empty_like(a)
    return 2 * n / seconds_of(lambda: b.copy_(a), device)


def rates(device: torch.device) -> dict[str, float]:
    """The two ceilings of this device, in every precision that it has."""
    names = WIDTH if device.type == "cuda" else ["float32", "bf16"]
    found = {name: product_rate(name, device) for name in names}
    return {**found, "bytes": copy_rate(device)}


def weight_bytes(precision: str, optimizer: str, momentum: float) -> int:
    """Per parameter and step: the weights are read for both passes and the
    gradient written and read in the product's width; the update reads and
    writes float32, as it does its averages."""
    width = WIDTH[precision]
    averages = 2 if optimizer == "adam" else int(momentum > 0)
    return 4 * width + 8 + 8 * averages


def ceiling(
    layers: list[Layer],
    batch: int,
    precision: str,
    measured: dict[str, float],
    optimizer: str = "sgd",
    momentum: float = 0.0,
) -> Ceiling:
    """What no layer-by-layer step of this network can beat."""
    rate, bandwidth = measured[precision], measured["bytes"]
    each = weight_bytes(precision, optimizer, momentum)
    flops = total = layered = 0.0
    for i, layer in enumerate(layers):
        first = not any(one.flops for one in layers[:i])
        mine = batch * summary.layer_flops(layer, first)
        moved = batch * summary.layer_elements(layer, first) * WIDTH[precision]
        moved += layer.parameters * each
        flops, total = flops + mine, total + moved
        layered += max(mine / rate, moved / bandwidth)
    whole = max(flops / rate, total / bandwidth)
    return Ceiling(flops, total, whole, layered)
