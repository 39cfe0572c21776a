"""Products of vectors, matrices and batches of matrices."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from ..graph import record
from ..kernels.matmul import matmul as times
from ..kernels.memory import in_row_order
from ..tensor import Tensor
from .numbers import check_factor, factor_in, number_in
from .operands import (
    check_broadcast,
    check_tensor,
    in_c,
    in_single,
    named,
    refuse,
    result_type,
    torch_name,
)

__all__ = [
    "matmul", "mm", "mv", "dot", "bmm", "outer", "ger", "inner", "vdot",
    "addmm", "addmv", "addr", "addbmm", "baddbmm", "kron", "chain_matmul",
]
METHODS = (
    "matmul mm mv dot bmm outer ger inner vdot addmm addmv addr addbmm "
    "baddbmm kron"
).split()
IN_PLACE = "addmm addmv addr addbmm baddbmm".split()


def product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """a @ b; float16 is summed in float32, as torch does."""
    if a.dtype == np.float16:
        y = times(a.astype("f"), b.astype("f"))
        return np.asarray(y).astype(a.dtype)
    return times(a, b)


def check_same_dtype(x: Tensor, y: Tensor, names: str = "m1 and m2") -> None:
    """Refuse factors of two dtypes."""
    if x.array.dtype != y.array.dtype:
        raise RuntimeError(
            f"expected {names} to have the same dtype, but got: "
            f"{in_c(x.dtype)} != {in_c(y.dtype)}")


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
        check_vector(prod(a.shape[:-1]), a.shape[-1], len(b))
        return mv(x, y) if a.ndim == 2 else matmul(
            x, y.unsqueeze(1)).squeeze(-1)
    refuse(a, "b", "bmm")
    check_broadcast(a.shape[:-2], b.shape[:-2])
    if b.ndim == 2 and a.flags.c_contiguous:  # torch: as one tall matrix
        check_inner(prod(a.shape[:-1]), a.shape[-1], b.shape, "mm")
    many = prod(np.broadcast_shapes(a.shape[:-2], b.shape[:-2]))
    check_stacks((many, *a.shape[-2:]), (many, *b.shape[-2:]))
    return record(in_row_order(product(a, b)), (x, lambda g: g @ y.mH, y),
                  (y, lambda g: x.mH @ g, x), name="UnsafeViewBackward0")


def check_inner(rows: int, inner: int, shape: tuple, caller: str) -> None:
    """(rows, inner) @ shape: as many columns here as rows there."""
    if inner != shape[0]:
        raise RuntimeError(
            f"{caller}: mat1 and mat2 shapes cannot be multiplied "
            f"({rows}x{inner} and {shape[0]}x{shape[1]})")


def check_vector(rows: int, inner: int, n: int) -> None:
    """(rows, inner) @ (n)"""
    if inner != n:
        raise RuntimeError(f"size mismatch, got input ({rows}), mat ({rows}x"
                           f"{inner}), vec ({n})")


def check_stacks(a: tuple, b: tuple) -> None:
    """(B, N, K) @ (B, K, M): as many matrices, and they fit."""
    if a[0] != b[0] or a[2] != b[1]:
        raise RuntimeError(
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{a[0]}, {a[2]}] but got: [{b[0]}, {b[1]}].")


def check_matrices(a: np.ndarray, b: np.ndarray, caller: str) -> None:
    """(N, K) @ (K, M)"""
    for name, part in (("self", a), ("mat2", b)):
        if part.ndim != 2:
            raise RuntimeError(f"{caller}: {name} must be a matrix, got "
                               f"{part.ndim}-D tensor")
    check_inner(len(a), a.shape[1], b.shape, caller)


def mm(input: Tensor, mat2: Tensor) -> Tensor:
    """x (N, K) @ y (K, M) -> (N, M):  ∂x = g yᵀ,  ∂y = xᵀ g"""
    x, y = input, mat2
    a, b = x.array, y.array
    check_matrices(a, b, "mm")
    check_same_dtype(x, y)
    refuse(a, "b", "addmm_impl_cpu_")
    return record(product(a, b), (x, lambda g: g @ y.mH, y),
                  (y, lambda g: x.mH @ g, x))


def mv(input: Tensor, vec: Tensor) -> Tensor:
    """x (N, K) @ v (K) -> (N)"""
    x, v = input, vec
    a, b = x.array, v.array
    if a.ndim != 2 or b.ndim != 1:
        raise RuntimeError(
            f"vector + matrix @ vector expected, got 1, {a.ndim}, {b.ndim}")
    check_same_dtype(x, v, "vec and mat")
    refuse(a, "b", "addmv_impl_cpu")
    check_vector(len(a), a.shape[1], len(b))
    return record(product(a, b), (x, lambda g: g.outer(v.conj()), v),
                  (v, lambda g: x.mH @ g, x))


def inner_product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Σ aᵢ bᵢ; of few numbers with each product rounded: BLAS may fuse the
    two steps, as the processor has it, and torch does not."""
    if len(a) > 8 or a.dtype.kind != "f" or a.itemsize < 4:
        return product(a, b)
    return np.add.reduce(a * b)


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
    refuse(a, "b", "dot")
    if len(a) != len(b):
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{len(a)}] and src "
            f"[{len(b)}] to have the same number of elements, but got "
            f"{len(a)} and {len(b)} elements respectively")
    return record(inner_product(a, b), (x, lambda g: g * y.conj(), y),
                  (y, lambda g: g * x.conj(), x))


