"""Batch normalization: statistics of every channel, and both directions.

    x̂ = (x - mean) · scale,  scale = 1 / √(var + eps)      y = w x̂ + b

x (N, C, *S); mean, var, w, b (C). M = N·∏S entries make one channel's mean.
Sums of a block are float32 (or what x is); blocks are added in float64.
"""

from collections.abc import Callable

import numpy as np

from scratch.kernels import threads
from scratch.kernels.blocks import evenly, pad
from scratch.kernels.forms import forms
from scratch.kernels.memory import copied_as, empty, is_last, last

Terms = tuple[tuple[np.ndarray, ...], ...]
BLOCK = 1 << 18  # entries that are worked on at once
ROWS = 32  # that are summed in float32
GRAIN = 2  # blocks that make a thread worth it


def moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the (biased) variance of every channel, in two passes."""
    if forms.textbook or not fast(x):
        return textbook_moments(x)
    count = x.size // x.shape[1]
    mean = plain_sums(x) / count
    near = mean.astype(x.dtype)

    def squares(x: np.ndarray) -> Terms:
        d = pad.take("d", x.shape, x.dtype)
        np.subtract(x, per_channel(near, x), out=d)
        return ((d, d),)

    # around the rounded mean: less the square of what the rounding took
    var = channel_sums(squares, x)[0] / count - (mean - near) ** 2
    return near, var.astype(x.dtype)


def textbook_moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    axes = (0, *range(2, x.ndim))
    return x.mean(axes), x.var(axes)


def affine(x: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """y = a x + b, with one a and one b for every channel (C)"""
    if forms.textbook or not fast(x):
        lift = (-1, *(1,) * (x.ndim - 2))
        return (x * a.reshape(lift) + b.reshape(lift)).astype(x.dtype)

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.multiply(x, per_channel(a, x), out=y)
        np.add(y, per_channel(b, x), out=y)

    a, b = a.astype(x.dtype), b.astype(x.dtype)
    return filled(step, x)


def standardize(
    x: np.ndarray,
    mean: np.ndarray,
    scale: np.ndarray,
    w: np.ndarray | None = None,
    b: np.ndarray | None = None,
) -> np.ndarray:
    """y = w x̂ + b = (w scale) x + (b - w scale mean)"""
    slope = scale if w is None else scale * w
    shift = -mean * slope
    return affine(x, slope, shift if b is None else shift + b)


def standardize_input(
    g: np.ndarray,
    x: np.ndarray,
    mean: np.ndarray,
    scale: np.ndarray,
    w: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients (x, w, b) of y, where mean and var follow x too.

    gb = Σ g    gw = Σ g x̂    gx = w scale (g - gb / M - x̂ gw / M)
    """
    if forms.textbook or not fast(x) or g.dtype != x.dtype:
        return textbook_standardize_input(g, x, mean, scale, w)
    if not fast(g):
        g = copied_as(x, g)
    gb, gd = gradient_sums(g, x, mean)
    gw, count = gd * scale, x.size // x.shape[1]
    slope = scale if w is None else scale * w
    c = -slope * scale * gw / count
    a, b, c = (
        v.astype(x.dtype) for v in (slope, -slope * gb / count - c * mean, c)
    )

    def step(out: np.ndarray, g: np.ndarray, x: np.ndarray) -> None:
        d = pad.take("d", x.shape, x.dtype)
        np.multiply(x, per_channel(c, x), out=d)
        np.add(d, per_channel(b, x), out=d)
        np.multiply(g, per_channel(a, g), out=out)
        np.add(out, d, out=out)

    gx = filled(step, g, x)
    return gx, gw.astype(x.dtype), gb.astype(x.dtype)


def gradient_sums(
    g: np.ndarray, x: np.ndarray, mean: np.ndarray
) -> list[np.ndarray]:
    """Σ g and Σ g (x - mean) of every channel"""
    near = mean.astype(x.dtype)

    def terms(g: np.ndarray, x: np.ndarray) -> Terms:
        d = pad.take("d", x.shape, x.dtype)
        np.subtract(x, per_channel(near, x), out=d)
        return (g,), (d, g)

    return channel_sums(terms, g, x)


