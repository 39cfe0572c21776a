"""Losses as layers: what is minimized."""

from __future__ import annotations

import math
from typing import Any

from ..tensor import Tensor
from . import functional as F
from ._linear_loss_functions import LinearCrossEntropyOptions
from ._loss_functions import legacy
from .linear import Linear
from .module import Module

__all__ = ["L1Loss", "MSELoss", "SmoothL1Loss", "HuberLoss", "NLLLoss",
           "NLLLoss2d", "CrossEntropyLoss", "LinearCrossEntropyLoss",
           "LinearCrossEntropyOptions", "BCELoss", "BCEWithLogitsLoss",
           "CTCLoss"]


class _Loss(Module):
    """reduction: "mean", "sum" or "none" of the entries' losses."""

    def __init__(self, size_average: Any = None, reduce: Any = None,
                 reduction: str = "mean"):
        super().__init__()
        self.reduction = legacy(size_average, reduce, reduction, 4)


class _WeightedLoss(_Loss):
    """weight: how much each class or entry counts; a buffer."""

    def __init__(self, weight: Tensor | None = None,
                 size_average: Any = None, reduce: Any = None,
                 reduction: str = "mean"):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


class MSELoss(_Loss):
    """(x - y)²"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(_Loss):
    """|x - y|"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """(x - y)² / 2β where |x - y| < β, else |x - y| - β/2"""

    def __init__(self, size_average: Any = None, reduce: Any = None,
                 reduction: str = "mean", beta: float = 1.0):
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.smooth_l1_loss(input, target, reduction=self.reduction,
                                beta=self.beta)


class HuberLoss(_Loss):
    """(x - y)² / 2 where |x - y| ≤ δ, else δ (|x - y| - δ/2)"""

    def __init__(self, reduction: str = "mean", delta: float = 1.0):
        super().__init__(reduction=reduction)
        if not isinstance(delta, (int, float)):
            raise TypeError(
                f"delta must be a float or int, got: {type(delta)}")
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(input, target, reduction=self.reduction,
                            delta=self.delta)


class NLLLoss(_WeightedLoss):
    """-w_y x_y of log-probabilities x (N, C, *) and classes y (N, *)

    "mean" divides by Σ w_y; targets equal to ignore_index count nothing.
    """

    def __init__(self, weight: Tensor | None = None,
                 size_average: Any = None, ignore_index: int = -100,
                 reduce: Any = None, reduction: str = "mean"):
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(input, target, weight=self.weight,
                          ignore_index=self.ignore_index,
                          reduction=self.reduction)


class NLLLoss2d(NLLLoss):
    """NLLLoss under its old name."""


class CrossEntropyLoss(_WeightedLoss):
    """-Σ p log softmax(x): x (N, C, *), y (N, *) classes or (N, C, *)
    probabilities"""

    def __init__(self, weight: Tensor | None = None,
                 size_average: Any = None, ignore_index: int = -100,
                 reduce: Any = None, reduction: str = "mean",
                 label_smoothing: float = 0.0):
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(input, target, weight=self.weight,
                               ignore_index=self.ignore_index,
                               reduction=self.reduction,
                               label_smoothing=self.label_smoothing)


class LinearCrossEntropyLoss(_WeightedLoss):
    """cross_entropy(x Wᵀ + b, y) with a linear map of its own: x (N, I)

    W (C · ∏out_features, I); y (N, *out_features) or (N, C, *out_features)
    """

    def __init__(self, in_features: int, num_classes: int, *,
                 out_features: tuple[int, ...] = (), bias: bool = False,
                 device: Any = None, dtype: Any = None,
                 reduction: str = "mean", weight: Tensor | None = None,
                 ignore_index: int | None = None,
                 label_smoothing: float = 0.0,
                 options: LinearCrossEntropyOptions | None = None):
        if weight is not None and tuple(weight.shape) != (num_classes,):
            raise RuntimeError(f"expected weight shape to be {(num_classes,)}"
                               f", got {tuple(weight.shape)}")
        if label_smoothing < 0 or label_smoothing > 1.0:
            raise RuntimeError("expected label_smoothing to be in range "
                               f"[0, 1], got {label_smoothing}")
        super().__init__(weight, reduction=reduction)
        self.num_classes, self.out_features = num_classes, out_features
        self.ignore_index = ignore_index
        self.label_smoothing, self.options = label_smoothing, options
        self.linear = Linear(
            in_features, math.prod(out_features, start=num_classes),
            bias=bias, device=device, dtype=dtype)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        outcomes, b = (self.num_classes, *self.out_features), self.linear.bias
        return F.linear_cross_entropy(
            input, self.linear.weight.reshape(*outcomes, -1), target,
            linear_bias=None if b is None else b.reshape(outcomes),
            weight=self.weight, reduction=self.reduction,
            ignore_index=self.ignore_index, options=self.options,
            label_smoothing=self.label_smoothing)

    def extra_repr(self) -> str:
        names = ("num_classes", "out_features", "bias", "reduction",
                 "ignore_index", "label_smoothing", "options")
        told = vars(self) | {"bias": self.linear.bias is not None}
        return f"in_features={self.linear.in_features}, " + ", ".join(
            f"{name}={told[name]}" for name in names)


class BCELoss(_WeightedLoss):
    """-w (y log x + (1 - y) log(1 - x)) of probabilities x"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy(input, target, weight=self.weight,
                                      reduction=self.reduction)


class BCEWithLogitsLoss(_Loss):
    """BCELoss of σ(x); pos_weight weighs the positive targets"""

    def __init__(self, weight: Tensor | None = None,
                 size_average: Any = None, reduce: Any = None,
                 reduction: str = "mean", pos_weight: Tensor | None = None):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight,
            reduction=self.reduction)


class CTCLoss(_Loss):
    """-log P(text) of log-probabilities (T, N, C), the letters' times
    unknown (Graves et al., 2006)

    zero_infinity: a text that does not fit into its time counts nothing.
    """

    def __init__(self, blank: int = 0, reduction: str = "mean",
                 zero_infinity: bool = False):
        super().__init__(reduction=reduction)
        self.blank, self.zero_infinity = blank, zero_infinity

    def forward(self, log_probs: Tensor, targets: Tensor,
                input_lengths: Any, target_lengths: Any) -> Tensor:
        return F.ctc_loss(log_probs, targets, input_lengths, target_lengths,
                          self.blank, self.reduction, self.zero_infinity)
