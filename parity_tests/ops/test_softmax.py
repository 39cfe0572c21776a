"""Softmax, its logarithm and logsumexp against torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import anything, normal, seeds


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
@given(seed=seeds, dim=st.integers(-3, 2), scale=st.sampled_from([1, 30]))
def test_along_a_dimension(name, seed, dim, scale):
    assert_parity(lambda x: getattr(scratch, name)(x, dim),
                  lambda x: getattr(torch, name)(x, dim),
                  scale * normal(seed, 2, 4, 3), single=scale == 1)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp"])
@pytest.mark.parametrize("row", [
    (1e4, -1e4), (-np.inf, 0.0), (-np.inf, -np.inf), (np.inf, 1.0),
    (np.nan, 1.0), (88.8, 88.9), ()])
def test_far_and_odd_numbers(name, row):
    assert_parity(lambda x: getattr(scratch, name)(x, 0),
                  lambda x: getattr(torch, name)(x, 0), np.array(row, float))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@given(x=anything())
def test_dtypes(name, x):
    assert_parity(
        lambda x: getattr(scratch, name)(x, 0, dtype=scratch.float64),
        lambda x: getattr(torch, name)(x, 0, dtype=torch.float64), x,
        order=0, single=False)
    if x.dtype.kind in "iub" and x.size:
        for lib in (scratch, torch):
            with pytest.raises(NotImplementedError, match="not implemented"):
                getattr(lib, name)(lib.from_numpy(x), 0)
