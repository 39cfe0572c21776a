"""Memory that comes back: after many steps, after many errors, in cycles."""

import gc
import os
from collections.abc import Callable
from pathlib import Path

import scratch
from scratch import nn
from scratch.networks import NETWORKS


def resident() -> int:
    """Bytes of this process that are in memory now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def growth(work: Callable[[], object], warm: int, count: int) -> float:
    """By what share memory grows in `count` calls after `warm` ones."""
    for _ in range(warm):
        work()
    before = resident()
    for _ in range(count):
        work()
    return resident() / before - 1


def training_step() -> Callable[[], None]:
    """One step of LeNet with batch norm, by Adam, a loader underneath."""
    scratch.manual_seed(0)
    net = NETWORKS["lenet_bn"]()
    optimizer = scratch.optim.Adam(net.parameters(), lr=1e-3)
    data = scratch.utils.data.TensorDataset(
        scratch.randn(64, 1, 28, 28), scratch.randint(0, 10, (64,)))
    loader = scratch.utils.data.DataLoader(data, 8, shuffle=True)
    loss_of = nn.CrossEntropyLoss()
    batches = iter(loader)

    def step() -> None:
        nonlocal batches
        batch = next(batches, None)
        if batch is None:
            batches = iter(loader)
            batch = next(batches)
        loss = loss_of(net(batch[0]), batch[1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def errors() -> Callable[[], None]:
    """An error in each of forward, backward, in place and loading."""
    net = NETWORKS["lenet"]()
    x = scratch.randn(32, 1, 28, 28)

    def used_twice() -> None:
        loss = net(x).sum()
        loss.backward()
        loss.backward()

    def changed() -> None:
        y = net(x).exp()
        kept = y * y
        y.add_(1)
        kept.sum().backward()

    calls = [lambda: net(x[:, :, :9]), used_twice, changed,
             lambda: net.load_state_dict({}),
             lambda: net[0].weight.add_(1), lambda: x.reshape(7)]

    def all_of_them() -> None:
        for call in calls:
            try:
                call()
            except (RuntimeError, ValueError):
                continue
            raise AssertionError("an error was not raised")

    return all_of_them


def steps(warm: int = 500, count: int = 10_000) -> str:
    share = growth(training_step(), warm, count)
    assert share <= 0.01, f"memory grew by {share:.2%}"
    return f"{count:,} training steps: memory grew by {share:+.2%}"


def failures(warm: int = 50, count: int = 1_000) -> str:
    share = growth(errors(), warm, count)
    assert share <= 0.01, f"memory grew by {share:.2%}"
    return f"6 x {count:,} errors: memory grew by {share:+.2%}"


def chain(length: int = 200_000) -> str:
    """A graph so deep is walked, and let go of, without recursion."""
    x = scratch.ones(1, requires_grad=True)
    y, one = x, scratch.ones(1)
    for _ in range(length):
        y = y * one
    y.backward(retain_graph=True)
    assert x.grad.item() == 1
    del y
    return f"a chain of {length:,} steps: walked and let go of"


def cycles(count: int = 50) -> str:
    """With the collector off, nothing of a step is left behind."""
    step = training_step()
    for _ in range(10):
        step()
    gc.collect()
    gc.disable()
    try:
        for _ in range(count):
            step()
        left = gc.collect()
    finally:
        gc.enable()
    assert left == 0, f"{left} objects were in cycles"
    return f"{count} steps with the collector off: 0 objects in cycles"


CHECKS: dict[str, Callable[[], str]] = {
    "memory after training steps": steps,
    "memory after errors": failures,
    "a deep graph": chain,
    "reference cycles": cycles,
}
