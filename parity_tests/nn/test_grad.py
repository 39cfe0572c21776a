"""Gradients of convolutions as functions; convolution along time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import array_of, assert_parity
from parity_tests.strategies import normal

LIBS = (scratch, torch)


@pytest.mark.parametrize("axes", [1, 2, 3])
@given(st.integers(0, 99), st.integers(1, 2), st.integers(0, 2),
       st.integers(1, 2), st.sampled_from([1, 2]))  # fmt: skip
def test_gradients_of_convolutions(
    axes: int, seed: int, stride: int, padding: int, dilation: int, groups: int
) -> None:
    size = (2, 2 * groups, *[5 - (axes > 2)] * axes)
    kernel = (2 * groups, 2, *[2] * axes)
    geometry = dict(stride=stride, padding=padding, dilation=dilation,
                    groups=groups)  # fmt: skip
    found = []
    for lib in LIBS:
        x, w = (lib.from_numpy(normal(seed + i, *s)).requires_grad_()
                for i, s in enumerate((size, kernel)))
        y = getattr(lib.nn.functional, f"conv{axes}d")(x, w, **geometry)
        g = lib.from_numpy(normal(seed + 3, *y.shape)).requires_grad_()
        dx = getattr(lib.nn.grad, f"conv{axes}d_input")(
            x.shape, w, g, **geometry)
        dw = getattr(lib.nn.grad, f"conv{axes}d_weight")(
            x, tuple(w.shape), g, **geometry)
        more = lib.autograd.grad((dx * dx).sum() + (dw * dw).sum(), (x, w, g))
        found.append([array_of(t.detach()) for t in (dx, dw, *more)])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, 1e-9, 1e-9)


def test_a_gradient_of_another_size_is_refused() -> None:
    for lib in LIBS:
        with pytest.raises(RuntimeError):
            lib.nn.grad.conv2d_input(
                (1, 1, 4, 4), lib.ones(1, 1, 2, 2), lib.ones(1, 1, 9, 9))


@given(st.integers(0, 99), st.integers(0, 3), st.integers(1, 4),
       st.integers(1, 3), st.integers(1, 3))  # fmt: skip
def test_convolution_along_time(
    seed: int, pad: int, width: int, channels: int, out: int
) -> None:
    x = normal(seed, 4, 2, channels)
    w, b = normal(seed + 1, width, channels, out), normal(seed + 2, out)
    assert_parity(
        lambda x, w, b: scratch.nn.functional.conv_tbc(x, w, b, pad),
        lambda x, w, b: torch.nn.functional.conv_tbc(x, w, b, pad), x, w, b,
        order=1)


@pytest.mark.parametrize("sizes", [
    ((4, 2), (2, 3, 5), (5,)), ((4, 2, 3), (2, 3), (5,)),
    ((4, 2, 3), (2, 4, 5), (5,)), ((4, 2, 3), (2, 3, 5), (4,)),
    ((4, 2, 3), (2, 3, 5), (5, 1)), ((4, 2, 3), (9, 3, 5), (5,)),
])  # fmt: skip
def test_bad_sizes_along_time(sizes: Any) -> None:
    said = []
    for lib in LIBS:
        with pytest.raises(RuntimeError) as caught:
            lib.nn.functional.conv_tbc(*(lib.ones(*s) for s in sizes))
        said.append(str(caught.value))
    assert said[0] == said[1] or "negative dimension" in said[1]
