"""Pictures turned and slanted, and Pillow's own: torchvision's pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torchvision.transforms as theirs
import torchvision.transforms.functional as their_functions
import torchvision.transforms.v2.functional as newer
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import scratch
import scratch.vision.transforms as ours
import scratch.vision.transforms.functional as our_functions
from parity_tests.vision.test_transforms import pictures, same

SIDES = ((scratch, ours), (torch, theirs))
TURNED = [
    "RandomRotation(30)", "RandomRotation((10, 40), expand=True, fill=3)",
    "RandomRotation(170.0, t.InterpolationMode.BILINEAR, center=(3, 4))",
    "RandomAffine(20, (0.1, 0.2), (0.8, 1.2), 10)",
    "RandomAffine((5, 9), None, None, (1, 2, 3, 4), fill=[1, 2, 3])",
    "RandomAffine(0, (1.0, 0.0), interpolation=t.InterpolationMode.BILINEAR,"
    " fill=9, center=[1, 1])",
]  # fmt: skip
DRAWN = [
    "Resize(7)", "Resize((3, 20), t.InterpolationMode.BICUBIC)",
    "Resize(5, t.InterpolationMode.NEAREST)", "Resize(9, max_size=12)",
    "Resize((4, 6), t.InterpolationMode.LANCZOS)", "RandomResizedCrop(6)",
    "ColorJitter(0.4, 0.4, 0.4, 0.2)", "Grayscale()", "Grayscale(3)",
    "RandomGrayscale(0.7)", *TURNED,
]  # fmt: skip


@pytest.mark.parametrize("made", TURNED)
@given(pictures(channels=[3], side=st.integers(4, 9)), st.integers(0, 99))
def test_turned_tensors_are_torchvisions(made: str, x: Any, seed: int) -> None:
    results = []
    for lib, t in SIDES:
        transform = eval("t." + made, {"t": t})
        lib.manual_seed(seed)
        results.append([transform(lib.from_numpy(x.copy())), lib.rand(1)])
        results[-1].append(repr(transform))
    (y, drawn, shown), (expected, their_drawn, their_shown) = results
    assert shown == their_shown
    same(drawn, their_drawn, 0)
    if "BILINEAR" in made:
        same(y, expected)
    else:  # a place in the middle between two pixels may go to either
        assert y.shape == expected.shape
        far = np.abs(y.double().numpy() - expected.double().numpy())
        assert (far > 1e-4).mean() < 0.05


@pytest.mark.parametrize("made", DRAWN)
@given(
    st.sampled_from(["RGB", "L"]),
    st.integers(1, 14),
    st.integers(1, 14),
    st.integers(0, 99),
)
def test_pillows_pictures_are_torchvisions(
    made: str, mode: str, height: int, width: int, seed: int
) -> None:
    levels = np.random.default_rng(seed).integers(
        0, 256, (height, width, 3), np.uint8
    )
    picture = Image.fromarray(levels).convert(mode)
    if mode == "L":
        made = made.replace("[1, 2, 3]", "5")
    results = []
    for lib, t in SIDES:
        lib.manual_seed(seed)
        try:
            results.append(eval("t." + made, {"t": t})(picture))
        except ValueError as error:  # a side that would be empty
            results.append(str(error))
    a, b = results
    if isinstance(a, str) or isinstance(b, str):
        assert isinstance(a, str) and isinstance(b, str)
    else:
        assert a.mode == b.mode
        np.testing.assert_array_equal(np.array(a), np.array(b))


@pytest.mark.parametrize("angle", [0, 90, 180, 270, -90, 360, 45, 33.3])
@pytest.mark.parametrize("expand", [False, True])
def test_quarter_turns_move_whole_pixels(angle: float, expand: bool) -> None:
    for shape in ((1, 5, 5), (2, 3, 4, 7)):
        x = np.random.default_rng(0).random(shape, np.float32)
        same(
            our_functions.rotate(scratch.from_numpy(x), angle, expand=expand),
            newer.rotate(torch.from_numpy(x), angle, expand=expand),
            0,
        )


SHOWN = [
    "RandomCrop(3)", "RandomCrop((3, 4), (1, 2), True, 3, 'reflect')",
    "RandomResizedCrop(4)", "RandomResizedCrop((4, 5), (0.1, 0.23456))",
    "RandomChoice([t.ToTensor(), t.Pad(2)], [0.2, 0.8])",
    "RandomChoice([t.ToTensor()])", "RandomOrder([t.Pad(1), t.ToTensor()])",
    "Compose([t.Resize(3), t.RandomRotation(10)])", "Pad((1, 2), 3, 'edge')",
    "RandomAffine(3, shear=2, fill=1, center=(2, 3))", "ColorJitter(0.3)",
    "RandomRotation((1, 2), t.InterpolationMode.BILINEAR, center=(1, 2))",
]  # fmt: skip


@pytest.mark.parametrize("made", SHOWN)
def test_transforms_are_shown_as_torchvisions(made: str) -> None:
    ours_shown, theirs_shown = (
        repr(eval("t." + made, {"t": t})) for _, t in SIDES
    )
    assert ours_shown == theirs_shown


BAD = [
    lambda t, f, x: t.RandomRotation(-1),
    lambda t, f, x: t.RandomRotation((1, 2, 3)),
    lambda t, f, x: t.RandomAffine(3, (1.0, 2.0)),
    lambda t, f, x: t.RandomAffine(3, translate=2),
    lambda t, f, x: t.RandomAffine(3, scale=(0.0, 1)),
    lambda t, f, x: t.RandomAffine(3, shear=-1),
    lambda t, f, x: f.affine(x, 1.0, 1, 1.0, 1.0),
    lambda t, f, x: f.affine(x, 1.0, [1], 1.0, 1.0),
    lambda t, f, x: f.affine(x, 1.0, [1, 1], -1.0, 1.0),
    lambda t, f, x: f.affine(x, 1.0, [1, 1], 1.0, [1.0, 2.0, 3.0]),
    lambda t, f, x: f.affine(x, 1.0, [1, 1], 1.0, "1"),
]


@pytest.mark.parametrize("call", BAD)
def test_bad_turns_are_refused_as_torchvision_does(call: Any) -> None:
    told = []
    for (lib, t), f in zip(SIDES, (our_functions, their_functions)):
        with pytest.raises((ValueError, TypeError)) as caught:
            call(t, f, lib.zeros(3, 4, 4))
        told.append((caught.type, str(caught.value)))
    assert told[0] == told[1]
