"""What a program asks about GPUs: there is none here."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import nullcontext
from importlib import import_module
from typing import Any

from ..device import require_cpu
from ..legacy import CUDA_TYPES

globals().update(CUDA_TYPES)


_initialized = False  # torch: whether a GPU was used


class OutOfMemoryError(RuntimeError):
    """A GPU's memory is used up; nothing here raises it."""


def is_available() -> bool:
    """Whether there is a GPU to compute on: no."""
    return False


def device_count() -> int:
    """How many GPUs there are: none."""
    return 0


def is_initialized() -> bool:
    """Whether a GPU was used: no."""
    return False


def is_current_stream_capturing() -> bool:
    """Whether a GPU's work is being recorded to be played again: no."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Whether the GPU computes in bfloat16: there is none."""
    return False


def get_arch_list() -> list[str]:
    """The kinds of GPU this library was built for: none."""
    return []


# ---- refused: there is no GPU


def refuse(device: Any = None) -> Any:
    """The error of a torch that finds no GPU."""
    require_cpu("cuda" if device is None else device)


def init() -> None:
    """Refused: there is no GPU."""
    refuse()


def current_device() -> int:
    """Refused: there is no GPU."""
    return refuse()


def get_device_name(device: Any = None) -> str:
    """Refused: there is no GPU."""
    return refuse(device)


def get_device_properties(device: Any = None) -> Any:
    """Refused: there is no GPU."""
    return refuse(device)


def get_device_capability(device: Any = None) -> tuple[int, int]:
    """Refused: there is no GPU."""
    return refuse(device)


def mem_get_info(device: Any = None) -> tuple[int, int]:
    """Refused: there is no GPU."""
    return refuse(device)


def synchronize(device: Any = None) -> None:
    """Refused: there is no GPU to wait for."""
    refuse(device)


def get_rng_state(device: Any = "cuda") -> Any:
    """Refused: there is no GPU."""
    return refuse(device)


def set_rng_state(new_state: Any, device: Any = "cuda") -> None:
    """Refused: there is no GPU."""
    refuse(device)


def current_stream(device: Any = None) -> Any:
    """Refused: there is no GPU."""
    return refuse(device)


class Stream:
    """A queue of work on a GPU; refused: there is none."""

    def __init__(self, device: Any = None, priority: int = 0):
        refuse(device)


class Event:
    """A moment on a GPU; it can be named here, but not recorded."""

    def __init__(
        self,
        enable_timing: bool = False,
        blocking: bool = False,
        interprocess: bool = False,
    ):
        self.enable_timing = enable_timing

    def __repr__(self) -> str:
        return "<torch.cuda.Event uninitialized>"

    def record(self, stream: Any = None) -> None:
        """Refused: there is no GPU."""
        refuse()

    def synchronize(self) -> None:
        """Nothing was recorded: nothing to wait for."""


# ---- nothing to do, or nothing to count


def set_device(device: Any) -> None:
    """Refused, but for a negative number, which means no choice."""
    if not (isinstance(device, int) and device < 0):
        refuse(device)


class device:
    """with device(i): the GPU chosen for a block of code; no choice here."""

    def __init__(self, device: Any):
        self.idx = device

    def __enter__(self) -> None:
        pass

    def __exit__(self, *stopped: Any) -> None:
        pass


def stream(stream: Any) -> Any:
    """with stream(None): nothing is chosen."""
    return nullcontext()


def manual_seed(seed: int) -> None:
    """Nothing to seed; programs may say it all the same, as in torch."""


def manual_seed_all(seed: int) -> None:
    """Nothing to seed; programs may say it all the same, as in torch."""


def seed() -> None:
    """Nothing to seed."""


def seed_all() -> None:
    """Nothing to seed."""


def get_rng_state_all() -> list:
    """The state of each GPU's generator: none."""
    return []


def set_rng_state_all(new_states: Iterable) -> None:
    """Nothing to set where there is no state; a state is refused."""
    for i, state in enumerate(new_states):
        set_rng_state(state, i)


def empty_cache() -> None:
    """Nothing to free."""


def memory_allocated(device: Any = None) -> int:
    """Bytes in use on a GPU: none."""
    return 0


def max_memory_allocated(device: Any = None) -> int:
    """The most bytes that were in use on a GPU: none."""
    return 0


def memory_reserved(device: Any = None) -> int:
    """Bytes kept on a GPU: none."""
    return 0


def max_memory_reserved(device: Any = None) -> int:
    """The most bytes that were kept on a GPU: none."""
    return 0


def memory_stats(device: Any = None) -> OrderedDict:
    """What is counted of a GPU's memory: nothing."""
    return OrderedDict()


def reset_peak_memory_stats(device: Any = None) -> None:
    """Refused, as in a torch that finds no GPU."""
    raise RuntimeError(
        "invalid argument to reset_peak_memory_stats: there is no GPU"
    )


def __getattr__(name: str) -> Any:
    """cuda.amp, read when it is first asked for; cuda.random is all here."""
    if name == "random":
        return sys.modules[__name__]
    if name != "amp":
        raise AttributeError(f"module 'scratch.cuda' has no attribute '{name}'")
    return import_module("scratch.cuda.amp")
