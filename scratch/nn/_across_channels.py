"""Caffe's way across channels: a sum that slides, and its own backward.

torch copied both, and their slips: the first channel is never taken out of
the sum again, and backward knows nothing of that.
"""

from __future__ import annotations

from typing import Any

from ..autograd.function import Function, once_differentiable
from ..ops.combine import select, stack
from ..ops.operands import torch_name
from ..tensor import Tensor


class CrossMapLRN2d(Function):
    """y = x s^-β, s = k + α/n · Σ x² of the channels nearer than (n + 1)/2

    x, y (N, C, H, W)
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, size: int, alpha: float, beta: float,
                k: float) -> Tensor:
        """The channels one after the other: add the next, take off one."""
        if x.ndim != 4:
            raise ValueError("CrossMapLRN2d: Expected input to be 4D, got "
                             f"{x.ndim}D instead.")
        if not (x.is_floating_point() or x.is_complex()):
            raise RuntimeError("result type Float can't be cast to the "
                               f"desired output type {torch_name(x.dtype)}")
        square, channels, reach = x * x, x.shape[1], (size + 1) // 2
        total = select(square, 1, 0)
        for c in range(1, min(reach, channels)):
            total = total + square[:, c]
        sums = [total]
        for c in range(1, channels):
            if c + reach <= channels:
                total = total + square[:, c + reach - 1]
            if c > reach:  # torch: c = reach should take off channel 0
                total = total - square[:, c - reach]
            sums.append(total)
        ctx.scale = stack(sums, 1) * (alpha / size) + k
        ctx.size, ctx.alpha, ctx.beta = size, alpha, beta
        y = ctx.scale ** -beta * x
        ctx.save_for_backward(x, y)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple:
        """dx = g s^-β - 2αβ/n x · the sum of g y / s over n neighbours"""
        x, y = ctx.saved_tensors
        n, c, h, w = x.shape
        size = ctx.size
        ratio = x.new_zeros(n, c + size - 1, h, w)
        # torch: of an even number of neighbours backward sees other ones
        ratio.narrow(1, size - size // 2, c).copy_(grad * y / ctx.scale)
        near = ratio.unfold(1, size, 1).sum(-1)
        slope = 2 * ctx.alpha * ctx.beta / size
        return (grad * ctx.scale ** -ctx.beta - x * near * slope,
                None, None, None, None)
