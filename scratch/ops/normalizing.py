"""What layers that normalize share: the formula, and its fast forms.

ĥ = (x - mean) / √(var + ε),  y = w ĥ + b.  The fast forms are for rows, over
which the mean is taken; a gradient that is itself recorded is composed of
operations.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import rows
from ..modes import modes
from ..tensor import Tensor, wrap

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def normalize(x: Tensor, w: Tensor | None, b: Tensor | None, eps: float,
              seen: tuple, axes: tuple, shape: tuple,
              name: str) -> tuple[Tensor, Any, Any]:
    """y, mean and variance (biased), over `axes` of x seen as `seen`.

    shape: how w and b are seen. With ĥ, ḡ = g w and r = 1 / √(var + ε):
    ∂x = r (ḡ - mean(ḡ) - ĥ mean(ḡ ĥ)),  ∂w = Σ g ĥ,  ∂b = Σ g.
    """
    a = x.array.reshape(seen)
    wide = a.astype(np.float32) if a.dtype == np.float16 else a
    count = wide.dtype.type(math.prod(a.shape[d] for d in axes))
    mean = wide.sum(axes, keepdims=True) / count  # NaN where that is 0
    centred = wide - mean
    var = np.square(centred).sum(axes, keepdims=True) / count
    y = centred / np.sqrt(var + wide.dtype.type(eps))
    y = scaled(y, w, b, shape).astype(a.dtype, copy=False)

    def rule(g: Tensor) -> tuple:
        return composed(g, x, w, b, eps, seen, axes, shape)

    return record(y.reshape(x.array.shape), (inputs(x, w, b), rule, x, *(
        [] if w is None else [w])), name=name), mean, var


def composed(g: Tensor, x: Tensor, w: Tensor | None, b: Tensor | None,
             eps: float, seen: tuple, axes: tuple, shape: tuple) -> tuple:
    """The gradients of x, w and b, in operations."""
    g = g.reshape(seen)
    h, r = standardized(x.reshape(seen), axes, eps)
    gw = g if w is None else g * w.reshape(shape)
    gx = r * (gw - gw.mean(axes, True) - h * (gw * h).mean(axes, True))
    return (gx.reshape(x.array.shape),
            *affine_gradients(g, h, w, b, shape))


def standardized(x: Tensor, axes: tuple, eps: float) -> tuple:
    """(ĥ, r): x with mean 0 and variance 1, and r = 1 / √(var + ε)"""
    centred = x - x.mean(axes, True)
    r = (centred.square().mean(axes, True) + eps).rsqrt()
    return centred * r, r


def scaled(y: np.ndarray, w: Tensor | None, b: Tensor | None,
           shape: tuple) -> np.ndarray:
    """w y + b, in y's own memory"""
    if w is not None:
        y *= w.array.reshape(shape)
    if b is not None:
        y += b.array.reshape(shape)
    return y


def inputs(x: Tensor, w: Tensor | None, b: Tensor | None) -> tuple:
    return tuple(t for t in (x, w, b) if t is not None)


def affine_gradients(g: Tensor, h: Tensor, w: Tensor | None,
                     b: Tensor | None, shape: tuple) -> list:
    """Σ g ĥ and Σ g, over all that w and b were broadcast to."""
    axes = tuple(d for d, n in enumerate(shape) if n == 1)
    grads = []
    for t, piece in ((w, lambda: g * h), (b, lambda: g)):
        if t is not None:
            total = piece().sum(axes, True) if axes else piece()
            grads.append(total.reshape(t.array.shape))
    return grads


def vector_of(t: Tensor | None) -> Any:
    """The numbers of the channels, in whatever shape they came."""
    return None if t is None else t.array.reshape(-1)


# ---- by rows

def over_rows(x: Tensor, w: Tensor | None, b: Tensor | None, eps: float,
              inner: tuple) -> Tensor:
    """layer_norm by the kernels made for rows (M, D)"""
    a = x.array
    wide = (-1, math.prod(inner))
    scale = vector_of(w)
    if w is None and b is not None:
        scale = np.ones(wide[1], a.dtype)
    y, mean, r = rows.layer_norm(a.reshape(wide), scale, vector_of(b), eps)

    def rule(g: Tensor) -> tuple:
        lead = a.ndim - len(inner)
        if modes.recording or not rows.fits(g.array, a):
            return composed(g, x, w, b, eps, a.shape,
                            tuple(range(lead, a.ndim)), (*[1] * lead, *inner))
        gx, gw, gb = rows.layer_norm_input(
            g.array.reshape(wide), a.reshape(wide), mean, r, scale)
        return (wrap(gx.reshape(a.shape)), *(
            wrap(gt.reshape(inner)) for t, gt in ((w, gw), (b, gb))
            if t is not None and gt is not None))

    return record(y.reshape(a.shape), (inputs(x, w, b), rule, x, *(
        [] if w is None else [w])), name="NativeLayerNormBackward0")


def over_groups(x: Tensor, w: Tensor | None, b: Tensor | None, eps: float,
                seen: tuple) -> Tensor:
    """group_norm by the kernels made for rows: a group is a row."""
    n, groups, each, *size = seen
    a, flat = x.array, (n * groups, -1)
    scale = repeated(np.ones(groups * each, a.dtype) if w is None
                     else w.array, n, flat)
    y, mean, r = rows.group_norm(
        a.reshape(flat), scale,
        None if b is None else repeated(b.array, n, flat), eps)

    def rule(g: Tensor) -> tuple:
        if modes.recording or not rows.fits(g.array, a):
            return composed(g, x, w, b, eps, seen, tuple(range(
                2, len(seen))), (1, groups, each, *[1] * len(size)))
        gx, gw, gb = rows.group_norm_input(
            g.array.reshape(flat), a.reshape(flat), mean, r, scale)
        return (wrap(gx.reshape(a.shape)), *(
            wrap(g.reshape(n, -1).sum(0, np.float64).astype(a.dtype))
            for t, g in ((w, gw), (b, gb)) if t is not None))

    return record(y.reshape(a.shape), (inputs(x, w, b), rule, x, *(
        [] if w is None else [w])), name="NativeGroupNormBackward0")


def repeated(a: np.ndarray, n: int, flat: tuple) -> np.ndarray:
    """The numbers of the channels for each of n images, group by group."""
    return np.tile(a, n).reshape(flat)


def given(*tensors: Tensor | None) -> list:
    return [t.array for t in tensors if t is not None]
