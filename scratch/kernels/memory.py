"""The order in which the channels of an image lie in memory.

x is always indexed (N, C, *S). It lies either plainly, as torch's images do,
or with its channels last, (N, *S, C): then a pixel's channels are neighbours,
which the fast forms read and write in long runs. A kernel's result lies as
the image it was made from does; only convolutions, which copy their images
anyway, lay many channels last.
"""

from collections.abc import Callable
from functools import cache
from typing import Literal

import numpy as np

from scratch.kernels import threads

Sizes = tuple[int, ...]


MANY = 32  # channels from which on they are better last
GRAIN = 1 << 18  # entries of a copy that are worth a thread of their own


class Memory:
    """last: whether convolutions lay many channels last (see `image`)."""

    last = True


memory = Memory()


@cache
def orders(axes: int) -> tuple[Sizes, Sizes]:
    """The transpositions that put the channels last, and back."""
    order = (0, *range(2, axes), 1)
    return order, tuple(order.index(axis) for axis in range(axes))


def last(x: np.ndarray) -> np.ndarray:
    """View (N, C, *S) as (N, *S, C)."""
    return x.transpose(orders(x.ndim)[0])


def first(x: np.ndarray) -> np.ndarray:
    """View (N, *S, C) as (N, C, *S)."""
    return x.transpose(orders(x.ndim)[1])


def is_last(x: np.ndarray) -> bool:
    """Whether the channels of (N, C, *S) lie side by side in memory."""
    if x.ndim < 3 or x.flags.c_contiguous:
        return False
    return last(x).flags.c_contiguous


def empty(shape: Sizes, like: np.ndarray) -> np.ndarray:
    """A new (N, C, *S) for a result made from `like`: it lies as that does."""
    return lying(shape, like.dtype, is_last(like))


def image(shape: Sizes, like: np.ndarray) -> np.ndarray:
    """A new (N, C, *S) for a result that may lie as it is better."""
    many = memory.last and shape[1] >= MANY and shape[2:] != (1, 1)
    return lying(shape, like.dtype, many or is_last(like))


def lying(
    shape: Sizes,
    dtype: np.dtype,
    channels_last: bool,
    make: Callable[[Sizes, np.dtype], np.ndarray] = np.empty,
) -> np.ndarray:
    """A (N, C, *S) in the order that is asked for, new or what `make` gives."""
    if channels_last and len(shape) > 2:
        return first(make((shape[0], *shape[2:], shape[1]), dtype))
    return make(shape, dtype)


def copied_as(like: np.ndarray, x: np.ndarray) -> np.ndarray:
    """A copy of x, stretched to the shape of `like`, that lies as it does."""
    copy = np.empty_like(like, dtype=x.dtype)
    if copy.size < 2 * GRAIN:
        copy[...] = x
        return copy
    whole = np.broadcast_to(x, copy.shape)

    def part(start: int, stop: int) -> None:
        copy[start:stop] = whole[start:stop]

    threads.share(part, len(copy), grain=GRAIN * len(copy) // copy.size)
    return copy


def in_row_order(x: np.ndarray) -> np.ndarray:
    """x itself if it lies row by row, else a copy that does.

    torch: so lie the results of reductions, softmax, cat and others, however
    their inputs lie; elementwise results lie as the inputs do.
    """
    return x if x.flags.c_contiguous else x.copy()


def order_of(x: np.ndarray) -> Literal["K", "C"]:
    """The order of a copy: as x lies; row by row if x repeats itself."""
    again = any(n > 1 and not step for n, step in zip(x.shape, x.strides))
    return "C" if again else "K"


def plain(x: np.ndarray) -> np.ndarray:
    """The same image in torch's order: itself, or a copy."""
    return np.ascontiguousarray(x)
