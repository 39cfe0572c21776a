"""Rows: linalg, and its older names at the top."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import find, pick, real, row


def lead(rng: Any) -> tuple:
    return pick(rng, (), (), (2,))


def regular(rng: Any, *size: int) -> np.ndarray:
    """Square matrices far from singular."""
    n = size[-1]
    return real(rng, *size) + 3 * n ** 0.5 * np.eye(n) * pick(rng, 1, -1)


def symmetric(rng: Any, *size: int) -> np.ndarray:
    """Symmetric matrices whose eigenvalues keep apart."""
    a = real(rng, *size)
    return a + np.swapaxes(a, -1, -2) + np.diag(6.0 * np.arange(size[-1]))


def definite(x: Any) -> Any:
    """A positive definite matrix, made from any x."""
    return x @ x.mT + x.new_tensor(np.eye(x.shape[-1]))


@row("linalg.inv", "inverse", "linalg.det", "det", "linalg.slogdet",
     "slogdet", "logdet", "linalg.inv_ex", "linalg.matrix_power",
     "matrix_power", "linalg.pinv", "pinverse", "linalg.cond")
def square(lib: Any, rng: Any, name: str) -> tuple:
    n = int(rng.integers(1, 5))
    f, x = find(lib, name), regular(rng, *lead(rng), n, n)
    if name == "pinverse":
        x = regular(rng, n, n)
    if name == "logdet":
        return lambda t: f(definite(t)), (x,)
    if name.endswith("matrix_power"):
        k = int(rng.integers(-2, 4))
        return lambda t: f(t, k), (x,)
    if name == "linalg.cond":
        p = pick(rng, None, 2, -2)  # torch: no gradient of the others
        return lambda t: f(t, p), (x,)
    if name == "linalg.inv_ex":
        return lambda t: f(t)[0], (x,)
    return f, (x,)


@row("linalg.pinv", "linalg.matrix_exp", "matrix_exp", examples=20)
def oblong(lib: Any, rng: Any, name: str) -> tuple:
    f = find(lib, name)
    if name != "linalg.pinv":
        n = int(rng.integers(1, 4))
        return f, (real(rng, *lead(rng), n, n) * pick(rng, 0.1, 1, 3),)
    return f, (real(rng, *pick(rng, (4, 2), (2, 4))),)


@row("linalg.solve", "linalg.solve_triangular", "linalg.lstsq",
     "linalg.cholesky", "linalg.cholesky_ex", "cholesky_solve")
def solved(lib: Any, rng: Any, name: str) -> tuple:
    n, k = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    f, ahead = find(lib, name), lead(rng)
    a, b = regular(rng, *ahead, n, n), real(rng, *ahead, n, k)
    upper = bool(rng.integers(2))
    if name == "linalg.solve":
        left = bool(rng.integers(2))
        if not left:
            b = np.swapaxes(b, -1, -2).copy()
        return lambda x, y: f(x, y, left=left), (a, b)
    if name == "linalg.solve_triangular":
        one = bool(rng.integers(2))
        a = a / 4 if one else a
        return (lambda x, y: f(x, y, upper=upper, unitriangular=one),
                (a, b))
    if name == "linalg.lstsq":
        a = real(rng, n + 2, n)
        return lambda x, y: f(x, y)[0], (a, real(rng, n + 2, k))
    if name == "cholesky_solve":
        return lambda y, x: f(y, x.tril(), False), (b, a)
    if name == "linalg.cholesky_ex":
        return lambda x: f(definite(x))[0], (a,)
    return lambda x: f(definite(x), upper=upper), (a,)


@row("linalg.qr")
def orthogonal(lib: Any, rng: Any) -> tuple:
    n = int(rng.integers(1, 4))
    m = n + int(rng.integers(0, 3))
    return lib.linalg.qr, (real(rng, *lead(rng), m, n),)


@row("linalg.svd", "svd", "linalg.svdvals")
def singular(lib: Any, rng: Any, name: str) -> tuple:
    """What does not depend on the signs of the vectors."""
    n, f = int(rng.integers(2, 4)), find(lib, name)
    m = n + int(rng.integers(0, 3))
    x = real(rng, m, n) + 4 * np.eye(m, n) * np.arange(1, n + 1)
    if rng.random() < 0.4:
        x = x.T.copy()
    if name == "linalg.svdvals":
        return f, (x,)

    def call(t: Any) -> list:
        u, s, v = f(t, full_matrices=False) if "linalg" in name else f(t)
        return [s, u.abs(), v.abs()]

    return call, (x,)


@row("linalg.eigh", "linalg.eigvalsh")
def hermitian(lib: Any, rng: Any, name: str) -> tuple:
    n, f = int(rng.integers(1, 5)), find(lib, name)
    which, x = pick(rng, "L", "U"), symmetric(rng, *lead(rng), n, n)
    if name == "linalg.eigvalsh":
        return lambda t: f(t, which), (x,)

    def call(t: Any) -> list:
        values, vectors = f(t, which)
        return [values, vectors.abs()]

    return call, (x,)


@row("linalg.eig", "linalg.eigvals", order=0)
def general(lib: Any, rng: Any, name: str) -> tuple:
    """Eigenvalues in order of their parts; vectors by A v = λ v."""
    n, f = int(rng.integers(1, 5)), find(lib, name)
    x = real(rng, n, n) + np.diag(5.0 * np.arange(n))

    def call(t: Any) -> list:
        found = f(t)
        values = found if name == "linalg.eigvals" else found[0]
        parts = [lib.view_as_real(values).sort(0)[0]]
        if name == "linalg.eig":
            parts.append(found[1].abs().sort(1)[0])
        return parts

    return call, (x,)


ENTRYWISE = (0.5, 1, 2, 3, float("inf"), -float("inf"))
OF_MATRICES = ("fro", "nuc", 1, -1, 2, -2, float("inf"), -float("inf"))


@row("linalg.norm", "linalg.vector_norm", "linalg.matrix_norm",
     examples=60)
def lengths(lib: Any, rng: Any, name: str) -> tuple:
    f, keep = find(lib, name), bool(rng.integers(2))
    x = real(rng, 2, 3, 4) + 2 * np.eye(3, 4)
    if name == "linalg.matrix_norm":
        p, d = pick(rng, *OF_MATRICES), pick(rng, (-2, -1), (0, 2))
        return lambda t: f(t, p, d, keepdim=keep), (x,)
    p = pick(rng, *ENTRYWISE)
    if name == "linalg.norm" and rng.random() < 0.4:
        p = pick(rng, None, *OF_MATRICES)
        return lambda t: f(t, p, (1, 2), keepdim=keep), (x,)
    d = pick(rng, 1, -1, None, (0, 2)) if "vector" in name else 1
    return lambda t: f(t, p, d, keepdim=keep), (x,)


@row("linalg.norm", "linalg.vector_norm", order=1, examples=16)
def length_of_zero(lib: Any, rng: Any, name: str) -> tuple:
    x = real(rng, 3, 4)
    x[1] = 0
    p = pick(rng, 1, 2, 3, float("inf"))
    return lambda t: find(lib, name)(t, p, 1), (x,)


@row("linalg.matrix_rank", order=0)
def ranks(lib: Any, rng: Any) -> tuple:
    n, k = int(rng.integers(1, 5)), int(rng.integers(1, 3))
    a = real(rng, n, k) @ real(rng, k, 4)
    return lib.linalg.matrix_rank, (a,)


@row("linalg.matmul", "linalg.multi_dot", "linalg.cross", "cross",
     "linalg.vander")
def others(lib: Any, rng: Any, name: str) -> tuple:
    f = find(lib, name)
    if name.endswith("cross"):
        d = int(rng.integers(0, 2))
        size = (3, 3)
        return lambda x, y: f(x, y, dim=d), (real(rng, *size),
                                             real(rng, *size))
    if name == "linalg.multi_dot":
        return lambda *ts: f(ts), (real(rng, 2, 3), real(rng, 3, 1),
                                   real(rng, 1, 4))
    if name == "linalg.vander":
        n = pick(rng, None, 3)
        return lambda x: f(x, N=n), (real(rng, 2, 4),)
    return f, (real(rng, 2, 3), real(rng, 3, 4))


@row("vander", order=0)  # torch: its own derivative fails
def powers_of(lib: Any, rng: Any) -> tuple:
    n, up = pick(rng, None, 3), bool(rng.integers(2))
    return lambda x: lib.vander(x, n, up), (real(rng, 4),)


@row("mvlgamma", "polygamma", "isin", "frexp", "ldexp")
def special(lib: Any, rng: Any, name: str) -> tuple:
    f = getattr(lib, name)
    if name == "mvlgamma":
        return lambda x: f(x, 3), (1.5 + rng.random((3, 2)),)
    if name == "polygamma":
        n = int(rng.integers(0, 4))
        return lambda x: f(n, x), (0.5 + rng.random((3, 2)),)
    if name == "isin":
        return f, (rng.integers(0, 6, (3, 4)), rng.integers(0, 6, 3))
    if name == "ldexp":
        return f, (real(rng, 3), rng.integers(-3, 4, 3))
    return lambda x: f(x)[0], (real(rng, 3),)
