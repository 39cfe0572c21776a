"""Reductions and normalizations of the entries under a mask, under the names
of torch.masked.

mask (True: the entry counts) broadcasts to the input. What is masked out is
replaced by the value that changes nothing: 0 in a sum, 1 in a product, -∞
where the greatest is sought.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import dtypes
from .limits import iinfo
from .ops import (
    extremes,
    logarithms,
    minmax,
    norms,
    reduction,
    scan,
)
from .ops import softmax as exponentials
from .ops.masked import where
from .ops.sorting import nanmedian
from .tensor import Tensor, wrap

__all__ = ["amax", "amin", "argmax", "argmin", "cumprod", "cumsum",
           "log_softmax", "logaddexp", "logsumexp", "mean", "median", "norm",
           "normalize", "prod", "softmax", "softmin", "std", "sum", "var"]


# ---- the mask, and what stands under it

def whole_mask(input: Tensor, mask: Tensor) -> Tensor:
    """The mask in the input's shape, as booleans"""
    if mask.array.shape != input.array.shape:
        if mask.array.ndim > input.array.ndim:
            raise IndexError(
                "_input_mask expected broadcastable mask (got mask "
                "dimensionality higher than of the input)")
        mask = mask.expand(input.array.shape)
    return mask.bool()


def kept(input: Tensor, mask: Tensor | None, otherwise: Any) -> Tensor:
    """The input, with another number where it is masked out"""
    if mask is None:
        return input
    value = otherwise(input) if callable(otherwise) else otherwise
    return where(whole_mask(input, mask), input,
                 wrap(np.array(value, input.array.dtype)))


def lowest(x: Tensor) -> Any:
    """What is never the greatest"""
    return edge(x, "amax", -math.inf, "min")


def highest(x: Tensor) -> Any:
    """What is never the least"""
    return edge(x, "amin", math.inf, "max")


def edge(x: Tensor, name: str, limit: float, side: str) -> Any:
    """The limit of real numbers; of whole ones the `side` of their dtype"""
    kind = x.array.dtype.kind
    if kind == "f":
        return limit
    if kind in "iuc":  # torch: complex numbers are refused by iinfo
        return getattr(iinfo(x.dtype), side)
    raise NotImplementedError(f"identity of {name} on {x.dtype} input")


def axes(dim: Any, ndim: int) -> tuple[int, ...]:
    """The dimensions in order; None or (): all"""
    if dim is None or dim == ():
        return tuple(range(ndim))
    found: list[int] = []
    n = max(ndim, 1)
    for d in (dim,) if isinstance(dim, int) else dim:
        if d in found:
            raise RuntimeError(
                f"dim={d} appears multiple times in the list of dims")
        if not -n <= d < n:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-n}, "
                f"{n - 1}], but got {d})")
        found.append(d % n)
    return tuple(sorted(found))


def summed_in(input: Tensor, dtype: Any) -> Any:
    """torch: whole numbers are summed, and multiplied, as int64."""
    if dtype is not None or input.array.dtype.kind in "fc":
        return dtype or input.dtype
    return dtypes.int64


# ---- sums, products and extremes

