"""Three ways: scratch, by hand in torch, torch's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import scratch
import torchref.nn as hand
from parity_tests.parity import array_of as numbers
from parity_tests.parity import assert_parity, results
from parity_tests.strategies import normal

X4, X5 = normal(0, 2, 4, 6, 7), normal(1, 2, 4, 4, 5, 3)
X3, X2 = normal(2, 2, 4, 9), normal(3, 5, 3)
W, B = normal(4, 4), normal(5, 4)
P = 1 / (1 + np.exp(-normal(6, 5, 3)))
Q = 1 / (1 + np.exp(-normal(7, 5, 3)))
Y = np.array([0, 2, 1, 1, 0])
SIGNS = np.array([[1.0, -1, 1]] * 5)


def agree(ours: Callable, by_hand: Callable, theirs: Callable,
          *arrays: np.ndarray, order: int = 1, rtol: float = 1e-9) -> None:
    """Values and gradients of all three, by torch's as the truth."""
    assert_parity(ours, theirs, *arrays, order=order, single=False)
    both = zip(results(torch, by_hand, arrays, order),
               results(torch, theirs, arrays, order), strict=True)
    for ys, us in both:
        for y, u in zip(ys, us, strict=True):
            y, u = numbers(y), numbers(u)
            assert y.shape == u.shape and y.dtype == u.dtype
            np.testing.assert_allclose(y, u, rtol=rtol, atol=1e-11)


F: dict[str, tuple] = {}


def case(name: str, *arrays: Any, of: str = "", by: str = "",
         **options: Any) -> None:
    """A function of all three under one name (by: the page's own)."""
    key = f"{name} {len(F)}"
    F[key] = (of or name, by or name, arrays, options)


case("linear", X2, normal(0, 4, 3), B)
case("bilinear", X2, normal(1, 5, 2), normal(0, 4, 3, 2), B)
for n, x in ((1, X3), (2, X4), (3, X5)):
    w = normal(8, 6, 2, *(3, 2, 2)[:n])
    case(f"conv{n}d", x, w, normal(9, 6), stride=2, padding=1, groups=2)
    case(f"conv{n}d", x, w, padding="same", dilation=2, groups=2)
    case(f"conv{n}d", x, normal(8, 3, 4, *(2, 3, 1)[:n]))
    case(f"conv_transpose{n}d", x, normal(8, 4, 3, *(3, 2, 2)[:n]),
         normal(9, 6), stride=2, padding=1, output_padding=1, groups=2)
    case(f"conv_transpose{n}d", x, normal(8, 4, 3, *(3, 2, 2)[:n]),
         dilation=2)
case("unfold", X4, kernel_size=(2, 3), stride=(2, 1), padding=(1, 2))
case("fold", normal(0, 2, 12, 15), output_size=(5, 6), kernel_size=(2, 3),
     dilation=(2, 1), padding=1, stride=(1, 2))
for mode in ("constant", "reflect", "replicate", "circular"):
    case("pad", X4, pad=(1, 2, 3, 0), mode=mode)
case("pad", X4, pad=(1, -2, -1, 2), value=1.5)
for kernel, step, room, up in ((2, None, 0, False), (3, 2, 1, True),
                               ((2, 3), 1, 1, False), (3, 3, 1, True)):
    case("max_pool2d", X4, kernel_size=kernel, stride=step, padding=room,
         ceil_mode=up)
    case("avg_pool2d", X4, kernel_size=kernel, stride=step, padding=room,
         ceil_mode=up)
    case("avg_pool2d", X4, kernel_size=kernel, stride=step, padding=room,
         ceil_mode=up, count_include_pad=False)
case("max_pool2d", X4, kernel_size=2, stride=1, dilation=2)
case("lp_pool2d", np.abs(X4), norm_type=3.0, kernel_size=2)
for size in (1, 3, (4, 5)):
    case("adaptive_avg_pool2d", X4, output_size=size)
    case("adaptive_max_pool2d", X4, output_size=size)
case("instance_norm", X4)
case("layer_norm", X4, normalized_shape=(6, 7))
case("rms_norm", X4, normalized_shape=(7,))
case("group_norm", X4, num_groups=2)
case("local_response_norm", X4, size=3, alpha=0.5)
case("local_response_norm", X4, size=4, alpha=0.5, beta=0.5, k=2.0)
for name in ("relu relu6 leaky_relu hardtanh hardsigmoid hardswish "
             "softshrink hardshrink sigmoid logsigmoid tanh tanhshrink "
             "softsign softplus elu selu celu silu mish gelu glu").split():
    case(name, 2 * normal(1, 3, 8))
