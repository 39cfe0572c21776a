"""Fifty steps of LeNet with every optimizer, in float64 beside torch's."""

import numpy as np
import pytest
import torch

import scratch
from parity_tests.optim.twins import (
    NAMES,
    arrays_of,
    everything_on,
    optimizer,
    to_scratch,
    worst,
)
from scratch.networks.lenet import lenet as ours
from torchref.networks.lenet import lenet as theirs

SHORT, LONG = 12, 50  # steps


def noise(steps):
    rng = np.random.default_rng(3)
    for _ in range(steps):
        yield rng.standard_normal((16, 1, 28, 28)), rng.integers(0, 10, 16)


def faces(steps):
    """The face of each class under noise: a network can learn these."""
    rng = np.random.default_rng(3)
    face = rng.standard_normal((10, 1, 28, 28))
    for _ in range(steps):
        labels = rng.integers(0, 10, 16)
        noise = rng.standard_normal((16, 1, 28, 28))
        yield face[labels] + 0.5 * noise, labels


def one_batch(steps):
    return list(faces(1)) * steps


def as_made(net):
    """The weights that the layers begin with."""


def xavier(net):
    for layer in net:
        if isinstance(layer, torch.nn.Conv2d | torch.nn.Linear):
            torch.nn.init.xavier_uniform_(layer.weight)


def trained(net):
    """After 100 steps of Adam on the one batch: loss 0.5, falling."""
    xavier(net)
    opt = torch.optim.Adam(net.parameters(), lr=3e-3)
    walk(torch, net, opt, one_batch(100))


# Where torch repeats itself: L-BFGS with its default step (lr 1, no line
# search) makes a loss of 1e52 of this LeNet's in fifty steps, and torch is
# elsewhere after five if its weights change by one unit in the last place
# (the last test). A line search from batch to batch does the same more
# slowly. So: short steps that trust few changes; and a search on one batch,
# as the method is meant, down to a gradient of 1e-3.
LBFGS = {
    "default": (
        {"lr": 0.01, "max_iter": 4, "history_size": 2}, xavier, faces),
    "all": (
        {"lr": 0.05, "max_iter": 1, "max_eval": 3, "history_size": 2,
         "tolerance_grad": 1e-3, "tolerance_change": 1e-8,
         "line_search_fn": "strong_wolfe"}, trained, one_batch),
}  # fmt: skip


def case(name, which):
    """The options, how the weights begin, and the batches."""
    if name == "LBFGS":
        return LBFGS[which]
    return everything_on(name) if which == "all" else {}, as_made, noise


def walk(lib, net, opt, batches):
    """The parameters after each step."""
    places = []
    params = list(net.parameters())
    for x, labels in batches:
        x, labels = lib.from_numpy(x), lib.from_numpy(labels)

        def closure(x=x, labels=labels):
            opt.zero_grad()
            loss = lib.nn.functional.cross_entropy(net(x), labels)
            loss.backward()
            return loss

        opt.step(closure)
        places.append(arrays_of(params))
    return places


def network(begin, nudge=0.0):
    """LeNet in torch, in float64."""
    torch.manual_seed(0)
    net = theirs().double()
    begin(net)
    with torch.no_grad():
        for p in net.parameters():
            p *= 1 + nudge
    return net


def compare(name, which, steps):
    options, begin, batches = case(name, which)
    net, twin = network(begin), ours().double()
    twin.load_state_dict(to_scratch(dict(net.state_dict())))
    walks = [
        walk(
            lib,
            module,
            optimizer(lib, name, list(module.parameters()), options),
            batches(steps),
        )
        for lib, module in ((scratch, twin), (torch, net))
    ]
    return worst(*walks)


CASES = [(name, which) for name in NAMES for which in ("default", "all")]


@pytest.mark.parametrize("name,which", CASES)
def test_lenet_is_trained_alike(name, which):
    assert compare(name, which, SHORT) < 1e-11


@pytest.mark.intense
@pytest.mark.parametrize("name,which", CASES)
def test_lenet_is_trained_alike_for_fifty_steps(name, which):
    assert compare(name, which, LONG) < 1e-11


@pytest.mark.intense
def test_torch_does_not_repeat_its_own_l_bfgs():
    """At the defaults one ulp at the start is everything in five steps."""
    walks = [
        walk(torch, net, torch.optim.LBFGS(net.parameters()), noise(5))
        for net in (network(as_made), network(as_made, nudge=2**-52))
    ]
    assert worst(*walks) > 0.1


if __name__ == "__main__":  # python -m parity_tests.optim.test_lenet
    for name, which in CASES:
        gap = compare(name, which, LONG)
        print(f"{name:9}{which:8} {LONG} steps {gap:.1e}", flush=True)
