"""Losses of margins as layers: between classes, pairs and triplets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..tensor import Tensor
from . import functional as F
from ._loss_functions import legacy
from .distance import PairwiseDistance
from .loss import _Loss, _WeightedLoss
from .module import Module

__all__ = [
    "MultiMarginLoss", "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss",
    "SoftMarginLoss", "HingeEmbeddingLoss", "MarginRankingLoss",
    "CosineEmbeddingLoss", "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
]


# ---- between classes

class MultiMarginLoss(_WeightedLoss):
    """w_y Σ max(0, m - x_y + x_c)ᵖ / C over the classes c other than y"""

    def __init__(self, p: int = 1, margin: float = 1.0,
                 weight: Tensor | None = None, size_average: Any = None,
                 reduce: Any = None, reduction: str = "mean"):
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise ValueError("only p == 1 and p == 2 supported")
        if weight is not None and weight.ndim != 1:
            raise ValueError(
                "MultiMarginLoss: expected weight to be None or 1D tensor, "
                f"got {weight.ndim}D instead")
        self.p, self.margin = p, margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multi_margin_loss(
            input, target, p=self.p, margin=self.margin, weight=self.weight,
            reduction=self.reduction)


class MultiLabelMarginLoss(_Loss):
    """Σ max(0, 1 - x_y + x_c) / C over right classes y and wrong ones c

    The right classes of a row of targets end at its first -1.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_margin_loss(input, target,
                                        reduction=self.reduction)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """-Σ w (y log σ(x) + (1 - y) log σ(-x)) / C over the classes"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_soft_margin_loss(
            input, target, weight=self.weight, reduction=self.reduction)


class SoftMarginLoss(_Loss):
    """log(1 + e⁻ʸˣ) of targets ±1"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.soft_margin_loss(input, target, reduction=self.reduction)


# ---- between pairs

class _MarginLoss(_Loss):
    """A loss with a margin, its first argument."""

    def __init__(self, margin: float = 0.0, size_average: Any = None,
                 reduce: Any = None, reduction: str = "mean"):
        super().__init__()
        self.reduction = legacy(size_average, reduce, reduction, 4)
        self.margin = margin


class HingeEmbeddingLoss(_MarginLoss):
    """x where y = 1, max(0, m - x) where y = -1"""

    def __init__(self, margin: float = 1.0, size_average: Any = None,
                 reduce: Any = None, reduction: str = "mean"):
        super().__init__(margin, size_average, reduce, reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.hinge_embedding_loss(input, target, margin=self.margin,
                                      reduction=self.reduction)


class MarginRankingLoss(_MarginLoss):
    """max(0, m - y (x₁ - x₂))"""

    def forward(self, input1: Tensor, input2: Tensor,
                target: Tensor) -> Tensor:
        return F.margin_ranking_loss(input1, input2, target,
                                     margin=self.margin,
                                     reduction=self.reduction)


class CosineEmbeddingLoss(_MarginLoss):
    """1 - cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) - m) where y = -1"""

    def forward(self, input1: Tensor, input2: Tensor,
                target: Tensor) -> Tensor:
        return F.cosine_embedding_loss(input1, input2, target,
                                       margin=self.margin,
                                       reduction=self.reduction)


# ---- between triplets

def check_margin(loss: Module, margin: float) -> None:
    if margin <= 0:
        raise ValueError(
            f"{type(loss).__name__}: expected margin to be greater than 0, "
            f"got {margin} instead")


class TripletMarginLoss(_Loss):
    """max(0, m + ‖a - p‖ - ‖a - n‖)"""

    def __init__(self, margin: float = 1.0, p: float = 2.0,
                 eps: float = 1e-6, swap: bool = False,
                 size_average: Any = None, reduce: Any = None,
                 reduction: str = "mean"):
        super().__init__(size_average, reduce, reduction)
        check_margin(self, margin)
        self.margin, self.p, self.eps, self.swap = margin, p, eps, swap

    def forward(self, anchor: Tensor, positive: Tensor,
                negative: Tensor) -> Tensor:
        return F.triplet_margin_loss(
            anchor, positive, negative, margin=self.margin, p=self.p,
            eps=self.eps, swap=self.swap, reduction=self.reduction)


class TripletMarginWithDistanceLoss(_Loss):
    """max(0, m + d(a, p) - d(a, n)) of any distance d"""

    def __init__(self, *, distance_function: Callable[
            [Tensor, Tensor], Tensor] | None = None, margin: float = 1.0,
            swap: bool = False, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        check_margin(self, margin)
        self.distance_function = (PairwiseDistance() if distance_function
                                  is None else distance_function)
        self.margin, self.swap = margin, swap

    def forward(self, anchor: Tensor, positive: Tensor,
                negative: Tensor) -> Tensor:
        return F.triplet_margin_with_distance_loss(
            anchor, positive, negative, margin=self.margin, swap=self.swap,
            distance_function=self.distance_function,
            reduction=self.reduction)
