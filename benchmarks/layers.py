"""Every convolution of every network: how fast, in which form.

The layers are read off the networks themselves, at the side of their recipe
and the batch of the training steps. Each has three kernels: y the forward
pass, x and w the two gradients.
"""

import functools
import time
from typing import Any

import numpy as np

from benchmarks import timing
from benchmarks.kernels import Call, Layer, cases
from benchmarks.kernels_steps import STEPS, build
from benchmarks.timing import Sides
from scratch.kernels import conv, unfold, winograd
from scratch.kernels.windows import geometry, places

BATCHES = {**STEPS, "densenet": (16, 96), "light": (64, 28)}
WHATS = ("y", "x", "w")


@functools.cache
def layers() -> dict[str, Layer]:
    """By name: the network that has it first, its sizes."""
    import torch

    from torchref.networks import NETWORKS

    found: dict[Layer, str] = {}
    for name, (batch, side) in BATCHES.items():
        with torch.device("meta"):
            net = build(name, torch.nn, NETWORKS)
            seen: list[tuple[Any, Any]] = []

            def hook(layer: Any, x: Any, _: Any, seen: list = seen) -> None:
                seen.append((layer, x[0]))

            for layer in net.modules():
                if isinstance(layer, torch.nn.Conv2d):
                    layer.register_forward_hook(hook)
            net(torch.zeros(batch, 1, side, side))
        for layer, x in seen:
            found.setdefault(of(layer, x, batch), name)
    return {named(layer, name): layer for layer, name in found.items()}


def of(layer: Any, x: Any, batch: int) -> Layer:
    """The sizes of one of torch's layers at work on x."""
    return Layer(
        batch,
        layer.in_channels,
        layer.out_channels,
        x.shape[-1],
        layer.kernel_size[0],
        layer.stride[0],
        layer.padding[0],
        layer.groups,
    )


def named(layer: Layer, network: str) -> str:
    """lenet 6>16 5x5 at 14; /2 a stride, groups where there are any."""
    stride = f"/{layer.stride}" if layer.stride > 1 else ""
    groups = f" in {layer.groups} groups" if layer.groups > 1 else ""
    return (
        f"{network} {layer.c}>{layer.o} {layer.kernel}x{layer.kernel}"
        f"{stride} at {layer.side}{groups}"
    )


@functools.lru_cache(maxsize=1)
def kernels_of(name: str) -> dict[str, tuple[Call, Call, Any]]:
    """The arrays of one layer serve its three kernels."""
    return cases(layers()[name], lasts=False)


def rows(quick: bool) -> list[str]:
    """`layer y`, `layer x`, `layer w`; an image needs no gradient."""
    names = list(layers())
    if quick:
        names = [n for n in names if n.split()[0] in ("lenet", "separable")]
    return [
        f"{name} {what}"
        for name in names
        for what in WHATS
        if what != "x" or layers()[name].c > 1
    ]


def sides(row: str) -> Sides:
    name, what = row.rsplit(" ", 1)
    return Sides(*kernels_of(name)[what])


def operations(row: str) -> float:
    """Multiplications and additions, those with the padding's zeros too."""
    layer = layers()[row.rsplit(" ", 1)[0]]
    high = (layer.side + 2 * layer.padding - layer.kernel) // layer.stride + 1
    weights = layer.o * layer.c // layer.groups * layer.kernel**2
    return 2.0 * layer.n * high**2 * weights


def forms(row: str) -> dict[str, Any]:
    """The form that is chosen, and the fastest of all that would do.

    Each is called a few times alone, which is enough to tell forms apart
    that differ by a tenth.
    """
    name, what = row.rsplit(" ", 1)
    layer = layers()[name]
    walk = geometry(2, layer.stride, layer.padding, 1, layer.groups)
    size, kernel = (layer.side,) * 2, (layer.kernel,) * 2
    count = places(size, kernel, walk)
    grid = size if what == "x" else count
    case = conv.Case(layer.c, layer.o, kernel, grid, walk)
    chosen = conv.form_of(case)
    if chosen == "winograd":
        chosen = f"winograd {case.tile}"
    if layer.groups > 1:
        return dict(chosen=chosen, best=chosen)
    rng = np.random.default_rng(0)
    shapes = {
        "x": (layer.n, layer.c, *size),
        "w": (layer.o, layer.c, *kernel),
        "y": (layer.n, layer.o, *count),
    }
    x, w, y = (
        rng.random(shapes[key], np.float32) if key != what else None
        for key in ("x", "w", "y")
    )
    found = {"unfold": call_of(unfold, what, x, w, y, walk, size, kernel)}
    tiles = conv.TILES.get(layer.kernel, ()) if case.steady else ()
    for m in tiles:
        found[f"winograd {m}"] = call_of(
            winograd, what, x, w, y, walk, size, layer.kernel, m
        )
    times = {form: shortest(call) for form, call in found.items()}
    best = min(times, key=lambda form: times[form])
    if times[best] > 0.9 * times.get(chosen, 0.0):
        best = chosen
    return dict(chosen=chosen, best=best)


def call_of(
    form: Any, what: str, x: Any, w: Any, y: Any, walk: Any, size: Any,
    kernel: Any, *tile: int,
) -> Call:  # fmt: skip
    """One form's kernel for `what`, on these arrays."""
    if what == "y":
        return lambda: form.conv(x, w, walk, *tile)
    if what == "x":
        return lambda: form.conv_input(y, w, walk, size, *tile)
    return lambda: form.conv_weight(x, y, walk, kernel, *tile)


def shortest(call: Call, calls: int = 3) -> float:
    call()
    times = []
    for _ in range(calls):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return min(times)


def peak() -> float:
    """FLOP/s of a large float32 matrix product, by the faster library."""
    import torch

    n = 1536
    a = np.random.default_rng(0).random((n, n), np.float32)
    b = torch.from_numpy(a)
    blocks = [timing.run_block(lambda: a @ a, 0.3),
              timing.run_block(lambda: b @ b, 0.3)]  # fmt: skip
    return 2.0 * n**3 / min(block.call for block in blocks)
