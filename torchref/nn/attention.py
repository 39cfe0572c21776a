"""Attention of several heads as a layer."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn.activation import softmax
from torchref.nn.dropout import dropout
from torchref.nn.init import xavier_uniform_
from torchref.nn.linear import Linear, linear

__all__ = ["scaled_dot_product_attention", "MultiheadAttention"]


def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor,
                                 attn_mask: Tensor | None = None
                                 ) -> Tensor:
    """y = softmax(q kᵀ / √E + mask) v

    q (*, L, E), k (*, S, E), v (*, S, V), mask (*, L, S) -> y (*, L, V);
    a mask of bools is True where a key takes part.
    """
    scores = query @ key.mT / math.sqrt(query.shape[-1])
    if attn_mask is not None:
        if attn_mask.dtype == torch.bool:
            scores = scores.masked_fill(~attn_mask, -math.inf)
        else:
            scores = scores + attn_mask
    return softmax(scores, -1) @ value


class MultiheadAttention(Module):
    """Each head attends on its share of the features (Vaswani et al., 2017)

    query (L, N, E), key and value (S, N, E) -> y (L, N, E), and the mean
    weights of the heads (N, L, S); N comes first if batch_first
    """

    def __init__(self, embed_dim: int, num_heads: int, dropout: float = 0.0,
                 bias: bool = True, batch_first: bool = False):
        super().__init__()
        self.num_heads, self.p = num_heads, dropout
        self.batch_first = batch_first
        self.in_proj_weight = Parameter(torch.empty(3 * embed_dim, embed_dim))
        self.in_proj_bias = Parameter(torch.zeros(3 * embed_dim)) if (
            bias) else None
        self.out_proj = Linear(embed_dim, embed_dim, bias)
        xavier_uniform_(self.in_proj_weight)
        if self.out_proj.bias is not None:
            torch.nn.init.zeros_(self.out_proj.bias)

    def forward(self, query: Tensor, key: Tensor, value: Tensor,
                attn_mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """attn_mask (L, S) is added to the scores."""
        if self.batch_first:
            query, key, value = (
                x.transpose(0, 1) for x in (query, key, value))
        matrices = self.in_proj_weight.chunk(3)
        biases = (None,) * 3 if self.in_proj_bias is None else (
            self.in_proj_bias.chunk(3))
        q, k, v = (self.split(linear(x, w, b)) for x, w, b in zip(
            (query, key, value), matrices, biases))
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        weights = softmax(
            scores if attn_mask is None else scores + attn_mask, -1)
        weights = dropout(weights, self.p, self.training)
        y = (weights @ v).permute(2, 0, 1, 3).reshape(query.shape)
        y = self.out_proj(y)
        return y.transpose(0, 1) if self.batch_first else y, weights.mean(1)

    def split(self, x: Tensor) -> Tensor:
        """x (L, N, E) -> (N, heads, L, E / heads)"""
        length, n, _ = x.shape
        return x.reshape(length, n, self.num_heads, -1).permute(1, 2, 0, 3)
