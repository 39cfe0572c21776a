"""Convolution as one matrix product: windows laid out as rows ("im2col").

    rows (N·P·Q, K·L·C) @ kernels (K·L·C, O)  ->  y (N·P·Q, O)

The rows of a block of images are made in memory that is used again for the
next block, so that they never leave the cache. With few channels a row would
be short; then `t` neighbouring outputs share one row (a strip), and their
kernels stand shifted beside each other in a matrix of t·O columns.
Two spatial axes, no groups.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratch.kernels import threads
from scratch.kernels.blocks import blocks, in_order, load, packed, pad
from scratch.kernels.memory import image, last
from scratch.kernels.windows import Geometry, Sizes, places, turned

ROWS = 1 << 20  # entries of the rows of one block


class Walk(NamedTuple):
    """A convolution's sizes, with strips of `t` outputs."""

    geo: Geometry
    kernel: Sizes
    channels: int
    out: int
    size: Sizes
    grid: Sizes
    t: int

    @property
    def width(self) -> int:
        """Columns of the image that a strip reads."""
        span = self.geo.dilation[1] * (self.kernel[1] - 1) + 1
        return span + (self.t - 1) * self.geo.stride[1]

    @property
    def taps(self) -> int:
        """Entries of a row's part that lies in one line of the image."""
        return self.kernel[1] if self.t == 1 else self.width

    @property
    def columns(self) -> int:
        return self.kernel[0] * self.taps * self.channels

    def block(self, rows: int) -> Sizes:
        """(lines, columns) of the image under `rows` rows of windows."""
        (sh, sw), (dh, _) = self.geo.stride, self.geo.dilation
        high = (rows - 1) * sh + dh * (self.kernel[0] - 1) + 1
        return high, (self.grid[1] // self.t - 1) * sw * self.t + self.width


def walk(
    kernel: Sizes, channels: int, out: int, size: Sizes, geo: Geometry
) -> Walk:
    count = places(size, kernel, geo)
    t = strip(kernel, channels, out, count[1], geo)
    return Walk(geo, kernel, channels, out, size, count, t)


def strip(
    kernel: Sizes, channels: int, out: int, count: int, geo: Geometry
) -> int:
    """The strip that costs least, by rough times in nanoseconds.

    A run of memory takes 5 to begin and 0.15 an entry; a product of two
    numbers 1/40, in matrices of at least 16 columns.
    """
    if geo.dilation[1] > 1:
        return 1

    def cost(t: int) -> float:
        run = (kernel[1] + (t - 1) * geo.stride[1]) * channels
        products = run * max(t * out, 16) / 40
        return kernel[0] * (5 + 0.15 * run + products) / t

    return min((t for t in range(1, 17) if count % t == 0), key=cost)


def conv(
    x: np.ndarray, w: np.ndarray, geo: Geometry, b: np.ndarray | None = None
) -> np.ndarray:
    """x (N, C, H, W), w (O, C, K, L), b (O) -> y (N, O, P, Q)"""
    way = walk(w.shape[2:], x.shape[1], len(w), x.shape[2:], geo)
    result = image((len(x), len(w), *way.grid), x)
    source, target = last(x), last(result)
    kernels = spread_kernels(w, way).T
    shift = None if b is None else np.tile(b, way.t)
    jobs = jobs_of(way, len(x))

    def part(start: int, stop: int) -> None:
        for n0, n1, p0, p1 in jobs[start:stop]:
            rows = unfolded(source[n0:n1], way, p0, p1)
            y = target[n0:n1, p0:p1]
            shape = (len(rows), way.t * way.out)
            whole = y.flags.c_contiguous
            into = (
                y.reshape(shape)
                if whole
                else pad.take("product", shape, x.dtype)
            )
            np.matmul(rows, kernels, out=into)
            if b is not None:
                into += shift
            if not whole:
                y[...] = into.reshape(y.shape)

    threads.share(part, len(jobs), each=4)
    return result


def conv_weight(
    x: np.ndarray, y: np.ndarray, geo: Geometry, kernel: Sizes
) -> np.ndarray:
    """x (N, C, H, W), y (N, O, P, Q) -> w (O, C, K, L)"""
    way = walk(kernel, x.shape[1], y.shape[1], x.shape[2:], geo)
    source, target = last(x), last(y)
    jobs = jobs_of(way, len(x))
    sums: dict[int, np.ndarray] = {}
    shape = (way.t * way.out, way.columns)

    def part(start: int, stop: int) -> None:
        total = sums[start] = np.zeros(shape, x.dtype)
        product = pad.take("product", shape, x.dtype)
        for n0, n1, p0, p1 in jobs[start:stop]:
            rows = unfolded(source[n0:n1], way, p0, p1)
            g = packed(target[n0:n1, p0:p1]).reshape(len(rows), -1)
            np.matmul(g.T, rows, out=product)
            np.add(total, product, out=total)

    threads.share(part, len(jobs))
    return gather_kernels(in_order(sums), way)


def conv_input(
    y: np.ndarray, w: np.ndarray, geo: Geometry, size: Sizes
) -> np.ndarray:
    """y (N, O, P, Q), w (O, C, K, L) -> x (N, C, *size)"""
    o, c, *kernel = w.shape
    steady = {*geo.stride, *geo.dilation} == {1}
    if steady and (kernel == [1, 1] or c >= 16 and o <= 2 * c):
        back = turned(geo, tuple(kernel), size, y.shape[2:])
        return conv(y, w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3), back)
    return fold_all(y, w, geo, size)


