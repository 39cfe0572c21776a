"""Embedding: a vector for every word of a vocabulary, or bag."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn.distance import one_hot
from torchref.nn.init import normal_

__all__ = ["embedding", "embedding_bag", "Embedding", "EmbeddingBag"]


def embedding(y: Tensor, w: Tensor, padding_idx: int | None = None) -> Tensor:
    """y (*) of words, w (words, features) -> (*, features)

    A row of w is a product with a unit vector; the row of padding_idx gets
    no gradient.
    """
    if padding_idx is not None:
        fixed = one_hot(torch.tensor(padding_idx % len(w)), len(w)).bool()
        w = torch.where(fixed[:, None], w.detach(), w)
    return one_hot(y, len(w)).to(w.dtype) @ w


def embedding_bag(y: Tensor, w: Tensor, mode: str = "mean") -> Tensor:
    """y (bags, words), w (V, features) -> (bags, features)"""
    x = embedding(y, w)
    if mode == "max":
        return x.amax(1)
    return x.sum(1) if mode == "sum" else x.sum(1) / y.shape[1]


class Embedding(Module):
    """y (*) of words -> (*, embedding_dim); weights drawn from N(0, 1)"""

    def __init__(self, num_embeddings: int, embedding_dim: int,
                 padding_idx: int | None = None):
        super().__init__()
        self.padding_idx = padding_idx
        self.weight = Parameter(torch.empty(num_embeddings, embedding_dim))
        normal_(self.weight)
        if padding_idx is not None:
            with torch.no_grad():
                self.weight[padding_idx] = 0

    def forward(self, input: Tensor) -> Tensor:
        return embedding(input, self.weight, self.padding_idx)


class EmbeddingBag(Module):
    """y (bags, words) -> (bags, embedding_dim): the mean, sum or maximum"""

    def __init__(self, num_embeddings: int, embedding_dim: int,
                 mode: str = "mean"):
        super().__init__()
        self.mode = mode
        self.weight = Parameter(torch.empty(num_embeddings, embedding_dim))
        normal_(self.weight)

    def forward(self, input: Tensor) -> Tensor:
        return embedding_bag(input, self.weight, self.mode)
