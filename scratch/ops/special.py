"""Special functions: the error function, gamma, zeta and their kin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import normal
from ..kernels import special as kernels
from ..tensor import Tensor
from .logarithms import both_floats, which
from .operands import (
    as_float,
    check_tensor,
    in_single,
    named,
    refuse,
)

__all__ = [
    "erf", "erfc", "erfinv", "lgamma", "digamma", "polygamma", "mvlgamma",
]
METHODS = IN_PLACE = __all__


def in_double(function: Any, x: Tensor, name: str) -> np.ndarray:
    """function(x) computed in float64, whatever the dtype."""
    check_tensor(x, name)
    a = as_float(x)
    refuse(a, "c", f"{name}_vml_cpu" if name != "digamma" else name)
    wide = np.atleast_1d(a.astype(np.float64))
    return function(wide).reshape(a.shape).astype(a.dtype)


def special(function: Any, x: Tensor, name: str,
            half: bool = False) -> np.ndarray:
    """The same for torch.special's own; few of them know float16."""
    check_tensor(x, f"special_{name}")
    refuse(x.array, "c", f"{name}_cpu")
    if x.array.dtype == np.float16 and not half:
        refuse(x.array, "f", f"{name}_cpu")
    return in_double(function, x, name)


def in_blocks(function: Any, x: Tensor, name: str) -> np.ndarray:
    """function(x), which works in the dtype of x."""
    check_tensor(x, name)
    a = as_float(x)
    refuse(a, "c", f"{name}_vml_cpu")
    return in_single(function, a)


def erf(input: Tensor) -> Tensor:
    """2/√π ∫₀ˣ e^(-t²) dt:  y′ = 2/√π e^(-x²)"""
    x = input
    return record(in_blocks(normal.erf, x, "erf"),
                  (x, lambda g: g * bell(x), x))


def erfc(input: Tensor) -> Tensor:
    """1 - erf x"""
    x = input
    return record(in_blocks(normal.erfc, x, "erfc"),
                  (x, lambda g: -g * bell(x), x))


def bell(x: Tensor) -> Tensor:
    return (-(x * x)).exp() * (2 / math.sqrt(math.pi))


def erfinv(input: Tensor) -> Tensor:
    """The x with erf x = y:  its slope is √π/2 e^(x²)"""
    return record(in_double(kernels.erfinv, input, "erfinv"),
                  (input, lambda g, y: g * (y * y).exp() * (
                      math.sqrt(math.pi) / 2)),
                  keep_result=True)


def lgamma(input: Tensor) -> Tensor:
    """ln |Γ(x)|:  y′ = ψ(x)"""
    x = input
    return record(in_double(kernels.lgamma, x, "lgamma"),
                  (x, lambda g: g * digamma(x), x))


def digamma(input: Tensor) -> Tensor:
    """ψ(x) = Γ′(x) / Γ(x)"""
    x = input
    return record(in_double(kernels.digamma, x, "digamma"),
                  (x, lambda g: g * polygamma(1, x), x))


def polygamma(n: int, input: Tensor) -> Tensor:
    """The n-th derivative of ψ"""
    if isinstance(n, Tensor):  # torch: the method is x.polygamma(n)
        n, input = input, n  # type: ignore[assignment]
    x = input
    if n < 0:
        raise RuntimeError(
            "polygamma(n, x) does not support negative n.")
    return record(in_double(lambda a: kernels.polygamma(n, a), x,
                            "polygamma"),
                  (x, lambda g: g * polygamma(n + 1, x), x))


def mvlgamma(input: Tensor, p: int) -> Tensor:
    """Σ ln Γ(x - i/2) over i < p, and p (p - 1) / 4 · ln π"""
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    y = lgamma(input)
    for i in range(1, p):
        y = y + lgamma(input - i / 2)
    return named(y + p * (p - 1) / 4 * math.log(math.pi),
                 "MvlgammaBackward0")


def zeta(input: Any, other: Any) -> Tensor:
    """Σ (k + q)⁻ˢ over k ≥ 0, of s = input and q = other:
    ∂q = -s ζ(s + 1, q)
    """
    s, q, a, b = both_floats(input, other, "zeta")
    if a.dtype == np.float16:
        refuse(a, "f", "zeta_cpu")
    y = kernels.whole_zeta(np.asarray(a, float), np.asarray(b, float))

    def unknown(g: Tensor) -> Tensor:
        raise NotImplementedError(
            "the derivative for 'zeta' is not implemented.")

    return record(y.astype(a.dtype), (s, unknown),
                  (q, lambda g: g * -s * zeta(s + 1, q), s, q),
                  name="SpecialZetaBackward" + which(input, other))
