"""Functions of a row: softmax, its logarithm, and layer normalization.

Every array is (M, D), M rows of D numbers side by side. A few rows at a time
stay in the cache from the first step to the last.
"""

from collections.abc import Callable

import numpy as np

from scratch.kernels import threads
from scratch.kernels.blocks import in_order, pad
from scratch.kernels.norm import total

BLOCK = 1 << 17  # entries that are worked on at once
LARGE = 1 << 15  # entries that are worth all this


def softmax(x: np.ndarray) -> np.ndarray:
    """eˣ / Σ eˣ: the greatest exponent is 0, so that nothing overflows"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.subtract(x, x.max(1, keepdims=True), out=y)
        np.exp(y, out=y)
        np.divide(y, y.sum(1, keepdims=True), out=y)

    return filled(step, x)


def softmax_input(g: np.ndarray, y: np.ndarray) -> np.ndarray:
    """y (g - Σ g y), from softmax's result y"""

    def step(out: np.ndarray, g: np.ndarray, y: np.ndarray) -> None:
        np.multiply(g, y, out=out)
        mean = out.sum(1, keepdims=True)
        part = pad.take("part", y.shape, y.dtype)
        np.multiply(y, mean, out=part)
        np.subtract(out, part, out=out)

    return filled(step, g, y)


def log_softmax(x: np.ndarray) -> np.ndarray:
    """x - ln Σ eˣ"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.subtract(x, x.max(1, keepdims=True), out=y)
        part = pad.take("part", y.shape, y.dtype)
        np.exp(y, out=part)
        np.subtract(y, np.log(part.sum(1, keepdims=True)), out=y)

    return filled(step, x)


def log_softmax_input(g: np.ndarray, y: np.ndarray) -> np.ndarray:
    """g - eʸ Σ g, from log_softmax's result y"""

    def step(out: np.ndarray, g: np.ndarray, y: np.ndarray) -> None:
        np.exp(y, out=out)
        np.multiply(out, g.sum(1, keepdims=True), out=out)
        np.subtract(g, out, out=out)

    return filled(step, g, y)


def layer_norm(
    x: np.ndarray, w: np.ndarray | None, b: np.ndarray | None, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """w (x - mean) r + b,  mean and r = 1 / √(var + eps) (M, 1)"""
    count = x.dtype.type(x.shape[1])
    mean, r = np.empty((2, len(x), 1), x.dtype)

    def step(y: np.ndarray, *rest: np.ndarray) -> None:
        x, mean, r = rest
        np.divide(x.sum(1, keepdims=True), count, out=mean)
        np.subtract(x, mean, out=y)
        square = np.square(y, out=pad.take("part", x.shape, x.dtype))
        var = square.sum(1, keepdims=True) / count
        np.divide(1, np.sqrt(var + x.dtype.type(eps)), out=r)
        np.multiply(y, r, out=y)
        if w is not None:
            np.multiply(y, w, out=y)
        if b is not None:
            np.add(y, b, out=y)

    return filled(step, x, mean, r), mean, r


def layer_norm_input(
    g: np.ndarray,
    x: np.ndarray,
    mean: np.ndarray,
    r: np.ndarray,
    w: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients (x, w, b), where mean and r follow x too.

    With ĥ = (x - mean) r and ḡ = g w:  gw = Σ g ĥ,  gb = Σ g over the rows,
    gx = r (ḡ - Σ ḡ / D - ĥ Σ ḡ ĥ / D).
    """
    width = x.dtype.type(x.shape[1])
    gx = np.empty_like(x)
    sums: dict[int, np.ndarray] = {}

    def part(start: int, stop: int) -> None:
        found = np.zeros((2, x.shape[1]))
        for rows in cut(start, stop, x.shape[1]):
            out, some = gx[rows], g[rows]
            h = pad.take("h", out.shape, x.dtype)
            np.subtract(x[rows], mean[rows], out=h)
            np.multiply(h, r[rows], out=h)
            found += total(some, h), total(some)
            if w is not None:
                some = np.multiply(some, w, out=pad.take("g", h.shape, h.dtype))
            np.subtract(some, some.sum(1, keepdims=True) / width, out=out)
            np.multiply(h, np.vecdot(some, h)[:, None] / width, out=h)
            np.subtract(out, h, out=out)
            np.multiply(out, r[rows], out=out)
        sums[start] = found

    threads.share(part, len(x), grain=grain(x.shape[1]))
    gw, gb = in_order(sums).astype(x.dtype)
    return gx, gw, gb


def fits(*arrays: np.ndarray) -> bool:
    """Whether these are large, of one dtype, and lie row after row."""
    x = arrays[0]
    return (
        x.dtype in ("f4", "f8")
        and x.size >= LARGE
        and all(a.flags.c_contiguous and a.dtype == x.dtype for a in arrays)
    )


def cut(start: int, stop: int, width: int) -> list[slice]:
    """The rows from start to stop, a block at a time."""
    few = max(1, BLOCK // width)
    return [slice(i, min(i + few, stop)) for i in range(start, stop, few)]


def grain(width: int) -> int:
    """How many rows are worth a thread."""
    return max(1, (1 << 16) // width)


def filled(step: Callable[..., None], *arrays: np.ndarray) -> np.ndarray:
    """A new array like the first, filled by step(out, *blocks of rows)."""
    out = np.empty_like(arrays[0])

    def part(start: int, stop: int) -> None:
        for rows in cut(start, stop, out.shape[1]):
            step(out[rows], *(a[rows] for a in arrays))

    threads.share(part, len(out), grain=grain(out.shape[1]))
    return out
