"""What no number of a dtype is below, and what none is above."""

import numpy as np


def lowest(dtype: np.dtype) -> float | int:
    """What no entry is smaller than."""
    if dtype.kind == "b":
        return False
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def highest(dtype: np.dtype) -> float | int:
    """What no entry is greater than."""
    if dtype.kind == "b":
        return True
    return np.inf if dtype.kind == "f" else np.iinfo(dtype).max
