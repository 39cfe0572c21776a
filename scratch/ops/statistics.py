"""Statistics: spread, correlation, quantiles."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..kernels.memory import in_row_order
from ..tensor import Tensor, wrap
from .masks import keep
from .operands import (
    as_float,
    check_tensor,
    dim_of,
    dims_of,
    in_single,
    named,
    torch_name,
)
from .reduction import mean

__all__ = [
    "var", "std", "var_mean", "std_mean", "cov", "corrcoef", "quantile",
    "nanquantile",
]
METHODS = "var std cov corrcoef quantile nanquantile".split()
IN_PLACE: list[str] = []


def var(input: Tensor, dim: Any = None, unbiased: Any = None,
        keepdim: bool = False, *, correction: Any = None) -> Tensor:
    """Σ (x - x̄)² / (n - correction) over `dim`; the correction is 1"""
    y, slope = spread(input, dim, unbiased, keepdim, correction, "var")
    return record(y, (input, slope, input), name="VarBackward0")


def std(input: Tensor, dim: Any = None, unbiased: Any = None,
        keepdim: bool = False, *, correction: Any = None) -> Tensor:
    """The square root of var;  ∂x = 0 where it is 0"""
    y, slope = spread(input, dim, unbiased, keepdim, correction, "std")
    y = np.sqrt(y)
    return record(
        y, (input, lambda g, z: slope(keep(g / (z * 2), y != 0)), input),
        keep_result=True, name="StdBackward0")


def spread(x: Tensor, dim: Any, unbiased: Any, keepdim: bool,
           correction: Any, name: str) -> tuple:
    """The variance of x, and the rule of its gradient."""
    check_tensor(x, name)
    if isinstance(dim, bool):  # torch: x.var(False) says `unbiased`
        dim, unbiased = None, dim
    if x.array.dtype.kind not in "fc":
        about = name if name.endswith("mean") else "std and var"
        raise NotImplementedError(
            f"{about} only support floating point and complex dtypes")
    if correction is None:
        correction = 1 if unbiased is None or unbiased else 0
    axes, shape = dims_of(dim, x.array.ndim), x.array.shape
    count = 1
    for d in axes:
        count *= shape[d]
    kept = tuple([1 if d in axes else n for d, n in enumerate(shape)])
    free = max(count - correction, 0)
    if not free:
        warnings.warn(
            f"{name}(): degrees of freedom is <= 0. Correction should be "
            "strictly less than the reduction factor (input numel divided by"
            " output numel).", UserWarning, stacklevel=3)

    def rule(g: Tensor) -> Tensor:
        middle = mean(x, axes, True) if axes else x
        if not free:  # torch: 0 · ∞ or ∞, and no second derivative
            lost = np.where(x.array == middle.array, np.nan, np.inf)
            return g.reshape(kept) * wrap(lost.astype(x.array.real.dtype))
        return (2 / free) * g.reshape(kept) * (x - middle)

    y = in_single(lambda a: squares(a, axes, keepdim) / np.asarray(
        free, a.real.dtype), x.array)
    return in_row_order(y), rule


def squares(a: Any, axes: tuple, keepdim: bool) -> np.ndarray:
    """Σ |a - ā|²"""
    if axes:
        count = a.size // max(result_size(a, axes), 1)
        a = a - np.add.reduce(a, axes, keepdims=True) / a.dtype.type(count)
    else:
        a = a - a
    a = (a * a.conj()).real if a.dtype.kind == "c" else a * a
    return np.asarray(np.add.reduce(a, axes, keepdims=keepdim))


def result_size(a: np.ndarray, axes: tuple) -> int:
    """How many averages there are."""
    return math.prod(n for d, n in enumerate(a.shape) if d not in axes)


def var_mean(input: Tensor, dim: Any = None, unbiased: Any = None,
             keepdim: bool = False, *, correction: Any = None) -> tuple:
    """(var, mean)"""
    return with_mean("var", input, dim, unbiased, keepdim, correction)


def std_mean(input: Tensor, dim: Any = None, unbiased: Any = None,
             keepdim: bool = False, *, correction: Any = None) -> tuple:
    """(std, mean)"""
    return with_mean("std", input, dim, unbiased, keepdim, correction)


def with_mean(name: str, x: Tensor, dim: Any, unbiased: Any, keepdim: bool,
              correction: Any) -> tuple:
    """(var or std, mean)"""
    check_tensor(x, f"{name}_mean")
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if x.array.dtype.kind not in "fc":
        raise NotImplementedError(
            f"{name}_mean only support floating point and complex dtypes")
    measure = var if name == "var" else std
    label = f"{name.capitalize()}MeanBackward0"
    middle = mean(x, dim, keepdim)
    if x.array.dtype == np.float32:  # torch: added in float64 here
        middle = mean(x, dim, keepdim, dtype=dtypes.float64).to(x.dtype)
    return (named(measure(x, dim, unbiased, keepdim,
                          correction=correction), label),
            named(middle, label))


# ---- of several variables

def cov(input: Tensor, *, correction: int = 1, fweights: Any = None,
        aweights: Any = None) -> Tensor:
    """The covariances of the rows: x (variables, observations) -> (v, v)

    fweights: how often each observation counts; aweights: its weight.
    """
    x = input
    check_tensor(x, "cov")
    if x.array.ndim > 2:
        raise RuntimeError(
            "cov(): expected input to have two or fewer dimensions but got "
            f"an input with {x.array.ndim} dimensions")
    if x.array.dtype.kind == "b":
        raise NotImplementedError(
            "cov(): bool dtype is not supported for input")
    if x.array.dtype.kind in "iu":
        x = wrap(as_float(x))
    x = x.reshape(1, -1) if x.array.ndim < 2 else x
    n = x.array.shape[1]
    for name, part in ("fweights", fweights), ("aweights", aweights):
        check_weights(part, n, name)
    w = weight(fweights, aweights)
    if w is not None and not w.array.sum():
        raise RuntimeError("cov(): weights sum to zero, can't be normalized")
    total = n if w is None else w.sum()
    average = (x.sum(1, True) if w is None else (x * w).sum(1, True)) / total
    free: Any = total - correction
    if w is not None and aweights is not None and correction:
        free = total - correction * (w * aweights).sum() / total
    free = max(free, 0) if w is None else free.clamp(min=0)
    away = x - average
    y = away @ (away if w is None else away * w).mH / free
    return y.squeeze()


def check_weights(w: Any, n: int, name: str) -> None:
    """Refuse weights that fit no n observations."""
    if w is None:
        return
    if w.array.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got"
            f" {name} with {w.array.ndim} dimensions")
    wanted, kinds = (("integral", "iu") if name == "fweights"
                     else ("floating point", "f"))
    if w.array.dtype.kind not in kinds:
        raise RuntimeError(
            f"cov(): expected {name} to have {wanted} dtype but got {name} "
            f"with {torch_name(w.dtype)} dtype")
    if w.array.size != n:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are "
            f"observations in the input but got {w.array.size} != {n}")
    if n and w.array.min() < 0:
        raise RuntimeError(f"cov(): {name} cannot be negative")


def weight(fweights: Any, aweights: Any) -> Any:
    if fweights is None or aweights is None:
        return fweights if aweights is None else aweights
    return fweights * aweights


def corrcoef(input: Tensor) -> Tensor:
    """The correlations of the rows: cov divided by both deviations"""
    if input.array.ndim > 2:
        raise RuntimeError(
            "corrcoef(): expected input to have two or fewer dimensions but "
            f"got an input with {input.array.ndim} dimensions")
    c = cov(input)
    if not c.array.ndim:
        return c / c
    deviation = c.diagonal().real.sqrt()
    y = c / deviation.unsqueeze(-1) / deviation.unsqueeze(0)
    # rounding may leave the interval
    return y if y.array.dtype.kind == "c" else y.clamp(-1, 1)


# ---- quantiles

def quantile(input: Tensor, q: Any, dim: int | None = None,
             keepdim: bool = False, *,
             interpolation: str = "linear") -> Tensor:
    """The value below which the fraction q of x lies; NaN if one is

    x (*, N), q () or (Q) -> (*) or (Q, *)
    """
    return fractile(input, q, dim, keepdim, interpolation, "quantile")


def nanquantile(input: Tensor, q: Any, dim: int | None = None,
                keepdim: bool = False, *,
                interpolation: str = "linear") -> Tensor:
    """As quantile, of what is not NaN"""
    return fractile(input, q, dim, keepdim, interpolation, "nanquantile")


def fractile(x: Tensor, q: Any, dim: int | None, keepdim: bool,
             interpolation: str, name: str) -> Tensor:
    """quantile and nanquantile: q (Q) -> (Q, *rest), or (*rest) of one q"""
    check_quantile(x, q, interpolation)
    if not isinstance(q, Tensor):
        if not 0 <= q <= 1:
            raise RuntimeError(
                f"quantile() q must be in the range [0, 1] but got {q:g}")
        q = wrap(np.asarray(q, x.array.dtype))
    ndim = x.array.ndim
    d = ndim - 1 if dim is None else dim_of(dim, ndim)
    if dim is None or not ndim:
        y = x.reshape(-1)
        after = [1] * ndim if keepdim else []
    else:
        y = x.movedim(d, -1)
        after = [n for k, n in enumerate(x.array.shape) if k != d]
        if keepdim:
            after.insert(d, 1)
    y = y.sort(-1).values
    values = between_ranks(y, ranks(y.array, q, name), interpolation)
    # the ranks come last; torch puts them first
    if q.array.ndim:
        return values.movedim(-1, 0).reshape(q.array.shape + tuple(after))
    return squeezed(values, after)


def squeezed(values: Tensor, after: list) -> Tensor:
    """Without the dimension of the single rank."""
    y = values.squeeze(-1)
    if [*y.array.shape] != after:
        y = y.reshape(after)
    return named(y, "SqueezeBackward4")


def check_quantile(x: Tensor, q: Any, interpolation: str) -> None:
    """Refuse what quantile cannot take."""
    check_tensor(x, "quantile")
    if not x.array.size:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if x.array.dtype not in (np.float32, np.float64):
        raise RuntimeError("quantile() input tensor must be either float or "
                           "double dtype")
    if interpolation not in ("linear", "lower", "higher", "midpoint",
                             "nearest"):
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, "
            f"midpoint or nearest, but got {interpolation}")
    if isinstance(q, Tensor):
        if q.array.ndim > 1:
            raise RuntimeError("quantile() q must be a scalar or 1D tensor")
        if q.array.dtype != x.array.dtype:
            raise RuntimeError("quantile() q tensor must be same dtype as "
                               "the input tensor")
        if not ((q.array >= 0) & (q.array <= 1)).all():
            raise RuntimeError(
                "quantile() q values must be in the range [0, 1]")


def ranks(a: np.ndarray, q: Tensor, name: str) -> Tensor:
    """Where in the sorted rows the quantiles lie: a (*, N) -> (*, Q)"""
    missing = np.isnan(a)
    q = q.reshape(-1)
    if name == "nanquantile":
        last = (~missing).sum(-1, keepdims=True) - 1
        at = q * wrap(last.astype(a.dtype))
        return at.masked_fill(wrap(at.array < 0), 0)
    at = (q * (a.shape[-1] - 1)).expand(*a.shape[:-1], q.array.size)
    return at.masked_fill(wrap(missing.any(-1, keepdims=True)),
                          a.shape[-1] - 1)


def between_ranks(y: Tensor, at: Tensor, interpolation: str) -> Tensor:
    """The sorted y (*, N) at the ranks (*, Q), between two if need be."""
    a = at.array
    if interpolation == "lower":
        a = np.floor(a)
    elif interpolation == "higher":
        a = np.ceil(a)
    elif interpolation == "nearest":
        a = np.rint(a)
    below = np.floor(a).astype(np.int64)
    low = y.gather(-1, wrap(below))
    if interpolation in ("lower", "higher", "nearest"):
        return low
    high = y.gather(-1, wrap(np.ceil(a).astype(np.int64)))
    if interpolation == "midpoint":
        return low.lerp(high, wrap(np.full_like(low.array, 0.5)))
    return low.lerp(high, at - wrap(below.astype(a.dtype)))
