"""Losses of margins: the right classes are to win by a distance."""

from __future__ import annotations

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from .classification import pick_class, place_class
from .kinds import typed
from .loss import check_constant, check_reduction, reduced, total
from .masks import level, spot
from .numbers import number_in
from .operands import check_broadcast, check_tensor, refuse, torch_name

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


@typed(input="Tensor", target="Tensor", p="Number", margin="Scalar",
       weight="Tensor?")
def multi_margin_loss(input: Tensor, target: Tensor, p: int = 1,
                      margin: float = 1.0, weight: Tensor | None = None,
                      reduction: str = "mean") -> Tensor:
    """w_y Σ max(0, m - x_y + x_c)ᵖ / C over the classes c other than y

    x (N, C), y (N) or x (C), y () -> (N) or ()
    (Crammer and Singer, 2001)
    """
    check_reduction(reduction)
    check_tensor(input, "multi_margin_loss")
    check_tensor(target, "multi_margin_loss", "target", 2)
    if weight is not None:
        check_constant(weight, "weight", "multi_margin_loss")
    n, c = rows_and_classes(input)
    check_one_class(input, target, weight, n, c)
    a, y = input.array.reshape(n, c), target.array.reshape(n)
    if y.size and not ((y >= 0) & (y < c)).all():
        raise RuntimeError("target out of range")
    share = np.full((n, 1), 1 / c, a.dtype)
    if weight is not None:
        share = share * weight.array.reshape(c)[y][:, None]
    margin = number_in(margin, a.dtype)
    z = margin - np.take_along_axis(a, y[:, None], 1) + a
    live = z > 0
    np.put_along_axis(live, y[:, None], False, 1)
    counts = wrap(live * share)
    each = (np.where(live, z**p, 0) * share).sum(1).astype(a.dtype)
    scale = 1 / n if reduction == "mean" and n else 1.0

    def rule(g: Tensor) -> Tensor:
        slope = counts * (g.reshape(-1, 1) * scale)
        if p == 2:
            x = input.reshape(n, c)
            slope = slope * 2 * (margin - pick_class(x, y).reshape(n, 1) + x)
            slope = slope.masked_fill(wrap(~live), 0.0)
        slope = slope - place_class(slope.sum(1), y, c)
        return level(slope.reshape(input.array.shape), input,
                     "MultiMarginLossBackwardBackward0")

    alone = reduction != "none" or not target.array.ndim
    return record(over_rows(each, reduction).reshape(() if alone else (n,)),
                  (input, rule, input), name="MultiMarginLossBackward0")


@typed(input="Tensor", target="Tensor")
def multilabel_margin_loss(input: Tensor, target: Tensor,
                           reduction: str = "mean") -> Tensor:
    """Σ max(0, 1 - x_y + x_c) / C over the classes y of a row of targets
    and the classes c that are not among them

    x (N, C), y (N, C) -> (N): the classes of a row end at the first -1.
    """
    check_reduction(reduction)
    check_tensor(input, "multilabel_margin_loss")
    check_tensor(target, "multilabel_margin_loss", "target", 2)
    n, c = rows_and_classes(input)
    check_many_classes(input, target, n, c)
    a, y = input.array.reshape(n, c), target.array.reshape(n, c)
    listed = np.logical_and.accumulate(y >= 0, 1)
    right = np.zeros((n, c), bool)
    row, _ = np.nonzero(listed)
    right[row, y[listed]] = True
    chosen = np.where(listed, y, 0)
    z = 1 - np.take_along_axis(a, chosen, 1)[:, :, None] + a[:, None]
    live = (z > 0) & listed[:, :, None] & ~right[:, None]
    each = (np.where(live, z, 0).sum((1, 2)) / c).astype(a.dtype)
    slope = live.sum(1).astype(a.dtype)  # of each wrong class: rivals above
    np.add.at(slope, (row, y[listed]), -live.sum(2)[listed])
    scale = 1 / n if reduction == "mean" and n else 1.0
    share = wrap((slope * (scale / c)).astype(a.dtype))
    alone = reduction != "none" or input.array.ndim < 2
    at, shape = spot(input), input.array.shape
    return record(over_rows(each, reduction).reshape(() if alone else (n,)),
                  (input, lambda g: level(
                      (g.reshape(-1, 1) * share).reshape(shape), at,
                      "MultilabelMarginLossBackwardBackward0")),
                  name="MultilabelMarginLossBackward0")


