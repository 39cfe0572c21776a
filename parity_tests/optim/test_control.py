"""Control: stopping, finding a rate, what decays, changing the method."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.optim.twins import arrays_of, parameters, quadratic, worst
from scratch.optim import SGD, Adam
from scratch.optim.control import (
    EarlyStopping,
    decay_groups,
    find_lr,
    scaled_lr,
    steepest,
)

START = [np.array([-1.5, 0.3, 2.0]), np.array([[0.7], [-0.2]])]


class Net:
    """What EarlyStopping asks of a network."""

    def __init__(self):
        self.weight = scratch.zeros(1)

    def state_dict(self):
        return {"weight": self.weight}

    def load_state_dict(self, state):
        self.weight = state["weight"].clone()


@given(
    st.lists(st.floats(-5, 5) | st.just(math.nan), min_size=1, max_size=40),
    st.integers(1, 6), st.floats(0, 1), st.sampled_from(["min", "max"]),
)
def test_training_stops_after_patience_and_returns_to_the_best(
    metrics, patience, min_delta, mode
):
    sign = 1 if mode == "min" else -1
    net = Net()
    stopping = EarlyStopping(net, patience, min_delta, mode)
    best, since, best_weight = math.inf, 0, None
    for epoch, metric in enumerate(metrics):
        net.weight = net.weight + 1
        stop = stopping.step(metric)
        if best - sign * metric > min_delta:
            best, since, best_weight = sign * metric, 0, epoch + 1
        elif epoch:
            since += 1
        assert stop == (since >= patience)
        if stop:
            break
    if best_weight is not None:
        stopping.restore()
        assert net.weight.item() == best_weight


def test_bad_arguments_of_control_are_refused():
    for options in dict(patience=-1), dict(min_delta=-1), dict(mode="odd"):
        with pytest.raises(ValueError):
            EarlyStopping(Net(), **options)
    with pytest.raises(RuntimeError):
        EarlyStopping(Net()).restore()
    with pytest.raises(ValueError):
        scaled_lr(0.1, 0)
    with pytest.raises(ValueError):
        find_lr(SGD(parameters(scratch, START)), lambda: 0, 1.0, 0.1)
    with pytest.raises(ValueError):
        steepest(np.ones(3), np.ones(3))


def test_the_rate_grows_with_the_batch():
    assert scaled_lr(0.1, 1024) == pytest.approx(0.4)
    assert scaled_lr(0.1, 32, of=64) == pytest.approx(0.05)


def test_weights_decay_and_biases_are_spared():
    weight, bias = parameters(scratch, [np.ones((2, 3)), np.ones(2)])
    groups = decay_groups([("weight", weight), ("bias", bias)], 0.1)
    opt = SGD(groups, lr=0.5)
    weight.grad = scratch.zeros_like(weight)
    bias.grad = scratch.zeros_like(bias)
    opt.step()
    np.testing.assert_allclose(weight.detach().numpy(), 0.95)
    np.testing.assert_array_equal(bias.detach().numpy(), 1.0)


@pytest.mark.parametrize("make", [SGD, Adam])
def test_the_finder_leaves_everything_as_it_was(make):
    params = parameters(scratch, START)
    opt = make(params, lr=0.3)

    def closure():
        opt.zero_grad()
        loss = quadratic(params)
        loss.backward()
        return loss

    opt.step(closure)
    before = arrays_of(params)
    saved = repr(opt.state_dict())
    rates, losses = find_lr(opt, closure, 1e-4, 1e3)
    assert worst([before], [arrays_of(params)]) == 0
    assert repr(opt.state_dict()) == saved
    assert len(rates) == len(losses) < 100  # it ended where it blew up
    best = steepest(rates, losses)
    assert 1e-3 < best < 10


def test_adam_gives_way_to_sgd_and_returns_with_its_state():
    found = []
    for lib in scratch, torch:
        params = parameters(lib, START)
        adam = lib.optim.Adam(params, lr=0.1)
        sgd = lib.optim.SGD(params, lr=0.05, momentum=0.9)
        places = []
        for epoch in range(30):
            opt = sgd if 10 <= epoch < 20 else adam
            opt.zero_grad()
            quadratic(params).backward()
            opt.step()
            places.append(arrays_of(params))
        assert float(adam.state[params[0]]["step"]) == 20
        found.append(places)
    assert worst(*found) < 1e-12


def test_l1_by_the_loss_makes_small_weights_vanish():
    found = []
    for lib in scratch, torch:
        [w] = parameters(lib, [np.array([0.004, -2.0, 3.0])])
        opt = lib.optim.SGD([w], lr=0.01)
        places = []
        for _ in range(20):
            opt.zero_grad()
            (0.5 * ((w - 1) ** 2).sum() + 0.3 * w.abs().sum()).backward()
            opt.step()
            places.append(arrays_of([w]))
        found.append(places)
    assert worst(*found) < 1e-12
