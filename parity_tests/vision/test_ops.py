"""Boxes and regions are torchvision's, their gradients too."""

import numpy as np
import pytest
import torch
import torchvision.ops as theirs
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.vision.ops as ours

seeds = st.integers(0, 9999)
counts = st.integers(0, 6)
FORMS = ["xyxy", "xywh", "cxcywh"]


def boxes(seed, n, side=10.0, dtype=np.float64):
    """n boxes, some of them reaching beyond a picture of that side."""
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(-2, side + 2, (2, n, 2))
    return np.concatenate([np.minimum(a, b), np.maximum(a, b)], 1).astype(dtype)


def same(name, *arrays, **options):
    """Values and gradients of the named function on both sides."""
    results = []
    for side, module in ((scratch, ours), (torch, theirs)):
        xs = [side.tensor(a, requires_grad=True) for a in arrays]
        y = getattr(module, name)(*xs, **options)
        weight = side.tensor(np.cos(np.arange(y.numel())).reshape(y.shape))
        (y * y * weight).sum().backward()
        results.append([y.detach().numpy(), *(x.grad for x in xs)])
    for a, b in zip(*results):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("form", FORMS)
@given(seeds, counts, counts)
def test_overlap(form, seed, n, m):
    a, b = boxes(seed, n) + 3, boxes(seed + 1, m) + 3
    same("box_iou", a, b, fmt=form)
    same("box_area", a, fmt=form)


@given(seeds, counts, counts)
def test_how_far_boxes_are(seed, n, m):
    a, b = boxes(seed, n), boxes(seed + 1, m) + 1
    for name in ("distance", "complete"):
        same(f"{name}_box_iou", a, b)


@pytest.mark.parametrize("dtype", ["float16", "float32", "int8", "int32"])
@pytest.mark.parametrize("name", ["distance", "complete"])
def test_how_far_in_other_dtypes(name, dtype):
    a, b = ((boxes(i, 5) * 9).astype(dtype) for i in range(2))
    y, u = (
        getattr(module, f"{name}_box_iou")(side.tensor(a), side.tensor(b))
        for side, module in ((scratch, ours), (torch, theirs))
    )
    assert str(y.dtype) == str(u.dtype)
    np.testing.assert_allclose(
        y.numpy(), u.numpy(), rtol=1e-3 if dtype == "float16" else 1e-5
    )


@pytest.mark.parametrize("dtype", ["float16", "float32", "int8", "int32"])
def test_overlap_in_other_dtypes(dtype):
    a, b = ((boxes(i, 5) * 9).astype(dtype) for i in range(2))
    y = ours.box_iou(scratch.tensor(a), scratch.tensor(b))
    u = theirs.box_iou(torch.tensor(a), torch.tensor(b))
    assert str(y.dtype) == str(u.dtype)
    np.testing.assert_allclose(y.numpy(), u.numpy(), rtol=1e-5)


@given(seeds, st.integers(0, 30), st.floats(0, 1), st.booleans())
def test_the_best_boxes(seed, n, threshold, ties):
    rng = np.random.default_rng(seed)
    b, scores = boxes(seed, n, dtype=np.float32), rng.random(n)
    scores = (scores.round(1) if ties else scores).astype(np.float32)
    y = ours.nms(scratch.tensor(b), scratch.tensor(scores), threshold)
    u = theirs.nms(torch.tensor(b), torch.tensor(scores), threshold)
    assert y.tolist() == u.tolist() and str(y.dtype) == str(u.dtype)


regions = st.fixed_dictionaries(
    {
        "output_size": st.integers(1, 4) | st.tuples(*[st.integers(1, 4)] * 2),
        "spatial_scale": st.sampled_from([1.0, 0.5, 2.0]),
    }
)


def same_regions(name, seed, n, as_list, **options):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, 3, 7, 9))
    b = boxes(seed, n)
    results = []
    for side, module in ((scratch, ours), (torch, theirs)):
        p = side.tensor(x, requires_grad=True)
        given = [side.tensor(b[: n // 2]), side.tensor(b[n // 2 :])]
        if not as_list:
            places = np.array([0] * (n // 2) + [1] * (n - n // 2))[:, None]
            given = side.tensor(np.concatenate([places, b], 1))
        y = getattr(module, name)(p, given, **options)
        (y * y).sum().backward()
        results.append([y.detach().numpy(), p.grad.numpy()])
    for a, c in zip(*results):
        np.testing.assert_allclose(a, c, rtol=1e-9, atol=1e-9)


@given(seeds, st.integers(1, 4), st.booleans(), regions)
def test_pooling_regions(seed, n, as_list, options):
    same_regions("roi_pool", seed, n, as_list, **options)


@given(seeds, st.integers(1, 4), st.booleans(), regions, st.data())
def test_aligning_regions(seed, n, as_list, options, data):
    options["sampling_ratio"] = data.draw(st.integers(-1, 3))
    options["aligned"] = data.draw(st.booleans())
    same_regions("roi_align", seed, n, as_list, **options)


def test_no_box_gives_no_region():
    for side, module in ((scratch, ours), (torch, theirs)):
        none = side.zeros(0, 5)
        for name in ("roi_pool", "roi_align"):
            y = getattr(module, name)(side.zeros(1, 2, 4, 4), none, 3)
            assert tuple(y.shape) == (0, 2, 3, 3)


@pytest.mark.parametrize(
    "call",
    [
        lambda m, s: m.roi_pool(s.zeros(1, 2, 4, 4), s.zeros(1, 4), 3),
        lambda m, s: m.roi_align(s.zeros(1, 2, 4, 4), [s.zeros(1, 5)], 3),
        lambda m, s: m.box_area(s.zeros(1, 4), fmt="what"),
        lambda m, s: m.nms(s.zeros(1, 5), s.zeros(1), 0.5),
        lambda m, s: m.nms(s.zeros(2, 4), s.zeros(1), 0.5),
    ],
)
def test_bad_calls_are_refused_as_torchvision_does(call):
    caught = []
    for module, side in ((ours, scratch), (theirs, torch)):
        with pytest.raises(Exception) as info:
            call(module, side)
        caught.append(info.type)
    assert caught[0] is caught[1]
