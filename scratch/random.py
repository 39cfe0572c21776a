"""Random numbers: generators, and the one that is used by default.

From one seed the numbers are torch's CPU numbers, bit for bit.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .device import CPU, device, require_cpu
from .kernels.draws import Draws
from .kernels.mersenne import STATE
from .tensor import Tensor, wrap


class Generator(Draws):
    """A stream of random numbers, with torch's seeds and states.

    The draws (`uniform`, `normal`, `randint`, …) return arrays.
    """

    def __init__(self, device: Any = "cpu"):
        require_cpu(device)
        super().__init__()

    @property
    def device(self) -> device:
        """Where the numbers are made: always the CPU."""
        return CPU

    def manual_seed(self, seed: int) -> Generator:
        """Start the stream of this seed; a negative s means 2^64 + s."""
        if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool):
            raise RuntimeError(
                f"manual_seed expected a long, but got {type(seed).__name__}")
        if not -2**63 <= seed < 2**64:
            raise ValueError("Overflow when unpacking long long")
        self.sow(int(seed) % 2**64)
        return self

    def initial_seed(self) -> int:
        """The seed that the stream was started with."""
        return self.first_seed

    def seed(self) -> int:
        """Start a stream that nobody can foretell; returns its seed."""
        self.sow(int.from_bytes(os.urandom(8), "little"))
        return self.first_seed

    def get_state(self) -> Tensor:
        """Where the stream stands: torch's 5056 bytes, uint8."""
        return wrap(self.state_bytes())

    def set_state(self, new_state: Tensor) -> Generator:
        """Go on from where get_state, ours or torch's, was asked."""
        if not isinstance(new_state, Tensor):
            raise TypeError("expected a torch.ByteTensor, but got "
                            f"{type(new_state).__name__}")
        state = new_state.array
        if state.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if not state.flags.c_contiguous:
            raise RuntimeError("RNG state must be contiguous")
        if state.size != STATE.itemsize:
            raise RuntimeError(
                f"Expected a CPUGeneratorImplState of size {STATE.itemsize} "
                "but found the input RNG state size to be "
                f"{state.size}")
        if not self.take_state(state):
            raise RuntimeError("Invalid mt19937 state")
        return self

    def clone_state(self) -> Generator:
        """Another generator that stands at the same place."""
        return Generator().set_state(self.get_state())

    def get_offset(self) -> int:
        """torch: only generators of GPUs count an offset."""
        raise RuntimeError("CPU Generator does not use offset")

    def set_offset(self, offset: int) -> None:
        """torch: only generators of GPUs count an offset."""
        raise RuntimeError("CPU Generator does not use offset")


default_generator = Generator()


def manual_seed(seed: Any) -> Generator:
    """Seed the default generator, and return it."""
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Seed the default generator with a number that nobody can foretell."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed that the default generator was started with."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """Where the default generator stands: 5056 bytes, uint8."""
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Let the default generator go on from that state."""
    default_generator.set_state(new_state)


@contextmanager
def fork_rng(devices: Any = None, enabled: bool = True,
             _caller: str = "fork_rng", _devices_kw: str = "devices",
             device_type: Any = None) -> Iterator[None]:
    """Inside, draw what you like: outside, the stream has not moved."""
    if not enabled:
        yield
        return
    for where in devices or ():
        require_cpu(where)
    before = default_generator.state_bytes()
    try:
        yield
    finally:
        default_generator.take_state(before)
