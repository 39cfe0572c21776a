"""A training step of whole networks: ours against torch's.

    python -m benchmarks.kernels_steps [--threads 2] [--plain] [--first] [name]

Forward, backward and SGD from the same weights and batch. Before the timing
the loss and all gradients are compared with float64's, beside torch's own
distance from them. Dropout is left out, for the masks would differ.
"""

import argparse
import os
import sys

import numpy as np

from benchmarks import timing
from scratch.kernels.memory import memory

STEPS = {  # batch, side
    "mlp": (256, 28),
    "lenet": (256, 28),
    "resnet18": (32, 96),
    "vgg11_quarter": (16, 224),
    "alexnet": (16, 224),
    "nin": (16, 224),
    "googlenet": (32, 96),
    "vgg11": (4, 224),
    "separable": (16, 56),
}


def build(name: str, nn, networks):
    """The network on one side."""
    if name != "separable":
        return networks[name]()
    return nn.Sequential(  # depthwise and pointwise, as MobileNet's blocks
        nn.Conv2d(1, 64, 1),
        nn.Conv2d(64, 64, 3, padding=1, groups=64),
        nn.ReLU(),
        nn.Conv2d(64, 128, 1),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


def side(lib, nn, functional, optim, net, x, labels):
    """One side's step and its gradients."""
    for module in net.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    optimizer = optim.SGD(net.parameters(), lr=1e-4)

    def backward():
        optimizer.zero_grad()
        loss = functional.cross_entropy(net(x), labels)
        loss.backward()
        return loss

    def step():
        backward()
        optimizer.step()

    def gradients():
        loss = backward()
        grads = [np.asarray(p.grad.numpy()) for p in net.parameters()]
        return [np.asarray(loss.item()), *grads]

    return step, gradients


def sides(name: str) -> timing.Sides:
    """A step on both sides, from the same weights and batch."""
    import torch

    import scratch
    from scratch.networks import NETWORKS as ours
    from torchref.networks import NETWORKS as theirs

    batch, width = STEPS[name]
    rng = np.random.default_rng(0)
    x = rng.random((batch, 1, width, width)).astype(np.float32)
    labels = rng.integers(0, 10, batch)
    torch.manual_seed(0)
    net = build(name, torch.nn, theirs)
    images, classes = torch.tensor(x), torch.tensor(labels)
    net(images[:2])  # lazy layers learn their sizes
    mine = build(name, scratch.nn, ours)
    mine(scratch.tensor(x[:2]))
    state = {k: v.numpy().copy() for k, v in net.state_dict().items()}
    mine.load_state_dict({k: scratch.tensor(v) for k, v in state.items()})
    args = (scratch, scratch.nn, scratch.nn.functional, scratch.optim)
    our_step, our_gradients = side(
        *args, mine, scratch.tensor(x), scratch.tensor(labels)
    )
    args = (torch, torch.nn, torch.nn.functional, torch.optim)
    step, gradients = side(*args, net, images, classes)

    def check() -> float:
        double = build(name, torch.nn, theirs)
        double(images[:2])
        double.load_state_dict(
            {k: torch.from_numpy(v) for k, v in state.items()}
        )
        exact = side(*args, double.double(), images.double(), classes)[1]()
        ours = timing.distance(our_gradients(), exact)
        theirs_ = timing.distance(gradients(), exact)
        # one ReLU that rounding flips moves this; networks32 has the rule
        return timing.require(ours, max(10 * theirs_, 1e-4), name)

    return timing.Sides(our_step, step, check)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("networks", nargs="*", help=", ".join(STEPS))
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--plain", action="store_true")
    asked.add_argument("--blocks", type=int, default=5)
    asked.add_argument("--seconds", type=float, default=1.0)
    asked.add_argument(
        "--first",
        action="store_true",
        help="convolutions lay the channels first, as torch shows them",
    )
    given = asked.parse_args()
    if "BENCHMARK_CHILD" not in os.environ:
        os.environ["BENCHMARK_CHILD"] = "1"
        again = ["-m", "benchmarks.kernels_steps", *sys.argv[1:]]
        return timing.run_tuned(again, tuned=not given.plain)
    timing.set_threads(given.threads)
    memory.last = not given.first
    print(timing.told(timing.conditions()))
    for name in given.networks or STEPS:
        found = timing.compare(name, *sides(name), given.blocks, given.seconds)
        print(found)
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
