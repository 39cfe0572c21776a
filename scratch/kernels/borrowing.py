"""Entries taken along axes by lists of places, and what undoes that.

What a border or a larger picture takes lies in slices: side by side,
backwards, one entry again and again, or each as often as the next. A slice
takes a tenth of a list's time.
"""

from collections.abc import Callable

import numpy as np

from scratch.kernels import threads
from scratch.kernels.scatter import place_rows, wide

Pair = tuple[slice, slice]  # where to, and where from
MANY = 32  # slices that are no longer sooner than a list
SHORT = 4  # entries side by side that are sooner taken one by one
GRAIN = 1 << 18  # entries that make a thread worth it


def borrow(x: np.ndarray, sources: list[np.ndarray]) -> np.ndarray:
    """y[…, i, j] = x[…, sources₀[i], sources₁[j]] for the last axes"""

    def step(x: np.ndarray) -> np.ndarray:
        for axis, places in enumerate(reversed(sources), 1):
            x = taken(x, places, x.ndim - axis)
        return x

    return by_images(step, x, tuple([len(places) for places in sources]))


def give_back(
    y: np.ndarray, sources: list[np.ndarray], size: tuple[int, ...]
) -> np.ndarray:
    """The adjoint of borrow: every entry is added where it came from."""

    def step(y: np.ndarray) -> np.ndarray:
        x = y.astype(wide(y.dtype), copy=False)
        for axis, (places, n) in enumerate(zip(sources, size), -len(size)):
            x = added(x, places, x.ndim + axis, n)
        return x

    return by_images(step, y, size)


def by_images(
    step: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    size: tuple[int, ...],
) -> np.ndarray:
    """step(x), whose last axes have this size, some images a thread."""
    lead = x.shape[: x.ndim - len(size)]
    out = np.empty((*lead, *size), x.dtype)
    if not lead:
        out[...] = step(x)
        return out

    def part(start: int, stop: int) -> None:
        out[start:stop] = step(x[start:stop])

    each = max(x.size, out.size) // max(len(out), 1)
    threads.share(part, len(out), grain=max(1, GRAIN // max(each, 1)))
    return out


def taken(x: np.ndarray, places: np.ndarray, axis: int) -> np.ndarray:
    """borrow along one axis"""
    pairs = slices(places, x.shape[axis])
    if pairs is None:
        return x.take(places, axis)
    if pairs == all_of(x.shape[axis]):
        return x
    shape = (*x.shape[:axis], len(places), *x.shape[axis + 1 :])
    y = np.empty(shape, x.dtype)
    lead = (slice(None),) * axis
    for to, source in pairs:
        y[(*lead, to)] = x[(*lead, source)]
    return y


def added(y: np.ndarray, places: np.ndarray, axis: int, n: int) -> np.ndarray:
    """give_back along one axis"""
    pairs = slices(places, n)
    if pairs is None:
        rows = place_rows(np.moveaxis(y, axis, 0), places, n)
        return np.moveaxis(rows, 0, axis)
    lead = (slice(None),) * axis
    everything = np.arange(n)
    whole = next(
        (p for p in pairs if np.array_equal(places[p[0]], everything)), None
    )
    if whole is None:
        x = np.zeros((*y.shape[:axis], n, *y.shape[axis + 1 :]), y.dtype)
    else:
        x = y[(*lead, whole[0])]
        x = x if len(pairs) == 1 else x.copy()
    for to, source in pairs:
        if (to, source) == whole:
            continue
        total, part = x[(*lead, source)], y[(*lead, to)]
        if total.shape != part.shape:  # one entry, taken again and again
            part = part.sum(axis, keepdims=True)
        total += part
    return x


# ---- a list as slices


def slices(places: np.ndarray, n: int) -> list[Pair] | None:
    """These places of n as a few slices; None if they are many."""
    count = len(places)
    each = count // max(n, 1)
    if 1 < each <= MANY and np.array_equal(places, np.arange(n * each) // each):
        return [(slice(r, None, each), slice(0, n)) for r in range(each)]
    found: list[Pair] = []
    start = 0
    for stop in ends(places):
        if stop - start <= SHORT:
            found += [
                (slice(i, i + 1), slice(places[i], places[i] + 1))
                for i in range(start, stop)
            ]
        else:
            found.append((slice(start, stop), run(places[start:stop])))
        start = stop
        if len(found) > MANY:
            return None
    return found


def ends(places: np.ndarray) -> list[int]:
    """Where the runs end whose places are all 1, 0 or -1 from the last."""
    found: list[int] = []
    steps = np.diff(places)
    # what stands at the end of a step differs in kind from the one before
    breaks = [*(np.flatnonzero(np.diff(steps)) + 2), len(places)]
    start = 0
    for stop in breaks:
        while start < stop:
            far = start + 1 < stop and abs(steps[start]) > 1
            end = start + 1 if far else stop
            found.append(end)
            start = end
    return found


def run(places: np.ndarray) -> slice:
    """The slice of such a run."""
    first, last = int(places[0]), int(places[-1])
    if first > last:
        return slice(first, last - 1 if last else None, -1)
    return slice(first, last + 1)


def all_of(n: int) -> list[Pair]:
    """Every place, in order."""
    return [(slice(0, n), slice(0, n))]
