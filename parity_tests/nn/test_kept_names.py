"""What programs reach into layers for: weights by name, their own weight in
a convolution, batch norm of several processes."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

LIBS = (scratch, torch)


@given(st.sampled_from(["RNN", "GRU", "LSTM"]), st.integers(1, 2),
       st.booleans(), st.booleans())
def test_the_weights_of_a_recurrent_layer_in_a_row(
    kind: str, layers: int, bias: bool, both_ways: bool
) -> None:
    nets = [getattr(lib.nn, kind)(
        2, 3, layers, bias=bias, bidirectional=both_ways)
            for lib in LIBS]
    ours, theirs = nets
    assert ours._flat_weights_names == theirs._flat_weights_names
    for x, y in zip(ours._flat_weights, theirs._flat_weights, strict=True):
        assert x.shape == y.shape and x is not None
    assert ours._flat_weights[0] is ours.weight_ih_l0


@given(st.sampled_from(["zeros", "reflect", "circular"]), st.integers(1, 2),
       st.booleans())
def test_a_convolution_with_another_weight(mode: str, axes: int,
                                           bias: bool) -> None:
    seen = []
    for lib in LIBS:
        lib.manual_seed(0)
        layer = getattr(lib.nn, f"Conv{axes}d")(
            2, 3, 3, padding=1, padding_mode=mode, bias=bias)
        x = lib.randn(1, 2, *[5] * axes)
        y = layer._conv_forward(x, layer.weight * 2, layer.bias)
        seen.append(y.detach().numpy())
    np.testing.assert_allclose(*seen, 1e-5, 1e-5)


def test_what_is_written_to_a_lazy_parameter_is_lost() -> None:
    for lib in LIBS:
        layer = lib.nn.LazyLinear(2)
        layer.weight.data.normal_(0, 1)
        assert layer.weight.data.shape == (0,)
        assert layer(lib.ones(1, 3)).shape == (1, 2)


def told(function: Any, *args: Any) -> Any:
    """What it returns or, of an error, its class and words."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, str(error)


@given(st.booleans(), st.booleans(), st.sampled_from([None, 0.1]),
       st.lists(st.integers(1, 3), max_size=3))
def test_a_lone_process_has_the_whole_batch(
    affine: bool, train: bool, momentum: Any, axes: list
) -> None:
    seen = []
    for lib in LIBS:
        lib.manual_seed(0)
        net = lib.nn.SyncBatchNorm(2, affine=affine, momentum=momentum)
        net.train(train)
        y = told(net, lib.randn(3, 2, *axes))
        seen.append([repr(net), y if isinstance(y, tuple) else
                     y.detach().numpy().round(4).tolist(),
                     net.running_mean.numpy().round(4).tolist()])
    assert seen[0] == seen[1]


@pytest.mark.parametrize("lib", LIBS)
def test_batch_norms_are_converted_with_what_they_hold(lib: Any) -> None:
    net = lib.nn.Sequential(lib.nn.Linear(2, 3), lib.nn.Sequential(
        lib.nn.BatchNorm1d(3, eps=0.1), lib.nn.BatchNorm2d(3, affine=False)))
    old = list(net[1])
    new = lib.nn.SyncBatchNorm.convert_sync_batchnorm(net)
    assert new is net
    for before, after in zip(old, net[1]):
        assert type(after) is lib.nn.SyncBatchNorm
        assert after.eps == before.eps and after.weight is before.weight
        assert after.running_var is before.running_var
