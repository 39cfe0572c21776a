"""The stable order of rows: numbers and their places in one key.

NumPy sorts whole numbers of 64 bits several times as fast as it finds the
stable order of an array. A key's upper half is the number, as a whole number
of the same order; its lower half is the place, so that equals keep theirs.
"""

import numpy as np

LOW = 2**32 - 1  # the lower half of a key
KINDS = ("f4", "f2", "i4", "i2", "i1", "u1", "?")  # that fit the upper half


def fits(a: np.ndarray, d: int) -> bool:
    """Whether a number and its place along d fit one key."""
    return a.dtype in KINDS and a.shape[d] <= LOW


def order(a: np.ndarray, d: int, descending: bool = False) -> np.ndarray:
    """Where along d the elements stand, in order; NaN is the greatest."""
    keys = whole(np.moveaxis(a, d, -1))
    if descending:
        np.invert(keys, out=keys)  # -1 - key
    np.left_shift(keys, 32, out=keys)
    np.bitwise_or(keys, np.arange(a.shape[d]), out=keys)
    keys.sort(axis=-1)
    np.bitwise_and(keys, LOW, out=keys)
    return np.ascontiguousarray(np.moveaxis(keys, -1, d))


def whole(a: np.ndarray) -> np.ndarray:
    """Whole numbers (int64) in the order of a's numbers."""
    if a.dtype.kind != "f":
        return a.astype(np.int64, order="C")
    a = a.astype(np.float32, order="C") + np.float32(0)  # -0 is 0
    bits, odd = a.view(np.int32), np.isnan(a)
    # below 0 the bits count the wrong way round, but for the sign
    bits ^= (bits >> 31) & np.int32(2**31 - 1)
    bits[odd] = 2**31 - 1
    return bits.astype(np.int64)
