"""Running results along one dimension: sums, products, extremes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import scan as kernels
from ..kernels.complexes import log_add
from ..kernels.memory import in_row_order
from ..kernels.rows import fits
from ..tensor import Tensor, wrap
from . import return_types
from .chosen import along, chosen
from .kinds import typed
from .operands import check_tensor, in_single, refuse
from .reduction import joined

__all__ = [
    "cumsum", "cumprod", "cummax", "cummin", "logcumsumexp", "diff",
    "trapezoid", "trapz", "cumulative_trapezoid",
]
METHODS = "cumsum cumprod cummax cummin logcumsumexp diff".split()
IN_PLACE = "cumsum cumprod".split()


def cumsum(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """yₖ = x₁ + … + xₖ; its adjoint is the sum from the other end"""
    x, a, d = prepared(input, dim, dtype, "cumsum")
    y = accumulated(np.add, a, d, dtype).reshape(x.array.shape)
    return record(y, (x, lambda g: backwards(g, d)), name="CumsumBackward0")


def prepared(x: Tensor, dim: int, dtype: Any, name: str) -> tuple:
    """(x in its dtype, its array, the dimension), checked"""
    check_tensor(x, name)
    if dtype is not None:
        if dtype.numpy.kind == "b" and x.array.size:
            raise NotImplementedError(
                f"\"{name}_out_cpu\" not implemented for 'Bool'")
        x = x.to(dtype)
    return (x, *along(x, dim))


def accumulated(function: Any, a: np.ndarray, d: int,
                dtype: Any = None) -> np.ndarray:
    """Integers accumulate in int64 unless told, float16 in float32."""
    a = in_row_order(a)
    if function is np.add and in_groups(a, d):
        return summed(a)
    if a.dtype == np.float16:
        return function.accumulate(a, d, np.float32).astype(np.float16)
    if a.dtype.kind == "f" and a.ndim and math.prod(a.shape[d + 1:]) >= (
            kernels.WIDE) * math.prod(a.shape[:d]):
        return kernels.down(function, a, d)
    whole = a.dtype.kind in "biu" and dtype is None
    return function.accumulate(a, d, np.int64 if whole else a.dtype)


def in_groups(a: np.ndarray, d: int) -> bool:
    """Whether there are rows to sum in groups."""
    return d == a.ndim - 1 and a.shape[d] > kernels.K and fits(a)


def summed(a: np.ndarray, reverse: bool = False) -> np.ndarray:
    rows = a.reshape(-1, a.shape[-1])
    return kernels.running_sums(rows, reverse).reshape(a.shape)


def backwards(g: Tensor, d: int) -> Tensor:
    """yₖ = xₖ + … + xₙ, the adjoint of cumsum"""
    a = g.array
    if not a.ndim:
        return g
    y = summed(a, True) if in_groups(a, d) else np.flip(
        accumulated(np.add, np.flip(a, d), d), d)
    return record(y, (g, lambda h: h.cumsum(d)), name="FlipBackward0")


def cumprod(input: Tensor, dim: int, *, dtype: Any = None) -> Tensor:
    """yₖ = x₁ · … · xₖ

    ∂xₖ = yₖ₋₁ rₖ, where rₖ = gₖ + xₖ₊₁ rₖ₊₁ runs from the end: no division,
    so zeros do no harm.
    """
    x, a, d = prepared(input, dim, dtype, "cumprod")
    y = accumulated(np.multiply, a, d, dtype).reshape(x.array.shape)
    easy = a.dtype.kind not in "fc" or bool(a.all())

    def rule(g: Tensor, y: Tensor) -> Tensor:
        if x.array.size <= 1:
            return g
        if easy:
            return backwards(g * y.conj(), d) / x.conj()
        n = y.array.shape[d]
        one = wrap(np.ones_like(a[(slice(None),) * d + (slice(0, 1),)]))
        before = joined(one, y.narrow(d, 0, n - 1), d)
        after = joined(x.narrow(d, 1, n - 1), one, d)
        r = recurrence(after.conj().flip(d), g.flip(d), d).flip(d)
        return before.conj() * r

    return record(y, (x, rule, x), keep_result=True, name="CumprodBackward0")


def recurrence(x: Tensor, b: Tensor, d: int) -> Tensor:
    """y₁ = b₁,  yₖ = bₖ + xₖ yₖ₋₁

    Its adjoint is the same recurrence from the end: rₖ = gₖ + xₖ₊₁ rₖ₊₁,
    ∂bₖ = rₖ, ∂xₖ = yₖ₋₁ rₖ.
    """
    n = x.array.shape[d]
    first = (slice(None),) * d + (slice(0, 1),)
    nought = wrap(np.zeros_like(x.array[first]))

    def running(g: Tensor) -> Tensor:
        after = joined(x.narrow(d, 1, n - 1), nought, d)
        return recurrence(after.conj().flip(d), g.flip(d), d).flip(d)

    def both(g: Tensor, y: Tensor) -> tuple:
        r = running(g)
        before = joined(nought, y.narrow(d, 0, n - 1), d)
        return before.conj() * r, r

    return record(recur(x.array, b.array, d), ((x, b), both, x),
                  keep_result=True, name="CumprodBackward0")


def recur(x: np.ndarray, b: np.ndarray, d: int) -> np.ndarray:
    y = np.moveaxis(b.copy(), d, 0)
    factors = np.moveaxis(x, d, 0)
    for k in range(1, len(y)):
        y[k] += factors[k] * y[k - 1]
    return np.moveaxis(y, 0, d)


def logcumsumexp(input: Tensor, dim: int) -> Tensor:
    """yₖ = ln(eˣ¹ + … + eˣᵏ)

    ∂xₖ = eˣᵏ⁻ʸᵏ rₖ, where rₖ = gₖ + eʸᵏ⁻ʸᵏ⁺¹ rₖ₊₁: every factor is ≤ 1
    (of complex numbers the factors are conjugated).
    """
    x, a, d = prepared(input, dim, None, "logcumsumexp")
    refuse(a, "biu", "logcumsumexp_out_cpu")
    y = in_single(lambda a: running_log_sum(a, d), a)

    def rule(g: Tensor, y: Tensor) -> Tensor:
        if not x.array.ndim or not x.array.size:
            return g
        n = a.shape[d]
        nought = wrap(np.zeros_like(a[(slice(None),) * d + (slice(0, 1),)]))
        step = y.narrow(d, 0, n - 1) - y.narrow(d, 1, n - 1)
        factors = joined(step.exp().conj(), nought, d)
        r = recurrence(factors.flip(d), g.flip(d), d).flip(d)
        return (x - y).exp().conj() * r

    return record(y.reshape(x.array.shape), (x, rule, x), keep_result=True,
                  name="LogcumsumexpBackward0")


def running_log_sum(a: np.ndarray, d: int) -> np.ndarray:
    """log Σ eᵃ up to each entry; complex ones one after the other"""
    if a.dtype.kind != "c":
        return np.logaddexp.accumulate(a, d)
    y = np.moveaxis(a.copy(), d, 0)
    for k in range(1, len(y)):
        y[k] = log_add(y[k - 1], y[k])
    return np.moveaxis(y, 0, d)


def cummax(input: Tensor, dim: int) -> Any:
    """(the greatest so far, where it stands: of several, the last)"""
    return running_extreme(input, dim, "cummax", np.maximum)


def cummin(input: Tensor, dim: int) -> Any:
    """(the least so far, where it stands: of several, the last)"""
    return running_extreme(input, dim, "cummin", np.minimum)


def running_extreme(x: Tensor, dim: int, name: str, function: Any) -> Any:
    """cummax and cummin: the extreme so far and where it stands"""
    check_tensor(x, name)
    refuse(x.array, "c", f"{name}_cpu")
    a, d = along(x, dim)
    best = function.accumulate(a, d)
    new = (a == best) | (a != a)
    at = np.arange(a.shape[d]).reshape((-1,) + (1,) * (a.ndim - 1 - d))
    index = np.maximum.accumulate(np.where(new, at, 0), d)
    return getattr(return_types, name)(
        chosen(x, d, index, f"{name.capitalize()}Backward0"))


# ---- differences and areas

@typed(n="int")
def diff(input: Tensor, n: int = 1, dim: int = -1, prepend: Any = None,
         append: Any = None) -> Tensor:
    """yₖ = xₖ₊₁ - xₖ, n times over"""
    x = input
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    if not x.array.ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    _, d = along(x, dim)
    if not n:  # torch: x alone
        return x
    for name, part in ("prepend", prepend), ("append", append):
        if part is not None:
            check_end(x, part, d, name)
    if prepend is not None:
        x = joined(prepend, x, d)
    if append is not None:
        x = joined(x, append, d)
    for _ in range(min(n, x.array.shape[d])):
        m = x.array.shape[d]
        ahead, behind = x.narrow(d, 1, m - 1), x.narrow(d, 0, m - 1)
        x = (ahead.logical_xor(behind) if x.array.dtype.kind == "b"
             else ahead - behind)
    return x


def check_end(x: Tensor, part: Any, d: int, name: str) -> None:
    """Refuse what cannot stand before or after x along d."""
    if not isinstance(part, Tensor):
        raise TypeError(f"diff(): argument '{name}' must be Tensor, not "
                        f"{type(part).__name__}")
    a, b = x.array.shape, part.array.shape
    if len(a) != len(b):
        raise RuntimeError("diff expects prepend or append to be the same "
                           "dimension as input")
    for k, (n, m) in enumerate(zip(a, b)):
        if k != d and n != m:
            raise RuntimeError(
                "diff expects the shape of tensor to prepend or append to "
                "match that of input except along the differencing "
                f"dimension; input.size({k}) = {n}, but got "
                f"tensor.size({k}) = {m}")


def trapezoid(y: Tensor, x: Any = None, *, dx: Any = None,
              dim: int = -1) -> Tensor:
    """Σ (yₖ + yₖ₊₁) (xₖ₊₁ - xₖ) / 2: the area under straight lines"""
    if x is None and dx is None:
        dx = 1
    if not y.array.ndim:
        raise IndexError(
            f"Dimension specified as {dim} but tensor has no dimensions")
    _, d = along(y, dim)
    if y.array.shape[d] == 0:
        return y.sum(d, dtype=y.dtype)
    if y.array.dtype.kind == "b":
        raise NotImplementedError("trapezoid: received a bool input for `y`,"
                                  " but bool is not supported")
    if x is None:
        left, right = ends(y, d)
        return (y.sum(d) - (left + right) / 2) * dx
    before, after, width = pieces(y, x, d, "trapezoid")
    return ((before + after) * width).sum(d) / 2


def ends(y: Tensor, d: int) -> tuple[Tensor, Tensor]:
    n = y.array.shape[d]
    return y.select(d, 0), y.select(d, n - 1)


def pieces(y: Tensor, x: Any, d: int, caller: str) -> tuple:
    """The values at both ends of every interval, and its width."""
    n = y.array.shape[d]
    before, after = y.narrow(d, 0, n - 1), y.narrow(d, 1, n - 1)
    if not isinstance(x, Tensor):
        return before, after, x
    if x.array.ndim and x.array.shape[
            0 if x.array.ndim == 1 else d] != n:
        raise RuntimeError(f"{caller}: There must be one `x` value for each "
                           "sample point")
    if x.array.ndim == 1 and y.array.ndim > 1:
        x = x.reshape((-1,) + (1,) * (y.array.ndim - 1 - d))
        return before, after, diff(x, dim=0)
    return before, after, diff(x, dim=d)


def cumulative_trapezoid(y: Tensor, x: Any = None, *, dx: Any = None,
                         dim: int = -1) -> Tensor:
    """The area under straight lines, up to each point."""
    _, d = along(y, dim)
    width = x if x is not None else 1 if dx is None else dx
    before, after, width = pieces(y, width, d, "cumulative_trapezoid")
    return ((before + after) * width).cumsum(d) / 2


trapz = trapezoid
