"""Numbers brought to a common scale: learnt from some rows, used on any.

Each is made of x (n, d) and then called with rows (m, d). A missing number
(NaN) is left out when learning.
"""

from __future__ import annotations

import numpy as np

from scratch.tensor import Tensor, wrap


def _columns(x: Tensor) -> np.ndarray:
    """The numbers of x (n, d) in float64; refused if it has no rows."""
    if x.ndim != 2 or len(x) == 0:
        raise ValueError(
            "expected a table (rows, columns) with at least one row, got "
            f"shape {tuple(x.shape)}"
        )
    return x.array.astype(np.float64)


def _floating(result: np.ndarray, like: Tensor) -> Tensor:
    dtype = like.array.dtype
    return wrap(result.astype(dtype if dtype.kind == "f" else np.float32))


class Standard:
    """(x - mean) / std of each column; a missing number becomes 0, the mean.

    The std is that of a sample (n - 1 below); a constant column becomes 0.
    """

    def __init__(self, x: Tensor):
        rows = _columns(x)
        known = ~np.isnan(rows)
        count = known.sum(0)
        filled = np.where(known, rows, 0)
        self.mean = filled.sum(0) / np.maximum(count, 1)
        away = np.where(known, rows - self.mean, 0)
        variance = (away * away).sum(0) / np.maximum(count - 1, 1)
        self.std = np.sqrt(variance)

    def __call__(self, x: Tensor) -> Tensor:
        """(m, d) -> (m, d)"""
        away = _columns(x) - self.mean
        y = away / np.where(self.std > 0, self.std, 1)
        return _floating(np.where(np.isnan(y), 0, y), x)


class MinMax:
    """(x - min) / (max - min) of each column; a constant column becomes 0."""

    def __init__(self, x: Tensor):
        rows = _columns(x)
        self.low = np.fmin.reduce(rows)
        self.high = np.fmax.reduce(rows)

    def __call__(self, x: Tensor) -> Tensor:
        """(m, d) -> (m, d), in [0, 1] for the rows that it was made of"""
        width = self.high - self.low
        y = (_columns(x) - self.low) / np.where(width > 0, width, 1)
        return _floating(y, x)


class Whitening:
    """Columns without correlation, each of variance 1.

    C = U diag(λ) Uᵀ is the covariance of x. PCA turns to the axes of the
    cloud, y = (x - mean) U / √(λ + ε), largest variance first; ZCA turns back,
    y Uᵀ, and so stays as near to x as whitened data can be.
    """

    def __init__(self, x: Tensor, eps: float = 1e-5, zca: bool = False):
        rows = _columns(x)
        if len(rows) < 2:
            raise ValueError("whitening needs at least two rows, got one")
        if np.isnan(rows).any():
            raise ValueError("whitening needs numbers, got NaN")
        self.mean = rows.mean(0)
        away = rows - self.mean
        variances, axes = np.linalg.eigh(away.T @ away / (len(rows) - 1))
        variances, axes = variances[::-1].clip(0), axes[:, ::-1]
        # an axis has two directions: take the one whose largest part is > 0
        largest = np.abs(axes).argmax(0)
        axes = axes * np.sign(axes[largest, np.arange(len(axes))])
        self.variances, self.axes = variances, axes
        self.matrix = axes / np.sqrt(variances + eps)
        if zca:
            self.matrix = self.matrix @ axes.T

    def __call__(self, x: Tensor) -> Tensor:
        """(m, d) -> (m, d)"""
        return _floating((_columns(x) - self.mean) @ self.matrix, x)
