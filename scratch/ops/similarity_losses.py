"""Losses of pairs and triplets: the like close, the unlike far apart."""

from __future__ import annotations

import numpy as np

from ..tensor import Tensor, wrap
from .distance import pairwise_distance
from .kinds import typed
from .loss import check_reduction, reduce
from .masked import where
from .minmax import minimum
from .numbers import number_in
from .operands import check_tensor, named

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []

EPSILON = 1e-12  # added to the squares of lengths


def kept(condition: Tensor, x: Tensor) -> Tensor:
    """x where the condition holds, else 0"""
    return where(condition, x, wrap(np.zeros((), x.array.dtype)))


def less(number: float, x: Tensor) -> Tensor:
    """number - x;  torch: the number takes the dtype of x"""
    return wrap(np.asarray(number_in(float(number), x.array.dtype))) - x


@typed(input="Tensor", target="Tensor", margin="float")
def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0,
                         reduction: str = "mean") -> Tensor:
    """x where y = 1, max(0, m - x) where y = -1: x is a distance"""
    x, y = input, target
    check_tensor(x, "hinge_embedding_loss")
    check_tensor(y, "hinge_embedding_loss", "target", 2)
    check_reduction(reduction)
    far = kept(y != 1, less(margin, x).clamp_min(0))
    return reduce(far + kept(y != -1, x), reduction)


@typed(input1="Tensor", input2="Tensor", target="Tensor", margin="float")
def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor,
                        margin: float = 0.0,
                        reduction: str = "mean") -> Tensor:
    """max(0, m - y (x₁ - x₂)): x₁ is to rank above x₂ where y = 1"""
    for k, x in enumerate((input1, input2, target)):
        check_tensor(x, "margin_ranking_loss", (
            "input1", "input2", "target")[k], k + 1)
    check_reduction(reduction)
    gap = named(-target * (input1 - input2) + margin, "AddBackward1")
    return reduce(gap.clamp_min(0), reduction)


@typed(input1="Tensor", input2="Tensor", target="Tensor", margin="float")
def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor,
                          margin: float = 0.0,
                          reduction: str = "mean") -> Tensor:
    """1 - cos(x₁, x₂) where y = 1, max(0, cos(x₁, x₂) - m) where y = -1

    x₁, x₂ (N, D), y (N) or x₁, x₂ (D), y ()
    """
    x1, x2, y = input1, input2, target
    check_pairs(x1, x2, y)
    check_reduction(reduction)

    def square(x: Tensor) -> Tensor:
        return named((x * x).sum(-1) + EPSILON, "AddBackward1")

    cos = (x1 * x2).sum(-1) / (square(x1) * square(x2)).sqrt()
    near = kept(y == 1, less(1, cos))
    above = named(cos - float(margin), "SubBackward1")
    return reduce(near + kept(y == -1, above.clamp_min(0)), reduction)


def check_pairs(x1: Tensor, x2: Tensor, y: Tensor) -> None:
    """Refuse what are not two rows, or two lists of rows, and targets."""
    for k, x in enumerate((x1, x2, y)):
        check_tensor(x, "cosine_embedding_loss", (
            "input1", "input2", "target")[k], k + 1)
    ndim = y.array.ndim
    if ndim > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target "
                           "not supported")
    if x1.array.ndim != ndim + 1 or x2.array.ndim != ndim + 1:
        raise RuntimeError(
            f"{ndim}D target tensor expects {ndim + 1}D input tensors, but "
            f"found inputs with sizes {[*x1.shape]} and {[*x2.shape]}.")


@typed(anchor="Tensor", positive="Tensor", negative="Tensor", margin="float",
       p="float", eps="float", swap="bool")
def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor,
                        margin: float = 1.0, p: float = 2.0,
                        eps: float = 1e-6, swap: bool = False,
                        reduction: str = "mean") -> Tensor:
    """max(0, m + ‖a - p‖ - ‖a - n‖): a is to be closer to p than to n

    With swap, ‖p - n‖ counts where it is less than ‖a - n‖
    (Balntas et al., 2016).
    """
    for k, x in enumerate((anchor, positive, negative)):
        check_tensor(x, "triplet_margin_loss", (
            "anchor", "positive", "negative")[k], k + 1)
    check_triplet(anchor, positive, negative)
    check_reduction(reduction)
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    near = named(margin + near, "AddBackward1")
    return reduce((near - far).clamp_min(0), reduction)


def check_triplet(a: Tensor, p: Tensor, n: Tensor) -> None:
    """Refuse three tensors of different numbers of dimensions."""
    if not a.array.ndim == p.array.ndim == n.array.ndim:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have"
            " the same number of dimensions, but got: anchor "
            f"{a.array.ndim}D, positive {p.array.ndim}D, and negative "
            f"{n.array.ndim}D inputs")
