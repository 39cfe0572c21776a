"""Three ways down: scratch, by hand in torch, torch's own optimizer."""

import inspect
from pathlib import Path

import numpy as np
import pytest
import torch

import scratch
import scratch.optim
import torchref.optim
from parity_tests.optim.twins import (
    NAMES,
    both,
    configurations,
    everything_on,
    parameters,
    quadratic,
    rosenbrock,
    trajectory,
    worst,
)

START = [np.array([-1.5, 0.3, 2.0]), np.array([[0.7], [-0.2]])]


def by_hand(name, options, start, loss, steps):
    params = parameters(torch, start)
    opt = getattr(torchref.optim, name)(params, **options)
    sign = -1 if options.get("maximize") else 1
    return trajectory(params, opt, loss, steps, sign)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_by_hand_descends_as_both_others(name):
    every = list(configurations(name))
    for options in every[:: max(1, len(every) // 8)]:
        hand = by_hand(name, options, START, quadratic, 50)
        for other in both(name, options, START, quadratic, 50):
            assert worst(other, hand) < 1e-12, options


@pytest.mark.parametrize("which", ["default", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_rosenbrock_is_walked_down_three_times_alike(name, which):
    options = everything_on(name) if which == "all" else {}
    if name == "SGD":
        options["lr"] = 1e-4
    start = [np.array([-1.2, 1.0])]
    hand = by_hand(name, options, start, rosenbrock, 50)
    for other in both(name, options, start, rosenbrock, 50):
        assert worst(other, hand) < 1e-11


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_have_the_same_options_and_formula(name):
    ours, hand = (
        getattr(side.optim, name) for side in (scratch, torchref))
    mine = inspect.signature(ours).parameters
    for option, given in inspect.signature(hand).parameters.items():
        assert given.default == mine[option].default
    missing = mine.keys() - inspect.signature(hand).parameters.keys()
    assert missing <= {"foreach", "fused", "capturable", "differentiable"}
    assert ours.__doc__ == hand.__doc__
    pages = [
        Path(inspect.getfile(page)).read_text().split("\n")[0]
        for page in (ours, hand)
    ]
    assert pages[0] == pages[1]
