"""Arrays copied with the memory they lie in, once for all its views."""

from __future__ import annotations

import numpy as np


def copied(a: np.ndarray, memo: dict) -> np.ndarray:
    """A copy of an array, laid out as it is.

    memo: the memories copied so far: arrays that shared one share its copy
    """
    owner = a
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    key = "memory", id(owner)
    if key not in memo:
        memo[key] = owner, owner.copy(order="K")
    twin = memo[key][1]
    if owner is a:
        return twin
    # what has gaps comes back without: places in it are others then
    if not a.size or twin.strides != owner.strides:
        return a.copy(order="K")
    row = twin.ravel(order="K").view(np.uint8)
    start = a.__array_interface__["data"][0]
    start -= owner.__array_interface__["data"][0]
    return np.ndarray(a.shape, a.dtype, row.data, start, a.strides)
