"""The order in which the channels of an image lie in memory.

x is always indexed (N, C, *S). It lies either plainly, as torch's images do,
or with its channels last, (N, *S, C): then a pixel's channels are neighbours,
which the fast forms read and write in long runs. A kernel's result lies as
the image it was made from does.
"""

import numpy as np

Sizes = tuple[int, ...]


class Memory:
    """last: whether results lie with their channels last (see `empty`)."""

    last = False


memory = Memory()


def last(x: np.ndarray) -> np.ndarray:
    """View (N, C, *S) as (N, *S, C)."""
    return np.moveaxis(x, 1, -1)


def is_last(x: np.ndarray) -> bool:
    """Whether the channels of (N, C, *S) lie side by side in memory."""
    return not x.flags.c_contiguous and last(x).flags.c_contiguous


def empty(shape: Sizes, like: np.ndarray) -> np.ndarray:
    """A new (N, C, *S) for a result made from `like`: it lies as that does."""
    return lying(shape, like.dtype, memory.last or is_last(like))


def lying(shape: Sizes, dtype: np.dtype, channels_last: bool) -> np.ndarray:
    """A new (N, C, *S) in the order that is asked for."""
    if channels_last and len(shape) > 2:
        inner = np.empty((shape[0], *shape[2:], shape[1]), dtype)
        return np.moveaxis(inner, -1, 1)
    return np.empty(shape, dtype)


def plain(x: np.ndarray) -> np.ndarray:
    """The same image in torch's order: itself, or a copy."""
    return np.ascontiguousarray(x)
