"""Rows: sums, extremes, sorting, statistics, softmax."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import (
    laid_out,
    odd,
    outcome,
    pick,
    positive,
    real,
    row,
    shape,
    ties,
)


def over(rng: Any, ndim: int, several: bool = True) -> Any:
    """A dimension, several, or None."""
    d = int(rng.integers(-ndim, ndim))
    if several and ndim > 1 and rng.random() < 0.4:
        return tuple(int(k) for k in rng.permutation(ndim)[:2])
    return d


@row("sum", "mean", "nansum", "nanmean", "amax", "amin", "logsumexp",
     "count_nonzero")
def reduced(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 1, 3, smallest=0 if name == "sum" else 1)
    draw = pick(rng, real, odd) if name.startswith("nan") else real
    d, keep = over(rng, len(size)), bool(rng.integers(2))
    function = getattr(lib, name)
    if name == "count_nonzero":
        return lambda x: function(x, d), (ties(rng, *size),)
    if name != "logsumexp" and rng.random() < 0.25:
        return function, (draw(rng, *size),)
    return lambda x: function(x, d, keepdim=keep), (draw(rng, *size),)


@row("amax", "amin", "max", "min", order=1)
def shared(lib: Any, rng: Any, name: str) -> tuple:
    """Ties share the gradient, where torch shares it."""
    return getattr(lib, name), (ties(rng, 3, 4),)


@row("logsumexp", "softmax", "log_softmax", order=1)
def extreme_logits(lib: Any, rng: Any, name: str) -> tuple:
    x = rng.standard_normal((3, 5)) * pick(rng, 1, 1e4)
    x[rng.random((3, 5)) < 0.2] = -np.inf
    x[:, 0] = 1.0
    return lambda t: getattr(lib, name)(t, 1), (x,)


@row("softmax", "log_softmax")
def normalized(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 1, 3)
    d = over(rng, len(size), several=False)
    return lambda x: getattr(lib, name)(x, d), (real(rng, *size),)


@row("prod", "cumsum", "cumprod", "logcumsumexp", "diff")
def running(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 1, 3, smallest=1)
    d = over(rng, len(size), several=False)
    draw = pick(rng, real, ties) if "prod" in name else real
    if name == "diff":
        n = int(rng.integers(1, 3))
        return lambda x: lib.diff(x, n, d), (draw(rng, *size),)
    if name == "prod" and rng.random() < 0.3:
        return lib.prod, (draw(rng, *size),)
    return lambda x: getattr(lib, name)(x, d), (draw(rng, *size),)


@row("max", "min", "median", "nanmedian", "kthvalue", "cummax", "cummin",
     "sort", "topk", "aminmax", "msort")
def ordered(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 1, 3, smallest=1)
    n = int(np.prod(size))
    x = laid_out(rng, rng.permutation(n).reshape(size) / 4 - 1)
    d = over(rng, len(size), several=False)
    function = getattr(lib, name)
    down = bool(rng.integers(2))
    if name == "msort":
        return function, (x,)
    if name == "aminmax":
        return lambda t: function(t, dim=d), (x,)
    if name == "sort":
        return lambda t: function(t, d, down), (x,)
    if name in ("kthvalue", "topk"):
        k = int(rng.integers(1, size[d] + 1))
        if name == "kthvalue":
            return lambda t: function(t, k, d), (x,)
        return lambda t: function(t, k, d, down), (x,)
    if name not in ("cummax", "cummin") and rng.random() < 0.3:
        return function, (x,)
    return lambda t: function(t, d), (x,)


@row("argmax", "argmin", "argsort", "mode", "all", "any", order=0)
def positions(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 1, 3, smallest=1)
    d = over(rng, len(size), several=False)
    function = getattr(lib, name)
    if name == "argsort":
        return (lambda x: function(x, stable=True, dim=d),
                (ties(rng, *size),))
    if name == "mode":
        return lambda x: function(x, d)[0], (ties(rng, *size),)
    if rng.random() < 0.3:
        return function, (ties(rng, *size),)
    return lambda x: function(x, d), (ties(rng, *size),)


@row("var", "std", "var_mean", "std_mean")
def spread(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng, 1, 3, smallest=1, largest=5)
    size = (*size, 3)
    d = over(rng, len(size))
    correction = int(rng.integers(0, 2))
    keep = bool(rng.integers(2))
    n = np.prod([size[k] for k in (d if isinstance(d, tuple) else (d,))])
    correction = 0 if n < 2 else correction
    if n < 2:
        d = -1
    return (lambda x: getattr(lib, name)(
        x, d, correction=correction, keepdim=keep), (real(rng, *size),))


@row("quantile", "nanquantile")
def quantiles(lib: Any, rng: Any, name: str) -> tuple:
    how = pick(rng, "linear", "lower", "higher", "midpoint", "nearest")
    q = float(pick(rng, 0.0, 0.25, 0.3, 0.5, 1.0))
    x = laid_out(rng, rng.permutation(20).reshape(4, 5) / 4 - 1)
    return (lambda t: getattr(lib, name)(t, q, 1, interpolation=how), (x,))


@row("cov", "corrcoef", "trapezoid", "trapz", "cumulative_trapezoid")
def statistics(lib: Any, rng: Any, name: str) -> tuple:
    if name in ("cov", "corrcoef"):
        return getattr(lib, name), (real(rng, 3, 6),)
    dx = pick(rng, 1.0, 0.5)
    return lambda y: getattr(lib, name)(y, dx=dx), (real(rng, 3, 5),)


@row("histc", "bincount", "bucketize", "searchsorted", order=0)
def counted(lib: Any, rng: Any, name: str) -> tuple:
    if name == "histc":
        return lambda x: lib.histc(x, 5, -2, 2), (real(rng, 30),)
    if name == "bincount":
        return lib.bincount, (rng.integers(0, 7, 12),)
    edges = np.sort(rng.integers(-3, 4, 5).astype(float))
    right = bool(rng.integers(2))
    if name == "bucketize":
        return (lambda x, e: lib.bucketize(x, e, right=right),
                (ties(rng, 3, 4), edges))
    return (lambda e, x: lib.searchsorted(e, x, right=right),
            (edges, ties(rng, 3, 4)))


@outcome("unique", "unique_consecutive", exact=True, examples=40)
def distinct(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    x = lib.from_numpy(ties(rng, *shape(rng, 1, 2, smallest=1))).to(dtype)
    function = getattr(lib, name)
    return [function(x), *function(x, return_inverse=True,
                                   return_counts=True), function(x, dim=0)]


@row("norm", "dist")
def norms(lib: Any, rng: Any, name: str) -> tuple:
    p = pick(rng, 1, 2, 3, float("inf"), 0.5)
    if name == "dist":
        return (lambda x, y: lib.dist(x, y, p),
                (real(rng, 3, 2), real(rng, 3, 2)))
    return lambda x: lib.norm(x, p, 1), (positive(rng, 3, 4),)
