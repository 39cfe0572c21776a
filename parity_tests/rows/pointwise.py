"""Rows: arithmetic, pointwise functions, comparisons, bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import (
    between,
    broadcast_pair,
    laid_out,
    odd,
    outcome,
    pick,
    positive,
    real,
    row,
    shape,
    ties,
)

ANYWHERE = (
    "exp exp2 expm1 sin cos tan sinh cosh tanh atan arctan asinh arcsinh "
    "sigmoid square neg negative positive abs absolute relu sign sgn conj "
    "deg2rad rad2deg sinc ceil floor trunc fix round frac real "
    "nan_to_num erf erfc i0 digamma").split()
POSITIVE = ("log log2 log10 log1p sqrt rsqrt reciprocal lgamma").split()
INSIDE = ("asin arcsin acos arccos atanh arctanh logit erfinv").split()
ABOVE = ("acosh", "arccosh")


def single(*names: str) -> list[str]:
    return list(names)


@row(*ANYWHERE)
def anywhere(lib: Any, rng: Any, name: str) -> tuple:
    return getattr(lib, name), (real(rng, *shape(rng)),)


@row(*[name for name in ANYWHERE if name not in (
    "tan", "digamma", "i0")], *POSITIVE[:7], order=1)
def at_odd_numbers(lib: Any, rng: Any, name: str) -> tuple:
    """0, -0, inf, nan, large numbers: values and first derivatives."""
    x = odd(rng, *shape(rng))
    if name in ("sin", "cos", "sinc", "sinh", "cosh", "exp", "exp2",
                "expm1"):  # large arguments amplify rounding
        x = np.where(np.abs(x) == 1e4, 2.5, x)
    return getattr(lib, name), (x,)


@row(*POSITIVE)
def at_positive(lib: Any, rng: Any, name: str) -> tuple:
    return getattr(lib, name), (positive(rng, *shape(rng)),)


@row(*INSIDE)
def inside_one(lib: Any, rng: Any, name: str) -> tuple:
    low = 0.1 if name == "logit" else -0.9
    return getattr(lib, name), (between(rng, low, 0.9, *shape(rng)),)


@row(*ABOVE)
def above_one(lib: Any, rng: Any, name: str) -> tuple:
    return getattr(lib, name), (between(rng, 1.2, 4, *shape(rng)),)


BINARY = ("add sub subtract mul multiply rsub atan2 arctan2 hypot maximum "
          "minimum fmax fmin logaddexp logaddexp2 copysign").split()
DIVIDING = ("div divide true_divide remainder fmod floor_divide").split()


@row(*BINARY)
def binary(lib: Any, rng: Any, name: str) -> tuple:
    a, b = broadcast_pair(rng)
    return getattr(lib, name), (real(rng, *a), real(rng, *b))


@row("maximum", "minimum", "fmax", "fmin", "relu", "abs", "sign", "copysign",
     order=1)
def at_kinks(lib: Any, rng: Any, name: str) -> tuple:
    a, b = broadcast_pair(rng)
    xs = (ties(rng, *a), ties(rng, *b))
    single = name in ("relu", "abs", "sign")
    return getattr(lib, name), xs[:1] if single else xs


@row(*DIVIDING[:-1])
@row("floor_divide", order=0)  # torch has no derivative of it
def dividing(lib: Any, rng: Any, name: str = "floor_divide") -> tuple:
    a, b = broadcast_pair(rng)
    y = positive(rng, *b) * pick(rng, -1, 1)
    if name == "div" and rng.random() < 0.5:
        how = pick(rng, "floor", "trunc")
        return (lambda s, t: lib.div(s, t, rounding_mode=how),
                (real(rng, *a), y))
    return getattr(lib, name), (real(rng, *a), y)


@row("pow", "float_power", "xlogy")
def powers(lib: Any, rng: Any, name: str) -> tuple:
    a, b = broadcast_pair(rng)
    if name == "float_power":
        n = pick(rng, 2, 0.5, -1, 3)
        return lambda x: lib.float_power(x, n), (positive(rng, *a),)
    if name == "pow" and rng.random() < 0.5:
        n = pick(rng, 0, 1, 2, 3, -1, 0.5, -1.5)
        return lambda x: lib.pow(x, n), (positive(rng, *a),)
    return getattr(lib, name), (
        (positive(rng, *a), real(rng, *b)) if name == "pow" else
        (real(rng, *a), positive(rng, *b)))


@row("addcmul", "addcdiv", "lerp")
def three(lib: Any, rng: Any, name: str) -> tuple:
    a, b = broadcast_pair(rng)
    xs = real(rng, *a), real(rng, *b), positive(rng, *b)
    if name == "lerp":
        w = between(rng, -0.5, 1.5, *b)
        return lib.lerp, (xs[0], xs[1], w)
    value = pick(rng, 1, 0.5, -2)
    return lambda *ts: getattr(lib, name)(*ts, value=value), xs


@row("clamp", "clip", "clamp_min", "clamp_max")
def bounded(lib: Any, rng: Any, name: str) -> tuple:
    a, b = broadcast_pair(rng)
    draw = pick(rng, real, ties)  # at the bounds, too
    x = draw(rng, *a)
    if name in ("clamp_min", "clamp_max"):
        if rng.random() < 0.5:
            return getattr(lib, name), (x, draw(rng, *b))
        return lambda t: getattr(lib, name)(t, 1.0), (x,)
    low, high = pick(rng, (-1.0, 1.0), (None, 0.5), (-0.5, None), (1., -1.))
    if rng.random() < 0.5:
        return lambda t: getattr(lib, name)(t, low, high), (x,)
    return getattr(lib, name), (x, draw(rng, *b) - 1, draw(rng, *b) + 1)


@row("heaviside", order=0)
def steps(lib: Any, rng: Any) -> tuple:
    a, b = broadcast_pair(rng)
    return lib.heaviside, (ties(rng, *a), real(rng, *b))


COMPARED = ("eq ne lt le gt ge greater greater_equal less less_equal "
            "not_equal isclose logical_and logical_or logical_xor").split()
ASKED = ("isnan isinf isfinite isposinf isneginf isreal signbit "
         "logical_not").split()


@row(*COMPARED, order=0)
def compared(lib: Any, rng: Any, name: str) -> tuple:
    a, b = broadcast_pair(rng)
    draw = pick(rng, ties, odd)
    return getattr(lib, name), (draw(rng, *a), draw(rng, *b))


@row(*ASKED, order=0)
def asked(lib: Any, rng: Any, name: str) -> tuple:
    return getattr(lib, name), (laid_out(rng, odd(rng, *shape(rng))),)


@outcome("equal", "allclose", exact=True, examples=40)
def same(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    size = shape(rng)
    x = lib.from_numpy(ties(rng, *size)).to(dtype)
    y = x.clone() if rng.random() < 0.5 else lib.from_numpy(
        ties(rng, *size)).to(dtype)
    return getattr(lib, name)(x, y)


INTEGER = ("bitwise_and bitwise_or bitwise_xor bitwise_not gcd lcm "
           "bitwise_left_shift bitwise_right_shift").split()


@row(*INTEGER, order=0)
def integers(lib: Any, rng: Any, name: str) -> tuple:
    kind = pick(rng, np.int64, np.int32, np.uint8, np.int8)
    a, b = broadcast_pair(rng)
    x = rng.integers(0, 60, a).astype(kind)
    y = rng.integers(0, 6, b).astype(kind)
    return getattr(lib, name), (x,) if name == "bitwise_not" else (x, y)


@row("add", "sub", "rsub", examples=12)
def with_a_factor(lib: Any, rng: Any, name: str) -> tuple:
    a, b = broadcast_pair(rng)
    alpha = float(rng.standard_normal())
    return (lambda x, y: getattr(lib, name)(x, y, alpha=alpha),
            (real(rng, *a), real(rng, *b)))


@row("add", "mul", "sub", "div", "floor_divide", "remainder", "maximum",
     "eq", "lt", order=0)
def mixed_dtypes(lib: Any, rng: Any, name: str) -> tuple:
    """Every pair of dtypes, with and without dimensions: promotion."""
    kinds = ("float16", "float32", "uint8", "int8", "int16", "int32",
             "int64", "bool")
    a, b = broadcast_pair(rng)
    xs = [rng.integers(1, 5, s).astype(pick(rng, *kinds)) for s in (a, b)]
    if rng.random() < 0.3:
        number = pick(rng, 2, 1.5, True)
        return lambda x: getattr(lib, name)(x, number), (xs[0],)
    return getattr(lib, name), tuple(xs)


@row("complex", "polar", "view_as_real", "view_as_complex", "imag", "angle",
     order=1)
def complexes(lib: Any, rng: Any, name: str) -> tuple:
    size = shape(rng)
    if name == "angle":
        return lib.angle, (real(rng, *size),)
    pair = real(rng, *size), real(rng, *size)
    if name == "view_as_complex":
        return (lambda x: lib.view_as_real(lib.view_as_complex(
            x.contiguous()) * 2), (real(rng, *size, 2),))
    if name == "view_as_real":
        return lambda x, y: lib.view_as_real(lib.complex(x, y)), pair
    if name == "imag":
        return lambda x, y: lib.imag(lib.complex(x, y)), pair
    return lambda x, y: lib.view_as_real(getattr(lib, name)(x, y)), pair
