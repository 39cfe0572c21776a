"""Lazy layers become those that they stand for, as in torch."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests.parity import array_of

LIBS = (scratch, torch)
SIZES = {1: (2, 4, 5), 2: (2, 4, 5, 6), 3: (2, 4, 3, 4, 5)}
LAYERS: dict[str, tuple] = {
    "LazyLinear(3)": (2, 4), "LazyLinear(3, False)": (2, 5, 4)}
for n, size in SIZES.items():
    LAYERS |= {
        f"LazyConv{n}d(6, 2, groups=2)": size,
        f"LazyConv{n}d(6, 3, 2, 1, bias=False, padding_mode='reflect')":
            size, f"LazyConvTranspose{n}d(6, 2, 2, 1, 1, 2)": size,
        f"LazyConv{n}d(2, 2)": size[1:],
        f"LazyBatchNorm{n}d()": size,
        f"LazyBatchNorm{n}d(affine=False, momentum=None)": size,
        f"LazyInstanceNorm{n}d(1e-3)": size,
        f"LazyInstanceNorm{n}d(track_running_stats=False, bias=False)": size}


def shown(x: Any) -> Any:
    if type(x).__name__.startswith("Uninitialized"):
        return repr(x), str(x.dtype)
    return array_of(x.detach())


def described(layer: Any) -> list:
    state = layer.state_dict()
    return [repr(layer), type(layer).__name__, list(state), *map(
        shown, state.values()), [p.requires_grad for p in layer.parameters()],
        len(layer._forward_pre_hooks), len(
            layer._load_state_dict_pre_hooks)]


def both(story: Any) -> None:
    told = []
    for lib in LIBS:
        lib.manual_seed(3)
        told.append(story(lib))
    for ours, theirs in zip(*told, strict=True):
        if isinstance(theirs, np.ndarray):
            assert ours.dtype == theirs.dtype
            np.testing.assert_allclose(ours, theirs, 2e-5, 1e-6)
        else:
            assert ours == theirs


@pytest.mark.parametrize("made", LAYERS)
def test_a_lazy_layer_becomes_an_ordinary_one(made: str) -> None:
    def story(lib: Any) -> list:
        layer = eval(made, vars(lib.nn).copy())
        found = described(layer)
        layer.double().float()
        if "Norm" not in made:  # torch: lazy buffers cannot be copied
            found += described(copy.deepcopy(layer).double())
        x = lib.randn(LAYERS[made])
        y = layer(x)
        again = eval(made, vars(lib.nn).copy())
        again.load_state_dict(layer.state_dict())
        return [*found, shown(y), *described(layer), *described(again),
                *fails(lambda: again(x)), *described(again),
                shown(lib.randn(2))]

    both(story)


def test_a_lazy_network_is_trained() -> None:
    def story(lib: Any) -> list:
        nn = lib.nn
        net = nn.Sequential(
            nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d(), nn.ReLU(),
            nn.Flatten(), nn.LazyLinear(5), nn.Sigmoid(), nn.LazyLinear(2))
        x = lib.randn(3, 1, 6, 6)
        net(x)
        found = [repr(net)]
        optimizer = lib.optim.SGD(net.parameters(), 0.1)
        for _ in range(3):
            optimizer.zero_grad()
            loss = net(x).square().mean()
            loss.backward()
            optimizer.step()
            found.append(shown(loss))
        return found

    both(story)


def fails(action: Any) -> list:
    try:
        action()
    except Exception as error:
        return [type(error), str(error).split(". ")[0]]
    return ["no error"]


def test_what_lazy_layers_refuse() -> None:
    def story(lib: Any) -> list:
        nn = lib.nn
        state = nn.LazyLinear(3).state_dict()
        loaded = nn.LazyLinear(3)
        loaded.load_state_dict(nn.Linear(2, 3).state_dict())
        return [
            *fails(lambda: nn.LazyConv2d(2, 3)(lib.ones(2, 3))),
            *fails(lambda: nn.LazyConv2d(4, 3, groups=2)(
                lib.ones(1, 3, 5, 5))),
            *fails(lambda: nn.LazyLinear(3).weight.shape),
            *fails(lambda: loaded(lib.ones(1, 4))),
            fails(lambda: nn.LazyLinear(3).weight + 1)[0],
            repr(nn.LazyLinear(3).weight),
            repr(nn.LazyLinear(3).load_state_dict(state)),
            nn.parameter.is_lazy(nn.LazyLinear(3).bias),
            nn.parameter.is_lazy(nn.Linear(3, 3).bias)]

    both(story)
