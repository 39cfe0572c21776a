"""Gauss's elimination with its factors kept, A = P L U.

Row k of a step is swapped with row pivots[k] ≥ k, whose entry is the
largest. Batches of matrices come as one array (B, M, N), worked in place.
"""

import numpy as np

NARROW = 16  # columns that are eliminated one by one


def size(a: np.ndarray) -> np.ndarray:
    """|a|, as LAPACK weighs complex numbers: |re| + |im|"""
    if a.dtype.kind == "c":
        return np.abs(a.real) + np.abs(a.imag)
    return np.abs(a)


def lu(a: np.ndarray) -> np.ndarray:
    """a ← L below its diagonal and U above; returns the pivots (B, K)

    The left half of the columns first, then what it leaves of the right
    half: so most of the work is products of matrices (Toledo, 1997).
    """
    m, n = a.shape[1:]
    if min(m, n) <= NARROW:
        return lu_by_columns(a)
    half = min(m, n) // 2
    first = lu(a[:, :, :half])
    swap(a[:, :, half:], first)
    top, corner = a[:, :half, half:], a[:, :half, :half]
    for i in range(1, half):  # L₁₁⁻¹ of what stands above
        top[:, i:i + 1] -= corner[:, i:i + 1, :i] @ top[:, :i]
    a[:, half:, half:] -= a[:, half:, :half] @ top
    second = lu(a[:, half:, half:])
    swap(a[:, half:, :half], second)
    return np.concatenate((first, second + half), 1)


def lu_by_columns(a: np.ndarray) -> np.ndarray:
    """The same, a column at a time."""
    batch, m, n = a.shape
    which = np.arange(batch)
    pivots = np.zeros((batch, min(m, n)), np.int64)
    for k in range(min(m, n)):
        best = k + size(a[:, k:, k]).argmax(1)
        pivots[:, k] = best
        row = a[which, k]
        a[which, k] = a[which, best]
        a[which, best] = row
        pivot = a[:, k, k, None]
        np.divide(a[:, k + 1:, k], pivot, out=a[:, k + 1:, k],
                  where=pivot != 0)
        a[:, k + 1:, k + 1:] -= a[:, k + 1:, k, None] * a[:, None, k, k + 1:]
    return pivots


def swap(a: np.ndarray, pivots: np.ndarray) -> None:
    """Row k of a with row pivots[k], one after the other"""
    order = order_of(pivots, a.shape[1])
    a[...] = np.take_along_axis(a, order[:, :, None], 1)


def order_of(pivots: np.ndarray, rows: int) -> np.ndarray:
    """Which row comes to stand where, (B, rows): (Pᵀ A)[i] = A[order[i]]"""
    order = np.tile(np.arange(rows), (len(pivots), 1))
    which = np.arange(len(pivots))
    for k in range(pivots.shape[1]):
        best = pivots[:, k]
        row = order[which, k]
        order[which, k] = order[which, best]
        order[which, best] = row
    return order
