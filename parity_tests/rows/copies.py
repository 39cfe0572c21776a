"""Rows: copied views, pieces, put, low rank, stft, moments beside norms."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..registry import outcome, pick, real, row, shape

SPLITS = ("split_copy", "split_with_sizes_copy", "unsafe_split",
          "unsafe_split_with_sizes", "unsafe_chunk")


@row("squeeze_copy", "unsqueeze_copy", "unbind_copy", "unfold_copy",
     "transpose_copy", "permute_copy", "slice_copy", "t_copy", "view_copy",
     "alias_copy", "expand_copy", "diagonal_copy", "as_strided_copy",
     *SPLITS, examples=12)
def copies(lib: Any, rng: Any, name: str) -> tuple:
    if name == "t_copy":
        return lib.t_copy, (real(rng, *shape(rng, 0, 2)),)
    size = shape(rng, 2, 3, smallest=1)
    x, n = real(rng, *size), len(size)
    d = int(rng.integers(-n, n))
    a, k = size[d], int(rng.integers(1, 4))
    order = [int(i) for i in rng.permutation(n)]
    args = {
        "squeeze_copy": pick(rng, (), (d,)), "unsqueeze_copy": (d,),
        "unbind_copy": (d,), "unfold_copy": (d, min(a, 2), k),
        "transpose_copy": (d, 0), "permute_copy": (order,),
        "slice_copy": (d, pick(rng, None, 1, -2), pick(rng, None, -1), k),
        "view_copy": ((-1,),), "alias_copy": (),
        "expand_copy": ((2, *size),), "diagonal_copy": (k - 2,),
        "as_strided_copy": ((2, 1), (0, 1)), "split_copy": (k, d),
        "split_with_sizes_copy": ([a - a // 2, a // 2], d),
        "unsafe_split": (k, d), "unsafe_chunk": (k, d),
        "unsafe_split_with_sizes": ([a - a // 2, a // 2], d)}[name]
    return lambda t: getattr(lib, name)(t, *args), (x,)


@row("put", examples=20)
def putting(lib: Any, rng: Any) -> tuple:
    size, add = shape(rng, 1, 2, smallest=1), bool(rng.integers(2))
    n = int(np.prod(size))
    i = rng.permutation(n)[:int(rng.integers(n + 1))]
    if add:
        i = rng.integers(-n, n, int(rng.integers(9)))
    return (lambda t, i, s: lib.put(t, i, s, add)), (
        real(rng, *size), i, real(rng, len(i)))


@row("nonzero_static", order=0, examples=12)
def some_found(lib: Any, rng: Any) -> tuple:
    x = rng.integers(-1, 2, shape(rng, 0, 3))
    words = {"size": int(rng.integers(6)), "fill_value": pick(rng, -1, 7)}
    return lambda t: lib.nonzero_static(t, **words), (np.asarray(x),)


@row("triangular_solve", examples=12)
def triangular(lib: Any, rng: Any) -> tuple:
    n = int(rng.integers(1, 4))
    A = real(rng, *pick(rng, (), (2,)), n, n) + 3 * np.eye(n)
    words = {word: bool(rng.integers(2))
             for word in ("upper", "transpose", "unitriangular")}

    def solved(b: Any, A: Any) -> Any:
        with warnings.catch_warnings():  # that it is old
            warnings.simplefilter("ignore")
            return lib.triangular_solve(b, A, **words)

    return solved, (real(rng, 2, n, 2), A)


@row("svd_lowrank", "pca_lowrank", order=1, examples=6)
def of_low_rank(lib: Any, rng: Any, name: str) -> tuple:
    m, n = pick(rng, (5, 4), (4, 5), (6, 3))
    A = real(rng, m, 2) @ real(rng, 2, n)

    def found(A: Any) -> tuple:
        lib.manual_seed(1)
        U, S, V = getattr(lib, name)(A, 2)
        return S, (U * S) @ V.mT, U ** 2

    return found, (A,)


@row("stft", examples=20)
def short_time(lib: Any, rng: Any) -> tuple:
    n, size = int(rng.integers(4, 9)), pick(rng, (20,), (2, 16))
    length = pick(rng, n, n - 1, n // 2)
    words = {"hop_length": int(rng.integers(1, 6)), "win_length": length,
             "center": bool(rng.integers(2)), "return_complex": True,
             "pad_mode": pick(rng, "reflect", "constant", "circular"),
             "normalized": bool(rng.integers(2)),
             "onesided": pick(rng, None, True, False)}
    return (lambda x, w: lib.view_as_real(lib.stft(
        x, n, window=w, **words))), (real(rng, *size), real(rng, length))


@outcome("Tensor.new_empty_strided", exact=True)
def new_steps(lib: Any, rng: Any, dtype: Any) -> Any:
    x = lib.ones(2, dtype=dtype)
    size, steps = pick(rng, ((2, 3), (1, 2)), ((2, 0), (1, 1)),
                       ((3,), (2,)), ((), ()))
    y = x.new_empty_strided(size, steps).fill_(3)
    return [y, np.array(y.stride())]


@row("native_layer_norm", "native_group_norm", "native_batch_norm",
     examples=12)
def with_moments(lib: Any, rng: Any, name: str) -> tuple:
    x, eps = real(rng, 3, 4, 2), 0.1
    w, b = real(rng, 4), real(rng, 4)
    if name == "native_group_norm":
        group = pick(rng, 1, 2, 4)
        return (lambda x, w, b: lib.native_group_norm(
            x, w, b, 3, 4, 2, group, eps)), (x, w, b)
    if name == "native_batch_norm":
        train = bool(rng.integers(2))
        return (lambda x, w, b: lib.native_batch_norm(
            x, w, b, lib.zeros(4, dtype=x.dtype),
            lib.ones(4, dtype=x.dtype), train, 0.3, eps)), (x, w, b)
    return (lambda x, w: lib.native_layer_norm(
        x, w.shape, w, None, eps)), (x, real(rng, *pick(
            rng, (2,), (4, 2))))
