"""Memory of a training step, one process a side.

    python -m benchmarks.memory SIDE NETWORK

In MiB over the state before the first step: `resident`, the largest size of
the process in three steps; `traced`, the most that a step's arrays take at
one time; `kept`, what the graph holds between forward and backward.
"""

import json
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.kernels_steps import STEPS, build, side
from benchmarks.timing import environment, set_threads

MIB = 2**20


def forget_peak() -> None:
    """Let the largest size so far be today's."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """The largest resident size since then, in MiB."""
    status = Path("/proc/self/status").read_text()
    (line,) = (x for x in status.splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def resident() -> float:
    """The resident size now, in MiB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / MIB


def of_side(which: str, name: str) -> dict[str, float]:
    """The three figures of one side, in this process."""
    if which == "scratch":
        import scratch as lib
        from scratch.networks import NETWORKS
    else:
        import torch as lib

        from torchref.networks import NETWORKS
    set_threads(2)
    batch, width = STEPS[name]
    rng = np.random.default_rng(0)
    x = lib.from_numpy(rng.random((batch, 1, width, width), np.float32))
    labels = lib.from_numpy(rng.integers(0, 10, batch))
    net = build(name, lib.nn, NETWORKS)
    net(x[:1])  # lazy layers learn their sizes
    functional = lib.nn.functional
    step, _ = side(lib, lib.nn, functional, lib.optim, net, x, labels)
    forget_peak()
    before = resident()
    for _ in range(3):
        step()
    found = {"resident": peak() - before}

    def forward() -> Any:
        return functional.cross_entropy(net(x), labels)

    measure = traced_arrays if which == "scratch" else traced_tensors
    return found | measure(step, forward, net, x)


def traced_arrays(
    step: Callable[[], None], forward: Callable[[], Any], *_: Any
) -> dict[str, float]:
    """NumPy tells tracemalloc of every array."""
    tracemalloc.start()
    step()
    tracemalloc.reset_peak()
    step()
    most = tracemalloc.get_traced_memory()[1]
    begin = tracemalloc.get_traced_memory()[0]
    loss = forward()
    kept = tracemalloc.get_traced_memory()[0] - begin
    tracemalloc.stop()
    del loss
    return {"traced": most / MIB, "kept": kept / MIB}


def traced_tensors(
    step: Callable[[], None],
    forward: Callable[[], Any],
    net: Any,
    images: Any,
) -> dict[str, float]:
    """torch's profiler writes down every allocation; what the graph saves
    goes through a hook; weights and images do not count."""
    import torch
    from torch.profiler import ProfilerActivity, profile

    saved: dict[int, int] = {}

    def pack(x: Any) -> Any:
        store = x.untyped_storage()
        saved[store.data_ptr()] = store.nbytes()
        return x

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as log:
        step()
    now = most = 0
    events = log.profiler.kineto_results.events()
    for event in sorted(events, key=lambda e: e.start_ns()):
        if event.name() == "[memory]":
            now += event.nbytes()
            most = max(most, now)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        loss = forward()
    for x in (*net.parameters(), images):
        saved.pop(x.untyped_storage().data_ptr(), None)
    del loss
    return {"traced": most / MIB, "kept": sum(saved.values()) / MIB}


def measure(name: str) -> dict[str, dict[str, float]]:
    """Both sides, with an allocator as the system has it."""
    found = {}
    for which in ("scratch", "torch"):
        command = [sys.executable, "-m", "benchmarks.memory", which, name]
        done = subprocess.run(
            command,
            env=environment(tuned=False),
            capture_output=True,
            text=True,
            check=True,
        )
        found[which] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    print(json.dumps(of_side(sys.argv[1], sys.argv[2])))