case("prelu", X4, W)
case("threshold", X4, threshold=0.2, value=3.0)
case("gelu", X4, approximate="tanh")
for name in ("softmax", "softmin", "log_softmax"):
    case(name, X4 * 5, dim=1)
case("normalize", X4, p=3.0, dim=2)
case("cosine_similarity", X2, normal(0, 5, 3), dim=1)
case("pairwise_distance", X2, normal(0, 5, 3), p=3.0, keepdim=True)
case("one_hot", Y, num_classes=4)
case("embedding", Y, normal(0, 4, 3), padding_idx=-3)
case("pixel_shuffle", X4, of="pixel_shuffle", r=2)
for how in ("mean", "sum", "none"):
    for name in ("mse_loss l1_loss smooth_l1_loss huber_loss "
                 "soft_margin_loss hinge_embedding_loss").split():
        case(name, X2, SIGNS, reduction=how)
    case("nll_loss", X2, Y, reduction=how, ignore_index=1)
    case("cross_entropy", X2, Y, reduction=how, ignore_index=0)
    case("cross_entropy", X2, Y, reduction=how, label_smoothing=0.2)
    case("cross_entropy", X4, normal(0, 2, 6, 7).astype(bool) * 3,
         reduction=how)
    case("binary_cross_entropy", P, Q, reduction=how)
    case("binary_cross_entropy_with_logits", X2, Q, reduction=how)
    case("kl_div", np.log(P), Q, reduction=how)
    case("poisson_nll_loss", X2, 3 * Q, reduction=how, full=True)
    case("gaussian_nll_loss", X2, Q, P, reduction=how, full=True)
    case("multi_margin_loss", X2, Y, reduction=how, p=2)
    case("multilabel_margin_loss", X2, np.array(
        [[0, 2, -1], [1, -1, 0], [-1, 0, 1], [0, 1, 2], [2, -1, -1]]),
        reduction=how)
    case("multilabel_soft_margin_loss", X2, Q, reduction=how)
    case("margin_ranking_loss", X2, Q, SIGNS, reduction=how, margin=0.5)
    case("cosine_embedding_loss", X2, normal(0, 5, 3), SIGNS[0, [
        0, 1, 2, 0, 1]], reduction=how, margin=0.1)
    case("triplet_margin_loss", X2, normal(0, 5, 3), normal(1, 5, 3),
         reduction=how, swap=True)
case("kl_div", np.log(P), np.log(Q), log_target=True, reduction="batchmean")


@pytest.mark.parametrize("key", F)
@pytest.mark.filterwarnings("ignore:reduction. .mean. divides")
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_a_function_is_the_same_three_times(key: str) -> None:
    name, page, arrays, options = F[key]
    plain = dict(options)
    if name == "pad":
        plain["margins"] = plain.pop("pad")
    if name == "pixel_shuffle":
        options = {"upscale_factor": options["r"]}
    # torch: the slope of hardsigmoid is 1/6 rounded to float32
    rtol = 1e-7 if name == "hardsigmoid" else 1e-9
    constant = name == "soft_margin_loss"  # torch: no slope in the target

    def way(function: Any, options: dict) -> Callable:
        return lambda x, *xs: function(
            x, *(t.detach() if constant else t for t in xs), **options)

    agree(way(getattr(scratch.nn.functional, name), options),
          way(getattr(hand, page), plain),
          way(getattr(torch.nn.functional, name), options), *arrays,
          rtol=rtol)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("momentum", [0.1, 0.7])
def test_batch_norm_and_its_moving_averages(training: bool,
                                            momentum: float) -> None:
    def way(lib: Any, norm: Any) -> Callable:
        def call(x: Any, w: Any, b: Any) -> list:
            mean, var = lib.zeros(4, dtype=x.dtype) + 0.3, 1 + x.new_ones(4)
            y = norm(x, mean, var, w, b, training, momentum)
            return [y, mean, var]
        return call

    agree(way(scratch, scratch.nn.functional.batch_norm),
          way(torch, hand.batch_norm),
          way(torch, torch.nn.functional.batch_norm), X4, W, B)


@pytest.mark.parametrize("momentum", [0.1, None])
def test_the_layer_counts_its_batches(momentum: float | None) -> None:
    layers = [space.BatchNorm2d(4, momentum=momentum)
              for space in (scratch.nn, hand, torch.nn)]
    for k in range(3):
        x = normal(k, 2, 4, 3, 3).astype(np.float32)
        for layer, lib in zip(layers, (scratch, torch, torch)):
            layer(lib.from_numpy(x))
    states = [{key: numbers(v) for key, v in layer.state_dict().items()}
              for layer in layers]
    for state in states[:2]:
        assert state.keys() == states[2].keys()
        for key, value in state.items():
            np.testing.assert_allclose(value, states[2][key], rtol=1e-5)


