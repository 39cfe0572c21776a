"""Distances and directions of vectors, and classes as unit vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..modes import no_grad
from ..tensor import Tensor, wrap
from .norms import vector_norm
from .operands import check_broadcast, dim_of, named, torch_name

__all__ = ["cosine_similarity", "pairwise_distance"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def normalize(input: Tensor, p: float = 2.0, dim: Any = 1,
              eps: float = 1e-12) -> Tensor:
    """x / max(‖x‖ₚ, ε) along dim"""
    x = input
    length = vector_norm(x, p, dim, True).clamp_min(eps)
    return x / length.expand_as(x)


def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1,
                      eps: float = 1e-8) -> Tensor:
    """x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε)) along dim"""
    shape = check_broadcast(x1.array.shape, x2.array.shape)
    for x in (x1, x2):
        if x.array.dtype.kind not in "fc":
            raise RuntimeError(
                "expected common dtype to be floating point, yet common "
                f"dtype is {torch_name(x.dtype)}")
    d = dim_of(dim, len(shape))

    def direction(x: Tensor) -> Tensor:
        x = x.expand(shape)
        length = vector_norm(x, 2, d, True).clone()
        with no_grad():  # torch: backward knows nothing of the bound
            length.clamp_min_(eps)
        return x / length

    return (direction(x1) * direction(x2)).sum(d)


def pairwise_distance(x1: Tensor, x2: Tensor, p: float = 2.0,
                      eps: float = 1e-6, keepdim: bool = False) -> Tensor:
    """‖x₁ - x₂ + ε‖ₚ along the last dimension"""
    return named(vector_norm(x1 - x2 + eps, p, -1, keepdim), "NormBackward1")


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
