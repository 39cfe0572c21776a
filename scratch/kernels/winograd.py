"""Winograd's convolution: fewer products, for small square kernels, stride 1.

A tile of m × m outputs reads n × n inputs, n = m + r - 1. Along one axis

    y = Aᵀ ((G w) ⊙ (B x))     A, G: powers of n points,  B: the inverse

is exact, and takes n products instead of m·r. Two axes are the Kronecker
products of the matrices with themselves, so that a block of tiles becomes
three matrix products: all inputs by B, channels by channels at each of the
n² places, all sums by Aᵀ. (Lavin & Gray, 2015.) The points keep the largest
powers small: Barabasz et al., 2018.
"""

import math
from collections.abc import Callable
from functools import cache
from itertools import product

import numpy as np
from numpy.lib.stride_tricks import as_strided

from scratch.kernels import threads
from scratch.kernels.blocks import blocks, evenly, in_order, load, pad, rows
from scratch.kernels.matmul import matmul
from scratch.kernels.memory import image, last
from scratch.kernels.windows import Geometry, Sizes

POINTS = {  # n: finite points; the last one is infinity
    4: (0, 1, -1),
    5: (1 / 2, -1 / 2, 4 / 3, -4 / 3),
    6: (0, 2 / 3, -2 / 3, 3 / 2, -3 / 2),
}
TILES = 1 << 15  # entries of a block of tiles, in one of the n² places
WIDE = 128  # channels O that one thread takes at once, deep down
DEEP = 1 << 24  # most entries of all tiles that are held at once


@cache
def matrices(m: int, r: int, dtype: np.dtype) -> tuple[np.ndarray, ...]:
    """Aᵀ (m², n²), B (n², n²), G (n², r²)"""
    n = m + r - 1

    def powers(count: int) -> np.ndarray:
        rows = [[p**j for j in range(count)] for p in POINTS[n]]
        return np.array([*rows, [0.0] * (count - 1) + [1.0]])

    one_axis = powers(m).T, np.linalg.inv(powers(n)).T, powers(r)
    return tuple(np.kron(a, a).astype(dtype) for a in one_axis)


