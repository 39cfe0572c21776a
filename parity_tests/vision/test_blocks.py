"""torchvision's blocks and boxes: the same words, numbers and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torchvision.ops
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.vision.ops
from parity_tests.parity import array_of
from parity_tests.vision.test_ops import boxes, counts, same, seeds

SIDES: list[tuple[Any, Any]] = [
    (scratch, scratch.vision.ops), (torch, torchvision.ops)]
MADE = {
    "Conv2dNormActivation(2, 4)": (2, 2, 5, 5),
    "Conv2dNormActivation(2, 4, (3, 5), dilation=2, groups=2)": (2, 2, 9, 9),
    "Conv2dNormActivation(2, 4, 1, 2, 0, norm_layer=None, inplace=None)":
        (1, 2, 4, 4),
    "Conv2dNormActivation(2, 4, activation_layer=nn.Hardswish, bias=True)":
        (1, 2, 4, 4),
    "Conv2dNormActivation(2, 4, activation_layer=None)": (2, 2, 4, 4),
    "Conv3dNormActivation(2, 4)": (2, 2, 3, 4, 4),
    "SqueezeExcitation(4, 2)": (2, 4, 3, 3),
    "SqueezeExcitation(4, 1, nn.SiLU, nn.Hardsigmoid)": (2, 4, 3, 3),
    "MLP(3, [4, 2])": (5, 3),
    "MLP(3, [4, 5, 2], nn.BatchNorm1d, inplace=True, bias=False)": (5, 3),
    "MLP(3, [4], dropout=0.5)": (5, 3),
    "Permute([0, 2, 3, 1])": (2, 3, 4, 5),
    "FrozenBatchNorm2d(3, 1e-3)": (2, 3, 4, 4),
    "StochasticDepth(0.5, 'row')": (9, 3),
    "StochasticDepth(0.3, 'batch')": (9, 3),
    "StochasticDepth(1.0, 'row')": (9, 3),
}  # fmt: skip


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("made", MADE)
def test_blocks_compute_the_same(made: str, training: bool) -> None:
    told = []
    for lib, ops in SIDES:
        lib.manual_seed(4)
        layer = eval("ops." + made, {"ops": ops, "nn": lib.nn})
        x = lib.randn(*MADE[made], requires_grad=True)
        y = layer.train(training)(x)
        (y * lib.randn(*y.shape)).sum().backward()
        state = layer.state_dict()
        told.append([repr(layer), list(state), *map(array_of, (
            y.detach(), x.grad, *state.values(),
            *(p.grad for p in layer.parameters())))])
    assert told[0][:2] == told[1][:2]
    for ours, theirs in zip(told[0][2:], told[1][2:], strict=True):
        np.testing.assert_allclose(ours, theirs, 1e-4, 1e-5)


def test_a_frozen_norm_reads_a_learned_one() -> None:
    for lib, ops in SIDES:
        learned = lib.nn.BatchNorm2d(3)
        learned(lib.randn(4, 3, 5, 5))
        frozen = ops.FrozenBatchNorm2d(3)
        frozen.load_state_dict(learned.state_dict())
        x = lib.randn(2, 3, 4, 4)
        gap = (frozen(x) - learned.eval()(x)).abs().max()
        assert float(gap.detach()) < 1e-5
        assert not list(frozen.parameters())


@given(seeds, counts, counts)
def test_generalized_overlap(seed: int, n: int, m: int) -> None:
    same("generalized_box_iou", boxes(seed, n), boxes(seed + 1, m))


@given(seeds, counts, st.sampled_from(["xyxy", "xywh", "cxcywh"]),
       st.sampled_from(["xyxy", "xywh", "cxcywh"]))  # fmt: skip
def test_forms_of_boxes(seed: int, n: int, in_: str, out: str) -> None:
    same("box_convert", boxes(seed, n), in_fmt=in_, out_fmt=out)
    same("clip_boxes_to_image", boxes(seed, n), size=(7, 5))


@given(seeds, counts, st.floats(0, 6), st.floats(0, 1))
def test_boxes_that_are_kept(
    seed: int, n: int, least: float, overlap: float
) -> None:
    rng = np.random.default_rng(seed)
    where, score = boxes(seed, n), rng.permutation(n) / 10
    label = rng.integers(0, 3, n)
    found = []
    for lib, ops in SIDES:
        x, s, k = (lib.from_numpy(a) for a in (where, score, label))
        found.append([
            ops.remove_small_boxes(x, least).tolist(),
            ops.batched_nms(x, s, k, overlap).tolist()])
    assert found[0] == found[1]


@given(seeds, counts)
def test_boxes_around_masks(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    masks = rng.random((n, 4, 5)) < rng.random()
    ours, theirs = (ops.masks_to_boxes(lib.from_numpy(masks))
                    for lib, ops in SIDES)
    assert ours.tolist() == theirs.tolist()
    assert str(ours.dtype) == str(theirs.dtype)


@given(seeds, st.sampled_from([0.25, -1, 0.0, 1.0]), st.floats(0, 4),
       st.sampled_from(["none", "mean", "sum"]))  # fmt: skip
def test_focal_loss(
    seed: int, alpha: float, gamma: float, reduction: str
) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((3, 4)), rng.integers(0, 2, (3, 4)) * 1.0
    found = []
    for lib, ops in SIDES:
        a = lib.tensor(x, requires_grad=True)
        loss = ops.sigmoid_focal_loss(
            a, lib.tensor(y), alpha, gamma, reduction)
        loss.sum().backward()
        found.append((loss.detach().numpy(), a.grad.numpy()))
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, 1e-9, 1e-12)


@pytest.mark.parametrize("call", [
    lambda o, t: o.stochastic_depth(t.ones(2), 1.5, "row"),
    lambda o, t: o.stochastic_depth(t.ones(2), 0.5, "rows"),
    lambda o, t: o.sigmoid_focal_loss(t.ones(2), t.ones(2), 2.0),
    lambda o, t: o.sigmoid_focal_loss(t.ones(2), t.ones(2), reduction="x"),
    lambda o, t: o.box_convert(t.ones(2, 4), "xyxy", "yx"),
])  # fmt: skip
def test_bad_calls(call: Any) -> None:
    said = []
    for lib, ops in SIDES:
        with pytest.raises(ValueError) as caught:
            call(ops, lib)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_regions_as_layers() -> None:
    told = []
    for lib, ops in SIDES:
        x = lib.arange(2 * 36.0).view(1, 2, 6, 6)
        box = lib.tensor([[0.0, 1.0, 1.0, 4.0, 5.0]])
        layers = [ops.RoIAlign(2, 0.5, 2, True), ops.RoIPool((2, 3), 1.0)]
        told.append([[repr(a), a(x, box).tolist()] for a in layers])
    assert told[0] == told[1]
