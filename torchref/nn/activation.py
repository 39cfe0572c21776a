"""Activations: the bends between linear layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module, Parameter

__all__ = [
    "relu", "relu6", "leaky_relu", "prelu", "hardtanh", "threshold",
    "hardsigmoid", "hardswish", "softshrink", "hardshrink", "sigmoid",
    "logsigmoid", "tanh", "tanhshrink", "softsign", "softplus", "elu", "selu",
    "celu", "silu", "mish", "gelu", "glu", "softmax", "softmin", "log_softmax",
    "rrelu", "Sigmoid", "LogSigmoid", "Tanh", "Tanhshrink", "Softsign", "ReLU",
    "ReLU6", "SELU", "SiLU", "Mish", "Hardsigmoid", "Hardswish", "Hardtanh",
    "LeakyReLU", "RReLU", "ELU", "CELU", "GELU", "Softplus", "Softshrink",
    "Hardshrink", "Threshold", "GLU", "Softmax", "Softmin", "LogSoftmax",
    "Softmax2d", "PReLU"]


# ---- piecewise linear

def relu(x: Tensor) -> Tensor:
    """max(x, 0)"""
    return torch.where(x > 0, x, 0.0)


def relu6(x: Tensor) -> Tensor:
    """min(max(x, 0), 6)"""
    return hardtanh(x, 0.0, 6.0)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x, or s x below 0 (Maas et al., 2013)"""
    return torch.where(x > 0, x, x * negative_slope)


def rrelu(x: Tensor, lower: float = 1 / 8, upper: float = 1 / 3,
          training: bool = False) -> Tensor:
    """leaky_relu; in training each slope is drawn from U(lower, upper)"""
    if not training:
        return leaky_relu(x, (lower + upper) / 2)
    slope, below = torch.ones_like(x), x <= 0
    slope[below] = torch.empty(int(below.sum()), dtype=torch.float64
                               ).uniform_(lower, upper).to(x.dtype)
    return x * slope


def prelu(x: Tensor, weight: Tensor) -> Tensor:
    """x, or w x below 0, one w or one for each channel (He et al., 2015)"""
    w = weight.reshape(1, -1, *[1] * (x.ndim - 2)) if x.ndim > 1 else weight
    return torch.where(x > 0, x, x * w)


def hardtanh(x: Tensor, min_val: float = -1, max_val: float = 1) -> Tensor:
    """x between min_val and max_val"""
    inside = (x > min_val) & (x < max_val)
    return torch.where(inside, x, x.detach().clamp(min_val, max_val))


def threshold(x: Tensor, threshold: float, value: float) -> Tensor:
    """x above the threshold, else the value"""
    return torch.where(x > threshold, x, value)


def hardsigmoid(x: Tensor) -> Tensor:
    """x / 6 + 1 / 2 between 0 and 1"""
    return hardtanh(x + 3, 0.0, 6.0) / 6


def hardswish(x: Tensor) -> Tensor:
    """x · hardsigmoid(x)"""
    return x * hardsigmoid(x)


def softshrink(x: Tensor, lambd: float = 0.5) -> Tensor:
    """x moved towards 0 by λ, 0 within λ of it"""
    return torch.where(x > lambd, x - lambd,
                       torch.where(x < -lambd, x + lambd, 0.0))


def hardshrink(x: Tensor, lambd: float = 0.5) -> Tensor:
    """x, but 0 within λ of 0"""
    return torch.where((x > lambd) | (x < -lambd), x, 0.0)


# ---- smooth

def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + e⁻ˣ)"""
    return 1 / (1 + (-x).exp())


def logsigmoid(x: Tensor) -> Tensor:
    """-log(1 + e⁻ˣ), without overflow"""
    return x.clamp(max=0) - (-x.abs()).exp().log1p()


def tanh(x: Tensor) -> Tensor:
    """(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)"""
    return (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())


def tanhshrink(x: Tensor) -> Tensor:
    """x - tanh(x)"""
    return x - tanh(x)


def softsign(x: Tensor) -> Tensor:
    """x / (1 + |x|)"""
    return x / (x.abs() + 1)


def softplus(x: Tensor, beta: float = 1, threshold: float = 20) -> Tensor:
    """log(1 + e^(βx)) / β; x itself where βx is above the threshold"""
    linear = x * beta > threshold
    safe = torch.where(linear, 0.0, x * beta)
    return torch.where(linear, x, safe.exp().log1p() / beta)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x, or α (eˣ - 1) below 0 (Clevert et al., 2015)"""
    return torch.where(x > 0, x, alpha * x.clamp(max=0).expm1())


