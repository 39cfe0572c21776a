"""Adding at positions: what undoes a pick, with repeated positions summed."""

import math

import numpy as np


def place(values: np.ndarray, where: np.ndarray, size: int) -> np.ndarray:
    """out[where[i]] += values[i], in this order, into `size` zeros."""
    out = np.zeros(size, wide(values.dtype))
    np.add.at(out, where.ravel(), values.ravel())  # fast only where flat
    return out.astype(values.dtype, copy=False)


def place_rows(values: np.ndarray, where: np.ndarray, rows: int) -> np.ndarray:
    """out[where[i]] += values[i] for whole rows: (M, *D) -> (rows, *D)."""
    inner = values.shape[1:]
    width = math.prod(inner)
    at = where.reshape(-1, 1) * width + np.arange(width)
    return place(values, at, rows * width).reshape(rows, *inner)


def place_planes(y: np.ndarray, where: np.ndarray, size: int) -> np.ndarray:
    """x[n, c, where[n, c, p]] += y[n, c, p]: (N, C, *P) -> (N, C, size)."""
    planes = np.arange(y.shape[0] * y.shape[1]) * size
    start = planes.reshape(*y.shape[:2], *(1,) * (y.ndim - 2))
    flat = place(y, where + start, planes.size * size)
    return flat.reshape(*y.shape[:2], size)


def wide(dtype: np.dtype) -> np.dtype:
    """Where a sum is kept: float16 is summed in float32."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype
