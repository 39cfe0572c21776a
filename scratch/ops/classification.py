"""Losses of classes: the log-probability that went to the right one.

x (N, C, *) are log-probabilities or logits, y (N, *) class numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from .kinds import typed
from .loss import check_constant, check_reduction, total
from .masks import level, spot, twice
from .operands import check_tensor, dim_of, refuse, torch_name
from .softmax import log_softmax

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


# ---- the linear pair

def pick_class(x: Tensor, y: np.ndarray) -> Tensor:
    """x (N, C, *) at the classes y (N, *)"""
    classes = x.array.shape[1]
    return record(np.take_along_axis(x.array, y[:, None], 1)[:, 0],
                  (x, lambda g: place_class(g, y, classes)))


def place_class(values: Tensor, y: np.ndarray, classes: int) -> Tensor:
    """The adjoint of pick_class: zeros but for the classes y"""
    n, *rest = values.array.shape
    x = np.zeros((n, classes, *rest), values.array.dtype)
    np.put_along_axis(x, y[:, None], values.array[:, None], 1)
    return record(x, (values, lambda g: pick_class(g, y)))


# ---- negative log-likelihood

@typed(input="Tensor", target="Tensor", weight="Tensor?", ignore_index="int")
def nll_loss(input: Tensor, target: Tensor, weight: Tensor | None = None,
             size_average: Any = None, ignore_index: int = -100,
             reduce: Any = None, reduction: str = "mean") -> Tensor:
    """-w_y x_y, averaged over Σ w_y; targets ignore_index count nothing"""
    check_reduction(reduction)
    check_tensor(target, "nll_loss_nd", "target", 2)
    if not input.array.ndim:
        raise ValueError("Expected 1 or more dimensions (got 0)")
    check_classes(input, target, weight)
    if weight is not None:
        form = "2d" if input.array.ndim > 2 else ""
        check_constant(weight, "weight", f"nll_loss{form}_forward")
    if input.array.ndim == 1:
        loss = nll(input.unsqueeze(0), target.array.reshape(1), weight,
                   ignore_index, reduction)
        if reduction == "none" and target.array.ndim == 0:
            return loss.squeeze(0)
        return loss
    return nll(input, target.array, weight, ignore_index, reduction)


def nll(x: Tensor, y: np.ndarray, weight: Tensor | None, ignore_index: int,
        reduction: str) -> Tensor:
    """nll_loss of x (N, C, *) and y (N, *)"""
    classes, number = x.array.shape[1], x.array.dtype
    ignored = y == ignore_index
    y, w = counted(y, weight, ignore_index, classes, number)
    picked = np.take_along_axis(x.array, y[:, None], 1)[:, 0]
    each = np.where(ignored, number.type(0), -w * picked)
    scale = -w
    if reduction == "mean":
        mass = w.sum()
        value, scale = each.sum() / mass, scale / mass
    else:
        value = total(each, reduction)
    share = wrap(scale.astype(number, copy=False))
    skipped = wrap(ignored) if ignored.any() else None
    at, name = spot(x), f"NllLoss{'' if y.ndim == 1 else '2D'}Backward0"

    def rule(g: Tensor) -> Tensor:
        g = g * share
        if skipped is not None:  # torch: 0, even where g or share is NaN
            g = g.masked_fill(skipped, 0.0)
        return level(place_class(g, y, classes), at, twice(name))

    return record(np.asarray(value).astype(number, copy=False), (x, rule),
                  name=name)


def counted(y: np.ndarray, weight: Tensor | None, ignore_index: int,
            classes: int, number: Any) -> tuple[np.ndarray, np.ndarray]:
    """The classes as int64, and how much each counts: 0 if ignored."""
    y = y.astype(np.int64, copy=False)
    ignored = y == ignore_index
    outside = ~ignored & ((y < 0) | (y >= classes))
    if outside.any():
        raise IndexError(f"Target {y[outside].flat[0]} is out of bounds.")
    y = np.where(ignored, 0, y)
    if weight is None:
        return y, (~ignored).astype(number)
    if not classes:
        return y, np.zeros(y.shape, number)
    return y, np.where(ignored, 0, weight.array[y]).astype(number)


def check_classes(x: Tensor, y: Tensor, weight: Tensor | None) -> None:
    """Refuse targets and weights that do not fit x."""
    refuse(x.array, "biuc", "nll_loss_out_frame" if x.array.ndim <= 2
           else "nll_loss2d_forward_out_frame")
    if weight is not None and weight.array.dtype != x.array.dtype:
        raise RuntimeError(f"expected scalar type {torch_name(x.dtype)} but "
                           f"found {torch_name(weight.dtype)}")
    given, wanted = y.array.shape, (x.array.shape[0], *x.array.shape[2:])
    if x.array.ndim == 1:
        if y.array.size != 1:
            raise ValueError("For 1D input, 1D target must have size 1, but "
                             f"got target size: {given[0]}")
    elif given[:1] != wanted[:1]:
        raise ValueError(
            f"Expected input batch_size ({wanted[0]}) to match target "
            f"batch_size ({given[0] if given else 1}).")
    elif x.array.ndim == 2 and len(given) > 1:
        raise RuntimeError(
            "0D or 1D target tensor expected, multi-target not supported")
    elif given != wanted and x.array.ndim == 4 and len(given) == 3:
        raise RuntimeError(f"size mismatch (got input: {[*x.shape]} , "
                           f"target: {[*given]}")
    elif given != wanted:
        raise RuntimeError(
            f"Expected target size {[*wanted]}, got {[*given]}")
    if y.array.dtype not in (np.int64, np.uint8):
        raise RuntimeError("expected target dtype to be Long or Byte, but "
                           f"got {torch_name(y.dtype)}")
    classes = x.array.shape[min(1, x.array.ndim - 1)]
    check_class_weights(weight, classes)


def check_class_weights(weight: Tensor | None, classes: int,
                        caller: str = "") -> None:
    """One weight for each class, or none at all."""
    if weight is not None and weight.array.shape != (classes,):
        raise RuntimeError(
            f"{caller}weight tensor should be defined either for all "
            f"{classes} classes or no classes but got weight tensor of "
            f"shape: {[*weight.shape]}")


# ---- cross-entropy

@typed(input="Tensor", target="Tensor", weight="Tensor?", ignore_index="int",
       label_smoothing="float")
def cross_entropy(input: Tensor, target: Tensor,
                  weight: Tensor | None = None, ignore_index: int = -100,
                  reduction: str = "mean",
                  label_smoothing: float = 0.0) -> Tensor:
    """-Σ p log softmax(x): nll_loss of log_softmax where y are classes.

    With smoothing s the target is (1 - s) its own and s / C of every class.
    """
    check_reduction(reduction)
    if label_smoothing > 1:
        raise RuntimeError("label_smoothing must be between 0.0 and 1.0. "
                           f"Got: {label_smoothing}")
    if not label_smoothing > 0:  # torch: what is below 0 counts as 0
        label_smoothing = 0.0
    check_tensor(target, "cross_entropy_loss", "target", 2)
    axis = 0 if input.array.ndim <= 1 else 1
    if input.array.shape == target.array.shape:
        if target.array.dtype.kind != "f":
            raise RuntimeError(
                "Expected floating point type for target with class "
                f"probabilities, got {torch_name(target.dtype)}")
        if ignore_index >= 0:
            raise RuntimeError(
                "ignore_index is not supported for floating point target")
        return soft_cross_entropy(log_softmax(input, axis), target, weight,
                                  reduction, label_smoothing, axis)
    if not input.array.ndim:
        dim_of(1, 0)  # torch: an IndexError, for it has no classes
    logs = log_softmax(input, axis)
    loss = nll_loss(logs, target, weight, ignore_index=ignore_index,
                    reduction=reduction)
    if label_smoothing == 0:
        return loss
    smooth = smoothed(logs, target, weight, ignore_index, reduction, axis)
    share = label_smoothing / input.array.shape[axis]
    return loss * (1 - label_smoothing) + smooth * share


def smoothed(logs: Tensor, target: Tensor, weight: Tensor | None,
             ignore_index: int, reduction: str, axis: int) -> Tensor:
    """-Σ over all classes of w log p, where the target is not ignored."""
    classes = logs.array.shape[axis]
    each = -(logs if weight is None else logs * along(
        weight, axis, logs.array.ndim)).sum(axis)
    _, w = counted(target.array.reshape(each.array.shape), weight,
                   ignore_index, classes, logs.array.dtype)
    ignored = target.array.reshape(each.array.shape) == ignore_index
    each = each.masked_fill(wrap(ignored), 0.0)
    if reduction == "none":
        return each
    whole = each.sum()
    return whole if reduction == "sum" else whole / wrap(np.asarray(w.sum()))


def along(weight: Tensor, axis: int, ndim: int) -> Tensor:
    """A weight for each class, seen along the axis of the classes."""
    return weight.reshape(*[-1 if d == axis else 1 for d in range(ndim)])


def soft_cross_entropy(logs: Tensor, target: Tensor, weight: Tensor | None,
                       reduction: str, label_smoothing: float,
                       axis: int) -> Tensor:
    """The target is a probability for every class."""
    classes = logs.array.shape[axis]
    check_class_weights(weight, classes, "cross_entropy: ")
    if label_smoothing > 0:
        target = target * (1 - label_smoothing) + label_smoothing / classes
    product = logs * target
    if weight is not None:
        product = product * along(weight, axis, product.array.ndim)
    if reduction == "none":
        return -product.sum(axis)
    whole = -product.sum()
    if reduction == "sum":
        return whole
    return whole / (logs.array.size // classes if classes else 0)
