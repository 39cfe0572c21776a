"""add(α, y): the order of arguments that torch had, and still takes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from scratch.ops import earlier

TAKEN = [
    lambda t, x, y, a: x.clone().add_(a, y),
    lambda t, x, y, a: x.add(a, y), lambda t, x, y, a: t.add(x, a, y),
    lambda t, x, y, a: x.clone().sub_(a, y),
    lambda t, x, y, a: x.sub(a, y), lambda t, x, y, a: t.sub(x, a, y),
    lambda t, x, y, a: x.clone().addcmul_(a, y, y),
    lambda t, x, y, a: x.addcmul(a, y, y),
    lambda t, x, y, a: t.addcmul(x, a, y, y),
    lambda t, x, y, a: x.clone().addcdiv_(a, x, y),
    lambda t, x, y, a: x.addcdiv(a, y, tensor2=y),
    lambda t, x, y, a: t.addcdiv(x, a, x, y),
    lambda t, x, y, a: x.add(t.tensor(a), y), lambda t, x, y, a: x.add(a, 3),
    lambda t, x, y, a: x.add(np.float32(a), y),
    lambda t, x, y, a: t.add(1, a, x),
    lambda t, x, y, a: x.addcmul(t.tensor(a), y, y),
]
REFUSED = [
    lambda t, x, a: x.add(x, a), lambda t, x, a: t.add(x, x, a),
    lambda t, x, a: x.add_(a, x, x), lambda t, x, a: x.sub(a, x, alpha=3),
    lambda t, x, a: x.addcmul(x, x, a), lambda t, x, a: x.addcmul(a, x, 3),
    lambda t, x, a: x.addcmul(a, x, x, x),
    lambda t, x, a: x.addcdiv(a, x, x, value=1.0),
    lambda t, x, a: x.add(a, np.ones(2)), lambda t, x, a: x.add("2", x),
]


@pytest.mark.filterwarnings("ignore:This overload")
@pytest.mark.parametrize("call", TAKEN)
@given(st.lists(st.floats(-9, 9, width=32), max_size=3),
       st.sampled_from([0.5, -2.0, 3]))
def test_a_factor_that_comes_first(call: Any, x: list, factor: Any) -> None:
    told = []
    for lib in (scratch, torch):
        tensor = lib.tensor(x, dtype=lib.float64, requires_grad=True)
        y = call(lib, tensor, tensor.detach() + 20, factor)
        y.sum().backward()
        told.append((y.detach().numpy(), tensor.grad.numpy()))
    for ours, theirs in zip(*told):
        np.testing.assert_allclose(ours, theirs, 1e-12)


@pytest.mark.filterwarnings("ignore:This overload")
@pytest.mark.parametrize("call", REFUSED)
def test_what_is_no_such_order(call: Any) -> None:
    for lib in (scratch, torch):
        with pytest.raises(TypeError):
            call(lib, lib.ones(2), 2.0)


def test_it_is_said_once() -> None:
    before = earlier.told[:]
    earlier.told.clear()
    try:
        x = scratch.ones(2)
        with pytest.warns(UserWarning, match=(
                r"This overload of addcmul is deprecated:\n\taddcmul\(Number "
                r"value, Tensor tensor1, Tensor tensor2\)\nConsider using")):
            x.addcmul(2, x, x)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            x.add(2, x)
    finally:
        earlier.told[:] = before
