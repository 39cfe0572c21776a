"""Initialisation: how weights start, with torch's draws from one seed.

Each function fills the tensor in place, outside the graph, and returns it.
fan_in counts the inputs of one output, fan_out the outputs of one input.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor


@torch.no_grad()
def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0) -> Tensor:
    """U(a, b)"""
    return tensor.uniform_(a, b)


@torch.no_grad()
def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0) -> Tensor:
    """N(mean, std²)"""
    return tensor.normal_(mean, std)


def fans(tensor: Tensor) -> tuple[int, int]:
    """fan_in and fan_out of a weight (out, in, *kernel)"""
    taps = math.prod(tensor.shape[2:])
    return tensor.shape[1] * taps, tensor.shape[0] * taps


def gain_of(nonlinearity: str, a: float) -> float:
    """The factor that keeps the variance through a nonlinearity."""
    return {"linear": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2),
            "leaky_relu": math.sqrt(2 / (1 + a**2))}[nonlinearity]


def xavier_uniform_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """U(±gain √(6 / (fan_in + fan_out))) (Glorot & Bengio, 2010)"""
    bound = math.sqrt(3) * gain * math.sqrt(2 / sum(fans(tensor)))
    return uniform_(tensor, -bound, bound)


def xavier_normal_(tensor: Tensor, gain: float = 1.0) -> Tensor:
    """N(0, gain² · 2 / (fan_in + fan_out)) (Glorot & Bengio, 2010)"""
    return normal_(tensor, 0, gain * math.sqrt(2 / sum(fans(tensor))))


def kaiming_uniform_(tensor: Tensor, a: float = 0, mode: str = "fan_in",
                     nonlinearity: str = "leaky_relu") -> Tensor:
    """U(±gain √(3 / fan)) (He et al., 2015)"""
    fan = fans(tensor)[mode == "fan_out"]
    bound = math.sqrt(3) * gain_of(nonlinearity, a) / math.sqrt(fan)
    return uniform_(tensor, -bound, bound)


def kaiming_normal_(tensor: Tensor, a: float = 0, mode: str = "fan_in",
                    nonlinearity: str = "leaky_relu") -> Tensor:
    """N(0, gain² / fan) (He et al., 2015)"""
    fan = fans(tensor)[mode == "fan_out"]
    return normal_(tensor, 0, gain_of(nonlinearity, a) / math.sqrt(fan))


@torch.no_grad()
def orthogonal_(tensor: Tensor, gain: float = 1) -> Tensor:
    """Orthonormal rows or columns: Q of a Gaussian matrix
    (Saxe, McClelland & Ganguli, 2014)"""
    rows = tensor.shape[0]
    flat = tensor.new_empty(rows, tensor.numel() // rows).normal_()
    wide = rows < flat.shape[1]
    q, r = torch.linalg.qr(flat.mT if wide else flat)
    q = q * r.diagonal().sign()  # makes the decomposition unique
    return tensor.copy_((q.mT if wide else q).reshape(tensor.shape) * gain)
