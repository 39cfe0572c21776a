"""The losses of nn.functional: torch's signatures, old arguments too."""

from __future__ import annotations

import warnings
from typing import Any

from ..ops import classification, loss
from ..ops.kinds import check_comparable, typed
from ..tensor import Tensor


def legacy(size_average: Any, reduce: Any, reduction: str,
           stacklevel: int = 4) -> str:
    """The reduction that the old arguments mean, if they are given."""
    if size_average is None and reduce is None:
        return reduction
    if reduce is False:
        found = "none"
    else:
        found = "sum" if size_average is False else "mean"
    warnings.warn("size_average and reduce args will be deprecated, please "
                  f"use reduction='{found}' instead.", stacklevel=stacklevel)
    return found


def warn_of_sizes(x: Tensor, y: Tensor) -> None:
    """Warn where the target is not of the input's shape."""
    if y.shape != x.shape:
        warnings.warn(
            f"Using a target size ({y.shape}) that is different to the input"
            f" size ({x.shape}). This will likely lead to incorrect results "
            "due to broadcasting. Please ensure they have the same size.",
            stacklevel=4)


def weighted(each: Tensor, weight: Tensor, x: Tensor,
             reduction: str) -> Tensor:
    """Σ w each / Σ w, or without the quotient, or without the sum."""
    if weight.shape != x.shape:
        raise ValueError("Weights and input must have the same size.")
    product = each * weight
    if reduction == "none":
        return product
    if reduction == "sum":
        return product.sum()
    if reduction != "mean":
        raise ValueError(f"Invalid reduction mode: {reduction}. Expected one"
                         " of 'none', 'mean', 'sum'.")
    return product.sum() / weight.sum()


def mse_loss(input: Tensor, target: Tensor, size_average: Any = None,
             reduce: Any = None, reduction: str = "mean",
             weight: Tensor | None = None) -> Tensor:
    """(x - y)²"""
    warn_of_sizes(input, target)
    reduction = legacy(size_average, reduce, reduction)
    if weight is None:
        return loss.mse_loss(input, target, reduction)
    return weighted((input - target) ** 2, weight, input, reduction)


def l1_loss(input: Tensor, target: Tensor, size_average: Any = None,
            reduce: Any = None, reduction: str = "mean",
            weight: Tensor | None = None) -> Tensor:
    """|x - y|"""
    warn_of_sizes(input, target)
    reduction = legacy(size_average, reduce, reduction)
    if weight is None:
        return loss.l1_loss(input, target, reduction)
    return weighted((input - target).abs(), weight, input, reduction)


def smooth_l1_loss(input: Tensor, target: Tensor, size_average: Any = None,
                   reduce: Any = None, reduction: str = "mean",
                   beta: float = 1.0) -> Tensor:
    """(x - y)² / 2β where |x - y| < β, else |x - y| - β/2"""
    check_comparable(beta, "smooth_l1_loss(): argument 'beta'")
    warn_of_sizes(input, target)
    reduction = legacy(size_average, reduce, reduction)
    return loss.smooth_l1_loss(input, target, reduction, beta)


def huber_loss(input: Tensor, target: Tensor, reduction: str = "mean",
               delta: float = 1.0, weight: Tensor | None = None) -> Tensor:
    """(x - y)² / 2 where |x - y| ≤ δ, else δ (|x - y| - δ/2)"""
    warn_of_sizes(input, target)
    if weight is None:
        return loss.huber_loss(input, target, reduction, delta)
    each = loss.huber_loss(input, target, "none", delta)
    if reduction == "mean":  # torch: here the mean is over the entries
        return weighted(each, weight, input, "none").mean()
    return weighted(each, weight, input, reduction)


def nll_loss(input: Tensor, target: Tensor, weight: Tensor | None = None,
             size_average: Any = None, ignore_index: int = -100,
             reduce: Any = None, reduction: str = "mean") -> Tensor:
    """-w_y x_y of log-probabilities x (N, C, *) and classes y (N, *)"""
    reduction = legacy(size_average, reduce, reduction)
    return classification.nll_loss(input, target, weight,
                                   ignore_index=ignore_index,
                                   reduction=reduction)


def cross_entropy(input: Tensor, target: Tensor,
                  weight: Tensor | None = None, size_average: Any = None,
                  ignore_index: int = -100, reduce: Any = None,
                  reduction: str = "mean",
                  label_smoothing: float = 0.0) -> Tensor:
    """nll_loss of log_softmax(x); y are classes or probabilities"""
    reduction = legacy(size_average, reduce, reduction)
    return classification.cross_entropy(input, target, weight, ignore_index,
                                        reduction, label_smoothing)


@typed(weight="methods?")
def binary_cross_entropy(input: Tensor, target: Tensor,
                         weight: Tensor | None = None,
                         size_average: Any = None, reduce: Any = None,
                         reduction: str = "mean") -> Tensor:
    """-(y log x + (1 - y) log(1 - x)) of probabilities x"""
    reduction = legacy(size_average, reduce, reduction)
    loss.check_reduction(reduction)
    if target.shape != input.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the "
            f"input size ({input.shape}) is deprecated. Please ensure they "
            "have the same size.")
    return loss.binary_cross_entropy(input, target, weight, reduction)


def binary_cross_entropy_with_logits(
        input: Tensor, target: Tensor, weight: Tensor | None = None,
        size_average: Any = None, reduce: Any = None,
        reduction: str = "mean", pos_weight: Tensor | None = None) -> Tensor:
    """binary_cross_entropy of σ(x), without overflow"""
    reduction = legacy(size_average, reduce, reduction)
    loss.check_reduction(reduction)
    if target.shape != input.shape:
        raise ValueError(f"Target size ({target.shape}) must be the same as "
                         f"input size ({input.shape})")
    return loss.binary_cross_entropy_with_logits(input, target, weight,
                                                 reduction, pos_weight)
