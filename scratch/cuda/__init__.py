"""What a program asks about GPUs: there is none here."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..device import require_cpu


def is_available() -> bool:
    """Whether there is a GPU to compute on: no."""
    return False


def device_count() -> int:
    """How many GPUs there are: none."""
    return 0


def is_initialized() -> bool:
    """Whether a GPU was used: no."""
    return False


def current_device() -> int:
    """Refused: there is no GPU."""
    require_cpu("cuda")
    return -1


def get_device_name(device: Any = None) -> str:
    """Refused: there is no GPU."""
    require_cpu("cuda" if device is None else device)
    return ""


def synchronize(device: Any = None) -> None:
    """Refused: there is no GPU to wait for."""
    require_cpu("cuda" if device is None else device)


def manual_seed(seed: int) -> None:
    """Nothing to seed; programs may say it all the same, as in torch."""


def manual_seed_all(seed: int) -> None:
    """Nothing to seed; programs may say it all the same, as in torch."""


def empty_cache() -> None:
    """Nothing to free."""


def __getattr__(name: str) -> Any:
    """cuda.amp, read when it is first asked for."""
    if name != "amp":
        raise AttributeError(
            f"module 'scratch.cuda' has no attribute '{name}'")
    return import_module("scratch.cuda.amp")
