"""Adafactor three ways: it asks for whole rows, so it has its own tests."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

import scratch
import scratch.optim
import torchref.optim
from parity_tests.strategies import normal

OPTIONS = [
    dict(zip(("lr", "beta2_decay", "eps", "d", "weight_decay", "maximize"),
             values))
    for values in product((0.01, 2.0), (-0.8, -0.3), ((None, 1e-3),
                          (1e-2, 0.1)), (1.0, 1.7), (0, 0.1), (False, True))
][::5]
SHAPES: list[tuple] = [(2, 3), (4,), (), (2, 3, 2), (1, 1), (3, 1)]
WAYS: list[tuple[Any, Any]] = [
    (scratch, scratch.optim), (torchref, torchref.optim),
    (torch, torch.optim)]


def walk(way: tuple, options: dict, spoil: Any = None) -> list:
    """Parameters and state after six steps with made gradients."""
    lib = scratch if way[0] is scratch else torch
    params = [lib.nn.Parameter(lib.from_numpy(normal(i, *size)))
              for i, size in enumerate(SHAPES)]
    optimizer = way[1].Adafactor(params, **options)
    for step in range(6):
        for i, p in enumerate(params):
            g = normal(10 * step + i, *p.shape)
            if spoil is not None and g.size > 1:
                g.flat[step % g.size] = spoil
            p.grad = lib.from_numpy(g)
        optimizer.step()
    states = [[value.numpy() for value in optimizer.state[p].values()]
              for p in params]
    return [*(p.detach().numpy() for p in params), *sum(states, [])]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_walk_is_the_same_three_times(options: dict) -> None:
    ours, hand, theirs = (walk(way, options) for way in WAYS)
    for a, b, c in zip(ours, hand, theirs, strict=True):
        assert a.dtype == c.dtype and a.shape == c.shape
        np.testing.assert_allclose(a, c, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(b, c, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("spoil", [np.nan, np.inf, 0.0, 1e300])
def test_odd_gradients_spread_alike(spoil: float) -> None:
    ours, theirs = (walk(way, {}, spoil) for way in (WAYS[0], WAYS[2]))
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9)


def test_its_state_and_words_are_torchs() -> None:
    said = []
    for lib in (scratch, torch):
        p = lib.nn.Parameter(lib.ones(2, 3))
        optimizer = lib.optim.Adafactor([p])
        p.grad = lib.ones(2, 3)
        optimizer.step()
        again = lib.optim.Adafactor([p], lr=3.0)
        again.load_state_dict(optimizer.state_dict())
        state = again.state_dict()["state"][0]
        z = lib.nn.Parameter(lib.ones(2, dtype=lib.complex64))
        z.grad = lib.ones(2, dtype=lib.complex64)
        with pytest.raises(RuntimeError) as caught:
            lib.optim.Adafactor([z]).step()
        said.append((repr(again), {k: v.shape for k, v in state.items()},
                     str(caught.value)))
    assert said[0] == said[1]
