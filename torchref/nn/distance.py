"""Distances and directions of vectors, and classes as unit vectors."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module

__all__ = ["normalize", "cosine_similarity", "pairwise_distance", "one_hot",
           "CosineSimilarity", "PairwiseDistance"]


def vector_norm(x: Tensor, p: float, dim: int, keepdim: bool) -> Tensor:
    """(Σ |x|ᵖ)^(1/p)"""
    return x.abs().pow(p).sum(dim, keepdim).pow(1 / p)


def normalize(x: Tensor, p: float = 2.0, dim: int = 1,
              eps: float = 1e-12) -> Tensor:
    """x / max(‖x‖ₚ, ε) along dim"""
    return x / vector_norm(x, p, dim, True).clamp(min=eps)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1,
                      eps: float = 1e-8) -> Tensor:
    """x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε)) along dim"""
    return (normalize(x1, 2, dim, eps) * normalize(x2, 2, dim, eps)).sum(dim)


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0,
                      eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """‖x₁ - x₂ + ε‖ₚ along the last dimension"""
    return vector_norm(x1 - x2 + eps, p, -1, keepdim)


def one_hot(y: Tensor, num_classes: int) -> Tensor:
    """y (*) of classes -> x (*, num_classes): 1 at the class, else 0"""
    return (y[..., None] == torch.arange(num_classes)).long()


class CosineSimilarity(Module):
    """x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε)) along dim"""

    def __init__(self, dim: int = 1, eps: float = 1e-8):
        super().__init__()
        self.dim, self.eps = dim, eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return cosine_similarity(x1, x2, self.dim, self.eps)


class PairwiseDistance(Module):
    """‖x₁ - x₂ + ε‖ₚ along the last dimension"""

    def __init__(self, p: float = 2.0, eps: float = 1e-6,
                 keepdim: bool = False):
        super().__init__()
        self.norm, self.eps, self.keepdim = p, eps, keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        return pairwise_distance(x1, x2, self.norm, self.eps, self.keepdim)
