"""Counts: how many elements fall where."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from . import return_types
from .division import underivable
from .numbers import number_in
from .operands import check_tensor, in_c, refuse
from .sequences import even_steps

__all__ = ["histc", "histogram", "histogramdd", "bincount"]
METHODS = "histc histogram bincount".split()
IN_PLACE: list[str] = []


def histc(input: Tensor, bins: int = 100, min: Any = 0,
          max: Any = 0) -> Tensor:
    """How many x lie in each of `bins` equal parts of [min, max]

    Without bounds, those of x; what lies outside is not counted.
    """
    check_tensor(input, "histc")
    a = input.array
    refuse(a, "biuc", "histogram_cpu")
    check_bins(bins, 0)
    low, high = float(min), float(max)
    if low > high:
        raise RuntimeError("torch.histc: max must be larger than min")
    if low == high and a.size:
        low, high = float(a.min()), float(a.max())
    if low == high:
        low, high = low - 1, high + 1
    if not (np.isfinite(low) and np.isfinite(high)):
        raise RuntimeError(
            f"torch.histc: range of [{low:g}, {high:g}] is not finite")
    first, last = number_in(low, a.dtype), number_in(high, a.dtype)
    inside = a[(a >= first) & (a <= last)]
    # in the dtype of x, as in torch: at an edge the rounding decides
    place = (inside - first) * a.dtype.type(bins) / (last - first)
    count = np.bincount(np.minimum(place.astype(np.int64), bins - 1),
                        minlength=bins)
    return wrap(count.astype(a.dtype))


# ---- with edges

def histogram(input: Tensor, bins: Any = 100, *, range: Any = None,
              weight: Tensor | None = None, density: bool = False) -> Any:
    """(counts or sums of weights, edges of the bins) of all elements

    bins: how many equal parts of the range (of x, if none is given), or
    their edges. density: the integral over the range is 1.
    """
    check_tensor(input, "histogram")
    if not isinstance(bins, Tensor) and (isinstance(bins, bool) or not (
            isinstance(bins, (int, np.integer)))):
        raise TypeError("histogram() received an invalid combination of "
                        f"arguments - got (Tensor, {type(bins).__name__}), "
                        "but expected an int or a Tensor of edges")
    flat = input.reshape(-1, 1)
    hist, edges = counted(flat, [bins], range, weight, density)
    return return_types.histogram(tracked(input, hist, edges[0]))


def histogramdd(input: Tensor, bins: Any, range: Any = None,
                weight: Any = None, density: bool = False) -> Any:
    """(counts, edges of every dimension): x (*, D) -> (bins₁, …, bins_D)"""
    check_tensor(input, "histogramdd")
    if input.array.ndim < 2:
        raise RuntimeError("torch.histogramdd: input tensor should have at "
                           "least 2 dimensions")
    d = input.array.shape[-1]
    every = [bins] * d if isinstance(bins, int) else list(bins)
    if len(every) != d:
        raise RuntimeError("histogramdd: The size of bins must be equal to "
                           "the innermost dimension of the input.")
    hist, edges = counted(input, every, range, weight, density)
    hist, *edges = tracked(input, hist, *edges)
    return return_types.histogramdd((hist, tuple(edges)))


def tracked(x: Tensor, *arrays: np.ndarray) -> list:
    """The results, which torch can give no derivative."""
    return [record(a, (x, underivable("histogramdd")), name="NotImplemented")
            for a in arrays]


def counted(x: Tensor, bins: list, bounds: Any, weight: Any,
            density: bool) -> tuple[np.ndarray, list]:
    """The histogram of points x (*, D), and the edges of its bins."""
    a = x.array
    check_weight(x, weight)
    edges = edges_of(x, bins, bounds)
    refuse(a, "biuc", "histogramdd")
    if a.dtype == np.float16:
        refuse(a, "f", "histogramdd")
    points = a.reshape(-1, a.shape[-1])
    mass = np.ones(len(points), a.dtype) if weight is None else (
        weight.array.reshape(-1))
    flat = np.zeros(len(points), np.int64)
    inside = np.ones(len(points), bool)
    for values, edge in zip(points.T, edges):
        inside &= (values >= edge[0]) & (values <= edge[-1])
        at = np.searchsorted(edge, values, "right") - 1
        flat = flat * (len(edge) - 1) + np.minimum(at, len(edge) - 2)
    shape = [len(edge) - 1 for edge in edges]
    hist = np.bincount(flat[inside], mass[inside], int(np.prod(shape)))
    hist = hist.astype(a.dtype).reshape(shape)
    return dense(hist, edges) if density else hist, edges


def dense(hist: np.ndarray, edges: list) -> np.ndarray:
    """Divided by its sum and by the volume of each bin."""
    hist = hist / hist.sum()
    for k, edge in enumerate(edges):
        side = [1] * hist.ndim
        side[k] = -1
        hist = hist / np.diff(edge).reshape(side)
    return hist


def edges_of(x: Tensor, bins: list, bounds: Any) -> list:
    """The edges of the bins of every dimension."""
    if bins and isinstance(bins[0], Tensor):
        for k, b in enumerate(bins):
            check_edges(x, b, k)
        return [b.array for b in bins]
    for k, n in enumerate(bins):
        check_bins(n, k)
    number = x.array.dtype
    return [even_steps(low, high, n + 1, number).astype(number)
            for n, (low, high) in zip(bins, ends_of(x, bounds))]


def ends_of(x: Tensor, bounds: Any) -> list:
    """(first, last edge) of every dimension: given, or those of x."""
    a, d = x.array, x.array.shape[-1]
    if bounds is not None:
        if len(bounds) != 2 * d:
            raise RuntimeError(
                f"torch.histogramdd: for a {d}-dimensional histogram range "
                f"should have {2 * d} elements, but got {len(bounds)}")
        ends = list(zip(bounds[::2], bounds[1::2]))
    elif a.size:
        points = a.reshape(-1, d)
        ends = list(zip(points.min(0), points.max(0)))
    else:
        ends = [(0.0, 1.0)] * d
    for k, (low, high) in enumerate(ends):
        if not (np.isfinite(low) and np.isfinite(high)):
            raise RuntimeError(f"torch.histogramdd: dimension {k}'s range "
                               f"[{low:g}, {high:g}] is not finite")
        if low > high:
            raise RuntimeError(
                "torch.histogramdd: min should not exceed max, but got min "
                f"{low:g} max {high:g} for dimension {k}")
        if low == high:
            ends[k] = low - 0.5, high + 0.5
    return ends


# ---- what is refused

def check_bins(n: int, k: int) -> None:
    """Refuse a dimension without bins."""
    if n <= 0:
        raise RuntimeError("torch.histogram(): bins must be > 0, but got "
                           f"{n} for dimension {k}")


def check_edges(x: Tensor, b: Tensor, k: int) -> None:
    """Refuse edges that are no vector of x's dtype."""
    if b.array.dtype != x.array.dtype:
        raise RuntimeError(
            "torch.histogramdd: input tensor and bins tensors should have "
            "the same dtype, but got input with dtype "
            f"{in_c(x.dtype)} and bins for dimension {k} with dtype "
            f"{in_c(b.dtype)}")
    if b.array.ndim != 1:
        raise RuntimeError(
            "torch.histogramdd: bins tensor should have one dimension, but "
            f"got {b.array.ndim} dimensions in the bins tensor for dimension"
            f" {k}")
    if not b.array.size:
        raise RuntimeError(
            "torch.histogramdd: bins tensor should have at least 1 element, "
            f"but got 0 elements in the bins tensor for dimension {k}")
    check_bins(b.array.size - 1, k)


