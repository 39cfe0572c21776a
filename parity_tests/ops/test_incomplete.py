"""The incomplete gamma functions against torch, at every kind of number."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

ENDS = [0.0, -0.0, 1.0, 2.5, -1.0, np.inf, -np.inf, np.nan, 1e300]


@pytest.mark.parametrize("name", ["igamma", "igammac"])
@given(seed=st.integers(0, 2**32), size=st.sampled_from([0, 1, 40]),
       kind=st.sampled_from(["float32", "float64"]))
def test_shares_are_torchs(name, seed, size, kind):
    form = np.random.default_rng(seed)
    a = np.exp(form.uniform(-3, 8, size)).astype(kind)
    x = (a * np.exp(form.normal(0, 0.5, size))).astype(kind)
    y, u = (getattr(lib, name)(lib.tensor(a), lib.tensor(x))
            for lib in (scratch, torch))
    assert y.array.dtype == kind
    # torch: nine digits where a is large
    np.testing.assert_allclose(y.array, u.numpy(), rtol=1e-4,
                               atol=1e-8 if kind == "float64" else 2e-6)


@pytest.mark.parametrize("name", ["igamma", "igammac"])
def test_the_ends_are_torchs(name):
    grid = [(a, x) for a in ENDS for x in ENDS]
    a, x = (np.array(part) for part in zip(*grid))
    y, u = (getattr(lib, name)(lib.tensor(a), lib.tensor(x))
            for lib in (scratch, torch))
    np.testing.assert_allclose(y.array, u.numpy(), rtol=1e-9)


@pytest.mark.parametrize("name", ["igamma", "igammac"])
def test_the_shape_has_no_gradient(name):
    messages = []
    for lib in (scratch, torch):
        a = lib.tensor(2.0, requires_grad=True)
        with pytest.raises(NotImplementedError) as caught:
            getattr(lib, name)(a, lib.tensor(1.0)).backward()
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


@pytest.mark.parametrize("name", ["igamma", "igammac"])
def test_a_number_is_refused(name):
    for lib in (scratch, torch):
        with pytest.raises(TypeError, match="'other' .position 2. must be T"):
            getattr(lib, name)(lib.ones(3), 2)
