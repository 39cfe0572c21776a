"""nn.functional: value, first and second derivative, as torch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import assert_same
from parity_tests.strategies import distinct, normal

X2, X3 = normal(0, 4, 3), normal(1, 2, 4, 7)
# both signs, no two alike, none on a kink
X4, X5 = distinct(2, 2, 4, 6, 7) / 20 - 2.013, normal(3, 2, 4, 5, 4, 6)
W, B = normal(4, 4), normal(5, 4)
SHARE = 1 / (1 + np.exp(-normal(6, 4, 3)))
CLASSES = np.array([0, 2, 1, 1])
PIXELS = np.random.default_rng(0).integers(0, 4, (2, 6, 7))
PIXELS[0, 0] = -100

CASES: dict[str, tuple] = {
    "linear": (lambda F, x, w, b: F.linear(x, w, b),
               normal(0, 5, 2, 3), normal(1, 4, 3), B),
    "linear of a vector": (lambda F, x, w: F.linear(x, w),
                           normal(0, 3), normal(1, 4, 3)),
    "linear, one bias": (lambda F, x, w, b: F.linear(x, w, b),
                         normal(0, 5, 3), normal(1, 4, 3), normal(2, 1)),
    "bilinear": (lambda F, x, y, w, b: F.bilinear(x, y, w, b),
                 normal(0, 5, 3), normal(1, 5, 4), normal(2, 2, 3, 4),
                 normal(3, 2)),
    "conv3d": (lambda F, x, w, b: F.conv3d(x, w, b, padding=1),
               X5, normal(0, 2, 4, 3, 2, 3), normal(1, 2)),
    "conv_transpose3d": (lambda F, x, w: F.conv_transpose3d(x, w),
                         X5, normal(0, 4, 3, 2, 1, 2)),
    "conv2d without a batch": (lambda F, x, w: F.conv2d(x, w),
                               normal(0, 4, 6, 6), normal(1, 3, 4, 3, 3)),
    "max_pool2d, places": (
        lambda F, x: F.max_pool2d(x, (3, 2), 2, 1, 1, True, True), X4),
    "max_pool3d": (lambda F, x: F.max_pool3d(x, 2), X5),
    "avg_pool3d": (lambda F, x: F.avg_pool3d(x, 2, padding=1), X5),
    "avg_pool2d, divisor": (
        lambda F, x: F.avg_pool2d(x, 3, divisor_override=5), X4),
    "adaptive_avg_pool2d": (
        lambda F, x: F.adaptive_avg_pool2d(x, (4, None)), X4),
    "adaptive_avg_pool2d to 1": (
        lambda F, x: F.adaptive_avg_pool2d(x, 1), X4),
    "adaptive_avg_pool3d": (
        lambda F, x: F.adaptive_avg_pool3d(x, (2, 3, 2)), X5),
    "adaptive_max_pool1d": (
        lambda F, x: F.adaptive_max_pool1d(x, 3, return_indices=True), X3),
    "adaptive_max_pool2d": (
        lambda F, x: F.adaptive_max_pool2d(x, (4, 2), True), X4),
    "lp_pool1d": (lambda F, x: F.lp_pool1d(x, 2, 3), np.abs(X3)),
    "lp_pool2d": (
        lambda F, x: F.lp_pool2d(x, 3, 2, ceil_mode=True), np.abs(X4)),
    "max_unpool2d": (lambda F, x: F.max_unpool2d(
        *F.max_pool2d(x, 2, return_indices=True), 2,
        output_size=(6, 7)), X4),
    "max_unpool1d": (lambda F, x: F.max_unpool1d(
        *F.max_pool1d(x, 2, return_indices=True), 2), X3),
    "batch_norm": (lambda F, x, w, b: F.batch_norm(
        x, None, None, w, b, True), X4, W, B),
    "batch_norm of vectors": (lambda F, x: F.batch_norm(
        x, None, None, training=True), X2),
    "layer_norm": (lambda F, x, w, b: F.layer_norm(x, (6, 7), w, b),
                   X4, normal(0, 6, 7), normal(1, 6, 7)),
    "layer_norm, plain": (lambda F, x: F.layer_norm(x, (7,)), X4),
    "group_norm": (lambda F, x, w, b: F.group_norm(x, 2, w, b), X4, W, B),
    "instance_norm": (lambda F, x, w, b: F.instance_norm(
        x, None, None, w, b), X4, W, B),
    "rms_norm": (lambda F, x, w: F.rms_norm(x, (7,), w), X4, normal(0, 7)),
    "local_response_norm": (
        lambda F, x: F.local_response_norm(x, 3), X4),
    "gelu by tanh": (lambda F, x: F.gelu(x, approximate="tanh"), X4),
    "glu": (lambda F, x: F.glu(x, 1), X4),
    "prelu": (lambda F, x, w: F.prelu(x, w), X4, W),
    "prelu of one": (lambda F, x, w: F.prelu(x, w), X4, normal(0, 1)),
    "threshold": (lambda F, x: F.threshold(x, 0.1, 20.0), X4),
    "softplus": (lambda F, x: F.softplus(x * 10, 2.0, 3.0), X4),
    "elu": (lambda F, x: F.elu(x, 1.7), X4),
    "celu": (lambda F, x: F.celu(x, 1.7), X4),
    "hardswish": (lambda F, x: F.hardswish(x * 4), X4),
    "hardtanh": (lambda F, x: F.hardtanh(x, -0.3, 0.7), X4),
    "softmax": (lambda F, x: F.softmax(x, 2), X4),
    "log_softmax": (lambda F, x: F.log_softmax(x, 1), X4),
    "unfold": (lambda F, x: F.unfold(x, (2, 3), (2, 1), 1, (1, 2)), X4),
    "fold": (lambda F, x: F.fold(x, (5, 6), (2, 3), (2, 1), 1, (1, 2)),
             normal(0, 2, 12, 15)),
    "fold without a batch": (lambda F, x: F.fold(x, 4, 2),
                             normal(0, 12, 9)),
    "normalize": (lambda F, x: F.normalize(x, 3.0, 2), X4),
    "cosine_similarity": (lambda F, x, y: F.cosine_similarity(x, y, 0),
                          X2, normal(0, 3)),
    "pairwise_distance": (lambda F, x, y: F.pairwise_distance(
        x, y, 3.0, keepdim=True), X2, normal(0, 4, 3)),
    "one_hot": (lambda F, y: F.one_hot(y, 4), CLASSES),
    "one_hot of all": (lambda F, y: F.one_hot(y), CLASSES),
    "pad": (lambda F, x: F.pad(x, (1, 2, -1, 3), value=2.5), X4),
    "pad by reflection": (lambda F, x: F.pad(x, (1, 6, -1, 3), "reflect"),
                          X4),
    "pad by the edge": (lambda F, x: F.pad(x, (1, 9, -1, 3), "replicate"),
                        X4),
    "pad around": (lambda F, x: F.pad(x, (1, 6, -1, 3), "circular"), X4),
    "softmin": (lambda F, x: F.softmin(x, 0), X4),
}


@pytest.mark.parametrize("name", CASES)
def test_function(name: str) -> None:
    function, *arrays = CASES[name]
    assert_same(function, *arrays)


ACTIVATIONS = (
    "sigmoid logsigmoid tanh hardtanh tanhshrink relu relu6 leaky_relu rrelu "
    "elu selu celu gelu silu mish hardswish softplus softsign softshrink "
    "hardshrink hardsigmoid").split()
IN_PLACE = (
    "hardsigmoid hardtanh relu relu6 leaky_relu rrelu elu selu celu silu "
    "mish hardswish").split()


def highest_order(name: str) -> int:
    """torch has no second derivative of hardsigmoid."""
    return 1 if name == "hardsigmoid" else 2


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation(name: str) -> None:
    assert_same(lambda F, x: getattr(F, name)(x), X4,
                order=highest_order(name))


@pytest.mark.parametrize("name", IN_PLACE)
def test_activation_in_place(name: str) -> None:
    assert_same(lambda F, x: getattr(F, name)(x * 1, inplace=True), X4,
                order=highest_order(name))


@pytest.mark.parametrize("name", [*ACTIVATIONS, "softmax", "log_softmax"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.filterwarnings("ignore:Implicit dimension")
def test_activation_of_odd_numbers(name: str, dtype: Any) -> None:
    x = np.array([0, -0.0, 1, -1, 3, -3, 6, 30, -30, 200, -200, np.inf,
                  -np.inf, np.nan, 1e-7], dtype)
    if name == "gelu":  # torch: NaN at inf, and an erf of 1e-7 in float32
        x = x[[0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 13, 14]]
    ours = getattr(scratch.nn.functional, name)(scratch.from_numpy(x))
    theirs = getattr(torch.nn.functional, name)(torch.from_numpy(x))
    eps = float(np.finfo(dtype).eps)
    assert ours.array.dtype == dtype
    np.testing.assert_allclose(ours.array.astype("d"),
                               theirs.double().numpy(), rtol=8 * eps,
                               atol=8 * eps)


LOSSES: dict[str, tuple] = {
    "mse_loss": (lambda F, x, y, **r: F.mse_loss(x, y, **r), X2,
                 normal(9, 4, 3)),
    "smooth_l1_loss": (
        lambda F, x, y, **r: F.smooth_l1_loss(x, y, beta=0.5, **r), X2,
        normal(9, 4, 3)),
    "huber_loss": (
        lambda F, x, y, **r: F.huber_loss(x, y, delta=0.5, **r), X2,
        normal(9, 4, 3)),
    "binary_cross_entropy": (
        lambda F, x, y, w, **r: F.binary_cross_entropy(
            x, y, w.detach(), **r), SHARE, SHARE[::-1].copy(),
        normal(9, 4, 3)),
    "binary_cross_entropy_with_logits": (
        lambda F, x, y, w, p, **r: F.binary_cross_entropy_with_logits(
            x, y, w.detach(), pos_weight=p.detach(), **r), X2, SHARE,
        normal(9, 4, 3), normal(8, 3)),
    "cross_entropy": (
        lambda F, x, y, **r: F.cross_entropy(x, y, **r), X2, CLASSES),
    "cross_entropy, weighed and smoothed": (
        lambda F, x, y, w, **r: F.cross_entropy(
            x, y, w.detach(), label_smoothing=0.1, ignore_index=2, **r),
        X2, CLASSES, np.abs(normal(9, 3))),
    "cross_entropy of pixels": (
        lambda F, x, y, **r: F.cross_entropy(x, y, label_smoothing=0.3, **r),
        X4, PIXELS),
    "cross_entropy of probabilities": (
        lambda F, x, y, w, **r: F.cross_entropy(
            x, y, w.detach(), label_smoothing=0.1, **r), X2, SHARE,
        np.abs(normal(9, 3))),
    "cross_entropy of one": (
        lambda F, x, y, **r: F.cross_entropy(x, y, label_smoothing=0.2, **r),
        normal(0, 3), np.array(1)),
    "nll_loss": (
        lambda F, x, y, w, **r: F.nll_loss(x, y, w.detach(), **r), X2,
        CLASSES, normal(9, 3)),
    "nll_loss along an axis": (
        lambda F, x, y, **r: F.nll_loss(x, y, **r), X3,
        np.ones((2, 7), int)),
}


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("name", LOSSES)
def test_loss(name: str, reduction: str) -> None:
    function, *arrays = LOSSES[name]
    assert_same(lambda F, *xs: function(F, *xs, reduction=reduction),
                *arrays)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_l1_loss(reduction: str) -> None:
    assert_same(lambda F, x, y: F.l1_loss(x, y, reduction=reduction) + x,
                X2, normal(9, 4, 3), order=1)


# ---- whatever the geometry

walks = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 2),
                  st.integers(1, 2))


@st.composite
def convolutions(draw: Any, axes: int) -> tuple:
    """Images, kernels, a bias and a walk that fit."""
    size, kernel, stride, padding, dilation = [], [], [], [], []
    for _ in range(axes):
        k, s, p, d = draw(walks)
        kernel.append(k)
        stride.append(s)
        padding.append(p)
        dilation.append(d)
        size.append(draw(st.integers(max(1, d * (k - 1) + 1 - 2 * p), 7)))
    groups = draw(st.integers(1, 3))
    each, out = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    n = draw(st.integers(0, 2))
    x = normal(n, n, groups * each, *size)
    w = normal(1, groups * out, each, *kernel)
    return x, w, normal(2, groups * out), (stride, padding, dilation, groups)


@pytest.mark.parametrize("axes", [1, 2])
@given(data=st.data())
def test_convolution(axes: int, data: Any) -> None:
    x, w, b, (stride, padding, dilation, groups) = data.draw(
        convolutions(axes))
    assert_same(lambda F, x, w, b: getattr(F, f"conv{axes}d")(
        x, w, b, stride, padding, dilation, groups), x, w, b)


@pytest.mark.parametrize("axes", [1, 2])
@given(data=st.data())
def test_transposed_convolution(axes: int, data: Any) -> None:
    _, w, _, (stride, padding, dilation, groups) = data.draw(
        convolutions(axes))
    size = [data.draw(st.integers(1, 4)) for _ in range(axes)]
    extra = [data.draw(st.integers(0, max(s, d) - 1))
             for s, d in zip(stride, dilation)]
    reached = [(n - 1) * s - 2 * p + d * (k - 1) + e + 1 for n, s, p, d, k, e
               in zip(size, stride, padding, dilation, w.shape[2:], extra)]
    assume(min(reached) > 0)
    x = normal(3, 2, w.shape[0], *size)
    b = normal(4, w.shape[1] * groups)
    assert_same(lambda F, x, w, b: getattr(F, f"conv_transpose{axes}d")(
        x, w, b, stride, padding, extra, groups, dilation), x, w, b)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even")
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_convolution_with_a_named_padding(padding: str) -> None:
    assert_same(lambda F, x, w: F.conv2d(x, w, padding=padding,
                                         dilation=(1, 3)),
                X4, normal(0, 3, 4, 2, 3))


@st.composite
def pools(draw: Any) -> tuple:
    kernel = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    stride = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    size = tuple(draw(st.integers(k, 7)) for k in kernel)
    return distinct(5, draw(st.integers(0, 2)), 2, *size), kernel, stride, (
        padding)


@given(pool=pools(), ceil_mode=st.booleans())
def test_max_pooling(pool: tuple, ceil_mode: bool) -> None:
    x, kernel, stride, padding = pool
    assert_same(lambda F, x: F.max_pool2d(
        x, kernel, stride, padding, ceil_mode=ceil_mode,
        return_indices=True), x)


@given(pool=pools(), ceil_mode=st.booleans(), counted=st.booleans())
def test_average_pooling(pool: tuple, ceil_mode: bool,
                         counted: bool) -> None:
    x, kernel, stride, padding = pool
    assert_same(lambda F, x: F.avg_pool2d(x, kernel, stride, padding,
                                          ceil_mode, counted), x)


# ---- what changes besides the result

@pytest.mark.parametrize("size", [(5, 3), (2, 3, 4), (2, 3, 4, 5)])
@pytest.mark.parametrize("function", ["batch_norm", "instance_norm"])
def test_running_statistics_move(size: tuple, function: str) -> None:
    if function == "instance_norm" and len(size) < 3:
        pytest.skip("instance_norm needs an axis")
    results = []
    for lib in (scratch, torch):
        x = lib.from_numpy(normal(0, *size))
        mean = lib.full((3,), 0.5, dtype=lib.float64)
        var = lib.full((3,), 2.0, dtype=lib.float64)
        flag = {"batch_norm": "training"}.get(function, "use_input_stats")
        for of_batch in (True, False):
            y = getattr(lib.nn.functional, function)(
                x, mean, var, momentum=0.3, **{flag: of_batch})
            results.append([t.numpy() for t in (y, mean, var)])
    for ours, theirs in zip(results[:2], results[2:]):
        for a, b in zip(ours, theirs):
            np.testing.assert_allclose(a, b, rtol=1e-12)


DROPOUTS: list[tuple[str, Callable, tuple]] = [
    ("dropout", lambda F, x, p: F.dropout(x, p), (5, 7)),
    ("dropout in place", lambda F, x, p: F.dropout(x, p, inplace=True),
     (5, 7)),
    ("dropout1d", lambda F, x, p: F.dropout1d(x, p), (3, 4, 2)),
    ("dropout1d without a batch", lambda F, x, p: F.dropout1d(x, p), (4, 2)),
    ("dropout2d", lambda F, x, p: F.dropout2d(x, p), (3, 4, 2, 2)),
    ("dropout3d", lambda F, x, p: F.dropout3d(x, p), (3, 4, 2, 2, 1)),
    ("alpha_dropout", lambda F, x, p: F.alpha_dropout(x, p, True), (5, 7)),
    ("feature_alpha_dropout",
     lambda F, x, p: F.feature_alpha_dropout(x, p, True), (3, 4, 2)),
    ("rrelu", lambda F, x, p: F.rrelu(x, p / 2, p, training=True), (5, 7)),
]


@pytest.mark.parametrize("name, function, size", DROPOUTS)
@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_the_same_entries_are_dropped(name: str, function: Callable,
                                      size: tuple, p: float) -> None:
    x = normal(0, *size).astype("f")
    found = []
    for lib in (scratch, torch):
        lib.manual_seed(3)
        y = function(lib.nn.functional, lib.from_numpy(x.copy()), p)
        found.append((y.numpy(), lib.get_rng_state().numpy()))
    np.testing.assert_array_equal(found[0][1], found[1][1])
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=3e-7,
                               atol=3e-7)


FLAT = {  # a call, and the axes of an image
    "max_pool1d": ((2,), 1), "max_pool2d": ((2, 1), 2),
    "max_pool3d": ((2,), 3), "avg_pool1d": ((2,), 1),
    "avg_pool2d": ((3, 2, 1), 2), "avg_pool3d": ((2,), 3),
    "adaptive_avg_pool1d": ((3,), 1), "adaptive_avg_pool2d": ((3,), 2),
    "adaptive_max_pool1d": ((3,), 1), "adaptive_max_pool2d": ((1,), 2),
    "fractional_max_pool2d": ((2, 3), 2),
    "fractional_max_pool3d": ((2, 3), 3),
    "pad": (((1, 1), "reflect"), 1),
}


@pytest.mark.parametrize("batch", [(), (2,)])
@pytest.mark.parametrize("name", FLAT)
def test_a_pools_slope_has_a_slope_of_nought(name, batch):
    """torch: in x it is zero and not missing; and g is passed through."""
    args, axes = FLAT[name]

    def found(lib):
        lib.manual_seed(0)
        n = 3 * 5**axes * (2 if batch else 1)
        x = (lib.arange(n) * 1.25 % 17).reshape(*batch, 3, *[5] * axes)
        x.requires_grad_()
        y = getattr(lib.nn.functional, name)(x, *args)
        v = lib.ones_like(y).requires_grad_()
        g, = lib.autograd.grad(y.sum(), x, create_graph=True)
        assert g.requires_grad
        (again,) = lib.autograd.grad(y, x, v, create_graph=True)
        return [*lib.autograd.grad(g.sum(), x),
                *lib.autograd.grad((again * x).sum(), (x, v))]

    for ours, theirs in zip(found(scratch), found(torch), strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), 1e-6)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("rest", [(), (2,)])
def test_a_pick_of_classes_has_a_slope_of_nought(rest, reduction):
    for lib in (scratch, torch):
        x = lib.ones(3, 4, *rest, requires_grad=True)
        y = lib.ones(3, *rest, dtype=lib.int64)
        loss = lib.nn.functional.nll_loss(x, y, reduction=reduction)
        g, = lib.autograd.grad(loss.sum(), x, create_graph=True)
        assert not lib.autograd.grad(g.sum(), x)[0].any()
