"""The different elements of a tensor, or of its slices."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from .operands import check_tensor, dim_of, refuse

__all__ = ["unique", "unique_consecutive"]
METHODS = __all__
IN_PLACE: list[str] = []


def unique(input: Tensor, sorted: bool = True, return_inverse: bool = False,
           return_counts: bool = False, dim: int | None = None) -> Any:
    """The different elements in order (or the slices along `dim`)

    return_inverse: also where each element of x stands among them;
    return_counts: also how often each occurs.
    """
    check_tensor(input, "unique")
    refuse(input.array, "c", "unique")
    rows, shape, d = slices(input.array, dim)
    order = (np.lexsort(rows.T[::-1]) if rows.shape[1] else
             np.arange(len(rows)))
    new, place = runs(rows[order])
    inverse = np.empty(len(rows), np.int64)
    inverse[order] = place
    name = "unique_dim" if d is not None else "_unique2"
    return packed(traced(input, rows[order][new], name), inverse, place,
                  shape, d, return_inverse, return_counts)


def unique_consecutive(input: Tensor, return_inverse: bool = False,
                       return_counts: bool = False,
                       dim: int | None = None) -> Any:
    """As unique, but only neighbours are compared, and nothing is moved"""
    check_tensor(input, "unique_consecutive")
    refuse(input.array, "c", "unique")
    rows, shape, d = slices(input.array, dim)
    new, place = runs(rows)
    return packed(traced(input, rows[new], "unique_consecutive"), place,
                  place, shape, d, return_inverse, return_counts)


def traced(x: Tensor, found: np.ndarray, name: str) -> Tensor:
    """The elements found; torch: a derivative is refused only when asked."""

    def rule(g: Tensor) -> Tensor:
        raise NotImplementedError(
            f"the derivative for '{name}' is not implemented.")

    word = "Unique2Backward0" if name == "_unique2" else name
    return record(found, (x, rule), name=word)


def slices(a: np.ndarray, dim: int | None) -> tuple:
    """The things to compare, one a row; the shape of the answer."""
    if dim is None:
        return a.reshape(-1, 1), a.shape, None
    d = dim_of(dim, a.ndim)
    if 0 in a.shape[:d] + a.shape[d + 1:]:
        raise RuntimeError("There are 0 sized dimensions, and they aren't "
                           "selected, so unique cannot be applied")
    front = np.moveaxis(a, d, 0) if a.ndim else a.reshape(1)
    size = int(np.prod(front.shape[1:], dtype=int))
    return front.reshape(len(front), size), front.shape, d


def runs(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a run of equal rows begins, and the number of each row's run."""
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]).any(1)
    return new, np.cumsum(new, dtype=np.int64) - 1


def packed(found: Tensor, inverse: np.ndarray, place: np.ndarray,
           shape: tuple, d: int | None, return_inverse: bool,
           return_counts: bool) -> Any:
    """The results that were asked for, in their shapes."""
    n = len(found.array)
    if d is None:
        found.array = found.array.reshape(n)
        inverse = inverse.reshape(shape)
    else:
        found.array = np.ascontiguousarray(np.moveaxis(
            found.array.reshape(n, *shape[1:]), 0, d))
    results = [found]
    if return_inverse:
        results.append(wrap(inverse))
    if return_counts:
        count = np.bincount(place, minlength=n).astype(np.int64)
        results.append(wrap(count))
    return tuple(results) if len(results) > 1 else results[0]
