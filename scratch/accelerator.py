"""torch.accelerator: the GPU of whatever maker; there is none here."""

from __future__ import annotations

from typing import Any

from .device import require_cpu

__all__ = [
    "current_accelerator",
    "current_device_index",
    "device_count",
    "empty_cache",
    "is_available",
    "set_device_index",
    "synchronize",
]


def is_available() -> bool:
    """Whether there is one to compute on: no."""
    return False


def device_count() -> int:
    """How many there are: none."""
    return 0


def current_accelerator(check_available: bool = False) -> None:
    """The kind this library was built for: none."""


def current_device_index() -> int:
    """Refused: there is none."""
    require_cpu("cuda")
    return -1


def set_device_index(device: Any, /) -> None:
    """Refused: there is none."""
    require_cpu("cuda" if device is None else device)


def synchronize(device: Any = None, /) -> None:
    """Refused: there is none to wait for."""
    require_cpu("cuda" if device is None else device)


def empty_cache() -> None:
    """Nothing to free."""
