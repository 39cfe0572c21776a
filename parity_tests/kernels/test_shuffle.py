"""The shuffle without a loop does what the loop of swaps does."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.kernels.images import poison, seeds
from scratch.kernels import shuffle


@given(st.integers(2, 60), seeds, st.integers(1, 60))
def test_all_swaps_at_once(n, seed, reach):
    rng = np.random.default_rng(seed)
    start = np.arange(n - 1)
    other = np.minimum(start + rng.integers(0, reach, n - 1), n - 1)
    poison()
    ours = shuffle.all_at_once(other)
    np.testing.assert_array_equal(ours, shuffle.shuffled(other))


@pytest.mark.parametrize("n", [1023, 1024, 1025, 1026, 70_000])
def test_long_shuffles_have_torchs_numbers(n):
    ours = scratch.Generator().manual_seed(n).randperm(n)
    theirs = torch.randperm(n, generator=torch.Generator().manual_seed(n))
    np.testing.assert_array_equal(ours, theirs.numpy())
