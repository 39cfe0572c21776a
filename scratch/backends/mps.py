"""Apple's GPUs: none is here."""

from __future__ import annotations


def is_available() -> bool:
    """Whether it can be used here: no."""
    return False


def is_built() -> bool:
    """Whether it was built in: no."""
    return False


def is_macos13_or_newer(minor: int = 0) -> bool:
    """Whether it would find a recent system: no."""
    return False
