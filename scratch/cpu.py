"""torch.cpu: the one device there is, asked as a GPU is asked."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

__all__ = [
    "current_device",
    "device_count",
    "is_available",
    "set_device",
    "stream",
    "synchronize",
]


def is_available() -> bool:
    """Whether there is a CPU: yes."""
    return True


def device_count() -> int:
    """How many there are: one."""
    return 1


def current_device() -> str:
    """Its name."""
    return "cpu"


def set_device(device: Any) -> None:
    """There is no choice."""


def synchronize(device: Any = None) -> None:
    """Each operation is done when it returns: nothing to wait for."""


def stream(stream: Any) -> Any:
    """with stream(…): work is done in the order of the program."""
    return nullcontext()
