"""Running sums, products and extremes, differences and areas."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import arrays, full_shapes, normal, seeds

zeros = st.sampled_from([0.0, 1.0, 2.0, -0.5, 3.0])


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "logcumsumexp",
                                  "cummax", "cummin"])
@given(seed=seeds, dim=st.integers(-3, 2))
def test_along_a_dimension(name, seed, dim):
    assert_parity(lambda x: getattr(scratch, name)(x, dim),
                  lambda x: getattr(torch, name)(x, dim),
                  normal(seed, 2, 4, 3))


@pytest.mark.parametrize("name", ["cumprod", "cummax", "cummin", "cumsum"])
@given(x=arrays(shape=full_shapes, elements=zeros))
def test_with_zeros_and_ties(name, x):
    assert_parity(lambda x: getattr(scratch, name)(x, 0),
                  lambda x: getattr(torch, name)(x, 0), x)


@given(x=arrays(shape=(4,), elements=st.sampled_from([-1e4, 1e4, 0.0, 1.0])))
def test_logcumsumexp_of_far_numbers(x):
    assert_parity(lambda x: scratch.logcumsumexp(x, 0),
                  lambda x: torch.logcumsumexp(x, 0), x, order=1)


@given(seed=seeds, n=st.integers(0, 4), dim=st.integers(-2, 1))
def test_diff(seed, n, dim):
    x = normal(seed, 3, 4)
    assert_parity(lambda x: scratch.diff(x, n, dim),
                  lambda x: torch.diff(x, n, dim), x)
    assert_parity(lambda x: scratch.diff(x, dim=dim, prepend=x, append=x),
                  lambda x: torch.diff(x, dim=dim, prepend=x, append=x), x)


@pytest.mark.parametrize("name", ["trapezoid", "trapz",
                                  "cumulative_trapezoid"])
@given(seed=seeds, dim=st.integers(-2, 1))
def test_areas(name, seed, dim):
    y, x = normal(seed, 3, 3), normal(seed + 1, 3)
    ours, theirs = getattr(scratch, name), getattr(torch, name)
    assert_parity(lambda y: ours(y, dx=0.5, dim=dim),
                  lambda y: theirs(y, dx=0.5, dim=dim), y)
    assert_parity(lambda y, x: ours(y, x, dim=dim),
                  lambda y, x: theirs(y, x, dim=dim), y, x)
