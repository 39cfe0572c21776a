"""A layer and the batch norm behind it as one layer, for evaluation.

γ (W x + b - μ) / √(σ² + ε) + β is a layer again, with weights s W and
s (b - μ) + β where s = γ / √(σ² + ε).
"""

from __future__ import annotations

import copy
from typing import Any

from ...tensor import Tensor
from ..parameter import Parameter

__all__ = ["fuse_conv_bn_eval", "fuse_conv_bn_weights",
           "fuse_linear_bn_eval", "fuse_linear_bn_weights"]

Fused = tuple[Parameter, Parameter]


def fuse_conv_bn_eval(conv: Any, bn: Any, transpose: bool = False) -> Any:
    """A convolution that does what conv and then bn do."""
    fused = checked_copy(conv, bn)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps,
        bn.weight, bn.bias, transpose)
    return fused


def fuse_linear_bn_eval(linear: Any, bn: Any) -> Any:
    """A linear layer that does what linear and then bn do."""
    if bn.num_features not in (1, linear.out_features):
        raise AssertionError(
            "To fuse, linear.out_features == bn.num_features or "
            "bn.num_features == 1, got linear.out_features="
            f"{linear.out_features} and bn.num_features={bn.num_features}")
    fused = checked_copy(linear, bn)
    fused.weight, fused.bias = fuse_linear_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps,
        bn.weight, bn.bias)
    return fused


def checked_copy(layer: Any, bn: Any) -> Any:
    """A copy of the layer; refused in training or without statistics."""
    if layer.training or bn.training:
        raise AssertionError("Fusion only for eval!")
    if bn.running_mean is None or bn.running_var is None:
        raise AssertionError(
            "bn.running_mean and bn.running_var must not be None")
    return copy.deepcopy(layer)


def fuse_conv_bn_weights(
        conv_w: Tensor, conv_b: Tensor | None, bn_rm: Tensor, bn_rv: Tensor,
        bn_eps: float, bn_w: Tensor | None, bn_b: Tensor | None,
        transpose: bool = False) -> Fused:
    """Weight (O, C, *) and bias (O) of the two in one; transpose: (C, O, *)"""
    shape = [1] * conv_w.dim()
    shape[1 if transpose else 0] = -1
    scale = (bn_rm.new_ones(bn_rm.shape) if bn_w is None else bn_w) * (
        bn_rv + bn_eps).rsqrt()
    return fused(conv_w, conv_b, scale.reshape(shape), scale, bn_rm,
                 bn_rm.new_zeros(bn_rm.shape) if bn_b is None else bn_b)


def fuse_linear_bn_weights(
        linear_w: Tensor, linear_b: Tensor | None, bn_rm: Tensor,
        bn_rv: Tensor, bn_eps: float, bn_w: Tensor, bn_b: Tensor) -> Fused:
    """Weight (O, I) and bias (O) of the two in one"""
    scale = bn_w * (bn_rv + bn_eps).rsqrt()
    return fused(linear_w, linear_b, scale.unsqueeze(-1), scale, bn_rm, bn_b)


def fused(w: Tensor, b: Tensor | None, by_row: Tensor, scale: Tensor,
          mean: Tensor, shift: Tensor) -> Fused:
    """s W and s (b - μ) + β, in the dtypes of W and b"""
    kind = w.dtype if b is None else b.dtype
    start = mean.new_zeros(mean.shape) if b is None else b
    bias = ((start - mean) * scale + shift).to(dtype=kind)
    weight = (w * by_row).to(dtype=w.dtype)
    return (Parameter(weight.detach(), w.requires_grad),
            Parameter(bias.detach(), start.requires_grad))
