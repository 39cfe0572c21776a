"""Softmax over very many classes: frequent ones first, rare ones in heaps.

The head tells the frequent classes and one number for each heap; within a
heap a narrower linear map tells its classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ..ops.creation import zeros
from ..ops.softmax import log_softmax
from ..tensor import Tensor
from .container import ModuleList, Sequential
from .linear import Linear
from .module import Module

__all__ = ["AdaptiveLogSoftmaxWithLoss"]


class _ASMoutput(NamedTuple):
    """The log-probability of each target, and the loss: their mean, < 0."""

    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """log p(y | x): of a frequent class at once, of a rare one as
    log p(heap) + log p(y | heap)  (Grave et al., 2017)

    x (N, in_features), y (N) of classes -> output (N) and loss ()
    Heap i of classes cutoffs[i] to cutoffs[i + 1] sees x in
    in_features / div_valueⁱ⁺¹ features.
    """

    def __init__(self, in_features: int, n_classes: int,
                 cutoffs: Sequence[int], div_value: float = 4.0,
                 head_bias: bool = False, device: Any = None,
                 dtype: Any = None):
        super().__init__()
        cutoffs = check_cutoffs(list(cutoffs), n_classes)
        self.in_features, self.n_classes = in_features, n_classes
        self.cutoffs = [*cutoffs, n_classes]
        self.div_value, self.head_bias = div_value, head_bias
        self.shortlist_size = cutoffs[0]
        self.n_clusters = len(cutoffs)
        self.head_size = self.shortlist_size + self.n_clusters
        options: dict = {"device": device, "dtype": dtype}
        self.head = Linear(in_features, self.head_size, bias=head_bias,
                           **options)
        self.tail = ModuleList()
        for i, (low, high) in enumerate(pairwise(self.cutoffs)):
            narrow = int(in_features // div_value ** (i + 1))
            self.tail.append(Sequential(
                Linear(in_features, narrow, bias=False, **options),
                Linear(narrow, high - low, bias=False, **options)))

    def reset_parameters(self) -> None:
        """Draw all weights anew."""
        self.head.reset_parameters()
        for wide, narrow in self.tail:  # type: ignore[attr-defined]
            wide.reset_parameters()
            narrow.reset_parameters()

    def forward(self, input_: Tensor, target_: Tensor) -> _ASMoutput:
        check_batch(input_, target_)
        single = target_.dim() == 0
        x = input_.unsqueeze(0) if single else input_
        target = target_.unsqueeze(0) if single else target_
        output, column = self.within_heaps(x, target)
        head = log_softmax(self.head(x), 1)
        output = output + head.gather(1, column.unsqueeze(1)).squeeze(1)
        loss = (-output).mean()
        return _ASMoutput(output.squeeze(0) if single else output, loss)

    def within_heaps(self, x: Tensor,
                     target: Tensor) -> tuple[Tensor, Tensor]:
        """log p(y | heap), 0 where y is frequent, and y's column in the
        head: its own, or its heap's."""
        output, column = x.new_zeros(len(target)), target.clone()
        used = int((target >= 0).sum() - (target >= self.cutoffs[0]).sum())
        for i, (low, high) in enumerate(pairwise(self.cutoffs)):
            inside = (target >= low) & (target < high)
            where = inside.nonzero().squeeze(1)
            if not len(where):
                continue
            used += len(where)
            column[inside] = self.shortlist_size + i
            heap = log_softmax(self.tail[i](x.index_select(0, where)), 1)
            mine = (target[inside] - low).unsqueeze(1)
            output = output.index_copy(
                0, where, heap.gather(1, mine).squeeze(1))
        if used != len(target):
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but "
                f"values in range [{target.min().item()}, "
                f"{target.max().item()}] were found. ")
        return output, column

    def log_prob(self, input: Tensor) -> Tensor:
        """x (N, in_features) -> log p of all classes (N, n_classes)"""
        head = log_softmax(self.head(input), 1)
        out = zeros(len(input), self.n_classes, dtype=input.dtype)
        out[:, :self.shortlist_size] = head[:, :self.shortlist_size]
        for i, (low, high) in enumerate(pairwise(self.cutoffs)):
            heap = log_softmax(self.tail[i](input), 1)
            column = head[:, self.shortlist_size + i].unsqueeze(1)
            out[:, low:high] = heap + column
        return out

    def predict(self, input: Tensor) -> Tensor:
        """x (N, in_features) -> the class of the highest probability (N)

        A frequent class that beats all heaps beats all that lies in them.
        """
        best = self.head(input).argmax(1)
        rare = best >= self.shortlist_size
        if rare.any():
            best[rare] = self.log_prob(input[rare]).argmax(1)
        return best


def check_cutoffs(cutoffs: list, n_classes: int) -> list:
    """Whole numbers between 1 and n_classes - 1 that grow"""
    if not cutoffs:
        raise ValueError(
            "cutoffs should be a sequence of length larger than 0")
    if (cutoffs != sorted(set(cutoffs)) or cutoffs[0] <= 0
            or cutoffs[-1] > n_classes - 1
            or any(int(c) != c for c in cutoffs)):
        raise ValueError(
            "cutoffs should be a sequence of unique, positive integers "
            "sorted in an increasing order, where each value is between 1 "
            "and n_classes-1")
    return cutoffs


def check_batch(x: Tensor, target: Tensor) -> None:
    """x (N, I) with y (N), or x (I) with y ()"""
    if target.dim() > 1:
        raise RuntimeError(
            "0D or 1D target tensor expected, multi-target not supported")
    if target.dim() == 1 and x.size(0) != target.size(0):
        raise RuntimeError("Input and target should have the same size in "
                           "the batch dimension.")
    if x.dim() != target.dim() + 1:
        raise RuntimeError(
            f"{target.dim()}D target tensor expects {target.dim() + 1}D "
            f"input tensors, but found inputs with size {x.size()}")