def bmm(input: Tensor, mat2: Tensor) -> Tensor:
    """x (B, N, K) @ y (B, K, M) -> (B, N, M)"""
    x, y = input, mat2
    a, b = x.array, y.array
    if a.ndim != 3 or b.ndim != 3:
        raise RuntimeError(
            f"{'batch1' if a.ndim != 3 else 'batch2'} must be a 3D tensor")
    check_same_dtype(x, y)
    refuse(a, "b", "bmm")
    check_stacks(a.shape, b.shape)
    return record(product(a, b), (x, lambda g: g.bmm(y.mH), y),
                  (y, lambda g: x.mH.bmm(g), x))


def outer(input: Tensor, vec2: Tensor) -> Tensor:
    """xᵢ yⱼ"""
    check_vectors("outer", self=input, vec2=vec2)
    return input.unsqueeze(1) * vec2


def check_vectors(caller: str, **vectors: Tensor) -> None:
    """Refuse what has not one dimension."""
    for name, v in vectors.items():
        if v.array.ndim != 1:
            raise RuntimeError(
                f"{caller}: Expected 1-D argument {name}, but got "
                f"{v.array.ndim}-D")


ger = outer


def inner(input: Tensor, other: Tensor) -> Tensor:
    """Σ over the last dimension of both"""
    if not input.array.ndim or not other.array.ndim:
        return input * other
    if input.array.shape[-1] != other.array.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors "
            f"but got shapes {[*input.shape]} and {[*other.shape]}")
    x, y = input.unsqueeze(-2), other.reshape(-1, other.array.shape[-1])
    shape = (*input.array.shape[:-1], *other.array.shape[:-1])
    return (x @ y.mT).reshape(shape)


def vdot(input: Tensor, other: Tensor) -> Tensor:
    """Σ conj(xᵢ) yᵢ"""
    return named(dot(input.conj(), other), "VdotBackward0")


def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: Any = 1,
          alpha: Any = 1) -> Tensor:
    """β x + α (a @ b)"""
    check_matrices(mat1.array, mat2.array, "addmm")
    return plus(input, beta, mm(mat1, mat2), alpha, "AddmmBackward0")


def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: Any = 1,
          alpha: Any = 1) -> Tensor:
    """β x + α (a @ v)"""
    return plus(input, beta, mv(mat, vec), alpha, "AddmvBackward0")


def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: Any = 1,
         alpha: Any = 1) -> Tensor:
    """β x + α v wᵀ"""
    check_vectors("addr", vec1=vec1, vec2=vec2)
    kind = result_type(input, vec1, vec2)
    for name, factor in (("beta", beta), ("alpha", alpha)):
        check_factor(factor, name, kind)
    return plus(input.to(kind), beta, outer(vec1, vec2).to(kind), alpha,
                "AddrBackward0")


def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1,
            alpha: Any = 1) -> Tensor:
    """β x + α (a @ b), batch by batch"""
    return plus(input, beta, bmm(batch1, batch2), alpha, "BaddbmmBackward0")


def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: Any = 1,
           alpha: Any = 1) -> Tensor:
    """β x + α Σ (a @ b) over the batch"""
    y = bmm(batch1, batch2)
    return plus(input, beta, y.sum(0, dtype=y.dtype), alpha,
                "AddbmmBackward0")


def plus(x: Tensor, beta: Any, product: Tensor, alpha: Any,
         name: str) -> Tensor:
    """β x + α · product; torch: β = 0 leaves x, and its NaNs, out."""
    check_same_dtype(x, product, "self and mat2")
    shape = product.array.shape
    x = x.expand(shape)
    number = product.array.dtype
    keep = number_in if name in ("AddmvBackward0", "AddrBackward0") else (
        factor_in)  # torch: these two round the factors to float16
    b, a = keep(beta, number), keep(alpha, number)

    def combined(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        y = y if alpha == 1 else y * a
        return y if beta == 0 else y + (x if beta == 1 else x * b)

    y = in_single(combined, x.array, product.array)
    back, on = (v.conjugate() if isinstance(v, complex) else v
                for v in (beta, alpha))
    return record(y, (x, lambda g: g * back), (product, lambda g: g * on),
                  name=name)


def kron(input: Tensor, other: Tensor) -> Tensor:
    """Every element of x times all of y, laid out as blocks"""
    check_tensor(input, "kron")
    check_tensor(other, "kron", "other", 2)
    x, y = input, other
    n = max(x.array.ndim, y.array.ndim)
    a = (1,) * (n - x.array.ndim) + x.array.shape
    b = (1,) * (n - y.array.ndim) + y.array.shape
    wide = x.reshape([k for s in a for k in (s, 1)])
    fine = y.reshape([k for s in b for k in (1, s)])
    return named((wide * fine).reshape([s * t for s, t in zip(a, b)]),
                 "UnsafeViewBackward0")


def chain_matmul(*matrices: Any, out: Any = None) -> Tensor:
    """a @ b @ c …, from the left"""
    result = matrices[0]
    for m in matrices[1:]:
        result = mm(result, m)
    return result
