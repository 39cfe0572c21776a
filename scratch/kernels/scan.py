"""Running sums along rows (M, D): most additions in one product.

A row is cut into groups of K numbers. With the sum o of all groups before it
a group's running sums are one row of the product [x₁ … x_K, o] T, where T is
a triangle of ones on a row of ones. So M·D/K additions wait for each other,
not M·D, and these are in float64: o comes last, and as two numbers, what its
dtype cannot hold before what it can.
"""

import numpy as np

from scratch.kernels import threads
from scratch.kernels.blocks import pad

K = 32  # numbers in a group
BLOCK = 1 << 18  # entries that are worked on at once
WIDE = 1 << 9  # entries of a slice, from which on they are added whole
GRAIN = 1 << 17  # entries that make a thread worth it


def running_sums(x: np.ndarray, reverse: bool = False) -> np.ndarray:
    """yₖ = x₁ + … + xₖ in every row; xₖ + … + x_D in reverse"""
    y, width = np.empty_like(x), x.shape[1]

    def part(start: int, stop: int) -> None:
        few = max(1, BLOCK // width)
        for i in range(start, stop, few):
            rows = slice(i, min(i + few, stop))
            by_groups(x[rows], reverse, y[rows])

    threads.share(part, len(x), grain=max(1, GRAIN // width), each=4)
    return y


def down(function: np.ufunc, x: np.ndarray, d: int) -> np.ndarray:
    """Running results along d of x, whole slices at a time."""
    y = np.empty_like(x)
    now, old = np.moveaxis(y, d, 0), np.moveaxis(x, d, 0)
    now[:1] = old[:1]
    for i in range(1, len(old)):
        function(now[i - 1], old[i], out=now[i])
    return y


def by_groups(x: np.ndarray, reverse: bool, y: np.ndarray) -> None:
    """The running sums of some rows into y."""
    triangle = np.ones((K + 2, K), x.dtype)
    triangle[:K] = (np.tril if reverse else np.triu)(triangle[:K])
    groups = grouped(x)
    sums = groups @ np.ones(K + 2, x.dtype)
    offset = before(sums, reverse)
    groups[..., K + 1] = offset
    groups[..., K] = offset - groups[..., K + 1]
    product = groups.reshape(-1, K + 2) @ triangle
    y[...] = product.reshape(len(x), -1)[:, : x.shape[1]]
    odd = ~np.isfinite(groups[..., K] + sums).all(1)
    if odd.any():  # 0 · ∞ is not 0: these number by number
        y[odd] = textbook(x[odd], reverse)


def grouped(x: np.ndarray) -> np.ndarray:
    """(M, D) -> (M, D/K, K + 2), with 0 at the end of rows and of groups"""
    count, width = x.shape
    whole = width // K
    groups = pad.take("groups", (count, -(-width // K), K + 2), x.dtype)
    groups[..., K:] = 0
    groups[:, :whole, :K] = x[:, : whole * K].reshape(count, whole, K)
    if whole * K < width:
        groups[:, -1] = 0
        groups[:, -1, : width - whole * K] = x[:, whole * K :]
    return groups


def before(sums: np.ndarray, reverse: bool) -> np.ndarray:
    """The sum of all groups before each; after each in reverse"""
    found = np.zeros(sums.shape)
    way = slice(None, None, -1 if reverse else 1)
    np.add.accumulate(sums[:, way][:, :-1], 1, out=found[:, way][:, 1:])
    return found


def textbook(x: np.ndarray, reverse: bool = False) -> np.ndarray:
    """One number after another."""
    way = slice(None, None, -1 if reverse else 1)
    return np.add.accumulate(x[:, way], 1)[:, way]