def over_rows(each: np.ndarray, reduction: str) -> np.ndarray:
    """The sum or mean; torch: 0 of no rows, not NaN"""
    if not each.size and reduction == "mean":
        return np.zeros((), each.dtype)
    return total(each, reduction)


# ---- what fits together

def rows_and_classes(x: Tensor) -> tuple[int, int]:
    """N and C of x (N, C), (C) or ()"""
    shape = x.array.shape
    if len(shape) > 2 or (shape and not shape[-1]):
        raise RuntimeError(
            "Expected non-empty vector or matrix with optional 0-dim batch "
            f"size, but got: {[*shape]}")
    n, c = (1, 1, *shape)[-2:]
    return n, c


def check_one_class(x: Tensor, y: Tensor, weight: Tensor | None, n: int,
                    c: int) -> None:
    """Refuse targets and weights that do not fit x (N, C)."""
    if y.array.ndim > 1 or y.array.size != n:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal "
            "to the number of input samples (batch size). Expected target "
            f"size [{n}], but got {[*y.shape]}. Input has shape "
            f"{[*x.shape]}.")
    if weight is not None and (
            weight.array.ndim > 1 or weight.array.size != c):
        raise RuntimeError(f"inconsistent weight size, expected {c} but got "
                           f"{[*weight.shape]}")
    check_kinds(x, y, "multi_margin_loss_cpu_kernel")
    if weight is not None and weight.dtype != x.dtype:
        raise RuntimeError(f"expected scalar type {torch_name(x.dtype)} but "
                           f"found {torch_name(weight.dtype)}")


def check_many_classes(x: Tensor, y: Tensor, n: int, c: int) -> None:
    """Refuse targets that do not fit x (N, C)."""
    size = y.array.shape
    fits = size == (n, c) if x.array.ndim == 2 else (
        len(size) <= 1 and y.array.size == c)
    if not fits:
        raise RuntimeError(f"inconsistent target size: {[*size]} for input "
                           f"of size: {[*x.shape]}")
    if not np.isfinite(y.array).all():
        raise RuntimeError(
            "value cannot be converted to type int64_t without overflow")
    # torch: of numbers that are not whole the fraction is dropped
    if y.array.size and (int(y.array.min()) < -1 or int(y.array.max()) >= c):
        raise RuntimeError("argument #2 'target' is out of range")
    check_kinds(x, y, "multilabel_margin_loss_forward_out_frame")


def check_kinds(x: Tensor, y: Tensor, kernel: str) -> None:
    """x is float32 or float64, y is int64."""
    refuse(x.array, "biuc", kernel)
    if x.array.dtype == np.float16:
        refuse(x.array, "f", kernel)
    if y.array.dtype != np.int64:
        raise RuntimeError("expected scalar type Long but found "
                           f"{torch_name(y.dtype)}")


# ---- two classes

def fraction(t: Tensor) -> Tensor:
    """z / (1 + z) of z = eᵗ;  its slope z / (1 + z)², without cancelling"""
    z = np.exp(t.array)

    def rule(g: Tensor) -> Tensor:
        z = t.exp()
        return g * z / (1 + z).square()

    return record(z / (1 + z), (t, rule, t))


@typed(input="Tensor", target="Tensor")
def soft_margin_loss(input: Tensor, target: Tensor,
                     reduction: str = "mean") -> Tensor:
    """log(1 + e⁻ʸˣ) of targets ±1;  torch: infinite for -y x above 709

    ∂x = -y z / (1 + z),  z = e⁻ʸˣ
    """
    x, y = input, target
    check_tensor(x, "soft_margin_loss")
    check_tensor(y, "soft_margin_loss", "target", 2)
    check_reduction(reduction)
    number = x.array.dtype
    if number.kind == "b":
        raise NotImplementedError(
            "Negation, the `-` operator, on a bool tensor is not supported: "
            "argument 'input' must be of floats")
    if number.kind in "iu" or number.kind != "c" == y.array.dtype.kind:
        raise RuntimeError("result type Float can't be cast to the desired "
                           f"output type {torch_name(x.dtype)}")
    check_constant(y, "target", "soft_margin_loss")
    shape = check_broadcast(x.array.shape, y.array.shape)
    if shape != x.array.shape:  # torch: the result is written as x is
        raise RuntimeError(
            f"output with shape {[*x.shape]} doesn't match the broadcast "
            f"shape {[*shape]}")
    y = y.to(x.dtype)
    each = np.log1p(np.exp(-y.array * x.array))

    def slope() -> Tensor:
        return -y * fraction(-y * x)

    return reduced(each, reduction, "SoftMarginLossBackward0",
                   (x, slope, x))
