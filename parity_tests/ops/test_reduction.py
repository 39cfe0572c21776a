"""Sums, products, extremes and truth values against torch."""

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import (
    anything,
    arrays,
    distinct,
    full_shapes,
    normal,
    seeds,
)

DIMS = st.sampled_from([0, 1, 2, -1, (0, 2), (1, -1)])
zeros = st.sampled_from([0.0, 1.0, 2.0, -0.5, 3.0])
gaps = st.sampled_from([np.nan, 1.0, 2.0, -0.5, 3.0])


@pytest.mark.parametrize("name", [
    "sum", "mean", "prod", "amax", "amin", "max", "min", "nansum",
    "nanmean", "logsumexp"])
@given(x=arrays(shape=full_shapes))
def test_of_everything(name, x):
    if name == "logsumexp":
        assert_parity(lambda x: scratch.logsumexp(x.flatten(), 0),
                      lambda x: torch.logsumexp(x.flatten(), 0), x)
        return
    if name == "prod":  # torch's second derivative divides by x²: it is off
        x = np.where(np.abs(x) < 1e-6, 0, x)  # by more than 1e-9 below this
    assert_parity(getattr(scratch, name), getattr(torch, name), x)


@pytest.mark.parametrize("name", [
    "sum", "mean", "amax", "amin", "nansum", "nanmean", "logsumexp", "std",
    "var"])
@given(seed=seeds, dim=DIMS, keep=st.booleans())
@example(seed=65424, dim=1, keep=False)
def test_over_dimensions(name, seed, dim, keep):
    # where two numbers meet, the second slope of their std, which is 0, is
    # rounding over their distance: more than 1e-9 in torch itself
    x = (distinct if name == "std" else normal)(seed, 3, 2, 3)
    assert_parity(lambda x: getattr(scratch, name)(x, dim, keepdim=keep),
                  lambda x: getattr(torch, name)(x, dim, keepdim=keep), x)


@pytest.mark.parametrize("name", ["prod", "max", "min", "median",
                                  "nanmedian", "mode", "aminmax"])
@given(seed=seeds, dim=st.integers(-2, 1), keep=st.booleans())
def test_along_a_dimension(name, seed, dim, keep):
    assert_parity(lambda x: getattr(scratch, name)(x, dim=dim, keepdim=keep),
                  lambda x: getattr(torch, name)(x, dim=dim, keepdim=keep),
                  distinct(seed, 3, 4))


@given(x=arrays(shape=full_shapes, elements=zeros))
def test_products_with_zeros(x):
    assert_parity(scratch.prod, torch.prod, x)
    assert_parity(lambda x: scratch.prod(x, 0), lambda x: torch.prod(x, 0), x)


@pytest.mark.parametrize("name", ["amax", "amin", "max", "min", "aminmax"])
@given(x=arrays(shape=full_shapes, elements=zeros))
def test_ties_share_the_gradient(name, x):
    assert_parity(getattr(scratch, name), getattr(torch, name), x)


@pytest.mark.parametrize("name", ["nansum", "nanmean", "median", "nanmedian",
                                  "max", "min", "sum"])
@given(x=arrays(shape=full_shapes, elements=gaps))
def test_with_gaps(name, x):
    assert_parity(getattr(scratch, name), getattr(torch, name), x)


@pytest.mark.parametrize("name", [
    "sum", "prod", "all", "any", "count_nonzero", "argmax", "argmin", "max",
    "min", "amax", "amin", "mean", "std", "median", "nansum", "cumsum",
    "cumprod", "sort", "argsort"])
@given(x=anything(shape=(2, 3)), dim=st.sampled_from([None, 0, -1]))
def test_every_dtype(name, x, dim):
    found = []
    args = [] if dim is None else [dim]
    if name in ("cumsum", "cumprod") and not args:
        args = [0]
    for lib in (scratch, torch):
        try:
            y = getattr(lib, name)(lib.from_numpy(x.copy()), *args)
            y = y[0] if isinstance(y, tuple) else y
            found.append(y.numpy())
        except (RuntimeError, IndexError, TypeError) as error:
            found.append(f"{type(error).__name__}: {error}")
    ours, theirs = found
    if isinstance(theirs, str):
        assert ours == theirs
        return
    assert ours.dtype == theirs.dtype
    eps = 1e-2 if ours.dtype == np.float16 else 1e-5
    np.testing.assert_allclose(ours, theirs, rtol=eps, atol=eps)


@pytest.mark.parametrize("name", ["max", "min", "aminmax", "median", "mode",
                                  "sort", "cummax"])
def test_results_have_names_and_print_so(name):
    x = [[1.0, 3.0, 2.0], [5.0, 4.0, 6.0]]
    ours, theirs = (getattr(lib, name)(lib.tensor(x), dim=0)
                    for lib in (scratch, torch))
    assert repr(ours) == repr(theirs)
    assert type(ours).__name__ == type(theirs).__name__


@pytest.mark.filterwarnings("ignore:.*degrees of freedom")
@pytest.mark.parametrize("name", ["max", "amax", "argmax", "median", "mode",
                                  "aminmax", "sum", "prod", "all", "any",
                                  "std", "mean"])
@pytest.mark.parametrize("shape", [(0,), (2, 0), (0, 3), ()])
def test_of_nothing_and_of_a_number(name, shape):
    found = []
    for lib in (scratch, torch):
        for options in ({}, {"dim": 0}):
            try:
                y = getattr(lib, name)(lib.zeros(shape), **options)
                found.append(repr(y))
            except (RuntimeError, IndexError) as error:
                found.append(f"{type(error).__name__}: {error}")
    assert found[:2] == found[2:]


@pytest.mark.parametrize("size", [(0,), (3, 0), (0, 2), (2, 0, 3)])
def test_the_product_of_nothing_has_derivatives(size):
    assert_parity(scratch.prod, torch.prod, np.zeros(size))
    assert_parity(lambda x: scratch.prod(x, -1), lambda x: torch.prod(x, -1),
                  np.zeros(size))


@pytest.mark.parametrize("dim", [None, 0])
def test_the_norm_that_counts_gives_no_gradient(dim):
    for lib in (scratch, torch):
        x = lib.ones(2, 3, requires_grad=True)
        y = lib.norm(x, 0, dim)
        assert y.requires_grad
        y.sum().backward()
        assert x.grad is None
