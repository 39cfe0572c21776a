"""Pooling: the largest entry or the sum of every window, and the adjoints.

x (N, C, *S) -> y (N, C, *P), one to three spatial axes. A position `where`
counts along the flattened image of one channel, as torch's indices do.
"""

import math
from collections.abc import Callable

import numpy as np

from scratch.kernels import threads
from scratch.kernels.forms import forms
from scratch.kernels.memory import copied_as, empty, is_last, last, lying
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
BLOCK = 1 << 18  # entries that are worked on at once


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


def lowest(dtype: np.dtype) -> float | int:
    """What no entry is smaller than."""
    if dtype.kind == "b":
        return False
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def max_pool(
    x: np.ndarray, kernel: Sizes, geo: Geometry
) -> tuple[np.ndarray, np.ndarray]:
    """The largest entry of every window, and where it stands.

    The first of equals wins; a NaN wins over all before it.
    """
    if not has_taps(x, kernel):
        return textbook_max_pool(x, kernel, geo)
    best, won = max_pool_taps(x, kernel, geo)
    return best, tap_positions(won, kernel, geo, x.shape[2:])


def has_taps(x: np.ndarray, kernel: Sizes) -> bool:
    """Whether a byte can number the winners, by max_pool_taps."""
    return not (
        forms.textbook or x.dtype.kind != "f" or math.prod(kernel) > 255
    )


def textbook_max_pool(
    x: np.ndarray, kernel: Sizes, geo: Geometry
) -> tuple[np.ndarray, np.ndarray]:
    """max_pool, one tap after the other."""
    count = places(x.shape[2:], kernel, geo)
    padded = pad(x, geo, lowest(x.dtype))
    best = np.full((*x.shape[:2], *count), lowest(x.dtype), x.dtype)
    where = np.broadcast_to(first_inside(x.shape[2:], count, geo), best.shape)
    where = where.copy()
    for tap in taps(kernel):
        entry = padded[tap_slices(tap, count, geo)]
        better = (entry > best) | (entry != entry)
        np.copyto(best, entry, where=better)
        here = positions(tap, x.shape[2:], count, geo)
        np.copyto(where, here, where=better)
    return best, where


def max_values(x: np.ndarray, kernel: Sizes, geo: Geometry) -> np.ndarray:
    """The largest entry of every window."""
    count = places(x.shape[2:], kernel, geo)
    padded = pad(x, geo, lowest(x.dtype))
    best = np.full((*x.shape[:2], *count), lowest(x.dtype), x.dtype)
    for tap in taps(kernel):
        np.maximum(best, padded[tap_slices(tap, count, geo)], out=best)
    return best


def max_pool_taps(
    x: np.ndarray, kernel: Sizes, geo: Geometry
) -> tuple[np.ndarray, np.ndarray]:
    """max_pool, with the number of the winning tap, one byte, for `where`.

    The fast form keeps the largest number of a tap that was better than all
    before it, which is the last such tap; it leaves NaN to the plain one.
    """
    count = places(x.shape[2:], kernel, geo)
    best = empty((*x.shape[:2], *count), x)
    won = np.empty_like(best, dtype=np.uint8)
    first = first_taps(x.shape[2:], kernel, geo)

    def part(start: int, stop: int) -> None:
        padded = pad(x[start:stop], geo, lowest(x.dtype))
        y, winner = best[start:stop], won[start:stop]
        winner[...] = first
        y[...] = lowest(x.dtype)
        better = np.empty_like(y, dtype=bool)
        for number, tap in enumerate(taps(kernel)):
            entry = padded[tap_slices(tap, count, geo)]
            np.greater(entry, y, out=better)
            np.maximum(y, entry, out=y)
            mine = better.view(np.uint8)
            np.multiply(mine, np.uint8(number), out=mine)
            np.maximum(winner, mine, out=winner)
        if np.isnan(y.min(initial=0)):
            where = y != y
            winner[where] = last_nan(padded, kernel, geo, count)[where]

    assert math.prod(kernel) < 256
    by_image(part, x)
    return best, won


