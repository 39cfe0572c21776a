"""OpenMP: the threads here are Python's own."""

from __future__ import annotations


def is_available() -> bool:
    """Whether it was built in: no."""
    return False
