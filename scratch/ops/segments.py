"""Segments: neighbours of one run reduced together."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..tensor import Tensor, wrap
from .gather import scatter_by
from .kinds import typed
from .operands import dim_of, named, refuse, torch_name
from .selecting import index_select

__all__ = ["segment_reduce"]
METHODS: list[str] = []
IN_PLACE: list[str] = []

# what a reduction begins with, and how scatter_reduce calls it
STARTS = {"sum": (0, "sum"), "mean": (0, "sum"), "prod": (1, "prod"),
          "max": (-math.inf, "amax"), "amax": (-math.inf, "amax"),
          "min": (math.inf, "amin"), "amin": (math.inf, "amin")}


@typed(data="Tensor", reduce="str")
def segment_reduce(data: Tensor, reduce: str, *,
                   lengths: Tensor | None = None,
                   indices: Tensor | None = None,
                   offsets: Tensor | None = None, axis: int = 0,
                   unsafe: bool = False, initial: Any = None) -> Tensor:
    """yₛ = sum, mean, max, min or prod of the data in segment s along axis

    The segments lie one after the other and have these lengths, (*, S),
    or begin and end at these offsets, (*, S + 1), where * are data's
    dimensions in front of the axis; data (*, N, **) -> (*, S, **).
    """
    if reduce not in STARTS:
        raise RuntimeError("reduce argument must be either sum, prod, mean, "
                           f"amax or amin, got {reduce}")
    d = dim_of(axis, data.array.ndim)
    refuse(data.array, "biuc", "_segment_reduce_cpu")
    ends = borders(data, d, lengths, indices, offsets, unsafe)
    start, name = STARTS[reduce]
    where = segments_of(ends, data.array.shape[d])
    y = gathered(data, d, where, ends.shape[-1] - 1, start, name)
    first = start if initial is None else initial
    counts = np.diff(ends).reshape(
        *ends.shape[:-1], -1, *[1] * (data.array.ndim - 1 - d))
    return named(begun(y, reduce, first, initial is None, counts),
                 "SegmentReduceBackward0")


def borders(data: Tensor, d: int, lengths: Any, indices: Any, offsets: Any,
            unsafe: bool) -> np.ndarray:
    """Where the segments begin and end, checked."""
    if indices is not None:
        raise RuntimeError("segment_reduce(): indices based reduction is not "
                           "supported yet.")
    given = lengths if offsets is None else offsets
    if given is None:
        raise RuntimeError(
            "segment_reduce(): Either lengths or offsets must be defined.")
    a = given.array
    word = "lengths" if offsets is None else "offsets"
    if a.ndim != d + 1:
        raise RuntimeError(f"segment_reduce(): Expected axis to be the last "
                           f"dimension of {word} but got {d}.")
    if offsets is None and not unsafe:
        check_lengths(a, data.array.shape[d])
    if a.dtype not in (np.int64, np.int32):
        raise NotImplementedError(
            f"\"_segment_reduce_{word}_cpu_kernel1\" not implemented for "
            f"'{torch_name(given.dtype)}'")
    ends = a.astype(np.int64)
    if offsets is None:
        ends = np.insert(ends.cumsum(-1), 0, 0, -1)
    if (np.diff(ends) < 0).any():
        raise RuntimeError(
            "Expected segment_length >= 0 to be true, but got false.  (Could "
            "this error message be improved?  If so, please report an "
            "enhancement request to PyTorch.)")
    return ends


def check_lengths(lengths: np.ndarray, n: int) -> None:
    """Refuse lengths that are not those of n neighbours."""
    if (lengths < 0).any():
        raise RuntimeError("lengths contains negative value!")
    if (lengths.sum(-1) != n).any():
        raise RuntimeError(
            "segment_reduce(): Expected all rows of lengths along axis to "
            "sum to data.size(lengths.dim()-1) when !unsafe.")


def segments_of(ends: np.ndarray, n: int) -> np.ndarray:
    """The number of the segment of each of n places; the number of segments
    for those that are in none."""
    count = ends.shape[-1] - 1
    where = np.empty((*ends.shape[:-1], n), np.int64)
    for row in np.ndindex(ends.shape[:-1]):
        where[row] = np.searchsorted(ends[row], np.arange(n), "right") - 1
    where[where < 0] = count
    return where


def gathered(data: Tensor, d: int, where: np.ndarray, count: int, start: Any,
             name: str) -> Tensor:
    """The reductions of the segments alone, `start` for one of no places."""
    shape = data.array.shape
    base = np.full((*shape[:d], count + 1, *shape[d + 1:]), start,
                   data.array.dtype)
    side = where.reshape(*where.shape, *[1] * (len(shape) - 1 - d))
    index = wrap(np.ascontiguousarray(np.broadcast_to(side, shape)))
    y = scatter_by(wrap(base), d, index, data, name, False)
    return index_select(y, d, wrap(np.arange(count)))


def begun(y: Tensor, reduce: str, first: Any, bare: bool,
          counts: np.ndarray) -> Tensor:
    """The reductions, begun with a number."""
    if reduce == "prod":
        return y * first
    if reduce == "sum":
        return y + first
    if reduce == "mean":
        none = wrap(np.broadcast_to(counts == 0, y.array.shape))
        mean = (y + first) / wrap(np.maximum(counts, 1))
        return mean.masked_fill(none, math.nan) if bare else mean
    a = y.array
    lost = a < first if reduce in ("max", "amax") else a > first
    return y.masked_fill(wrap(lost), first)
