"""Losses of margins as layers: between classes, pairs and triplets."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import Module

import torchref.nn.loss as losses
from torchref.nn.distance import pairwise_distance
from torchref.nn.loss import reduce

__all__ = [
    "MultiMarginLoss", "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss",
    "SoftMarginLoss", "HingeEmbeddingLoss", "MarginRankingLoss",
    "CosineEmbeddingLoss", "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
]


class _Loss(Module):
    """reduction: "mean", "sum" or "none" of the entries' losses.
    weight: how much each class counts; a buffer where there is one."""

    def __init__(self, *, reduction: str = "mean"):
        super().__init__()
        self.reduction = reduction


# ---- between classes

class MultiMarginLoss(_Loss):
    """w_y Σ max(0, m - x_y + x_c)ᵖ / C over the classes c other than y"""

    weight: Tensor | None

    def __init__(self, p: int = 1, margin: float = 1.0,
                 weight: Tensor | None = None, *, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.p, self.margin = p, margin
        self.register_buffer("weight", weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return losses.multi_margin_loss(
            input, target, self.p, self.margin, self.weight, self.reduction)


class MultiLabelMarginLoss(_Loss):
    """Σ max(0, 1 - x_y + x_c) / C over right classes y and wrong ones c

    The right classes of a row of targets end at its first -1.
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return losses.multilabel_margin_loss(input, target, self.reduction)


class MultiLabelSoftMarginLoss(_Loss):
    """-Σ w (y log σ(x) + (1 - y) log σ(-x)) / C over the classes"""

    weight: Tensor | None

    def __init__(self, weight: Tensor | None = None, *,
                 reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return losses.multilabel_soft_margin_loss(
            input, target, self.weight, self.reduction)


class SoftMarginLoss(_Loss):
    """log(1 + e⁻ʸˣ) of targets ±1"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return losses.soft_margin_loss(input, target, self.reduction)


# ---- between pairs

class _MarginLoss(_Loss):
    """A loss with a margin, its first argument."""

    def __init__(self, margin: float = 0.0, *, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.margin = margin


class HingeEmbeddingLoss(_MarginLoss):
    """x where y = 1, max(0, m - x) where y = -1"""

    def __init__(self, margin: float = 1.0, *, reduction: str = "mean"):
        super().__init__(margin, reduction=reduction)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return losses.hinge_embedding_loss(
            input, target, self.margin, self.reduction)


class MarginRankingLoss(_MarginLoss):
    """max(0, m - y (x₁ - x₂))"""

    def forward(self, input1: Tensor, input2: Tensor,
                target: Tensor) -> Tensor:
        return losses.margin_ranking_loss(
            input1, input2, target, self.margin, self.reduction)


class CosineEmbeddingLoss(_MarginLoss):
    """1 - cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) - m) where y = -1"""

    def forward(self, input1: Tensor, input2: Tensor,
                target: Tensor) -> Tensor:
        x1, x2, y = input1, input2, target
        # torch: here each squared length grows by ε; cosine_similarity bounds
        square1, square2 = ((x * x).sum(-1) + 1e-12 for x in (x1, x2))
        cos = (x1 * x2).sum(-1) / (square1 * square2).sqrt()
        near = torch.where(y == 1, 1 - cos, 0.0)
        far = torch.where(y == -1, (cos - self.margin).clamp(min=0), 0.0)
        return reduce(near + far, self.reduction)


# ---- between triplets

class TripletMarginLoss(_Loss):
    """max(0, m + ‖a - p‖ - ‖a - n‖)"""

    def __init__(self, margin: float = 1.0, p: float = 2.0,
                 eps: float = 1e-6, swap: bool = False, *,
                 reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.margin, self.p, self.eps, self.swap = margin, p, eps, swap

    def forward(self, anchor: Tensor, positive: Tensor,
                negative: Tensor) -> Tensor:
        return losses.triplet_margin_loss(
            anchor, positive, negative, self.margin, self.p, self.eps,
            self.swap, self.reduction)


class TripletMarginWithDistanceLoss(_Loss):
    """max(0, m + d(a, p) - d(a, n)) of any distance d"""

    def __init__(self, *, distance_function: Callable[
            [Tensor, Tensor], Tensor] | None = None, margin: float = 1.0,
            swap: bool = False, reduction: str = "mean"):
        super().__init__(reduction=reduction)
        self.distance_function = distance_function or pairwise_distance
        self.margin, self.swap = margin, swap

    def forward(self, anchor: Tensor, positive: Tensor,
                negative: Tensor) -> Tensor:
        d = self.distance_function
        near, far = d(anchor, positive), d(anchor, negative)
        if self.swap:
            far = torch.minimum(far, d(positive, negative))
        return reduce((self.margin + near - far).clamp(min=0),
                      self.reduction)
