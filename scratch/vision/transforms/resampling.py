"""Resizing is two matrix products: y = A x Bᵀ, a row of weights per pixel.

Row i of A says how much of each input pixel goes into output pixel i: a
filter around the place where i's centre falls, its weights summing to one.
With antialiasing the filter is as wide as an output pixel when shrinking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from functools import lru_cache

import numpy as np

from scratch.dtypes import uint8
from scratch.tensor import Tensor, wrap


class InterpolationMode(Enum):
    """How pixels between pixels are made."""

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


def triangle(x: np.ndarray) -> np.ndarray:
    """max(1 - |x|, 0)"""
    return np.maximum(1 - np.abs(x), 0)


def cubic(a: float) -> Callable[[np.ndarray], np.ndarray]:
    """Keys' cubic (1981) with slope a where |x| = 1."""

    def weight(x: np.ndarray) -> np.ndarray:
        x = np.abs(x)
        near = ((a + 2) * x - (a + 3)) * x * x + 1
        far = (((x - 5) * x + 8) * x - 4) * a
        return np.where(x < 1, near, np.where(x < 2, far, 0))

    return weight


def lanczos(x: np.ndarray) -> np.ndarray:
    """sinc(x) sinc(x / 3) for |x| < 3"""
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


FILTERS = {  # mode: (half width, filter, filter without antialiasing)
    "bilinear": (1, triangle, triangle),
    "bicubic": (2, cubic(-0.5), cubic(-0.75)),  # torch: two slopes
    "lanczos": (3, lanczos, lanczos),
}


BAND = 32  # output pixels that are made together: they need few input pixels


@lru_cache(64)
def weights(size: int, new: int, mode: str, antialias: bool) -> np.ndarray:
    """A (new, size): the weight of each input pixel in each output pixel."""
    if mode.startswith("nearest"):
        return _nearest(size, new, 0.5 if mode == "nearest-exact" else 0.0)
    if antialias:
        return _placed(*_near(size, new, mode), size)
    half, _, sharp = FILTERS[mode]
    centre = (np.arange(new)[:, None] + 0.5) * (size / new)
    if mode == "bilinear":
        centre = np.maximum(centre, 0.5)
    a = np.zeros((new, size))
    start = np.floor(centre - 0.5).astype(int)
    for step in range(1 - half, 1 + half):  # past the edge, the edge itself
        j = start + step
        rows = np.arange(new)[:, None]
        np.add.at(a, (rows, j.clip(0, size - 1)), sharp(j - centre + 0.5))
    return a


def _near(size: int, new: int, mode: str) -> tuple[np.ndarray, np.ndarray]:
    """The input pixels j around every output pixel, and their weights."""
    half, smooth, _ = FILTERS[mode]
    scale = size / new
    wide = max(scale, 1.0)
    centre = (np.arange(new)[:, None] + 0.5) * scale
    first = np.maximum((centre - half * wide + 0.5).astype(int), 0)
    last = np.minimum((centre + half * wide + 0.5).astype(int), size)
    j = first + np.arange((last - first).max())
    near = smooth((j - centre + 0.5) / wide) * (j < last)
    return j, near / near.sum(1, keepdims=True)


def _placed(j: np.ndarray, near: np.ndarray, size: int) -> np.ndarray:
    """Each weight in the column of its pixel; beyond the edge all are 0."""
    a = np.zeros((len(j), size + j.shape[1]), near.dtype)
    np.put_along_axis(a, j, near, 1)
    return a[:, :size]


def _nearest(size: int, new: int, shift: float) -> np.ndarray:
    """One one a row; torch: the place is computed in float32."""
    scale = np.float32(size) / np.float32(new)
    place = (np.arange(new, dtype=np.float32) + np.float32(shift)) * scale
    j = np.minimum(np.floor(place).astype(int), size - 1)
    return np.eye(size)[j]


def resample(x: Tensor, size: list[int], mode: str, antialias: bool) -> Tensor:
    """x (*, H, W) -> y (*, P, Q)"""
    rows = weights(x.shape[-2], size[0], mode, antialias)
    columns = weights(x.shape[-1], size[1], mode, antialias)
    if mode.startswith("nearest"):
        i, j = rows.argmax(1).tolist(), columns.argmax(1).tolist()
        return x[..., i, :][..., j]
    if x.dtype is uint8:
        return wrap(_levels(x.array, size, mode, antialias))
    a, b = (wrap(w.astype(x.dtype.numpy)) for w in (rows, columns))
    return a @ (x @ b.mT)


