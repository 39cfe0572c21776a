"""Every layer: its words, its first numbers, its state, its refusals."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests.nn.tools import both, complaint

# An expression of each module, and the sizes of its inputs.
LAYERS: dict[str, list[tuple]] = {
    "nn.Linear(2, 3, False)": [(4, 2)],
    "nn.Linear(5, 7, dtype=torch.float64)": [],
    "nn.Bilinear(2, 3, 4)": [(5, 2), (5, 3)],
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
    "nn.MSELoss()": [(3, 4), (3, 4)],
    "nn.L1Loss(reduction='sum')": [(3, 4), (3, 4)],
    "nn.SmoothL1Loss(beta=.5)": [(3, 4), (3, 4)],
    "nn.HuberLoss()": [(3, 4), (3, 4)],
    "nn.BCEWithLogitsLoss()": [(3, 4), (3, 4)],
    "nn.BCELoss(torch.ones(2))": [],
    "nn.NLLLoss()": [],
    "nn.CrossEntropyLoss(torch.ones(2))": [],
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


INITS = ["uniform_(x)", "uniform_(x, -1, 3)", "normal_(x)",
         "normal_(x, 1, .5)", "trunc_normal_(x)", "trunc_normal_(x, 0, 1, 2,"
         " 3)", "constant_(x, 3)", "ones_(x)", "zeros_(x)", "eye_(x)",
         "xavier_uniform_(x, 2)", "xavier_normal_(x)",
         "kaiming_uniform_(x, 1)", "kaiming_normal_(x, mode='fan_out', "
         "nonlinearity='relu')", "orthogonal_(x, 2)", "sparse_(x, .4)"]


@pytest.mark.parametrize("size", [(3, 5), (20, 4), (1, 1)])
@pytest.mark.parametrize("double", [True, False])
@pytest.mark.parametrize("call", INITS)
def test_initialisation_draws_the_same_numbers(call: str, double: bool,
                                               size: tuple) -> None:
    kind = "float64" if double else "float32"
    found = []
    for lib in (scratch, torch):
        lib.manual_seed(11)
        x = lib.zeros(size, dtype=getattr(lib, kind), requires_grad=True)
        y = eval("init." + call, {"init": lib.nn.init, "x": x})
        assert y is x
        found.append(x.detach().numpy())
    rounding = 1e-6 if call.startswith("orthogonal") else 0
    np.testing.assert_allclose(*found, rtol=0, atol=rounding)


@pytest.mark.parametrize("call", ["dirac_(x)", "dirac_(x, 2)",
                                  "kaiming_uniform_(x)", "orthogonal_(x)"])
def test_initialisation_of_kernels(call: str) -> None:
    found = []
    for lib in (scratch, torch):
        lib.manual_seed(11)
        x = lib.zeros(4, 2, 3, 2)
        eval("init." + call, {"init": lib.nn.init, "x": x})
        found.append(x.numpy())
    np.testing.assert_allclose(*found, rtol=0, atol=1e-6)


# ---- refusals: torch's class and torch's words

BAD = """
F.conv2d(r(2,3,6,6),r(4,2,2,2))
F.conv2d(r(3,6),r(4,3,2,2))
F.conv2d(r(2,3,6,6),r(4,3,2))
F.conv2d(r(2,3,6,6),r(4,3,7,7))
F.conv2d(r(2,3,6,6),r(4,3,2,2),r(3))
F.conv2d(r(2,3,6,6),r(4,3,2,2),r(4,1))
F.conv2d(r(2,3,6,6),r(4,3,2,2),stride=0)
F.conv2d(r(2,3,6,6),r(4,3,2,2),stride=(1,2,3))
F.conv2d(r(2,3,6,6),r(4,3,2,2),padding=-1)
F.conv2d(r(2,3,6,6),r(4,3,2,2),padding=(1,2,3))
F.conv2d(r(2,3,6,6),r(4,3,2,2),dilation=0)
F.conv2d(r(2,3,6,6),r(4,3,2,2),groups=0)
F.conv2d(r(2,3,6,6),r(4,1,2,2),groups=3)
F.conv2d(r(2,3,6,6),r(4,3,2,2),padding='foo')
F.conv2d(r(2,3,6,6),r(4,3,2,2),stride=2,padding='same')
F.conv2d(r(2,3,6,6),r(4,3,2,2).double())
F.conv2d(r(2,3,6,6).double(),r(4,3,2,2).double(),r(4))
F.conv2d(r(2,3,6,6),r(0,3,2,2))
F.conv2d(r(2,3,0,6),r(4,3,2,2))
F.conv1d(r(2,3,6),r(4,2,2))
F.conv1d(r(2,3,6,6),r(4,3,2))
F.conv3d(r(2,3,6,6),r(4,3,2,2))
F.conv1d(r(2,3,6),r(4,3,9))
F.conv_transpose2d(r(2,3,6,6),r(4,3,2,2))
F.conv_transpose2d(r(2,3,6,6),r(3,4,2,2),output_padding=1)
F.conv_transpose2d(r(2,3,6,6),r(3,4,2,2),r(3))
F.conv_transpose2d(r(2,3,1,1),r(3,4,1,1),padding=1)
F.conv_transpose2d(r(2,3,6,6),r(3,4,2,2),groups=2)
F.max_pool2d(r(2,3,6,6),0)
F.max_pool2d(r(2,3,6,6),(2,2,2))
F.max_pool2d(r(2,3,6,6),2,0)
F.max_pool2d(r(2,3,6,6),2,2,2)
F.max_pool2d(r(2,3,6,6),2,2,-1)
F.max_pool2d(r(2,3,6,6),2,2,0,0)
F.max_pool2d(r(2,3,6,6),7)
F.max_pool2d(r(2,0,6,6),2)
F.max_pool2d(r(2,3,0,6),2)
F.max_pool2d(r(2,3,6,6).bool(),2)
F.max_pool1d(r(2,3,6),7)
F.max_pool1d(r(6),2)
F.max_pool1d(r(2,3,6),0)
F.max_pool1d(r(2,3,6),2,0)
F.max_pool1d(r(2,3,6),2,2,2)
F.max_pool1d(r(2,3,6),2,2,-1)
F.max_pool1d(r(2,3,6),2,2,0,0)
F.max_pool1d(r(2,3,6),(2,2))
F.max_pool1d(r(2,0,6),2)
F.max_pool1d(r(2,3,6,6),2)
F.avg_pool2d(r(2,3,6,6),0)
F.avg_pool2d(r(2,3,6,6),(1,2,3))
F.avg_pool2d(r(2,3,6,6),2,0)
F.avg_pool2d(r(2,3,6,6),2,2,2)
F.avg_pool2d(r(2,3,6,6),2,2,-1)
F.avg_pool2d(r(2,3,6,6),7)
F.avg_pool2d(r(2,3,6,6),2,divisor_override=0)
F.avg_pool2d(r(2,0,6,6),2)
F.avg_pool1d(r(6),2)
F.avg_pool1d(r(2,3,6),(2,2))
F.avg_pool1d(r(2,3,6),7)
F.adaptive_avg_pool2d(r(6),2)
F.adaptive_avg_pool2d(r(2,3,6,6),(2,2,2))
F.adaptive_avg_pool2d(r(2,3,6,6),-1)
F.adaptive_avg_pool2d(r(2,3,0,6),2)
F.adaptive_avg_pool2d(r(2,3,6,6).long(),2)
F.adaptive_avg_pool1d(r(6),2)
F.adaptive_avg_pool1d(r(2,3,6),(2,2))
F.adaptive_max_pool2d(r(6),2)
F.adaptive_max_pool2d(r(2,3,0,6),2)
F.adaptive_max_pool2d(r(2,3,6,6).long(),2)
F.adaptive_max_pool1d(r(6),2)
F.adaptive_max_pool2d(r(2,3,6,6),(2,2,2))
F.lp_pool2d(r(2,3,4,4),2,5)
F.max_unpool2d(r(1,1,2,2),torch.zeros(1,1,2,2).long(),2,output_size=(9,9))
F.max_unpool2d(r(1,1,2,2),torch.zeros(1,1,2,2).int(),2)
F.max_unpool2d(r(1,1,2,2),torch.zeros(1,1,2,1).long(),2)
F.max_unpool2d(r(1,1,2,2),torch.zeros(1,1,2,2).long()+99,2)
F.batch_norm(r(2,3),torch.zeros(2),torch.ones(3))
F.batch_norm(r(1,3),None,None,training=True)
F.batch_norm(r(2,3),None,None)
F.batch_norm(r(2,3),torch.zeros(3),None)
F.batch_norm(r(2,3),torch.zeros(3),torch.ones(3),torch.ones(2))
F.batch_norm(r(2,3),torch.zeros(3),torch.ones(3),torch.ones(3),torch.ones(2))
F.batch_norm(r(3),None,None,training=True)
F.batch_norm(r(2,3).long(),None,None,training=True)
F.layer_norm(r(2,3),(4,))
F.layer_norm(r(2,3),3)
F.layer_norm(r(2,3),(3,),r(4))
F.layer_norm(r(2,3),())
F.layer_norm(r(2,3).long(),(3,))
F.group_norm(r(2,3),2)
F.group_norm(r(3),1)
F.group_norm(r(2,4,3),0)
F.group_norm(r(1,2),2)
F.group_norm(r(2,4,3),2,r(3))
F.instance_norm(r(2,3,1))
F.instance_norm(r(2,3,4),use_input_stats=False)
F.instance_norm(r(2,3,4),weight=r(2))
F.rms_norm(r(2,3),(3,),r(4))
F.local_response_norm(r(2,3),2)
nn.BatchNorm2d(3)(r(2,3))
nn.BatchNorm1d(3)(r(2,3,4,4))
nn.BatchNorm1d(3)(r(2,4))
nn.BatchNorm1d(3)(r(1,3))
nn.InstanceNorm2d(3)(r(3,4))
nn.InstanceNorm2d(3,affine=True)(r(2,4,5,5))
nn.InstanceNorm1d(3)(r(2,3,4,5))
nn.GroupNorm(2,3)
nn.LayerNorm(3)(r(2,4))
F.linear(r(2,3),r(4,5))
F.linear(r(2,3),r(4,3),r(5))
F.linear(r(2,3),r(4,3,2))
F.linear(r(2,3),r(4,3).double())
F.linear(r(()),r(3,3))
F.linear(r(2,3),r(3),r(2))
F.linear(r(2,3).long(),r(4,3))
F.linear(r(5,2,3),r(4,5))
F.linear(r(5,2,3),r(4,3),r(5))
F.linear('a',r(4,3))
F.bilinear(r(2,3),r(3,4),r(5,3,4))
F.bilinear(r(2,3),r(2,4),r(5,2,4))
F.bilinear(r(2,3),r(2,4),r(5,3,3))
F.bilinear(r(2,3),r(2,4),r(5,3,4),r(4))
F.bilinear(r(2,3),r(2,2,4),r(5,3,4))
F.dropout(r(3),1.5)
F.dropout(r(3),-.1)
F.dropout(r(3).long(),.5)
F.dropout1d(r(3,4,5,6))
nn.Dropout(2)
F.cross_entropy(r(2,3),k([0,3]))
F.cross_entropy(r(2,3),k([0,-1]))
F.cross_entropy(r(2,3),k([0,1,2]))
F.cross_entropy(r(2,3),k([0.,1.]))
F.cross_entropy(r(2,3),k([0,1]).int())
F.cross_entropy(r(2,3),k([0,1]),r(2))
F.cross_entropy(r(2,3),k([0,1]),reduction='foo')
F.cross_entropy(r(2,3),k([0,1]),label_smoothing=2)
F.cross_entropy(r(2,3,4),k([0,1]))
F.cross_entropy(r(3),k(5))
F.cross_entropy(r(()),k(0))
F.cross_entropy(r(2,3).long(),k([0,1]))
F.cross_entropy(r(2,3),r(2,3).long())
F.cross_entropy(r(2,3),r(2,3),ignore_index=1)
F.nll_loss(r(2,3),k([0,3]))
F.nll_loss(r(2,3),k([0,1,2]))
F.nll_loss(r(2),k([0,1]))
F.nll_loss(r(2,3,4),k([[0,1]]))
F.nll_loss(r(2,3,4,4),torch.zeros(2,4,3).long())
F.nll_loss(r(2,3),r(2))
F.mse_loss(r(2,3),r(2,3),reduction='foo')
F.mse_loss(r(2,3).long(),r(2,3).long())
F.smooth_l1_loss(r(2),r(2),beta=-1)
F.huber_loss(r(2),r(2),delta=0)
F.binary_cross_entropy(r(2,3)+9,torch.rand(2,3))
F.binary_cross_entropy(torch.rand(2,3),torch.rand(2,4))
F.binary_cross_entropy(torch.rand(2,3),torch.rand(2,3)+1)
F.binary_cross_entropy_with_logits(r(2,3),torch.rand(2,4))
F.softmax(r(2,3),2)
F.softmax(r(2,3).long(),1)
F.log_softmax(r(2,3).long(),1)
nn.Conv2d(3,4,2,groups=2)
nn.Conv2d(3,4,2,groups=0)
nn.Conv2d(3,4,2,padding='same',stride=2)
nn.Conv2d(4,3,2,groups=2)
nn.Conv2d(3,4,2)(r(2,3))
nn.ConvTranspose2d(3,4,2,padding_mode='reflect')
nn.Linear(-1,2)
nn.Flatten(3)(r(2,3))
nn.Unflatten(1,(2,2))(r(2,3))
nn.Unflatten(1,3)
nn.Unflatten(1,(2,'a'))
nn.Softmax2d()(r(2,3))
F.relu(3)
F.relu(r(2).bool())
F.leaky_relu(r(2).long())
F.leaky_relu(3)
F.elu(r(2).long())
F.elu('a')
F.celu(r(2),0)
F.softplus(r(2).long())
F.logsigmoid(r(2).long())
F.silu(r(2).long())
F.mish(r(2).long())
F.gelu(r(2).long())
F.gelu(r(2),approximate='x')
F.hardswish(r(2).long())
F.hardsigmoid(r(2).long())
F.hardtanh(r(2).bool())
F.hardtanh(r(2),2,1)
F.softshrink(r(2),-1)
F.softshrink(r(2).long())
F.hardshrink(r(2).long())
F.threshold(r(2).bool(),1,2)
F.glu(r(3))
F.glu(r(()))
F.glu(r(4).long())
F.prelu(r(2,3),r(2))
F.prelu(r(2,3),r(3).double())
F.prelu(r(()),r(2))
F.rrelu(r(2),2,1,True)
F.unfold(r(2,3),2)
F.unfold(r(2,3,4,4),5)
F.unfold(r(2,3,4,4),(2,2,2))
F.unfold(r(2,3,4,4),2,stride=0)
F.unfold(r(2,3,4,4),2,padding=-1)
F.unfold(r(2,3,4,4),0)
F.fold(r(2,12,8),(4,4),2)
F.fold(r(2,13,9),(4,4),2)
F.fold(r(9),(4,4),2)
F.one_hot(k([0,3]),3)
F.one_hot(k([0,-1]),3)
F.one_hot(k([]).long())
F.one_hot(r(2))
F.normalize(r(2,3),dim=3)
F.cosine_similarity(r(2,3),r(2,4))
F.cosine_similarity(r(2,3),r(2,3),dim=5)
F.pairwise_distance(r(2,3),r(2,4))
nn.Linear(1,1).weight.foo
nn.Linear(1,1).load_state_dict({})
nn.Linear(1,1).load_state_dict({'weight':r(2,1),'bias':r(2),'c':r(1)})
nn.Linear(1,1).load_state_dict([])
nn.Linear(1,1).get_submodule('a')
nn.Linear(1,1).get_parameter('in_features')
nn.Linear(1,1).get_buffer('weight')
nn.Linear(1,1).register_buffer('weight',None)
nn.Linear(1,1).register_buffer('a.b',None)
nn.Linear(1,1).register_buffer('',None)
nn.Linear(1,1).register_buffer(3,None)
nn.Linear(1,1).register_buffer('b',3)
nn.Linear(1,1).register_parameter('b',r(1))
nn.Linear(1,1).register_parameter('a.b',None)
nn.Linear(1,1).add_module('b',3)
nn.Linear(1,1).add_module('a.b',nn.ReLU())
nn.Linear(1,1).add_module('weight',nn.ReLU())
nn.Linear(1,1).__setattr__('weight',3)
nn.Sequential(nn.ReLU()).__setattr__('0',3)
nn.Linear(1,1).train(3)
nn.Linear(1,1).to(torch.int64)
nn.Linear(1,1).cuda_()
nn.Module()(3)
nn.Module(3)
nn.Module(a=3)
nn.Sequential(3)
nn.Sequential(nn.ReLU())[1]
nn.Sequential(nn.ReLU()).insert(3,nn.ReLU())
nn.Sequential(nn.ReLU())*0
nn.Sequential(nn.ReLU())*'a'
nn.Sequential(nn.ReLU())+[1]
nn.ModuleList([nn.ReLU()])[2]
nn.ModuleList(3)
nn.ModuleDict([1])
nn.ModuleDict(3)
nn.ParameterList(3)
nn.ParameterList([1])[1]
nn.ParameterDict(3)
nn.ParameterDict({3:r(1)})
nn.init.eye_(r(2))
nn.init.dirac_(r(2,2))
nn.init.dirac_(r(3,2,2),2)
nn.init.xavier_uniform_(r(2))
nn.init.kaiming_normal_(r(2,2),mode='x')
nn.init.kaiming_normal_(r(2,2),nonlinearity='x')
nn.init.kaiming_normal_(r(2,2),a='x')
nn.init.orthogonal_(r(2))
nn.init.sparse_(r(2),.1)
nn.init.calculate_gain('leaky_relu',True)
""".split("\n")[1:-1]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("call", BAD)
def test_what_torch_refuses_is_refused_in_its_words(call: str) -> None:
    theirs, ours = complaint(call, torch), complaint(call, scratch)
    assert theirs is not None, "torch accepts it"
    assert ours is not None, f"we accept it; torch: {theirs[1]}"
    assert ours[0] is theirs[0], f"{ours} here, {theirs} in torch"
    assert plain(ours[1]) == plain(theirs[1])


def plain(message: str) -> str:
    """A message without the paths of classes."""
    for path in ("torch.nn.modules.container.", "torch.nn.modules.module.",
                 "scratch.nn.container.", "scratch.nn.module."):
        message = message.replace(path, "")
    return message
