"""Looking up an image at the points of a grid, and grids of affine maps.

Along each axis a point has a few neighbours with a weight each; a value of
the result is the sum over all their combinations.
"""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from .gather import pick
from .masks import keep
from .operands import named, torch_name

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


class Neighbour(NamedTuple):
    """A neighbour along one axis of every point: where, and how heavy."""

    place: np.ndarray
    weight: Tensor | None  # None: all of the value is its own


def sampled(x: Tensor, grid: Tensor, mode: str, padding: str,
            corners: bool) -> Tensor:
    """x (N, C, *S), grid (N, *P, D) of points in [-1, 1] -> y (N, C, *P)

    The last entry of a point is that of x's first axis from the right.
    corners: -1 and 1 are the centres of the outermost pixels, else their
    outer edges.
    """
    check_grid(x, grid)
    if x.array.dtype == np.float16:
        return sampled(x.float(), grid.float(), mode, padding, corners).half()
    axes = len(x.shape) - 2
    near = []
    for d, n in enumerate(x.shape[2:]):
        at = grid[..., axes - 1 - d] + 1
        at = at / 2 * (n - 1) if corners else (at * n - 1) / 2
        near.append(neighbours(at, n, mode, padding, corners))
    y: Any = None
    for combination in product(*near):
        part = looked_up(x, [one.place for one in combination])
        for one in combination:
            if one.weight is not None:
                part = part * one.weight.unsqueeze(1)
        y = part if y is None else y + part
    if mode == "nearest":  # no slope there, but torch counts it as 0
        still = wrap(np.zeros_like(grid.array))
        y = record(y.array, (y, lambda g: g), (grid, lambda g: still))
    return named(y, f"GridSampler{axes}DBackward0")


def looked_up(x: Tensor, places: list[np.ndarray]) -> Tensor:
    """x at these places (N, *P) of its last axes; 0 outside"""
    n, c, *sizes = x.shape
    inside = np.ones(places[0].shape, bool)
    flat = np.zeros(places[0].shape, np.int64)
    for place, size in zip(places, sizes):
        inside &= (place >= 0) & (place < size)
        flat = flat * size + np.clip(place, 0, size - 1)
    image = np.arange(n * c).reshape(n, c, *[1] * (flat.ndim - 1))
    where = image * int(np.prod(sizes)) + flat[:, None]
    return keep(pick(x, where), np.broadcast_to(inside[:, None], where.shape))


def neighbours(at: Tensor, n: int, mode: str, padding: str,
               corners: bool) -> list[Neighbour]:
    """The neighbours of the points `at` along an axis of n entries."""
    if mode == "bicubic":
        low = whole(np.floor(at.array))
        weights = cubic(at - wrap(low.astype(at.array.dtype)))
        return [Neighbour(whole(brought_in(
            (low + k).astype(at.array.dtype), n, padding, corners)[0]), w)
            for k, w in zip((-1, 0, 1, 2), weights)]
    value, slope = brought_in(at.array, n, padding, corners)
    value = np.where(np.isfinite(value), value, -100)  # torch: far outside
    inner = record(value, (at, lambda g: g * wrap(slope)))
    if mode == "nearest":
        return [Neighbour(whole(np.rint(value)), None)]
    low = whole(np.floor(value))
    share = inner - wrap(low.astype(value.dtype))
    return [Neighbour(low, 1 - share), Neighbour(low + 1, share)]


def whole(a: np.ndarray) -> np.ndarray:
    """Places as integers; what is no place lies far outside."""
    far = np.where(np.isfinite(a), a, -100)
    return np.clip(far, -2.0 ** 31, 2.0 ** 31).astype(np.int64)


def brought_in(a: np.ndarray, n: int, padding: str,
               corners: bool) -> tuple[np.ndarray, np.ndarray]:
    """Points by the rule for those outside, and the slope of that rule."""
    slope = np.ones_like(a)
    if padding == "zeros":
        return a, slope
    if padding == "reflection":
        low, high = (0, n - 1) if corners else (-0.5, n - 0.5)
        a, slope = reflected(a, low, high - low)
    slope = np.where((a > 0) & (a < n - 1), slope, 0).astype(a.dtype)
    return np.clip(a, 0, n - 1), slope


def reflected(a: np.ndarray, low: float,
              span: float) -> tuple[np.ndarray, np.ndarray]:
    """Points mirrored at low and low + span until they lie between."""
    if not span:
        return np.zeros_like(a), np.zeros_like(a)
    a = a - a.dtype.type(low)
    slope = np.where(a < 0, -1, 1).astype(a.dtype)
    a = np.abs(a)
    rest, turned = np.fmod(a, span), np.floor(a / span) % 2 == 1
    return (np.where(turned, span - rest, rest).astype(a.dtype)
            + a.dtype.type(low), np.where(turned, -slope, slope))


def cubic(t: Tensor) -> list[Tensor]:
    """Weights of the entries at -1, 0, 1 and 2 for a point at t in [0, 1]
    (Keys, 1981, with a = -3/4)"""
    a = -0.75

    def near(x: Tensor) -> Tensor:
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x: Tensor) -> Tensor:
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return [far(t + 1), near(t), near(1 - t), far(2 - t)]


# ---- grids of affine maps

def affine(theta: Tensor, size: tuple, corners: bool) -> Tensor:
    """θ (N, D, D + 1) -> grid (N, *S, D) of the points θ (p, 1)

    size: (N, C, *S), the size of the image that is to be made
    """
    n, _, *sizes = size
    number = theta.array.dtype
    axes = [even(k, corners).astype(number) for k in sizes[::-1]]
    points = np.meshgrid(*axes, np.ones(1, number), indexing="ij")
    order = (*range(len(sizes) - 1, -1, -1), len(sizes))
    flat = [p.transpose(order).reshape(-1) for p in points]
    base = np.broadcast_to(np.stack(flat, 1), (n, flat[0].size, len(flat)))
    grid = wrap(np.ascontiguousarray(base)).bmm(theta.transpose(1, 2))
    return named(grid.view(n, *sizes, len(sizes)),
                 "AffineGridGeneratorBackward0")


def even(n: int, corners: bool) -> np.ndarray:
    """n points from -1 to 1, or the centres of n equal parts of it"""
    if n <= 1:
        return np.zeros(n)
    return np.linspace(-1, 1, n) * (1 if corners else (n - 1) / n)


def check_grid(x: Tensor, grid: Tensor) -> None:
    """Sizes and dtypes that fit each other; torch's words otherwise."""
    sizes, points = [*x.shape], [*grid.shape]
    if sizes[:1] != points[:1]:
        raise RuntimeError(
            "grid_sampler(): expected grid and input to have same batch size"
            f", but got input with sizes {sizes} and grid with sizes "
            f"{points}")
    if points[-1] != len(sizes) - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {len(sizes) - 2} in"
            f" last dimension, but got grid with sizes {points}")
    for d, n in enumerate(sizes[2:], 2):
        if n <= 0:
            raise RuntimeError(
                "grid_sampler(): expected input to have non-empty spatial "
                f"dimensions, but input has sizes {sizes} with dimension {d}"
                " being empty")
    if len(sizes) not in (4, 5) or len(points) != len(sizes):
        raise RuntimeError(
            "grid_sampler(): expected 4D or 5D input and grid with same "
            f"number of dimensions, but got input with sizes {sizes} and "
            f"grid with sizes {points}")
    if x.dtype is not grid.dtype:
        raise RuntimeError(f"expected scalar type {torch_name(x.dtype)} but "
                           f"found {torch_name(grid.dtype)}")
