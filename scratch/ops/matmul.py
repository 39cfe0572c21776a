"""Products of vectors, matrices and batches of matrices."""

from __future__ import annotations

import numpy as np

from ..graph import record
from ..tensor import Tensor
from .operands import check_broadcast
from .reduction import torch_name

__all__ = ["matmul", "mm", "mv", "dot"]
METHODS = "matmul mm mv dot".split()
IN_PLACE: list[str] = []


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a @ b; float16 is summed in float32, as torch does."""
    if a.dtype == np.float16:
        return np.asarray(a.astype("f") @ b.astype("f")).astype(a.dtype)
    return a @ b


def check_same_dtype(x: Tensor, y: Tensor, names: str = "m1 and m2") -> None:
    if x.array.dtype != y.array.dtype:
        words = {"Long": "long int", "Byte": "unsigned char",
                 "Char": "signed char", "Bool": "bool"}
        a, b = torch_name(x.dtype), torch_name(y.dtype)
        raise RuntimeError(
            f"expected {names} to have the same dtype, but got: "
            f"{words.get(a, a.lower())} != {words.get(b, b.lower())}")


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """x (*, N, K) @ y (*, K, M) -> (*, N, M); vectors stand in as usual"""
    x, y = input, other
    if not isinstance(y, Tensor) or not isinstance(x, Tensor):
        raise TypeError(
            "matmul(): argument 'other' (position 2) must be Tensor, not "
            f"{type(y).__name__}")
    a, b = x.array, y.array
    if not a.ndim or not b.ndim:
        raise RuntimeError(
            "both arguments to matmul need to be at least 1D, but they are "
            f"{a.ndim}D and {b.ndim}D")
    check_same_dtype(x, y)
    if a.ndim == 2 and b.ndim == 2:
        return mm(x, y)
    if a.ndim == 1 and b.ndim == 1:
        return dot(x, y)
    if a.ndim == 1:
        return matmul(x.unsqueeze(0), y).squeeze(-2)
    if b.ndim == 1:
        return mv(x, y) if a.ndim == 2 else matmul(
            x, y.unsqueeze(1)).squeeze(-1)
    check_inner(a, b, "matmul")
    check_broadcast(a.shape[:-2], b.shape[:-2])
    return record(product(a, b), (x, lambda g: g @ y.mH, y),
                  (y, lambda g: x.mH @ g, x), name="UnsafeViewBackward0")


def check_inner(a: np.ndarray, b: np.ndarray, caller: str) -> None:
    if a.shape[-1] != b.shape[-2]:
        raise RuntimeError(
            f"{caller}: mat1 and mat2 shapes cannot be multiplied "
            f"({a.shape[-2]}x{a.shape[-1]} and "
            f"{b.shape[-2]}x{b.shape[-1]})")


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """x (N, K) @ y (K, M) -> (N, M):  ∂x = g yᵀ,  ∂y = xᵀ g"""
    x, y = input, mat2
    a, b = x.array, y.array
    if a.ndim != 2 or b.ndim != 2:
        name = "self" if a.ndim != 2 else "mat2"
        raise RuntimeError(f"{name} must be a matrix")
    check_same_dtype(x, y)
    check_inner(a, b, "mm")
    return record(product(a, b), (x, lambda g: g @ y.mH, y),
                  (y, lambda g: x.mH @ g, x))


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """x (N, K) @ v (K) -> (N)"""
    x, v = input, vec
    a, b = x.array, v.array
    if a.ndim != 2 or b.ndim != 1:
        raise RuntimeError(
            "vector + matrix @ vector expected, got "
            f"{b.ndim}, {a.ndim}, {b.ndim}")
    check_same_dtype(x, v, "vec and mat")
    if a.shape[1] != b.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({len(a)}), mat ({a.shape[0]}x"
            f"{a.shape[1]}), vec ({len(b)})")
    return record(product(a, b), (x, lambda g: g.outer(v.conj()), v),
                  (v, lambda g: x.mH @ g, x))


def dot(input: Tensor, tensor: Tensor) -> Tensor:
    """Σ xᵢ yᵢ"""
    x, y = input, tensor
    a, b = x.array, y.array
    if a.ndim != 1 or b.ndim != 1:
        raise RuntimeError(
            f"1D tensors expected, but got {a.ndim}D and {b.ndim}D tensors")
    if x.array.dtype != y.array.dtype:
        raise RuntimeError(
            "dot : expected both vectors to have same dtype, but found "
            f"{torch_name(x.dtype)} and {torch_name(y.dtype)}")
    if len(a) != len(b):
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{len(a)}] and src "
            f"[{len(b)}] to have the same number of elements, but got "
            f"{len(a)} and {len(b)} elements respectively")
    return record(product(a, b), (x, lambda g: g * y.conj(), y),
                  (y, lambda g: g * x.conj(), x))