@lru_cache(64)
def whole_weights(
    size: int, new: int, mode: str, antialias: bool
) -> np.ndarray:
    """A in whole numbers of at most 15 bits over 2^bits: torch's for bytes."""
    j = None
    if antialias:
        j, a = _near(size, new, mode)
    else:
        a = weights(size, new, mode, antialias)
    largest, bits = a.max(), 0
    while bits < 22 and int(0.5 + largest * 2 ** (bits + 1)) < 2**15:
        bits += 1
    whole = np.trunc(a * 2**bits + np.copysign(0.5, a)) * 0.5**bits
    # sums stay below 1.5 · 255, and such numbers with 15 bits behind the
    # point are exact in float32
    whole = whole.astype(np.float32 if bits <= 15 else np.float64)
    return whole if j is None else _placed(j, whole, size)


def _levels(
    x: np.ndarray, size: list[int], mode: str, antialias: bool
) -> np.ndarray:
    """Bytes (*, H, W) -> (*, P, Q); torch: rounded after either direction."""
    if size[1] != x.shape[-1]:
        b = whole_weights(x.shape[-1], size[1], mode, antialias)
        y = np.empty((*x.shape[:-1], size[1]), np.uint8)
        for into, out, some in _bands(b):
            _round(x[..., out].astype(b.dtype) @ some.T, y[..., into])
        x = y
    if size[0] != x.shape[-2]:
        a = whole_weights(x.shape[-2], size[0], mode, antialias)
        y = np.empty((*x.shape[:-2], size[0], x.shape[-1]), np.uint8)
        for into, out, some in _bands(a):
            _round(some @ x[..., out, :].astype(a.dtype), y[..., into, :])
        x = y
    return x


def _bands(a: np.ndarray) -> Iterator[tuple[slice, slice, np.ndarray]]:
    """A few rows of A at a time: which, the columns that are not 0, both."""
    for start in range(0, len(a), BAND):
        into = slice(start, start + BAND)
        columns = np.flatnonzero(a[into].any(0))
        out = slice(columns[0], columns[-1] + 1)
        yield into, out, a[into, out]


def _round(sums: np.ndarray, into: np.ndarray) -> None:
    """The nearest bytes; it writes over `sums`."""
    sums += 0.5
    into[...] = np.clip(sums, 0, 255, out=sums)


def check_mode(mode: InterpolationMode | str, antialias: bool | None) -> str:
    """The mode's name, if a tensor can be resized so."""
    name = mode.value if isinstance(mode, InterpolationMode) else mode
    if name == "lanczos" and not antialias:
        raise ValueError("InterpolationMode.LANCZOS requires antialias=True")
    if name not in FILTERS and name not in ("nearest", "nearest-exact"):
        raise NotImplementedError(
            f"interpolation={mode!r}: tensors know nearest, nearest-exact, "
            "bilinear, bicubic and lanczos"
        )
    return name


def output_size(
    size: tuple[int, int], wanted: list[int] | None, most: int | None
) -> list[int]:
    """(H, W) -> (P, Q): as told, or the shorter side as told, or the longer
    side `most`; the ratio of the sides stays where one is left open."""
    height, width = size
    short, long = sorted(size)
    if wanted is not None and len(wanted) == 2:
        if most is not None:
            raise ValueError(
                "max_size should only be passed if size is None or specifies "
                "the length of the smaller edge, i.e. size should be an int or "
                "a sequence of length 1 in torchscript mode."
            )
        return list(wanted)
    if wanted is None:
        if not isinstance(most, int):
            raise ValueError(
                "max_size must be an integer when size is None, but got "
                f"{most} instead."
            )
        new_short, new_long = int(most * short / long), most
    else:
        new_short, new_long = wanted[0], int(wanted[0] * long / short)
        if most is not None and most <= wanted[0]:
            raise ValueError(
                f"max_size = {most} must be strictly greater than the "
                f"requested size for the smaller edge size = {wanted}"
            )
        if most is not None and new_long > most:
            new_short, new_long = int(most * new_short / new_long), most
    if width <= height:
        return [new_long, new_short]
    return [new_short, new_long]
