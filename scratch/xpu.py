"""torch.xpu: Intel's GPUs; none is here."""

from __future__ import annotations

__all__ = [
    "device_count",
    "empty_cache",
    "is_available",
    "is_initialized",
    "manual_seed",
    "manual_seed_all",
]


def is_available() -> bool:
    """Whether there is one to compute on: no."""
    return False


def device_count() -> int:
    """How many there are: none."""
    return 0


def is_initialized() -> bool:
    """Whether one was used: no."""
    return False


def manual_seed(seed: int) -> None:
    """Nothing to seed; programs may say it all the same, as in torch."""


def manual_seed_all(seed: int) -> None:
    """Nothing to seed; programs may say it all the same, as in torch."""


def empty_cache() -> None:
    """Nothing to free."""
