"""Linear layers."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn.init import kaiming_uniform_, uniform_

__all__ = ["linear", "bilinear", "Identity", "Linear", "Bilinear"]


def linear(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """y = x Wᵀ + b

    x (*, in), W (out, in), b (out) -> y (*, out)
    """
    y = x @ w.mT
    return y if b is None else y + b


def bilinear(x1: Tensor, x2: Tensor, w: Tensor,
             b: Tensor | None = None) -> Tensor:
    """yₖ = x₁ᵀ Wₖ x₂ + bₖ

    x₁ (*, I), x₂ (*, J), W (out, I, J), b (out) -> y (*, out)
    """
    left = (x1[..., None, None, :] @ w).squeeze(-2)
    y = (left * x2.unsqueeze(-2)).sum(-1)
    return y if b is None else y + b


class Identity(Module):
    """y = x; any arguments are let pass"""

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
                 bias: bool = True):
        super().__init__()
        self.weight = Parameter(torch.empty(out_features, in_features))
        self.bias = Parameter(torch.empty(out_features)) if bias else None
        kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(in_features)
            uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        return linear(input, self.weight, self.bias)


class Bilinear(Module):
    """yₖ = x₁ᵀ Wₖ x₂ + bₖ

    x₁ (*, in1_features), x₂ (*, in2_features) -> y (*, out_features)
    weight (out_features, in1_features, in2_features), bias (out_features)
    """

    def __init__(self, in1_features: int, in2_features: int,
                 out_features: int, bias: bool = True):
        super().__init__()
        self.weight = Parameter(torch.empty(
            out_features, in1_features, in2_features))
        self.bias = Parameter(torch.empty(out_features)) if bias else None
        bound = 1 / math.sqrt(in1_features)
        uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return bilinear(input1, input2, self.weight, self.bias)
