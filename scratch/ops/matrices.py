"""Functions of matrices: rank, pseudo-inverse, powers, products."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..graph import record
from ..tensor import Tensor, wrap
from . import return_types
from .decompositions import eigvalsh, svdvals
from .linalg import LinAlgError, check_matrix, inv
from .masks import nothing
from .norms import matrix_norm
from .operands import (
    check_tensor,
    dim_of,
    named,
    refuse,
    torch_name,
    two_tensors,
)
from .reduction import joined

__all__ = ["pinverse", "matrix_power", "matrix_exp", "cross", "vander"]
METHODS = "pinverse matrix_power matrix_exp cross".split()
IN_PLACE: list[str] = []


def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """x × y along `dim`, or along the first dimension of size 3"""
    if dim is None:
        warnings.warn(
            "Using torch.cross without specifying the dim arg is deprecated."
            "\nPlease either pass the dim explicitly or simply use "
            "torch.linalg.cross.\nThe default value of dim will change to "
            "agree with that of linalg.cross in a future release.",
            UserWarning, stacklevel=3)
        shape = input.array.shape
        if 3 not in shape:
            raise RuntimeError("no dimension of size 3 in input")
        dim = shape.index(3)
    return linalg_cross(input, other, dim=dim)


def linalg_cross(input: Tensor, other: Tensor, *, dim: int = -1) -> Tensor:
    """x × y:  ∂x = y × g,  ∂y = g × x"""
    x, y, a, b = two_tensors(input, other, "linalg_cross")
    if x.array.ndim != y.array.ndim:
        raise RuntimeError("linalg.cross: inputs must have the same number "
                           "of dimensions.")
    d = dim_of(dim, a.ndim)
    m, n = x.array.shape[d], y.array.shape[d]
    if m != 3 or n != 3:
        raise RuntimeError(f"linalg.cross: inputs dimension {dim} must have "
                           f"length 3. Got {m} and {n}")
    refuse(x.array, "b", "cross")
    if x.array.dtype != y.array.dtype:
        raise RuntimeError(f"expected scalar type {torch_name(x.dtype)} but "
                           f"found {torch_name(y.dtype)}")
    z = (np.roll(a, -1, d) * np.roll(b, -2, d)
         - np.roll(a, -2, d) * np.roll(b, -1, d))
    return record(z, (x, lambda g: linalg_cross(y.conj(), g, dim=d), y),
                  (y, lambda g: linalg_cross(g, x.conj(), dim=d), x),
                  name="LinalgCrossBackward0")


def pinv(A: Tensor, *, atol: Any = None, rtol: Any = None,
         hermitian: bool = False, rcond: Any = None) -> Tensor:
    """The pseudo-inverse (Moore, Penrose): small singular values count as 0

    Its derivative is that of Golub and Pereyra (1973).
    """
    a = A.array
    if a.ndim < 2 or a.dtype.kind not in "fc":
        raise RuntimeError(
            f"linalg.pinv({torch_name(A.dtype)}{{{[*a.shape]}}}): expected a "
            "tensor with 2 or more dimensions of float, double, cfloat or "
            "cdouble types")
    check_matrix(A, "linalg.pinv", square=hermitian)
    if not a.size:
        return named(A.mT * 1, "LinalgPinvBackward0")
    y = inverted(a, hermitian, atol, rcond if rtol is None else rtol)
    return record(y, (A, lambda g, y: pinv_gradient(A, y, g.mH), A),
                  keep_result=True, name="LinalgPinvBackward0")


def inverted(a: np.ndarray, hermitian: bool, atol: Any,
             rtol: Any) -> np.ndarray:
    """V diag(1 / σ) Uᴴ without the small σ; of a Hermitian A, whose upper
    half is not read, V diag(1 / λ) Vᴴ
    """
    if hermitian:
        s, u = np.linalg.eigh(a)
        v, size = u, np.abs(s)
    else:
        u, s, vh = np.linalg.svd(a, False)
        v, size = vh.conj().swapaxes(-1, -2), s
    kept = size > cutoff(size, a, atol, rtol)
    s = np.where(kept, 1 / s, 0).astype(s.dtype)
    return (v * s[..., None, :]) @ u.conj().swapaxes(-1, -2)


def cutoff(s: np.ndarray, a: np.ndarray, atol: Any, rtol: Any) -> np.ndarray:
    """Below this a singular value counts as 0: max(atol, rtol · σ₁)"""
    if rtol is None:
        none = atol is None or not np.any(number(atol) > 0)
        rtol = max(a.shape[-2:]) * np.finfo(a.dtype).eps if none else 0.0
    top = s.max(-1, keepdims=True)
    floor = 0.0 if atol is None else number(atol)
    return np.maximum(np.asarray(floor)[..., None],
                      np.asarray(number(rtol))[..., None] * top)


def number(x: Any) -> Any:
    return x.array if isinstance(x, Tensor) else x


def pinv_gradient(A: Tensor, Y: Tensor, gh: Tensor) -> Tensor:
    """The gradient of Y = A⁺ from its own, transposed: gᴴ"""
    m, n = A.array.shape[-2:]
    if m <= n:
        K = gh @ Y
        far = K @ Y.mH
        return (-(Y @ K).mH + far - (A @ Y) @ far
                + (Y.mH @ Y) @ (gh - K @ A))
    K = Y @ gh
    far = Y.mH @ K
    return (-(K @ Y).mH + (gh - A @ K) @ Y @ Y.mH + far - (far @ Y) @ A)


def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """The pseudo-inverse"""
    return pinv(input, rtol=rcond)


def matrix_rank(A: Tensor, *, atol: Any = None, rtol: Any = None,
                hermitian: bool = False, tol: Any = None) -> Tensor:
    """How many singular values are not (almost) 0"""
    if A.array.ndim < 2:
        raise RuntimeError("torch.linalg.matrix_rank: The input tensor input"
                           " must have at least 2 dimensions.")
    if A.array.dtype.kind not in "fc":
        raise RuntimeError(
            "This function doesn't handle types other than float and double")
    if not A.array.size:
        return wrap(np.zeros(A.array.shape[:-2], np.int64))
    A = A.detach()
    s = np.abs(eigvalsh(A).array) if hermitian else svdvals(A).array
    if tol is not None:
        atol, rtol = tol, 0.0
    return wrap((s > cutoff(s, A.array, atol, rtol)).sum(-1))


def cond(A: Tensor, p: Any = None) -> Tensor:
    """σ₁ / σₙ; with p the product of the norms of A and A⁻¹"""
    if p is None or p in (2, -2):
        check_matrix(A, "linalg.cond")
        s = svdvals(A)
        if not s.array.shape[-1]:  # torch: of no rows or no columns
            return s.sum(-1)
        top, low = s.narrow(-1, 0, 1), s.narrow(-1, s.array.shape[-1] - 1, 1)
        return (low / top if p == -2 else top / low).squeeze(-1)
    check_matrix(A, f"linalg.cond(ord={p})", square=True)
    if p not in ("fro", "nuc", 1, -1, math.inf, -math.inf):
        raise ValueError("linalg.cond got an invalid norm type: "
                         f"{p if isinstance(p, str) else format(p, 'g')}")
    if not A.array.size:
        return wrap(np.zeros(A.array.shape[:-2], A.array.real.dtype))
    try:
        other = inv(A)
    except LinAlgError:
        return wrap(np.full(A.array.shape[:-2], np.inf, A.array.real.dtype))
    return (matrix_norm(A, p) * matrix_norm(other, p)).nan_to_num(
        math.inf, math.inf, -math.inf)


def matrix_power(input: Tensor, n: int) -> Tensor:
    """Aⁿ by repeated squaring; of a negative n, of A⁻¹"""
    A = input
    if A.array.dtype.kind not in "iu" or A.array.ndim < 2:
        check_matrix(A, "linalg.matrix_power", square=True)
    elif A.array.shape[-1] != A.array.shape[-2]:
        raise RuntimeError(
            "linalg.matrix_power: A must be batches of square matrices, but "
            f"they are {A.array.shape[-2]} by {A.array.shape[-1]} matrices")
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError("linalg_matrix_power(): argument 'n' (position 2) "
                        f"must be int, not {type(n).__name__}")
    if n == 0:
        one = np.eye(A.array.shape[-1], dtype=A.array.dtype)
        return record(np.broadcast_to(one, A.array.shape).copy(),
                      (A, nothing))
    if n < 0:
        A, n = inv(A), -n
    result = None
    while n:
        if n % 2:
            result = A if result is None else result @ A
        n //= 2
        if n:
            A = A @ A
    return result  # type: ignore[return-value]


def matrix_exp(input: Tensor) -> Tensor:
    """1 + A + A²/2! + …: of A / 2ˢ by Taylor's series, then squared s times
    """
    A = input
    check_matrix(A, "linalg.matrix_exp", square=True)
    a = A.array
    if a.dtype == np.float32:  # in float64, rounded once
        return named(matrix_exp(A.double()).float(),
                     "LinalgMatrixExpBackward0")
    size = np.abs(a).sum(-2).max() if a.size else 0.0
    # the norm up to which 18 terms are exact (Bader, Blanes, Casas, 2019)
    bound = 1.09
    s = math.ceil(math.log2(size / bound)) if size > bound else 0
    one = wrap(np.eye(a.shape[-1], dtype=a.dtype))
    A = A / 2 ** s
    y = one + A * 0
    for k in range(18, 0, -1):  # Horner's scheme
        y = one + (A @ y) / k
    for _ in range(s):
        y = y @ y
    return named(y, "LinalgMatrixExpBackward0")


def multi_dot(tensors: Any) -> Tensor:
    """A₁ A₂ … Aₙ, in the order that needs the fewest products of numbers"""
    xs = list(tensors)
    if len(xs) < 2:
        raise RuntimeError(
            f"multi_dot(): expected at least 2 tensors but got {len(xs)}")
    first, last = xs[0].array.ndim == 1, xs[-1].array.ndim == 1
    if first:
        xs[0] = xs[0].unsqueeze(0)
    if last:
        xs[-1] = xs[-1].unsqueeze(-1)
    for i, (x, y) in enumerate(zip(xs, xs[1:])):
        if x.array.shape[-1] != y.array.shape[0]:
            raise RuntimeError(
                f"multi_dot(): tensors {i} and {i + 1} with shapes "
                f"{[*x.shape]} and {[*y.shape]} cannot be multiplied")
    split = best_order([x.array.shape[0] for x in xs]
                       + [xs[-1].array.shape[1]])

    def product(i: int, j: int) -> Tensor:
        if i == j:
            return xs[i]
        k = split[i, j]
        return product(i, k) @ product(k + 1, j)

    y = product(0, len(xs) - 1)
    if first:
        y = y.squeeze(0)
    return y.squeeze(-1) if last else y


def best_order(sizes: list) -> dict:
    """Where to split the product of matrices i … j (dynamic programming)."""
    n = len(sizes) - 1
    cost: dict = {(i, i): 0 for i in range(n)}
    split = {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            choices = [(cost[i, k] + cost[k + 1, j]
                        + sizes[i] * sizes[k + 1] * sizes[j + 1], k)
                       for k in range(i, j)]
            cost[i, j], split[i, j] = min(choices)
    return split


def linalg_vander(x: Tensor, *, N: int | None = None) -> Tensor:
    """1, x, x², … along a new last dimension of size N"""
    n = (x.array.shape[-1] if x.array.ndim else 1) if N is None else N
    if n <= 1:
        raise RuntimeError("N must be greater than 1.")
    x = x if x.array.ndim else x.reshape(1)
    shape = x.array.shape
    powers = x.unsqueeze(-1).expand(*shape, n - 1).cumprod(-1)
    one = wrap(np.ones((*shape, 1), powers.array.dtype))
    return joined(one, powers, len(shape))


def vander(x: Tensor, N: int | None = None,
           increasing: bool = False) -> Tensor:
    """The powers of x, falling from the left unless `increasing`"""
    check_tensor(x, "vander")
    if x.array.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    n = x.array.shape[0] if N is None else N
    if n < 0:
        raise RuntimeError("N must be non-negative.")
    if n <= 1:
        whole = x.array.dtype.kind in "biu"
        y = wrap(np.ones((len(x.array), n), np.int64 if whole else
                         x.array.dtype))
    else:
        y = linalg_vander(x, N=n)
    return y if increasing else y.flip(1)


def lstsq(A: Tensor, B: Tensor, rcond: Any = None, *,
          driver: str | None = None) -> Any:
    """(solution, residuals, rank, singular_values) of min ‖A X - B‖

    driver: gelsy (also without), gels, gelsd, gelss; the last two give the
    singular values, all but gels the rank, all but gelsy the residuals.
    """
    a = A.array
    if a.dtype.kind not in "fc":
        raise RuntimeError(
            "This function doesn't handle types other than float and double")
    check_matrix(A, "linalg.lstsq")
    driver = driver or "gelsy"
    if driver not in ("gels", "gelsy", "gelsd", "gelss"):
        raise RuntimeError(
            "torch.linalg.lstsq: parameter `driver` should be one of (gels, "
            "gelsy, gelsd, gelss)")
    vector = B.array.ndim == 1 or (a.ndim - 1 == B.array.ndim
                                   and B.array.shape == a.shape[:-1])
    right = B.unsqueeze(-1) if vector else B
    X = pinv(A, rtol=rcond) @ right
    rank = matrix_rank(A, rtol=rcond)
    empty = wrap(np.zeros(0, a.real.dtype))
    over = (a.shape[-2] > a.shape[-1] and driver != "gelsy"
            and bool((rank.array == a.shape[-1]).all()))
    # torch: what is left over belongs to the graph even if it is nothing
    left_over = ((A @ X - right).abs() ** 2).sum(-2) if over else (
        X.reshape(-1).narrow(0, 0, 0).abs())
    for y in (X, left_over):
        named(y, "LinalgLstsqBackward0")
    return return_types.linalg_lstsq((
        X.squeeze(-1) if vector else X, left_over,
        wrap(np.zeros(0, np.int64)) if driver == "gels" else rank,
        svdvals(A.detach()) if driver in ("gelsd", "gelss") else empty))


