"""Rows: Fourier transforms and windows."""

from __future__ import annotations

from typing import Any

from ..layers import bent
from ..registry import outcome, pick, real, row

ONE = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
TWO = ("fft2", "ifft2", "rfft2", "irfft2", "hfft2", "ihfft2")
MANY = ("fftn", "ifftn", "rfftn", "irfftn", "hfftn", "ihfftn")
REAL = ("rfft", "ihfft", "rfft2", "rfftn", "ihfft2", "ihfftn")


def norm(rng: Any) -> Any:
    return pick(rng, None, "backward", "ortho", "forward")


@row(*[f"fft.{name}" for name in (*ONE, *TWO, *MANY)], examples=24)
def transforms(lib: Any, rng: Any, name: str) -> tuple:
    word = name.removeprefix("fft.")
    size = tuple(int(n) for n in rng.integers(2, 6, rng.integers(2, 4)))
    words: dict[str, Any] = {"norm": norm(rng)}
    if word in ONE:
        words["dim"] = int(rng.integers(-len(size), len(size)))
        if rng.integers(2):
            words["n"] = int(rng.integers(1, 7))
    elif rng.integers(2):
        words["s"] = tuple(int(n) for n in rng.integers(1, 7, 2))
    if word in MANY and rng.integers(2):
        words["dim"] = (0, -1)
    arrays = [real(rng, *size)]
    if word not in REAL and rng.integers(4):
        arrays.append(real(rng, *size))

    def call(*parts: Any) -> list:
        x = lib.complex(*parts) if len(parts) > 1 else parts[0]
        y = getattr(lib.fft, word)(x, **words)
        y = y.resolve_conj()  # torch: ihfft has not yet done it
        return bent(lib.view_as_real(y) if y.is_complex() else y)

    return call, tuple(arrays)


@row("fft.fftshift", "fft.ifftshift", examples=12)
def shifts(lib: Any, rng: Any, name: str) -> tuple:
    dim = pick(rng, None, 0, -1, (0, 1))

    def call(x: Any) -> list:
        return bent(getattr(lib.fft, name.removeprefix("fft."))(x, dim))

    return call, (real(rng, *rng.integers(1, 5, 2)),)


@outcome("fft.fftfreq", "fft.rfftfreq", examples=8)
def frequencies(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    return getattr(lib.fft, name.removeprefix("fft."))(
        int(rng.integers(1, 9)), float(pick(rng, 1.0, 0.3)), dtype=dtype)


WINDOWS = "hann_window hamming_window blackman_window bartlett_window"


@outcome(*WINDOWS.split(), "kaiser_window", examples=16)
def windows(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    n, more = int(rng.integers(0, 9)), []
    if name == "hamming_window":
        more = [[], [0.6], [0.7, 0.2]][rng.integers(3)]
    if name == "kaiser_window":
        more = [[], [3.0]][rng.integers(2)]
    return getattr(lib, name)(n, bool(rng.integers(2)), *more, dtype=dtype)


OF_SIGNALS = ("bartlett blackman cosine exponential gaussian general_cosine "
              "general_hamming hamming hann kaiser nuttall").split()


@outcome(*[f"signal.windows.{name}" for name in OF_SIGNALS], examples=16)
def signal_windows(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    word, n = name.removeprefix("signal.windows."), int(rng.integers(0, 9))
    words: dict[str, Any] = {"sym": bool(rng.integers(2))}
    if word == "general_cosine":
        words["a"] = list(rng.random(int(rng.integers(1, 5))))
    for key, owner in (("std", "gaussian"), ("tau", "exponential"),
                       ("beta", "kaiser"), ("alpha", "general_hamming")):
        if word == owner and rng.integers(2):
            words[key] = float(0.25 + 3 * rng.random())
    return getattr(lib.signal.windows, word)(n, dtype=dtype, **words)
