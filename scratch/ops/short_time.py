"""The short-time Fourier transform: a spectrum of every stretch of a sound.

    y[k, t] = Σ w[n] x[t hop + n] e^(-2πi k n / N)
"""

from __future__ import annotations

import warnings

import numpy as np

from ..tensor import Tensor, wrap
from .combine import pad_dim
from .complexes import view_as_real
from .fourier import FORWARD, to_half, whole
from .kinds import typed
from .operands import named, torch_name, type_name
from .padding import pad
from .strides import unfold

__all__ = ["stft"]
METHODS = ["stft"]
IN_PLACE: list[str] = []

SAID: set[str] = set()  # each of these warnings is given once
NO_WINDOW = (
    "A window was not provided. A rectangular window will be applied,which is"
    " known to cause spectral leakage. Other windows such as torch.hann_windo"
    "w or torch.hamming_window are recommended to reduce spectral leakage.To "
    "suppress this warning and use a rectangular window, explicitly set "
    "`window=torch.ones(n_fft, device=<device>)`.")
NOT_COMPLEX = (
    "stft with return_complex=False is deprecated. In a future pytorch releas"
    "e, stft will return complex tensors for all inputs, and return_complex="
    "False will raise an error.\nNote: you can still call torch.view_as_real "
    "on the complex output to recover the old return format.")


@typed(input="methods", n_fft="int", hop_length="int?", win_length="int?",
       window="Tensor?", normalized="bool", onesided="bool?",
       return_complex="bool?")
def stft(input: Tensor, n_fft: int, hop_length: int | None = None,
         win_length: int | None = None, window: Tensor | None = None,
         center: bool = True, pad_mode: str = "reflect",
         normalized: bool = False, onesided: bool | None = None,
         return_complex: bool | None = None,
         align_to_window: bool | None = None) -> Tensor:
    """x (L) or (B, L) -> y (K, T) or (B, K, T), K = N / 2 + 1 or N

    center: stretch t lies around x[t hop], not behind it. onesided: of the
    symmetric spectrum of real numbers half is kept.
    """
    if center:
        if align_to_window:
            raise RuntimeError("stft align_to_window should only be set when "
                               "center = false")
        input = bordered(input, n_fft // 2, pad_mode)
    hop = n_fft // 4 if hop_length is None else hop_length
    length = n_fft if win_length is None else win_length
    options = dict(
        n_fft=n_fft, hop_length=hop, win_length=length, window=shown(window),
        normalized=int(normalized), onesided=flag(onesided),
        return_complex=flag(return_complex),
        align_to_window=flag(align_to_window))
    complex_ = any(x is not None and x.array.dtype.kind == "c"
                   for x in (input, window))
    if window is None:
        once(NO_WINDOW)
    check_form(return_complex, complex_)
    check_stretches(input, window, options)
    if align_to_window:
        side = (n_fft - length) // 2
        input = pad_dim(input, input.array.ndim - 1, side,
                        input.array.shape[-1] + 2 * side)
    y = spectra(input, n_fft, hop, full_window(input, window, length, n_fft),
                "ortho" if normalized else None,
                check_side(onesided, complex_))
    if complex_ if return_complex is None else return_complex:
        return y
    return view_as_real(y)


def spectra(x: Tensor, n: int, hop: int, window: Tensor | None,
            norm: str | None, half: bool) -> Tensor:
    """x (*, L) -> y (*, K, T): windows of n, and their transforms"""
    frames = unfold(x, -1, n, hop)
    if window is not None:
        frames = frames * window
    turn = to_half if half else whole
    y = turn(frames, (n,), (frames.array.ndim - 1,), FORWARD, norm)
    y = y.contiguous().transpose(-1, -2)
    return y if x.array.ndim > 1 else named(y, "SqueezeBackward4")


def bordered(x: Tensor, side: int, mode: str) -> Tensor:
    """x with borders of this width at the start and at the end"""
    shape = x.array.shape
    y = pad(x.view((1,) * (3 - len(shape)) + shape), [side, side], mode)
    return y.view(y.array.shape[3 - max(len(shape), 1):]
                  if len(shape) < 3 else y.array.shape)


def full_window(x: Tensor, window: Tensor | None, length: int, n: int
                ) -> Tensor | None:
    """The window in the middle of n places; ones if none is given"""
    if length == n:
        return window
    if window is None:
        window = wrap(np.ones(length, x.array.real.dtype))
    return pad_dim(window, 0, (n - length) // 2, n)


# ---- the checks

def once(text: str) -> None:
    """Warn, the first time that there is reason to."""
    if text not in SAID:
        SAID.add(text)
        warnings.warn(text, UserWarning, stacklevel=5)


def flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def shown(window: Tensor | None) -> str:
    """A window as torch's messages show it: its type and shape."""
    return "None" if window is None else (
        f"{type_name(window.dtype)}{{{[*window.shape]}}}")


def call_of(name: str, x: Tensor, options: dict) -> str:
    """The call, as torch's messages repeat it."""
    words = ", ".join(f"{key}={value}" for key, value in options.items())
    return f"{name}({type_name(x.dtype)}{[*x.array.shape]}, {words}) "


def check_form(return_complex: bool | None, complex_: bool) -> None:
    """Refuse a result in real numbers that is not asked for by name."""
    if complex_:
        return
    if return_complex is None:
        raise RuntimeError(
            "stft requires the return_complex parameter be given for real "
            "inputs, and will further require that return_complex=True in a "
            "future PyTorch release.")
    if not return_complex:
        once(NOT_COMPLEX)


def check_side(onesided: bool | None, complex_: bool) -> bool:
    """Whether half of the spectrum is all of it; refused of complex x."""
    if onesided and complex_:
        raise RuntimeError(
            "Cannot have onesided output if window or input is complex")
    return not complex_ if onesided is None else onesided


def check_stretches(x: Tensor, window: Tensor | None, options: dict) -> None:
    """Refuse sizes that fit neither each other nor x."""
    a, n, length = x.array, options["n_fft"], options["win_length"]
    call = call_of("stft", x, options) + ": "
    if a.dtype.kind not in "fc":
        raise NotImplementedError(
            call + "expected a tensor of floating point or complex values")
    if not 1 <= a.ndim <= 2:
        raise RuntimeError(call + "expected a 1D or 2D tensor")
    if not 0 < n <= a.shape[-1]:
        raise RuntimeError(
            call + f"expected 0 < n_fft < {a.shape[-1]}, but got n_fft={n}")
    if options["hop_length"] <= 0:
        raise RuntimeError(call + "expected hop_length > 0, but got "
                           f"hop_length={options['hop_length']}")
    if not 0 < length <= n:
        raise RuntimeError(call + "expected 0 < win_length <= n_fft, but got "
                           f"win_length={length}")
    if window is not None and window.array.shape != (length,):
        raise RuntimeError(
            call + "expected a 1D window tensor of size equal to win_length="
            f"{length}, but got window with size {[*window.shape]}")
    if a.dtype == np.float16:
        raise NotImplementedError("MKL FFT doesn't support tensors of type: "
                                  + torch_name(x.dtype))
