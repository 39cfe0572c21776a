"""Order: sorting, ranks, the most frequent, places in a sorted list.

NaN counts as greater than every number, as in torch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..kernels import order as kernels
from ..tensor import Tensor, wrap
from . import return_types
from .chosen import along, check_filled, chosen
from .extremes import share
from .kinds import typed
from .numbers import check_wide
from .operands import (
    check_one,
    check_tensor,
    combination,
    refuse,
    result_type,
    torch_name,
)

__all__ = [
    "sort", "argsort", "msort", "topk", "kthvalue", "median", "nanmedian",
    "mode", "searchsorted", "bucketize", "isin",
]
METHODS = "sort argsort msort topk kthvalue median nanmedian mode".split()
IN_PLACE: list[str] = []


MANY = 512  # numbers, from which on keys are worth making


def order(a: np.ndarray, d: int, descending: bool) -> np.ndarray:
    """The stable order of a along d; equals keep their order both ways."""
    if a.size >= MANY and kernels.fits(a, d):
        return kernels.order(a, d, descending)
    if not descending:
        return np.argsort(a, d, kind="stable")
    turned = np.argsort(np.flip(a, d), d, kind="stable")
    return a.shape[d] - 1 - np.flip(turned, d)


def sort(input: Tensor, dim: int = -1, descending: bool = False,
         stable: bool = False) -> Any:
    """(x in order along `dim`, where each element stood)"""
    check_sortable(input, "Sort", "sort")
    a, d = along(input, dim)
    return return_types.sort(
        chosen(input, d, order(a, d, descending), "SortBackward0"))


def check_sortable(x: Tensor, word: str, caller: str) -> None:
    check_tensor(x, caller)
    if x.array.dtype.kind == "c":
        raise TypeError(f" {word} does not support complex dtypes on CPU")


def argsort(input: Tensor, dim: int = -1, descending: bool = False,
            stable: bool = False) -> Tensor:
    """Where the elements in order stand"""
    check_sortable(input, "Sort", "argsort")
    a, d = along(input, dim)
    return wrap(order(a, d, descending).reshape(input.array.shape))


def msort(input: Tensor) -> Tensor:
    """x in order along its first dimension"""
    return sort(input, 0).values


@typed(k="int")
def topk(input: Tensor, k: int, dim: int = -1, largest: bool = True,
         sorted: bool = True) -> Any:
    """(the k greatest along `dim`, where they stand); or the k least"""
    check_sortable(input, "topk", "topk")
    a, d = along(input, dim)
    if not 0 <= k <= a.shape[d]:
        raise RuntimeError("selected index k out of range")
    if a.dtype.kind == "b":
        raise NotImplementedError("topk does not support bool dtypes on CPU")
    first = (slice(None),) * d + (slice(0, k),)
    where = few(a, d, k, largest)
    if where is None:
        where = order(a, d, largest)[first].copy()
    return return_types.topk(chosen(input, d, where, "TopkBackward0"))


def few(a: np.ndarray, d: int, k: int, largest: bool) -> Any:
    """The places of the k greatest (or least) of each row, in order; None
    where that many are not found by comparing with the k-th alone."""
    n = a.shape[d] if a.ndim else 1
    if a.size < MANY or a.dtype.kind != "f" or not 0 < 8 * k < n:
        return None
    rows = np.ascontiguousarray(np.moveaxis(a, d, -1)).reshape(-1, n)
    at = n - k if largest else k - 1
    bound = np.partition(rows, at, 1)[:, at:at + 1]
    beyond = rows >= bound if largest else rows <= bound
    if not (beyond.sum(1) == k).all():
        return None  # ties, or NaN
    where = np.flatnonzero(beyond).reshape(-1, k)
    found = rows.reshape(-1)[where]
    where = np.take_along_axis(where % n, order(found, 1, largest), 1)
    shape = np.moveaxis(a, d, -1).shape[:-1]
    return np.ascontiguousarray(np.moveaxis(where.reshape(*shape, k), -1, d))


@typed(k="int")
def kthvalue(input: Tensor, k: int, dim: int = -1,
             keepdim: bool = False) -> Any:
    """(the k-th least along `dim`, counted from 1, where it stands)"""
    check_tensor(input, "kthvalue")
    a, d = along(input, dim)
    check_filled(a, d, "kthvalue")
    refuse(a, "bc", "kthvalue_cpu")
    if not 1 <= k <= a.shape[d]:
        raise RuntimeError(
            f"kthvalue(): selected number k out of range for dimension {d}")
    at = (slice(None),) * d + (slice(k - 1, k),)
    return return_types.kthvalue(chosen(
        input, d, order(a, d, False)[at], "KthvalueBackward0", keepdim))


# ---- the middle

def median(input: Tensor, dim: int | None = None,
           keepdim: bool = False) -> Any:
    """The lower middle element, NaN if there is one; or along `dim`
    (values, indices)
    """
    return middle(input, dim, keepdim, "median")


def nanmedian(input: Tensor, dim: int | None = None,
              keepdim: bool = False) -> Any:
    """As median, of what is not NaN"""
    return middle(input, dim, keepdim, "nanmedian")


def middle(x: Tensor, dim: int | None, keepdim: bool, name: str) -> Any:
    """median and nanmedian, of all or along dim"""
    check_tensor(x, name)
    if dim is not None or x.array.size:
        refuse(x.array, "bc", "median_cpu" if dim is None else "median_out")
    label = f"{name.capitalize()}Backward"
    if dim is None:
        flat = x.array.reshape(-1)
        y = (flat[middle_place(flat, 0, name)[0]] if flat.size
             else np.asarray(np.nan).astype(flat.dtype))
        return record(y, (x, lambda g, y: share(g, x, y)), keep_result=True,
                      name=f"{label}0")
    a, d = along(x, dim)
    check_filled(a, d, "median" if name == "median" else "nanmedian")
    return getattr(return_types, name)(
        chosen(x, d, middle_place(a, d, name), f"{label}1", keepdim))


def middle_place(a: np.ndarray, d: int, name: str) -> np.ndarray:
    """Where along d the lower middle stands (d kept, of size 1)."""
    missing = np.isnan(a)
    count = (~missing).sum(d, keepdims=True)
    at = np.maximum(count - 1, 0) // 2
    place = np.take_along_axis(order(a, d, False), at, d)
    if name == "nanmedian":
        return place
    return np.where(missing.any(d, keepdims=True),
                    np.expand_dims(missing.argmax(d), d), place)


def mode(input: Tensor, dim: int = -1, keepdim: bool = False) -> Any:
    """(the most frequent along `dim`, of several the least; where it
    stands last)
    """
    check_tensor(input, "mode")
    refuse(input.array, "c", "mode_cpu")
    a, d = along(input, dim)
    check_filled(a, d, "mode")
    rank = order(a, d, False)
    y = np.take_along_axis(a, rank, d)
    n = y.shape[d]
    at = np.arange(n).reshape((-1,) + (1,) * (a.ndim - 1 - d))
    new = np.ones(y.shape, bool)
    later = (slice(None),) * d + (slice(1, None),)
    earlier = (slice(None),) * d + (slice(None, -1),)
    new[later] = y[later] != y[earlier]
    # how long the run of equals is when each element is reached
    length = at - np.maximum.accumulate(np.where(new, at, 0), d)
    best = np.expand_dims(length.argmax(d), d)
    return return_types.mode(chosen(
        input, d, np.take_along_axis(rank, best, d), "ModeBackward0",
        keepdim))


# ---- places in a sorted list

def check_sorter(a: np.ndarray, sorter: Tensor) -> None:
    """Refuse what is no order of the numbers in a."""
    order = sorter.array
    if order.shape != a.shape:
        raise RuntimeError(
            "torch.searchsorted(): boundary and sorter must have the same "
            f"size, but got boundary tensor {[*a.shape]}and got sorter "
            f"tensor {[*order.shape]}")
    if order.dtype != np.int64:
        raise RuntimeError(
            "torch.searchsorted(): sorter must be a tensor of long dtype but "
            f"got dtype {torch_name(sorter.dtype)}")
    if order.size and not 0 <= order.min() <= order.max() < a.shape[-1]:
        raise RuntimeError("torch.searchsorted(): sorter index out of range")


def searchsorted(sorted_sequence: Tensor, input: Any, *,
                 out_int32: bool = False, right: bool = False,
                 side: Any = None, sorter: Any = None) -> Tensor:
    """Where each number would be inserted: before its equals, or behind

    sorted_sequence (*, N), input (*, M) -> (*, M); or (N) and any input
    """
    if side not in (None, "left", "right"):
        raise RuntimeError(
            "torch.searchsorted(): side can only be 'left' or 'right' but "
            f"got {side}")
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites,"
            f" got side of {side} while right was True")
    a = sorted_sequence.array
    check_numbers("searchsorted", input)
    check_wide(input)
    b = input.array if isinstance(input, Tensor) else np.asarray(input)
    check_places(a, b)
    kind = result_type(sorted_sequence, input)
    refuse(np.empty(0, kind.numpy), "bc", "searchsorted_out_cpu")
    a, b = (part.astype(kind.numpy, copy=False) for part in (a, b))
    if sorter is not None:
        check_sorter(a, sorter)
        a = np.take_along_axis(a, sorter.array, -1)
    where: Any = "right" if right or side == "right" else "left"
    whole = np.int32 if out_int32 else np.int64
    if a.ndim == 1:
        return wrap(np.asarray(np.searchsorted(a, b, where), whole))
    y = np.empty(b.shape, whole)
    for row in np.ndindex(a.shape[:-1]):
        y[row] = np.searchsorted(a[row], b[row], where)
    return wrap(y)


def check_numbers(caller: str, *given: Any) -> None:
    """Refuse what is neither a tensor nor a number."""
    if not all(isinstance(x, (Tensor, *dtypes.NUMBERS)) for x in given):
        raise combination(caller, *given)


def check_places(a: np.ndarray, b: np.ndarray) -> None:
    """A sorted sequence a that each row of b has, or that all have."""
    if not a.ndim:
        raise RuntimeError("torch.searchsorted(): boundaries tensor should "
                           "have positive dimension, but got 0 dimension")
    if not b.ndim and a.ndim != 1:
        raise RuntimeError(
            "torch.searchsorted(): input value can be a scalar only when "
            "boundaries tensor dimension is 1, but we got boundaries tensor "
            f"dim({a.ndim}) and input value's dim(0) numel(1)")
    if a.ndim != 1 and a.shape[:-1] != b.shape[:-1]:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension "
            "or the first N-1 dimensions of boundaries tensor and input "
            "value tensor must match, but we got boundaries tensor "
            f"{[*a.shape]} and input value tensor {[*b.shape]}")


def bucketize(input: Any, boundaries: Tensor, *, out_int32: bool = False,
              right: bool = False) -> Tensor:
    """In which interval between the boundaries each number lies"""
    check_numbers("bucketize", input)
    if boundaries.array.ndim != 1:
        raise RuntimeError(
            "boundaries tensor must be 1 dimension, but got "
            f"dim({boundaries.array.ndim})")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def isin(elements: Any, test_elements: Any, *, assume_unique: bool = False,
         invert: bool = False) -> Tensor:
    """Which elements are among the others"""
    check_one("isin", elements, test_elements)
    check_numbers("isin", elements, test_elements)
    a, b = (x.array if isinstance(x, Tensor) else np.asarray(x)
            for x in (elements, test_elements))
    for part in (a, b):
        if part.dtype.kind in "bc":
            raise NotImplementedError(
                "Unsupported input type encountered for isin(): "
                f"{torch_name(dtypes.of(part.dtype))}")
    return wrap(np.asarray(np.isin(a, b, invert=invert)))
