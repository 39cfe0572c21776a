"""Pooling: how windows walk over a batch, and their sums with the adjoint.

x (N, C, *S) -> y (N, C, *P), one to three spatial axes.
"""

from collections.abc import Callable

import numpy as np

from scratch.kernels import threads
from scratch.kernels.memory import empty
from scratch.kernels.windows import (
    Geometry,
    Sizes,
    bordered,
    fitted,
    pad,
    places,
    spans,
    tap_slices,
    taps,
    unpad,
)

GRAIN = 1 << 16  # entries that make a thread worth it
BLOCK = 1 << 20  # entries that are worked on at once


def pool_geometry(
    geo: Geometry, size: Sizes, kernel: Sizes, ceil_mode: bool = False
) -> Geometry:
    """The walk with its padding cut, or widened, to end with the last window.

    ceil_mode adds a last window that hangs over the edge, unless it would
    begin behind the image and its left padding.
    """
    count = places(size, kernel, geo)
    if ceil_mode:
        axes = zip(
            size, spans(kernel, geo), geo.padding, geo.stride, strict=True
        )
        last = [-((span - n - a - b) // s) for n, span, (a, b), s in axes]
        axes = zip(last, size, geo.padding, geo.stride, strict=True)
        count = tuple(i + 1 if i * s < n + a else i for i, n, (a, _), s in axes)
    return fitted(geo, size, kernel, count)


def window_sum(x: np.ndarray, kernel: Sizes, geo: Geometry) -> np.ndarray:
    """The sum of every window."""
    count = places(x.shape[2:], kernel, geo)
    y = empty((*x.shape[:2], *count), x)

    def part(start: int, stop: int) -> None:
        padded, total = pad(x[start:stop], geo), y[start:stop]
        first, *others = taps(kernel)
        total[...] = padded[tap_slices(first, count, geo)]
        for tap in others:
            total += padded[tap_slices(tap, count, geo)]

    by_image(part, x)
    return y


def window_sum_input(
    y: np.ndarray, kernel: Sizes, geo: Geometry, size: Sizes
) -> np.ndarray:
    """The adjoint of window_sum: every y is added to its whole window."""
    x = empty((*y.shape[:2], *bordered(size, geo)), y)
    apart = no_two_meet(kernel, geo)

    def part(start: int, stop: int) -> None:
        image, some = x[start:stop], y[start:stop]
        image.fill(0)
        for tap in taps(kernel):
            spot = image[tap_slices(tap, y.shape[2:], geo)]
            if apart:
                spot[...] = some
            else:
                spot += some

    by_image(part, x)
    return unpad(x, size, geo)


def no_two_meet(kernel: Sizes, geo: Geometry) -> bool:
    """Whether no two windows have an entry in common."""
    return all(s >= n for s, n in zip(geo.stride, spans(kernel, geo)))


def by_image(
    part: Callable[[int, int], None], x: np.ndarray, block: int = BLOCK
) -> None:
    """Share the images of a batch, a few at a time to stay in the cache."""
    each = max(x[:1].size, 1)
    few = max(1, block // each)

    def some(start: int, stop: int) -> None:
        for first in range(start, stop, few):
            part(first, min(first + few, stop))

    threads.share(some, len(x), grain=-(-GRAIN // each))


def window_count(
    size: Sizes,
    kernel: Sizes,
    geo: Geometry,
    padded: Geometry | None = None,
) -> np.ndarray:
    """How many entries every window holds (*P): those within the image.

    With `padded`, the geometry before `pool_geometry`, its padding counts too
    (but not what ceil_mode hangs over).
    """
    total = np.ones((), np.int64)
    axes = zip(
        size,
        kernel,
        places(size, kernel, geo),
        geo.stride,
        (padded or geo).padding,
        strict=True,
    )
    for n, k, p, s, (a, b) in axes:
        start = np.arange(p) * s - a
        low, high = (-a, n + b) if padded else (0, n)
        held = np.minimum(start + k, high) - np.maximum(start, low)
        total = total[..., None] * held
    return total