def fold_all(
    y: np.ndarray, w: np.ndarray, geo: Geometry, size: Sizes
) -> np.ndarray:
    """conv_input by adding every row back where it was read ("col2im")."""
    way = walk(w.shape[2:], w.shape[1], len(w), size, geo)
    result = image((len(y), way.channels, *size), y)
    source, target = last(y), last(result)
    kernels = spread_kernels(w, way)
    jobs = jobs_of(way, len(y), whole=True)

    def part(start: int, stop: int) -> None:
        for n0, n1, _, _ in jobs[start:stop]:
            g = packed(source[n0:n1])
            g = g.reshape(-1, way.t * way.out)
            rows = pad.take("rows", (len(g), way.columns), y.dtype)
            np.matmul(g, kernels, out=rows)
            fold(rows, target[n0:n1], way)

    threads.share(part, len(jobs), each=4)
    return result


def jobs_of(
    way: Walk, images: int, whole: bool = False
) -> list[tuple[int, int, int, int]]:
    """Blocks of (images, rows of windows); `whole`: of whole images."""
    cost = way.grid[1] // way.t * way.columns
    if whole:
        cuts = blocks(images, 1, cost * way.grid[0], ROWS)
        return [(a, b, 0, way.grid[0]) for a, b, _, _ in cuts]
    return blocks(images, way.grid[0], cost, ROWS)


def strips(block: np.ndarray, way: Walk, rows: int) -> np.ndarray:
    """View a padded block (n, H, W, C) as (n, P, Q/t, K, taps, C)."""
    n, h, w, c = block.strides
    (sh, sw), (dh, dw) = way.geo.stride, way.geo.dilation
    between = (n, sh * h, sw * way.t * w)
    within = (dh * h, w if way.t > 1 else dw * w, c)
    shape = (len(block), rows, way.grid[1] // way.t)
    taps = (way.kernel[0], way.taps, way.channels)
    return as_strided(block, (*shape, *taps), (*between, *within))


def unfolded(x: np.ndarray, way: Walk, start: int, stop: int) -> np.ndarray:
    """The rows of windows start … stop of x (n, H, W, C), as a matrix."""
    (top, _), (left, _) = way.geo.padding
    first = start * way.geo.stride[0] - top
    shape = (len(x), *way.block(stop - start), way.channels)
    if shape == x.shape and x.flags.c_contiguous and first == left == 0:
        block = x
    else:
        block = pad.take("block", shape, x.dtype)
        load(block, x, (first, -left))
    view = strips(block, way, stop - start)
    rows = math.prod(view.shape[:3])
    if view.flags.c_contiguous:
        return view.reshape(rows, way.columns)
    matrix = pad.take("rows", view.shape, x.dtype)
    matrix[...] = view
    return matrix.reshape(rows, way.columns)


def fold(rows: np.ndarray, x: np.ndarray, way: Walk) -> None:
    """Add the rows of whole images back where they were read."""
    (top, _), (left, _) = way.geo.padding
    high, wide = way.block(way.grid[0])
    shape = (len(x), max(high, top + x.shape[1]), max(wide, left + x.shape[2]))
    block = pad.take("block", (*shape, way.channels), x.dtype)
    block.fill(0)
    view = strips(block, way, way.grid[0])
    rows = rows.reshape(view.shape)
    if view.shape[2] <= way.taps and way.geo.dilation[1] == 1:
        for q, k in np.ndindex(view.shape[2], way.kernel[0]):
            view[:, :, q, k] += rows[:, :, q, k]
    else:  # entry by entry of the kernel: two windows never meet in one
        for k, tap in np.ndindex(way.kernel[0], way.taps):
            view[:, :, :, k, tap] += rows[:, :, :, k, tap]
    x[...] = block[:, top : top + x.shape[1], left : left + x.shape[2]]


def spread_kernels(w: np.ndarray, way: Walk) -> np.ndarray:
    """w (O, C, K, L) -> (t·O, K·taps·C), each output's kernel at its shift."""
    if way.t == 1:
        return w.transpose(0, 2, 3, 1).reshape(-1, way.columns)
    wide = np.zeros(
        (way.t, way.out, way.kernel[0], way.taps, way.channels), w.dtype
    )
    for j, cut in shifts(way):
        wide[j, :, :, cut] = w.transpose(0, 2, 3, 1)
    return wide.reshape(-1, way.columns)


def gather_kernels(wide: np.ndarray, way: Walk) -> np.ndarray:
    """The adjoint of `spread_kernels`."""
    shape = (way.t, way.out, way.kernel[0], way.taps, way.channels)
    wide = wide.reshape(shape)
    w, *others = (wide[j, :, :, cut] for j, cut in shifts(way))
    for other in others:
        w = w + other
    return np.ascontiguousarray(w.transpose(0, 3, 1, 2))


def shifts(way: Walk) -> Iterator[tuple[int, slice]]:
    """Where in a strip's columns the kernel of its j-th output stands."""
    for j in range(way.t):
        first = j * way.geo.stride[1]
        yield j, slice(first, first + way.kernel[1])
