"""Embedding: a row of a table for every index, and its adjoint."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import record
from ..kernels.scatter import place_rows
from ..tensor import Tensor
from .kinds import typed
from .masks import keep
from .norms import length
from .operands import check_tensor, torch_name

__all__ = ["embedding", "embedding_renorm_"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


# ---- the linear pair

def rows(w: Tensor, where: np.ndarray, name: str) -> Tensor:
    """y[…] = w[where[…]]"""
    count = len(w.array)
    return record(np.take(w.array, where, 0),
                  (w, lambda g: add_rows(g, where, count)), name=name)


def add_rows(y: Tensor, where: np.ndarray, count: int) -> Tensor:
    """The adjoint of rows: every y is added to its row, of zeros."""
    width = y.array.shape[-1]
    values = y.array.reshape(where.size, width)
    return record(place_rows(values, where, count),
                  (y, lambda g: rows(g, where, "RowsBackward0")))


# ---- the public door

@typed(weight="Tensor", indices="Tensor", padding_idx="int",
       scale_grad_by_freq="bool", sparse="bool")
def embedding(weight: Tensor, indices: Tensor, padding_idx: int = -1,
              scale_grad_by_freq: bool = False,
              sparse: bool = False) -> Tensor:
    """W (V, D), i (*) -> y (*, D): yᵢ = W[i]

    The gradient skips padding_idx; scale_grad_by_freq divides what comes
    to a row by how often it was read. Gradients are dense, `sparse` or not.
    """
    w = weight
    check_table(w, indices)
    where = indices.array.astype(np.int64, copy=False)
    count = len(w.array)
    if where.size and (where.min() < 0 or where.max() >= count):
        raise IndexError("index out of range in self")

    def back(g: Tensor) -> Tensor:
        if scale_grad_by_freq and sparse:
            raise RuntimeError("embedding_backward: scale_grad_by_freq not "
                               "supported with sparse gradients")
        if padding_idx >= 0:
            g = keep(g, (where != padding_idx)[..., None])
        if scale_grad_by_freq:
            g = by_frequency(g, where, count)
        return add_rows(g, where, count)

    return record(np.take(w.array, where, 0), (w, back),
                  name="EmbeddingBackward0")


def by_frequency(g: Tensor, where: np.ndarray, count: int) -> Tensor:
    """Each gradient over how often its row was read."""
    times = np.bincount(where.reshape(-1), minlength=count)[where]
    share = (g.array / times[..., None]).astype(g.array.dtype)
    # torch: the gradient of this gradient does not know of the frequency
    return record(share, (g, lambda h: h))


def check_table(w: Any, indices: Any) -> None:
    check_tensor(w, "embedding", "weight", 1)
    check_tensor(indices, "embedding", "indices", 2)
    if w.array.ndim != 2:
        raise RuntimeError("'weight' must be 2-D")
    check_indices(indices, "embedding")


def check_indices(indices: Tensor, caller: str) -> None:
    """Refuse indices that are not int64 or int32."""
    if indices.array.dtype not in (np.int64, np.int32):
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the "
            "following scalar types: Long, Int; but got "
            f"torch.{torch_name(indices.dtype)}Tensor instead (while "
            f"checking arguments for {caller})")


@typed(max_norm="float", norm_type="float")
def embedding_renorm_(weight: Tensor, indices: Tensor, max_norm: float,
                      norm_type: float) -> Tensor:
    """The rows of W that are read, cut to a norm of at most max_norm."""
    if weight.array.ndim != 2:
        raise RuntimeError(
            "Expected 2-dimensional tensor, but got "
            f"{weight.array.ndim}-dimensional tensor for argument #1 'self' "
            "(while checking arguments for embedding_renorm_)")
    check_indices(indices, "embedding_renorm_")
    read = np.unique(indices.array)
    for i in read:
        if not -len(weight.array) <= i < len(weight.array):
            raise IndexError(
                f"select(): index {i} out of range for tensor of size "
                f"{[*weight.shape]} at dimension 0")
    if weight.array.dtype.kind not in "fc":
        raise NotImplementedError(
            "norm(): input dtype should be either floating point or complex."
            f" Got {torch_name(weight.dtype)} instead.")
    part = weight.array[read]
    norm = length(part, norm_type, (1,)).reshape(-1, 1)
    shorter = part * (max_norm / (norm + 1e-7))
    weight.array[read] = np.where(norm > max_norm, shorter, part)
    weight.version[0] += 1
    return weight
