"""The losses of distributions in nn.functional, by torch's signatures."""

from __future__ import annotations

import math
import warnings
from typing import Any

from ..modes import no_grad
from ..ops import distribution_losses as losses
from ..ops.loss import check_reduction
from ..ops.operands import check_tensor
from ..tensor import Tensor
from ._loss_functions import legacy


def kl_div(input: Tensor, target: Tensor, size_average: Any = None,
           reduce: Any = None, reduction: str = "mean",
           log_target: bool = False) -> Tensor:
    """y (log y - x) of log-probabilities x and probabilities y

    "batchmean", the divergence itself: the sum over the batch size.
    """
    old = size_average is not None or reduce is not None
    how = legacy(size_average, reduce, reduction)
    if not old and reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size"
            " and the support size.'batchmean' divides only by the batch "
            "size, and aligns with the KL div math definition.'mean' will be"
            " changed to behave the same as 'batchmean' in the next major "
            "release.", stacklevel=3)
    if how == "batchmean":
        how = "sum"
    loss = losses.kl_div(input, target, how, log_target)
    if reduction == "batchmean" and input.ndim:
        loss = loss / input.shape[0]
    return loss


def poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool = True,
                     full: bool = False, size_average: Any = None,
                     eps: float = 1e-8, reduce: Any = None,
                     reduction: str = "mean") -> Tensor:
    """λ - y log λ of a rate λ (or its logarithm) and a count y"""
    reduction = legacy(size_average, reduce, reduction)
    if not isinstance(reduction, str):
        raise TypeError(f"{reduction} is not a valid value for reduction")
    check_reduction(reduction)
    return losses.poisson_nll_loss(input, target, log_input, full, eps,
                                   reduction)


def gaussian_nll_loss(input: Tensor, target: Tensor, var: Tensor | float,
                      full: bool = False, eps: float = 1e-6,
                      reduction: str = "mean") -> Tensor:
    """(log v + (x - y)² / v) / 2 of mean x and variance v ≥ eps

    `full` adds log(2π) / 2 (Nix and Weigend, 1994).
    """
    v = variance(input, var)
    if reduction not in ("none", "mean", "sum"):
        raise (ValueError if isinstance(reduction, str) else TypeError)(
            f"{reduction} is not valid")
    v = v.clone()
    with no_grad():  # torch: backward knows nothing of the bound
        v.clamp_(min=eps)
    loss = 0.5 * (v.log() + (input - target) ** 2 / v)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return losses.reduce(loss, reduction)


def variance(x: Tensor, v: Any) -> Tensor:
    """A variance that fits x (*, D): (*, D), (*), (*, 1) or a number"""
    if isinstance(v, float):
        if v < 0:
            raise ValueError("var has negative entry/entries")
        return v * x.new_ones(x.shape)
    check_tensor(v, "gaussian_nll_loss", "var", 3)
    if (v.array < 0).any():
        raise ValueError("var has negative entry/entries")
    if v.shape == x.shape:
        return v
    if v.shape == x.shape[:-1]:
        return v.unsqueeze(-1)
    if v.ndim != x.ndim or sum(
            m for n, m in zip(x.shape, v.shape) if n != m) != 1:
        raise ValueError("var is of incorrect size")
    return v
