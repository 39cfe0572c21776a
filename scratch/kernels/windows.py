"""Where a kernel stands on an image: geometry, sizes, views of all windows.

Letters: x (N, C, *S) images of spatial size S, w (O, C/G, *K) kernels,
y (N, O, *P) one value for each of the P places where a kernel stands.
S, K and P have one, two or three axes.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratch.kernels.memory import Sizes, empty


class Geometry(NamedTuple):
    """How a kernel walks over an image: one entry for each spatial axis."""

    stride: Sizes
    padding: tuple[tuple[int, int], ...]  # (before, after); after < 0 crops
    dilation: Sizes
    groups: int = 1


def geometry(
    axes: int,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | Sequence[tuple[int, int]] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Geometry:
    """Numbers, or one number an axis, written out for every axis.

    A padding may also be a pair (before, after), as 'same' needs it.
    """
    each = [
        p if isinstance(p, tuple) else (p, p) for p in spread(axes, padding)
    ]
    return Geometry(
        spread(axes, stride), tuple(each), spread(axes, dilation), groups
    )


def spread(axes: int, value: Any) -> tuple:
    """A number, or a sequence of one, stands for every axis."""
    values = tuple(value) if isinstance(value, Sequence) else (value,)
    return values * axes if len(values) == 1 else values


def spans(kernel: Sizes, geo: Geometry) -> Sizes:
    """How far a kernel reaches from its first tap to its last."""
    return tuple(
        d * (k - 1) + 1 for k, d in zip(kernel, geo.dilation, strict=True)
    )


def places(size: Sizes, kernel: Sizes, geo: Geometry) -> Sizes:
    """P = ⌊(S + padding - span) / stride⌋ + 1"""
    axes = zip(size, spans(kernel, geo), geo.padding, geo.stride, strict=True)
    return tuple((n + a + b - span) // s + 1 for n, span, (a, b), s in axes)


def reach(count: Sizes, kernel: Sizes, geo: Geometry) -> Sizes:
    """S = (P - 1) · stride + span - padding: the size that P places cover."""
    axes = zip(count, spans(kernel, geo), geo.padding, geo.stride, strict=True)
    return tuple((p - 1) * s + span - a - b for p, span, (a, b), s in axes)


def fitted(geo: Geometry, size: Sizes, kernel: Sizes, count: Sizes) -> Geometry:
    """The same walk, with just the padding that `count` places read."""
    left = zip(geo.padding, reach(count, kernel, geo), size, strict=True)
    return geo._replace(padding=tuple((a, b + r - n) for (a, b), r, n in left))


def turned(geo: Geometry, kernel: Sizes, size: Sizes, count: Sizes) -> Geometry:
    """The walk from y back to x at stride 1, with the kernel turned round."""
    back = zip(kernel, geo.padding, size, count, strict=True)
    pads = tuple((k - 1 - a, n + a - p) for k, (a, _), n, p in back)
    return geo._replace(padding=pads)


def pad(x: np.ndarray, geo: Geometry, fill: float = 0) -> np.ndarray:
    """x (N, C, *S) with a border; where it has none, x itself (a view)."""
    inner = tuple(slice(a, a + n) for n, (a, _) in sides(x, geo))
    whole = tuple(n + a + b for n, (a, b) in sides(x, geo))
    if all(a == 0 and b <= 0 for a, b in geo.padding):
        return x[inside(slice(0, n) for n in whole)]
    padded = empty(x.shape[:2] + whole, x)
    padded.fill(fill)
    shown = padded[inside(inner)]
    shown[...] = x[inside(slice(0, n) for n in shown.shape[2:])]
    return padded


def inside(cuts: Iterable[slice]) -> tuple[Any, ...]:
    """The index that cuts the spatial axes, which come last."""
    return (..., *cuts)


def sides(x: np.ndarray, geo: Geometry) -> list[tuple[int, tuple[int, int]]]:
    return list(zip(x.shape[2:], geo.padding, strict=True))


def windows(x: np.ndarray, kernel: Sizes, geo: Geometry) -> np.ndarray:
    """View a padded x (N, C, *S) as (N, C, *P, *K): all windows, no copy."""
    size, steps = x.shape[2:], x.strides[2:]
    bare = geo._replace(padding=((0, 0),) * len(size))
    count = places(size, kernel, bare)
    between = [n * s for n, s in zip(steps, geo.stride, strict=True)]
    within = [n * d for n, d in zip(steps, geo.dilation, strict=True)]
    return as_strided(
        x,
        (*x.shape[:2], *count, *kernel),
        (*x.strides[:2], *between, *within),
        writeable=False,
    )


def tap_slices(tap: Sizes, count: Sizes, geo: Geometry) -> tuple:
    """x[tap_slices(…)]: what one tap of the kernel meets at all P places."""
    axes = zip(tap, count, geo.stride, geo.dilation, strict=True)
    return (
        ...,
        *(slice(t * d, t * d + (p - 1) * s + 1, s) for t, p, s, d in axes),
    )


def grouped(x: np.ndarray, axis: int, groups: int) -> np.ndarray:
    """Split an axis of channels into (groups, channels of one group)."""
    each = x.shape[axis] // groups
    shape = (*x.shape[:axis], groups, each, *x.shape[axis + 1 :])
    return x.reshape(shape)


def taps(kernel: Sizes) -> Iterator[Sizes]:
    """The positions (k, l, …) of a kernel's entries, in memory order."""
    return product(*map(range, kernel))


def bordered(size: Sizes, geo: Geometry) -> Sizes:
    """The size of an image with its border."""
    axes = zip(size, geo.padding, strict=True)
    return tuple(n + a + max(b, 0) for n, (a, b) in axes)


def canvas(
    lead: Sizes, size: Sizes, geo: Geometry, like: np.ndarray
) -> np.ndarray:
    """Zeros for an image and its border, to add windows into."""
    zeros = empty((*lead, *bordered(size, geo)), like)
    zeros.fill(0)
    return zeros


def unpad(x: np.ndarray, size: Sizes, geo: Geometry) -> np.ndarray:
    """The image within its border, as an array of its own."""
    if x.shape[2:] == size:
        return x
    axes = zip(size, geo.padding, strict=True)
    return x[inside(slice(a, a + n) for n, (a, _) in axes)].copy("K")
