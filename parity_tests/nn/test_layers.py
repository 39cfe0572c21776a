"""Every layer: its words, its first numbers, its state, its refusals."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests.nn.tools import both

# An expression of each module, and the sizes of its inputs.
LAYERS: dict[str, list[tuple]] = {
    "nn.Linear(2, 3, False)": [(4, 2)],
    "nn.Linear(5, 7, dtype=torch.float64)": [],
    "nn.Bilinear(2, 3, 4)": [(5, 2), (5, 3)],
    "nn.DataParallel(nn.Linear(2, 3))": [(4, 2)],
    "nn.Identity(3)": [(2, 3)],
    "nn.Flatten()": [(2, 3, 4)],
    "nn.Unflatten(1, (2, 2))": [(3, 4)],
    "nn.Conv1d(2, 4, 3)": [(2, 2, 5)],
    "nn.Conv2d(2, 4, (3, 2), 2, 1, 2, 2, False)": [(2, 2, 8, 8)],
    "nn.Conv2d(2, 4, 3, padding='same')": [(2, 2, 5, 5)],
    "nn.Conv2d(3, 5, 3, dtype=torch.float16)": [],
    "nn.Conv3d(4, 4, (1, 2, 3), groups=4)": [(1, 4, 3, 3, 3)],
    "nn.ConvTranspose1d(2, 4, 3)": [(2, 2, 5)],
    "nn.ConvTranspose2d(2, 4, 3, 2, 1, 1)": [(2, 2, 4, 4)],
    "nn.Unfold(2)": [(1, 2, 3, 3)],
    "nn.Fold((4, 4), 2)": [(1, 8, 9)],
    "nn.MaxPool1d(2)": [(2, 3, 6)],
    "nn.MaxPool2d((3, 2), padding=1)": [(2, 3, 6, 6)],
    "nn.MaxPool3d(2)": [(1, 2, 4, 4, 4)],
    "nn.AvgPool1d(2)": [(2, 3, 6)],
    "nn.AvgPool2d(2, ceil_mode=True)": [(2, 3, 5, 5)],
    "nn.AdaptiveAvgPool1d(2)": [(2, 3, 5)],
    "nn.AdaptiveAvgPool2d(1)": [(2, 3, 5, 5)],
    "nn.AdaptiveMaxPool1d(3)": [(2, 3, 5)],
    "nn.AdaptiveMaxPool2d((2, None))": [(2, 3, 5, 5)],
    "nn.LPPool1d(2, 3)": [(2, 3, 6)],
    "nn.LPPool2d(2, 3)": [(2, 3, 6, 6)],
    "nn.MaxUnpool2d(2)": [],
    "nn.BatchNorm1d(3)": [(4, 3)],
    "nn.BatchNorm1d(3, bias=False, momentum=None)": [(4, 3, 2)],
    "nn.BatchNorm2d(3, affine=False)": [(2, 3, 4, 4)],
    "nn.BatchNorm2d(3, track_running_stats=False)": [(2, 3, 4, 4)],
    "nn.LayerNorm(3)": [(2, 3)],
    "nn.LayerNorm((2, 3), bias=False)": [(4, 2, 3)],
    "nn.GroupNorm(2, 4)": [(2, 4, 3)],
    "nn.InstanceNorm1d(2)": [(2, 2, 4)],
    "nn.InstanceNorm2d(3, affine=True, track_running_stats=True)":
        [(2, 3, 4, 4)],
    "nn.RMSNorm(3)": [(2, 3)],
    "nn.LocalResponseNorm(2)": [(2, 3, 4, 4)],
    "nn.CrossMapLRN2d(2)": [],
    "nn.Dropout()": [(4, 5)],
    "nn.Dropout(.2, True)": [(4, 5)],
    "nn.Dropout1d(.3)": [(4, 5, 2)],
    "nn.Dropout2d(.3)": [(4, 5, 2, 2)],
    "nn.AlphaDropout()": [(4, 5)],
    "nn.FeatureAlphaDropout()": [(4, 5, 2)],
    "nn.Threshold(1, 2)": [(3, 4)],
    "nn.Threshold(1, 2, True)": [(3, 4)],
    "nn.ReLU()": [(3, 4)],
    "nn.ReLU(True)": [(3, 4)],
    "nn.RReLU(inplace=True)": [(3, 4)],
    "nn.Hardtanh(inplace=True)": [(3, 4)],
    "nn.ReLU6()": [(3, 4)],
    "nn.ReLU6(True)": [(3, 4)],
    "nn.Sigmoid()": [(3, 4)],
    "nn.Hardsigmoid(True)": [(3, 4)],
    "nn.Tanh()": [(3, 4)],
    "nn.SiLU()": [(3, 4)],
    "nn.SiLU(True)": [(3, 4)],
    "nn.Mish()": [(3, 4)],
    "nn.Hardswish()": [(3, 4)],
    "nn.ELU()": [(3, 4)],
    "nn.ELU(inplace=True)": [(3, 4)],
    "nn.CELU()": [(3, 4)],
    "nn.SELU()": [(3, 4)],
    "nn.SELU(True)": [(3, 4)],
    "nn.GLU()": [(3, 4)],
    "nn.GELU()": [(3, 4)],
    "nn.GELU('tanh')": [(3, 4)],
    "nn.Hardshrink()": [(3, 4)],
    "nn.LeakyReLU(.2, True)": [(3, 4)],
    "nn.LogSigmoid()": [(3, 4)],
    "nn.Softplus()": [(3, 4)],
    "nn.Softshrink()": [(3, 4)],
    "nn.PReLU()": [(3, 4)],
    "nn.Softsign()": [(3, 4)],
    "nn.Tanhshrink()": [(3, 4)],
    "nn.Softmin(1)": [(3, 4)],
    "nn.Softmax(1)": [(3, 4)],
    "nn.Softmax2d()": [(2, 3, 4)],
    "nn.LogSoftmax(1)": [(3, 4)],
    "nn.ConstantPad1d(1, 2)": [(2, 3, 4)],
    "nn.ConstantPad3d((1, 2, 0, -1, 1, 0), 2.)": [(1, 2, 3, 3, 3)],
    "nn.ZeroPad2d((1, 2, 3, -1))": [(1, 2, 3, 4)],
    "nn.ReflectionPad1d((2, -1))": [(2, 3, 4)],
    "nn.ReflectionPad2d(1)": [(2, 3, 4)],
    "nn.ReflectionPad3d(2)": [(1, 2, 3, 3, 4)],
    "nn.ReplicationPad1d((5, 6))": [(2, 3, 4)],
    "nn.ReplicationPad2d((1, 2, 3, 4))": [(2, 3, 4, 4)],
    "nn.ReplicationPad3d(1)": [(1, 2, 3, 3, 4)],
    "nn.CircularPad1d((-1, 2))": [(2, 3, 4)],
    "nn.CircularPad2d((1, 2, 3, 4))": [(2, 3, 4, 4)],
    "nn.CircularPad3d(1)": [(1, 2, 3, 3, 4)],
    "nn.Conv1d(2, 3, 3, padding=2, padding_mode='reflect')": [(1, 2, 5)],
    "nn.Conv2d(2, 3, 3, padding='same', padding_mode='circular')":
        [(1, 2, 5, 4)],
    "nn.Conv2d(2, 3, (1, 3), padding=(0, 1), padding_mode='replicate')":
        [(1, 2, 5, 4)],
    "nn.Upsample(5)": [(1, 2, 3)],
    "nn.Upsample(scale_factor=(2, 1.5), mode='bilinear')": [(1, 2, 3, 4)],
    "nn.Upsample(scale_factor=2, mode='bicubic', align_corners=True)":
        [(1, 2, 3, 4)],
    "nn.Upsample((3, 4, 5), mode='trilinear')": [(1, 2, 2, 3, 4)],
    "nn.UpsamplingNearest2d((5, 6))": [(1, 2, 3, 4)],
    "nn.UpsamplingBilinear2d(scale_factor=2)": [(1, 2, 3, 4)],
    "nn.PixelShuffle(2)": [(2, 8, 3, 2)],
    "nn.PixelUnshuffle(2)": [(2, 3, 4, 6)],
    "nn.ChannelShuffle(2)": [(2, 6, 3)],
    "nn.Embedding(5, 3)": [],
    "nn.Embedding(5, 3, -2, 1., 1., True, True)": [],
    "nn.Embedding.from_pretrained(torch.ones(3, 2), padding_idx=1)": [],
    "nn.MSELoss()": [(3, 4), (3, 4)],
    "nn.L1Loss(reduction='sum')": [(3, 4), (3, 4)],
    "nn.SmoothL1Loss(beta=.5)": [(3, 4), (3, 4)],
    "nn.HuberLoss()": [(3, 4), (3, 4)],
    "nn.BCEWithLogitsLoss()": [(3, 4), (3, 4)],
    "nn.BCELoss(torch.ones(2))": [],
    "nn.NLLLoss()": [],
    "nn.CrossEntropyLoss(torch.ones(2))": [],
    "nn.ConvTranspose3d(2, 4, 2)": [(1, 2, 3, 3, 3)],
    "nn.AvgPool3d(2)": [(1, 2, 4, 4, 4)],
    "nn.AdaptiveAvgPool3d(2)": [(1, 2, 4, 4, 4)],
    "nn.AdaptiveMaxPool3d(2)": [(1, 2, 4, 4, 4)],
    "nn.LPPool3d(2, 2)": [(1, 2, 4, 4, 4)],
    "nn.FractionalMaxPool2d(2, (3, 4))": [(2, 3, 6, 5)],
    "nn.FractionalMaxPool2d((2, 1), output_ratio=.5)": [(3, 6, 5)],
    "nn.FractionalMaxPool3d(2, 3)": [(2, 1, 6, 5, 5)],
    "nn.FractionalMaxPool3d(2, output_ratio=(.5, .4, .6))": [(1, 6, 5, 5)],
    "nn.LinearCrossEntropyLoss(3, 4, out_features=(2,), bias=True)": [],
    "nn.LinearCrossEntropyLoss(3, 4, options=nn.LinearCrossEntropyOptions("
    "batch_chunk_size=2))": [],
    "nn.AdaptiveLogSoftmaxWithLoss(16, 9, [2, 5], 2., True)": [],
    "nn.MaxUnpool1d(2)": [],
    "nn.MaxUnpool3d(2)": [],
    "nn.BatchNorm3d(2)": [(2, 2, 3, 3, 3)],
    "nn.SyncBatchNorm(2)": [(2, 2, 3)],
    "nn.InstanceNorm3d(2, affine=True)": [(2, 2, 3, 3, 3)],
    "nn.Dropout3d(.3)": [(2, 5, 2, 2, 2)],
    "nn.ConstantPad2d(1, 2.)": [(1, 2, 3, 3)],
    "nn.ZeroPad1d(1)": [(1, 2, 3)],
    "nn.ZeroPad3d(1)": [(1, 2, 3, 3, 3)],
    "nn.KLDivLoss(reduction='batchmean')": [],
    "nn.PoissonNLLLoss()": [(3, 4), (3, 4)],
    "nn.GaussianNLLLoss()": [],
    "nn.MultiMarginLoss(weight=torch.ones(3))": [],
    "nn.MultiLabelMarginLoss()": [],
    "nn.MultiLabelSoftMarginLoss(torch.ones(3))": [],
    "nn.SoftMarginLoss()": [],
    "nn.HingeEmbeddingLoss()": [],
    "nn.MarginRankingLoss()": [(3, 4), (3, 4), (3, 4)],
    "nn.CosineEmbeddingLoss()": [],
    "nn.TripletMarginLoss()": [(3, 4), (3, 4), (3, 4)],
    "nn.TripletMarginWithDistanceLoss()": [(3, 4), (3, 4), (3, 4)],
    "nn.BCEWithLogitsLoss(torch.ones(4), pos_weight=torch.ones(4))":
        [(3, 4), (3, 4)],
    "nn.MultiheadAttention(8, 2)": [],
    "nn.MultiheadAttention(6, 3, .1, False, True, True, 4, 5, True)": [],
    "nn.EmbeddingBag(5, 3)": [],
    "nn.EmbeddingBag(5, 3, 1., 1.5, True, 'sum', padding_idx=-2)": [],
    "nn.CTCLoss()": [],
    "nn.RNNBase('GRU', 3, 4)": [],
    "nn.RNN(3, 4, 2, 'relu', False)": [],
    "nn.LSTM(3, 4, 2, proj_size=2, bidirectional=True)": [],
    "nn.LSTM(3, 4, 2, dropout=.2, batch_first=True)": [],
    "nn.GRU(3, 4, bidirectional=True)": [],
    "nn.RNNCellBase(3, 4, True, 2)": [],
    "nn.RNNCell(3, 4)": [(2, 3)],
    "nn.RNNCell(3, 4, False, 'relu')": [(2, 3), (2, 4)],
    "nn.LSTMCell(3, 4)": [],
    "nn.GRUCell(3, 4)": [(3,), (4,)],
    "nn.TransformerEncoderLayer(8, 2, 12)": [],
    "nn.TransformerDecoderLayer(8, 2, 12, bias=False)": [],
    "nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6, 0.), 2, "
    "nn.LayerNorm(4), False)": [(3, 2, 4)],
    "nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 6, 0., 'gelu'), "
    "2)": [(3, 2, 4), (5, 2, 4)],
    "nn.Transformer(4, 2, 1, 2, 6, 0., batch_first=True)":
    [(3, 5, 4), (3, 2, 4)],
    "nn.CosineSimilarity()": [(3, 4), (3, 4)],
    "nn.PairwiseDistance()": [(3, 4), (3, 4)],
    "nn.ModuleList([nn.Linear(2, 3), nn.Linear(2, 3), nn.ReLU()])": [],
    "nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU()))": [(4, 2)],
    "nn.ModuleDict({'a': nn.Linear(1, 1), 'b': nn.Sequential()})": [],
    "nn.ParameterList([torch.ones(2), 'b'])": [],
    "nn.ParameterDict({'b': torch.ones(2, 3), 'a': 3})": [],
}


def shown(module: Any) -> dict:
    return {k: v for k, v in vars(module).items()
            if not k.startswith("_") and not callable(v)}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_prints_starts_and_is_saved_alike(layer: str) -> None:
    ours, theirs = both(layer)
    assert repr(ours) == repr(theirs)
    a, b = ours.state_dict(), theirs.state_dict()
    assert list(a) == list(b)
    assert dict(a._metadata) == dict(b._metadata)
    for key in b:
        assert str(a[key].dtype) == str(b[key].dtype)
        np.testing.assert_array_equal(a[key].numpy(), b[key].numpy())
    np.testing.assert_array_equal(scratch.get_rng_state().numpy(),
                                  torch.get_rng_state().numpy())


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("layer", [k for k, v in LAYERS.items() if v])
def test_a_layer_computes_alike(layer: str, training: bool) -> None:
    ours, theirs = both(layer)
    results = []
    for lib, module in ((scratch, ours), (torch, theirs)):
        lib.manual_seed(5)
        module.double().train(training)
        xs = [lib.from_numpy(np.random.default_rng(i).standard_normal(size))
              .requires_grad_() for i, size in enumerate(LAYERS[layer])]
        y = module(*[x * 1 for x in xs])
        (y * y).sum().backward()
        names = [name for name, _ in module.named_parameters()]
        tensors = [y.detach(), *(x.grad for x in xs),
                   *(p.grad for p in module.parameters()),
                   *module.buffers()]
        results.append((names, [t.numpy() for t in tensors]))
    assert results[0][0] == results[1][0]
    for a, b in zip(results[0][1], results[1][1], strict=True):
        assert a.dtype == b.dtype
        # torch: float32 constants in the slopes of hardsigmoid and others
        np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("layer", LAYERS)
def test_state_goes_both_ways(layer: str) -> None:
    ours, theirs = both(layer)
    with scratch.no_grad(), torch.no_grad():
        for p in ours.parameters():
            p.fill_(0.5)
    there = {k: torch.from_numpy(v.numpy().copy())
             for k, v in ours.state_dict().items()}
    assert str(theirs.load_state_dict(there)) == (
        "<All keys matched successfully>")
    back = {k: scratch.from_numpy(v.numpy().copy())
            for k, v in theirs.state_dict().items()}
    assert str(ours.load_state_dict(back)) == (
        "<All keys matched successfully>")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_can_be_copied_and_pickled(layer: str) -> None:
    ours, _ = both(layer)
    for twin in (copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))):
        assert repr(twin) == repr(ours)
        for (a, x), (b, y) in zip(ours.state_dict().items(),
                                  twin.state_dict().items(), strict=True):
            assert a == b and x.dtype == y.dtype
            np.testing.assert_array_equal(x.numpy(), y.numpy())
            assert x.array is not y.array


def test_every_module_is_here() -> None:
    said = {line.split("(")[0].split(".")[1] for line in LAYERS}
    left = {name for name, thing in vars(scratch.nn).items()
            if isinstance(thing, type) and issubclass(
                thing, scratch.nn.Module) and "Lazy" not in name} - said
    assert left == {"Module", "NLLLoss2d"}  # the latter warns: NLLLoss
