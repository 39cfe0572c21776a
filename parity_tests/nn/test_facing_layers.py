"""Three ways, layers with a page of their own: scratch's, by hand, torch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
import torchref.nn as hand
from parity_tests.nn.test_facing import agree
from parity_tests.parity import array_of as numbers
from parity_tests.strategies import normal

LIBRARIES = ((scratch, scratch.nn), (torch, hand), (torch, torch.nn))
HOW = st.sampled_from(["mean", "sum", "none"])
SEED, SIDE = st.integers(0, 99), st.integers(1, 4)


def three(name: str, *arguments: Any, **options: Any) -> list[Callable]:
    """One layer of each library, called with the same numbers."""
    return [lambda *xs, space=space: getattr(space, name)(
        *arguments, **options)(*xs) for _, space in LIBRARIES]


@given(lead=st.sampled_from([(), (1,), (2, 3)]), r=SIDE,
       c=SIDE, h=SIDE, w=SIDE, seed=SEED)
def test_pixels_are_shuffled_and_back(lead: tuple, r: int, c: int, h: int,
                                      w: int, seed: int) -> None:
    # torch: an empty batch has no gradient through PixelShuffle
    agree(*three("PixelShuffle", r), normal(seed, *lead, c * r * r, h, w))
    agree(*three("PixelUnshuffle", r), normal(seed, *lead, c, h * r, w * r))
    agree(*three("ChannelShuffle", r), normal(seed, 2, c * r, h, w))


@given(axes=st.integers(1, 3), c=SIDE, n=st.integers(0, 3), seed=SEED,
       affine=st.booleans(), tracked=st.booleans(), training=st.booleans(),
       momentum=st.sampled_from([0.0, 0.1, 0.7, 1.0]))
def test_instance_norm_and_its_moving_averages(
        axes: int, c: int, n: int, seed: int, affine: bool, tracked: bool,
        training: bool, momentum: float) -> None:
    def way(lib: Any, space: Any) -> Callable:
        def call(x: Any) -> list:
            layer = getattr(space, f"InstanceNorm{axes}d")(
                c, 1e-3, momentum, affine, tracked).double()
            layer.train(training)
            y = layer(x)
            return [y, *layer(2 * y + 1).unsqueeze(0),
                    *layer.state_dict().values()]
        return call

    lead = (n,) if n else ()  # none: an image without a batch
    x = normal(seed, *lead, c, *(4, 3, 2)[:axes])
    agree(*(way(*both) for both in LIBRARIES), x)


@pytest.mark.parametrize("options", [
    {}, {"affine": True}, {"track_running_stats": True},
    {"affine": True, "track_running_stats": True}])
def test_the_state_of_an_instance_norm_loads_both_ways(
        options: dict) -> None:
    by_hand = hand.InstanceNorm2d(3, **options)
    theirs = torch.nn.InstanceNorm2d(3, **options)
    assert list(by_hand.state_dict()) == list(theirs.state_dict())
    for key, value in by_hand.state_dict().items():
        np.testing.assert_array_equal(
            numbers(value), numbers(theirs.state_dict()[key]))
    theirs.load_state_dict(by_hand.state_dict())
    by_hand.load_state_dict(theirs.state_dict())


def signs(seed: int, *size: int) -> np.ndarray:
    """±1, as integers: a target that asks for no gradient"""
    return np.where(normal(seed, *size) > 0, 1, -1)


@given(n=SIDE, c=st.integers(2, 5), seed=SEED, how=HOW,
       p=st.sampled_from([1, 2]), margin=st.sampled_from([0.5, 1.0, 2.0]))
def test_losses_between_classes(n: int, c: int, seed: int, how: str, p: int,
                                margin: float) -> None:
    x, one = normal(seed, n, c), np.abs(signs(seed + 1, n)) * (seed % c)
    w = {lib: lib.from_numpy(0.5 + np.arange(c)) for lib in (scratch, torch)}
    agree(*(way(space, "MultiMarginLoss", p, margin, w[lib], reduction=how)
            for lib, space in LIBRARIES), x, one)
    agree(*(way(space, "MultiLabelSoftMarginLoss", w[lib], reduction=how)
            for lib, space in LIBRARIES), x, (signs(seed, n, c) + 1.0) / 2)
    classes = np.argsort(normal(seed + 2, n, c), 1)
    classes[:, 1 + seed % (c - 1):] = -1
    agree(*three("MultiLabelMarginLoss", reduction=how), x, classes)
    agree(*three("SoftMarginLoss", reduction=how), x, signs(seed, n, c))


def way(space: Any, name: str, *arguments: Any, **options: Any) -> Callable:
    """A layer whose arguments hold tensors of its library."""
    return lambda *xs: getattr(space, name)(*arguments, **options)(*xs)


@given(n=SIDE, c=SIDE, seed=SEED, how=HOW, margin=st.sampled_from([0.1, 0.7]))
def test_losses_between_pairs(n: int, c: int, seed: int, how: str,
                              margin: float) -> None:
    a, b = normal(seed, n, c), normal(seed + 1, n, c)
    agree(*three("HingeEmbeddingLoss", margin, reduction=how), a,
          signs(seed, n, c))
    agree(*three("MarginRankingLoss", margin, reduction=how), a, b,
          signs(seed, n, c))
    # In one dimension cos is ±1 and its gradient is rounding alone.
    agree(*three("CosineEmbeddingLoss", margin, reduction=how), a, b,
          signs(seed, n), order=min(c - 1, 1))


@given(n=SIDE, c=SIDE, seed=SEED, how=HOW, swap=st.booleans(),
       p=st.sampled_from([1.0, 2.0, 3.0]))
def test_losses_between_triplets(n: int, c: int, seed: int, how: str,
                                 swap: bool, p: float) -> None:
    xs = [normal(seed + k, n, c) for k in range(3)]
    agree(*three("TripletMarginLoss", 0.8, p, swap=swap, reduction=how), *xs)
    agree(*three("TripletMarginWithDistanceLoss", margin=0.8, swap=swap,
                 reduction=how), *xs)
    agree(*three("TripletMarginWithDistanceLoss", margin=0.8, reduction=how,
                 distance_function=lambda x, y: (x - y).square().sum(-1)),
          *xs)


@given(n=SIDE, c=SIDE, seed=SEED, how=HOW, full=st.booleans())
@pytest.mark.filterwarnings("ignore:reduction. .mean. divides")
def test_losses_of_distributions(n: int, c: int, seed: int, how: str,
                                 full: bool) -> None:
    x, y = normal(seed, n, c), normal(seed + 1, n, c)
    p, rate = 1 / (1 + np.exp(-y)), np.exp(x)
    for to in (how, "batchmean"):
        agree(*three("KLDivLoss", reduction=to), x, p)
        agree(*three("KLDivLoss", reduction=to, log_target=True), x, y)
    for logs, z in ((True, x), (False, rate)):
        agree(*three("PoissonNLLLoss", logs, full, reduction=how), z, 4 * p)
    for var in (p, p[:, :1]):
        agree(*three("GaussianNLLLoss", full=full, reduction=how), x, y, var)
    if c != n:
        agree(*three("GaussianNLLLoss", full=full, reduction=how), x, y,
              p[:, 0])
