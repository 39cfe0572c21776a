"""Linear layers."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn import init


class Identity(Module):
    """y = x, whatever the arguments."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Linear(Module):
    """y = x Wᵀ + b

    x (*, in_features) -> y (*, out_features)
    weight (out_features, in_features), bias (out_features)
    """

    def __init__(self, in_features: int, out_features: int,
                 bias: bool = True, device: Any = None, dtype: Any = None):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        kind = dict(device=device, dtype=dtype)
        self.weight = Parameter(torch.empty(out_features, in_features, **kind))
        self.register_parameter(
            "bias", Parameter(torch.empty(out_features, **kind))
            if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """U(±1 / √in_features)"""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in = self.in_features
            bound = 1 / math.sqrt(fan_in) if fan_in > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        y = input @ self.weight.mT
        return y if self.bias is None else y + self.bias


class Bilinear(Module):
    """yₖ = x₁ᵀ Wₖ x₂ + bₖ

    x₁ (*, in1_features), x₂ (*, in2_features) -> y (*, out_features)
    weight (out_features, in1_features, in2_features), bias (out_features)
    """

    def __init__(self, in1_features: int, in2_features: int,
                 out_features: int, bias: bool = True, device: Any = None,
                 dtype: Any = None):
        super().__init__()
        kind = dict(device=device, dtype=dtype)
        self.weight = Parameter(torch.empty(
            out_features, in1_features, in2_features, **kind))
        self.register_parameter(
            "bias", Parameter(torch.empty(out_features, **kind))
            if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """U(±1 / √in1_features)"""
        bound = 1 / math.sqrt(self.weight.shape[1])
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        left = (input1[..., None, None, :] @ self.weight).squeeze(-2)
        y = (left * input2.unsqueeze(-2)).sum(-1)
        return y if self.bias is None else y + self.bias
