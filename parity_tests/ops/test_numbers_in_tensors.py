"""A tensor of one number where a number is asked for, as programs write it.

init.normal_(part, mean=x.mean(), std=x.std()), x.unfold(0, width, 1) with a
width that was computed: torch reads the number, unless it needs a gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

FLOATS = [
    lambda t, x, a: t.nn.init.normal_(x, mean=a, std=a),
    lambda t, x, a: t.nn.init.uniform_(x, -a, a),
    lambda t, x, a: t.nn.init.constant_(x, a),
    lambda t, x, a: x.normal_(a, 2.0), lambda t, x, a: x.uniform_(-a, a),
    lambda t, x, a: t.normal(a, 1.0, (2, 3)),
    lambda t, x, a: t.normal(0.0, a, (4,)),
    lambda t, x, a: t.linspace(a, 9, 4), lambda t, x, a: x.exponential_(a),
    lambda t, x, a: t.nn.functional.leaky_relu(x, a),
    lambda t, x, a: t.full((2,), a), lambda t, x, a: x.add(x, alpha=a),
]
INTS = [
    lambda t, x, n: x.unfold(0, n, n), lambda t, x, n: x.narrow(0, n, 1),
    lambda t, x, n: t.linspace(0, 1, n), lambda t, x, n: t.logspace(0, 1, n),
    lambda t, x, n: t.nn.functional.pad(x, (n, 0)),
    lambda t, x, n: x.split(n)[0], lambda t, x, n: t.eye(n),
    lambda t, x, n: x.repeat(n), lambda t, x, n: t.zeros(n, 2),
    lambda t, x, n: t.topk(x, n)[0], lambda t, x, n: t.roll(x, n),
    lambda t, x, n: t.arange(n), lambda t, x, n: t.randint(n, (3,)),
    lambda t, x, n: x[:n], lambda t, x, n: t.repeat_interleave(x, n),
]


def both(call: Any, *numbers: Any) -> list:
    """What each side makes of a number in a tensor, and of the number."""
    results = []
    for lib in (scratch, torch):
        for given_as in (lib.tensor, lambda value: value):
            lib.manual_seed(3)
            x = lib.arange(8.0) - 4
            results.append(call(lib, x, *map(given_as, numbers)).numpy())
    return results


@pytest.mark.parametrize("call", FLOATS)
@given(st.floats(0.25, 8, width=16))
def test_a_number_of_a_float_tensor(call: Any, value: float) -> None:
    ours, *others = both(call, value)
    for other in others:
        np.testing.assert_allclose(ours, other, 2e-6, 1e-6)


@pytest.mark.parametrize("call", INTS)
@given(st.integers(1, 6))
def test_a_number_of_a_whole_tensor(call: Any, value: int) -> None:
    ours, *others = both(call, value)
    for other in others:
        np.testing.assert_allclose(ours, other, 2e-6, 1e-6)


BAD = [
    lambda t, x: x.normal_(t.tensor(1.0, requires_grad=True), 2.0),
    lambda t, x: t.nn.init.normal_(x, t.tensor(1.0, requires_grad=True)),
    lambda t, x: t.nn.init.normal_(x, t.ones(2)),
    lambda t, x: x.uniform_(t.ones(2), 3.0),
    lambda t, x: x.unfold(0, t.tensor(2.0), 1),
    lambda t, x: x.unfold(0, 2, "1"),
    lambda t, x: x.unfold(0, 2.0, 1), lambda t, x: x.unfold(0, t.ones(2), 1),
    lambda t, x: t.nn.functional.pad(x, (t.tensor(1.0), 0)),
    lambda t, x: t.linspace(0, 1, t.tensor(3.0)),
    lambda t, x: t.normal(t.ones(2), 1.0, (2,)),
]


@pytest.mark.parametrize("call", BAD)
def test_what_is_no_number(call: Any) -> None:
    for lib in (scratch, torch):
        with pytest.raises(TypeError):
            call(lib, lib.ones(4))


@pytest.mark.filterwarnings("ignore:__array_wrap__")
@given(st.lists(st.floats(width=32), max_size=4))
def test_numpys_truth_counts_as_one(x: list) -> None:
    ours, theirs = (np.isnan(lib.tensor(x)) for lib in (scratch, torch))
    assert str(ours.dtype) == str(theirs.dtype) == "torch.uint8"
    assert ours.tolist() == theirs.tolist()
