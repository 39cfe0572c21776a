"""The fast forms of the pointwise and norm kernels against the textbook's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity_tests.kernels.images import drawn, lying, near, poison, seeds, ways
from scratch.kernels import (
    forms,
    masks,
    norm,
    picking,
    pointwise,
    scatter,
    threads,
)
from scratch.kernels.memory import memory

shapes = st.lists(st.integers(1, 9), min_size=2, max_size=4).map(tuple)
floats = st.sampled_from(["f4", "f8"])


@given(shapes, seeds, st.sampled_from(["f2", "f4", "f8"]), ways, ways)
def test_silu(shape, seed, dtype, way, other):
    x, g = drawn(seed, dtype, shape, shape)
    x.flat[0], x.flat[-1] = 60000, -60000
    poison()
    wide = x.astype(float)
    s = pointwise.textbook_sigmoid(wide)
    slack = 8 * np.finfo(dtype).eps
    y = pointwise.silu(lying(x, way))
    near(y, wide * s, slack)
    gx = pointwise.silu_input(lying(g, other), lying(x, way))
    near(gx, g * s * (1 + wide * (1 - s)), slack)
    assert y.dtype == gx.dtype == x.dtype


@pytest.mark.parametrize("name", ["relu", "sigmoid", "relu_input",
                                  "sigmoid_input"])  # fmt: skip
@given(shapes, seeds, st.sampled_from(["f2", "f4", "f8"]), ways, ways)
def test_pointwise(name, shape, seed, dtype, way, other):
    x, g = drawn(seed, dtype, shape, shape)
    odd = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 60000], dtype)
    rng = np.random.default_rng(seed)
    for a in (x, g):
        spots = rng.integers(0, a.size, 6)
        a.flat[spots] = odd
    if name == "sigmoid_input":  # reads the result, which is within 0 … 1
        x = pointwise.textbook_sigmoid(x)
    if name == "relu_input":  # reads the result, which is not negative
        x = pointwise.relu(x)
    args = (lying(x, way),) if name in ("relu", "sigmoid") else (
        lying(g, way), lying(x, other))  # fmt: skip
    call = getattr(pointwise, name)
    poison()
    with np.errstate(all="ignore"):
        ours = call(*args)
        with forms.textbook():
            plain = call(*args)
    assert ours.dtype == plain.dtype == x.dtype
    np.testing.assert_allclose(ours, plain, rtol=4 * np.finfo(dtype).eps)


@given(st.integers(1, 99), floats)
def test_relu_is_never_negative_zero(size, dtype):
    x = np.full(size, -0.0, dtype)
    y = pointwise.relu(x)
    assert not np.signbit(y).any()
    np.testing.assert_array_equal(pointwise.relu_input(x + 2, y), 0)


@given(shapes, seeds, st.sampled_from(["f2", "f4", "f8", "i4"]), ways, ways)
def test_chosen_is_where(shape, seed, dtype, way, other):
    x, y, z = drawn(seed, dtype, shape, shape[-1:], shape)
    mask = lying(z > 0, other)
    if dtype != "i4":
        for a in (x, y):
            a.flat[0], a.flat[-1] = np.nan, -np.inf
    poison()
    x = lying(x, way)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(masks, "SMALL", 0)
        ours = masks.chosen(mask, x, y)
        kept = masks.kept(x, mask)
    np.testing.assert_array_equal(ours, np.where(mask, x, y))
    np.testing.assert_array_equal(kept, np.where(mask, x, 0))
    assert ours.dtype == x.dtype
    assert ours.flags.c_contiguous or dtype == "i4"


@given(shapes, seeds, st.sampled_from(["f2", "f4", "f8"]), st.floats(width=16))
def test_either_is_where_of_two_numbers(shape, seed, dtype, b):
    mask = drawn(seed, "f4", shape)[0] > 0
    ours = masks.either(mask, 1, b, np.dtype(dtype))
    np.testing.assert_array_equal(ours, np.where(mask, 1, b))
    assert ours.dtype == dtype


@given(shapes, seeds, floats, ways, ways, st.booleans())
def test_batch_norm(shape, seed, dtype, way, other, scaled):
    x, g, w, b = drawn(seed, dtype, shape, shape, shape[1:2], shape[1:2])
    x = lying(x + 3, way)
    g = lying(g, other)
    poison()
    exact = norm.textbook_moments(x.astype(float))
    mean, var = norm.moments(x)
    slack = 50 * np.finfo(dtype).eps
    near(mean, exact[0], slack)
    assert np.abs(var - exact[1]).max() <= slack * (1 + exact[1].max())
    scale = (1 / np.sqrt(var + 1e-1)).astype(dtype)
    weights = (w, b) if scaled else (None, None)
    args = [None if a is None else a.astype(float) for a in weights]
    wide = [a.astype(float) for a in (x, mean, scale)]
    y = norm.standardize(x, mean, scale, *weights)
    with forms.textbook():
        exact_y = norm.standardize(*wide, *args)
    assert y.dtype == x.dtype
    assert np.abs(y - exact_y).max() <= slack * (8 + np.abs(exact_y).max())
    ours = norm.standardize_input(g, x, mean, scale, weights[0])
    theirs = norm.textbook_standardize_input(g.astype(float), *wide, args[0])
    ours += norm.scale_input(g, x, mean, scale, weights[0])
    with forms.textbook():
        theirs += norm.scale_input(g.astype(float), *wide, args[0])
    for a, e in zip(ours, theirs, strict=True):
        assert a.dtype == x.dtype
        assert np.abs(a - e).max() <= 8 * slack * (8 + np.abs(e).max())


@given(st.integers(0, 30), st.integers(1, 6),
       st.sampled_from([0, 1, 4, 16, 17]), seeds,
       st.sampled_from(["f4", "f8", "i8", "f2"]))  # fmt: skip
def test_place_adds_where_positions_repeat(count, rows, width, seed, dtype):
    (values,) = drawn(seed, dtype, (count, width))
    where = np.random.default_rng(seed).integers(0, rows, count)
    out = np.zeros((rows, width), values.dtype)
    exact = np.zeros((rows, width))
    for row, at in zip(values, where):
        exact[at] += row
    out = scatter.place_rows(values, where, rows)
    assert out.dtype == values.dtype
    np.testing.assert_allclose(out, exact, atol=4e-2 if dtype == "f2" else 1e-5)


@given(shapes, seeds, st.data(), st.sampled_from(["f4", "f8", "i8", "f2"]))
def test_placed_adds_whole_slices_where_they_were_picked(
    shape, seed, data, dtype
):
    d = data.draw(st.integers(0, len(shape) - 1))
    size = data.draw(st.sampled_from([(0,), (5,), (2, 3)]))
    where = np.random.default_rng(seed).integers(-shape[d], shape[d], size)
    index = (slice(None),) * d + (where,)
    index += data.draw(st.sampled_from([(), (...,), (slice(None),)]))
    if len(index) > len(shape) and index[-1] is not Ellipsis:
        index = index[:-1]
    (value,) = drawn(seed, dtype, np.zeros(shape)[index].shape)
    exact = np.zeros(shape, dtype)
    np.add.at(exact, index, value)
    ours = picking.placed(value, index, shape)
    assert ours.dtype == exact.dtype and ours.flags.c_contiguous
    np.testing.assert_array_equal(ours, exact)


@pytest.fixture
def two_threads(monkeypatch):
    """Two parts, whatever cores there are."""
    monkeypatch.setattr(threads, "wanted", 2)
    monkeypatch.setattr(threads, "cores", lambda: 2)


def test_share_covers_the_range_and_hands_errors_on(two_threads):
    seen = np.zeros(1000, int)

    def mark(start, stop):
        seen[start:stop] += 1
        threads.share(lambda a, b: None, 10)  # a loop within a loop

    threads.share(mark, 1000)
    assert (seen == 1).all()

    def fail(start, stop):
        raise ValueError(f"from {start}")

    with pytest.raises(ValueError, match="from"):
        threads.share(fail, 1000)
    threads.share(mark, 1000)
    assert (seen == 2).all()


def test_workers_are_as_silent_as_the_thread_that_computes(two_threads):
    x = np.full(1 << 19, -200, "f4")
    np.testing.assert_array_equal(pointwise.sigmoid(x), 0)  # e²⁰⁰ is ∞


def test_set_num_threads_refuses_what_torch_refuses():
    with pytest.raises(RuntimeError, match="positive integer"):
        threads.set_num_threads(0)
    with pytest.raises(RuntimeError, match="expects an int"):
        threads.set_num_threads(1.5)


def test_channels_last_results_of_plain_images(monkeypatch):
    monkeypatch.setattr(memory, "last", True)
    x, g = drawn(0, "f4", (4, 3, 5, 6), (4, 3, 5, 6))
    for way, other in (("plain", "last"), ("last", "plain")):
        a, b = lying(x, way), lying(g, other)
        mean, var = norm.moments(a)
        y = norm.standardize(a, mean, var)
        ours = norm.standardize_input(b, a, mean, var)
        plain = norm.textbook_standardize_input(g, x, mean, var)
        near(y, (x - mean[:, None, None]) * var[:, None, None], 1e-5)
        for mine, its in zip(ours, plain):
            near(mine, its, 1e-5)


def test_large_arrays_are_shared_among_threads(two_threads):
    (x,) = drawn(0, "f4", (64, 8, 40, 40))
    ours = pointwise.relu(x)
    np.testing.assert_array_equal(ours, np.maximum(x, 0))
    mean, var = norm.moments(x)
    near(mean, x.astype(float).mean((0, 2, 3)), 1e-5)
    near(var, x.astype(float).var((0, 2, 3)), 1e-5)


@given(shapes, seeds, ways, ways)
def test_a_product_is_added_before_it_is_rounded(shape, seed, way, other):
    a, b, c = drawn(seed, "f4", shape, shape, shape)
    for factor in (c, np.float32(0.3), np.asarray(np.float32(0.3))):
        poison()
        exact = (a.astype(float) + b.astype(float) * factor).astype("f4")
        found = pointwise.plus_product(lying(a, way), lying(b, other), factor)
        np.testing.assert_array_equal(found, exact)