def sum(input: Tensor, dim: Any = None, *, keepdim: bool = False,
        dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """The sum of what is not masked out; 0 of nothing"""
    kind, dims = summed_in(input, dtype), axes(dim, input.array.ndim)
    return reduction.sum(kept(input, mask, 0), dims, bool(keepdim),
                         dtype=kind)


def prod(input: Tensor, dim: Any = None, *, keepdim: bool = False,
         dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """The product of what is not masked out; 1 of nothing"""
    y = kept(input, mask, 1).to(summed_in(input, dtype))
    for d in reversed(axes(dim, input.array.ndim)):
        y = reduction.prod(y, d, bool(keepdim))
    return y


def cumsum(input: Tensor, dim: int, *, dtype: Any = None,
           mask: Tensor | None = None) -> Tensor:
    """The sum up to each entry"""
    kind, d = dtype or input.dtype, axes(dim, input.array.ndim)[0]
    return scan.cumsum(kept(input, mask, 0), d, dtype=kind).to(kind)


def cumprod(input: Tensor, dim: int, *, dtype: Any = None,
            mask: Tensor | None = None) -> Tensor:
    """The product up to each entry"""
    kind, d = dtype or input.dtype, axes(dim, input.array.ndim)[0]
    return scan.cumprod(kept(input, mask, 1), d, dtype=kind).to(kind)


def amax(input: Tensor, dim: Any = None, *, keepdim: bool = False,
         dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """The greatest of what is not masked out; -∞ of nothing"""
    x = kept(input, mask, lowest)
    return extremes.amax(x, axes(dim, x.array.ndim), bool(keepdim)).to(
        dtype or input.dtype)


def amin(input: Tensor, dim: Any = None, *, keepdim: bool = False,
         dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """The least of what is not masked out; ∞ of nothing"""
    x = kept(input, mask, highest)
    return extremes.amin(x, axes(dim, x.array.ndim), bool(keepdim)).to(
        dtype or input.dtype)


def argmax(input: Tensor, dim: int | None = None, *, keepdim: bool = False,
           dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """Where the greatest stands; torch: in the input's dtype"""
    return extremes.argmax(kept(input, mask, lowest), dim, bool(keepdim)).to(
        dtype or input.dtype)


def argmin(input: Tensor, dim: int | None = None, *, keepdim: bool = False,
           dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """Where the least stands; torch: in the input's dtype"""
    return extremes.argmin(kept(input, mask, highest), dim, bool(keepdim)).to(
        dtype or input.dtype)


# ---- means and spreads

def count_of(input: Tensor, dim: Any, keepdim: Any, mask: Tensor | None
             ) -> Tensor:
    """How many entries count"""
    every = wrap(np.ones(input.array.shape, bool))
    there = every if mask is None else whole_mask(input, mask)
    return sum(there, dim, keepdim=keepdim)


def mean(input: Tensor, dim: Any = None, *, keepdim: bool = False,
         dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """The mean of what is not masked out; NaN of nothing"""
    kind = dtype or input.dtype
    if not (kind.is_floating_point or kind.is_complex):
        raise ValueError(
            "mean(): Could not infer output dtype. "
            f"{'Optional' if dtype else 'Input'} dtype must be either a "
            f"floating point or complex dtype. Got: {kind}")
    total = sum(input, dim, keepdim=keepdim, dtype=kind, mask=mask)
    return total / count_of(input, dim, keepdim, mask)


def median(input: Tensor, dim: int = -1, *, keepdim: bool = False,
           dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """The lower median of what is not masked out; NaN of nothing"""
    kind, d = dtype or input.dtype, axes(dim, input.array.ndim)[0]
    whole = input.array.dtype.kind != "f"
    x = kept(input.to(dtypes.float32) if whole else input, mask, math.nan)
    y = nanmedian(x, d, keepdim).values
    if not whole:
        return y
    if np.isnan(y.array).any():
        raise ValueError("masked median expects no fully masked out rows if "
                         "dtype is not floating point")
    return y.to(kind)


def var(input: Tensor, dim: Any = None, unbiased: bool | None = None, *,
        correction: Any = None, keepdim: bool = False, dtype: Any = None,
        mask: Tensor | None = None) -> Tensor:
    """Σ |x - mean|² / (n - correction) of what is not masked out"""
    if unbiased is not None and correction is not None:
        raise AssertionError(
            "Only one of unbiased and correction may be given")
    if correction is None:
        correction = 0 if unbiased is False else 1
    kind = dtype or (input.dtype if input.array.dtype.kind in "fc"
                     else dtypes.float32)
    inside = kind if kind.is_floating_point or kind.is_complex else (
        dtypes.float32)
    center = sum(input, dim, keepdim=True, dtype=kind, mask=mask) / (
        count_of(input, dim, True, mask))
    x = input - center
    total = sum(x * x.conj(), dim, keepdim=keepdim, dtype=inside, mask=mask)
    count = count_of(input, dim, keepdim, mask)
    if correction:
        count = (count.to(wrap(np.empty(0, inside.numpy).real).dtype)
                 - correction).clamp(min=0)
    return (total / count).to(kind)


def std(input: Tensor, dim: Any = None, unbiased: bool | None = None, *,
        correction: Any = None, keepdim: bool = False, dtype: Any = None,
        mask: Tensor | None = None) -> Tensor:
    """The root of var"""
    return var(input, dim, unbiased, correction=correction, keepdim=keepdim,
               dtype=dtype, mask=mask).sqrt()


def norm(input: Tensor, ord: Any = 2.0, dim: Any = None, *,
         keepdim: bool = False, dtype: Any = None,
         mask: Tensor | None = None) -> Tensor:
    """(Σ |x|ᵖ)^(1/p) of what is not masked out"""
    x = kept(input, mask, math.inf if ord == -math.inf else 0)
    return norms.vector_norm(x, ord, axes(dim, input.array.ndim),
                             bool(keepdim), dtype=dtype or input.dtype)


# ---- logarithms, and what sums to 1

def logsumexp(input: Tensor, dim: Any = None, *, keepdim: bool = False,
              dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """ln Σ eˣ of what is not masked out; -∞ of nothing"""
    dims = axes(dim, input.array.ndim)
    x = kept(input, mask, -math.inf if input.is_complex() else lowest)
    return exponentials.logsumexp(x, dims, bool(keepdim)).to(
        dtype or input.dtype)


def logaddexp(input: Tensor, other: Tensor, *, dtype: Any = None,
              input_mask: Tensor | None = None,
              other_mask: Tensor | None = None) -> Tensor:
    """ln(eˣ + eʸ), a masked one being -∞"""
    return logarithms.logaddexp(
        kept(input, input_mask, lowest), kept(other, other_mask, lowest)
    ).to(dtype or input.dtype)


def softmax(input: Tensor, dim: int, *, dtype: Any = None,
            mask: Tensor | None = None) -> Tensor:
    """eˣ / Σ eˣ of what is not masked out, 0 elsewhere"""
    d = axes(dim, input.array.ndim)[0]
    return exponentials.softmax(kept(input, mask, lowest), d,
                                dtype or input.dtype)


def log_softmax(input: Tensor, dim: int, *, dtype: Any = None,
                mask: Tensor | None = None) -> Tensor:
    """x - ln Σ eˣ of what is not masked out, -∞ elsewhere"""
    d = axes(dim, input.array.ndim)[0]
    return exponentials.log_softmax(kept(input, mask, lowest), d,
                                    dtype or input.dtype)


def softmin(input: Tensor, dim: int, *, dtype: Any = None,
            mask: Tensor | None = None) -> Tensor:
    """softmax of -x"""
    d = axes(dim, input.array.ndim)[0]
    return exponentials.softmax(-kept(input, mask, highest), d,
                                dtype or input.dtype)


def normalize(input: Tensor, ord: Any, dim: int, *, eps: float = 1e-12,
              dtype: Any = None, mask: Tensor | None = None) -> Tensor:
    """x / ‖x‖, the norm (eps or more) of what is not masked out"""
    x = kept(input, mask, 0)
    length = norm(input, ord, dim, keepdim=True, dtype=dtype, mask=mask)
    return x / minmax.maximum(length, length.new_full((), eps))
