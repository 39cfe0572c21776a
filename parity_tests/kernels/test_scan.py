"""Running sums in groups, and the order of rows by keys."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.kernels.images import drawn, poison, seeds
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal
from scratch.kernels import order, rows, scan

sizes = st.tuples(st.integers(1, 5), st.integers(1, 100))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Every array is large, and of several blocks."""
    monkeypatch.setattr(rows, "LARGE", 1)
    monkeypatch.setattr(scan, "BLOCK", 64)


@given(seeds, sizes, st.sampled_from(["f4", "f8"]), st.booleans(),
       st.sampled_from([np.nan, np.inf, -np.inf, 1.0]))  # fmt: skip
def test_running_sums(seed, size, dtype, reverse, odd):
    (x,) = drawn(seed, dtype, size)
    x.flat[seed % x.size] = odd
    poison()
    y = scan.running_sums(x, reverse)
    exact = scan.textbook(x.astype(float), reverse)
    slack = 200 * np.finfo(dtype).eps
    np.testing.assert_allclose(y, exact, rtol=slack, atol=slack)


@given(seeds, st.integers(2, 70), st.integers(0, 2))
def test_cumsum_and_its_gradients(seed, width, dim):
    assert_parity(lambda x: scratch.cumsum(x, dim),
                  lambda x: torch.cumsum(x, dim),
                  normal(seed, 2, 3, width))  # fmt: skip


def test_as_near_the_truth_as_torch():
    x = np.random.default_rng(0).random((3, 20_000), np.float32)
    exact = np.cumsum(x, 1, float)
    mine = np.abs(scan.running_sums(x) - exact).max()
    torchs = np.abs(torch.from_numpy(x).cumsum(1).numpy() - exact).max()
    assert mine <= 3 * torchs  # one after another: 130 times


@given(seeds, st.integers(0, 1), st.booleans(), st.sampled_from(order.KINDS),
       st.tuples(st.integers(0, 9), st.integers(1, 40)))  # fmt: skip
def test_order_is_the_stable_order(seed, d, down, kind, size):
    rng = np.random.default_rng(seed)
    a = rng.integers(-3, 4, size).astype(kind)
    if a.dtype.kind == "f":
        odd = np.array([np.nan, -np.nan, np.inf, -np.inf, -0.0, 1e-7], kind)
        a = np.where(rng.random(size) < 0.4, rng.choice(odd, size), a)
    place = order.order(a, d, down)
    t = torch.from_numpy(a)
    theirs = t.sort(dim=d, descending=down, stable=True).indices
    np.testing.assert_array_equal(place, theirs.numpy())


@given(seeds, st.integers(0, 5), st.integers(0, 1), st.booleans())
def test_running_results_slice_by_slice(seed, width, dim, product):
    (x,) = drawn(seed, "f4", (3, width, 4))
    function = np.multiply if product else np.add
    for a in (x, x.transpose(2, 1, 0)):
        found = scan.down(function, a, dim)
        np.testing.assert_array_equal(found, function.accumulate(a, dim))


@given(seeds, st.integers(0, 2), st.integers(1, 6), st.booleans(),
       st.sampled_from([None, np.nan, np.inf, -np.inf, 0.0]))  # fmt: skip
def test_the_first_of_long_rows(seed, dim, k, largest, odd):
    shape = [2, 3, 4]
    shape[dim] = 400
    (x,) = drawn(seed, "f4", tuple(shape))
    if odd is not None:  # ties, or what compares with nothing
        x.flat[:: 1 + seed % 7] = odd
    turned = np.sort(x, dim, kind="stable")
    best = np.flip(turned, dim) if largest else turned
    found = scratch.from_numpy(x).topk(k, dim, largest)
    first = [slice(None)] * 3
    first[dim] = slice(0, k)
    if not np.isnan(x).any():
        np.testing.assert_array_equal(found.values.numpy(), best[tuple(first)])
    theirs = torch.from_numpy(x).topk(k, dim, largest)
    np.testing.assert_array_equal(found.values.numpy(), theirs.values.numpy())
    places = found.indices.numpy()
    again = np.take_along_axis(x, places, dim)
    np.testing.assert_array_equal(again, found.values.numpy())
