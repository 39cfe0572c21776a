"""Fourier transforms, under the names of torch.fft.

norm says where the factor 1 / N stands: "backward" (the inverse), "ortho"
(its root on both sides) or "forward".
"""

from __future__ import annotations

import math
from typing import Any

from .graph import new_leaf
from .ops.creation import empty
from .ops.fourier import (
    FORWARD,
    INVERSE,
    axes_of,
    axis_of,
    check_points,
    from_half,
    prepared,
    to_half,
    whole,
)
from .ops.operands import check_tensor, named
from .ops.repeat import roll
from .ops.sequences import arange
from .tensor import Tensor

__all__ = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fft2", "ifft2",
           "rfft2", "irfft2", "hfft2", "ihfft2", "fftn", "ifftn", "rfftn",
           "irfftn", "hfftn", "ihfftn", "fftfreq", "rfftfreq", "fftshift",
           "ifftshift"]


# ---- along one axis

def one_axis(x: Tensor, n: int | None, dim: int) -> tuple[tuple, tuple]:
    d = axis_of(x, dim)
    size = x.shape[d] if n is None else n
    check_points(size)
    return (size,), (d,)


def fft(input: Tensor, n: int | None = None, dim: int = -1,
        norm: str | None = None) -> Tensor:
    """y[k] = Σ x[j] e^(-2πi k j / N)"""
    x = prepared(input, "fft", norm)
    return whole(x, *one_axis(x, n, dim), FORWARD, norm)


def ifft(input: Tensor, n: int | None = None, dim: int = -1,
         norm: str | None = None) -> Tensor:
    """x[j] = 1/N Σ y[k] e^(2πi k j / N)"""
    x = prepared(input, "ifft", norm)
    return whole(x, *one_axis(x, n, dim), INVERSE, norm)


def rfft(input: Tensor, n: int | None = None, dim: int = -1,
         norm: str | None = None) -> Tensor:
    """fft of real numbers: the first ⌊N / 2⌋ + 1 entries"""
    x = prepared(input, "rfft", norm, True)
    return to_half(x, *one_axis(x, n, dim), FORWARD, norm)


def irfft(input: Tensor, n: int | None = None, dim: int = -1,
          norm: str | None = None) -> Tensor:
    """The N real numbers that have this half spectrum"""
    x = prepared(input, "irfft", norm)
    return from_half(x, *of_half(x, n, dim), INVERSE, norm)


def of_half(x: Tensor, n: int | None, dim: int) -> tuple[tuple, tuple]:
    d = axis_of(x, dim)
    return one_axis(x, 2 * (x.shape[d] - 1) if n is None else n, dim)


def hfft(input: Tensor, n: int | None = None, dim: int = -1,
         norm: str | None = None) -> Tensor:
    """fft of half a symmetric signal: the N real numbers of its spectrum"""
    x = prepared(input, "hfft", norm)
    return from_half(x, *of_half(x, n, dim), FORWARD, norm)


def ihfft(input: Tensor, n: int | None = None, dim: int = -1,
          norm: str | None = None) -> Tensor:
    """ifft of real numbers: the first ⌊N / 2⌋ + 1 entries"""
    x = prepared(input, "ihfft", norm, True)
    return to_half(x, *one_axis(x, n, dim), INVERSE, norm)


# ---- along several axes

def fftn(input: Tensor, s: Any = None, dim: Any = None,
         norm: str | None = None) -> Tensor:
    """fft along several axes (None: all), cut or filled up to sizes s"""
    return along(input, "fftn", s, dim, norm, FORWARD)


def ifftn(input: Tensor, s: Any = None, dim: Any = None,
          norm: str | None = None) -> Tensor:
    """ifft along several axes (None: all)"""
    return along(input, "ifftn", s, dim, norm, INVERSE)


def along(input: Tensor, caller: str, s: Any, dim: Any, norm: str | None,
          sign: int) -> Tensor:
    x = prepared(input, caller, norm)
    sizes, axes = axes_of(x, s, dim)
    check_points(*sizes)
    return whole(x, sizes, axes, sign, norm, True)


def rfftn(input: Tensor, s: Any = None, dim: Any = None,
          norm: str | None = None) -> Tensor:
    """fftn of real numbers: half of the last axis"""
    x = prepared(input, "rfftn", norm, True)
    sizes, axes = some_axes(x, "rfftn", s, dim)
    check_points(*sizes)
    return to_half(x, sizes, axes, FORWARD, norm)


def irfftn(input: Tensor, s: Any = None, dim: Any = None,
           norm: str | None = None) -> Tensor:
    """The real numbers that have this half spectrum"""
    return halves(input, "irfftn", s, dim, norm, INVERSE)


