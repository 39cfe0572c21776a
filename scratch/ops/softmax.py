"""Softmax and its logarithm, stable for numbers of any size."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import rows
from ..kernels.memory import in_row_order
from ..modes import modes
from ..tensor import Tensor, wrap
from .operands import (
    as_float,
    check_tensor,
    dim_of,
    dims_of,
    in_single,
    refuse,
)

__all__ = ["softmax", "log_softmax", "logsumexp"]
METHODS = "softmax log_softmax logsumexp".split()
IN_PLACE: list[str] = []


def axis_of(input: Tensor, dim: int | None, name: str, depth: int) -> int:
    """torch: without dim, the first or second dimension by their number"""
    if dim is not None:
        return dim
    warnings.warn(f"Implicit dimension choice for {name} has been "
                  "deprecated. Change the call to include dim=X as an "
                  "argument.", stacklevel=depth)
    return 0 if input.ndim in (0, 1, 3) else 1


def softmax(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """y = eˣ / Σ eˣ along `dim`:  ∂x = y (g - Σ g y)"""
    x, d = prepared(input, dim, dtype, "softmax")

    def rule(g: Tensor, y: Tensor) -> Tensor:
        if not modes.recording and in_rows(d, g.array, y.array):
            return wrap(by_rows(rows.softmax_input, g.array, y.array))
        z = g * y
        return z - y * z.sum(d, True)

    return record(in_single(lambda a: soft(a, d), in_row_order(x.array)),
                  (x, rule), keep_result=True, name="SoftmaxBackward0")


def log_softmax(input: Tensor, dim: int, dtype: Any = None) -> Tensor:
    """y = x - ln Σ eˣ along `dim`:  ∂x = g - eʸ Σ g"""
    x, d = prepared(input, dim, dtype, "log_softmax")

    def rule(g: Tensor, y: Tensor) -> Tensor:
        if not modes.recording and in_rows(d, g.array, y.array):
            return wrap(by_rows(rows.log_softmax_input, g.array, y.array))
        if modes.recording:
            return log_softmax_input(g, y, d)
        return g - y.exp() * g.sum(d, True)

    return record(in_single(lambda a: log_soft(a, d),
                            in_row_order(x.array)), (x, rule),
                  keep_result=True, name="LogSoftmaxBackward0")


def log_softmax_input(g: Tensor, y: Tensor, d: Any) -> Tensor:
    """g - eʸ Σ g, rounded once: where an eʸ is near 1 little of g is left,
    as in every second derivative of a class that is all but sure

    ∂g = h - Σ h eʸ,  ∂y = -h eʸ Σ g
    """
    p, wide = np.exp(y.array, dtype=np.float64), g.array.astype(np.float64)
    x = (wide - p * wide.sum(d, keepdims=True)).astype(g.array.dtype)
    return record(
        x, (g, lambda h: h - (h * y.exp()).sum(d, True), y),
        (y, lambda h: -h * y.exp() * g.sum(d, True), g),
        name="LogSoftmaxBackwardDataBackward0")


def in_rows(d: Any, *arrays: np.ndarray) -> bool:
    """Whether the kernels of rows serve: half the passes through memory."""
    return d == arrays[0].ndim - 1 and rows.fits(*arrays)


def by_rows(kernel: Any, *arrays: np.ndarray) -> np.ndarray:
    """kernel(*arrays), the last dimension being the row."""
    *lead, width = arrays[0].shape
    y = kernel(*(a.reshape(-1, width) for a in arrays))
    return y.reshape(*lead, -1)


def prepared(x: Tensor, dim: int, dtype: Any, name: str) -> tuple:
    """(x in its dtype, the dimension), checked"""
    check_tensor(x, name)
    if dtype is not None:
        x = x.to(dtype)
    d = dim_of(dim, x.array.ndim)
    last = "_lastdim" if d >= x.array.ndim - 1 else ""
    refuse(x.array, "biuc", f"{name}{last}_kernel_impl")
    return x, d if x.array.ndim else ()


def soft(a: np.ndarray, d: Any) -> np.ndarray:
    """The greatest exponent is 0: nothing overflows, no sum is 0."""
    if not a.size:
        return a.copy()
    if in_rows(d, a):
        return by_rows(rows.softmax, a)
    y = np.exp(a - greatest(a, d))
    return y / y.sum(d, keepdims=True)


def greatest(a: np.ndarray, d: Any) -> np.ndarray:
    """The greatest number along d, which stays as a dimension of size 1."""
    if d != a.ndim - 1:
        return a.max(d, keepdims=True)
    return by_rows(rows.greatest, a)


def log_soft(a: np.ndarray, d: Any) -> np.ndarray:
    """a - max - log Σ e^(a - max) along d"""
    if not a.size:
        return a.copy()
    if in_rows(d, a):
        return by_rows(rows.log_softmax, a)
    y = a - greatest(a, d)
    return y - np.log(np.exp(y).sum(d, keepdims=True))


def logsumexp(input: Tensor, dim: Any, keepdim: bool = False) -> Tensor:
    """ln Σ eˣ over `dim` (several allowed):  ∂x = g eˣ⁻ʸ"""
    x, a = input, as_float(input)
    axes = dims_of(dim, a.ndim)
    kept = tuple([1 if d in axes else n for d, n in enumerate(a.shape)])
    y = in_single(lambda a: log_sum(a, axes), a)

    def rule(g: Tensor, y: Tensor) -> Tensor:
        return g.reshape(kept) * (x - y.reshape(kept)).exp().conj()

    y = in_row_order(y)
    return record(y if keepdim else y.reshape(
        [n for d, n in enumerate(a.shape) if d not in axes]),
        (x, rule, x), keep_result=True, name="LogsumexpBackward0")


def log_sum(a: np.ndarray, axes: tuple) -> np.ndarray:
    """ln Σ eᵃ, with the dimensions kept."""
    if not a.size:
        return np.log(np.exp(a).sum(axes, keepdims=True))
    top = a.real.max(axes, keepdims=True)
    top = np.where(np.isfinite(top), top, top.dtype.type(0))
    return np.log(np.exp(a - top).sum(axes, keepdims=True)) + top
