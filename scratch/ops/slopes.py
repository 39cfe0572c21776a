"""Slopes from samples: the derivative of a function known at some points."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..tensor import Tensor
from .combine import cat
from .operands import check_tensor, combination, each_dim

__all__ = ["gradient"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def gradient(input: Tensor, *, spacing: Any = None, dim: Any = None,
             edge_order: int = 1) -> tuple:
    """∂f/∂x by central differences, along each dimension (or those named)

    spacing: the distance of neighbours, a distance for each dimension, or
    for each a vector of coordinates.
    edge_order: how exact the one-sided differences at both ends are.
    """
    check_tensor(input, "gradient")
    x = input
    dims = checked_dims(x, spacing, dim, edge_order)
    return tuple([along(x, d, h, edge_order) for d, h in zip(
        dims, spacings(spacing, len(dims)))])


def spacings(spacing: Any, count: int) -> list:
    """One distance, or one vector of coordinates, for every dimension."""
    if isinstance(spacing, (tuple, list)):
        return list(spacing)
    return [1 if spacing is None else spacing] * count


def along(x: Tensor, d: int, h: Any, order: int) -> Tensor:
    """The slopes along one dimension.

    Between two neighbours at the distances b before and a after:
    y′ = (b² y₊ + (a² - b²) y - a² y₋) / a b (a + b)
    """
    n = x.array.shape[d]
    if isinstance(h, Tensor):
        return uneven(x, d, h, order)
    left, right = x.narrow(d, 0, n - 2), x.narrow(d, 2, n - 2)
    y = [x.narrow(d, k, 1) for k in (0, 1, -2, -1)]
    first, last = (y[1] - y[0]) / h, (y[3] - y[2]) / h
    if order == 2:
        first = (-1.5 * y[0] + 2 * y[1] - 0.5 * x.narrow(d, 2, 1)) / h
        last = (0.5 * x.narrow(d, -3, 1) - 2 * y[2] + 1.5 * y[3]) / h
    return cat([first, (right - left) / h / 2, last], d)


def uneven(x: Tensor, d: int, where: Tensor, order: int) -> Tensor:
    """The slopes at points that are not evenly apart."""
    n = x.array.shape[d]
    side = [1] * x.array.ndim
    side[d] = -1
    step = where.diff().reshape(side)
    b, a = step.narrow(d, 0, n - 2), step.narrow(d, 1, n - 2)
    left, here, right = (x.narrow(d, k, n - 2) for k in range(3))
    inner = (here * ((a - b) / (a * b)) - left * (a / (b * (a + b)))
             + right * (b / (a * (a + b))))
    if order == 1:
        first = (x.narrow(d, 1, 1) - x.narrow(d, 0, 1)) / b.narrow(d, 0, 1)
        last = (x.narrow(d, -1, 1) - x.narrow(d, -2, 1)) / a.narrow(d, -1, 1)
    else:
        first = one_sided([x.narrow(d, k, 1) for k in range(3)],
                          b.narrow(d, 0, 1), a.narrow(d, 0, 1))
        last = -one_sided([x.narrow(d, k, 1) for k in (-1, -2, -3)],
                          a.narrow(d, -1, 1), b.narrow(d, -1, 1))
    return cat([first, inner, last], d)


def one_sided(y: list, near: Tensor, far: Tensor) -> Tensor:
    """The slope at y₀ from y₁ and y₂, which lie to one side of it."""
    both = near + far
    return (y[1] * (both / (near * far)) - y[0] * (
        (near + both) / (near * both)) - y[2] * (near / (far * both)))


def checked_dims(x: Tensor, spacing: Any, dim: Any, order: int) -> tuple:
    """The dimensions, all arguments being as torch wants them."""
    several = isinstance(spacing, (tuple, list))
    if not (spacing is None or several or isinstance(
            spacing, dtypes.NUMBERS)):
        raise combination("gradient", x, spacing)
    if x.array.dtype == np.uint8:
        raise NotImplementedError(
            "torch.gradient does not support uint8 input.")
    n = x.array.ndim
    named = [dim] if isinstance(dim, int) else dim
    check_count(spacing, named, n)
    if order not in (1, 2):
        raise RuntimeError(
            "torch.gradient only supports edge_order=1 and edge_order=2.")
    dims = tuple(range(n)) if named is None else each_dim(named, n)
    for d in dims:
        if dims.count(d) > 1:
            raise RuntimeError(
                f"dim {d} appears multiple times in the list of dims")
        if x.array.shape[d] < order + 1:
            raise RuntimeError("torch.gradient expected each dimension size "
                               "to be at least edge_order+1")
    for h in spacing if several else ():
        if isinstance(h, Tensor) and h.array.ndim != 1:
            raise RuntimeError(
                "torch.gradient expected each element of spacing to have one"
                f" dimension, but got an element with {h.array.ndim} "
                "dimensions!")
    return dims


def check_count(spacing: Any, dims: Any, n: int) -> None:
    """Refuse as many distances as there are no dimensions for."""
    if not isinstance(spacing, (tuple, list)):
        return
    if dims is None and len(spacing) != n:
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar, or"
            f" a list of length equal to 'self.dim() = {n}', since dim "
            f"argument was not given, but got a list of length "
            f"{len(spacing)}")
    if dims is not None and len(spacing) != len(dims):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar or "
            "it's spacing and dim arguments to have the same length, but got"
            f" a spacing argument of length {len(spacing)} and a dim "
            f"argument of length {len(dims)}.")
