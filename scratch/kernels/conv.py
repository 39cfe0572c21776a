"""Convolution: the choice among its forms, by shape.

x (N, C, *S)   w (O, C/G, *K)   y (N, O, *P), one to three spatial axes.
`conv`, `conv_input` and `conv_weight` are each other's derivatives; every
form has the three, and each agrees with the textbook's but for rounding.
"""

from typing import NamedTuple

import numpy as np

from scratch.kernels import depthwise, textbook, unfold, winograd
from scratch.kernels.forms import forms
from scratch.kernels.windows import Geometry, Sizes, places
from scratch.kernels.winograd import parted

# The sides m of Winograd's tiles, for each side r of a kernel: its m + r - 1
# points lose no more digits than a layer may while they are at most 6.
TILES = {3: (4, 3, 2), 5: (2,)}


class Case(NamedTuple):
    """What the choice looks at; sizes are of the two spatial axes."""

    channels: int
    out: int
    kernel: Sizes
    grid: Sizes
    geo: Geometry

    @property
    def steady(self) -> bool:
        """Stride 1, no dilation."""
        return {*self.geo.stride, *self.geo.dilation} == {1}

    @property
    def square(self) -> int:
        """The side of a square kernel; else 0."""
        return self.kernel[0] * (self.kernel[0] == self.kernel[1])

    @property
    def tile(self) -> int:
        """The side m of Winograd's tiles that costs least: its products, a
        quarter more where they are summed in parts."""
        channels = max(self.channels, self.out)

        def cost(m: int) -> float:
            n = m + self.square - 1
            high, wide = (-(-size // m) for size in self.grid)
            return high * wide * n**2 * (1.25 if parted(n, channels) else 1)

        return min(TILES[self.square], key=cost)


def is_depthwise(case: Case) -> bool:
    return case.channels == case.geo.groups > 1


def is_winograd(case: Case) -> bool:
    """Enough channels that products outweigh the transforms."""
    return (
        case.steady
        and case.square in TILES
        and case.geo.groups == 1
        and min(case.channels, case.out) >= 32
        and min(case.grid) >= case.square
    )


# The first line that fits is the form; the last fits everything.
TABLE = (
    (is_depthwise, "depthwise"),
    (lambda case: case.geo.groups > 1, "groups"),
    (is_winograd, "winograd"),
    (lambda case: True, "unfold"),
)


def form_of(case: Case) -> str:
    return next(form for fits, form in TABLE if fits(case))


def is_plain(x: np.ndarray, other: np.ndarray) -> bool:
    """Left to the textbook: by the switch, other dtypes, 3-d, nothing."""
    return (
        forms.textbook
        or x.dtype not in (np.float32, np.float64)
        or x.dtype != other.dtype
        or x.ndim == 5
        or x.size == 0
        or other.size == 0
    )


def conv(
    x: np.ndarray, w: np.ndarray, geo: Geometry, b: np.ndarray | None = None
) -> np.ndarray:
    """y = ∂/∂y Σ y·(x ⋆ w), and b (O) added to it"""
    if is_plain(x, w):
        return shifted(textbook.conv(x, w, geo), b)
    if x.ndim == 3:
        return flat(conv(tall(x), tall(w), tall_geometry(geo), b))
    count = places(x.shape[2:], w.shape[2:], geo)
    here = Case(x.shape[1], len(w), w.shape[2:], count, geo)
    match form_of(here):
        case "depthwise":
            return depthwise.conv(x, w, geo, b)
        case "winograd":
            return winograd.conv(x, w, geo, here.tile, b)
        case "unfold":
            return unfold.conv(x, w, geo, b)
    one = geo._replace(groups=1)
    pairs = zip(split(x, 1, geo), split(w, 0, geo))
    return shifted(np.concatenate([conv(x, w, one) for x, w in pairs], 1), b)


def shifted(y: np.ndarray, b: np.ndarray | None) -> np.ndarray:
    """y (N, O, *P) + b (O), in y's own memory"""
    if b is not None:
        y += b.reshape(-1, *[1] * (y.ndim - 2))
    return y


def conv_input(
    y: np.ndarray, w: np.ndarray, geo: Geometry, size: Sizes
) -> np.ndarray:
    """x = ∂/∂x Σ y·(x ⋆ w)"""
    if is_plain(y, w):
        return textbook.conv_input(y, w, geo, size)
    if y.ndim == 3:
        wide = tall_geometry(geo)
        return flat(conv_input(tall(y), tall(w), wide, (1, *size)))
    channels = w.shape[1] * geo.groups
    here = Case(channels, len(w), w.shape[2:], size, geo)
    match form_of(here):
        case "depthwise":
            return depthwise.conv_input(y, w, geo, size)
        case "winograd":
            return winograd.conv_input(y, w, geo, size, here.tile)
        case "unfold":
            return unfold.conv_input(y, w, geo, size)
    one = geo._replace(groups=1)
    pairs = zip(split(y, 1, geo), split(w, 0, geo))
    return np.concatenate([conv_input(y, w, one, size) for y, w in pairs], 1)


def conv_weight(
    x: np.ndarray, y: np.ndarray, geo: Geometry, kernel: Sizes
) -> np.ndarray:
    """w = ∂/∂w Σ y·(x ⋆ w)"""
    if is_plain(x, y):
        return textbook.conv_weight(x, y, geo, kernel)
    if x.ndim == 3:
        wide = tall_geometry(geo)
        return flat(conv_weight(tall(x), tall(y), wide, (1, *kernel)))
    count = y.shape[2:]
    here = Case(x.shape[1], y.shape[1], kernel, count, geo)
    match form_of(here):
        case "depthwise":
            return depthwise.conv_weight(x, y, geo, kernel)
        case "winograd":
            return winograd.conv_weight(x, y, geo, here.square, here.tile)
        case "unfold":
            return unfold.conv_weight(x, y, geo, kernel)
    one = geo._replace(groups=1)
    pairs = zip(split(x, 1, geo), split(y, 1, geo))
    return np.concatenate([conv_weight(x, y, one, kernel) for x, y in pairs])


def split(x: np.ndarray, axis: int, geo: Geometry) -> list[np.ndarray]:
    return np.split(x, geo.groups, axis)


def tall(x: np.ndarray) -> np.ndarray:
    """One spatial axis as the second of two."""
    return x[:, :, None]


def flat(x: np.ndarray) -> np.ndarray:
    return x[:, :, 0]


def tall_geometry(geo: Geometry) -> Geometry:
    return Geometry(
        (1, *geo.stride), ((0, 0), *geo.padding), (1, *geo.dilation), geo.groups
    )
