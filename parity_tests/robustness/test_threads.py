"""Two threads train two models at once; a forked child has its own state."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import scratch
from scratch import nn
from scratch.nn import functional as F

STEPS = 12


def trained(seed: int, gate: threading.Barrier | None = None) -> list:
    """The losses and weights of a small network with convolutions, batch
    norm and dropout, its random numbers from a generator of its own."""
    own = scratch.Generator().manual_seed(seed)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(4 * 5 * 5, 10))
    with scratch.no_grad():
        for p in net.parameters():
            p.uniform_(-0.2, 0.2, generator=own)
    optimizer = scratch.optim.Adam(net.parameters(), lr=0.01)
    losses = []
    for _ in range(STEPS):
        x = scratch.randn(16, 1, 12, 12, generator=own)
        y = scratch.randint(0, 10, (16,), generator=own)
        if gate is not None:
            gate.wait()  # the steps of the threads meet
        loss = F.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        with scratch.no_grad():
            losses.append(F.cross_entropy(net(x), y).item())
    return [losses, *(p.detach().numpy() for p in net.parameters())]


@pytest.mark.parametrize("count", [2, 3])
def test_threads_train_as_if_each_were_alone(count: int) -> None:
    """Bit for bit: graphs, modes, kernels and their threads do not mix."""
    alone = [trained(seed) for seed in range(count)]
    gate = threading.Barrier(count)
    with ThreadPoolExecutor(count) as pool:
        together = list(pool.map(lambda seed: trained(seed, gate),
                                 range(count)))
    for a, b in zip(alone, together, strict=True):
        for x, y in zip(a, b, strict=True):
            np.testing.assert_array_equal(x, y)


def test_modes_belong_to_their_thread() -> None:
    """As in torch, recording is switched for one thread alone."""
    entered, leave = threading.Event(), threading.Event()

    def silent() -> bool:
        with scratch.no_grad():
            entered.set()
            leave.wait(10)
            return scratch.is_grad_enabled()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(silent)
        assert entered.wait(10)
        assert scratch.is_grad_enabled()
        assert (scratch.ones(1, requires_grad=True) * 2).requires_grad
        leave.set()
        assert other.result() is False


def test_one_generator_in_two_threads_gives_every_number_once() -> None:
    """The draws interleave, but none is lost and none comes twice."""
    n, each = 400, 64
    scratch.manual_seed(0)
    whole = scratch.rand(2 * n * each).numpy()
    scratch.manual_seed(0)
    gate = threading.Barrier(2)

    def draw(_: int) -> list:
        gate.wait()
        return [scratch.rand(each).numpy() for _ in range(n)]

    with ThreadPoolExecutor(2) as pool:
        parts = [p for part in pool.map(draw, range(2)) for p in part]
    found = np.sort(np.concatenate(parts))
    np.testing.assert_array_equal(found, np.sort(whole))


def in_a_fork(work: Any) -> Any:
    """What a forked child computes, as bytes through a pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, work())
        finally:
            os._exit(0)
    os.close(writing)
    data = b""
    while piece := os.read(reading, 1 << 16):
        data += piece
    os.close(reading)
    assert os.waitpid(child, 0)[1] == 0
    return data


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("threads", [1, 2])
def test_a_forked_child_trains_as_its_parent(threads: int) -> None:
    """Also where the parent has used its kernels' threads before."""
    before = scratch.get_num_threads()
    scratch.set_num_threads(threads)
    try:
        here = np.array(trained(1)[0]).tobytes()
        there = in_a_fork(lambda: np.array(trained(1)[0]).tobytes())
    finally:
        scratch.set_num_threads(before)
    assert there == here


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_copies_the_random_numbers() -> None:
    scratch.manual_seed(4)
    there = in_a_fork(lambda: scratch.rand(3).numpy().tobytes())
    assert there == scratch.rand(3).numpy().tobytes()
