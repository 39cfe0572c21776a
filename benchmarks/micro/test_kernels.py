"""Every kernel alone, by pytest-benchmark.

    python -m pytest benchmarks/micro [-k winograd] [--benchmark-autosave]
    python -m pytest benchmarks/micro --benchmark-compare

One thread, unless OMP_NUM_THREADS and OPENBLAS_NUM_THREADS say otherwise;
the sides of the images are those of the networks' layers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scratch.kernels import (
    conv,
    depthwise,
    max_pool,
    norm,
    pointwise,
    pool,
    scatter,
    unfold,
    winograd,
)
from scratch.kernels.windows import geometry
from scratch.random import Generator

RNG = np.random.default_rng(0)
Bench = Callable[..., Any]


def numbers(*shape: int) -> np.ndarray:
    return RNG.standard_normal(shape, np.float32)


LAYERS = {  # images, kernels, padding, groups
    "lenet 1": ((256, 1, 28, 28), (6, 1, 5, 5), 2, 1),
    "lenet 2": ((256, 6, 14, 14), (16, 6, 5, 5), 0, 1),
    "resnet 64": ((32, 64, 24, 24), (64, 64, 3, 3), 1, 1),
    "resnet 512": ((32, 512, 3, 3), (512, 512, 3, 3), 1, 1),
    "pointwise": ((32, 96, 54, 54), (96, 96, 1, 1), 0, 1),
    "depthwise": ((16, 64, 56, 56), (64, 1, 3, 3), 1, 64),
}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("what", ["conv", "conv_input", "conv_weight"])
def test_convolution(benchmark: Bench, layer: str, what: str) -> None:
    image, kernel, padding, groups = LAYERS[layer]
    x, w = numbers(*image), numbers(*kernel)
    walk = geometry(2, 1, padding, 1, groups)
    y = conv.conv(x, w, walk)
    calls = {
        "conv": lambda: conv.conv(x, w, walk),
        "conv_input": lambda: conv.conv_input(y, w, walk, image[2:]),
        "conv_weight": lambda: conv.conv_weight(x, y, walk, kernel[2:]),
    }
    benchmark(calls[what])


@pytest.mark.parametrize("form", ["unfold", "winograd 2", "winograd 4"])
def test_forms_of_a_3_by_3_convolution(benchmark: Bench, form: str) -> None:
    x, w = numbers(32, 128, 12, 12), numbers(128, 128, 3, 3)
    walk = geometry(2, 1, 1, 1, 1)
    if form == "unfold":
        benchmark(unfold.conv, x, w, walk)
    else:
        benchmark(winograd.conv, x, w, walk, int(form[-1]))


def test_depthwise(benchmark: Bench) -> None:
    x, w = numbers(16, 64, 56, 56), numbers(64, 1, 3, 3)
    benchmark(depthwise.conv, x, w, geometry(2, 1, 1, 1, 64))


IMAGES = numbers(32, 64, 28, 28)
POOL = geometry(2, 2, 0, 1, 1)


def test_largest_of_windows(benchmark: Bench) -> None:
    benchmark(max_pool.max_pool, IMAGES, (2, 2), POOL)


def test_sums_of_windows(benchmark: Bench) -> None:
    benchmark(pool.window_sum, IMAGES, (2, 2), POOL)


def test_moments_of_channels(benchmark: Bench) -> None:
    benchmark(norm.moments, IMAGES)


@pytest.mark.parametrize("name", ["relu", "sigmoid"])
def test_pointwise(benchmark: Bench, name: str) -> None:
    benchmark(getattr(pointwise, name), IMAGES)


@pytest.mark.parametrize("name", ["relu_input", "sigmoid_input"])
def test_pointwise_gradient(benchmark: Bench, name: str) -> None:
    y = pointwise.sigmoid(IMAGES)
    benchmark(getattr(pointwise, name), IMAGES, y)


def test_rows_added_where_they_belong(benchmark: Bench) -> None:
    where = RNG.integers(0, 1000, 8000)
    benchmark(scatter.place_rows, numbers(8000, 100), where, 1000)


def test_numbers_added_where_they_belong(benchmark: Bench) -> None:
    where = RNG.integers(0, 100_000, 1_000_000)
    benchmark(scatter.place, numbers(1_000_000), where, 100_000)


@pytest.mark.parametrize("kind", ["rand", "randn", "randperm"])
def test_random_numbers(benchmark: Bench, kind: str) -> None:
    import scratch

    g = Generator().manual_seed(0)
    count = 60_000 if kind == "randperm" else 1_000_000
    benchmark(lambda: getattr(scratch, kind)(count, generator=g))