def scale_input(
    g: np.ndarray,
    x: np.ndarray,
    mean: np.ndarray,
    scale: np.ndarray,
    w: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients (x, w, b) of y, where mean and scale stay as they are.

    gb = Σ g    gw = Σ g x̂    gx = w scale g
    """
    slope = (scale if w is None else scale * w).astype(x.dtype)
    if forms.textbook:
        axes, lift = (0, *range(2, x.ndim)), (-1, *(1,) * (x.ndim - 2))
        near = (x - mean.reshape(lift)) * scale.reshape(lift)
        return g * slope.reshape(lift), (g * near).sum(axes), g.sum(axes)
    if not fast(g):
        g = copied_as(x, g)
    gb, gd = gradient_sums(g, x, mean)

    def step(out: np.ndarray, g: np.ndarray) -> None:
        np.multiply(g, per_channel(slope, g), out=out)

    gx = filled(step, g)
    return gx, (gd * scale).astype(x.dtype), gb.astype(x.dtype)


def textbook_standardize_input(
    g: np.ndarray,
    x: np.ndarray,
    mean: np.ndarray,
    scale: np.ndarray,
    w: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The formula as it stands."""
    axes, lift = (0, *range(2, x.ndim)), (-1, *(1,) * (x.ndim - 2))
    near = (x - mean.reshape(lift)) * scale.reshape(lift)
    gb, gw, count = g.sum(axes), (g * near).sum(axes), x.size // x.shape[1]
    slope = scale if w is None else scale * w
    inner = g - gb.reshape(lift) / count - near * (gw.reshape(lift) / count)
    return inner * slope.reshape(lift), gw, gb


# ---- blocks: channels-last as (rows, C), plainly as (images, C, places)


def fast(x: np.ndarray) -> bool:
    lies = x.flags.c_contiguous or is_last(x)
    return x.ndim >= 2 and x.size > 0 and lies and x.dtype in ("f4", "f8")


def lines(x: np.ndarray) -> np.ndarray:
    """(N·∏S, C) with the channels last, else (N, C, ∏S): a view."""
    if x.ndim == 2:
        return x
    if is_last(x):
        return last(x).reshape(-1, x.shape[1])
    return x.reshape(*x.shape[:2], -1)


def per_channel(a: np.ndarray, x: np.ndarray) -> np.ndarray:
    return a if x.ndim == 2 else a[:, None]


def alike(x: np.ndarray, *others: np.ndarray) -> list[np.ndarray]:
    """The lines of all, each in the memory order of the first."""
    found = [lines(x)]
    for y in others:
        if is_last(y) != is_last(x):
            y = copied_as(x, y)
        found.append(lines(y))
    return found


def channel_sum(x: np.ndarray) -> np.ndarray:
    """Σ over N and places of x (N, C, *S): the gradient of a bias (C)"""
    if forms.textbook or not fast(x):
        return x.sum((0, *range(2, x.ndim)))
    return plain_sums(x).astype(x.dtype)


def plain_sums(x: np.ndarray) -> np.ndarray:
    """Σ x over N and places, in float64 (C): one thread is as fast as the
    memory."""
    view = lines(x)
    cuts = cut_rows(view)
    return np.sum([total(view[slice(*cut)]) for cut in cuts], axis=0)


def channel_sums(
    terms: Callable[..., Terms], *arrays: np.ndarray
) -> list[np.ndarray]:
    """Σ over N and places of each of terms(*blocks), in float64 (C).

    A term is one array, or two of which the products are summed.
    """
    views = alike(*arrays)
    cuts = cut_rows(views[0])
    sums: dict[int, list[np.ndarray]] = {}

    def part(start: int, stop: int) -> None:
        for i in range(start, stop):
            cut = slice(*cuts[i])
            found = terms(*(view[cut] for view in views))
            sums[i] = [total(*term) for term in found]

    threads.share(part, len(cuts), grain=GRAIN, each=4)
    columns = zip(*(sums[i] for i in sorted(sums)))
    return [np.sum(column, axis=0) for column in columns]


def total(x: np.ndarray, y: np.ndarray | None = None) -> np.ndarray:
    """Σ x, or Σ x·y, of a block over all but its channels.

    A product with ones adds several times as fast as `sum` does.
    """
    if x.ndim == 2:
        if y is not None:
            return products(x, y)
        return (np.ones(len(x), x.dtype) @ x).astype(np.float64)
    if y is not None:
        return np.vecdot(x, y).sum(0, np.float64)
    return (x @ np.ones(x.shape[2], x.dtype)).sum(0, np.float64)


def products(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Σ x·y over the rows of (rows, C): einsum adds one after the other,
    so few at a time, and those sums in float64."""
    few = len(x) // ROWS * ROWS
    each = np.einsum(
        "krc,krc->kc",
        x[:few].reshape(-1, ROWS, x.shape[1]),
        y[:few].reshape(-1, ROWS, x.shape[1]),
    )
    rest = np.einsum("rc,rc->c", x[few:], y[few:])
    return each.sum(0, np.float64) + rest


def filled(step: Callable[..., None], *arrays: np.ndarray) -> np.ndarray:
    """A new array like the first, filled block by block."""
    first = arrays[0]
    out = empty(first.shape, first) if first.ndim > 2 else np.empty_like(first)
    views = alike(out, *arrays)
    cuts = cut_rows(views[0])

    def part(start: int, stop: int) -> None:
        for i in range(start, stop):
            step(*(view[slice(*cuts[i])] for view in views))

    threads.share(part, len(cuts), grain=GRAIN, each=4)
    return out


def cut_rows(view: np.ndarray) -> list[tuple[int, int]]:
    pieces = -(-view.size // BLOCK)
    team = len(threads.parts(view.size, grain=GRAIN * BLOCK))
    return evenly(len(view), -(-pieces // team) * team)
