"""Depthwise convolution: each channel meets kernels of its own.

No channel is summed with another, so there is no matrix product in it: a
block of images is multiplied by one tap of all kernels at a time, with the
channels last. x (N, C, H, W), w (M·C, 1, K, L) -> y (N, M·C, P, Q).
"""

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratch.kernels import threads
from scratch.kernels.blocks import blocks, in_order, load, packed, pad
from scratch.kernels.memory import image, last
from scratch.kernels.windows import (
    Geometry,
    Sizes,
    places,
    spans,
    tap_slices,
    taps,
    turned,
)

ENTRIES = 1 << 19  # of one block of outputs


def conv(
    x: np.ndarray, w: np.ndarray, geo: Geometry, b: np.ndarray | None = None
) -> np.ndarray:
    """y[n, mc] = b[mc] + Σ over taps of w[mc, tap] · x[n, c, at the tap]"""
    kernel = w.shape[2:]
    count = places(x.shape[2:], kernel, geo)
    result = image((len(x), len(w), *count), x)
    source, target, many = last(x), last(result), len(w) // x.shape[1]
    jobs, rows = jobs_of(result), along(w, many, count[-1])

    def part(start: int, stop: int) -> None:
        for n0, n1, p0, p1 in jobs[start:stop]:
            block, views = tapped(source[n0:n1], kernel, geo, count, p0, p1)
            for j in range(many):
                y = target[n0:n1, p0:p1, ..., j::many]
                whole = y.flags.c_contiguous
                total = y if whole else pad.take("total", y.shape, x.dtype)
                if geo.stride[-1] == 1:
                    add_runs(block, rows[j], geo, total)
                else:
                    add_taps(views, rows[j], total)
                if b is not None:
                    total += b[j::many]
                if not whole:
                    y[...] = total

    threads.share(part, len(jobs))
    return result


def add_runs(
    block: np.ndarray, rows: np.ndarray, geo: Geometry, y: np.ndarray
) -> None:
    """y = Σ over taps; a row of y, all its pixels, is one run for einsum.

    It stays in the nearest cache until the last tap is added to it.
    """
    n, high, wide, c = block.strides
    kernel, run = rows.shape[:-2], rows.shape[-2] * rows.shape[-1]
    (sh, _), (dh, dw) = geo.stride, geo.dilation
    shape = (*y.shape[:2], *kernel, run)
    strides = (n, sh * high, dh * high, dw * wide, c)
    runs = as_strided(block, shape, strides)
    kernels, into = rows.reshape(*kernel, run), y.reshape(*y.shape[:2], run)
    np.einsum("npklr,klr->npr", runs, kernels, out=into)


def add_taps(views: list, rows: np.ndarray, y: np.ndarray) -> None:
    """y = Σ over taps, one tap of all pixels after the other."""
    term = pad.take("term", y.shape, y.dtype)
    (first, view), *others = views
    np.multiply(view, rows[first], out=y)
    for tap, view in others:
        y += np.multiply(view, rows[tap], out=term)


def conv_weight(
    x: np.ndarray, y: np.ndarray, geo: Geometry, kernel: Sizes
) -> np.ndarray:
    """w[mc, tap] = Σ over n and places of y · x at the tap"""
    count, many = y.shape[2:], y.shape[1] // x.shape[1]
    source, target = last(x), last(y)
    jobs = jobs_of(y)
    sums: dict[int, np.ndarray] = {}

    def part(start: int, stop: int) -> None:
        w = sums[start] = np.zeros((y.shape[1], 1, *kernel), x.dtype)
        for n0, n1, p0, p1 in jobs[start:stop]:
            block, views = tapped(source[n0:n1], kernel, geo, count, p0, p1)
            for j in range(many):
                g = target[n0:n1, p0:p1, ..., j::many]
                lines = (*g.shape[:2], -1)
                near = packed(g).reshape(lines)
                for tap, view in views:  # rows of many long runs: one pass
                    run = np.einsum("npk,npk->k", view.reshape(lines), near)
                    w[(slice(j, None, many), 0, *tap)] += run.reshape(
                        -1, x.shape[1]
                    ).sum(0)

    threads.share(part, len(jobs))
    return in_order(sums)


def conv_input(
    y: np.ndarray, w: np.ndarray, geo: Geometry, size: Sizes
) -> np.ndarray:
    """x[n, c, at the tap] += w[mc, tap] · y[n, mc]"""
    channels = y.shape[1]
    kernel, count = w.shape[2:], y.shape[2:]
    if {*geo.stride, *geo.dilation} == {1} and many_of(w, geo) == 1:
        back = turned(geo, kernel, size, count)
        return conv(y, w[:, :, ::-1, ::-1], back)
    result = image((len(y), w.shape[0] // many_of(w, geo), *size), y)
    source, target, many = last(y), last(result), many_of(w, geo)
    jobs = blocks(len(y), 1, math.prod(count) * channels, ENTRIES)
    border = [a for a, _ in geo.padding]
    whole = tuple(n + a + max(b, 0) for n, (a, b) in zip(size, geo.padding))
    rows = along(w, many, count[-1])

    def part(start: int, stop: int) -> None:
        for n0, n1, _, _ in jobs[start:stop]:
            shape = (n1 - n0, *whole, result.shape[1])
            block = pad.take("block", shape, y.dtype)
            block.fill(0)
            for j in range(many):
                g = source[n0:n1, ..., j::many]
                term = pad.take("term", g.shape, y.dtype)
                near = packed(g)
                for tap in taps(kernel):
                    np.multiply(near, rows[(j, *tap)], out=term)
                    spot = tap_slices(tap, count, geo)[1:]
                    block[(slice(None), *spot)] += term
            inner = (slice(a, a + n) for a, n in zip(border, size))
            target[n0:n1] = block[(slice(None), *inner)]

    threads.share(part, len(jobs))
    return result


def along(w: np.ndarray, many: int, width: int) -> np.ndarray:
    """w (M·C, 1, *K) -> (M, *K, width, C): every tap's kernels for a row.

    Written out along the row, so that one call of NumPy's inner loop takes a
    row and not a pixel.
    """
    taps_last = np.moveaxis(w[:, 0].reshape(-1, many, *w.shape[2:]), 0, -1)
    wide = np.empty((*taps_last.shape[:-1], width, len(w) // many), w.dtype)
    wide[...] = taps_last[..., None, :]
    return wide


def many_of(w: np.ndarray, geo: Geometry) -> int:
    """M: how many kernels each channel meets."""
    return len(w) // geo.groups


def jobs_of(y: np.ndarray) -> list[tuple[int, int, int, int]]:
    row = y.shape[1] * math.prod(y.shape[3:])
    return blocks(len(y), y.shape[2], row, ENTRIES)


def tapped(
    x: np.ndarray, kernel: Sizes, geo: Geometry, count: Sizes, p0: int, p1: int
) -> tuple[np.ndarray, list]:
    """A padded block of x (n, *S, C), and what every tap meets in it."""
    here = (p1 - p0, *count[1:])
    axes = zip(here, geo.stride, spans(kernel, geo))
    shape = tuple((p - 1) * s + span for p, s, span in axes)
    block = pad.take("block", (len(x), *shape, x.shape[-1]), x.dtype)
    first = [-a for a, _ in geo.padding]
    first[0] += p0 * geo.stride[0]
    load(block, x, first)
    views = [
        (tap, block[(slice(None), *tap_slices(tap, here, geo)[1:])])
        for tap in taps(kernel)
    ]
    return block, views
