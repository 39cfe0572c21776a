"""The normal distribution's tails, and the entropy of a probability."""

from __future__ import annotations

import math

import numpy as np

from ..graph import record
from ..kernels import normal
from ..kernels import tails as kernels
from ..tensor import Tensor
from .operands import as_float, check_tensor, in_single, refuse
from .special import in_blocks, special

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def ndtr(input: Tensor) -> Tensor:
    """Φ(x), the normal distribution function:  y′ = e^(-x²/2) / √2π"""
    x = input
    check_tensor(x, "special_ndtr")
    y = in_blocks(lambda a: normal.by_ratios(normal.distribution, a), x,
                  "erf")
    return record(y, (x, lambda g: g * (x * x / -2).exp() / math.sqrt(
        2 * math.pi), x), name="MulBackward1")


def log_ndtr(input: Tensor) -> Tensor:
    """ln Φ(x):  y′ = √(2/π) / erfcx(-x / √2)"""
    x = input
    return record(special(kernels.log_ndtr, x, "log_ndtr"),
                  (x, lambda g: g / erfcx(x * -math.sqrt(0.5)) * math.sqrt(
                      2 / math.pi), x), name="SpecialLogNdtrBackward0")


def ndtri(input: Tensor) -> Tensor:
    """The x with Φ(x) = p:  its slope is √2π e^(x²/2)"""
    return record(special(kernels.ndtri, input, "ndtri"),
                  (input, lambda g, y: g * (y * y / 2).exp() * math.sqrt(
                      2 * math.pi)),
                  keep_result=True, name="SpecialNdtriBackward0")


def erfcx(input: Tensor) -> Tensor:
    """e^(x²) erfc x:  y′ = 2xy - 2/√π"""
    x = input
    return record(special(kernels.erfcx, x, "erfcx"),
                  (x, lambda g, y: g * (2 * x * y - 2 / math.sqrt(math.pi)),
                   x), keep_result=True, name="SpecialErfcxBackward0")


def entr(input: Tensor) -> Tensor:
    """-x ln x; 0 at 0, -∞ below:  y′ = -ln x - 1"""
    x = input
    check_tensor(x, "special_entr")
    a = as_float(x)
    refuse(a, "c", "entr_cpu")
    return record(in_single(entropy, a), (x, lambda g: g * (-x.log() - 1), x),
                  name="SpecialEntrBackward0")


def entropy(a: np.ndarray) -> np.ndarray:
    below = np.where(a < 0, a.dtype.type(-np.inf), a)
    return np.where(a > 0, -a * np.log(a), np.where(a == 0, 0, below)
                    ).astype(a.dtype)
