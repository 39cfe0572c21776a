"""Distances and directions of vectors, and classes as unit vectors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes
from ..modes import no_grad
from ..tensor import Tensor, wrap
from .kinds import typed
from .norms import norm, vector_norm
from .operands import (
    check_broadcast,
    check_tensor,
    dim_of,
    named,
    operands,
    torch_name,
)

__all__ = ["cdist", "cosine_similarity", "pairwise_distance", "pdist"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


@typed(input="methods")
def normalize(input: Tensor, p: float = 2.0, dim: Any = 1,
              eps: float = 1e-12) -> Tensor:
    """x / max(‖x‖ₚ, ε) along dim"""
    x = input
    length = norm(x, p, dim, True).clamp_min(eps)
    return x / length.expand_as(x)


@typed(x1="Tensor", x2="Tensor", dim="int", eps="float")
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1,
                      eps: float = 1e-8) -> Tensor:
    """x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε)) along dim"""
    shape = check_broadcast(x1.array.shape, x2.array.shape)
    x1, x2, a, _ = operands(x1, x2)
    if a.dtype.kind != "f":
        raise RuntimeError(
            "expected common dtype to be floating point, yet common dtype "
            f"is {torch_name(dtypes.of(a.dtype))}")
    if not eps >= 0:
        raise RuntimeError(f"eps must be non-negative, got: {eps}")
    d = dim_of(dim, len(shape))

    def direction(x: Tensor) -> Tensor:
        # torch: floats of two dtypes are only brought to one in the product
        x = (x if x.array.dtype.kind == "f" else x.to(dtypes.of(
            a.dtype))).expand(shape)
        length = vector_norm(x, 2, d, True).clone()
        with no_grad():  # torch: backward knows nothing of the bound
            length.clamp_min_(eps)
        return x / length

    return (direction(x1) * direction(x2)).sum(d)


@typed(x1="Tensor", x2="Tensor", p="float", eps="float", keepdim="bool")
def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0,
                      eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """‖x₁ - x₂ + ε‖ₚ along the last dimension"""
    return named(vector_norm(x1 - x2 + eps, p, -1, keepdim), "NormBackward1")


MODES = (None, "use_mm_for_euclid_dist_if_necessary",
         "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist")


def cdist(x1: Tensor, x2: Tensor, p: float = 2.0,
          compute_mode: str | None = MODES[1]) -> Tensor:
    """‖x₁ᵢ - x₂ⱼ‖ₚ of all pairs: (*, P, M), (*, R, M) -> (*, P, R)

    torch may multiply matrices for p = 2; the differences are exacter.
    """
    if compute_mode not in MODES:
        raise ValueError(
            f"{compute_mode} is not a valid value for compute_mode")
    for word, x in (("X1", x1), ("X2", x2)):
        check_tensor(x, "cdist", word.lower())
        if x.array.dtype.kind != "f":
            raise RuntimeError("cdist only supports floating-point dtypes, "
                               f"{word} got: {torch_name(x.dtype)}")
        if x.array.ndim < 2:
            raise RuntimeError("cdist only supports at least 2D tensors, "
                               f"{word} got: {x.array.ndim}D")
    m, n = x1.array.shape[-1], x2.array.shape[-1]
    if m != n:
        raise RuntimeError("X1 and X2 must have the same number of columns. "
                           f"X1: {m} X2: {n}")
    check_power(x1, x2, p, "cdist")
    apart = x1.unsqueeze(-2) - x2.unsqueeze(-3)
    return named(lengths(apart, p), "CdistBackward0")


def pdist(input: Tensor, p: float = 2.0) -> Tensor:
    """‖xᵢ - xⱼ‖ₚ of the pairs i < j: (N, M) -> (N (N - 1) / 2)"""
    x = input
    check_tensor(x, "pdist")
    if x.array.ndim != 2:
        raise RuntimeError(
            f"pdist only supports 2D tensors, got: {x.array.ndim}D")
    if x.array.dtype.kind != "f":
        raise RuntimeError("pdist only supports floating-point dtypes")
    check_power(x, x, p, "pdist")
    i, j = (wrap(k) for k in np.triu_indices(len(x.array), 1))
    return named(lengths(x[i] - x[j], p), "PdistBackward0")


def check_power(x: Tensor, y: Tensor, p: float, name: str) -> None:
    """Refuse a negative p, dtypes that differ, and half."""
    if not p >= 0:
        raise RuntimeError(f"{name} only supports non-negative p values")
    if x.array.dtype != y.array.dtype:
        raise RuntimeError(f"expected scalar type {torch_name(x.dtype)} but "
                           f"found {torch_name(y.dtype)}")
    if x.array.dtype == np.float16:
        raise NotImplementedError(f"\"{name}\" not implemented for 'Half'")


def lengths(x: Tensor, p: float) -> Tensor:
    """‖x‖ₚ along the last dimension; torch: entries of 0 have no slope."""
    if p in (1, math.inf) or (p == 2 and x.array.all()):
        return vector_norm(x, p, -1) if x.array.shape[-1] else x.sum(-1)
    still = x.array == 0
    if not x.array.shape[-1] or p == 0:
        return (x * 0).sum(-1) + wrap(
            (~still).sum(-1).astype(x.array.dtype))
    rest = x.masked_fill(wrap(still), 1).abs() ** p
    total = rest.masked_fill(wrap(still), 0).sum(-1)
    same = wrap(still.all(-1))
    return (total.masked_fill(same, 1) ** (1 / p)).masked_fill(same, 0)


@typed(tensor="Tensor", num_classes="int")
def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """y (*) of classes -> x (*, num_classes): 1 at the class, else 0"""
    y = tensor.array
    if y.dtype != np.int64:
        raise RuntimeError(
            "one_hot is only applicable to index tensor of type LongTensor.")
    if not y.size:
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from "
                               "empty tensor.")
        return wrap(np.zeros((*y.shape, num_classes), np.int64))
    if y.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        num_classes = int(y.max()) + 1
    elif num_classes <= y.max():
        raise RuntimeError("Class values must be smaller than num_classes.")
    x = np.zeros((*y.shape, num_classes), np.int64)
    np.put_along_axis(x, y[..., None], 1, -1)
    return wrap(x)
