"""Three ways, every layer of the facing pages: one call, one state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

import scratch
import torchref.nn as hand
from parity_tests.nn.test_facing import agree
from parity_tests.nn.test_facing_layers import LIBRARIES
from parity_tests.strategies import normal

X2, X3 = normal(0, 3, 4), normal(1, 2, 4, 9)
X4, X5 = normal(2, 2, 4, 6, 7), normal(3, 2, 4, 4, 5, 3)
IMAGES = {1: X3, 2: X4, 3: X5}
P = 1 / (1 + np.exp(-normal(4, 3, 4)))
CLASSES = np.array([0, 3, 1])
CASES: dict[str, tuple] = {}


def case(call: str, *arrays: np.ndarray) -> None:
    CASES[f"{call} {arrays[0].shape}"] = (call, arrays)


for name in ("Sigmoid LogSigmoid Tanh Tanhshrink Softsign ReLU ReLU6 SELU "
             "SiLU Mish Hardsigmoid Hardswish Hardtanh LeakyReLU RReLU ELU "
             "CELU GELU Softplus Softshrink Hardshrink GLU PReLU Identity "
             "Dropout AlphaDropout FeatureAlphaDropout").split():
    case(f"{name}()", 3 * X2)
for call in ("Hardtanh(-0.3, 0.8)", "LeakyReLU(0.3)", "RReLU(0.2, 0.7)",
             "ELU(0.7)", "CELU(2.0)", "GELU('tanh')", "Softplus(2.0, 3.0)",
             "Softshrink(0.2)", "Hardshrink(0.2)", "Threshold(0.1, 2.0)",
             "GLU(1)", "Softmax(1)", "Softmin(0)", "LogSoftmax(1)",
             "PReLU(4, 0.1)", "Dropout(0.2)", "Flatten(0)",
             "Unflatten(1, (2, 2))", "LayerNorm(4)", "RMSNorm(4, 0.1)",
             "LayerNorm(4, bias=False)", "LayerNorm((3, 4), 0.1, False)",
             "RMSNorm((3, 4), elementwise_affine=False)"):
    case(call, X2)
case("Softmax2d()", X4)
case("AdaptiveLogSoftmaxWithLoss(4, 9, [2, 5], 2.0)", X2, CLASSES)
case("Softmax2d()", X4[0])
for n, x in IMAGES.items():
    for y in (x, x[0]):
        for call in ("MaxPool{}d(2)", "MaxPool{}d(3, 2, 1, ceil_mode=True)",
                     "MaxPool{}d(2, 1, return_indices=True)",
                     "MaxPool{}d(2, 1, dilation=2)", "AvgPool{}d(2, 1)",
                     "AvgPool{}d(3, 2, 1, True)", "LPPool{}d(2.0, 2)",
                     "AvgPool{}d(3, 2, 1, True, False)",
                     "AdaptiveAvgPool{}d(2)", "AdaptiveMaxPool{}d(3)",
                     "ConstantPad{}d(1, 0.5)", "ZeroPad{}d(2)",
                     "ReflectionPad{}d(1)", "ReplicationPad{}d(2)",
                     "CircularPad{}d(1)"):
            case(call.format(n), y)
        case(f"Conv{n}d(4, 6, 3, padding=1, padding_mode='reflect')", y)
        case(f"Conv{n}d(4, 6, 3, padding='same', padding_mode='circular')",
             y)
        case(f"Conv{n}d(4, 2, 2, 2, 1, groups=2, bias=False)", y)
        case(f"ConvTranspose{n}d(4, 6, 3, 2, 1, 1, 2)", y)
        case(f"ConvTranspose{n}d(4, 2, 2, dilation=2, bias=False)", y)
    case(f"LPPool{n}d(3.0, 2, 2, True)", np.abs(x))
    mode = ("linear", "bilinear", "trilinear")[n - 1]
    case("Upsample(scale_factor=1.6)", x)
    case(f"Upsample(5, mode='{mode}')", x)
    case(f"Upsample(scale_factor=2, mode='{mode}', align_corners=True)", x)
    case(f"BatchNorm{n}d(4)", x)
    case(f"BatchNorm{n}d(4, 0.1, None, False)", x)
    case(f"BatchNorm{n}d(4, track_running_stats=False)", x)
    case(f"Dropout{n}d(0.3)", x)
    case("GroupNorm(2, 4)", x)
    case("GroupNorm(2, 4, affine=False)", x)
    case("LocalResponseNorm(3, 0.5)", x)
case("AvgPool2d(3, 2, 1, divisor_override=4)", X4)
case("AdaptiveAvgPool2d((None, 3))", X4)
case("Dropout1d(0.4)", X3[0])
case("FeatureAlphaDropout(0.4)", X4)
case("FractionalMaxPool2d(2, (3, 5))", X4)
case("FractionalMaxPool3d((2, 1, 2), (2, 3, 1))", X5)
case("UpsamplingNearest2d((9, 5))", X4)
case("UpsamplingBilinear2d(scale_factor=2)", X4)
for y in (X4, X4[0]):
    case("Unfold((2, 3), padding=1, stride=2)", y)
for y in (normal(5, 2, 12, 15), normal(5, 12, 15)):
    case("Fold((5, 6), (2, 3), (2, 1), 1, (1, 2))", y)
case("CosineSimilarity(1, 0.1)", X2, normal(6, 3, 4))
case("PairwiseDistance(3.0, keepdim=True)", X2, normal(6, 3, 4))
S = normal(8, 3, 2, 4)
case("MultiheadAttention(4, 2)", S, normal(9, 5, 2, 4), normal(8, 5, 2, 4))
case("MultiheadAttention(4, 1, bias=False, batch_first=True)", S, S, S)
for first in (False, True):
    layer = "Transformer{}Layer(4, 2, 6, 0.0, norm_first=" + f"{first})"
    case(layer.format("Encoder"), S)
    case(layer.format("Decoder"), S, normal(9, 5, 2, 4))
    case(f"TransformerEncoder({layer.format('Encoder')}, 2, "
         "norm=LayerNorm(4))", S)
    case(f"TransformerDecoder({layer.format('Decoder')}, 2)", S,
         normal(9, 5, 2, 4))
    case(f"Transformer(4, 2, 1, 2, 6, 0.0, norm_first={first})",
         normal(9, 5, 2, 4), S)
for name in ("RNN", "LSTM", "GRU"):
    case(f"{name}(4, 3)", S)
    case(f"{name}(4, 2, num_layers=2, bias=False, batch_first=True)", S)
    case(f"{name}(4, 2, num_layers=2, dropout=0.4, bidirectional=True)", S,
         *([] if name == "LSTM" else [normal(4, 4, 2, 2)]))
case("RNN(4, 3, nonlinearity='relu')", S)
case("RNNCell(4, 2)", X2)
case("RNNCell(4, 2, False, 'relu')", X2, normal(9, 3, 2))
case("LSTMCell(4, 2)", X2)
case("GRUCell(4, 2)", X2, normal(9, 3, 2))
W = "weight=torch.arange(1.0, 5.0).double()"
for how in ("mean", "sum", "none"):
    for call in ("MSELoss({})", "L1Loss({})", "SmoothL1Loss({}, beta=0.4)",
                 "HuberLoss({}, delta=0.7)"):
        case(call.format(f"reduction='{how}'"), X2, normal(6, 3, 4))
    for loss, more in (("NLLLoss", ""), ("CrossEntropyLoss", ""), (
            "CrossEntropyLoss", ", label_smoothing=0.2")):
        case(f"{loss}({W}, ignore_index=3, reduction='{how}'{more})", X2,
             CLASSES)
    for more in ("", ", label_smoothing=0.2"):
        case(f"CrossEntropyLoss({W}, reduction='{how}'{more})", X2, P)
        case(f"CrossEntropyLoss(reduction='{how}'{more})", X3,
             normal(7, 2, 4, 9) ** 2)
    case(f"BCELoss({W}, reduction='{how}')", P, P[::-1])
    case(f"BCEWithLogitsLoss({W}, reduction='{how}', "
         "pos_weight=torch.arange(1.0, 5.0).double())", X2, P)


MODES = [(key, training) for key in CASES for training in (True, False)
         # the others do not ask whether they train
         if training or key.startswith(("Batch", "Dropout", "Alpha",
                                        "Feature", "RReLU"))]


@pytest.mark.parametrize("key, training", MODES)
@pytest.mark.filterwarnings("ignore:dropout2d")
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_a_layer_is_the_same_three_times(key: str, training: bool) -> None:
    call, arrays = CASES[key]

    def way(lib: Any, space: Any) -> Callable:
        def run(*xs: Any) -> list:
            lib.manual_seed(4)
            layer = eval(call, vars(space) | {"torch": lib}).double()
            layer.train(training)
            y = layer(*xs)
            state = layer.state_dict()
            assert list(state) == keys or not keys
            keys[:] = list(state)
            return [*(y if isinstance(y, tuple) else (y,)), *state.values()]
        return run

    keys: list[str] = []
    rtol = 1e-6 if "Hardsigmoid" in call else 1e-9
    agree(*(way(*both) for both in LIBRARIES), *arrays, rtol=rtol)


@pytest.mark.parametrize("size", [(3, 4), (12, 7), (1, 1), (2, 20)])
def test_smooth_resizing(size: tuple) -> None:
    def way(space: Any) -> Callable:
        return lambda x: space.interpolate(
            x, size, mode="bilinear", antialias=True)

    agree(way(scratch.nn.functional), lambda x: hand.smooth_resize(x, size),
          way(torch.nn.functional), X4)


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("walk", [(2,), (3, 2, 1)])
def test_unpooling_layers(axes: int, walk: tuple) -> None:
    def way(space: Any) -> Callable:
        pool = getattr(space, f"MaxPool{axes}d")(*walk, return_indices=True)
        back = getattr(space, f"MaxUnpool{axes}d")(*walk)
        return lambda x: back(*pool(x), output_size=x.shape)

    agree(*(way(space) for _, space in LIBRARIES), IMAGES[axes])


@pytest.mark.parametrize("blank", [0, 3])
@pytest.mark.parametrize("how", ["mean", "sum", "none"])
def test_texts_without_times(blank: int, how: str) -> None:
    texts = (np.array([[1, 2, 2], [0, 1, 0]]) + blank + 1) % 4

    def way(lib: Any, space: Any) -> Callable:
        loss = space.CTCLoss(blank, how)
        rest = [lib.tensor(a) for a in (texts, [9, 7], [3, 2])]
        return lambda x: loss(x.log_softmax(2), *rest)

    agree(*(way(*both) for both in LIBRARIES), normal(1, 9, 2, 4))


def test_every_layer_of_the_facing_pages_is_here() -> None:
    said = {call.split("(")[0] for call, _ in CASES.values()}
    elsewhere = ("Bilinear", "Linear", "Embedding", "Instance", "Shuffle",
                 "Unshuffle", "MaxUnpool", "MarginLoss", "EmbeddingLoss",
                 "DistanceLoss", "RankingLoss", "DivLoss", "NLLLoss", "CTC")
    left = [name for name, thing in vars(hand).items()
            if isinstance(thing, type) and name not in said
            and not any(word in name for word in elsewhere)]
    assert not left
