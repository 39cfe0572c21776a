"""Intel's MKL: NumPy brings its own BLAS."""

from __future__ import annotations


def is_available() -> bool:
    """Whether it was built in: no."""
    return False