def conv(
    x: np.ndarray,
    w: np.ndarray,
    geo: Geometry,
    m: int,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """x (N, C, H, W), w (O, C, r, r), bias (O) -> y (N, O, P, Q)"""
    r = w.shape[2]
    before = geo.padding[0][0], geo.padding[1][0]
    size = tuple(
        s + a + b - r + 1 for s, (a, b) in zip(x.shape[2:], geo.padding)
    )
    out = image((len(x), len(w), *size), x)
    g = matrices(m, r, w.dtype)[2]

    def kernels_of(start: int, stop: int) -> np.ndarray:
        return kernels(w[start:stop], g).transpose(0, 2, 1)

    return correlate(x, kernels_of, before, out, m, r, bias)


def conv_input(
    y: np.ndarray, w: np.ndarray, geo: Geometry, size: Sizes, m: int
) -> np.ndarray:
    """y (N, O, P, Q) -> x (N, C, *size): y meets the kernel turned round."""
    r = w.shape[2]
    before = tuple(r - 1 - a for a, _ in geo.padding)
    out = image((len(y), w.shape[1], *size), y)
    g = matrices(m, r, w.dtype)[2][:, ::-1]

    def kernels_of(start: int, stop: int) -> np.ndarray:
        return kernels(w[:, start:stop], g)

    return correlate(y, kernels_of, before, out, m, r)


def kernels(w: np.ndarray, g: np.ndarray) -> np.ndarray:
    """G w: (O, C, r, r) -> (n², O, C)"""
    o, c, r, _ = w.shape
    u = rows((len(g), o * c), w.dtype)
    flat = w.reshape(o * c, r * r).T

    def part(start: int, stop: int) -> None:
        np.matmul(g, flat[:, start:stop], out=u[:, start:stop])

    threads.share(part, o * c, grain=1 << 14)
    return u.reshape(-1, o, c)


def is_deep(grid: Sizes, c: int, o: int, n: int) -> bool:
    """Fewer tiles than channels: the kernels, not the tiles, are the load."""
    tiles = math.prod(grid)
    return 2 * tiles <= min(c, o) and tiles * (c + o) * n**2 < DEEP


def correlate(
    x: np.ndarray,
    kernels_of: Callable[[int, int], np.ndarray],
    before: Sizes,
    out: np.ndarray,
    m: int,
    r: int,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """x (N, C, H, W), kernels (n², C, some of O) -> out (N, O, P, Q)"""
    c, o = x.shape[1], out.shape[1]
    at, b, _ = matrices(m, r, x.dtype)
    high, wide = (-(-n // m) for n in out.shape[2:])
    if is_deep((len(x), high, wide), c, o, m + r - 1):
        return deep(x, kernels_of, before, out, m, r, bias)
    source, target, u = last(x), last(out), kernels_of(0, o)
    jobs = blocks(len(x), high, wide * (c + o), TILES)

    def part(start: int, stop: int) -> None:
        for n0, n1, h0, h1 in jobs[start:stop]:
            grid = (n1 - n0, h1 - h0, wide)
            v = tiles(source[n0:n1], grid, h0, before, m, r, b)
            rows = target[n0:n1, h0 * m : h1 * m]
            outputs(v, u, at, rows, grid, bias)

    threads.share(part, len(jobs), each=4)
    return out


def outputs(
    v: np.ndarray,
    u: np.ndarray,
    at: np.ndarray,
    out: np.ndarray,
    grid: Sizes,
    bias: np.ndarray | None = None,
) -> None:
    """Aᵀ (v u) + bias of all tiles, into an image.

    v (n², tiles, C), u (n², C, O), bias (O)
    """
    o, m = u.shape[2], math.isqrt(len(at))
    s = pad.rows("sums", (len(u), v.shape[1], o), v.dtype)
    sum_channels(v, u, s)
    y = pad.rows("outputs", (len(at), s[0].size), v.dtype)
    np.matmul(at, s.reshape(len(u), -1), out=y)
    if bias is not None:
        each = y.reshape(len(at), -1, o)
        each += bias
    untile(out, y.reshape(m, m, *grid, o))


def sum_channels(v: np.ndarray, u: np.ndarray, s: np.ndarray) -> None:
    """s = v u at each place"""
    channels = v.shape[2]
    if not parted(math.isqrt(len(v)), channels):
        np.matmul(v, u, out=s)
        return
    product = pad.rows("product", s.shape, s.dtype)
    for c0, c1 in evenly(channels, channels // 64):
        np.matmul(v[..., c0:c1], u[:, c0:c1], out=product if c0 else s)
        if c0:
            s += product


def parted(n: int, channels: int) -> bool:
    """Whether tiles of n × n sum some channels at a time: the large powers of
    six points cost digits where many are added up."""
    return n >= 6 and channels >= 256


def deep(
    x: np.ndarray,
    kernels_of: Callable[[int, int], np.ndarray],
    before: Sizes,
    out: np.ndarray,
    m: int,
    r: int,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """correlate with all tiles made first; threads share the channels O."""
    at, b, _ = matrices(m, r, x.dtype)
    target, size = last(out), out.shape[2:]
    grid = (len(x), -(-size[0] // m), -(-size[1] // m))
    v = all_tiles(last(x), grid, before, m, r, b)
    cuts = bands(out.shape[1])

    def part(start: int, stop: int) -> None:
        for o0, o1 in cuts[start:stop]:
            some = None if bias is None else bias[o0:o1]
            outputs(v, kernels_of(o0, o1), at, target[..., o0:o1], grid, some)

    threads.share(part, len(cuts))
    return out


def bands(channels: int) -> list[tuple[int, int]]:
    """The channels in parts of about WIDE, at least one for each thread."""
    team = len(threads.parts(channels, grain=16))
    return evenly(channels, max(-(-channels // WIDE), team))


def all_tiles(
    x: np.ndarray, grid: Sizes, before: Sizes, m: int, r: int, b: np.ndarray
) -> np.ndarray:
    """`tiles` of a whole batch, (n², tiles, C)"""
    images, each = grid[0], grid[1] * grid[2]
    v = rows((len(b), images * each, x.shape[-1]), x.dtype)

    def part(start: int, stop: int) -> None:
        some = (stop - start, *grid[1:])
        done = tiles(x[start:stop], some, 0, before, m, r, b)
        v[:, start * each : stop * each] = done

    threads.share(part, images)
    return v


def tiles(
    x: np.ndarray,
    grid: Sizes,
    row: int,
    before: Sizes,
    m: int,
    r: int,
    b: np.ndarray,
) -> np.ndarray:
    """B x of the tiles from `row` on: x (n, H, W, C) -> (n², tiles, C)"""
    images, high, wide = grid
    n, c = m + r - 1, x.shape[-1]
    shape = (images, high * m + r - 1, wide * m + r - 1, c)
    block = pad.take("block", shape, x.dtype)
    load(block, x, (row * m - before[0], -before[1]))
    d = pad.rows("inputs", (n * n, images * high * wide * c), x.dtype)
    s, h, w, one = block.strides
    view = as_strided(  # one copy: a thread that calls often waits often
        block, (n, n, *grid, c), (h, w, s, m * h, m * w, one)
    )
    d.reshape(view.shape)[...] = view
    v = pad.rows("transformed", d.shape, x.dtype)
    np.matmul(b, d, out=v)
    return v.reshape(n * n, -1, c)


def untile(image: np.ndarray, y: np.ndarray) -> None:
    """Put y (m, m, n, tile rows, tiles, O) into an image (n, P, Q, O)."""
    m, _, n, high, wide, o = y.shape
    if image.shape[1:3] == (high * m, wide * m):
        by_tile(image, m)[...] = y
        return
    for i, j in product(range(m), repeat=2):
        spot = image[:, i::m, j::m]
        spot[...] = y[i, j][:, : spot.shape[1], : spot.shape[2]]


def by_tile(image: np.ndarray, m: int) -> np.ndarray:
    """View (n, high·m, wide·m, O) as (m, m, n, high, wide, O)."""
    n, p, q, o = image.shape
    split = image.reshape(n, p // m, m, q // m, m, o)
    return split.transpose(2, 4, 0, 1, 3, 5)


def conv_weight(
    x: np.ndarray, y: np.ndarray, geo: Geometry, r: int, m: int
) -> np.ndarray:
    """w (O, C, r, r): each step of `conv` turned round, the last one first."""
    c, o = x.shape[1], y.shape[1]
    at, b, g = matrices(m, r, x.dtype)
    before = geo.padding[0][0], geo.padding[1][0]
    source, target = last(x), last(y)
    high, wide = (-(-n // m) for n in y.shape[2:])
    if is_deep((len(x), high, wide), c, o, m + r - 1):
        return deep_weight(source, target, (len(x), high, wide), before, r, m)
    jobs = blocks(len(x), high, wide * (c + o), TILES)
    sums: dict[int, np.ndarray] = {}

    def part(start: int, stop: int) -> None:
        u = sums[start] = rows((len(b), o, c), x.dtype)
        u.fill(0)
        n = math.isqrt(len(b))
        product = pad.take("product", (n, o, c), x.dtype)
        for n0, n1, h0, h1 in jobs[start:stop]:
            grid = (n1 - n0, h1 - h0, wide)
            v = tiles(source[n0:n1], grid, h0, before, m, r, b)
            s = sums_of(target[n0:n1], grid, h0, m, at)
            for k in range(0, n * n, n):  # as many as the cache holds
                left = s[k : k + n].transpose(0, 2, 1)
                np.matmul(left, v[k : k + n], out=product)
                u[k : k + n] += product

    threads.share(part, len(jobs))
    u = in_order(sums)
    return matmul(u.reshape(len(b), o * c).T, g).reshape(o, c, r, r)


def deep_weight(
    x: np.ndarray, y: np.ndarray, grid: Sizes, before: Sizes, r: int, m: int
) -> np.ndarray:
    """conv_weight with all tiles made first; threads share the channels O."""
    at, b, g = matrices(m, r, x.dtype)
    c, o = x.shape[-1], y.shape[-1]
    v = all_tiles(x, grid, before, m, r, b)
    cuts = bands(o)
    w = np.empty((o, c, r, r), x.dtype)

    def part(start: int, stop: int) -> None:
        for o0, o1 in cuts[start:stop]:
            s = sums_of(y[..., o0:o1], grid, 0, m, at)
            u = pad.rows("product", (len(b), o1 - o0, c), x.dtype)
            np.matmul(s.transpose(0, 2, 1), v, out=u)
            flat = u.reshape(len(b), -1)
            w[o0:o1] = (flat.T @ g).reshape(o1 - o0, c, r, r)

    threads.share(part, len(cuts))
    return w


def sums_of(
    y: np.ndarray, grid: Sizes, row: int, m: int, at: np.ndarray
) -> np.ndarray:
    """A y of the tiles from `row` on: y (n, P, Q, O) -> (n², tiles, O)"""
    images, high, wide = grid
    o = y.shape[-1]
    block = pad.take("block", (images, high * m, wide * m, o), y.dtype)
    load(block, y, (row * m, 0))
    d = pad.rows("outputs", (m * m, images * high * wide * o), y.dtype)
    d.reshape(m, m, *grid, o)[...] = by_tile(block, m)
    s = pad.rows("sums", (at.shape[1], d.shape[1]), y.dtype)
    np.matmul(at.T, d, out=s)
    return s.reshape(len(s), -1, o)
