"""Arithmetic: each operation is a value, and one rule per input.

NumPy computes the value; the rules are written in these same operations,
so a gradient can be differentiated again. The engine sums a gradient over
broadcast axes and casts it, so no rule does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import record
from ..kernels.lying import cast_as_it_lies, in_line
from ..tensor import Tensor, wrap
from ..unseen import as_it_lies, unseen
from .earlier import in_either_order, of_sum
from .numbers import HALF, check_factor, check_wide, factor_in, number_in
from .once import (
    divisor,
    floor_of_halves,
    plus_product,
    single,
    unrounded,
)
from .operands import (
    as_float,
    check_broadcast,
    check_tensor,
    combination,
    float_of,
    in_c,
    in_single,
    operands,
    refuse,
    result_type,
)

__all__ = [
    "add", "sub", "mul", "div", "reciprocal", "neg", "positive",
    "true_divide", "subtract", "multiply", "divide", "negative", "rsub",
    "addcmul", "addcdiv", "lerp",
]
METHODS = (
    "add sub mul div reciprocal neg positive true_divide subtract multiply "
    "divide negative addcmul addcdiv lerp"
).split()
IN_PLACE = (
    "add sub mul div reciprocal neg true_divide subtract multiply divide "
    "negative addcmul addcdiv lerp"
).split()


def add(input: Any, other: Any, *more: Any, alpha: Any = 1) -> Tensor:
    """x + alpha · y"""
    if more:
        other, alpha = of_sum("add", (other, *more), alpha)
    if alpha is True or alpha != 1:
        return plus_scaled(*operands(input, other), alpha, "AddBackward0")
    if isinstance(input, Tensor) and input.lies is not None:
        return added(input, other)
    x, y, a, b = operands(input, other)
    return record(a + b, (x, lambda g: g), (y, lambda g: g))


def added(x: Tensor, other: Any) -> Tensor:
    """x + y of images whose order in memory has not been seen."""
    x, free = as_it_lies(x)
    if isinstance(other, Tensor):
        other, free = as_it_lies(other)
    y = add(x, other)
    return unseen(y) if free else y


def sub(input: Any, other: Any, *more: Any, alpha: Any = 1) -> Tensor:
    """x - alpha · y"""
    if more:
        other, alpha = of_sum("sub", (other, *more), alpha)
    x, y, a, b = operands(input, other)
    if (x.array.dtype.kind == "b" or y.array.dtype.kind == "b"
            or other is True or other is False):
        refuse_bool(x, y)
    if alpha is True or alpha != 1:
        return plus_scaled(x, y, a, b, alpha, "SubBackward0", -1)
    return record(a - b, (x, lambda g: g), (y, lambda g: -g))


def refuse_bool(x: Tensor, y: Tensor) -> None:
    """torch: a difference of bools is refused, exclusive or is meant."""
    if x.array.dtype == y.array.dtype and x.array.dtype.kind == "b":
        raise NotImplementedError(
            "Subtraction, the `-` operator, with two bool tensors is not "
            "supported. Use the `^` or `logical_xor()` operator instead.")
    raise NotImplementedError(
        "Subtraction, the `-` operator, with a bool tensor is not supported."
        " If you are trying to invert a mask, use the `~` or "
        "`logical_not()` operator instead.")


def plus_scaled(x: Tensor, y: Tensor, a: np.ndarray, b: np.ndarray,
                alpha: Any, name: str, sign: int = 1) -> Tensor:
    """x ± alpha · y, with torch's refusals of a wrong alpha"""
    kind = dtypes.of(a.dtype)
    check_wide(alpha)
    check_factor(alpha, "alpha", kind)
    if isinstance(alpha, complex) and not kind.is_complex:
        raise RuntimeError("For non-complex input tensors, argument alpha "
                           "must not be a complex number.")
    slope = np.asarray(number_in(sign * alpha, a.dtype))
    a, b = in_line(a, b)
    return record(
        plus_product(a, b, slope),
        (x, lambda g: g), (y, lambda g: g * (sign * alpha).conjugate()),
        name=name)


