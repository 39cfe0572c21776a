"""Pooling's kernels against torch's, and their fast forms against the plain."""

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from parity_tests.kernels.images import lying, near, walks, ways
from scratch.kernels import adaptive_pool, max_pool, pool, scatter

elements = st.sampled_from(["ties", "nan", "-inf", "both"])


def image(seed, shape, kind):
    """Few different numbers, so that there are ties."""
    rng = np.random.default_rng(seed)
    x = rng.integers(-2, 3, size=shape).astype(np.float64)
    if kind in ("nan", "both"):
        x[rng.random(shape) < 0.2] = np.nan
    if kind in ("-inf", "both"):
        x[rng.random(shape) < 0.5] = -np.inf
    return x


def pooling(walk):
    """A walk that torch's pooling takes: padding at most half a kernel."""
    _, c, _, size, kernel, geo = walk
    axes = zip(geo.padding, kernel)
    pads = tuple((min(a, k // 2),) * 2 for (a, _), k in axes)
    spans = [j * (k - 1) + 1 for k, j in zip(kernel, geo.dilation)]
    size = tuple(max(s, span, 2) for s, span in zip(size, spans))
    return c, size, kernel, geo._replace(padding=pads)


@given(walks(), st.integers(0, 999), elements, ways, st.booleans())
def test_max_pool_and_its_adjoint(walk, seed, kind, way, ceil):
    c, size, kernel, plain = pooling(walk)
    if len(size) == 3 and kind in ("-inf", "both"):
        kind = "nan"  # torch's 3-d index of a window of -inf forgets the depth
    x = lying(image(seed, (2, c, *size), kind), way)
    call = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[len(size) - 1]
    pads = [a for a, _ in plain.padding]
    theirs = torch.tensor(x, requires_grad=True)
    ty, ti = call(
        theirs, kernel, plain.stride, pads, plain.dilation, ceil,
        return_indices=True,
    )  # fmt: skip
    geo = pool.pool_geometry(plain, size, kernel, ceil)
    y, where = max_pool.max_pool(x, kernel, geo)
    best, won = max_pool.max_pool_taps(x, kernel, geo)
    for ours in (y, best, max_pool.max_values(x, kernel, geo)):
        np.testing.assert_array_equal(ours, ty.detach().numpy())
    np.testing.assert_array_equal(where, ti.numpy())
    np.testing.assert_array_equal(
        max_pool.tap_positions(won, kernel, geo, size), where
    )
    np.testing.assert_array_equal(max_pool.pick_taps(x, won, kernel, geo), y)
    np.testing.assert_array_equal(max_pool.pick_planes(x, where), y)
    g = np.random.default_rng(seed).normal(size=y.shape)
    (gx,) = torch.autograd.grad(ty, theirs, torch.tensor(g))
    placed = scatter.place_planes(g, where, int(np.prod(size)))
    near(placed.reshape(x.shape), gx.numpy(), 1e-14)
    g = lying(g, way)
    near(max_pool.place_taps(g, won, kernel, geo, size), gx.numpy(), 1e-14)


@given(walks(st.integers(1, 2)), st.integers(0, 999), ways, st.booleans(),
       st.booleans())  # fmt: skip
def test_window_sums_and_counts(walk, seed, way, ceil, padded):
    c, size, kernel, plain = pooling(walk)
    plain = plain._replace(dilation=(1,) * len(size))
    x = lying(image(seed, (2, c, *size), "ties"), way)
    call = (F.avg_pool1d, F.avg_pool2d)[len(size) - 1]
    theirs = torch.tensor(x, requires_grad=True)
    pads = [a for a, _ in plain.padding]
    ty = call(theirs, kernel, plain.stride, pads, ceil, padded)
    geo = pool.pool_geometry(plain, size, kernel, ceil)
    held = pool.window_count(size, kernel, geo, plain if padded else None)
    near(pool.window_sum(x, kernel, geo) / held, ty.detach().numpy(), 1e-14)
    g = np.random.default_rng(seed).normal(size=ty.shape)
    (gx,) = torch.autograd.grad(ty, theirs, torch.tensor(g))
    g = lying(g / held, way)
    near(pool.window_sum_input(g, kernel, geo, size), gx.numpy(), 1e-14)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 5)), min_size=1,
                max_size=3), st.integers(0, 999), elements)  # fmt: skip
def test_adaptive_pooling(axes, seed, kind):
    size, count = (tuple(column) for column in zip(*axes))
    x = image(seed, (2, 3, *size), kind)
    d = len(size) - 1
    largest = (F.adaptive_max_pool1d, F.adaptive_max_pool2d,
               F.adaptive_max_pool3d)[d]  # fmt: skip
    ty, ti = largest(torch.tensor(x), count, return_indices=True)
    y, where = adaptive_pool.adaptive_max(x, count)
    np.testing.assert_array_equal(y, ty.numpy())
    np.testing.assert_array_equal(where, ti.numpy())
    mean = (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d,
            F.adaptive_avg_pool3d)[d]  # fmt: skip
    x = image(seed, x.shape, "ties")
    theirs = torch.tensor(x, requires_grad=True)
    ty = mean(theirs, count)
    held = adaptive_pool.adaptive_count(size, count)
    near(
        adaptive_pool.adaptive_sum(x, count) / held, ty.detach().numpy(), 1e-14
    )
    g = np.random.default_rng(seed).normal(size=y.shape)
    (gx,) = torch.autograd.grad(ty, theirs, torch.tensor(g))
    near(adaptive_pool.adaptive_sum_input(g / held, size), gx.numpy(), 1e-14)
