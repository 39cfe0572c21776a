"""Losses of numbers: how far x is from its target y.

Each is a value and a slope for every entry; `reduction` says whether the
entries stay ("none"), are summed or averaged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..modes import modes
from ..tensor import Tensor, wrap
from .activation import logsigmoid
from .kinds import typed
from .operands import check_broadcast, operands, refuse, torch_name
from .reduction import add_up

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def check_reduction(reduction: str) -> None:
    """Refuse what is no reduction."""
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"{reduction} is not a valid value for reduction")


def reduced(each: np.ndarray, reduction: str, name: str,
            *edges: tuple) -> Tensor:
    """The entries of a loss, their sum or their mean.

    Each edge is (x, slope, *saved): slope() is ∂each/∂x, or x's share of
    it: a function of the gradient where it is not a plain product.
    """
    scale = 1.0
    if reduction == "mean":
        scale = 1 / each.size if each.size else float("nan")
    recorded = [(x, spread(slope, scale), *saved)
                for x, slope, *saved in edges]
    return record(total(each, reduction), *recorded, name=name)


def total(each: np.ndarray, reduction: str) -> np.ndarray:
    """The sum or mean, in the dtype of the entries."""
    if reduction == "none":
        return each
    wide = each.astype(np.float32) if each.dtype == np.float16 else each
    value = add_up(wide, None)
    if reduction == "mean":
        value = value / wide.dtype.type(wide.size)
    return np.asarray(value).astype(each.dtype)


def spread(slope: Callable, scale: float) -> Callable:
    """The rule of one input: g · scale · slope()"""
    return lambda g: (g if scale == 1 else g * scale) * slope()


def reduce(each: Tensor, reduction: str) -> Tensor:
    """The same for a loss that is composed of other operations."""
    check_reduction(reduction)
    if reduction == "none":
        return each
    return each.mean() if reduction == "mean" else each.sum()


def check_constant(x: Tensor, name: str, caller: str) -> None:
    """Refuse a gradient where torch has none."""
    if modes.recording and x.requires_grad:
        raise RuntimeError(
            f"The function '{caller}' is not differentiable with respect to "
            f"argument '{name}'. This input cannot have requires_grad True.")


def check_written(result: np.ndarray, x: Tensor) -> None:
    """The result is written in the dtype of x: it must fit there."""
    if not dtypes.can_cast(dtypes.of(result.dtype), x.dtype):
        raise RuntimeError(
            f"result type {torch_name(dtypes.of(result.dtype))} can't be "
            f"cast to the desired output type {torch_name(x.dtype)}")


def check_dtypes(x: Tensor, y: Tensor) -> None:
    """Probabilities and targets are floats of one dtype."""
    if y.array.dtype != x.array.dtype:
        raise RuntimeError(f"Found dtype {torch_name(y.dtype)} but expected "
                           f"{torch_name(x.dtype)}")
    refuse(x.array, "biuc", "binary_cross_entropy")


def refuse_logits(x: Tensor, y: Tensor, p: Tensor | None) -> None:
    """Logits are floats, targets and weights no truth values."""
    refuse(x.array, "biuc", "log_sigmoid_cpu")
    if any(t is not None and t.array.dtype == bool for t in (y, p)):
        raise NotImplementedError(
            "Subtraction, the `-` operator, with a bool tensor is not "
            "supported. If you are trying to invert a mask, use the `~` or "
            "`logical_not()` operator instead.")
    if y.array.dtype.kind != "f":  # torch: 1 - y is added to in place
        raise RuntimeError("result type Float can't be cast to the desired "
                           f"output type {torch_name(y.dtype)}")


@typed(input="Tensor", target="Tensor")
def mse_loss(input: Tensor, target: Tensor,
             reduction: str = "mean") -> Tensor:
    """(x - y)²:  slope 2 (x - y)"""
    x, y, a, b = operands(input, target)
    refuse(a, "biuc", "mse_cpu")
    check_reduction(reduction)
    return reduced(np.square(a - b), reduction, "MseLossBackward0",
                   (x, lambda: 2 * (x - y), x, y),
                   (y, lambda: 2 * (y - x), x, y))


@typed(input="Tensor", target="Tensor")
def l1_loss(input: Tensor, target: Tensor,
            reduction: str = "mean") -> Tensor:
    """|x - y|"""
    return reduce((input - target).abs(), reduction)


@typed(input="Tensor", target="Tensor", beta="float")
def smooth_l1_loss(input: Tensor, target: Tensor, reduction: str = "mean",
                   beta: float = 1.0) -> Tensor:
    """(x - y)² / 2β where |x - y| < β, else |x - y| - β/2
    (Girshick, 2015)"""
    if not beta >= 0:
        raise RuntimeError(
            "smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return l1_loss(input, target, reduction)
    x, y, a, b = operands(input, target)
    refuse(a, "biuc", "smooth_l1_cpu")
    check_reduction(reduction)
    z = np.abs(a - b)
    m = np.clip(z, 0, beta)  # so z² / 2β or z - β/2 is (z - m/2) m/β
    each = (z - 0.5 * m) * (m / beta)
    return reduced(each.astype(a.dtype, copy=False), reduction,
                   "SmoothL1LossBackward0",
                   (x, lambda: gap(x, y, beta) / beta, x, y),
                   (y, lambda: gap(y, x, beta) / beta, x, y))


def gap(x: Tensor, y: Tensor, most: float) -> Tensor:
    """x - y between -most and most"""
    if modes.recording:
        return (x - y).clamp(-most, most)
    return wrap(np.clip(x.array - y.array, -most, most))


@typed(input="Tensor", target="Tensor", delta="float")
def huber_loss(input: Tensor, target: Tensor, reduction: str = "mean",
               delta: float = 1.0) -> Tensor:
    """(x - y)² / 2 where |x - y| ≤ δ, else δ (|x - y| - δ/2)
    (Huber, 1964)"""
    if not delta > 0:
        raise RuntimeError(
            "huber_loss does not support non-positive values for delta.")
    x, y, a, b = operands(input, target)
    refuse(input.array, "c", "huber_cpu")
    check_written(a, input)
    refuse(a, "biu", "huber_cpu")
    check_reduction(reduction)
    z = np.abs(a - b)
    m = np.clip(z, 0, delta)
    each = (z - 0.5 * m) * m
    number = input.array.dtype  # torch: the target may be wider
    return reduced(each.astype(number, copy=False), reduction,
                   "HuberLossBackward0",
                   (x, lambda: gap(x, y, delta), x, y),
                   (y, lambda: gap(y, x, delta), x, y))


@typed(input="Tensor", target="Tensor", weight="Tensor?")
def binary_cross_entropy(input: Tensor, target: Tensor,
                         weight: Tensor | None = None,
                         reduction: str = "mean") -> Tensor:
    """-w (y log x + (1 - y) log(1 - x)); torch: logarithms ≥ -100"""
    x, y = input, target
    check_dtypes(x, y)
    a, b = x.array, y.array
    for name, t in (("input", a), ("target", b)):
        if t.size and not ((t >= 0) & (t <= 1)).all():
            raise RuntimeError(
                f"all elements of {name} should be between 0 and 1")
    one = a.dtype.type(1)
    each = -(b * np.maximum(np.log(a), -100)
             + (one - b) * np.maximum(np.log1p(-a), -100))
    w: Any = 1 if weight is None else weight
    if weight is not None:
        check_broadcast(weight.array.shape, a.shape)
        check_written(weight.array, x)
        each = (each * weight.array).astype(a.dtype, copy=False)

    def slope_x() -> Tensor:
        # torch: its least denominator is a float32
        least = float(np.float32(1e-12))
        return w * (x - y) / ((1 - x) * x).clamp(min=least)

    def slope_y() -> Tensor:
        return w * ((1 - x).log() - x.log()).clamp(-100, 100)

    return reduced(each, reduction, "BinaryCrossEntropyBackward0",
                   (x, slope_x, x, y), (y, slope_y, x))


@typed(input="Tensor", target="Tensor", weight="Tensor?",
       pos_weight="Tensor?")
def binary_cross_entropy_with_logits(
        input: Tensor, target: Tensor, weight: Tensor | None = None,
        reduction: str = "mean", pos_weight: Tensor | None = None) -> Tensor:
    """The same of σ(x), without overflow; p weighs the positive side:

    w ((1 - y) x + (1 + (p - 1) y) log(1 + e⁻ˣ))
    """
    x, y = input, target
    a, b = x.array, y.array
    refuse_logits(x, y, pos_weight)
    for given in (weight, pos_weight):
        if given is not None:
            check_broadcast(a.shape, given.array.shape)
    soft = np.log1p(np.exp(-np.abs(a))) + np.maximum(-a, 0)
    q = 1 if pos_weight is None else 1 + (pos_weight.array - 1) * b
    each = (1 - b) * a + q * soft
    w: Any = 1 if weight is None else weight
    for given in (weight, pos_weight):
        if given is not None:
            check_written(given.array, y)
    if weight is not None:
        each = each * weight.array

    def slope_x() -> Tensor:
        # = σ(x) - y for p = 1; here nothing cancels where y is 0 or 1
        weighed = y if pos_weight is None else pos_weight * y
        return w * ((1 - y) * x.sigmoid() - weighed * (-x).sigmoid())

    def slope_y() -> Tensor:
        if pos_weight is None:
            return w * -x
        return w * (logsigmoid(-x) - pos_weight * logsigmoid(x))

    # torch: written over 1 - y, so of y's dtype
    return reduced(each.astype(b.dtype, copy=False), reduction,
                   "BinaryCrossEntropyWithLogitsBackward0",
                   (x, slope_x, x, y), (y, slope_y, x))
