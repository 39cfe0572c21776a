"""Results that are elements of x, chosen along one dimension."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from .gather import place, positions
from .operands import dim_of

__all__: list[str] = []


def chosen(x: Tensor, d: int, index: np.ndarray, name: str,
           keepdim: bool = True) -> tuple[Tensor, Tensor]:
    """The elements of x at `index` along d, and the index as a tensor.

    index: as x but for dimension d, whose size is the number of choices;
    without `keepdim` that number is 1, and the dimension goes.
    """
    a = x.array
    shape, number = a.shape, a.ndim == 0
    if number:
        a, index = a.reshape(1), index.reshape(1)
    where = positions(a.shape, d, index)
    y = np.take_along_axis(a, index, d)
    if number:
        y, index, where = y.reshape(()), index.reshape(()), where.reshape(())
    elif not keepdim:
        y, index = y.squeeze(d), index.squeeze(d)
        where = where.squeeze(d)
    return (record(y, (x, lambda g: place(g, where, shape)), name=name),
            wrap(index))


def along(x: Tensor, dim: Any) -> tuple[np.ndarray, int]:
    """x's array with at least one dimension, and that dimension."""
    a = x.array
    d = dim_of(dim, a.ndim)
    return (a if a.ndim else a.reshape(1)), d


def check_filled(a: np.ndarray, d: int, caller: Any) -> None:
    """Refuse to choose from nothing."""
    if not a.shape[d]:
        raise IndexError(f"{caller}(): Expected reduction dim {d} to have "
                         "non-zero size.")
