"""Normalization that also tells by what it normalized: native_layer_norm
and its kin return y, the means, and one over the deviations."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..tensor import Tensor
from . import normalization
from .operands import named

__all__ = ["native_batch_norm", "native_group_norm", "native_layer_norm"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def moments(x: Tensor, axes: list, eps: float, keep: bool) -> tuple:
    """The mean, and 1 / √(variance + ε)"""
    spread = x.var(axes, correction=0, keepdim=keep)
    return x.mean(axes, keep), (spread + eps).rsqrt()


def native_layer_norm(input: Tensor, normalized_shape: Any,
                      weight: Tensor | None, bias: Tensor | None, eps: float
                      ) -> tuple[Tensor, Tensor, Tensor]:
    """layer_norm; the mean and 1 / deviation of each (kept) part"""
    y = normalization.layer_norm(input, normalized_shape, weight, bias, eps)
    first = input.array.ndim - len(normalized_shape)
    axes = list(range(first, input.array.ndim))
    with no_grad():
        mean, scale = moments(input, axes, eps, True)
    # torch: halves with parameters in float32 are measured in float32
    if weight is not None and weight.dtype is not input.dtype:
        mean, scale = mean.to(weight.dtype), scale.to(weight.dtype)
    return y, mean, scale


def native_group_norm(input: Tensor, weight: Tensor | None,
                      bias: Tensor | None, N: int, C: int, HxW: int,
                      group: int, eps: float
                      ) -> tuple[Tensor, Tensor, Tensor]:
    """group_norm of x (N, C, *); the moments are (N, G)"""
    y = normalization.group_norm(input, group, weight, bias, eps)
    parts = input.reshape(N, group, C // group * HxW)
    mean, scale = moments(parts, [2], eps, False)
    name = "NativeGroupNormBackward0"
    return named(y, name), named(mean, name), named(scale, name)


def native_batch_norm(input: Tensor, weight: Tensor | None,
                      bias: Tensor | None, running_mean: Tensor | None,
                      running_var: Tensor | None, training: bool,
                      momentum: float, eps: float
                      ) -> tuple[Tensor, Tensor, Tensor]:
    """batch_norm; the moments (C) of the batch, none when it is not used"""
    for name, moment in (("running_mean", running_mean),
                         ("running_var", running_var)):
        if moment is None and not training:
            raise ValueError(f"{name} must be defined in evaluation mode")
    y = normalization.batch_norm(input, weight, bias, running_mean,
                                 running_var, training, momentum, eps)
    if not training:
        return y, input.new_empty(0), input.new_empty(0)
    axes = [d for d in range(input.array.ndim) if d != 1]
    with no_grad():
        mean, scale = moments(input, axes, eps, False)
    return y, mean, scale
