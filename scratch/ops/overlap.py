"""The inverse of the short-time Fourier transform: stretches of a sound
are added where they overlap.

    x[m] = Σ w[n] xₜ[n] / Σ w[n]²   over all t, n with t hop + n = m
"""

from __future__ import annotations

import numpy as np

from ..tensor import Tensor, wrap
from .combine import pad_dim, sliced
from .fourier import INVERSE, from_half, whole
from .kinds import typed
from .operands import named
from .short_time import call_of, flag, full_window, once, shown

__all__ = ["istft"]
METHODS = ["istft"]
IN_PLACE: list[str] = []

NO_WINDOW = (
    "A window was not provided. A rectangular window will be applied.Please "
    "provide the same window used by stft to make the inversion lossless.To "
    "suppress this warning and use a rectangular window, explicitly set "
    "`window=torch.ones(n_fft, device=<device>)`.")
TOO_LONG = (
    "The length of signal is shorter than the length parameter. Result is "
    "being padded with zeros in the tail. Please check your center and "
    "hop_length settings.")


@typed(input="Tensor", n_fft="int", hop_length="int?", win_length="int?",
       window="Tensor?",
       center="bool", normalized="bool", onesided="bool?", length="int?",
       return_complex="bool")
def istft(input: Tensor, n_fft: int, hop_length: int | None = None,
          win_length: int | None = None, window: Tensor | None = None,
          center: bool = True, normalized: bool = False,
          onesided: bool | None = None, length: int | None = None,
          return_complex: bool = False) -> Tensor:
    """x (K, T) or (B, K, T) -> y (L) or (B, L), K = N / 2 + 1 or N

    L is (T - 1) hop + N (less the N that `center` has added), or `length`.
    """
    x = input
    if window is None:
        once(NO_WINDOW)
    hop = n_fft // 4 if hop_length is None else hop_length
    wide = n_fft if win_length is None else win_length
    options = dict(
        n_fft=n_fft, hop_length=hop, win_length=wide, window=shown(window),
        center=int(center), normalized=int(normalized),
        onesided=flag(onesided), length=length,
        return_complex=int(return_complex))
    call = call_of("istft", x, options)
    half = check_spectrum(x, n_fft, onesided, call + ": ")
    check_window(window, hop, wide, n_fft, call + ": ")
    check_result(window, half, return_complex)
    alone = x.array.ndim == 2
    if alone:
        x = x.unsqueeze(0)
    w = full_window(x, window, wide, n_fft)
    if w is None:
        w = wrap(np.ones(n_fft, x.array.real.dtype))
    parts = stretches(x.transpose(1, 2), n_fft, half, return_complex,
                      "ortho" if normalized else None)
    y = joined(parts * w, w, hop, center, length, call)
    return y.squeeze(0) if alone else y


def stretches(x: Tensor, n: int, half: bool, complex_: bool,
              norm: str | None) -> Tensor:
    """x (B, T, K) -> y (B, T, N): every spectrum transformed back"""
    if complex_:
        return whole(x, (n,), (2,), INVERSE, norm)
    if not half:
        x = sliced(x, 2, 0, n // 2 + 1)
    return from_half(x, (n,), (2,), INVERSE, norm)


def joined(parts: Tensor, window: Tensor, hop: int, center: bool,
           length: int | None, call: str) -> Tensor:
    """The stretches (B, T, N) added up, over the sum of squared windows."""
    _, t, n = parts.array.shape
    total = n + hop * (t - 1)
    y = added_up(parts, hop, total)
    weight = added_up((window * window).expand(1, t, n), hop, total)
    start = n // 2 if center else 0
    end = start + length if length is not None else (
        total - n // 2 if center else total)
    end = min(end, total)
    y = sliced(y, 1, start, max(end - start, 0))
    weight = sliced(weight, 1, start, max(end - start, 0))
    if float(weight.abs().min()) < 1e-11:
        raise RuntimeError(call + "window overlap add min: 1\n"
                           "[ CPUBoolType{} ]")
    y = y / weight
    if length is not None and length > y.array.shape[1]:
        once(TOO_LONG)
        y = pad_dim(y, 1, 0, length)
    return named(y, "DivBackward0")


def added_up(parts: Tensor, hop: int, total: int) -> Tensor:
    """parts (B, T, N) -> y (B, L), each at its place: unfold's adjoint"""
    b, t, n = parts.array.shape
    where = np.arange(t)[:, None] * hop + np.arange(n)
    return parts.new_zeros(b, total).index_add(
        1, wrap(where.ravel()), parts.reshape(b, t * n))


# ---- the checks

def check_spectrum(x: Tensor, n: int, onesided: bool | None,
                   call: str) -> bool:
    """Whether x is half of a spectrum; refuse what is no spectrum of N."""
    shape = x.array.shape
    if x.array.dtype.kind != "c":
        raise TypeError(
            "istft requires a complex-valued input tensor matching the "
            "output from stft with return_complex=True.")
    if not x.array.size:
        raise RuntimeError(call + "input tensor cannot be empty.")
    if len(shape) > 3:
        raise RuntimeError(call + "expected a tensor with 3 or 4 dimensions,"
                           f" but got {len(shape) + 1}")
    if len(shape) < 2:
        raise IndexError("Dimension out of range (expected to be in range of"
                         f" [-{len(shape) + 1}, {len(shape)}], but got -3)")
    half = shape[-2] != n if onesided is None else onesided
    if half and shape[-2] != n // 2 + 1:
        raise RuntimeError(
            call + "expected the frequency dimension (3rd to the last) of "
            "the input tensor to match n_fft / 2 + 1 when onesided=True, but"
            f" got {shape[-2]}")
    if not half and shape[-2] != n:
        raise RuntimeError(
            call + "expected the frequency dimension (3rd to the last) of "
            "the input tensor to match n_fft when onesided=False, but got "
            f"{shape[-2]}")
    return half


def check_window(window: Tensor | None, hop: int, wide: int, n: int,
                 call: str) -> None:
    """Refuse a window or steps that do not fit N."""
    if not 0 < hop <= wide:
        raise RuntimeError(call + "expected 0 < hop_length <= win_length")
    if not 0 < wide <= n:
        raise RuntimeError(call + "expected 0 < win_length <= n_fft")
    if window is not None and window.array.shape != (wide,):
        raise RuntimeError(call + "Invalid window shape. window has to be 1D"
                           " and length of `win_length`")


def check_result(window: Tensor | None, half: bool, complex_: bool) -> None:
    """Refuse real results of complex windows, complex ones of a half."""
    if complex_ and half:
        raise RuntimeError(
            "Cannot have onesided output if window or input is complex")
    if not complex_ and window is not None and (
            window.array.dtype.kind == "c"):
        raise RuntimeError(
            "Complex windows are incompatible with return_complex=False")