def mul(input: Any, other: Any) -> Tensor:
    """x · y"""
    x, y, a, b = operands(input, other)
    if a.dtype is HALF:
        y = unrounded(other, y)
        value = in_single(np.multiply, a, single(y, b))
    else:
        value = a * b
    return record(value, (x, lambda g: g * y.conj(), y),
                  (y, lambda g: g * x.conj(), x))


def div(input: Any, other: Any, *,
        rounding_mode: str | None = None) -> Tensor:
    """x / y, rounded towards zero ("trunc") or down ("floor") if asked"""
    if rounding_mode is not None:
        return rounded_div(input, other, rounding_mode)
    x, y, a, b = operands(input, other)
    if a.dtype.kind not in "fc":
        return wrap(np.divide(float_of(input), float_of(other)))
    if a.dtype is HALF:
        y = unrounded(other, y)
        value = in_single(np.divide, a, single(y, b))
    else:
        value = a / b
    return record(value, (x, lambda g: g / y.conj(), y),
                  (y, lambda g: -g * (x / y / y).conj(), x, y))


def rounded_div(input: Any, other: Any, rounding_mode: str) -> Tensor:
    """The quotient without its fraction; its derivative is zero."""
    x, y, a, b = operands(input, other)
    if rounding_mode not in ("trunc", "floor"):
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or "
            f"'floor' but found '{rounding_mode}'")
    return record(quotient(a, divisor(other, y, b), rounding_mode),
                  (x, lambda g: g * 0), (y, lambda g: g * 0),
                  name="DivBackward2")


def quotient(a: np.ndarray, b: np.ndarray, mode: str) -> np.ndarray:
    """a / b without its fraction."""
    refuse(a, "bc", f"div_{mode}_cpu")
    if a.dtype.kind in "iu" and not np.all(b):
        raise RuntimeError("ZeroDivisionError")
    if mode == "floor":
        return floor_of_halves(a, b) if b.dtype == HALF else (
            np.floor_divide(a, b).astype(a.dtype, copy=False))
    if a.dtype.kind == "f":
        return np.trunc(a / b).astype(a.dtype, copy=False)
    down = np.floor_divide(a, b)
    return down + ((down < 0) & (down * b != a)).astype(a.dtype)


def neg(input: Tensor) -> Tensor:
    """-x"""
    check_tensor(input, "neg")
    if input.array.dtype.kind == "b":
        raise NotImplementedError(
            "Negation, the `-` operator, on a bool tensor is not supported."
            " If you are trying to invert a mask, use the `~` or "
            "`logical_not()` operator instead.")
    return record(-input.array, (input, lambda g: -g))


def positive(input: Tensor) -> Tensor:
    """x itself"""
    if input.array.dtype.kind == "b":
        raise NotImplementedError(
            "The `+` operator, on a bool tensor is not supported.")
    return input


def reciprocal(input: Tensor) -> Tensor:
    """1 / x"""
    a = as_float(input)
    return record(a.dtype.type(1) / a,
                  (input, lambda g, y: -g * (y * y).conj()),
                  keep_result=True)


def rsub(input: Any, other: Any, *, alpha: Any = 1) -> Tensor:
    """y - alpha · x"""
    if not isinstance(input, Tensor):
        raise combination("rsub", input, other)
    name = f"RsubBackward{0 if isinstance(other, Tensor) else 1}"
    x, y, a, b = operands(input, other)
    if (x.array.dtype.kind == "b" or y.array.dtype.kind == "b"
            or other is True or other is False):
        refuse_bool(x, y)
    if alpha is True or alpha != 1:
        return plus_scaled(y, x, b, a, alpha, name, -1)
    return record(b - a, (x, lambda g: -g), (y, lambda g: g), name=name)


