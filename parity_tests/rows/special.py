"""Rows: the functions of torch.special."""

from __future__ import annotations

from typing import Any

from ..registry import between, find, real, row, shape

SPECIAL = ("digamma erf erfc erfinv exp2 expit expm1 gammaln i0 i1 log1p "
           "log_softmax logit logsumexp multigammaln polygamma psi sinc "
           "softmax xlogy xlog1py").split()


@row(*[f"special.{word}" for word in SPECIAL])
def special_functions(lib: Any, rng: Any, name: str) -> tuple:
    f, word = find(lib, name), name.removeprefix("special.")
    x = 0.1 + 0.8 * rng.random((3, 4))
    if word in ("softmax", "log_softmax", "logsumexp"):
        return lambda t: f(t, 1), (x,)
    if word == "multigammaln":
        return lambda t: f(t, 2), (x + 1,)
    if word == "polygamma":
        n = int(rng.integers(0, 3))
        return lambda t: f(n, t), (x + 0.5,)
    if word in ("xlogy", "xlog1py"):
        return f, (x, x[::-1].copy())
    return f, (x,)


@row("special.round", order=1)
def rounded(lib: Any, rng: Any) -> tuple:
    k = int(rng.integers(0, 3))
    return lambda x: lib.special.round(x, decimals=k), (real(rng, 3, 4),)


EVERYWHERE = ("bessel_j0 bessel_j1 erfcx i0e i1e log_ndtr modified_bessel_i0 "
              "modified_bessel_i1 ndtr").split()
POSITIVE = ("bessel_y0 bessel_y1 entr modified_bessel_k0 modified_bessel_k1"
            ).split()


@row(*[f"special.{word}" for word in (*EVERYWHERE, *POSITIVE, "ndtri")])
def bells_and_waves(lib: Any, rng: Any, name: str) -> tuple:
    """Up to 2.5: at 3 torch's own J and Y are off by 1e-11."""
    word, size = name.removeprefix("special."), shape(rng)
    low = -2.5 if word in EVERYWHERE else 0.05
    high = 0.95 if word == "ndtri" else 2.5
    return find(lib, name), (between(rng, low, high, *size),)


@row("special.airy_ai", "special.spherical_bessel_j0",
     "special.scaled_modified_bessel_k0",
     "special.scaled_modified_bessel_k1", order=0)
def underived(lib: Any, rng: Any, name: str) -> tuple:
    low = 0.05 if "modified" in name else -2  # torch: its Ai is right to -2
    return find(lib, name), (between(rng, low, 6, *shape(rng)),)


@row("special.zeta", order=0)
def zetas(lib: Any, rng: Any) -> tuple:
    size = shape(rng)
    return lib.special.zeta, (between(rng, 1.1, 6, *size),
                              between(rng, 0.1, 6, *size))


@row("special.zeta")
def zetas_of_a_number(lib: Any, rng: Any) -> tuple:
    s = float(1.2 + 4 * rng.random())
    return lambda q: lib.special.zeta(s, q), (between(rng, 0.1, 6, 3, 4),)


CHEBYSHEV = [f"{shifted}chebyshev_polynomial_{kind}"
             for shifted in ("", "shifted_") for kind in "tuvw"]
POLYNOMIALS = (*CHEBYSHEV, "hermite_polynomial_h", "hermite_polynomial_he",
               "laguerre_polynomial_l", "legendre_polynomial_p")


@row(*[f"special.{word}" for word in POLYNOMIALS], order=0)
def polynomials(lib: Any, rng: Any, name: str) -> tuple:
    f, x = find(lib, name), real(rng, *shape(rng))
    degree = rng.integers(-1, 7, x.shape)
    if rng.integers(2):
        k = int(rng.integers(-1, 7))
        return lambda x: f(x, k), (x,)
    return f, (x, degree)
