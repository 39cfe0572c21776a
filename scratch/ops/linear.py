"""Linear maps: a matrix product with a bias, and its form in two inputs."""

from __future__ import annotations

from typing import Any

from ..graph import record
from ..tensor import Tensor
from .kinds import typed
from .matmul import check_inner, check_same_dtype, product
from .operands import check_tensor, torch_name
from .operands import refuse as refuse_dtypes

__all__ = ["bilinear"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


@typed(input="Tensor", weight="Tensor", bias="Tensor?")
def linear(input: Tensor, weight: Tensor,
           bias: Tensor | None = None) -> Tensor:
    """y = x Wᵀ + b:  ∂x = g W*,  ∂W = gᵀ x*,  ∂b = Σ g  (* conjugates)

    x (*, in), W (out, in), b (out) -> y (*, out)
    """
    x, w, b = input, weight, bias
    check_tensor(x, "linear")
    check_tensor(w, "linear", "weight", 2)
    if x.array.ndim == 0 or w.array.ndim == 0:
        raise RuntimeError(
            "both arguments to linear need to be at least 1D, but they are "
            f"{x.array.ndim}D and {w.array.ndim}D")
    if w.array.ndim != 2:
        return x.matmul(w) if b is None and w.array.ndim == 1 else refuse(w)
    check_factors(x, w, b is not None)
    rows, inner, out = flat(x), x.array.shape[-1], len(w.array)
    kind = "mm" if b is None else "addmm"
    check_inner(len(rows), inner, w.array.shape[::-1], kind)
    y = product(rows, w.array.T)
    edges: list = [(x, lambda g: g.matmul(w.conj()), w),
                   (w, lambda g: columns(g).matmul(rows_of(x.conj())), x)]
    if b is not None:
        check_bias(b, x, y.shape)
        y += b.array
        edges.append((b, rows_of))
    name = kind.capitalize() if x.array.ndim == 2 else "UnsafeView"
    return record(y.reshape(*x.array.shape[:-1], out), *edges,
                  name=f"{name}Backward0")


def check_factors(x: Tensor, w: Tensor, biased: bool) -> None:
    if biased and x.array.dtype != w.array.dtype:
        raise RuntimeError(
            "mat1 and mat2 must have the same dtype, but got "
            f"{torch_name(x.dtype)} and {torch_name(w.dtype)}")
    check_same_dtype(x, w)


def flat(x: Tensor) -> Any:
    """x (*, K) as rows (N, K)"""
    a = x.array
    return a if a.ndim == 2 else a.reshape(rows_in(a.shape), a.shape[-1])


def rows_in(shape: tuple) -> int:
    n = 1
    for size in shape[:-1]:
        n *= size
    return n


def rows_of(x: Tensor) -> Tensor:
    shape = x.array.shape
    return x if len(shape) == 2 else x.reshape(rows_in(shape), shape[-1])


def columns(g: Tensor) -> Tensor:
    return rows_of(g).t()


def refuse(w: Tensor) -> Tensor:
    if w.array.ndim > 2:
        raise RuntimeError("t() expects a tensor with <= 2 dimensions, but "
                           f"self is {w.array.ndim}D")
    raise RuntimeError(
        f"addmm: mat2 must be a matrix, got {w.array.ndim}-D tensor")


def check_bias(b: Tensor, x: Tensor, shape: tuple) -> None:
    """b broadcasts to y (N, out)."""
    check_same_dtype(x, b, "self and mat2")
    size = b.array.shape
    for axis, (n, wanted) in enumerate(zip(size[::-1], shape[::-1])):
        if n not in (1, wanted):
            raise RuntimeError(
                f"The expanded size of the tensor ({wanted}) must match the "
                f"existing size ({n}) at non-singleton dimension {1 - axis}."
                f"  Target sizes: {[*shape]}.  Tensor sizes: {[*size]}")


@typed(input1="Tensor", input2="Tensor", weight="Tensor", bias="Tensor?")
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor,
             bias: Tensor | None = None) -> Tensor:
    """yₖ = x₁ᵀ Wₖ x₂ + bₖ

    x₁ (*, I), x₂ (*, J), W (out, I, J), b (out) -> y (*, out)
    """
    x1, x2, w = input1, input2, weight
    check_bilinear(x1, x2, w, bias)
    refuse_dtypes(w.array, "b", "bmm")
    left = x1.unsqueeze(-2).unsqueeze(-2).matmul(w).squeeze(-2)
    y = (left * x2.unsqueeze(-2)).sum(-1, dtype=left.dtype)
    return y if bias is None else y + bias


def check_bilinear(x1: Tensor, x2: Tensor, w: Tensor,
                   b: Tensor | None) -> None:
    """Refuse dtypes, batches and sizes that do not fit together."""
    kinds = [t.dtype for t in (x1, x2, w, b) if t is not None]
    if len(set(kinds)) > 1:
        raise RuntimeError("All tensors must have the same dtype, got "
                           + ", ".join(f"{k}" for k in kinds))
    if x1.array.ndim != x2.array.ndim:
        raise RuntimeError(
            "bilinear(): input dimensions do not match: got "
            f"{x1.array.ndim} and {x2.array.ndim}")
    for i, (n, m) in enumerate(zip(x1.shape[:-1], x2.shape[:-1])):
        if n != m:
            raise RuntimeError(
                "bilinear(): input batch dimensions do not match at dim "
                f"{i}: got {n} and {m}")
    for k, x in ((1, x1), (2, x2)):
        if x.array.shape[-1] != w.array.shape[k]:
            raise RuntimeError(
                f"bilinear(): input{k} size does not match weight size: got "
                f"{x.array.shape[-1]} but expected {w.array.shape[k]}")
    if b is not None and b.array.shape[0] != w.array.shape[0]:
        raise RuntimeError(
            "bilinear(): bias size does not match weight size: got "
            f"{b.array.shape[0]} but expected {w.array.shape[0]}")
