"""Peak resident memory of a training step, one process a side.

python -m benchmarks.memory SIDE NETWORK prints the MiB that the steps took
over the state before the first one.
"""

import resource
import subprocess
import sys

from benchmarks.timing import TUNED_MALLOC


def peak() -> float:
    """The largest resident size so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident() -> float:
    """The resident size now, in MiB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def of_side(side: str, name: str) -> float:
    """MiB over the state before the first step, after three steps."""
    import numpy as np

    from benchmarks.kernels_steps import STEPS, build
    from benchmarks.kernels_steps import side as make

    if side == "scratch":
        import scratch as lib
        from scratch.networks import NETWORKS
    else:
        import torch as lib

        from torchref.networks import NETWORKS
    batch, width = STEPS[name]
    rng = np.random.default_rng(0)
    x = lib.from_numpy(rng.random((batch, 1, width, width)).astype("f"))
    labels = lib.from_numpy(rng.integers(0, 10, batch))
    net = build(name, lib.nn, NETWORKS)
    step, _ = make(lib, lib.nn, lib.nn.functional, lib.optim, net, x, labels)
    lib.set_num_threads(2)
    before = resident()
    for _ in range(3):
        step()
    return peak() - before


def measure(name: str) -> dict[str, float]:
    """MiB on both sides, each in a process of its own with an allocator as
    the system has it."""
    import os

    env = {k: v for k, v in os.environ.items() if k not in TUNED_MALLOC}
    found = {}
    for side in ("scratch", "torch"):
        command = [sys.executable, "-m", "benchmarks.memory", side, name]
        done = subprocess.run(command, env=env, capture_output=True,
                              text=True, check=True)
        found[side] = float(done.stdout.split()[-1])
    return found


if __name__ == "__main__":
    print(of_side(sys.argv[1], sys.argv[2]))
