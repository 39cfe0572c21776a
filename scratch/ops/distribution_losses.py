"""Losses of distributions: how far a prediction is from what was drawn."""

from __future__ import annotations

import math

from ..tensor import Tensor
from .kinds import typed
from .logarithms import xlogy
from .loss import reduce
from .operands import check_tensor, named

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


@typed(input="Tensor", target="Tensor", log_target="bool")
def kl_div(input: Tensor, target: Tensor, reduction: str = "mean",
           log_target: bool = False) -> Tensor:
    """y (log y - x) of log-probabilities x and probabilities y, 0 at y = 0

    With log_target y comes as its logarithm.
    """
    x, y = input, target
    check_tensor(x, "kl_div")
    check_tensor(y, "kl_div", "target", 2)
    if x.array.dtype.kind in "biu" or y.array.dtype.kind in "biu":
        raise RuntimeError("kl_div: Integral inputs not supported.")
    if "c" in (x.array.dtype.kind, y.array.dtype.kind):
        raise RuntimeError("kl_div: Complex inputs not supported.")
    if log_target:
        return reduce(y.exp() * (y - x), reduction)
    return reduce(xlogy(y, y) - y * x, reduction)


@typed(input="Tensor", target="Tensor", log_input="bool", full="bool",
       eps="float")
def poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool,
                     full: bool, eps: float, reduction: str) -> Tensor:
    """λ - y log λ of a rate λ and a count y; log_input: x = log λ

    `full` adds Stirling's log y! ≈ y log y - y + log(2πy) / 2 where y > 1.
    """
    x, y = input, target
    check_tensor(x, "poisson_nll_loss")
    check_tensor(y, "poisson_nll_loss", "target", 2)
    if log_input:
        loss = x.exp() - y * x
    else:
        loss = x - y * named(x + eps, "AddBackward1").log()
    if full:
        stirling = y * y.log() - y + 0.5 * (2 * math.pi * y).log()
        loss = loss + stirling.masked_fill(y <= 1, 0.0)
    return reduce(loss, reduction)
