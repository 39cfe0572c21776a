"""softmax and layer norm of large rows: three orders against torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.kernels.images import poison, seeds
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal
from scratch.kernels import rows

FUNCTIONS = {
    "softmax": lambda lib, x: lib.softmax(4 * x, -1),
    "log_softmax": lambda lib, x: lib.log_softmax(4 * x, -1),
    "layer_norm": lambda lib, x: lib.layer_norm(3 + x, x.shape[-1:]),
    "sum": lambda lib, x: x.sum(),
    "column_sums": lambda lib, x: x.reshape(2, -1, x.shape[1]).sum((1, 0)),
    "column": lambda lib, x: x.reshape(-1, 1).sum(0, True),
    "mean": lambda lib, x: x.reshape(-1, 2, x.shape[-1]).mean((1, 2)),
}


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Every array is large, and of several blocks."""
    monkeypatch.setattr(rows, "BLOCK", 16)
    monkeypatch.setattr(rows, "LARGE", 16)
    monkeypatch.setattr(rows, "RUN", 8)
    monkeypatch.setattr(rows, "FEW", 3)
    monkeypatch.setattr(rows, "grain", lambda width: 1)


@pytest.mark.parametrize("name", FUNCTIONS)
@given(
    seed=seeds,
    count=st.integers(1, 20).map(lambda n: 2 * n),
    width=st.integers(8, 50),
    order=st.integers(1, 2),
)
def test_large_rows(name, seed, count, width, order):
    f = FUNCTIONS[name]
    poison()
    assert_parity(
        lambda x: f(scratch, x),
        lambda x: f(torch, x),
        normal(seed, count, width),
        order=order,
    )


@given(seed=seeds, count=st.integers(2, 40), w=st.booleans(), b=st.booleans())
def test_weights_of_layer_norm(seed, count, w, b):
    def f(lib, x, *others):
        given = list(others)
        weight = given.pop(0) if w else None
        bias = given.pop(0) if b else None
        return lib.layer_norm(x, x.shape[-2:], weight, bias)

    poison()
    assert_parity(
        lambda *a: f(scratch, *a),
        lambda *a: f(torch, *a),
        normal(seed, count, 4, 5),
        *(normal(seed + i, 4, 5) for i in range(w + b)),
        order=1,
    )


@given(
    seed=seeds,
    images=st.integers(1, 4),
    groups=st.integers(1, 3),
    side=st.integers(1, 5),
    w=st.booleans(),
    b=st.booleans(),
    order=st.integers(1, 2),
)
def test_groups(seed, images, groups, side, w, b, order):
    def f(lib, x, *others):
        given = list(others)
        weight = given.pop(0) if w else None
        bias = given.pop(0) if b else None
        return lib.nn.functional.group_norm(x, groups, weight, bias)

    poison()
    assert_parity(
        lambda *a: f(scratch, *a),
        lambda *a: f(torch, *a),
        3 + normal(seed, images, 2 * groups, side, 4),
        *(normal(seed + i, 2 * groups) for i in range(w + b)),
        order=order,
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_odd_numbers(name):
    x = np.zeros((4, 8))
    x[0, 0], x[1, 0], x[2] = np.inf, np.nan, -np.inf
    f = FUNCTIONS[name]
    assert_parity(lambda x: f(scratch, x), lambda x: f(torch, x), x, order=1)
