"""Matrix products: large ones are cut into a part for each thread.

OpenBLAS could cut them itself, but its threads go on spinning for some
25 ms after each product and take the cores from the loops that come next;
so it works with one thread in each of our parts.
"""

import numpy as np

from scratch.kernels import threads
from scratch.kernels.blas import blas

SMALL = 9 << 10  # multiplications for which OpenBLAS takes one thread anyway
GRAIN = 1 << 21  # multiplications that are worth a thread of their own


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a (*, N, K) @ b (*, K, M) -> (*, N, M), a (N, K) @ b (K) -> (N)"""
    load = max(a.size * (b.shape[-1] if b.ndim > 1 else 1), b.size)
    if load <= SMALL:
        return a @ b
    if load < 2 * GRAIN or a.ndim < 2 or b.ndim < 2 or not a.size:
        with blas.single():
            return a @ b
    return shared(a, b)


def shared(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a @ b, cut by matrices, or all matrices by their rows or columns."""
    many = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    y = np.empty((*many, a.shape[-2], b.shape[-1]), np.result_type(a, b))
    rows, columns = y.shape[-2:]
    load = y.size * a.shape[-1]

    def by_matrices(start: int, stop: int) -> None:
        left, right = (
            x[start:stop] if x.ndim == y.ndim and len(x) > 1 else x
            for x in (a, b)
        )
        np.matmul(left, right, out=y[start:stop])

    def by_rows(start: int, stop: int) -> None:
        np.matmul(a[..., start:stop, :], b, out=y[..., start:stop, :])

    def by_columns(start: int, stop: int) -> None:
        np.matmul(a, b[..., start:stop], out=y[..., start:stop])

    part, count = by_columns, columns
    if y.ndim > 2 and len(y) >= threads.get_num_threads():
        part, count = by_matrices, len(y)
    elif rows > columns:
        part, count = by_rows, rows
    threads.share(part, count, grain=max(1, GRAIN * count // load))
    return y
