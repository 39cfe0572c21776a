"""More transforms: torchvision's pictures from the same draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torchvision.transforms.v2 as theirs
import torchvision.transforms.v2.functional  # noqa: F401
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.vision.transforms as ours
from parity_tests.vision.test_transforms import pictures, same

SIDES = ((scratch, ours), (torch, theirs))
MADE = [
    "RandomGrayscale(0.5)", "RandomInvert()", "RandomSolarize(0.4, 0.7)",
    "RandomPosterize(3, p=0.8)", "RandomErasing(0.9)",
    "RandomErasing(1.0, (0.1, 0.4), (0.5, 2.0), 0.25, True)",
    "RandomErasing(1.0, value='random')", "GaussianBlur(3)",
    "GaussianBlur((5, 3), (0.5, 1.5))", "GaussianBlur([3, 1], 0.8)",
    "FiveCrop([3, 2])", "TenCrop(3)", "TenCrop((2, 3), True)",
    "RandomChoice([t.RandomInvert(), t.CenterCrop(2)], [0.3, 0.9])",
    "RandomOrder([t.RandomCrop(4), t.Pad(1), t.RandomInvert(0.5)])",
]  # fmt: skip


@pytest.mark.parametrize("made", MADE)
@given(pictures(channels=(3,), side=st.integers(4, 9)), st.integers(0, 99))
def test_the_pictures_are_torchvisions(made: str, x: Any, seed: int) -> None:
    if made.startswith("RandomSolarize") and x.dtype == np.uint8:
        made = "RandomSolarize(100)"
    results = []
    for lib, t in SIDES:
        transform = eval("t." + made, {"t": t})
        lib.manual_seed(seed)
        y = transform(lib.from_numpy(x.copy()))
        several = y if isinstance(y, tuple) else (y,)
        results.append([*several, lib.rand(1)])
        if "Order" not in made and "Choice" not in made:
            results[-1].append(repr(transform))
    for a, b in zip(*results, strict=True):
        if isinstance(a, str):
            assert a == b
        else:
            same(a, b)


def test_other_forms_of_a_picture() -> None:
    x = np.random.default_rng(0).integers(0, 256, (6, 7, 3), np.uint8)
    planes = torch.from_numpy(x).permute(2, 0, 1)
    parts = ours.FiveCrop(3)(x)
    for ours_part, part in zip(parts, theirs.FiveCrop(3)(planes)):
        np.testing.assert_array_equal(ours_part, part.permute(1, 2, 0))
    np.testing.assert_array_equal(
        ours.RandomInvert(1.0)(x), 255 - x)
    both = ours.RandomChoice([ours.RandomInvert(1.0)])
    assert both.takes_arrays
    assert not ours.RandomOrder([len]).takes_arrays


BAD = [
    lambda t: t.RandomGrayscale(1.5), lambda t: t.GaussianBlur(2),
    lambda t: t.GaussianBlur(3, -1.0), lambda t: t.GaussianBlur(3, (2.0, 1.0)),
    lambda t: t.RandomErasing(value="noise"),
    lambda t: t.RandomErasing(value={}), lambda t: t.RandomErasing(scale=1),
    lambda t: t.RandomErasing(ratio=1), lambda t: t.RandomErasing(
        scale=(0.1, 1.5)),
    lambda t: t.RandomChoice([]), lambda t: t.RandomChoice(3),
    lambda t: t.RandomChoice([len], [1, 2]), lambda t: t.RandomOrder([]),
    lambda t: t.RandomOrder(len),
]


@pytest.mark.parametrize("call", BAD)
def test_bad_arguments(call: Any) -> None:
    said = []
    for _, t in SIDES:
        with pytest.raises((ValueError, TypeError)) as caught:
            call(t)
        said.append((caught.type, str(caught.value)))
    assert said[0] == said[1]


@pytest.mark.parametrize("call", [
    lambda f, x: f.gaussian_blur(x, [3, 3]),
    lambda f, x: f.gaussian_blur(x, [5, 3], [0.7, 1.2]),
    lambda f, x: f.gaussian_blur(x, 3, 0.5), lambda f, x: f.invert(x),
    lambda f, x: f.solarize(x, 0.5), lambda f, x: f.posterize(x, 2),
    lambda f, x: f.five_crop(x, [2, 3])[4], lambda f, x: f.ten_crop(x, 2)[7],
    lambda f, x: f.erase(x, 1, 2, 2, 2, x[:, :2, :2]),
])  # fmt: skip
@given(pictures(channels=(3,), side=st.integers(4, 9), lead=False))
def test_functions_are_torchvisions(call: Any, x: Any) -> None:
    a, b = (call(t.functional, lib.from_numpy(x)) for lib, t in SIDES)
    same(a, b)


def test_bad_pictures() -> None:
    for lib, t in SIDES:
        x = lib.ones(3, 4, 4)
        with pytest.raises(ValueError, match="is bigger than input size"):
            t.FiveCrop(5)(x)
        with pytest.raises(ValueError, match="number of inpt channels"):
            t.RandomErasing(1.0, value=(1, 2))(x)
        with pytest.raises(TypeError, match="Threshold should be less"):
            t.RandomSolarize(2.0, 1.0)(x)
