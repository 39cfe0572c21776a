"""Functions of a row: softmax, its logarithm, and normalization.

Every array is (M, D), M rows of D numbers side by side. A few rows at a time
stay in the cache from the first step to the last.
"""

from collections.abc import Callable

import numpy as np

from scratch.kernels import threads
from scratch.kernels.blas import blas
from scratch.kernels.blocks import in_order, pad
from scratch.kernels.norm import total

BLOCK = 1 << 18  # entries that are worked on at once, in long calls
LARGE = 1 << 15  # entries that are worth all this
RUN = 4096  # numbers that are summed one after another
FEW = 32  # rows whose columns are so summed


def softmax(x: np.ndarray) -> np.ndarray:
    """eˣ / Σ eˣ: the greatest exponent is 0, so that nothing overflows"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.subtract(x, greatest(x), out=y)
        np.exp(y, out=y)
        np.divide(y, sums(y), out=y)

    return filled(step, x)


def softmax_input(g: np.ndarray, y: np.ndarray) -> np.ndarray:
    """y (g - Σ g y), from softmax's result y"""

    def step(out: np.ndarray, g: np.ndarray, y: np.ndarray) -> None:
        np.subtract(g, sums(g, y), out=out)
        np.multiply(out, y, out=out)

    return filled(step, g, y)


def log_softmax(x: np.ndarray) -> np.ndarray:
    """x - ln Σ eˣ"""

    def step(y: np.ndarray, x: np.ndarray) -> None:
        np.subtract(x, greatest(x), out=y)
        part = pad.take("part", y.shape, y.dtype)
        np.exp(y, out=part)
        np.subtract(y, np.log(sums(part)), out=y)

    return filled(step, x)


def log_softmax_input(g: np.ndarray, y: np.ndarray) -> np.ndarray:
    """g - eʸ Σ g, from log_softmax's result y"""

    def step(out: np.ndarray, g: np.ndarray, y: np.ndarray) -> None:
        np.exp(y, out=out)
        np.multiply(out, sums(g), out=out)
        np.subtract(g, out, out=out)

    return filled(step, g, y)


# ---- normalization


