"""Convolution as the formula says it; the fast forms are held equal to it.

The form Σ y·(x ⋆ w), with one of its three arrays left out:

x (N, C, *S)   w (O, C/G, *K)   y (N, O, *P), one to three spatial axes.
The form is linear in each array, so each function here is the derivative of
the other two.
"""

from typing import Any

import numpy as np

from scratch.kernels.windows import (
    Geometry,
    Sizes,
    canvas,
    grouped,
    pad,
    tap_slices,
    taps,
    unpad,
    windows,
)


def conv(x: np.ndarray, w: np.ndarray, geo: Geometry) -> np.ndarray:
    """y = ∂/∂y Σ y·(x ⋆ w): every window times every kernel."""
    p, k = letters(x)
    cols = grouped(windows(pad(x, geo), w.shape[2:], geo), 1, geo.groups)
    w = grouped(w, 0, geo.groups)
    y = contract(f"ngc{p}{k},goc{k}->ngo{p}", cols, w)
    return joined(y, 1)


def conv_weight(
    x: np.ndarray, y: np.ndarray, geo: Geometry, kernel: Sizes
) -> np.ndarray:
    """w = ∂/∂w Σ y·(x ⋆ w): every window times what it led to."""
    p, k = letters(x)
    cols = grouped(windows(pad(x, geo), kernel, geo), 1, geo.groups)
    y = grouped(y, 1, geo.groups)
    return joined(contract(f"ngc{p}{k},ngo{p}->goc{k}", cols, y), 0)


def conv_input(
    y: np.ndarray, w: np.ndarray, geo: Geometry, size: Sizes
) -> np.ndarray:
    """x = ∂/∂x Σ y·(x ⋆ w): add every window back where it was read."""
    p, k = letters(y)
    g, w = grouped(y, 1, geo.groups), grouped(w, 0, geo.groups)
    cols = joined(contract(f"ngo{p},goc{k}->ngc{p}{k}", g, w), 1)
    x = canvas(cols.shape[:2], size, geo, y)
    for tap in taps(w.shape[3:]):
        x[tap_slices(tap, y.shape[2:], geo)] += cols[entry(tap)]
    return unpad(x, size, geo)


def entry(tap: Sizes) -> tuple[Any, ...]:
    """The index of one tap, the taps' axes being the last."""
    return (..., *tap)


def letters(x: np.ndarray) -> tuple[str, str]:
    """The einsum letters of places and taps, one for each spatial axis."""
    return "pqr"[: x.ndim - 2], "klm"[: x.ndim - 2]


def contract(form: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """einsum; halves are summed in float32, as torch sums them."""
    if a.dtype == np.float16:
        wide = contract(form, a.astype(np.float32), b.astype(np.float32))
        return wide.astype(np.float16)
    return np.einsum(form, a, b, optimize=True)


def joined(x: np.ndarray, axis: int) -> np.ndarray:
    """The inverse of `grouped`; contiguous."""
    shape = (*x.shape[:axis], -1, *x.shape[axis + 2 :])
    if 0 in x.shape:
        both = x.shape[axis] * x.shape[axis + 1]
        shape = (*x.shape[:axis], both, *x.shape[axis + 2 :])
    return np.ascontiguousarray(x).reshape(shape)
