"""Complex numbers: their parts, and how they are put together.

A gradient of a real loss by a complex x is ∂/∂Re x + i ∂/∂Im x: so every
rule multiplies by the conjugate of the slope, as in torch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record, view
from ..kernels.lying import in_line
from ..tensor import Tensor, wrap
from .kinds import typed
from .masks import keep, nothing
from .operands import as_float, check_broadcast, check_tensor, torch_name

__all__ = [
    "real", "imag", "conj", "angle", "isreal", "view_as_real",
    "view_as_complex", "complex", "polar", "conj_physical", "resolve_conj",
    "resolve_neg", "is_conj", "is_neg",
]
METHODS = (
    "conj angle isreal conj_physical resolve_conj resolve_neg is_conj "
    "is_neg"
).split()
IN_PLACE = ["conj_physical"]


def isreal(input: Tensor) -> Tensor:
    """Where the imaginary part is 0"""
    return wrap(np.isreal(input.array))


def conj(input: Tensor) -> Tensor:
    """The complex conjugate; of a real tensor the tensor itself"""
    if input.array.dtype.kind != "c":
        return input
    return record(input.array.conj(), (input, lambda g: g.conj()))


def real(input: Tensor) -> Tensor:
    """The real part, in the same memory"""
    if input.array.dtype.kind != "c":
        return input
    return view_as_real(input)[..., 0]


def imag(input: Tensor) -> Tensor:
    """The imaginary part, in the same memory"""
    if input.array.dtype.kind != "c":
        raise TypeError(
            "imag is not implemented for tensors with non-complex dtypes.")
    return view_as_real(input)[..., 1]


def view_as_real(input: Tensor) -> Tensor:
    """x (*) complex -> y (*, 2): the two parts, in the same memory"""
    a = input.array
    if a.dtype.kind != "c":
        raise TypeError(
            "view_as_real is only supported for complex tensors")
    half = np.dtype(f"f{a.itemsize // 2}")
    y = np.ndarray((*a.shape, 2), half, a, 0, (*a.strides, half.itemsize)
                   ) if a.flags.c_contiguous else parts_of(a, half)
    return view(input, y, view_as_complex, view_as_real,
                name="ViewAsRealBackward0")


def parts_of(a: np.ndarray, half: np.dtype) -> np.ndarray:
    """The parts of complex numbers that do not lie in row order."""
    return np.lib.stride_tricks.as_strided(
        a.real, (*a.shape, 2), (*a.strides, half.itemsize))


def part_setter(part: Any) -> Any:
    """How x.real and x.imag are assigned: numbers are written there."""

    def put(x: Tensor, value: Any) -> None:
        if isinstance(value, Tensor):
            part(x).copy_(value)
        else:
            part(x).fill_(value)

    return put


def view_as_complex(input: Tensor) -> Tensor:
    """x (*, 2) -> y (*) complex, in the same memory where it can be"""
    a = input.array
    if a.dtype.kind != "f":
        raise RuntimeError(
            "view_as_complex is only supported for floating point tensors, "
            f"but got a tensor of scalar type: {torch_name(input.dtype)}")
    if not a.ndim:
        raise RuntimeError("Input tensor must have one or more dimensions")
    if a.shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    if a.size and a.strides[-1] != a.itemsize:
        raise RuntimeError("Tensor must have a last dimension with stride 1")
    if a.size and any(s // a.itemsize % 2 and n > 1 for s, n in zip(
            a.strides[:-1], a.shape)):
        raise RuntimeError("Tensor must have a stride divisible by 2 for all "
                           "but last dimension")
    if a.size and input.storage_offset() % 2:
        raise RuntimeError(
            "Tensor must have a storage_offset divisible by 2")
    y = a.view(f"c{2 * a.itemsize}")[..., 0]
    return view(input, y, view_as_real, view_as_complex,
                name="ViewAsComplexBackward0")


def complex(real: Tensor, imag: Tensor) -> Tensor:
    """real + i · imag"""
    check_pair(real, imag, "complex", ("real", "imag"))
    check_broadcast(real.array.shape, imag.array.shape)
    y = joined(*in_line(real.array, imag.array))
    return record(y, (real, lambda g: g.real), (imag, lambda g: g.imag))


def joined(real: np.ndarray, imag: np.ndarray) -> np.ndarray:
    """The complex numbers of two parts."""
    kind = "c16" if real.itemsize == 8 else "c8"
    y = np.asarray(np.add(real, imag, dtype=kind))
    y.real, y.imag = real, imag
    return y


def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """abs · (cos angle + i sin angle)"""
    check_pair(abs, angle, "polar", ("abs", "angle"))
    check_broadcast(abs.array.shape, angle.array.shape)
    r, t = in_line(abs.array, angle.array)
    y = joined(r * np.cos(t), r * np.sin(t))
    # torch: the direction is taken from the result, also where abs < 0
    return record(y, (abs, lambda g, z: (g * z.sgn().conj()).real),
                  (angle, lambda g, z: (g * (z * 1j).conj()).real),
                  keep_result=True)


def check_pair(x: Tensor, y: Tensor, caller: str, names: tuple) -> None:
    """Refuse two parts that are not real and of one dtype."""
    check_tensor(x, caller, names[0])
    check_tensor(y, caller, names[1], 2)
    kinds = x.array.dtype, y.array.dtype
    if kinds[0].kind != "f" or kinds[1].kind != "f":
        raise NotImplementedError(
            "Expected both inputs to be Half, Float or Double tensors but "
            f"got {torch_name(x.dtype)} and {torch_name(y.dtype)}")
    if kinds[0] != kinds[1]:
        raise RuntimeError(
            f"Expected object of scalar type {torch_name(x.dtype)} but got "
            f"scalar type {torch_name(y.dtype)} for second argument")


def angle(input: Tensor) -> Tensor:
    """The angle of a complex number; of a real one 0 or π"""
    x, a = input, as_float(input)
    if a.dtype.kind != "c":
        y = np.where(np.isnan(a), a, (a < 0) * a.dtype.type(np.pi))
        return record(y.astype(a.dtype), (x, nothing),
                      name="AngleBackward0")
    found = a != 0
    return record(np.angle(a).astype(a.real.dtype), (x, lambda g: keep(
        g * (x * 1j) / (x * x.conj()), found), x))


def conj_physical(input: Tensor) -> Tensor:
    """As conj; torch: a real tensor is given back as it is"""
    return conj(input) if input.array.dtype.kind == "c" else input


def resolve_conj(input: Tensor) -> Tensor:
    """x itself: conj computes at once here"""
    check_tensor(input, "resolve_conj")
    return input


def resolve_neg(input: Tensor) -> Tensor:
    """x itself: neg computes at once here"""
    check_tensor(input, "resolve_neg")
    return input


def is_conj(input: Tensor) -> bool:
    """Whether a conjugation is still to be done: never"""
    check_tensor(input, "is_conj")
    return False


@typed(input="Tensor")
def is_neg(input: Tensor) -> bool:
    """Whether a change of sign is still to be done: never"""
    return False