def first_taps(size: Sizes, kernel: Sizes, geo: Geometry) -> np.ndarray:
    """The number (*P) of the first tap of every window within the image."""
    count = places(size, kernel, geo)
    number = np.zeros((), np.int64)
    axes = zip(kernel, count, geo.stride, geo.dilation, geo.padding)
    for k, p, s, d, (a, _) in axes:
        before = np.maximum(a - np.arange(p) * s, 0)
        number = number[..., None] * k + -(-before // d)
    return number.astype(np.uint8)


def last_nan(
    padded: np.ndarray, kernel: Sizes, geo: Geometry, count: Sizes
) -> np.ndarray:
    """The number of the last tap of every window that is NaN."""
    found = np.zeros((*padded.shape[:2], *count), np.uint8)
    for number, tap in enumerate(taps(kernel)):
        entry = padded[tap_slices(tap, count, geo)]
        found[entry != entry] = number
    return found


def tap_positions(
    won: np.ndarray, kernel: Sizes, geo: Geometry, size: Sizes
) -> np.ndarray:
    """`where` of max_pool from the numbers of max_pool_taps.

    A tap stands as far from the first tap in every window.
    """
    count = won.shape[2:]
    first = positions((0,) * len(kernel), size, count, geo)
    one = geo._replace(padding=((0, 0),) * len(kernel))
    spots = [positions(t, size, (1,) * len(kernel), one) for t in taps(kernel)]
    offsets = np.array([int(spot.flat[0]) for spot in spots])
    where = offsets[won]
    where += first
    return where


def place_taps(
    y: np.ndarray, won: np.ndarray, kernel: Sizes, geo: Geometry, size: Sizes
) -> np.ndarray:
    """The adjoint of a max-pool: add every y where its window's tap won."""
    if y.strides != tuple(n * y.itemsize for n in won.strides):
        y = copied_as(won, y)
    bare = all_inside(y.shape[2:], size, kernel, geo)
    whole = size if bare else bordered(size, geo)
    x = lying((*y.shape[:2], *whole), y.dtype, is_last(won))
    steps = [n // x.itemsize for n in x.strides[1:]]
    order = last if is_last(won) else np.asarray
    spots = order(window_spots(won.shape[1:], steps, geo)).reshape(-1)
    if bare:
        spots -= np.dot([a for a, _ in geo.padding], steps[1:])
    paces = [d * n for d, n in zip(geo.dilation, steps[1:], strict=True)]
    offsets = np.array([np.dot(tap, paces) for tap in taps(kernel)])
    apart = no_two_meet(kernel, geo)

    def part(start: int, stop: int) -> None:
        for n in range(start, stop):
            some = slice(n, n + 1)
            at = np.take(offsets, order(won[some]).reshape(-1), mode="clip")
            at += spots
            image, values = order(x[some]).reshape(-1), order(y[some])
            image.fill(0)
            if apart:  # no two windows meet
                image[at] = values.reshape(-1)
            else:
                np.add.at(image, at, values.reshape(-1))

    by_image(part, x)
    return x if bare else unpad(x, size, geo)


def all_inside(count: Sizes, size: Sizes, kernel: Sizes, geo: Geometry) -> bool:
    """Whether every window has a tap, and so its winner, within the image."""
    axes = zip(count, size, kernel, *geo[:3], strict=True)
    for p, n, k, s, (a, _), d in axes:
        at = np.add.outer(np.arange(p) * s - a, np.arange(k) * d)
        if not ((at >= 0) & (at < n)).any(1).all():
            return False
    return True


def window_spots(shape: Sizes, steps: list[int], geo: Geometry) -> np.ndarray:
    """Where in an image's memory each window's first tap is (1, C, *P)."""
    spots = np.zeros((), np.intp)
    for n, step, s in zip(shape, steps, (1, *geo.stride), strict=True):
        spots = spots[..., None] + np.arange(n) * step * s
    return spots[None]


def pick_taps(
    x: np.ndarray, won: np.ndarray, kernel: Sizes, geo: Geometry
) -> np.ndarray:
    """Of every window the entry at the tap that won."""
    y = np.zeros(won.shape, x.dtype)
    padded = pad(x, geo)
    for number, tap in enumerate(taps(kernel)):
        entry = padded[tap_slices(tap, won.shape[2:], geo)]
        np.copyto(y, entry, where=won == number)
    return y


def positions(
    tap: Sizes, size: Sizes, count: Sizes, geo: Geometry
) -> np.ndarray:
    """Where one tap of every window falls: *P flat positions in the image."""
    flat = np.zeros((), np.int64)
    axes = zip(
        tap, size, count, geo.stride, geo.dilation, geo.padding, strict=True
    )
    for t, n, p, s, d, (a, _) in axes:
        along = np.arange(p) * s + (t * d - a)
        flat = flat[..., None] * n + along
    return flat


def first_inside(size: Sizes, count: Sizes, geo: Geometry) -> np.ndarray:
    """The first position of every window that lies within the image."""
    flat = np.zeros((), np.int64)
    axes = zip(size, count, geo.stride, geo.dilation, geo.padding, strict=True)
    for n, p, s, d, (a, _) in axes:
        start = np.arange(p) * s - a
        start = np.where(start < 0, start % d, start)
        flat = flat[..., None] * n + start
    return flat


def pick_planes(x: np.ndarray, where: np.ndarray) -> np.ndarray:
    """y[n, c, p] = x[n, c, where[n, c, p]]"""
    flat = x.reshape(*x.shape[:2], math.prod(x.shape[2:]))
    at = where.reshape(*where.shape[:2], math.prod(where.shape[2:]))
    return np.take_along_axis(flat, at, 2).reshape(where.shape)


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


def by_image(part: Callable[[int, int], None], x: np.ndarray) -> None:
    """Share the images of a batch, a few at a time to stay in the cache."""
    each = max(x[:1].size, 1)
    few = max(1, BLOCK // each)

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
