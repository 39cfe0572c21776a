"""Activations in place, and the Gumbel softmax."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import scratch
from parity_tests.nn.tools import complaint

# torch: the backward of celu_ rounds alpha to float32; 0.5 stays exact
CALLS = """
relu_(x)
leaky_relu_(x)
leaky_relu_(x, 0.3)
rrelu_(x)
rrelu_(x, 0.1, 0.6, training=True)
hardtanh_(x)
hardtanh_(x, -0.5, 0.2)
threshold_(x, 0.1, -2.0)
elu_(x)
elu_(x, 0.7)
selu_(x)
celu_(x)
celu_(x, alpha=0.5)
gumbel_softmax(x)
gumbel_softmax(x.t()).t()
gumbel_softmax(x, tau=0.5, hard=True, dim=0)
""".strip().splitlines()


@pytest.mark.parametrize("call", CALLS)
def test_values_and_gradients(call: str) -> None:
    a = np.random.default_rng(5).standard_normal((3, 4))

    def found(lib: Any) -> tuple:
        lib.manual_seed(3)
        leaf = lib.tensor(a, requires_grad=True)
        x = leaf * 1
        y = eval(f"F.{call}", {"F": lib.nn.functional, "x": x})
        (y * y * lib.arange(4.)).sum().backward()
        if "gumbel" not in call:
            assert y is x
        return y.detach().numpy(), leaf.grad.numpy()

    for ours, theirs in zip(found(scratch), found(torch), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("call", [
    "F.elu_([1.])", "F.relu_(1)", "F.selu_(r(2, requires_grad=True))",
    "F.celu_(r(2), 0.)", "F.relu_(r(1).expand(3))"])
def test_refused_in_the_words_of_torch(call: str) -> None:
    theirs = complaint(call, torch)
    assert theirs is not None
    assert complaint(call, scratch) == theirs
