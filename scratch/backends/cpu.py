"""The CPU that NumPy computes on."""

from __future__ import annotations

import numpy as np


def get_cpu_capability() -> str:
    """The widest vector instructions: AVX512, AVX2 or DEFAULT."""
    core = np._core._multiarray_umath  # type: ignore[attr-defined]
    found = core.__cpu_features__
    if found.get("AVX512F"):
        return "AVX512"
    return "AVX2" if found.get("AVX2") else "DEFAULT"
