"""Windows: bells by which a piece of a signal is faded in and out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import new_leaf
from ..tensor import Tensor, wrap
from .bessel import i0
from .combine import cat
from .creation import check_int, empty, ones
from .operands import torch_name
from .sequences import arange

__all__ = ["hann_window", "hamming_window", "blackman_window",
           "bartlett_window", "kaiser_window"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def bell(name: str, n: int, periodic: bool, formula: Any, dtype: Any,
         device: Any, requires_grad: bool) -> Tensor:
    """The formula at 0 … n - 1; periodic: that of n + 1 without its end"""
    check_int(n, name, "window_length", 1)
    kind = dtype or dtypes.get_default_dtype()
    if not (kind.is_floating_point or kind.is_complex):
        raise RuntimeError(
            f"{name} expects floating point dtypes, got: {kind}")
    if kind.is_complex:
        raise NotImplementedError(
            f"\"arange_cpu\" not implemented for '{torch_name(kind)}'")
    if n < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got"
                           f" window_length={n}")
    if n < 2:
        y = (ones if n else empty)(n, dtype=kind, device=device)
    else:
        long = n + bool(periodic)
        y = formula(arange(long, dtype=kind, device=device), long - 1)
        y = wrap(np.ascontiguousarray(y.array[:n]))
    return new_leaf(y, requires_grad)


def hann_window(window_length: int, periodic: bool = True, *,
                dtype: Any = None, layout: Any = None, device: Any = None,
                pin_memory: bool = False,
                requires_grad: bool = False) -> Tensor:
    """1/2 - 1/2 cos(2π i / N)"""
    return bell("hann_window", window_length, periodic,
                lambda i, n: raised(i, n, 0.5, 0.5), dtype, device,
                requires_grad)


def hamming_window(window_length: int, periodic: bool = True,
                   alpha: float = 0.54, beta: float = 0.46, *,
                   dtype: Any = None, layout: Any = None, device: Any = None,
                   pin_memory: bool = False,
                   requires_grad: bool = False) -> Tensor:
    """α - β cos(2π i / N)"""
    return bell("hamming_window", window_length, periodic,
                lambda i, n: raised(i, n, alpha, beta), dtype, device,
                requires_grad)


def raised(i: Tensor, n: int, alpha: float, beta: float) -> Tensor:
    return (i * (2 * math.pi / n)).cos() * -beta + alpha


def blackman_window(window_length: int, periodic: bool = True, *,
                    dtype: Any = None, layout: Any = None,
                    device: Any = None, pin_memory: bool = False,
                    requires_grad: bool = False) -> Tensor:
    """0.42 - 0.5 cos(2π i / N) + 0.08 cos(4π i / N)"""
    def formula(i: Tensor, n: int) -> Tensor:
        x = i * (math.pi / n)
        return (x * 4).cos() * 0.08 - (x * 2).cos() * 0.5 + 0.42

    return bell("blackman_window", window_length, periodic, formula, dtype,
                device, requires_grad)


def bartlett_window(window_length: int, periodic: bool = True, *,
                    dtype: Any = None, layout: Any = None,
                    device: Any = None, pin_memory: bool = False,
                    requires_grad: bool = False) -> Tensor:
    """2 i / N up to the middle, then 2 - 2 i / N"""
    def formula(i: Tensor, n: int) -> Tensor:
        x = i * (2 / n)
        rising = n // 2 + 1
        return cat([x[:rising], x[rising:] * -1 + 2])

    return bell("bartlett_window", window_length, periodic, formula, dtype,
                device, requires_grad)


def kaiser_window(window_length: int, periodic: bool = True,
                  beta: float = 12.0, *, dtype: Any = None,
                  layout: Any = None, device: Any = None,
                  pin_memory: bool = False,
                  requires_grad: bool = False) -> Tensor:
    """I₀(β √(1 - (2 i / N - 1)²)) / I₀(β)"""
    def formula(i: Tensor, n: int) -> Tensor:
        x = i * (2 * beta / n) - beta
        top = i0(wrap(np.array(beta)))
        y = i0((beta * beta - x * x).clamp(min=0).sqrt())
        return (y / float(top.array)).to(i.dtype)

    return bell("kaiser_window", window_length, periodic, formula, dtype,
                device, requires_grad)
