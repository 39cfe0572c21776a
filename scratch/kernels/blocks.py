"""How a fast kernel goes through a batch: blocks that fit a core's cache.

The fast forms hold a block of images with the channels last, (n, *S, C),
because a window is then a few long runs of memory. `load` brings a block in
from an array of any memory order and puts the border round it.
"""

import math
import threading
from collections.abc import Sequence

import numpy as np

from scratch.kernels import threads
from scratch.kernels.windows import Sizes


class Scratchpad(threading.local):
    """Memory that a thread's kernels use again and again, by name.

    What stands in it ends with the block: no kernel returns any of it.
    """

    def __init__(self) -> None:
        self.held: dict[str, np.ndarray] = {}
        self.nothing = np.zeros(0, np.uint8)
        self.last: dict[str, np.ndarray] = {}  # what was taken last

    def take(self, name: str, shape: Sizes, dtype: np.dtype) -> np.ndarray:
        """An array of this shape, with whatever was left in it."""
        last = self.last.get(name)
        if last is not None and last.shape == shape and last.dtype == dtype:
            return last
        need = math.prod(shape) * dtype.itemsize
        if name not in self.held or self.held[name].size < need:
            self.held[name] = np.empty(need, np.uint8)
        array = self.held[name][:need].view(dtype).reshape(shape)
        self.last[name] = array
        return array

    def zeros(self, shape: Sizes, dtype: np.dtype) -> np.ndarray:
        """Zeros that nobody may write to."""
        need = math.prod(shape) * dtype.itemsize
        if self.nothing.size < need:
            self.nothing = np.zeros(need, np.uint8)
            self.nothing.flags.writeable = False
        return self.nothing[:need].view(dtype).reshape(shape)

    def rows(self, name: str, shape: Sizes, dtype: np.dtype) -> np.ndarray:
        """`take` with the places along the first axis apart as `apart` says."""
        size = math.prod(shape[1:])
        held = self.take(name, (shape[0], apart(size, dtype)), dtype)
        return held[:, :size].reshape(shape)


pad = Scratchpad()


def apart(size: int, dtype: np.dtype) -> int:
    """A row's step in memory: an odd number of cache lines.

    Rows that lie a power of two apart meet in the same few lines of the
    cache; a product that walks along many of them takes up to three times
    as long.
    """
    line = 64 // dtype.itemsize
    return (-(-size // line) | 1) * line


def rows(shape: Sizes, dtype: np.dtype) -> np.ndarray:
    """A new array with its rows `apart`."""
    size = math.prod(shape[1:])
    held = np.empty((shape[0], apart(size, dtype)), dtype)
    return held[:, :size].reshape(shape)


def load(into: np.ndarray, x: np.ndarray, starts: Sequence[int]) -> None:
    """Copy the part of x (n, *S, C) that begins at `starts`; 0 outside."""
    source: list[slice] = [slice(None)]
    inside: list[slice] = [slice(None)]
    for start, length, n in zip(starts, into.shape[1:-1], x.shape[1:-1]):
        a = min(max(start, 0), n)
        b = max(min(start + length, n), a)
        inside.append(slice(a - start, b - start))
        source.append(slice(a, b))
        into[(*inside[:-1], slice(0, a - start))] = 0
        into[(*inside[:-1], slice(b - start, None))] = 0
    into[tuple(inside)] = x[tuple(source)]


def packed(y: np.ndarray) -> np.ndarray:
    """A block (n, *P, O) as one piece of memory."""
    if y.flags.c_contiguous:
        return y
    copy = pad.take("packed", y.shape, y.dtype)
    copy[...] = y
    return copy


def in_order(sums: dict[int, np.ndarray]) -> np.ndarray:
    """The sum of what the parts of a loop summed, by where they began."""
    total, *others = (sums[start] for start in sorted(sums))
    for other in others:
        total += other
    return total


def evenly(count: int, pieces: int) -> list[tuple[int, int]]:
    """range(count) in `pieces` parts of nearly one size, none empty."""
    pieces = max(1, min(pieces, count))
    cuts = [count * i // pieces for i in range(pieces + 1)]
    return list(zip(cuts[:-1], cuts[1:]))


def blocks(
    images: int, rows: int, row_cost: int, budget: int
) -> list[tuple[int, int, int, int]]:
    """Cut images × rows into (n, n', row, row') of about `budget` cost each.

    Whole images if one fits, else runs of rows of one image. Every thread
    gets as many blocks as the next.
    """
    team = len(threads.parts(images * rows))
    wanted = -(-images * rows * row_cost // max(budget, 1))
    wanted = -(-wanted // team) * team
    if wanted <= images:
        return [(a, b, 0, rows) for a, b in evenly(images, wanted)]
    each = evenly(rows, -(-wanted // max(images, 1)))
    return [(n, n + 1, a, b) for n in range(images) for a, b in each]
