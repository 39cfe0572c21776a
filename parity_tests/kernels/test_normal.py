"""erf and gelu in blocks: against the ratios in float64, and torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.kernels.images import lying, poison, seeds, ways
from scratch.kernels import forms, normal

NAMES = ["erf", "erfc", "gelu", "gelu_input"]
shapes = st.lists(st.integers(1, 9), min_size=2, max_size=4).map(tuple)
ODD = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-40, 3e38, -3e38, 14, -14]


@pytest.mark.parametrize("name", NAMES)
@given(shapes, seeds, st.sampled_from(["f4", "f8"]), ways)
def test_the_fast_forms(name, shape, seed, dtype, way):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-8, 8, shape).astype(dtype)
    x.flat[rng.integers(0, x.size, 6)] = rng.choice(ODD, 6)
    args = (lying(x, way),)
    if name == "gelu_input":
        args = (lying(np.ones_like(x), way), *args)
    poison()
    with np.errstate(all="ignore"):
        ours = getattr(normal, name)(*args)
        with forms.textbook():
            plain = getattr(normal, name)(*(a.astype("d") for a in args))
        if name == "gelu_input":  # the same from the result of gelu
            known = normal.gelu_input(*args, normal.gelu(x))
    assert ours.dtype == dtype
    eps = 8 * np.finfo(dtype).eps
    np.testing.assert_allclose(ours, plain, rtol=eps, atol=eps)
    if name == "gelu_input":
        np.testing.assert_allclose(known, plain, rtol=eps, atol=eps)


@pytest.mark.parametrize("low,high", [(-9, 9), (-3, 0), (-6, -3), (0, 1e-3)])
def test_as_near_the_truth_as_torch(low, high):
    gelu = torch.nn.functional.gelu
    x = np.linspace(low, high, 200_001).astype("f")
    t = torch.from_numpy(x)
    for ours, theirs, truth in (
        (normal.erf(x), torch.erf(t), torch.erf(t.double())),
        (normal.erfc(x), torch.erfc(t), torch.erfc(t.double())),
        (normal.gelu(x), gelu(t), gelu(t.double())),
    ):
        scale = truth.abs().max().item()
        mine = np.abs(ours - truth.numpy()).max() / scale
        torchs = (theirs - truth).abs().max().item() / scale
        assert mine <= 4 * torchs + 2.0**-23


def test_erf_never_falls():
    x = np.linspace(-20, 20, 1_000_001).astype("f")
    y = normal.erf(x).astype("d")
    assert np.diff(y).min() > -4 * 2.0**-24
    assert y[0] == -1 and y[-1] == 1


def test_a_result_that_was_changed_is_not_used():
    x = scratch.linspace(-3, 3, 11).requires_grad_()
    t = torch.linspace(-3, 3, 11).requires_grad_()
    for lib, a in ((scratch, x), (torch, t)):
        lib.nn.functional.gelu(a).mul_(3.0).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), atol=2e-6)
