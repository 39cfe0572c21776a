"""Max-pooling: the largest entry of every window, and where it stands.

x (N, C, *S) -> y (N, C, *P), one to three spatial axes. A position `where`
counts along the flattened image of one channel, as torch's indices do; a
`tap`, one byte, counts along the window.
"""

import math
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from scratch.kernels.blocks import pad as scratchpad
from scratch.kernels.bounds import lowest
from scratch.kernels.forms import forms
from scratch.kernels.memory import copied_as, empty, is_last, last, lying
from scratch.kernels.pool import by_image, no_two_meet
from scratch.kernels.windows import (
    Geometry,
    Sizes,
    bordered,
    pad,
    places,
    tap_slices,
    taps,
    unpad,
)

PLACED = 1 << 17  # entries that are placed at once


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
    lines = lines_of(x.shape[2:], kernel, geo)
    best = empty((*x.shape[:2], *(line.places for line in lines)), x)

    def part(start: int, stop: int) -> None:
        some = x[start:stop]
        for axes in stages(kernel, geo):
            y = (
                best[start:stop]
                if axes[0] == 0
                else held("y", some, lines, axes)
            )
            y.fill(lowest(x.dtype))
            for _, at, entries in met(lines, axes):
                np.maximum(y[at], some[entries], out=y[at])
            some = y

    by_image(part, x)
    return best


def max_pool_taps(
    x: np.ndarray, kernel: Sizes, geo: Geometry
) -> tuple[np.ndarray, np.ndarray]:
    """max_pool, with the number of the winning tap, one byte, for `where`.

    Where windows meet, one axis after the other, the last one first: each of
    a window's rows names its best entry, then the window its best row, and
    the first of equals wins both times. NaN is left to the plain form.
    """
    assert math.prod(kernel) < 256
    lines = lines_of(x.shape[2:], kernel, geo)
    best = empty((*x.shape[:2], *(line.places for line in lines)), x)
    won = np.empty_like(best, dtype=np.uint8)

    def part(start: int, stop: int) -> None:
        some: np.ndarray = x[start:stop]
        tap: Any = None
        for axes in stages(kernel, geo):
            into = (best[start:stop], won[start:stop]) if axes[0] == 0 else (
                held("y", some, lines, axes),
                held("won", some, lines, axes, np.dtype(np.uint8)),
            )  # fmt: skip
            largest_along(axes, lines, some, tap, *into)
            some, tap = into
        if np.isnan(some.min(initial=0)):
            lost, padded = some != some, pad(x[start:stop], geo)
            tap[lost] = last_nan(padded, kernel, geo, some.shape[2:])[lost]

    by_image(part, x)
    return best, won


class Line(NamedTuple):
    """One axis of an image, and how the windows stand on it."""

    entries: int
    places: int
    taps: int
    stride: int
    before: int
    dilation: int


def lines_of(size: Sizes, kernel: Sizes, geo: Geometry) -> list[Line]:
    count = places(size, kernel, geo)
    before = [a for a, _ in geo.padding]
    axes = zip(size, count, kernel, geo.stride, before, geo.dilation)
    return [Line(*axis) for axis in axes]


def stages(kernel: Sizes, geo: Geometry) -> list[Sizes]:
    """The axes that are pooled at once, in turn: all, or one by one where
    windows meet and the largest of a row serves several of them."""
    axes = tuple(range(len(kernel)))
    if no_two_meet(kernel, geo):
        return [axes]
    return [(axis,) for axis in reversed(axes)]


def met(lines: list[Line], axes: Sizes) -> Iterator[tuple[int, tuple, tuple]]:
    """Of every tap along these axes: its number in the window, the places
    at which it stands within the image, and the entries that it meets."""
    below = [math.prod(line.taps for line in lines[a + 1 :]) for a in axes]
    for tap in taps(tuple(lines[axis].taps for axis in axes)):
        at = [slice(None)] * (2 + len(lines))
        entries = at.copy()
        for axis, t in zip(axes, tap, strict=True):
            at[2 + axis], entries[2 + axis] = within(lines[axis], t)
        number = sum(t * n for t, n in zip(tap, below, strict=True))
        yield number, tuple(at), tuple(entries)


def within(line: Line, tap: int) -> tuple[slice, slice]:
    """The places at which a tap stands within the image; the entries there."""
    shift, step = tap * line.dilation - line.before, line.stride
    low = max(0, -(shift // step))
    high = max(low, min(line.places, (line.entries - 1 - shift) // step + 1))
    start = low * step + shift
    return slice(low, high), slice(start, start + (high - low) * step, step)


def held(
    name: str,
    x: np.ndarray,
    lines: list[Line],
    axes: Sizes,
    dtype: np.dtype | None = None,
) -> np.ndarray:
    """A thread's own array for what x becomes once these axes are pooled."""
    shape = [*x.shape]
    for axis in axes:
        shape[2 + axis] = lines[axis].places
    take = partial(scratchpad.take, f"max pool's {name} {axes[0]}")
    return lying(tuple(shape), dtype or x.dtype, is_last(x), take)


def largest_along(
    axes: Sizes,
    lines: list[Line],
    x: np.ndarray,
    inner: np.ndarray | None,
    y: np.ndarray,
    won: np.ndarray,
) -> None:
    """The largest of every tap's x along some axes, and its number in the
    window; `inner`: the number that won x along the axes behind."""
    y.fill(lowest(x.dtype))
    won[...] = first_taps(lines[axes[0] :])
    better = held("better", x, lines, axes, np.dtype(bool))
    for tap, at, entries in met(lines, axes):
        number: Any = np.uint8(tap)
        if inner is not None:
            number = inner[entries] + number
        if tap == 0:
            y[at], won[at] = x[entries], number
            continue
        mine = better[at]
        np.greater(x[entries], y[at], out=mine)
        np.maximum(y[at], x[entries], out=y[at])
        mine = mine.view(np.uint8)
        np.multiply(mine, number, out=mine)
        np.maximum(won[at], mine, out=won[at])


def first_taps(lines: list[Line]) -> np.ndarray:
    """The number (*P) of the first tap of every window within the image."""
    number = np.zeros((), np.int64)
    for line in lines:
        outside = line.before - np.arange(line.places) * line.stride
        tap = -(-np.maximum(outside, 0) // line.dilation)
        number = number[..., None] * line.taps + tap
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
    spots = order(window_spots(won.shape[1:], steps, geo))[0]
    if bare:
        spots -= np.dot([a for a, _ in geo.padding], steps[1:])
    paces = [d * n for d, n in zip(geo.dilation, steps[1:], strict=True)]
    offsets = np.array([np.dot(tap, paces) for tap in taps(kernel)])
    apart = no_two_meet(kernel, geo)

    def part(start: int, stop: int) -> None:
        images, values = order(x[start:stop]), order(y[start:stop])
        at = scratchpad.take("at", values.shape, np.dtype(np.intp))
        np.take(offsets, order(won[start:stop]), mode="clip", out=at)
        at += spots
        images.fill(0)
        for image, here, added in zip(images, at, values):
            flat, here = image.reshape(-1), here.reshape(-1)
            if apart:  # no two windows meet
                flat[here] = added.reshape(-1)
            else:
                np.add.at(flat, here, added.reshape(-1))

    by_image(part, x, PLACED)
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
