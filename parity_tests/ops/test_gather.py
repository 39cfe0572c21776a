"""Elements picked and scattered: zeros among factors, empty indices."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal, seeds


@given(seed=seeds, keep=st.booleans(), d=st.integers(0, 1))
def test_products_of_what_is_scattered_have_zeros_among_the_factors(
        seed, keep, d):
    rng = np.random.default_rng(seed)
    x, part = normal(seed, 3, 4), normal(seed + 1, 2, 3)
    x[rng.random(x.shape) < 0.2] = 0
    part[rng.random(part.shape) < 0.3] = 0
    i = rng.integers(0, x.shape[d], part.shape)
    assert_parity(*(lambda x, i, s, lib=lib: lib.scatter_reduce(
        x, d, i, s, "prod", include_self=keep) for lib in (scratch, torch)),
        x, i, part, order=1)


@pytest.mark.parametrize("call", [
    "L.gather(x, 0, i)", "L.scatter(x, 0, i, s)", "L.scatter(x, 0, i, 1.5)",
    "L.scatter_add(x, 0, i, s)", "L.scatter_reduce(x, 0, i, s, 'mean')",
    "L.scatter_reduce(x, 0, i, s, 'prod')"])
@pytest.mark.parametrize("size", [(0,), (0, 2), (2, 0)])
def test_an_empty_index_changes_nothing(call, size):
    def run(lib, x, i, s):
        return eval(call, {"L": lib, "x": x, "i": i, "s": s})

    assert_parity(*(lambda *given, lib=lib: run(lib, *given)
                    for lib in (scratch, torch)),
                  normal(0, 3, 4), np.zeros(size, np.int64), np.zeros(size))


@given(seed=seeds, d=st.integers(-2, 1))
def test_take_along_dim_counts_around(seed, d):
    x = normal(seed, 3, 4)
    i = np.random.default_rng(seed).integers(-9, 9, (3, 4))
    assert_parity(*(lambda x, i, lib=lib: lib.take_along_dim(x, i, d)
                    for lib in (scratch, torch)), x, i)
