"""Initialisation: how weights start, drawn as torch's layers draw them."""

from __future__ import annotations

import math

import torch


def uniform_(tensor: torch.Tensor, a: float, b: float) -> torch.Tensor:
    """U(a, b)"""
    with torch.no_grad():
        return tensor.uniform_(a, b)


def constant_(tensor: torch.Tensor, val: float) -> torch.Tensor:
    """val everywhere"""
    with torch.no_grad():
        return tensor.fill_(val)


def fan_in_of(w: torch.Tensor) -> int:
    """The inputs of one output of w (O, C, *K)"""
    return w.shape[1] * math.prod(w.shape[2:])


def kaiming_uniform_(tensor: torch.Tensor, a: float = 0) -> torch.Tensor:
    """U(±gain √(3 / fan_in)), gain √(2 / (1 + a²)) (He et al., 2015)

    With a = √5 that is U(±1 / √fan_in), the start of linear layers.
    """
    if 0 in tensor.shape:
        return tensor
    std = math.sqrt(2.0 / (1 + a**2)) / math.sqrt(fan_in_of(tensor))
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound)
