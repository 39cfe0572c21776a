"""Muon three ways; its iteration rounds to bfloat16, so not to the bit."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.optim
import torchref.optim
from parity_tests.strategies import normal
from scratch.optim.muon import orthogonal, short

SHAPES = [(4, 4), (6, 3), (3, 7), (1, 5), (1, 1)]
WAYS: list[tuple[Any, Any]] = [
    (scratch, scratch.optim), (torch, torchref.optim), (torch, torch.optim)]
OPTIONS = [
    dict(zip(("lr", "weight_decay", "momentum", "nesterov", "adjust_lr_fn",
              "ns_steps"), values))
    for values in product((0.1,), (0.0, 0.3), (0.5, 0.95), (False, True), (
        None, "original", "match_rms_adamw", "spectral_unclamped"), (5, 2))
][::3]


def walk(way: tuple, options: dict, dtype: str) -> list:
    lib = way[0]
    params = [lib.nn.Parameter(lib.from_numpy(
        normal(i, *size)).to(getattr(lib, dtype)))
        for i, size in enumerate(SHAPES)]
    optimizer = way[1].Muon(params, **options)
    for step in range(4):
        for i, p in enumerate(params):
            p.grad = lib.from_numpy(normal(9 * step + i, *p.shape)).to(p.dtype)
        optimizer.step()
    means = [optimizer.state[p]["momentum_buffer"] for p in params]
    return [[p.detach().numpy() for p in params],
            [mean.numpy() for mean in means]]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_walk_is_the_same_three_times(options: dict, dtype: str) -> None:
    ours, hand, theirs = (walk(way, options, dtype) for way in WAYS)
    for other in (hand, theirs):
        for a, b in zip(ours[0], other[0], strict=True):
            assert a.dtype == b.dtype  # 4 steps of 0.1, good to 8 bits
            np.testing.assert_allclose(a, b, 0, 0.4 * 2**-5)
        for a, b in zip(ours[1], other[1], strict=True):
            np.testing.assert_allclose(a, b, 1e-5, 1e-6)


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 99))
def test_singular_values_go_near_to_one(m: int, n: int, seed: int) -> None:
    x = normal(seed, m, n)
    o = orthogonal(x, (3.4445, -4.775, 2.0315), 5, 1e-7)
    u, s, v = np.linalg.svd(x, full_matrices=False)
    large = s > 0.05 * np.linalg.norm(x)
    found = np.diag(u.T @ o @ v.T)[large]
    assert ((0.5 < found) & (found < 1.35)).all()


@given(st.lists(st.floats(width=32), min_size=1))
def test_numbers_are_rounded_as_bfloat16(numbers: list) -> None:
    x = np.array(numbers, np.float32)
    there = torch.from_numpy(x).to(torch.bfloat16).float().numpy()
    np.testing.assert_array_equal(short(x), there)


BAD = [
    dict(lr=-1), dict(momentum=-1), dict(weight_decay=-0.1),
    dict(adjust_lr_fn="sometimes"), dict(lr=float("nan")),
]  # fmt: skip


@pytest.mark.parametrize("options", BAD, ids=str)
def test_bad_options_are_refused_as_in_torch(options: dict) -> None:
    said = []
    for lib in (scratch, torch):
        with pytest.raises(ValueError) as caught:
            lib.optim.Muon([lib.nn.Parameter(lib.ones(2, 2))], **options)
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_what_muon_cannot_do_is_refused_as_in_torch() -> None:
    for lib in (scratch, torch):
        with pytest.raises(ValueError, match="Muon only supports 2D param"):
            lib.optim.Muon([lib.nn.Parameter(lib.ones(2))])
        with pytest.raises(ValueError, match="Tensor lr must be 1-element"):
            lib.optim.Muon([lib.nn.Parameter(lib.ones(2, 2))], lib.ones(2))
        p = lib.nn.Parameter(lib.ones(2, 2, dtype=lib.complex64))
        p.grad = p.detach()
        optimizer = lib.optim.Muon([p])
        with pytest.raises(RuntimeError, match="complex parameters"):
            optimizer.step()
        p = lib.nn.Parameter(lib.ones(2, 2))
        p.grad = p.detach().clone()
        for bad in (dict(ns_steps=100), dict(ns_coefficients=(1, 2))):
            with pytest.raises(ValueError):
                lib.optim.Muon([p], **bad).step()


def test_its_state_goes_to_torch_and_back() -> None:
    states = []
    for lib in (scratch, torch):
        p = lib.nn.Parameter(lib.ones(2, 3))
        optimizer = lib.optim.Muon([p], lr=0.1)
        p.grad = lib.arange(6.0).view(2, 3)
        assert optimizer.step(lambda g=p.grad: g.sum()) == 15
        states.append(optimizer.state_dict())
        assert repr(optimizer).startswith("Muon (\nParameter Group 0\n    adj")
    assert states[0]["param_groups"] == states[1]["param_groups"]
    assert [*states[0]["state"][0]] == [*states[1]["state"][0]]
