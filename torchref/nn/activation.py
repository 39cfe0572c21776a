"""Activations: the bends between linear layers."""

from __future__ import annotations

import math

import torch
from torch import Tensor

__all__ = ["relu", "relu6", "leaky_relu", "prelu", "hardtanh", "threshold",
           "hardsigmoid", "hardswish", "softshrink", "hardshrink", "sigmoid",
           "logsigmoid", "tanh", "tanhshrink", "softsign", "softplus", "elu",
           "selu", "celu", "silu", "mish", "gelu", "glu", "softmax",
           "softmin", "log_softmax"]


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


def prelu(x: Tensor, weight: Tensor) -> Tensor:
    """x, or w x below 0, one w or one for each channel (He et al., 2015)"""
    w = weight.reshape(1, -1, *[1] * (x.ndim - 2)) if x.ndim > 1 else weight
    return torch.where(x > 0, x, x * w)


def hardtanh(x: Tensor, min_val: float = -1.0,
             max_val: float = 1.0) -> Tensor:
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


def softplus(x: Tensor, beta: float = 1.0,
             threshold: float = 20.0) -> Tensor:
    """log(1 + e^(βx)) / β; x itself where βx is above the threshold"""
    linear = x * beta > threshold
    safe = torch.where(linear, 0.0, x * beta)
    return torch.where(linear, x, safe.exp().log1p() / beta)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x, or α (eˣ - 1) below 0 (Clevert et al., 2016)"""
    return torch.where(x > 0, x, alpha * x.clamp(max=0).expm1())


def selu(x: Tensor) -> Tensor:
    """elu with the constants that normalize (Klambauer et al., 2017)"""
    alpha, scale = 1.6732632423543772, 1.0507009873554805
    return scale * elu(x, alpha)


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
