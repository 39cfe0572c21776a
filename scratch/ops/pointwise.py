"""Pointwise functions y = f(x): the slope told by y, or by x."""

from __future__ import annotations

import numpy as np

from ..graph import record
from ..tensor import Tensor
from .operands import as_float

__all__ = [
    "exp", "log", "sqrt", "rsqrt", "tanh", "sigmoid", "relu", "abs", "sgn",
    "sin", "cos", "conj",
]
METHODS = "exp log sqrt rsqrt tanh sigmoid relu abs sgn sin cos conj".split()
IN_PLACE = "exp log sqrt rsqrt tanh sigmoid relu abs sgn sin cos".split()


def exp(input: Tensor) -> Tensor:
    """eˣ:  y′ = y"""
    return record(np.exp(as_float(input)),
                  (input, lambda g, y: g * y.conj()), keep_result=True)


def log(input: Tensor) -> Tensor:
    """ln x:  y′ = 1 / x"""
    return record(np.log(as_float(input)),
                  (input, lambda g: g / input.conj(), input))


def sqrt(input: Tensor) -> Tensor:
    """√x:  y′ = 1 / 2y"""
    return record(np.sqrt(as_float(input)),
                  (input, lambda g, y: g / (2 * y.conj())), keep_result=True)


def rsqrt(input: Tensor) -> Tensor:
    """1 / √x:  y′ = -y³ / 2"""
    return record(1 / np.sqrt(as_float(input)),
                  (input, lambda g, y: -0.5 * g * y ** 3), keep_result=True)


def tanh(input: Tensor) -> Tensor:
    """y′ = 1 - y²"""
    return record(np.tanh(as_float(input)),
                  (input, lambda g, y: g * (1 - y * y)), keep_result=True)


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + e⁻ˣ):  y′ = y (1 - y)"""
    return record(1 / (1 + np.exp(-as_float(input))),
                  (input, lambda g, y: g * (y * (1 - y))), keep_result=True)


def relu(input: Tensor) -> Tensor:
    """max(x, 0):  y′ = 1 where y > 0"""
    return record(np.maximum(input.array, 0),
                  (input, lambda g, y: g * (y > 0)), keep_result=True)


def abs(input: Tensor) -> Tensor:
    """|x|:  y′ = sgn x"""
    return record(np.abs(input.array),
                  (input, lambda g: g * input.sgn(), input))


def sgn(input: Tensor) -> Tensor:
    """x / |x|, and 0 at 0"""
    return record(np.sign(input.array), (input, lambda g: g * 0),
                  name="SgnBackward0")


def sin(input: Tensor) -> Tensor:
    """y′ = cos x"""
    return record(np.sin(as_float(input)),
                  (input, lambda g: g * input.cos().conj(), input))


def cos(input: Tensor) -> Tensor:
    """y′ = -sin x"""
    return record(np.cos(as_float(input)),
                  (input, lambda g: -g * input.sin().conj(), input))


def conj(input: Tensor) -> Tensor:
    """The complex conjugate; of a real tensor the tensor itself"""
    if input.array.dtype.kind != "c":
        return input
    return record(input.array.conj(), (input, lambda g: g.conj()))
