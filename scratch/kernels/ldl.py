"""Elimination of a symmetric matrix: A = P L D Lᵀ Pᵀ, D of blocks 1×1, 2×2.

Matrices (N, N) are worked in place, and only in their lower half; Hermitian
ones have Lᴴ for Lᵀ.
"""

import numpy as np

from scratch.kernels.elimination import size

LIMIT = (1 + 17 ** 0.5) / 8  # how small a pivot may be beside its column


def ldl(a: np.ndarray, hermitian: bool) -> tuple[np.ndarray, int]:
    """The lower half of a (N, N) ← L and D; returns (pivots, info)

    Bunch and Kaufman (1977), stored as LAPACK's sytrf does: pivots count
    from 1, and -p twice tells of a 2×2 block. info: the first zero pivot.
    """
    n, k, info = len(a), 0, 0
    pivots = np.zeros(n, np.int32)
    while k < n:
        other, wide, zero = choose(a, k, hermitian)
        if zero:
            info = info or k + 1
        last = k + wide
        if other != last:
            exchange(a, last, other, k, hermitian)
        pivots[k:last + 1] = -(other + 1) if wide else other + 1
        if not zero:
            eliminate(a, k, last + 1, hermitian)
        k = last + 1
    return pivots, info


def choose(a: np.ndarray, k: int, hermitian: bool) -> tuple[int, int, bool]:
    """(which row to swap in, 1 if the block is 2×2, is there no pivot?)"""
    here = float(size(a[k, k].real if hermitian else a[k, k]))
    below = size(a[k + 1:, k])
    column = float(below.max(initial=0))
    if max(here, column) == 0:
        return k, 0, True
    if here >= LIMIT * column:
        return k, 0, False
    i = k + 1 + int(below.argmax())
    row = max(float(size(a[i, k:i]).max(initial=0)),
              float(size(a[i + 1:, i]).max(initial=0)))
    if here * row >= LIMIT * column * column:
        return k, 0, False
    if float(size(a[i, i])) >= LIMIT * row:
        return i, 0, False
    return i, 1, False


def exchange(a: np.ndarray, p: int, q: int, k: int,
             hermitian: bool) -> None:
    """Swap rows and columns p < q of what is left, in its lower half"""
    rest = a[k:, k:]
    lower = np.tril(rest, -1)
    upper = lower.T.conj() if hermitian else lower.T
    full = lower + upper + np.diag(np.diag(rest))
    order = np.arange(len(rest))
    order[[p - k, q - k]] = q - k, p - k
    rest[...] = np.tril(full[np.ix_(order, order)])


def eliminate(a: np.ndarray, k: int, end: int, hermitian: bool) -> None:
    """What the block of columns k … end - 1 leaves of the others"""
    block = np.tril(a[k:end, k:end])
    if hermitian:
        np.fill_diagonal(block, np.diag(block).real)
        a[k:end, k:end] = block
    block = block + (np.tril(block, -1).conj() if hermitian
                     else np.tril(block, -1)).T
    left = a[end:, k:end]
    new = np.linalg.solve(block.T, left.T).T
    a[end:, end:] -= np.tril(new @ (left.conj() if hermitian else left).T)
    a[end:, k:end] = new


def ldl_solve(a: np.ndarray, pivots: np.ndarray, b: np.ndarray,
              hermitian: bool) -> None:
    """b (N, K) ← A⁻¹ b, from what `ldl` made of A"""
    def turned(x: np.ndarray) -> np.ndarray:
        return x.conj().T if hermitian else x.T

    blocks = blocks_of(pivots)
    for k, end, p in blocks:
        b[[end - 1, p]] = b[[p, end - 1]]
        b[end:] -= a[end:, k:end] @ b[k:end]
        block = np.tril(a[k:end, k:end])
        block = block + turned(np.tril(block, -1))
        b[k:end] = np.linalg.solve(block, b[k:end])
    for k, end, p in reversed(blocks):
        b[k:end] -= turned(a[end:, k:end]) @ b[end:]
        b[[end - 1, p]] = b[[p, end - 1]]


def blocks_of(pivots: np.ndarray) -> list[tuple[int, int, int]]:
    """(begin, end, the row swapped in) of each block of D"""
    found, k = [], 0
    while k < len(pivots):
        wide = int(pivots[k] < 0)
        found.append((k, k + wide + 1, abs(int(pivots[k])) - 1))
        k += wide + 1
    return found
