"""Maximum, minimum and clamp against torch, ties included."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import broadcastable

few = st.sampled_from([0.0, 1.0, -1.0, np.nan, np.inf, 0.5])


@pytest.mark.parametrize("name", ["maximum", "minimum", "fmax", "fmin",
                                  "clamp", "clip", "clamp_min", "clamp_max"])
@given(pair=broadcastable(elements=few))
def test_two_tensors(name, pair):
    assert_parity(getattr(scratch, name), getattr(torch, name), *pair)


@pytest.mark.parametrize(
    "bounds", [*itertools.product([0.0, 1.0, np.nan], repeat=3)])
def test_clamp_between_tensors(bounds):
    assert_parity(scratch.clamp, torch.clamp, *map(np.array, bounds))


@given(x=st.lists(few, min_size=1), low=st.sampled_from([None, 0, 0.5]),
       high=st.sampled_from([1, 0.5, -1.0]))
def test_clamp_between_numbers(x, low, high):
    assert_parity(lambda x: scratch.clamp(x, low, high),
                  lambda x: torch.clamp(x, low, high), np.array(x))
    assert_parity(lambda x: scratch.clamp_max(x, high),
                  lambda x: torch.clamp_max(x, high), np.array(x))
    assert_parity(lambda x: scratch.clamp_min(x, high),
                  lambda x: torch.clamp_min(x, high), np.array(x))


def test_what_torch_refuses():
    for lib in (scratch, torch):
        with pytest.raises(RuntimeError, match="At least one of"):
            lib.ones(2).clamp()
        with pytest.raises(TypeError, match="must be Tensor, not float"):
            lib.maximum(lib.ones(2), 2.0)
        with pytest.raises(RuntimeError, match="outside the representable"):
            lib.ones(2).byte().clamp_max(-1)
