"""Orthogonal polynomials of x, of degree n: a number, or one for each x.

torch: they have no derivatives; a fractional n is cut off, and a negative
one gives 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..kernels import polynomials as kernels
from ..tensor import Tensor, wrap
from .operands import combination, float_of, operands, refuse

__all__: list[str] = []
METHODS: list[str] = []
IN_PLACE: list[str] = []


def polynomial(name: str, kernel: Any, input: Any, n: Any) -> Tensor:
    """kernel(x, n) in float64, both brought to one shape and dtype"""
    if not isinstance(input, Tensor) and not isinstance(n, Tensor):
        raise combination(f"special_{name}", input, n)
    _, _, a, b = operands(input, n)
    if a.dtype.kind in "biu":
        a, b = float_of(input), float_of(n)
    refuse(a, "c", f"{name}_cpu")
    if a.dtype == np.float16:
        refuse(a, "f", f"{name}_cpu")
    shape = np.broadcast_shapes(a.shape, b.shape)
    x, degree = (np.broadcast_to(c, shape).astype(float).reshape(-1)
                 for c in (a, b))
    degree = np.where(np.abs(degree) < 2.0 ** 63, np.trunc(degree), -1)
    y = kernel(x, degree)
    if name.startswith("hermite"):  # torch: beyond it does not count
        y[degree > (512 if a.dtype == np.float64 else 128)] = np.nan
    return wrap(y.reshape(shape).astype(a.dtype))


def chebyshev(name: str, input: Any, n: Any) -> Tensor:
    return polynomial(name, lambda x, k: kernels.chebyshev(name[-1], x, k),
                      input, n)


def shifted(name: str, input: Any, n: Any) -> Tensor:
    return polynomial(name, lambda x, k: kernels.chebyshev(
        name[-1], 2 * x - 1, k), input, n)


def chebyshev_polynomial_t(input: Any, n: Any) -> Tensor:
    """Tₙ(cos θ) = cos nθ"""
    return chebyshev("chebyshev_polynomial_t", input, n)


def chebyshev_polynomial_u(input: Any, n: Any) -> Tensor:
    """Uₙ(cos θ) = sin (n + 1)θ / sin θ"""
    return chebyshev("chebyshev_polynomial_u", input, n)


def chebyshev_polynomial_v(input: Any, n: Any) -> Tensor:
    """Vₙ(cos θ) = cos (n + ½)θ / cos ½θ"""
    return chebyshev("chebyshev_polynomial_v", input, n)


def chebyshev_polynomial_w(input: Any, n: Any) -> Tensor:
    """Wₙ(cos θ) = sin (n + ½)θ / sin ½θ"""
    return chebyshev("chebyshev_polynomial_w", input, n)


def shifted_chebyshev_polynomial_t(input: Any, n: Any) -> Tensor:
    """Tₙ(2x - 1), for x from 0 to 1"""
    return shifted("shifted_chebyshev_polynomial_t", input, n)


def shifted_chebyshev_polynomial_u(input: Any, n: Any) -> Tensor:
    """Uₙ(2x - 1)"""
    return shifted("shifted_chebyshev_polynomial_u", input, n)


def shifted_chebyshev_polynomial_v(input: Any, n: Any) -> Tensor:
    """Vₙ(2x - 1)"""
    return shifted("shifted_chebyshev_polynomial_v", input, n)


def shifted_chebyshev_polynomial_w(input: Any, n: Any) -> Tensor:
    """Wₙ(2x - 1)"""
    return shifted("shifted_chebyshev_polynomial_w", input, n)


def hermite_polynomial_h(input: Any, n: Any) -> Tensor:
    """Hermite's, as physicists write it: orthogonal under e^(-x²)"""
    return polynomial("hermite_polynomial_h", kernels.hermite, input, n)


def hermite_polynomial_he(input: Any, n: Any) -> Tensor:
    """Hermite's of probability: orthogonal under e^(-x²/2)"""
    return polynomial("hermite_polynomial_he", kernels.hermite_e, input, n)


def laguerre_polynomial_l(input: Any, n: Any) -> Tensor:
    """Laguerre's: orthogonal under e⁻ˣ"""
    return polynomial("laguerre_polynomial_l", kernels.laguerre, input, n)


def legendre_polynomial_p(input: Any, n: Any) -> Tensor:
    """Legendre's: orthogonal from -1 to 1"""
    return polynomial("legendre_polynomial_p", kernels.legendre, input, n)
