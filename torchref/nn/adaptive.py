"""Softmax over very many classes: frequent ones first, rare ones in heaps."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import Module, ModuleList, Sequential

from torchref.nn.activation import log_softmax
from torchref.nn.linear import Linear

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class AdaptiveLogSoftmaxWithLoss(Module):
    """log p(y | x): of a frequent class at once, of a rare one as
    log p(heap) + log p(y | heap)  (Grave et al., 2017)

    x (N, in_features), y (N) of classes -> output (N) and loss ()
    """

    def __init__(self, in_features: int, n_classes: int, cutoffs: list[int],
                 div_value: float = 4.0, head_bias: bool = False):
        super().__init__()
        self.cutoffs = [*cutoffs, n_classes]
        self.shortlist_size = cutoffs[0]
        self.head = Linear(in_features, cutoffs[0] + len(cutoffs), head_bias)
        self.tail = ModuleList()
        for i, (low, high) in enumerate(pairwise(self.cutoffs)):
            narrow = int(in_features // div_value ** (i + 1))
            self.tail.append(Sequential(
                Linear(in_features, narrow, False),
                Linear(narrow, high - low, False)))

    def forward(self, input_: Tensor, target_: Tensor) -> tuple:
        every = self.log_prob(input_)
        output = every.gather(1, target_.unsqueeze(1)).squeeze(1)
        return output, (-output).mean()

    def log_prob(self, input: Tensor) -> Tensor:
        """x (N, in_features) -> log p of all classes (N, n_classes)"""
        head = log_softmax(self.head(input), 1)
        heaps = [log_softmax(tail(input), 1) + head[:, [column]]
                 for column, tail in enumerate(self.tail,
                                               self.shortlist_size)]
        return torch.cat([head[:, :self.shortlist_size], *heaps], 1)
