"""Every form of convolution equals the textbook's, and that equals torch's."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from parity_tests.kernels.images import (
    drawn,
    lying,
    near,
    one_group,
    poison,
    seeds,
    walks,
    ways,
)
from scratch.kernels import (
    conv,
    depthwise,
    forms,
    textbook,
    threads,
    unfold,
    winograd,
)
from scratch.kernels.windows import geometry

two = st.just(2)
tolerance = {np.float64: 1e-11, np.float32: 2e-5}
floats = st.sampled_from([np.float32, np.float64])


def agree(form, x, w, geo, way, extra=()):
    """The three convolutions of a form, twice in a row, against float64."""
    kernel, size = w.shape[2:], x.shape[2:]
    x64, w64 = x.astype(float), w.astype(float)
    y64 = textbook.conv(x64, w64, geo)
    y = lying(y64.astype(x.dtype), way)
    x = lying(x, way)
    side = (kernel[0],) if form is winograd else (kernel,)
    for _ in range(2):
        poison()
        allowed = tolerance[x.dtype.type]
        near(form.conv(x, w, geo, *extra), y64, allowed)
        near(
            form.conv_input(y, w, geo, size, *extra),
            textbook.conv_input(y64, w64, geo, size),
            allowed,
        )
        near(
            form.conv_weight(x, y, geo, *side, *extra),
            textbook.conv_weight(x64, y64, geo, kernel),
            allowed,
        )


@given(walks(), seeds, st.sampled_from(["f4", "f8", "f2", "i8"]))
def test_textbook_is_torchs(walk, seed, dtype):
    n, c, o, size, kernel, geo = walk
    if dtype == "i8":  # torch has no dilated form for integers
        geo = geo._replace(dilation=(1,) * len(size))
    flat = [(a, a) for a, _ in geo.padding]  # torch has no other
    geo = geo._replace(padding=tuple(flat))
    reach = [j * (k - 1) + 1 for k, j in zip(kernel, geo.dilation)]
    if any(s + a + b < r for s, (a, b), r in zip(size, flat, reach)):
        return
    shape = (o, c // geo.groups, *kernel)
    x, w = drawn(seed, dtype, (n, c, *size), shape)
    call = (torch.conv1d, torch.conv2d, torch.conv3d)[len(size) - 1]
    pads = [a for a, _ in flat]
    theirs = call(
        torch.tensor(x), torch.tensor(w), None, geo.stride, pads,
        geo.dilation, geo.groups,
    )  # fmt: skip
    ours = textbook.conv(x, w, geo)
    assert ours.dtype == theirs.numpy().dtype
    allowed = {"f4": 1e-5, "f8": 1e-12, "f2": 4e-3}.get(dtype, 0)
    near(ours.astype(float), theirs.double().numpy(), allowed)


@given(walks(), seeds, floats, ways)
def test_the_chosen_form_is_the_textbooks(walk, seed, dtype, way):
    n, c, o, size, kernel, geo = walk
    x, w = drawn(seed, dtype, (n, c, *size), (o, c // geo.groups, *kernel))
    agree(conv, x, w, geo, way)


@given(walks(two), seeds, floats, ways, st.sampled_from([10, 400, 10**6]))
def test_unfold(walk, seed, dtype, way, entries):
    n, c, o, size, kernel, geo = walk
    x, w = drawn(seed, dtype, (n + 1, c, *size), (o, c, *kernel))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unfold, "ROWS", entries)
        agree(unfold, x, w, one_group(geo), way)


@given(
    st.sampled_from([(2, 3), (3, 3), (4, 3), (2, 5)]),
    st.tuples(*[st.integers(1, 6)] * 3),
    st.tuples(*[st.integers(5, 17)] * 2),
    st.tuples(*[st.integers(0, 3)] * 4),
    seeds,
    floats,
    ways,
    st.sampled_from([10, 400, 10**6]),
    st.booleans(),
)
def test_winograd(tile, sizes, size, pads, seed, dtype, way, entries, deep):
    (m, r), (n, c, o) = tile, sizes
    geo = geometry(2, 1, (pads[:2], pads[2:]))
    x, w = drawn(seed, dtype, (n, c, *size), (o, c, r, r))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(winograd, "TILES", entries)
        patch.setattr(winograd, "DEEP", 10**9 if deep else 0)
        agree(winograd, x, w, geo, way, (m,))


@given(walks(two), seeds, floats, ways, st.integers(1, 3))
def test_depthwise(walk, seed, dtype, way, many):
    n, c, _, size, kernel, geo = walk
    geo = geo._replace(groups=c)
    x, w = drawn(seed, dtype, (n + 1, c, *size), (c * many, 1, *kernel))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(depthwise, "ENTRIES", 50)
        agree(depthwise, x, w, geo, way)


@pytest.mark.parametrize("channels, out, side, r", [
    (64, 64, 24, 3), (32, 96, 13, 3), (256, 256, 6, 3), (128, 128, 3, 3),
    (96, 256, 13, 5), (256, 96, 12, 5), (32, 128, 6, 5)])  # fmt: skip
def test_winograds_error_is_small(channels, out, side, r):
    x, w = drawn(0, "f4", (4, channels, side, side), (out, channels, r, r))
    x = np.maximum(x, 0)
    geo, size = geometry(2, 1, r // 2), (side, side)
    case = conv.Case(channels, out, (r, r), size, geo)
    assert conv.form_of(case) == "winograd"
    wide = x.astype(float), w.astype(float)
    exact = textbook.conv(*wide, geo)
    y = exact.astype("f4")
    near(conv.conv(x, w, geo), exact, 1e-5)
    back = textbook.conv_input(exact, wide[1], geo, size)
    near(conv.conv_input(y, w, geo, size), back, 1e-5)
    back = textbook.conv_weight(wide[0], exact, geo, (r, r))
    near(conv.conv_weight(x, y, geo, (r, r)), back, 1e-5)


def test_results_do_not_depend_on_timing():
    x, w = drawn(0, "f4", (16, 32, 20, 20), (32, 32, 3, 3))
    geo = geometry(2, 1, 1)
    y = conv.conv(x, w, geo)
    first = conv.conv_weight(x, y, geo, (3, 3))
    for _ in range(5):
        assert (conv.conv(x, w, geo) == y).all()
        assert (conv.conv_weight(x, y, geo, (3, 3)) == first).all()


def test_textbook_switch_goes_back():
    with forms.textbook():
        assert forms.is_textbook()
        with forms.textbook(False):
            assert not forms.is_textbook()
        assert forms.is_textbook()
    assert not forms.is_textbook()
    assert threads.get_num_threads() >= 1
