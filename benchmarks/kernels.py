"""The convolution kernels against torch's, layer by layer of known networks.

    python -m benchmarks.kernels [--threads 2] [--plain] [layer ...]

Every line times one of the three convolutions of one layer, checked against
the textbook form in float64. --plain leaves the allocator as it is; `last`
in a line's name: our image lies with its channels last.
"""

import argparse
import os
import sys
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from benchmarks import timing
from scratch.kernels import conv, textbook
from scratch.kernels.windows import Geometry, geometry, places


class Layer(NamedTuple):
    """A convolution: batch, channels in and out, side, kernel, …"""

    n: int
    c: int
    o: int
    side: int
    kernel: int
    stride: int = 1
    padding: int = 0
    groups: int = 1


LAYERS = {
    "lenet 1": Layer(256, 1, 6, 28, 5, 1, 2),
    "lenet 2": Layer(256, 6, 16, 14, 5),
    "alexnet 1": Layer(16, 1, 96, 224, 11, 4, 1),
    "alexnet 2": Layer(16, 96, 256, 26, 5, 1, 2),
    "alexnet 3": Layer(16, 256, 384, 12, 3, 1, 1),
    "vgg/4 1": Layer(16, 1, 16, 224, 3, 1, 1),
    "vgg/4 2": Layer(16, 16, 32, 112, 3, 1, 1),
    "vgg/4 3": Layer(16, 32, 64, 56, 3, 1, 1),
    "vgg/4 5": Layer(16, 64, 128, 28, 3, 1, 1),
    "vgg/4 6": Layer(16, 128, 128, 28, 3, 1, 1),
    "vgg/4 7": Layer(16, 128, 128, 14, 3, 1, 1),
    "vgg 2": Layer(4, 64, 128, 112, 3, 1, 1),
    "vgg 4": Layer(4, 256, 256, 56, 3, 1, 1),
    "vgg 6": Layer(4, 512, 512, 28, 3, 1, 1),
    "vgg 7": Layer(4, 512, 512, 14, 3, 1, 1),
    "resnet 1": Layer(32, 1, 64, 96, 7, 2, 3),
    "resnet 64": Layer(32, 64, 64, 24, 3, 1, 1),
    "resnet 128": Layer(32, 128, 128, 12, 3, 1, 1),
    "resnet 256": Layer(32, 256, 256, 6, 3, 1, 1),
    "resnet 512": Layer(32, 512, 512, 3, 3, 1, 1),
    "resnet 64-128": Layer(32, 64, 128, 24, 3, 2, 1),
    "resnet 1x1": Layer(32, 64, 128, 24, 1, 2),
    "nin 1x1": Layer(16, 96, 96, 54, 1),
    "googlenet 5x5": Layer(32, 16, 32, 12, 5, 1, 2),
    "googlenet 192": Layer(32, 64, 192, 24, 3, 1, 1),
    "depthwise": Layer(16, 64, 64, 56, 3, 1, 1, 64),
    "pointwise": Layer(16, 64, 128, 56, 1),
}
Call = Callable[[], object]


def last(x: np.ndarray) -> np.ndarray:
    """The same image with its channels last in memory."""
    return np.moveaxis(np.moveaxis(x, 1, -1).copy(), -1, 1)


def cases(
    layer: Layer, lasts: bool = True
) -> dict[str, tuple[Call, Call, Callable[[], float]]]:
    """Our call, torch's and the check of each of the three convolutions;
    and, with `lasts`, of images with their channels last."""
    import torch

    rng = np.random.default_rng(0)
    walk = geometry(2, layer.stride, layer.padding, 1, layer.groups)
    inner = layer.c // layer.groups
    x, w = (
        rng.standard_normal(shape, np.float32)
        for shape in (
            (layer.n, layer.c, layer.side, layer.side),
            (layer.o, inner, layer.kernel, layer.kernel),
        )
    )
    np.maximum(x, 0, out=x)
    w /= np.float32(np.sqrt(inner * layer.kernel**2))
    size, kernel = x.shape[2:], w.shape[2:]
    count = places(size, kernel, walk)
    y = rng.standard_normal((layer.n, layer.o, *count), np.float32)
    images, kernels, g = map(torch.tensor, (x, w, y))

    def backward(*mask: bool) -> Call:
        way = [[layer.stride] * 2, [layer.padding] * 2, [1, 1], False, [0, 0]]
        return lambda: torch.ops.aten.convolution_backward(
            g, images, kernels, None, *way, layer.groups, list(mask)
        )

    theirs = {
        "y": lambda: torch.conv2d(
            images, kernels, None, layer.stride, layer.padding, 1, layer.groups
        ),
        "x": backward(True, False, False),
        "w": backward(False, True, False),
    }

    def three(form, x, w, y, walk: Geometry) -> dict[str, Call]:
        return {
            "y": lambda: form.conv(x, w, walk),
            "x": lambda: form.conv_input(y, w, walk, size),
            "w": lambda: form.conv_weight(x, y, walk, kernel),
        }

    def exact(what: str) -> np.ndarray:
        double = (a.astype(float) for a in (x, w, y))
        return three(textbook, *double, walk)[what]()

    found = {}
    lying = [("", x, y)]
    if lasts:
        lying.append((" last", last(x), last(y)))
    for lies, a, b in lying:
        for what, call in three(conv, a, w, b, walk).items():

            def check(call: Call = call, what: str = what) -> float:
                error = timing.largest_error([call()], [exact(what)])
                return timing.require(error, 1e-5, what)

            found[what + lies] = call, theirs[what], check
    if layer.c == 1:
        found = {k: v for k, v in found.items() if k[0] != "x"}
    return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("layers", nargs="*", help="; ".join(LAYERS))
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--plain", action="store_true")
    asked.add_argument("--blocks", type=int, default=5)
    asked.add_argument("--seconds", type=float, default=0.2)
    given = asked.parse_args()
    if "BENCHMARK_CHILD" not in os.environ:
        os.environ["BENCHMARK_CHILD"] = "1"
        again = ["-m", "benchmarks.kernels", *sys.argv[1:]]
        return timing.run_tuned(again, tuned=not given.plain)
    timing.set_threads(given.threads)
    print(timing.told(timing.conditions()))
    for name in given.layers or LAYERS:
        for what, sides in cases(LAYERS[name]).items():
            label = f"{name}  {what}"
            print(timing.compare(label, *sides, given.blocks, given.seconds))
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
