"""Rows: LU, LDL, reflections, square roots, tensors as matrices."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..layers import bent
from ..registry import find, pick, real, row
from .linear_algebra import definite, lead, regular


def quietly(f: Any) -> Any:
    """torch.lu and lu_solve say each time that they are old."""

    def call(*args: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return f(*args)

    return call


@row("linalg.lu", "linalg.lu_factor", "linalg.lu_factor_ex", "lu",
     "lu_unpack", examples=24)
def factors(lib: Any, rng: Any, name: str) -> tuple:
    m, n = (int(k) for k in rng.integers(1, 5, 2))
    f = quietly(find(lib, name))
    x = real(rng, *lead(rng), m, n)

    def call(x: Any) -> list:
        if name == "lu_unpack":
            return [*f(*lib.linalg.lu_factor_ex(x)[:2])]
        return [part for part in f(x) if part.is_floating_point()]

    return call, (x,)


@row("linalg.lu_solve", "lu_solve", examples=24)
def by_factors(lib: Any, rng: Any, name: str) -> tuple:
    n = int(rng.integers(1, 5))
    f, ahead = quietly(find(lib, name)), lead(rng)
    words = {"left": bool(rng.integers(2)), "adjoint": bool(rng.integers(2))}
    a, b = regular(rng, *ahead, n, n), real(rng, *ahead, n, n)

    def call(x: Any, y: Any) -> Any:
        LU, pivots = lib.linalg.lu_factor(x)
        if name == "lu_solve":
            return f(y, LU, pivots)
        return lib.linalg.lu_solve(LU, pivots, y, **words)

    return call, (a, b)


@row("linalg.solve_ex", examples=24)
def with_info(lib: Any, rng: Any) -> tuple:
    n, ahead = int(rng.integers(1, 5)), lead(rng)
    return (lambda a, b: lib.linalg.solve_ex(a, b)[0],
            (regular(rng, *ahead, n, n), real(rng, *ahead, n, 2)))


@row("linalg.ldl_factor", "linalg.ldl_factor_ex", "linalg.ldl_solve",
     order=0, examples=24)
def symmetric_factors(lib: Any, rng: Any, name: str) -> tuple:
    n = int(rng.integers(1, 6))
    x = real(rng, *lead(rng), n, n)
    x = x + np.swapaxes(x, -1, -2)
    if name != "linalg.ldl_solve":
        return lambda x: [*find(lib, name)(x)], (x,)
    x = x + 3 * n * np.eye(n)
    return (lambda a, b: lib.linalg.ldl_solve(
        *lib.linalg.ldl_factor(a), b), (x, real(rng, n, 2)))


@row("linalg.ldl_solve", examples=16)
def symmetric_systems(lib: Any, rng: Any) -> tuple:
    """torch has no derivative of ldl_solve; its solve gives the same."""
    n = int(rng.integers(1, 5))
    a = real(rng, n, n)
    a = a + a.T + 3 * n * np.eye(n)

    def call(y: Any) -> Any:
        x = lib.from_numpy(a).to(y.dtype)
        if lib.__name__ == "torch":
            return bent(lib.linalg.solve(x, y))
        return bent(lib.linalg.ldl_solve(*lib.linalg.ldl_factor(x), y))

    return call, (real(rng, n, 2),)


@row("linalg.householder_product", "orgqr", "ormqr", examples=24)
def reflections(lib: Any, rng: Any, name: str) -> tuple:
    n, more = int(rng.integers(1, 4)), int(rng.integers(0, 3))
    f, ahead = find(lib, name), lead(rng)
    a = real(rng, *ahead, n + more, n)
    tau = real(rng, *ahead, n)
    if name != "ormqr":
        return lambda a, t: bent(f(a, t)), (a, tau)
    left, turned = bool(rng.integers(2)), bool(rng.integers(2))
    y = real(rng, *ahead, n + more, n + more)
    return lambda a, t, y: bent(f(a, t, y, left, turned)), (a, tau, y)


@row("geqrf", order=0, examples=16)
def as_lapack_leaves_it(lib: Any, rng: Any) -> tuple:
    x = real(rng, *lead(rng), *rng.integers(1, 5, 2))
    return lambda x: [*lib.geqrf(x)], (x,)


@row("linalg.polar", "linalg.matrix_sqrth", examples=24)
def square_roots(lib: Any, rng: Any, name: str) -> tuple:
    n, f = int(rng.integers(2, 4)), find(lib, name)  # of a number U is ±1
    x = regular(rng, *lead(rng), n, n)
    if name == "linalg.polar":
        return lambda x: [*f(x)], (x,)
    return lambda x: f(definite(x)), (x,)


@row("linalg.vecdot", "linalg.diagonal", examples=24)
def along_dimensions(lib: Any, rng: Any, name: str) -> tuple:
    f, size = find(lib, name), (*lead(rng), 3, 4)
    if name == "linalg.diagonal":
        k = int(rng.integers(-2, 3))
        return lambda x: bent(f(x, offset=k)), (real(rng, *size),)
    d = int(pick(rng, 0, -1, -2))
    return lambda x, y: f(x, y, dim=d), (real(rng, *size), real(rng, *size))


@row("linalg.tensorinv", "linalg.tensorsolve", examples=16)
def tensors_as_matrices(lib: Any, rng: Any, name: str) -> tuple:
    f, a = find(lib, name), regular(rng, 6, 6)
    if name == "linalg.tensorinv":
        k = int(rng.integers(1, 3))
        size = (6, 2, 3) if k == 1 else (2, 3, 6)
        return lambda x: f(x.reshape(size), ind=k), (a,)
    return (lambda x, y: f(x.reshape(2, 3, 3, 2), y),
            (a, real(rng, 2, 3)))
