"""Losses: what is minimized."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import Module

from torchref.nn._alignment_functions import ctc_loss
from torchref.nn.activation import log_softmax, logsigmoid
from torchref.nn.distance import (
    cosine_similarity,
    one_hot,
    pairwise_distance,
)

__all__ = ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "nll_loss",
           "cross_entropy", "binary_cross_entropy",
           "binary_cross_entropy_with_logits", "kl_div", "poisson_nll_loss",
           "gaussian_nll_loss", "multi_margin_loss",
           "multilabel_margin_loss", "multilabel_soft_margin_loss",
           "soft_margin_loss", "hinge_embedding_loss", "margin_ranking_loss",
           "cosine_embedding_loss", "triplet_margin_loss", "MSELoss", "L1Loss",
           "SmoothL1Loss", "HuberLoss", "NLLLoss", "CrossEntropyLoss",
           "BCELoss", "BCEWithLogitsLoss", "CTCLoss"]


def reduce(each: Tensor, reduction: str) -> Tensor:
    """The entries of a loss, their sum or their mean."""
    if reduction == "none":
        return each
    return each.mean() if reduction == "mean" else each.sum()


# ---- numbers

def mse_loss(x: Tensor, y: Tensor, reduction: str = "mean") -> Tensor:
    """(x - y)²"""
    return reduce((x - y) ** 2, reduction)


def l1_loss(x: Tensor, y: Tensor, reduction: str = "mean") -> Tensor:
    """|x - y|"""
    return reduce((x - y).abs(), reduction)


def smooth_l1_loss(x: Tensor, y: Tensor, reduction: str = "mean",
                   beta: float = 1.0) -> Tensor:
    """(x - y)² / 2β where |x - y| < β, else |x - y| - β/2
    (Girshick, 2015)"""
    z = (x - y).abs()
    each = torch.where(z < beta, 0.5 * z * z / beta, z - 0.5 * beta)
    return reduce(each, reduction)


def huber_loss(x: Tensor, y: Tensor, reduction: str = "mean",
               delta: float = 1.0) -> Tensor:
    """(x - y)² / 2 where |x - y| ≤ δ, else δ (|x - y| - δ/2)
    (Huber, 1964)"""
    z = (x - y).abs()
    each = torch.where(z <= delta, 0.5 * z * z, delta * (z - 0.5 * delta))
    return reduce(each, reduction)


# ---- classes

def nll_loss(x: Tensor, y: Tensor, weight: Tensor | None = None,
             ignore_index: int = -100, reduction: str = "mean") -> Tensor:
    """-w_y x_y, averaged over Σ w_y; targets ignore_index count nothing

    x (N, C, *) of log-probabilities, y (N, *) of classes
    """
    counted = y != ignore_index
    y = torch.where(counted, y, 0)
    w = torch.ones_like(x[0, :, ...].flatten()[:x.shape[1]]) if (
        weight is None) else weight
    w = torch.where(counted, w[y], 0.0)
    each = -w * x.gather(1, y.unsqueeze(1)).squeeze(1)
    if reduction == "mean":
        return each.sum() / w.sum()
    return reduce(each, reduction)


def cross_entropy(x: Tensor, y: Tensor, weight: Tensor | None = None,
                  ignore_index: int = -100, reduction: str = "mean",
                  label_smoothing: float = 0.0) -> Tensor:
    """-Σ p log softmax(x): nll_loss of log_softmax, which is x minus its
    log-sum-exp

    With smoothing s the target is (1 - s) its own and s / C of every class.
    """
    axis = 1 if x.ndim > 1 else 0
    logs = log_softmax(x, axis)
    if y.is_floating_point():
        return soft_cross_entropy(logs.movedim(axis, -1), y.movedim(axis, -1),
                                  weight, reduction, label_smoothing)
    if axis == 0:
        logs, x = logs.unsqueeze(0), x.unsqueeze(0)
        y = y.unsqueeze(0)
    loss = nll_loss(logs, y, weight, ignore_index, reduction)
    if label_smoothing == 0:
        return loss
    c = x.shape[1]
    w = torch.ones(c, dtype=x.dtype) if weight is None else weight
    each = -(logs.movedim(1, -1) * w).sum(-1)
    counted = y != ignore_index
    each = torch.where(counted, each, 0.0)
    if reduction == "mean":
        mass = torch.where(counted, w[torch.where(counted, y, 0)], 0.0)
        smooth = each.sum() / mass.sum()
    else:
        smooth = reduce(each, reduction)
    return loss * (1 - label_smoothing) + smooth * label_smoothing / c


def soft_cross_entropy(logs: Tensor, y: Tensor, weight: Tensor | None,
                       reduction: str, label_smoothing: float) -> Tensor:
    """-Σ w y log p of probabilities y (N, *, C); the mean is over N, *"""
    c = y.shape[-1]
    y = y * (1 - label_smoothing) + label_smoothing / c
    w = 1 if weight is None else weight
    return reduce(-(w * y * logs).sum(-1), reduction)


def binary_cross_entropy(x: Tensor, y: Tensor,
                         weight: Tensor | None = None,
                         reduction: str = "mean") -> Tensor:
    """-w (y log x + (1 - y) log(1 - x)); torch: logarithms ≥ -100"""
    each = -(y * x.log().clamp(min=-100)
             + (1 - y) * (-x).log1p().clamp(min=-100))
    return reduce(each if weight is None else each * weight, reduction)


def binary_cross_entropy_with_logits(
        x: Tensor, y: Tensor, weight: Tensor | None = None,
        reduction: str = "mean", pos_weight: Tensor | None = None) -> Tensor:
    """The same of σ(x), without overflow; p weighs the positive side:

    w ((1 - y) x + (1 + (p - 1) y) log(1 + e⁻ˣ))
    """
    soft = -logsigmoid(x)
    q = 1 if pos_weight is None else 1 + (pos_weight - 1) * y
    each = (1 - y) * x + q * soft
    return reduce(each if weight is None else each * weight, reduction)


# ---- distributions

def kl_div(x: Tensor, y: Tensor, reduction: str = "mean",
           log_target: bool = False) -> Tensor:
    """y (log y - x) of log-probabilities x and probabilities y

    "batchmean", the divergence itself: the sum over the batch size.
    """
    each = y.exp() * (y - x) if log_target else y * y.log() - y * x
    if reduction == "batchmean":
        return each.sum() / len(x)
    return reduce(each, reduction)


def poisson_nll_loss(x: Tensor, y: Tensor, log_input: bool = True,
                     full: bool = False, eps: float = 1e-8,
                     reduction: str = "mean") -> Tensor:
    """λ - y log λ of a rate λ and a count y; log_input: x = log λ

    `full` adds Stirling's log y! ≈ y log y - y + log(2πy) / 2 where y > 1.
    """
    each = x.exp() - y * x if log_input else x - y * (x + eps).log()
    if full:
        stirling = y * y.log() - y + 0.5 * (2 * math.pi * y).log()
        each = each + torch.where(y > 1, stirling, 0.0)
    return reduce(each, reduction)


def gaussian_nll_loss(x: Tensor, y: Tensor, var: Tensor, full: bool = False,
                      eps: float = 1e-6, reduction: str = "mean") -> Tensor:
    """(log σ² + (x - y)² / σ²) / 2, σ² at least ε; full: + log(2π) / 2"""
    # torch: backward knows nothing of the bound
    bounded = var + (var.detach().clamp(min=eps) - var.detach())
    each = 0.5 * (bounded.log() + (x - y) ** 2 / bounded)
    if full:
        each = each + 0.5 * math.log(2 * math.pi)
    return reduce(each, reduction)


# ---- margins

def multi_margin_loss(x: Tensor, y: Tensor, p: int = 1, margin: float = 1.0,
                      weight: Tensor | None = None,
                      reduction: str = "mean") -> Tensor:
    """Σ_{j≠y} w_y max(0, m - x_y + x_j)ᵖ / C"""
    c = x.shape[1]
    z = (margin - x.gather(1, y[:, None]) + x).clamp(min=0) ** p
    z = z if weight is None else z * weight[y][:, None]
    z = torch.where(one_hot(y, c).bool(), 0.0, z)
    return reduce(z.sum(1) / c, reduction)


def multilabel_margin_loss(x: Tensor, y: Tensor,
                           reduction: str = "mean") -> Tensor:
    """Σ over labels l and classes j that are none of
    max(0, 1 - x_l + x_j) / C; the labels of a row end before its first -1
    """
    c = x.shape[1]
    given = (y >= 0).long().cumprod(1).bool()
    codes = one_hot(y.clamp(min=0), c).bool() & given[..., None]
    label = codes.any(1)
    z = (1 - x[:, :, None] + x[:, None, :]).clamp(min=0)
    z = torch.where(label[:, :, None] & ~label[:, None, :], z, 0.0)
    return reduce(z.sum((1, 2)) / c, reduction)


def multilabel_soft_margin_loss(x: Tensor, y: Tensor,
                                weight: Tensor | None = None,
                                reduction: str = "mean") -> Tensor:
    """The mean over classes of the binary cross-entropy of σ(x)"""
    each = -(y * logsigmoid(x) + (1 - y) * logsigmoid(-x))
    each = each if weight is None else each * weight
    return reduce(each.mean(-1), reduction)


def soft_margin_loss(x: Tensor, y: Tensor,
                     reduction: str = "mean") -> Tensor:
    """log(1 + e⁻ʸˣ) of targets ±1"""
    return reduce((-y * x).exp().log1p(), reduction)


def hinge_embedding_loss(x: Tensor, y: Tensor, margin: float = 1.0,
                         reduction: str = "mean") -> Tensor:
    """x where y = 1, max(0, m - x) where y = -1"""
    near = torch.where(y == -1, 0.0, x)
    far = torch.where(y == 1, 0.0, (margin - x).clamp(min=0))
    return reduce(near + far, reduction)


def margin_ranking_loss(x1: Tensor, x2: Tensor, y: Tensor,
                        margin: float = 0.0,
                        reduction: str = "mean") -> Tensor:
    """max(0, m - y (x₁ - x₂))"""
    return reduce((margin - y * (x1 - x2)).clamp(min=0), reduction)


def cosine_embedding_loss(x1: Tensor, x2: Tensor, y: Tensor,
                          margin: float = 0.0,
                          reduction: str = "mean") -> Tensor:
    """1 - cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) - m) where y = -1"""
    cos = cosine_similarity(x1, x2, -1)
    each = torch.where(y == 1, 1 - cos, (cos - margin).clamp(min=0))
    return reduce(each, reduction)


def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor,
                        margin: float = 1.0, p: float = 2.0,
                        eps: float = 1e-6, swap: bool = False,
                        reduction: str = "mean") -> Tensor:
    """max(0, m + ‖a - p‖ - ‖a - n‖); swap: the nearer of ‖a - n‖, ‖p - n‖
    """
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        other = pairwise_distance(positive, negative, p, eps)
        far = torch.minimum(far, other)
    return reduce((margin + near - far).clamp(min=0), reduction)


# ---- layers

class _Loss(Module):
    """reduction: "mean", "sum" or "none" of the entries' losses."""

    weight: Tensor | None

    def __init__(self, reduction: str = "mean",
                 weight: Tensor | None = None):
        super().__init__()
        self.reduction = reduction
        if weight is not None:
            self.register_buffer("weight", weight)
        else:
            self.weight = None


