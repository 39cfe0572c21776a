"""Made data is the formula in torch, from the same draws; folds are fair."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from scratch.utils.folds import fold_indices, k_folds
from scratch.utils.synthetic import blobs, linear_data, polynomial_data

seeds = st.integers(0, 2**32)


def same(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        assert str(a.dtype) == str(b.dtype)
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-5)
    state = torch.get_rng_state().numpy()
    np.testing.assert_array_equal(scratch.get_rng_state().numpy(), state)


@given(seeds, st.integers(1, 40))
def test_linear_data(seed, n):
    for side in (scratch, torch):
        side.manual_seed(seed)
    x = torch.normal(0.0, 1.0, (n, 2))
    y = x @ torch.tensor([[2.0], [-3.4]]) + 4.2
    y += torch.normal(0.0, 0.01, y.shape)
    same(linear_data([2, -3.4], 4.2, n), (x, y))


@given(seeds, st.integers(1, 30), st.integers(1, 20))
def test_polynomial_data(seed, n, degree):
    for side in (scratch, torch):
        side.manual_seed(seed)
    x = torch.normal(0.0, 1.0, (n, 1))
    powers = [x.double() ** i / math.factorial(i) for i in range(20)]
    features = torch.cat(powers, 1).float()
    y = features[:, :4] @ torch.tensor([[5], [1.2], [-3.4], [5.6]])
    y += torch.normal(0.0, 0.1, y.shape)
    made = polynomial_data([5, 1.2, -3.4, 5.6], n, degree)
    same(made, (features[:, :degree], y))


@given(seeds, st.integers(1, 30))
def test_blobs(seed, n):
    for side in (scratch, torch):
        side.manual_seed(seed)
    centres = [[0.0, 5.0], [-5.0, 0.0], [5.0, 0.0]]
    labels = torch.randint(0, 3, (n,))
    x = torch.tensor(centres)[labels] + torch.normal(0.0, 0.5, (n, 2))
    same(blobs(n, centres, 0.5), (x, labels))
    with pytest.raises(ValueError, match="centres should have shape"):
        blobs(n, [1.0, 2.0])


@given(st.integers(2, 30), st.data(), st.booleans())
def test_each_example_is_left_out_once(n, data, shuffle):
    k = data.draw(st.integers(2, n))
    parts = fold_indices(n, k, shuffle)
    assert sorted(i for part in parts for i in part) == list(range(n))
    sizes = [len(part) for part in parts]
    assert max(sizes) - min(sizes) <= 1 and sizes == sorted(sizes)[::-1]
    for train, valid in k_folds(range(n), k, shuffle):
        assert sorted([*train, *valid]) == list(range(n))


@pytest.mark.parametrize("k", [-1, 0, 1, 5])
def test_folds_that_cannot_be_are_refused(k):
    with pytest.raises(ValueError, match="k should be between 2 and the 4"):
        fold_indices(4, k)