def layer_norm(
    x: np.ndarray, w: np.ndarray | None, b: np.ndarray | None, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """w (x - mean) r + b,  mean and r = 1 / √(var + eps) (M, 1)"""
    mean, r = np.empty((2, len(x), 1), x.dtype)

    def step(y: np.ndarray, *rest: np.ndarray) -> None:
        x, mean, r = rest
        centred(x, mean, r, eps, y)
        np.multiply(y, r, out=y)
        if w is not None:
            np.multiply(y, w, out=y)
        if b is not None:
            np.add(y, b, out=y)

    return filled(step, x, mean, r), mean, r


def centred(
    x: np.ndarray, mean: np.ndarray, r: np.ndarray, eps: float, y: np.ndarray
) -> None:
    """Every row's mean, r = 1 / √(var + eps), and y = x - mean."""
    count = x.dtype.type(x.shape[1])
    np.divide(sums(x), count, out=mean)
    np.subtract(x, mean, out=y)
    np.divide(1, np.sqrt(sums(y, y) / count + x.dtype.type(eps)), out=r)


def layer_norm_input(
    g: np.ndarray,
    x: np.ndarray,
    mean: np.ndarray,
    r: np.ndarray,
    w: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """The gradients (x, w, b), where mean and r follow x too.

    With d = x - mean and ḡ = g w:  gw = Σ g d r,  gb = Σ g over the rows,
    gx = r (ḡ - Σ ḡ / D - d r² Σ ḡ d / D).  Without w there is no gw, no gb.
    """
    gx = np.empty_like(x)
    found: dict[int, np.ndarray] = {}

    def part(start: int, stop: int) -> None:
        weights = np.zeros((2, x.shape[1]))
        for rows in cut(start, stop, x.shape[1]):
            some, out = g[rows], gx[rows]
            d = pad.take("d", out.shape, x.dtype)
            np.subtract(x[rows], mean[rows], out=d)
            if w is not None:
                np.multiply(some, d, out=out)
                weights += r[rows, 0] @ out, total(some)
                some = np.multiply(some, w, out=pad.take("g", d.shape, d.dtype))
            pulled(some, d, r[rows], out)
        found[start] = weights

    threads.share(part, len(x), grain=grain(x.shape[1]))
    if w is None:
        return gx, None, None
    gw, gb = in_order(found).astype(x.dtype)
    return gx, gw, gb


def pulled(
    g: np.ndarray, d: np.ndarray, r: np.ndarray, out: np.ndarray
) -> None:
    """r (g - Σ g / D - d r² Σ g d / D) into `out`; d is used up."""
    count = g.dtype.type(g.shape[1])
    np.multiply(d, sums(g, d) * r * r / count, out=d)
    np.subtract(g, d, out=out)
    np.subtract(out, sums(g) / count, out=out)
    np.multiply(out, r, out=out)


def group_norm(
    x: np.ndarray, w: np.ndarray, b: np.ndarray | None, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """layer_norm with a w and b (M, C) for every D/C entries of a row"""
    y = np.empty_like(x)
    mean, r = np.empty((2, len(x), 1), x.dtype)

    def part(start: int, stop: int) -> None:
        for rows in cut(start, stop, x.shape[1]):
            centred(x[rows], mean[rows], r[rows], eps, y[rows])
            parts = channels(y[rows], w)
            np.multiply(parts, (r[rows] * w[rows])[..., None], out=parts)
            if b is not None:
                np.add(parts, b[rows][..., None], out=parts)

    threads.share(part, len(x), grain=grain(x.shape[1]))
    return y, mean, r


def group_norm_input(
    g: np.ndarray, x: np.ndarray, mean: np.ndarray, r: np.ndarray, w: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients (x, w, b) as layer_norm_input has them."""
    gx, count = np.empty_like(x), x.dtype.type(x.shape[1])
    gw, gb = np.empty((2, *w.shape), x.dtype)

    def part(start: int, stop: int) -> None:
        for rows in cut(start, stop, x.shape[1]):
            out, scale = gx[rows], r[rows]
            d = pad.take("d", out.shape, x.dtype)
            np.subtract(x[rows], mean[rows], out=d)
            some = channels(g[rows], w)
            wide = some.reshape(-1, some.shape[-1])
            gb[rows] = sums(wide).reshape(gb[rows].shape)
            gw[rows] = sums(wide, d.reshape(wide.shape)).reshape(gb[rows].shape)
            gw[rows] *= scale
            parts = channels(out, w)
            np.multiply(some, (scale * w[rows])[..., None], out=parts)
            # what the row's own r and mean take away
            own = np.vecdot(gw[rows], w[rows])[:, None] / count
            np.multiply(d, own * scale * scale, out=d)
            np.subtract(out, d, out=out)
            own = np.vecdot(gb[rows], w[rows])[:, None] / count
            np.subtract(out, own * scale, out=out)

    threads.share(part, len(x), grain=grain(x.shape[1]))
    return gx, gw, gb


def channels(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """(M, D) -> (M, C, D/C), where w is (M, C): a view"""
    return x.reshape(len(x), w.shape[1], -1)


# ---- a few rows at a time


def greatest(x: np.ndarray) -> np.ndarray:
    """The greatest number of every row, NaN if there is one: (M, 1).

    `reduceat` begins a row twice as fast as `max` over an axis does.
    """
    starts = np.arange(0, x.size, x.shape[1])
    return np.maximum.reduceat(x.reshape(-1), starts)[:, None]


def sums(x: np.ndarray, y: np.ndarray | None = None) -> np.ndarray:
    """Σ x, or Σ x y, of every row: (M, 1).

    A product with ones adds several times as fast as `sum` does, but one
    number after another: so of wide rows a run at a time.
    """
    whole = x.shape[1] // RUN * RUN
    if whole < x.shape[1]:
        rest = products(x[:, whole:], y if y is None else y[:, whole:])
        if not whole:
            return rest[:, None]
    runs = (len(x), -1, RUN)
    parts = products(
        x[:, :whole].reshape(runs),
        y if y is None else y[:, :whole].reshape(runs),
    ).sum(1)
    return (parts if whole == x.shape[1] else parts + rest)[:, None]


def column_sums(x: np.ndarray) -> np.ndarray:
    """Σ x of every column: (D).

    A few rows at a time by a product with ones, and their sums in float64.
    """
    if x.shape[1] == 1:
        return sums(x.reshape(1, -1))[0]
    whole = len(x) // FEW * FEW
    ones = np.ones(FEW, x.dtype)
    with blas.single():
        parts = ones @ x[:whole].reshape(-1, FEW, x.shape[1])
        rest = ones[: len(x) - whole] @ x[whole:]
    return (parts.sum(0, np.float64) + rest).astype(x.dtype)


def products(x: np.ndarray, y: np.ndarray | None) -> np.ndarray:
    """Σ x y over the last dimension, Σ x without y"""
    return np.vecdot(x, np.ones(x.shape[-1], x.dtype) if y is None else y)


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
    return max(1, (1 << 17) // width)


def filled(step: Callable[..., None], *arrays: np.ndarray) -> np.ndarray:
    """A new array like the first, filled by step(out, *blocks of rows)."""
    out = np.empty_like(arrays[0])

    def part(start: int, stop: int) -> None:
        for rows in cut(start, stop, out.shape[1]):
            step(out[rows], *(a[rows] for a in arrays))

    threads.share(part, len(out), grain=grain(out.shape[1]))
    return out
