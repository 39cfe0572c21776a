"""Activations of nn.functional that write over their input."""

from __future__ import annotations

from typing import Any

from ..graph import alias
from ..ops import activation, pointwise
from ..ops.inplace import check_writable, write
from ..ops.operands import check_tensor
from ..tensor import Tensor

__all__ = ["celu_", "elu_", "hardtanh_", "leaky_relu_", "relu_", "rrelu_",
           "selu_", "threshold_"]


def over(operation: Any, x: Tensor, *args: Any) -> Tensor:
    """x, changed: from a copy, since the rule may still read the old x."""
    check_tensor(x, f"{operation.__name__}_")
    check_writable(x)
    return write(x, operation(alias(x).clone(), *args))


def relu_(input: Tensor) -> Tensor:
    """max(x, 0)"""
    return over(pointwise.relu, input)


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x, or negative_slope · x below 0"""
    return over(activation.leaky_relu, input, negative_slope)


def rrelu_(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3,
           training: bool = False) -> Tensor:
    """leaky_relu_ with slopes drawn from U(lower, upper) in training"""
    return over(activation.rrelu, input, lower, upper, training)


def hardtanh_(input: Tensor, min_val: float = -1.0,
              max_val: float = 1.0) -> Tensor:
    """x between min_val and max_val"""
    return over(activation.hardtanh, input, min_val, max_val)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """x above the threshold, else the value"""
    return over(activation.threshold, input, threshold, value)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """x, or alpha (eˣ - 1) below 0"""
    return over(activation.elu, input, alpha)


def selu_(input: Tensor) -> Tensor:
    """elu_ with the constants that normalize"""
    return over(activation.selu, input)


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """x, or alpha (e^(x/alpha) - 1) below 0"""
    return over(activation.celu, input, alpha)
