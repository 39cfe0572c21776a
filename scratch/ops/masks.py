"""Gradients under a mask: where a formula says one thing here, 0 there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels.masks import kept
from ..modes import modes
from ..node import node_of
from ..tensor import Tensor, wrap

__all__: list[str] = []
NO_NUMBERS = np.zeros(0, np.float32)


def keep(x: Tensor, mask: Any) -> Tensor:
    """x where the mask (an array) holds, else 0: its own adjoint.

    What is masked out is 0 even where x is infinite or NaN.
    """
    return record(kept(x.array, mask), (x, lambda g: keep(g, mask)),
                  name="WhereBackward0")


def nothing(g: Tensor) -> Tensor:
    """The gradient of a step function: zero."""
    return wrap(np.zeros(g.array.shape, g.array.dtype))


def level(g: Tensor, x: Tensor, name: str) -> Tensor:
    """g, whose slope in x is 0 and not missing.

    torch: the rule of a function that is linear piece by piece reads x, so
    that a gradient's gradient in x is a zero. A rule that has no need of
    the numbers of x takes its `spot`.
    """
    if not modes.recording:
        return g
    return record(g.array, (g, lambda h: h), (x, nothing), name=name)


def spot(x: Tensor) -> Tensor:
    """The place of x in the graph, without its memory."""
    place = wrap(NO_NUMBERS)
    place._node = node_of(x)
    return place


def twice(name: str) -> str:
    """The name of a step's gradient: ReluBackward0, ReluBackwardBackward0"""
    return name[:-1] + "Backward0"


def shared(g: Tensor, mask: np.ndarray, ties: np.ndarray) -> Tensor:
    """g where the mask holds; half of it at the ties, which two share."""
    g = keep(g, mask | ties)
    if not ties.any():
        return g
    one = g.array.dtype.type(1)
    return g * wrap(np.where(ties, one / 2, one))
