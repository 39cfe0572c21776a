"""Distances and directions of vectors, and classes as unit vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..modes import no_grad
from ..tensor import Tensor, wrap
from .kinds import typed
from .norms import vector_norm
from .operands import check_broadcast, dim_of, named, operands, torch_name

__all__ = ["cosine_similarity", "pairwise_distance"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


@typed(input="Tensor", dim="ints", eps="Number")
def normalize(input: Tensor, p: float = 2.0, dim: Any = 1,
              eps: float = 1e-12) -> Tensor:
    """x / max(‖x‖ₚ, ε) along dim"""
    x = input
    length = vector_norm(x, 2.0 if p is None else p, dim, True)
    length = length.clamp_min(eps)
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
    x1, x2 = x1.to(dtypes.of(a.dtype)), x2.to(dtypes.of(a.dtype))
    if not eps >= 0:
        raise RuntimeError(f"eps must be non-negative, got: {eps}")
    d = dim_of(dim, len(shape))

    def direction(x: Tensor) -> Tensor:
        x = x.expand(shape)
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
