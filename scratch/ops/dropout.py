"""Dropout: some entries set to 0, the rest scaled up to keep the mean."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..graph import record
from ..random import default_generator
from ..tensor import Tensor, wrap
from .filling import in_memory_order
from .inplace import inplace
from .kinds import typed
from .operands import check_tensor

__all__ = ["dropout", "alpha_dropout", "feature_dropout",
           "feature_alpha_dropout"]
METHODS: list[str] = []
IN_PLACE: list[str] = []

ALPHA = 1.7580993408473766  # -selu(-∞): where SELU saturates


def check_probability(p: float) -> None:
    """Refuse what is no probability."""
    if p < 0.0 or p > 1.0:
        raise ValueError("dropout probability has to be between 0 and 1, but"
                         f" got {p}")


def drop(input: Tensor, p: float, train: bool,
         shape: tuple | None = None) -> Tensor:
    """x · mask, a mask of the given shape (or that of x) being 0 with
    probability p and else 1 / (1 - p)."""
    x = input
    if idle(x, p, train):
        return x
    a = x.array
    if p == 1:
        mask = np.zeros(a.shape if shape is None else shape, a.dtype)
    else:
        mask = kept_ones(a, p, shape)
        mask /= mask.dtype.type(1 - p)
    kept = wrap(mask)
    return record(a * mask, (x, lambda g: g * kept), name="MulBackward0")


def idle(x: Tensor, p: float, train: bool) -> bool:
    """Whether nothing is dropped"""
    return p == 0 or not train or not x.array.size


def kept_ones(a: np.ndarray, p: float, shape: tuple | None) -> np.ndarray:
    """1 with probability 1 - p, else 0.

    torch: one for each entry of x, they are drawn in the order in which x
    lies in memory; one for each channel, row by row.
    """
    if shape is not None or a.flags.c_contiguous or 0 in a.strides:
        return default_generator.bernoulli(
            a.shape if shape is None else shape, 1 - p, a.dtype)
    mask = np.empty_like(a)
    rows = in_memory_order(mask)
    rows[...] = default_generator.bernoulli(rows.shape, 1 - p, a.dtype)
    return mask


def checked(input: Any, p: float, caller: str, train: bool) -> Tensor:
    check_tensor(input, caller)
    check_probability(p)
    if math.isnan(p):
        raise RuntimeError("dropout probability has to be between 0 and 1, "
                           f"but got {p}")
    if input.array.dtype.kind not in "fc" and p != 1 and not idle(
            input, p, train):
        kind = input.dtype.name.removeprefix("u").capitalize()
        kind = {"Int64": "Long", "Int32": "Int", "Int8": "Char"}.get(
            kind, kind)
        raise RuntimeError(f"result type Float can't be cast to the desired "
                           f"output type {kind}")
    return input


@typed(input="Tensor", p="float", train="bool")
def dropout(input: Tensor, p: float = 0.5, train: bool = True) -> Tensor:
    """Each entry is dropped on its own."""
    x = checked(input, p, "dropout", train)
    return drop(x, p, train)


def channels(x: Tensor) -> tuple:
    """(N, C, 1, …): one draw for every channel."""
    if x.array.ndim < 2:
        raise RuntimeError(
            "Feature dropout requires at least 2 dimensions in the input")
    return (*x.array.shape[:2], *[1] * (x.array.ndim - 2))


def feature_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """Whole channels of x (N, C, *) are dropped."""
    x = checked(input, p, "feature_dropout", train)
    if idle(x, p, train):
        return x
    return drop(x, p, train, channels(x))


def drop_alpha(x: Tensor, p: float, train: bool,
               shape: tuple | None = None) -> Tensor:
    """Dropped entries become -α, then all are scaled and shifted so that
    mean 0 and variance 1 stay (Klambauer et al., 2017)."""
    if idle(x, p, train):
        return x
    if p == 1:
        return x * 0
    number = x.array.dtype
    keep = kept_ones(x.array, p, shape)
    a = 1 / math.sqrt((ALPHA**2 * p + 1) * (1 - p))
    b = (keep - 1) * number.type(ALPHA * a) + number.type(ALPHA * a * p)
    return x * wrap(keep * number.type(a)) + wrap(b)


@typed(input="Tensor", p="float", train="bool")
def alpha_dropout(input: Tensor, p: float = 0.5,
                  train: bool = False) -> Tensor:
    """Dropout for SELU networks."""
    x = checked(input, p, "alpha_dropout", train)
    return drop_alpha(x, p, train)


def feature_alpha_dropout(input: Tensor, p: float, train: bool) -> Tensor:
    """alpha_dropout of whole channels."""
    x = checked(input, p, "feature_alpha_dropout", train)
    if idle(x, p, train):
        return x
    return drop_alpha(x, p, train, channels(x))


def in_place(operation: Any, x: Tensor, p: float, train: bool) -> Tensor:
    """x itself, changed."""
    return inplace(operation, operation.__name__ + "_")(x, p, train)


def by_channel(caller: str, axes: int, x: Tensor, p: float, training: bool,
               inplace: bool) -> Tensor:
    """dropout1d, 2d, 3d: channels with 1, 2, 3 axes are dropped whole."""
    check_probability(p)
    ndim = x.array.ndim
    if ndim not in (axes + 1, axes + 2):
        if axes == 1:
            raise RuntimeError(
                f"{caller}: Expected 2D or 3D input, but received a {ndim}D "
                f"input. Note that {caller} exists to provide channel-wise "
                "dropout on inputs with 1 spatial dimension, a channel "
                "dimension, and an optional batch dimension (i.e. 2D or 3D "
                "inputs).")
        warnings.warn(
            f"{caller}: Received a {ndim}-D input to {caller}, which is "
            "deprecated and will result in an error in a future release.",
            stacklevel=4)
    elif axes == 2 and ndim == 3:
        warnings.warn(
            f"{caller}: Received a 3D input to {caller} and assuming that "
            "channel-wise 1D dropout behavior is desired - input is "
            "interpreted as shape (N, C, L), where C is the channel dim. "
            "This behavior will change in a future release to interpret the "
            "input as one without a batch dimension, i.e. shape (C, H, W). "
            "To maintain the 1D channel-wise dropout behavior, please switch"
            " to using dropout1d instead.", stacklevel=4)
    unbatched = ndim != axes + 2 and axes != 2
    y = x.unsqueeze(0) if unbatched else x
    y = in_place(feature_dropout, y, p, training) if (
        inplace and not idle(y, p, training)) else (
        feature_dropout(y, p, training))
    return y.squeeze(0) if unbatched else y