class MSELoss(_Loss):
    """(x - y)²"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return mse_loss(input, target, self.reduction)


class L1Loss(_Loss):
    """|x - y|"""

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return l1_loss(input, target, self.reduction)


class SmoothL1Loss(_Loss):
    """(x - y)² / 2β where |x - y| < β, else |x - y| - β/2"""

    def __init__(self, reduction: str = "mean", beta: float = 1.0):
        super().__init__(reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return smooth_l1_loss(input, target, self.reduction, self.beta)


class HuberLoss(_Loss):
    """(x - y)² / 2 where |x - y| ≤ δ, else δ (|x - y| - δ/2)"""

    def __init__(self, reduction: str = "mean", delta: float = 1.0):
        super().__init__(reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return huber_loss(input, target, self.reduction, self.delta)


class NLLLoss(_Loss):
    """-w_y x_y of log-probabilities x (N, C, *) and classes y (N, *)"""

    def __init__(self, weight: Tensor | None = None,
                 ignore_index: int = -100, reduction: str = "mean"):
        super().__init__(reduction, weight)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return nll_loss(input, target, self.weight, self.ignore_index,
                        self.reduction)


class CrossEntropyLoss(NLLLoss):
    """-Σ y log softmax(x) of classes or of probabilities y"""

    def __init__(self, weight: Tensor | None = None,
                 ignore_index: int = -100, reduction: str = "mean",
                 label_smoothing: float = 0.0):
        super().__init__(weight, ignore_index, reduction)
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return cross_entropy(input, target, self.weight, self.ignore_index,
                             self.reduction, self.label_smoothing)


class BCELoss(_Loss):
    """-(y log x + (1 - y) log(1 - x)) of probabilities x"""

    def __init__(self, weight: Tensor | None = None,
                 reduction: str = "mean"):
        super().__init__(reduction, weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return binary_cross_entropy(input, target, self.weight,
                                    self.reduction)


class BCEWithLogitsLoss(_Loss):
    """BCELoss of σ(x), without overflow"""

    pos_weight: Tensor | None

    def __init__(self, weight: Tensor | None = None,
                 reduction: str = "mean", pos_weight: Tensor | None = None):
        super().__init__(reduction, weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return binary_cross_entropy_with_logits(
            input, target, self.weight, self.reduction, self.pos_weight)


class CTCLoss(_Loss):
    """-log P(text) of log-probabilities (T, N, C), the letters' times
    unknown (Graves et al., 2006)"""

    def __init__(self, blank: int = 0, reduction: str = "mean"):
        super().__init__(reduction)
        self.blank = blank

    def forward(self, log_probs: Tensor, targets: Tensor,
                input_lengths: Tensor, target_lengths: Tensor) -> Tensor:
        rows = zip(input_lengths, targets, target_lengths)
        losses = torch.stack([
            ctc_loss(log_probs[:time, i], text[:length].tolist(), self.blank)
            for i, (time, text, length) in enumerate(rows)])
        if self.reduction == "mean":  # torch: of each letter's share
            losses = losses / target_lengths.clamp(min=1)
        return reduce(losses, self.reduction)