def selu(x: Tensor) -> Tensor:
    """elu with the constants that normalize (Klambauer et al., 2017)"""
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def celu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x, or α (e^(x/α) - 1) below 0 (Barron, 2017)"""
    return torch.where(x > 0, x, alpha * (x.clamp(max=0) / alpha).expm1())


def silu(x: Tensor) -> Tensor:
    """x σ(x)"""
    return x * sigmoid(x)


def mish(x: Tensor) -> Tensor:
    """x tanh(softplus(x)) (Misra, 2019)"""
    return x * tanh(softplus(x))


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """x Φ(x), Φ the normal distribution (Hendrycks & Gimpel, 2016);
    "tanh": x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2"""
    if approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)
        return x * (1 + tanh(inner)) / 2
    return x * (-x / math.sqrt(2)).erfc() / 2


def glu(x: Tensor, dim: int = -1) -> Tensor:
    """a σ(b), a and b being the halves of x (Dauphin et al., 2016)"""
    a, b = x.chunk(2, dim)
    return a * sigmoid(b)


# ---- over a dimension

def softmax(x: Tensor, dim: int) -> Tensor:
    """e^xᵢ / Σ e^xⱼ; the greatest exponent is 0: nothing overflows"""
    y = (x - x.detach().amax(dim, True)).exp()
    return y / y.sum(dim, True)


def softmin(x: Tensor, dim: int) -> Tensor:
    """softmax(-x)"""
    return softmax(-x, dim)


def log_softmax(x: Tensor, dim: int) -> Tensor:
    """x - ln Σ eˣ, the log-sum-exp: the greatest x is taken out first"""
    y = x - x.detach().amax(dim, True)
    return y - y.exp().sum(dim, True).log()

# ---- layers

class _Layer(Module):
    """A function as a layer, which keeps its arguments."""

    function: Callable

    def __init__(self, *arguments: Any):
        super().__init__()
        self.arguments = arguments

    def forward(self, input: Tensor) -> Tensor:
        return type(self).function(input, *self.arguments)


class Sigmoid(_Layer):
    """1 / (1 + e⁻ˣ)"""

    function = staticmethod(sigmoid)


class LogSigmoid(_Layer):
    """log σ(x)"""

    function = staticmethod(logsigmoid)


class Tanh(_Layer):
    """(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)"""

    function = staticmethod(tanh)


class Tanhshrink(_Layer):
    """x - tanh(x)"""

    function = staticmethod(tanhshrink)


class Softsign(_Layer):
    """x / (1 + |x|)"""

    function = staticmethod(softsign)


class ReLU(_Layer):
    """max(x, 0)"""

    function = staticmethod(relu)


class SELU(_Layer):
    """scale · elu, with the constants that normalize"""

    function = staticmethod(selu)


class SiLU(_Layer):
    """x σ(x), also called swish (Hendrycks & Gimpel, 2016)"""

    function = staticmethod(silu)


class Mish(_Layer):
    """x tanh(softplus(x)) (Misra, 2019)"""

    function = staticmethod(mish)


class Hardsigmoid(_Layer):
    """x / 6 + 1 / 2 between 0 and 1"""

    function = staticmethod(hardsigmoid)


class Hardswish(_Layer):
    """x · hardsigmoid(x) (Howard et al., 2019)"""

    function = staticmethod(hardswish)


class Threshold(_Layer):
    """x above the threshold, else the value"""

    function = staticmethod(threshold)

    def __init__(self, threshold: float, value: float):
        super().__init__(threshold, value)


class RReLU(_Layer):
    """leaky_relu; in training each slope is drawn from U(lower, upper)"""

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3):
        super().__init__(lower, upper)

    def forward(self, input: Tensor) -> Tensor:
        lower, upper = self.arguments
        return rrelu(input, lower, upper, self.training)


class Hardtanh(_Layer):
    """x between min_val and max_val"""

    function = staticmethod(hardtanh)

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0):
        super().__init__(min_val, max_val)


class ReLU6(_Layer):
    """min(max(x, 0), 6)"""

    function = staticmethod(relu6)


class ELU(_Layer):
    """x, or alpha (eˣ - 1) below 0 (Clevert et al., 2015)"""

    function = staticmethod(elu)

    def __init__(self, alpha: float = 1.0):
        super().__init__(alpha)


class CELU(ELU):
    """x, or alpha (e^(x/alpha) - 1) below 0 (Barron, 2017)"""

    function = staticmethod(celu)


class LeakyReLU(_Layer):
    """x, or negative_slope · x below 0 (Maas et al., 2013)"""

    function = staticmethod(leaky_relu)

    def __init__(self, negative_slope: float = 0.01):
        super().__init__(negative_slope)


class GELU(_Layer):
    """x Φ(x), Φ the normal distribution (Hendrycks & Gimpel, 2016)"""

    function = staticmethod(gelu)

    def __init__(self, approximate: str = "none"):
        super().__init__(approximate)


class GLU(_Layer):
    """a σ(b), a and b being the halves of x along dim"""

    function = staticmethod(glu)

    def __init__(self, dim: int = -1):
        super().__init__(dim)


class Softplus(_Layer):
    """log(1 + e^(βx)) / β, and x itself where βx > threshold"""

    function = staticmethod(softplus)

    def __init__(self, beta: float = 1.0, threshold: float = 20.0):
        super().__init__(beta, threshold)


class Softshrink(_Layer):
    """x moved towards 0 by lambd"""

    function = staticmethod(softshrink)

    def __init__(self, lambd: float = 0.5):
        super().__init__(lambd)


class Hardshrink(Softshrink):
    """x, but 0 between -lambd and lambd"""

    function = staticmethod(hardshrink)


class PReLU(Module):
    """x, or weight · x below 0; weight (num_parameters) is learned"""

    def __init__(self, num_parameters: int = 1, init: float = 0.25):
        super().__init__()
        self.weight = Parameter(torch.full((num_parameters,), init))

    def forward(self, input: Tensor) -> Tensor:
        return prelu(input, self.weight)


class Softmax(_Layer):
    """e^xᵢ / Σ e^xⱼ along dim"""

    function = staticmethod(softmax)

    def __init__(self, dim: int):
        super().__init__(dim)


class Softmin(Softmax):
    """softmax(-x)"""

    function = staticmethod(softmin)


class LogSoftmax(Softmax):
    """log softmax(x)"""

    function = staticmethod(log_softmax)


class Softmax2d(_Layer):
    """softmax over the channels of x (N, C, H, W) or (C, H, W)"""

    function = staticmethod(lambda x: softmax(x, -3))
