"""Fourier transforms: one linear operation, its own adjoint but for a sign.

y[k] = c Σ x[n] e^(± 2πi k n / N). A real input has a symmetric spectrum, of
which half is kept; of a half spectrum the real part is taken, all but its
ends counted twice.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from .combine import pad_dim, sliced
from .operands import as_float, check_tensor, dim_of, named, torch_name

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []

FORWARD, INVERSE = -1, 1


def transform(x: Tensor, axes: tuple, sign: int, scale: float,
              name: str = "FftC2CBackward0") -> Tensor:
    """y[k] = scale Σ x[n] e^(sign 2πi k n / N) along the axes"""
    a = x.array
    kind = np.dtype("c8" if a.dtype in (np.float32, np.complex64) else "c16")
    if not axes or not a.size:
        y = a.astype(kind)
    elif sign == FORWARD:
        y = np.fft.fftn(a, axes=axes)
    else:
        y = np.fft.ifftn(a, axes=axes, norm="forward")
    y = (y * kind.type(scale)).astype(kind, copy=False)
    real = a.dtype.kind != "c"

    def back(g: Tensor) -> Tensor:
        h = transform(g, axes, -sign, scale)
        return h.real if real else h

    return record(y, (x, back), name=name)


def whole(x: Tensor, sizes: tuple, axes: tuple, sign: int,
          norm: str | None, several: bool = False) -> Tensor:
    """A transform from all of x to a whole spectrum"""
    # torch: several axes are those of a complex transform in any case
    complex_ = several or x.array.dtype.kind == "c"
    return transform(resized(x, sizes, axes), axes, sign,
                     scale_of(sizes, sign, norm),
                     f"Fft{'C' if complex_ else 'R'}2CBackward0")


def to_half(x: Tensor, sizes: tuple, axes: tuple, sign: int,
            norm: str | None) -> Tensor:
    """A transform of real numbers; half of the last axis says it all"""
    y = whole(x, sizes, axes, sign, norm)
    last = axes[-1]
    y = sliced(y, last, 0, y.shape[last] // 2 + 1)
    return named(y, "FftR2CBackward0")


def from_half(x: Tensor, sizes: tuple, axes: tuple, sign: int,
              norm: str | None) -> Tensor:
    """Real numbers from half a spectrum, sizes those of the result"""
    n, last = sizes[-1], axes[-1]
    half = n // 2 + 1
    x = resized(x, (*sizes[:-1], half), axes)
    often = np.full(half, 2.0)
    often[0] = 1
    if n % 2 == 0:
        often[-1] = 1
    often = often.reshape(-1, *[1] * (x.ndim - 1 - last))
    kind = x.array.real.dtype
    x = resized(x * wrap(often.astype(kind)), (n,), (last,))
    y = transform(x, axes, sign, scale_of(sizes, sign, norm)).real
    return named(y.contiguous(), "FftC2RBackward0")


def resized(x: Tensor, sizes: tuple, axes: tuple) -> Tensor:
    """x cut off, or filled up with zeros, to these sizes"""
    for n, d in zip(sizes, axes):
        if x.shape[d] > n:
            x = sliced(x, d, 0, n)
        elif x.shape[d] < n:
            x = pad_dim(x, d, 0, n)
    return x


def scale_of(sizes: tuple, sign: int, norm: str | None) -> float:
    """1, 1 / √N or 1 / N, by the norm and the direction"""
    count = math.prod(sizes)
    if norm == "ortho":
        return 1 / math.sqrt(count)
    divided = (norm == "forward") == (sign == FORWARD)
    return 1 / count if divided else 1.0


# ---- the checks

def prepared(x: Any, caller: str, norm: Any, real: bool = False) -> Tensor:
    """x as floats; refused where no transform takes it"""
    check_tensor(x, f"fft_{caller}")
    if norm not in (None, "backward", "ortho", "forward"):
        raise RuntimeError(f"Invalid normalization mode: \"{norm}\"")
    if real and x.array.dtype.kind == "c":
        if caller == "ihfftn":
            raise TypeError("Only supports floating-point dtypes, but found:"
                            f" {torch_name(x.dtype)}")
        word = "real input tensor" if not caller.endswith(("n", "2")) else (
            "real-valued input tensor")
        raise TypeError(f"{caller} expects a {word}, but got "
                        f"{torch_name(x.dtype)}")
    if x.array.dtype == np.float16:
        raise NotImplementedError("Unsupported dtype Half")
    a = as_float(x)
    return x if a is x.array else wrap(a)


def axis_of(x: Tensor, dim: int) -> int:
    if not x.array.ndim:
        raise IndexError(
            f"Dimension specified as {dim} but tensor has no dimensions")
    return dim_of(dim, x.array.ndim)


def check_points(*sizes: int) -> None:
    for n in sizes:
        if n < 1:
            raise RuntimeError(
                f"Invalid number of data points ({n}) specified")


def axes_of(x: Tensor, s: Any, dim: Any) -> tuple[tuple, tuple]:
    """(sizes, axes) of a transform of several axes; -1: as it is"""
    ndim = x.array.ndim
    if dim is not None:
        dims = (dim,) if isinstance(dim, int) else tuple(dim)
        axes = tuple(axis_of(x, d) for d in dims)
        if len(set(axes)) != len(axes):
            raise RuntimeError("FFT dims must be unique")
    if s is not None:
        sizes = (s,) if isinstance(s, int) else tuple(s)
        if dim is None:
            if len(sizes) > ndim:
                raise RuntimeError(
                    f"Got shape with {len(sizes)} values but input tensor "
                    f"only has {ndim} dimensions.")
            axes = tuple(range(ndim - len(sizes), ndim))
        elif len(sizes) != len(axes):
            raise RuntimeError("When given, dim and shape arguments must "
                               "have the same length")
        return tuple(x.shape[d] if n == -1 else n
                     for n, d in zip(sizes, axes)), axes
    if dim is None:
        axes = tuple(range(ndim))
    return tuple(x.shape[d] for d in axes), axes
