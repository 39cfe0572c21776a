"""Spread, correlation, quantiles and counts against torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import arrays, normal, seeds


@pytest.mark.parametrize("name", ["var", "std", "var_mean", "std_mean"])
@given(seed=seeds, correction=st.integers(0, 2), keep=st.booleans(),
       dim=st.sampled_from([None, 0, -1, (0, 2)]))
def test_spread(name, seed, correction, keep, dim):
    options = dict(dim=dim, correction=correction, keepdim=keep)
    assert_parity(lambda x: getattr(scratch, name)(x, **options),
                  lambda x: getattr(torch, name)(x, **options),
                  normal(seed, 3, 4, 3))
    assert_parity(lambda x: getattr(scratch, name)(x, False),
                  lambda x: getattr(torch, name)(x, False), normal(seed, 4))


@pytest.mark.filterwarnings("ignore:.*degrees of freedom")
def test_spread_of_one_number_and_of_equals():
    for x in (np.ones(1), np.ones((3, 2))):
        assert_parity(lambda x: scratch.std(x, 0), lambda x: torch.std(x, 0),
                      x, order=1)
        assert_parity(lambda x: scratch.var(x, 0), lambda x: torch.var(x, 0),
                      x, order=1)


@given(seed=seeds, correction=st.integers(0, 1))
def test_covariance(seed, correction):
    x, weights = normal(seed, 3, 5), np.abs(normal(seed, 5)) + 0.5
    assert_parity(lambda x: scratch.cov(x, correction=correction),
                  lambda x: torch.cov(x, correction=correction), x)
    assert_parity(lambda x, w: scratch.cov(x, aweights=w.detach()),
                  lambda x, w: torch.cov(x, aweights=w.detach()), x, weights)
    # the diagonal is 1 up to rounding: clamped or not, as it happens
    assert_parity(lambda x: scratch.corrcoef(x).tril(-1),
                  lambda x: torch.corrcoef(x).tril(-1), x)


@pytest.mark.parametrize("name", ["quantile", "nanquantile"])
@pytest.mark.parametrize("way", ["linear", "lower", "higher", "midpoint",
                                 "nearest"])
@given(seed=seeds, q=st.sampled_from([0.0, 0.25, 0.5, 0.875, 1.0]),
       dim=st.sampled_from([None, 0, -1]), keep=st.booleans(),
       gaps=st.booleans())
def test_quantiles(name, way, seed, q, dim, keep, gaps):
    x = normal(seed, 3, 4)
    if gaps:
        x[0, 1] = np.nan
    options = dict(dim=dim, keepdim=keep, interpolation=way)
    assert_parity(lambda x: getattr(scratch, name)(x, q, **options),
                  lambda x: getattr(torch, name)(x, q, **options), x)
    qs = np.array([q, 0.5])
    assert_parity(
        lambda x, q: getattr(scratch, name)(x, q, **options),
        lambda x, q: getattr(torch, name)(x, q, **options), x, qs,
        order=1, single=way != "linear" or not gaps)


@given(x=arrays(), bins=st.integers(1, 9),
       bounds=st.sampled_from([(0, 0), (-1, 1), (0.5, 3)]))
def test_histogram(x, bins, bounds):
    assert_parity(lambda x: scratch.histc(x, bins, *bounds),
                  lambda x: torch.histc(x, bins, *bounds), x, order=0)


@given(x=st.lists(st.integers(0, 9)), least=st.integers(0, 12))
def test_bincount(x, least):
    a = np.array(x, np.int64)
    w = np.linspace(0, 1, len(a))
    assert_parity(lambda x: scratch.bincount(x, minlength=least),
                  lambda x: torch.bincount(x, minlength=least), a, order=0)
    assert_parity(lambda x, w: scratch.bincount(x, w.detach()),
                  lambda x, w: torch.bincount(x, w.detach()), a, w, order=0)


def test_what_torch_refuses():
    for lib in (scratch, torch):
        with pytest.raises(RuntimeError, match=r"in the range \[0, 1\]"):
            lib.ones(3).quantile(1.5)
        with pytest.raises(RuntimeError, match="non-negative integral"):
            lib.tensor([-1]).bincount()
        with pytest.raises(NotImplementedError, match="std and var only"):
            lib.ones(3).long().std()