@pytest.mark.parametrize("name, page", [
    ("dropout", "dropout"), ("dropout2d", "feature_dropout"),
    ("alpha_dropout", "alpha_dropout")])
@pytest.mark.parametrize("p", [0.0, 0.3, 0.8, 1.0])
@pytest.mark.parametrize("training", [True, False])
def test_dropout_draws_one_mask(name: str, page: str, p: float,
                                training: bool) -> None:
    def way(lib: Any, function: Any) -> Callable:
        def call(x: Any) -> Any:
            lib.manual_seed(3)
            return function(x, p, training)
        return call

    agree(way(scratch, getattr(scratch.nn.functional, name)),
          way(torch, getattr(hand, page)),
          way(torch, getattr(torch.nn.functional, name)), X4)


@pytest.mark.parametrize("size", [(3, 4), (12, 7), (1, 1), (9, 20)])
@pytest.mark.parametrize("mode", ["nearest", "bilinear", "corners"])
def test_resizing(size: tuple, mode: str) -> None:
    options = {"nearest": {}, "bilinear": {"mode": "bilinear"}, "corners": {
        "mode": "bilinear", "align_corners": True}}[mode]
    page = (lambda x: hand.nearest(x, size)) if mode == "nearest" else (
        lambda x: hand.bilinear_resize(x, size, mode == "corners"))
    agree(lambda x: scratch.nn.functional.interpolate(x, size, **options),
          page,
          lambda x: torch.nn.functional.interpolate(x, size, **options), X4)


def test_unpooling() -> None:
    def way(space: Any, unpool: Callable) -> Callable:
        return lambda x: unpool(*space.max_pool2d(
            x, 2, return_indices=True))

    F, T = scratch.nn.functional, torch.nn.functional
    agree(way(F, lambda y, i: F.max_unpool2d(y, i, 2, output_size=(6, 7))),
          way(T, lambda y, i: hand.max_unpool2d(
              y, i, 2, output_size=(6, 7))),
          way(T, lambda y, i: T.max_unpool2d(y, i, 2, output_size=(6, 7))),
          X4)


LAYERS = ["Linear(4, 3)", "Bilinear(3, 2, 4)", "Conv1d(2, 3, 2)",
          "Conv2d(4, 6, (2, 3), groups=2, bias=False)", "Conv3d(2, 2, 2)",
          "Embedding(5, 3, padding_idx=2)", "BatchNorm1d(3)"]


@pytest.mark.parametrize("made", LAYERS)
def test_layers_begin_with_the_same_numbers(made: str) -> None:
    states = []
    for lib, space in ((scratch, scratch.nn), (torch, hand),
                       (torch, torch.nn)):
        lib.manual_seed(5)
        layer = eval(made, vars(space).copy())
        states.append({k: numbers(v) for k, v in layer.state_dict().items()})
    for state in states[:2]:
        assert state.keys() == states[2].keys()
        for key, value in state.items():
            np.testing.assert_array_equal(value, states[2][key])


STARTS = ["uniform_(x, -1, 2)", "normal_(x, 1, 3)", "xavier_uniform_(x, 2)",
          "xavier_normal_(x)", "kaiming_uniform_(x, 0.3, 'fan_out')",
          "kaiming_normal_(x, nonlinearity='relu')", "orthogonal_(x, 2)"]


@pytest.mark.parametrize("call", STARTS)
@pytest.mark.parametrize("size", [(4, 6), (7, 3), (5, 2, 3, 3)])
def test_initialisation(call: str, size: tuple) -> None:
    found = []
    for lib, space in ((scratch, scratch.nn.init), (torch, hand.init),
                       (torch, torch.nn.init)):
        lib.manual_seed(5)
        x = lib.empty(size)
        eval(call, vars(space) | {"x": x})
        found.append(numbers(x))
    for x in found[:2]:
        np.testing.assert_allclose(x, found[2], rtol=1e-5, atol=1e-6)


def test_every_page_faces_one_of_scratch() -> None:
    pages = {p.name for p in Path(hand.__file__).parent.glob("*.py")}
    facing = {p.name for p in Path(scratch.nn.__file__).parent.glob("*.py")}
    assert pages <= facing
