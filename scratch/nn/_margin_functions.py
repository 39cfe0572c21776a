"""The losses of margins in nn.functional, by torch's signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..ops import margin_losses as margins
from ..ops import similarity_losses as similarities
from ..ops.activation import logsigmoid
from ..ops.distance import pairwise_distance
from ..ops.loss import check_reduction
from ..ops.loss import reduce as reduce_by
from ..ops.minmax import minimum
from ..tensor import Tensor
from ._loss_functions import legacy


def multi_margin_loss(input: Tensor, target: Tensor, p: int = 1,
                      margin: float = 1.0, weight: Tensor | None = None,
                      size_average: Any = None, reduce: Any = None,
                      reduction: str = "mean") -> Tensor:
    """w_y Σ max(0, m - x_y + x_c)ᵖ / C over the classes c other than y"""
    reduction = legacy(size_average, reduce, reduction)
    check_reduction(reduction)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight.ndim != 1:
        raise ValueError("weight must be one-dimensional")
    return margins.multi_margin_loss(input, target, p, margin, weight,
                                     reduction)


def multilabel_margin_loss(input: Tensor, target: Tensor,
                           size_average: Any = None, reduce: Any = None,
                           reduction: str = "mean") -> Tensor:
    """Σ max(0, 1 - x_y + x_c) / C over right classes y and wrong ones c"""
    reduction = legacy(size_average, reduce, reduction)
    return margins.multilabel_margin_loss(input, target, reduction)


def multilabel_soft_margin_loss(
        input: Tensor, target: Tensor, weight: Tensor | None = None,
        size_average: Any = None, reduce: Any = None,
        reduction: str = "mean") -> Tensor:
    """-Σ w (y log σ(x) + (1 - y) log σ(-x)) / C over the classes"""
    reduction = legacy(size_average, reduce, reduction)
    x, y = input, target
    loss = -(y * logsigmoid(x) + (1 - y) * logsigmoid(-x))
    if weight is not None:
        loss = loss * weight
    loss = loss.sum(dim=x.ndim - 1) / x.size(x.ndim - 1)
    if reduction not in ("none", "mean", "sum"):
        raise (ValueError if isinstance(reduction, str) else TypeError)(
            f"{reduction} is not valid")
    return reduce_by(loss, reduction)


def soft_margin_loss(input: Tensor, target: Tensor, size_average: Any = None,
                     reduce: Any = None, reduction: str = "mean") -> Tensor:
    """log(1 + e⁻ʸˣ) of targets ±1"""
    reduction = legacy(size_average, reduce, reduction)
    return margins.soft_margin_loss(input, target, reduction)


def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0,
                         size_average: Any = None, reduce: Any = None,
                         reduction: str = "mean") -> Tensor:
    """x where y = 1, max(0, m - x) where y = -1"""
    reduction = legacy(size_average, reduce, reduction)
    return similarities.hinge_embedding_loss(input, target, margin,
                                             reduction)


def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor,
                        margin: float = 0, size_average: Any = None,
                        reduce: Any = None,
                        reduction: str = "mean") -> Tensor:
    """max(0, m - y (x₁ - x₂))"""
    reduction = legacy(size_average, reduce, reduction)
    check_reduction(reduction)
    if not input1.ndim == input2.ndim == target.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same "
            f"dimension but got sizes: input1: {input1.size()}, input2: "
            f"{input2.size()}, target: {target.size()} ")
    return similarities.margin_ranking_loss(input1, input2, target, margin,
                                            reduction)


def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor,
                          margin: float = 0, size_average: Any = None,
                          reduce: Any = None,
                          reduction: str = "mean") -> Tensor:
    """1 - cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) - m) where y = -1"""
    reduction = legacy(size_average, reduce, reduction)
    check_reduction(reduction)
    return similarities.cosine_embedding_loss(input1, input2, target, margin,
                                              reduction)


def check_margin(margin: float) -> None:
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")


def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor,
                        margin: float = 1.0, p: float = 2, eps: float = 1e-6,
                        swap: bool = False, size_average: Any = None,
                        reduce: Any = None,
                        reduction: str = "mean") -> Tensor:
    """max(0, m + ‖a - p‖ - ‖a - n‖)"""
    reduction = legacy(size_average, reduce, reduction)
    check_reduction(reduction)
    check_margin(margin)
    return similarities.triplet_margin_loss(
        anchor, positive, negative, margin, p, eps, swap, reduction)


def triplet_margin_with_distance_loss(
        anchor: Tensor, positive: Tensor, negative: Tensor, *,
        distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
        margin: float = 1.0, swap: bool = False,
        reduction: str = "mean") -> Tensor:
    """max(0, m + d(a, p) - d(a, n)) of any distance d"""
    check_reduction(reduction)
    check_margin(margin)
    similarities.check_triplet(anchor, positive, negative)
    distance = distance_function or pairwise_distance
    near = distance(anchor, positive)
    far = distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    return reduce_by((margin + near - far).clamp_min(0), reduction)