def true_divide(input: Any, other: Any) -> Tensor:
    """x / y"""
    return div(input, other)


def three(x: Any, y: Any, z: Any, caller: str, names: tuple) -> tuple:
    """The arrays of three tensors in the dtype of the result."""
    for place, (part, name) in enumerate(zip((x, y, z), names), 1):
        check_tensor(part, caller, name, place)
    number = result_type(x, y, z).numpy
    arrays = [cast_as_it_lies(t.array, number) for t in (x, y, z)]
    check_broadcast(*[a.shape for a in arrays])
    return in_line(*arrays)


@in_either_order
def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *,
            value: Any = 1) -> Tensor:
    """x + value · y · z"""
    x, y, z = input, tensor1, tensor2
    a, b, c = three(x, y, z, "addcmul", ("input", "tensor1", "tensor2"))
    refuse(a, "b", "addcmul_cpu_out")
    v = factor_in(value, a.dtype)
    return record(in_single(plus_product, a, v * b, c),
                  (x, lambda g: g),
                  (y, lambda g: g * (z * value).conj(), z),
                  (z, lambda g: g * (y * value).conj(), y))


@in_either_order
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *,
            value: Any = 1) -> Tensor:
    """x + value · y / z"""
    x, y, z = input, tensor1, tensor2
    check_wide(value)
    a, b, c = three(x, y, z, "addcdiv", ("input", "tensor1", "tensor2"))
    if y.array.dtype.kind in "biu" and z.array.dtype.kind in "biu":
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a "
            "future  release addcdiv will perform a true division of tensor1"
            " and tensor2. The historic addcdiv behavior can be implemented "
            "as (input + value * torch.trunc(tensor1 / tensor2)).to("
            "input.dtype) for integer inputs and as (input + value * tensor1"
            " / tensor2) for float inputs. The future addcdiv behavior is "
            "just the latter implementation: (input + value * tensor1 / "
            "tensor2), for all dtypes.")
    v = factor_in(value, a.dtype)
    return record(in_single(lambda a, b, c: a + v * b / c, a, b, c),
                  (x, lambda g: g),
                  (y, lambda g: g * (value / z).conj(), z),
                  (z, lambda g: -g * (value * y / z / z).conj(), y, z))


def lerp(input: Tensor, end: Tensor, weight: Any) -> Tensor:
    """x + weight · (y - x), from whichever end is nearer"""
    x, y, w = input, end, weight
    plain = not isinstance(w, Tensor)
    if plain and not isinstance(w, dtypes.NUMBERS):
        raise combination("lerp", x, y, w)
    check_wide(w)
    for z, name in ((y, "end"), (w, "weight")):
        if isinstance(z, Tensor) and z.array.dtype != x.array.dtype:
            raise RuntimeError(
                f"expected dtype {in_c(x.dtype)} for `{name}` but got dtype "
                f"{in_c(z.dtype)}")
    refuse(x.array, "biu", f"lerp_kernel_{'scalar' if plain else 'tensor'}")
    if plain:
        w = wrap(np.asarray(factor_in(w, x.array.dtype)))
    arrays = x.array, y.array, w.array
    check_broadcast(*[a.shape for a in arrays])
    return record(in_single(between, *in_line(*arrays)),
                  (x, lambda g: g * (1 - w).conj(), w),
                  (y, lambda g: g * w.conj(), w),
                  (w, lambda g: g * (y - x).conj(), x, y),
                  name=f"LerpBackward{0 if plain else 1}")


def between(a: Any, b: Any, w: Any) -> np.ndarray:
    far = np.abs(w) >= 0.5
    if not np.ndim(w):
        return plus_product(b if far else a, w - 1 if far else w, b - a)
    return plus_product(np.where(far, b, a), np.where(far, w - 1, w), b - a)


subtract, multiply, divide, negative = sub, mul, div, neg
