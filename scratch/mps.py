"""torch.mps: Apple's GPUs; none is here."""

from __future__ import annotations

__all__ = [
    "device_count",
    "empty_cache",
    "is_available",
    "manual_seed",
    "synchronize",
]


def is_available() -> bool:
    """Whether there is one to compute on: no."""
    return False


def device_count() -> int:
    """How many there are: none."""
    return 0


def manual_seed(seed: int) -> None:
    """Nothing to seed; programs may say it all the same, as in torch."""


def empty_cache() -> None:
    """Refused: there is no memory of theirs."""
    raise RuntimeError("Cannot execute emptyCache() without MPS backend.")


def synchronize() -> None:
    """Refused: there is none to wait for."""
    raise RuntimeError("Cannot execute synchronize() without MPS backend.")
