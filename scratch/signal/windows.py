"""Windows, under the names of torch.signal.windows.

M points; with sym the last is as the first, without it the window is one
period of M + 1 points, of which the last is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from .. import dtypes
from ..layouts import strided
from ..ops.bessel import i0
from ..ops.creation import empty, ones, tensor
from ..ops.sequences import linspace
from ..tensor import Tensor

__all__ = ["bartlett", "blackman", "cosine", "exponential", "gaussian",
           "general_cosine", "general_hamming", "hamming", "hann", "kaiser",
           "nuttall"]


def checked(name: str, M: int, dtype: Any, layout: Any) -> Any:
    """The dtype of the window; refused where there is none"""
    kind = dtype or dtypes.get_default_dtype()
    if M < 0:
        raise ValueError(
            f"{name} requires non-negative window length, got M={M}")
    if layout is not strided:
        raise ValueError(f"{name} is implemented for strided tensors only, "
                         f"got: {layout}")
    if kind.name not in ("float32", "float64"):
        raise ValueError(
            f"{name} expects float32 or float64 dtypes, got: {kind}")
    return kind


def points(start: float, M: int, step: float, kind: Any, device: Any,
           requires_grad: bool) -> Tensor:
    """start, start + step, …: M of them"""
    return linspace(start, start + (M - 1) * step, M, dtype=kind,
                    device=device, requires_grad=requires_grad)


def small(M: int, kind: Any, device: Any, requires_grad: bool) -> Tensor:
    """A window of no point, or of one"""
    return (ones if M else empty)((M,), dtype=kind, device=device,
                                  requires_grad=requires_grad)


def exponential(M: int, *, center: float | None = None, tau: float = 1.0,
                sym: bool = True, dtype: Any = None, layout: Any = strided,
                device: Any = None, requires_grad: bool = False) -> Tensor:
    """e^(-|n - c| / τ), c the middle if it is not given"""
    kind = checked("exponential", M, dtype, layout)
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    if M == 0:
        return small(M, kind, device, requires_grad)
    if center is None:
        center = (M if not sym and M > 1 else M - 1) / 2
    k = points(-center / tau, M, 1 / tau, kind, device, requires_grad)
    return (-k.abs()).exp()


def cosine(M: int, *, sym: bool = True, dtype: Any = None,
           layout: Any = strided, device: Any = None,
           requires_grad: bool = False) -> Tensor:
    """sin((n + ½) π / M)"""
    kind = checked("cosine", M, dtype, layout)
    if M == 0:
        return small(M, kind, device, requires_grad)
    step = math.pi / (M + 1 if not sym and M > 1 else M)
    return points(0.5 * step, M, step, kind, device, requires_grad).sin()


def gaussian(M: int, *, std: float = 1.0, sym: bool = True,
             dtype: Any = None, layout: Any = strided, device: Any = None,
             requires_grad: bool = False) -> Tensor:
    """e^(-(n - c)² / 2σ²), c the middle"""
    kind = checked("gaussian", M, dtype, layout)
    if std <= 0:
        raise ValueError("Standard deviation must be positive, got: "
                         f"{std} instead.")
    if M == 0:
        return small(M, kind, device, requires_grad)
    first = -(M if not sym and M > 1 else M - 1) / 2
    step = 1 / (std * math.sqrt(2))
    k = points(first * step, M, step, kind, device, requires_grad)
    return (-k ** 2).exp()


def kaiser(M: int, *, beta: float = 12.0, sym: bool = True,
           dtype: Any = None, layout: Any = strided, device: Any = None,
           requires_grad: bool = False) -> Tensor:
    """I₀(β √(1 - (2n / N - 1)²)) / I₀(β), N the last point"""
    kind = checked("kaiser", M, dtype, layout)
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")
    if M < 2:
        return small(M, kind, device, requires_grad)
    top = tensor(beta, dtype=kind, device=device)
    step = 2 * top / (M - 1 if sym else M)
    end = min(top.item(), (-top + (M - 1) * step).item())
    k = linspace(-top.item(), end, M, dtype=kind, device=device,
                 requires_grad=requires_grad)
    return i0((top * top - k ** 2).sqrt()) / i0(top)


def bartlett(M: int, *, sym: bool = True, dtype: Any = None,
             layout: Any = strided, device: Any = None,
             requires_grad: bool = False) -> Tensor:
    """1 - |2n / N - 1|, N the last point"""
    kind = checked("bartlett", M, dtype, layout)
    if M < 2:
        return small(M, kind, device, requires_grad)
    step = 2 / (M - 1 if sym else M)
    return 1 - points(-1, M, step, kind, device, requires_grad).abs()


# ---- sums of cosines

def general_cosine(M: int, *, a: Iterable, sym: bool = True,
                   dtype: Any = None, layout: Any = strided,
                   device: Any = None, requires_grad: bool = False
                   ) -> Tensor:
    """Σ (-1)ⁱ aᵢ cos(2π i n / N), N the last point"""
    return cosines("general_cosine", M, a, sym, dtype, layout, device,
                   requires_grad)


def cosines(name: str, M: int, a: Any, sym: bool, dtype: Any, layout: Any,
            device: Any, requires_grad: bool) -> Tensor:
    """general_cosine, under the name of the window that errors tell"""
    kind = checked(name, M, dtype, layout)
    if M < 2:
        return small(M, kind, device, requires_grad)
    if not isinstance(a, Iterable):
        raise TypeError("Coefficients must be a list/tuple")
    if not a:
        raise ValueError("Coefficients cannot be empty")
    step = 2 * math.pi / (M - 1 if sym else M)
    k = points(0, M, step, kind, device, requires_grad)
    weights = tensor([(-1) ** i * w for i, w in enumerate(a)], dtype=kind,
                     device=device)
    orders = tensor([*range(weights.shape[0])], dtype=kind, device=device)
    return (weights.unsqueeze(-1) * (orders.unsqueeze(-1) * k).cos()).sum(0)


def general_hamming(M: int, *, alpha: float = 0.54, sym: bool = True,
                    dtype: Any = None, layout: Any = strided,
                    device: Any = None, requires_grad: bool = False
                    ) -> Tensor:
    """α - (1 - α) cos(2π n / N)"""
    return cosines("general_cosine", M, [alpha, 1 - alpha], sym, dtype,
                   layout, device, requires_grad)


def hamming(M: int, *, sym: bool = True, dtype: Any = None,
            layout: Any = strided, device: Any = None,
            requires_grad: bool = False) -> Tensor:
    """0.54 - 0.46 cos(2π n / N)"""
    return general_hamming(M, sym=sym, dtype=dtype, layout=layout,
                           device=device, requires_grad=requires_grad)


def hann(M: int, *, sym: bool = True, dtype: Any = None,
         layout: Any = strided, device: Any = None,
         requires_grad: bool = False) -> Tensor:
    """½ - ½ cos(2π n / N)"""
    return general_hamming(M, alpha=0.5, sym=sym, dtype=dtype,
                           layout=layout, device=device,
                           requires_grad=requires_grad)


def blackman(M: int, *, sym: bool = True, dtype: Any = None,
             layout: Any = strided, device: Any = None,
             requires_grad: bool = False) -> Tensor:
    """0.42 - 0.5 cos(2π n / N) + 0.08 cos(4π n / N)"""
    return cosines("blackman", M, [0.42, 0.5, 0.08], sym, dtype, layout,
                   device, requires_grad)


def nuttall(M: int, *, sym: bool = True, dtype: Any = None,
            layout: Any = strided, device: Any = None,
            requires_grad: bool = False) -> Tensor:
    """Nuttall's four cosines (1981), with the lowest side lobes"""
    return cosines("general_cosine", M,
                   [0.3635819, 0.4891775, 0.1365995, 0.0106411], sym, dtype,
                   layout, device, requires_grad)
