"""Pictures turned, moved, scaled and slanted: x (*, C, H, W) -> y.

y at a place p is x at A p, where A undoes what is done to the picture: for
a turn by r, slants s and t, a scale k, a way m and the centre c

    A p = c + (k R S)⁻¹ (p - c - m)

Places are counted from the middle of the picture; between pixels the
nearest is taken, or a mean of four.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from scratch import dtypes
from scratch.nn.functional import grid_sample
from scratch.ops.combine import cat
from scratch.tensor import Tensor, wrap
from scratch.vision.transforms import pillow
from scratch.vision.transforms.pictures import is_pillow, on_planes
from scratch.vision.transforms.resampling import InterpolationMode

NEAREST = InterpolationMode.NEAREST
Matrix = list[float]  # a b c d e f: (x, y) -> (a x + b y + c, d x + e y + f)


def undoing(
    center: Sequence[float],
    angle: float,
    translate: Sequence[float] = (0.0, 0.0),
    scale: float = 1.0,
    shear: Sequence[float] = (0.0, 0.0),
) -> Matrix:
    """A as six numbers; angles in degrees."""
    r, s, t = (math.radians(x) for x in (angle, *shear))
    a, b = math.cos(r - t) / math.cos(t), math.sin(r - t) / math.cos(t)
    p, q = a, -a * math.tan(s) - math.sin(r)  # R S = [p q; u v], of det 1
    u, v = b, -b * math.tan(s) + math.cos(r)
    rows = [[v / scale, -q / scale], [-u / scale, p / scale]]
    far = [-c - m for c, m in zip(center, translate, strict=True)]
    matrix = []
    for (x, y), c in zip(rows, center, strict=True):
        matrix += [x, y, x * far[0] + y * far[1] + c]
    return matrix


def places(
    matrix: Matrix, size: Sequence[int], new: Sequence[int], number: Any
) -> np.ndarray:
    """(1, P, Q, 2): where in x, from -1 to 1, each pixel of y is taken."""
    (h, w), (p, q) = size, new
    base = np.ones((p, q, 3), number)
    base[..., 0] = (np.arange(q) - (q - 1) * 0.5).astype(number)
    base[..., 1] = (np.arange(p) - (p - 1) * 0.5).astype(number)[:, None]
    theta = np.array(matrix, number).reshape(2, 3).T
    theta = theta / np.array([0.5 * w, 0.5 * h], number)
    return (base.reshape(-1, 3) @ theta).reshape(1, p, q, 2)


def sampled(
    x: Tensor, matrix: Matrix, new: Sequence[int], interpolation: Any, fill: Any
) -> Tensor:
    """x at the places that the map says; beyond its edge, `fill`."""
    mode = InterpolationMode(interpolation).value
    if mode not in ("nearest", "bilinear"):
        raise ValueError(
            f"Resampling mode {mode!r} is not supported with Tensor input"
        )
    images = x.reshape(-1, *x.shape[-3:])
    whole = not x.is_floating_point()
    if whole:
        images = images.to(dtypes.float32)
    grid = wrap(places(matrix, x.shape[-2:], new, images.dtype.numpy))
    grid = grid.expand(len(images), -1, -1, -1)
    inside = images.new_ones(len(images), 1, *x.shape[-2:])
    if fill is not None:
        images = cat([images, inside], 1)
    y = grid_sample(images, grid, mode, "zeros", align_corners=False)
    if fill is not None:
        y, inside = y[:, :-1], y[:, -1:]
        if mode == "nearest":
            inside = (inside >= 0.5).to(y.dtype)
        ground = y.new_tensor(fill).reshape(1, -1, 1, 1)
        y = (y - ground) * inside + ground
    y = (y.round() if whole else y).to(x.dtype)
    return y.reshape(*x.shape[:-2], *new)


@pillow.else_by(pillow.rotate)
@on_planes
def rotate(
    inpt: Tensor,
    angle: float,
    interpolation: InterpolationMode | str = NEAREST,
    expand: bool = False,
    center: Sequence[float] | None = None,
    fill: Any = None,
) -> Tensor:
    """Turned against the clock by an angle in degrees, about the centre
    (x, y) from the upper left corner; `expand`: nothing is cut off."""
    h, w = inpt.shape[-2:]
    angle %= 360
    quarters: dict[float, int] = {0: 0, 180: 2}
    if expand or h == w:
        quarters |= {90: 1, 270: 3}
    if center is None and angle in quarters:
        return inpt.rot90(quarters[angle], (-2, -1))
    matrix = undoing(from_middle(center, h, w), -angle)
    new = reach(matrix, h, w) if expand else (h, w)
    return sampled(inpt, matrix, new, interpolation, fill)


def from_middle(center: Any, h: int, w: int) -> list[float]:
    """The centre (x, y), counted from the middle of the picture."""
    if center is None:
        return [0.0, 0.0]
    return [center[0] - w * 0.5, center[1] - h * 0.5]


def reach(matrix: Matrix, h: int, w: int) -> tuple[int, int]:
    """The size that holds all four corners after the turn."""
    x, y = w * 0.5, h * 0.5
    corners = np.array([[-x, -y, 1], [-x, y, 1], [x, y, 1], [x, -y, 1]])
    turned = corners @ np.array(matrix).reshape(2, 3).T + [x, y]
    # torch: a ten-thousandth of a pixel is none
    low, high = (
        np.trunc(place.astype(np.float32) * 1e4) * 1e-4
        for place in (turned.min(0), turned.max(0))
    )
    width, height = (np.ceil(high) - np.floor(low)).astype(int).tolist()
    return height, width


def affine(
    inpt: Any,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: float | Sequence[float],
    interpolation: InterpolationMode | str = NEAREST,
    fill: Any = None,
    center: Sequence[float] | None = None,
) -> Any:
    """Turned with the clock, moved by (x, y) pixels, scaled and slanted."""
    slant = check_affine(translate, scale, shear)
    if is_pillow(inpt):
        about = center or [inpt.width * 0.5, inpt.height * 0.5]
        matrix = undoing(about, angle, translate, scale, slant)
        return pillow.mapped(inpt, matrix, interpolation, fill)
    return slanted(
        inpt, angle, translate, scale, slant, interpolation, fill, center
    )


def check_affine(translate: Any, scale: float, shear: Any) -> list[float]:
    """Both slants; one number: the first, one in a list: both."""
    if not isinstance(translate, (list, tuple)):
        raise TypeError("Argument translate should be a sequence")
    if len(translate) != 2:
        raise ValueError("Argument translate should be a sequence of length 2")
    if scale <= 0:
        raise ValueError("Argument scale should be positive")
    if isinstance(shear, (int, float)):
        return [shear, 0.0]
    if not isinstance(shear, (list, tuple)):
        raise TypeError(
            "Shear should be either a single value or a sequence of two values"
        )
    if len(shear) not in (1, 2):
        raise ValueError(
            f"Shear should be a sequence containing two values. Got {shear}"
        )
    return [*shear] * (3 - len(shear))


@on_planes
def slanted(
    x: Tensor,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: Sequence[float],
    interpolation: Any,
    fill: Any,
    center: Sequence[float] | None,
) -> Tensor:
    """`affine` of a tensor."""
    h, w = x.shape[-2:]
    matrix = undoing(from_middle(center, h, w), angle, translate, scale, shear)
    return sampled(x, matrix, (h, w), interpolation, fill)