def check_weight(x: Tensor, weight: Any) -> None:
    """Refuse weights that are not one for each point, in x's dtype."""
    if weight is None:
        return
    if weight.array.dtype != x.array.dtype:
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided, input tensor "
            "and weight tensor should have the same dtype, but got input("
            f"{in_c(x.dtype)}), and weight({in_c(weight.dtype)})")
    lead = x.array.shape[:-1]
    if weight.array.size != int(np.prod(lead)) or (
            weight.array.ndim != len(lead) and len(lead) > 1):
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided it should have "
            "the same shape as the input tensor excluding its innermost "
            f"dimension, but got input with shape {[*x.shape]} and weight "
            f"with shape {[*weight.shape]}")


def bincount(input: Tensor, weights: Any = None,
             minlength: int = 0) -> Tensor:
    """How often each of 0, 1, 2, … occurs; or the sum of its weights"""
    check_tensor(input, "bincount")
    a = input.array
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    refuse(a, "bfc", "bincount_cpu")
    if a.ndim != 1 or (a < 0).any():
        raise RuntimeError(
            "bincount only supports 1-d non-negative integral inputs.")
    if weights is None:
        return wrap(np.bincount(a, None, minlength).astype(np.int64))
    if not a.size:
        return wrap(np.zeros(minlength, np.int64))
    w = weights.array
    if w.shape != a.shape:
        raise RuntimeError("weights should be 1-d and have the same length "
                           "as input")
    y = np.bincount(a, w, minlength)
    return wrap(y.astype(np.float32 if w.dtype == np.float32 else
                         np.float64))