def hfftn(input: Tensor, s: Any = None, dim: Any = None,
          norm: str | None = None) -> Tensor:
    """fftn of half a symmetric signal: the real numbers of its spectrum"""
    return halves(input, "hfftn", s, dim, norm, FORWARD)


def ihfftn(input: Tensor, s: Any = None, dim: Any = None,
           norm: str | None = None) -> Tensor:
    """ifftn of real numbers: half of the last axis"""
    x = prepared(input, "ihfftn", norm, True)
    sizes, axes = some_axes(x, "ihfftn", s, dim)
    check_points(*sizes)
    y = to_half(x, sizes, axes, INVERSE, norm)
    # torch: the last axis, then the others as complex numbers
    return named(y, f"{'FftC2C' if len(axes) > 1 else 'Conj'}Backward0")


def halves(input: Tensor, caller: str, s: Any, dim: Any, norm: str | None,
           sign: int) -> Tensor:
    """Real numbers from half of the last axis"""
    x = prepared(input, caller, norm)
    sizes, axes = some_axes(x, caller, s, dim)
    given = None if s is None else s if isinstance(s, int) else s[-1]
    if given is None or given == -1:
        sizes = (*sizes[:-1], 2 * (sizes[-1] - 1))
    check_points(*sizes)
    return from_half(x, sizes, axes, sign, norm)


def some_axes(x: Tensor, caller: str, s: Any,
              dim: Any) -> tuple[tuple, tuple]:
    sizes, axes = axes_of(x, s, dim)
    if not axes:
        raise RuntimeError(f"{caller} must transform at least one axis")
    return sizes, axes


def fft2(input: Tensor, s: Any = None, dim: Any = (-2, -1),
         norm: str | None = None) -> Tensor:
    """fft along two axes"""
    return fftn(input, s, dim, norm)


def ifft2(input: Tensor, s: Any = None, dim: Any = (-2, -1),
          norm: str | None = None) -> Tensor:
    """ifft along two axes"""
    return ifftn(input, s, dim, norm)


def rfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1),
          norm: str | None = None) -> Tensor:
    """rfft along two axes: half of the second"""
    return rfftn(input, s, dim, norm)


def hfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1),
          norm: str | None = None) -> Tensor:
    """hfft along two axes: half of the second is given"""
    return hfftn(input, s, dim, norm)


def ihfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1),
           norm: str | None = None) -> Tensor:
    """ihfft along two axes: half of the second"""
    return ihfftn(input, s, dim, norm)


def irfft2(input: Tensor, s: Any = None, dim: Any = (-2, -1),
           norm: str | None = None) -> Tensor:
    """irfft along two axes"""
    return irfftn(input, s, dim, norm)


# ---- frequencies and their order

def over(x: float) -> float:
    """1 / x, also of 0"""
    return 1.0 / x if x else math.inf


def fftfreq(n: int, d: float = 1.0, *, dtype: Any = None, layout: Any = None,
            device: Any = None, requires_grad: bool = False) -> Tensor:
    """The frequency of each entry of fft: 0, 1, …, -2, -1 over (n d)"""
    y = empty(n, dtype=dtype, device=device)
    half = (n - 1) // 2 + 1
    y[:half].copy_(arange(0, half))
    y[half:].copy_(arange(-(n // 2), 0))
    y = y * over(n * d) if n else y
    return new_leaf(y, requires_grad)


def rfftfreq(n: int, d: float = 1.0, *, dtype: Any = None,
             layout: Any = None, device: Any = None,
             requires_grad: bool = False) -> Tensor:
    """The frequency of each entry of rfft: 0, 1, …, ⌊n / 2⌋ over (n d)"""
    y = empty(n // 2 + 1, dtype=dtype, device=device)
    y.copy_(arange(0, n // 2 + 1))
    y = y * over(n * d)
    return new_leaf(y, requires_grad)


def fftshift(input: Tensor, dim: Any = None) -> Tensor:
    """The frequency 0 in the middle"""
    return turned(input, dim, "fft_fftshift", 0)


def ifftshift(input: Tensor, dim: Any = None) -> Tensor:
    """The frequency 0 in front again"""
    return turned(input, dim, "fft_ifftshift", 1)


def turned(x: Tensor, dim: Any, caller: str, more: int) -> Tensor:
    check_tensor(x, caller)
    dims = range(x.ndim) if dim is None else (
        [dim] if isinstance(dim, int) else list(dim))
    axes = [axis_of(x, d) for d in dims]
    return roll(x, [(x.shape[d] + more) // 2 for d in axes], axes)
