"""Whole trajectories: ours beside torch's, and each step by itself."""

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

import scratch
from parity_tests.optim.twins import (
    ELEMENTWISE,
    NAMES,
    both,
    configurations,
    everything_on,
    optimizer,
    parameters,
    quadratic,
    rosenbrock,
    to_scratch,
    worst,
)

START = [np.array([-1.5, 0.3, 2.0]), np.array([[0.7], [-0.2]])]


@pytest.mark.parametrize("name", NAMES)
def test_every_combination_of_options_descends_as_torch_does(name):
    """Relative to the largest number of each parameter at each step."""
    for options in configurations(name):
        ours, theirs = both(name, options, START, quadratic, 50)
        assert worst(ours, theirs) < 1e-12, options


@pytest.mark.parametrize("which", ["default", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_rosenbrock_is_walked_down_the_same_way(name, which):
    options = everything_on(name) if which == "all" else {}
    if name == "SGD":
        options["lr"] = 1e-4
    start = [np.array([-1.2, 1.0])]
    ours, theirs = both(name, options, start, rosenbrock, 50)
    assert worst(ours, theirs) < 1e-11


def ulps(ours, theirs, size):
    """How many float32 steps apart, for numbers that were of this size."""
    return np.max(np.abs(ours - theirs) / np.spacing(size), initial=0)


@pytest.mark.parametrize("which", ["default", "all"])
@pytest.mark.parametrize("name", ELEMENTWISE)
@given(seed=st.integers(0, 2**32 - 1))
@example(seed=23899)  # Adam: a step over zero
@example(seed=8043)  # NAdam: torch's two forms are 5 apart there
def test_float32_stays_within_4_ulp_a_step(name, which, seed):
    """Both are fed the same gradients, drawn once for both sides.

    With default options both walk on their own, and may be 4n ulp apart
    after n steps. With all options, where momentum would carry an old
    difference on, each step begins level, with torch's parameters and
    state, and 4 ulp are allowed. An ulp is that of the largest number that
    the parameter or one of its steps has been: a step over zero is larger
    than where it begins and ends, and is rounded at its own size.
    """
    options = everything_on(name) if which == "all" else {}
    rng = np.random.default_rng(seed)
    start = [rng.standard_normal(7).astype(np.float32)]
    [p], [u] = parameters(scratch, start), parameters(torch, start)
    ours = optimizer(scratch, name, [p], options)
    theirs = optimizer(torch, name, [u], options)
    largest, before = np.abs(start[0]), start[0]
    for n in range(1, 21):
        if which == "all":
            p.data.array[...] = u.detach().numpy()
            ours.load_state_dict(to_scratch(theirs.state_dict()))
        g = rng.standard_normal(7) * 10 ** rng.uniform(-3, 1)
        g = g.astype(np.float32)
        p.grad, u.grad = scratch.from_numpy(g), torch.from_numpy(g)
        ours.step()
        theirs.step()
        place = u.detach().numpy()
        size = np.maximum(np.abs(place), np.abs(place - before))
        largest, before = np.maximum(largest, size), place.copy()
        allowed = 4 if which == "all" else 4 * n
        assert ulps(p.detach().numpy(), place, largest) <= allowed
