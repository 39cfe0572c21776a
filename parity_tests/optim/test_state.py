"""What an optimizer saves: torch's layout, and resuming on either side."""

import copy
import io
import pickle

import numpy as np
import pytest
import torch

import scratch
from parity_tests.optim.twins import (
    NAMES,
    arrays_of,
    everything_on,
    optimizer,
    parameters,
    quadratic,
    to_scratch,
    to_torch,
    trajectory,
    worst,
)
from scratch import serialization

START = [np.array([-1.5, 0.3, 2.0]), np.array([[0.7], [-0.2]])]


def after(lib, name, options, steps, dtype=np.float64):
    params = parameters(lib, [a.astype(dtype) for a in START])
    opt = optimizer(lib, name, params, options)
    trajectory(params, opt, quadratic, steps)
    return params, opt


def layout(value):
    """The structure of a state: keys, types, shapes and dtypes."""
    if isinstance(value, dict):
        return {k: layout(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([layout(v) for v in value])
    if isinstance(value, (torch.Tensor, scratch.Tensor)):
        return "tensor", tuple(value.shape), str(value.dtype)
    return type(value).__name__


@pytest.mark.parametrize("which", ["default", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_a_state_dict_has_the_layout_of_torch(name, which):
    options = everything_on(name) if which == "all" else {}
    (_, ours), (_, theirs) = (
        after(lib, name, options, 3) for lib in (scratch, torch)
    )
    ours, theirs = ours.state_dict(), theirs.state_dict()
    assert layout(ours) == layout(theirs)
    assert list(ours["param_groups"][0]) == list(theirs["param_groups"][0])
    for key, state in ours["state"].items():
        assert list(state) == list(theirs["state"][key])


@pytest.mark.parametrize("which", ["default", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_a_state_dict_resumes_on_either_side(name, which):
    options = everything_on(name) if which == "all" else {}
    sides = {scratch: to_scratch, torch: to_torch}
    for first, second in (scratch, torch), (torch, scratch):
        params, opt = after(first, name, options, 20)
        # torch shares a loaded state with its giver
        kept = copy.deepcopy(opt.state_dict())
        saved = sides[second](opt.state_dict())
        walks = []
        for lib, state in (first, kept), (second, saved):
            resumed = parameters(lib, arrays_of(params))
            other = optimizer(lib, name, resumed, {})
            other.load_state_dict(state)
            walks.append(trajectory(resumed, other, quadratic, 20))
        assert worst(*walks) < 1e-12
        # torch: ASGD's float32 eta is cast to float64 as it is loaded
        if name != "ASGD":
            going_on = trajectory(params, opt, quadratic, 20)
            assert worst(going_on, walks[0]) < 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_an_optimizer_prints_as_torch_does(name):
    for options in {}, everything_on(name):
        ours, theirs = (
            optimizer(lib, name, parameters(lib, START), options)
            for lib in (scratch, torch)
        )
        assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_and_a_pickle_walk_on_alike(name):
    params, opt = after(scratch, name, everything_on(name), 5)
    twin = copy.deepcopy(opt)
    thawed = pickle.loads(pickle.dumps(opt))
    here = trajectory(params, opt, quadratic, 5)
    for other in twin, thawed:
        theirs = other.param_groups[0]["params"]
        assert worst(here, trajectory(theirs, other, quadratic, 5)) == 0


@pytest.mark.parametrize("name", ["SGD", "Adam", "LBFGS"])
def test_a_saved_file_loads_into_torch(name):
    _, opt = after(scratch, name, everything_on(name), 5, np.float32)
    file = io.BytesIO()
    serialization.save(opt.state_dict(), file)
    file.seek(0)
    loaded = torch.load(file)
    assert layout(loaded) == layout(opt.state_dict())
    file = io.BytesIO()
    torch.save(loaded, file)
    file.seek(0)
    assert layout(serialization.load(file)) == layout(loaded)


def test_loading_copies_what_was_saved():
    params, opt = after(scratch, "Adam", {}, 3)
    saved = opt.state_dict()
    before = saved["state"][0]["exp_avg"].clone()
    twin = optimizer(scratch, "Adam", parameters(scratch, START), {})
    twin.load_state_dict(saved)
    trajectory(twin.param_groups[0]["params"], twin, quadratic, 3)
    assert saved["state"][0]["exp_avg"].equal(before)


def test_loading_casts_the_state_but_not_the_step_count():
    _, opt = after(scratch, "NAdam", {}, 3)
    low = [scratch.from_numpy(a.astype("f")).requires_grad_() for a in START]
    twin = optimizer(scratch, "NAdam", low, {})
    twin.load_state_dict(opt.state_dict())
    kinds = {k: v.dtype for k, v in twin.state[low[0]].items()}
    assert set(kinds.values()) == {scratch.float32}
    _, opt = after(scratch, "NAdam", {}, 3, np.float32)
    high = parameters(scratch, START)
    twin = optimizer(scratch, "NAdam", high, {})
    twin.load_state_dict(opt.state_dict())
    kinds = {k: v.dtype for k, v in twin.state[high[0]].items()}
    assert kinds.pop("step") is scratch.float32
    assert set(kinds.values()) == {scratch.float64}


def test_an_older_state_dict_loads():
    """Before torch 1.12 the step count was a number."""
    found = []
    for lib in scratch, torch:
        params, opt = after(lib, "Adam", {}, 3)
        saved = opt.state_dict()
        for state in saved["state"].values():
            state["step"] = int(state["step"])
        for option in "maximize", "foreach", "capturable", "fused":
            saved["param_groups"][0].pop(option)
        opt.load_state_dict(saved)
        found.append(trajectory(params, opt, quadratic, 5))
    assert worst(*found) < 1e-12
