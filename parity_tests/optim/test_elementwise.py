"""Parameters cut into pieces and joined: the same bits as one by one."""

import warnings
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.optim.twins import (
    ELEMENTWISE,
    arrays_of,
    everything_on,
    optimizer,
    worst,
)
from scratch.optim import elementwise


@contextmanager
def limits(**numbers):
    """Other sizes at which parameters are cut, joined and threaded."""
    before = {name: getattr(elementwise, name) for name in numbers}
    vars(elementwise).update(numbers)
    try:
        yield
    finally:
        vars(elementwise).update(before)


def drawn(rng, shape, dtype, turned):
    a = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the imaginary part is dropped
        a = np.asarray(a).astype(dtype)
    return a.T if turned else a


leaves = st.tuples(
    st.lists(st.integers(0, 4), max_size=3).map(tuple),
    st.sampled_from(["f", "d", "F", "D"]),
    st.booleans(),
)


def steps(name, options, kinds, missing=()):
    """The parameters after three steps; some have no first gradient."""
    rng = np.random.default_rng(0)
    params = [
        scratch.from_numpy(drawn(rng, *kind).copy(order="K")).requires_grad_()
        for kind in kinds
    ]
    opt = optimizer(scratch, name, params, options)
    for step in range(3):
        for i, (p, kind) in enumerate(zip(params, kinds, strict=True)):
            g = scratch.from_numpy(drawn(rng, *kind))
            p.grad = None if step == 0 and i in missing else g
        opt.step()
    return arrays_of(params)


SIZES = {  # at which parameters are joined, cut, and done by threads
    "neither": dict(SMALL=0, PIECE=1 << 20, ALONE=1 << 17),
    "joined": dict(SMALL=9, PIECE=1 << 20, ALONE=0),
    "both": dict(SMALL=5, PIECE=8, ALONE=0),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(
    st.lists(leaves, min_size=1, max_size=5),
    st.sets(st.integers(0, 4)),
    st.booleans(),
)
def test_joined_cut_or_neither_is_the_same(name, kinds, missing, everything):
    options = everything_on(name) if everything else {}
    ends = []
    for sizes in SIZES.values():
        with limits(**sizes):
            ends.append(steps(name, options, kinds, missing))
    for other in ends[1:]:
        for a, b in zip(ends[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


def tied(lib, how):
    """Parameters that are one memory, or parts of it."""
    x = lib.from_numpy(np.linspace(-1, 1, 8))
    halves = {
        "apart": [x[:4], x[4:]],
        "overlapping": [x[:5], x[3:]],
        "one": [x, x.detach()],
        "twice": [x],
    }[how]
    params = [half.requires_grad_() for half in halves]
    return params * 2 if how == "twice" else params


@pytest.mark.parametrize("alone", [0, 1 << 17])
@pytest.mark.parametrize("how", ["apart", "overlapping", "one", "twice"])
@pytest.mark.parametrize("name", ["SGD", "Adam", "Rprop"])
def test_parameters_that_share_memory_step_one_after_the_other(
    name, how, alone
):
    walks = []
    for lib in scratch, torch:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a parameter is listed twice
            params = tied(lib, how)
            opt = optimizer(lib, name, params, dict(lr=0.1))
        rng = np.random.default_rng(0)
        walk = []
        for _ in range(4):
            for p in params:
                p.grad = lib.from_numpy(rng.standard_normal(tuple(p.shape)))
            with limits(ALONE=alone):
                opt.step()
            walk.append(arrays_of(params))
        walks.append(walk)
    assert worst(*walks) < 1e-12
    arrays = [p.detach() for p in tied(scratch, how)]
    assert elementwise.share_memory(arrays) == (how != "apart")


def test_a_groups_own_notes_do_not_matter():
    """What else stands in a group is nobody's business, arrays too."""
    params = [scratch.ones(3, requires_grad=True) for _ in range(3)]
    opt = scratch.optim.SGD([{"params": params, "note": np.arange(3)}], lr=1.0)
    for p in params:
        p.grad = scratch.ones(3)
    opt.step()
    assert all((p == 0).all() for p in params)
