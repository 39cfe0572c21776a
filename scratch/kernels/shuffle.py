"""Fisher's and Yates's shuffle, swap by swap or all at once."""

import numpy as np

from scratch.kernels.blocks import pad

MANY = 1 << 10  # swaps, from which on sorting them is quicker than a list
NAMES = ("count", "swap", "place", "earlier", "origin", "further")


def shuffled(other: np.ndarray) -> np.ndarray:
    """0 … n - 1 after place i swapped with other[i] ≥ i, for i up to n - 2."""
    if MANY <= len(other) < 2**31:
        return all_at_once(other)
    order = list(range(len(other) + 1))  # swaps are quicker in a list
    for i, j in enumerate(other.tolist()):
        order[i], order[j] = order[j], order[i]
    return np.array(order)


def all_at_once(other: np.ndarray) -> np.ndarray:
    """The same without a loop, by asking where each number came from.

    Swap i is the last that touches place i, and takes there what lies at
    other[i]. That was put there by the last swap k < i with other[k] =
    other[i], from place k; or it lies there since the start. What lay at
    place k then came by the last swap before k with other[…] = k, and so on.
    """
    n = len(other) + 1
    count, swap, place, earlier, origin, further = (
        pad.take(name, (n,), other.dtype) for name in NAMES
    )
    count[:] = np.arange(n)
    # by the place they swap with, and in order: two numbers in one key
    keys = np.left_shift(other, 32, out=further[1:])
    np.bitwise_or(keys, count[:-1], out=keys)
    keys.sort()
    swap = np.bitwise_and(keys, 2**32 - 1, out=swap[1:])
    place = np.right_shift(keys, 32, out=place[1:])

    earlier = earlier[1:]  # swap with the same place as this one
    earlier[0] = -1
    earlier[1:] = swap[:-1]
    np.copyto(earlier[1:], -1, where=place[1:] != place[:-1])
    came = further[1:]
    came[:] = swap
    np.copyto(came, earlier, where=swap == place)
    np.copyto(came, place, where=came < 0)
    origin[:] = count  # where what swap k moves away lay before
    origin[place] = came  # of several the last one counts
    while True:
        np.take(origin, origin, out=further, mode="clip")
        if np.array_equal(origin, further):
            break
        origin, further = further, origin

    order = np.empty(n, other.dtype)
    came = np.take(origin, earlier, out=further[1:], mode="wrap")
    np.copyto(came, place, where=earlier < 0)
    order[swap] = came
    order[n - 1] = origin[n - 1]
    return order
