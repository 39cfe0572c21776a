"""Activations: the bends between linear layers, each with its slope.

Where the slope is told by x itself, the rule is a formula in x; where it
is piecewise constant, a mask.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..dtypes import float64
from ..graph import record
from ..kernels import bends, normal, pointwise
from ..kernels.masks import chosen, either, kept
from ..modes import modes
from ..random import default_generator
from ..tensor import Tensor, wrap
from .combine import cat
from .kinds import typed
from .masks import keep, level
from .minmax import representable
from .numbers import check_fits, factor_in, number_in
from .operands import check_tensor, dim_of, in_single, refuse, torch_name

__all__ = ["celu", "hardshrink", "prelu", "rrelu", "selu", "threshold"]
METHODS = ["hardshrink", "prelu"]
IN_PLACE: list[str] = []


def mixed(g: Tensor, mask: np.ndarray, other: Tensor) -> Tensor:
    """g where the mask holds, else the other"""
    return record(chosen(mask, g.array, other.array),
                  (g, lambda h: keep(h, mask)),
                  (other, lambda h: keep(h, ~mask)), name="WhereBackward0")


def floats(x: Tensor, caller: str, kernel: str, kinds: str = "biuc"
           ) -> Any:
    """The array of x, after torch's refusals."""
    check_tensor(x, caller)
    refuse(x.array, kinds, kernel)
    return x.array


def passed(g: Tensor, mask: np.ndarray, x: Tensor, word: str) -> Tensor:
    """g where the mask holds, else 0; level in x"""
    return level(keep(g, mask), x, f"{word}BackwardBackward0")


def bend(x: Tensor, kernel: Callable, plain: Callable) -> Callable:
    """The rule of a bend in x: one kernel, or, where backward is recorded,
    plain operations."""
    def rule(g: Tensor) -> Tensor:
        if modes.recording:
            return plain(g)
        return wrap(in_single(kernel, g.array, x.array))

    return rule


# ---- piecewise linear

@typed(input="Tensor", negative_slope="Scalar")
def leaky_relu(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x, or s x below 0 (Maas et al., 2013)"""
    a = floats(input, "leaky_relu", "leaky_relu_cpu")
    # torch: beside float16 the slope is not rounded to float16
    s = factor_in(negative_slope, a.dtype)

    def plain(g: Tensor) -> Tensor:
        slope = either(np.asarray(a > 0), 1, s,
                       np.promote_types(a.dtype, np.float32))
        return level(g * wrap(slope), input, "LeakyReluBackwardBackward0")

    return record(
        in_single(lambda a: bends.leaky_relu(a, s), a),
        (input, bend(input, lambda g, a: bends.leaky_relu_input(g, a, s),
                     plain), input), name="LeakyReluBackward0")


@typed(input="Tensor", lower="Scalar", upper="Scalar")
def rrelu(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3,
          training: bool = False, generator: Any = None) -> Tensor:
    """leaky_relu; in training each slope is drawn from U(lower, upper)"""
    a = floats(input, "rrelu", "leaky_relu_cpu")
    if training and a.dtype == np.float16:
        refuse(a, "f", "rrelu_with_noise_out_cpu")
    for side, bound in (("lower", lower), ("upper", upper)):
        check_fits(bound, float64)
        if not math.isfinite(bound):
            raise RuntimeError(f"rrelu: {side} bound must be finite, got "
                               f"{bound}")
    if lower > upper:
        raise RuntimeError(
            "Lower bound should be less than or equal to the upper bound")
    for bound in (lower, upper):
        factor_in(bound, a.dtype)
    slope = np.ones(a.shape)
    below = a <= 0
    slope[below] = (generator or default_generator).uniform(
        int(below.sum()), lower, upper, np.float64
    ) if training else (lower + upper) / 2
    slope = slope.astype(a.dtype)
    return record(a * slope, (input, lambda g: level(
        g * wrap(slope), input, "RreluWithNoiseBackwardBackward0")),
        name="RreluWithNoiseBackward0")


@typed(input="Tensor", weight="Tensor")
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """x, or w x below 0, one w or one for each channel (He et al., 2015)"""
    x = input
    check_tensor(x, "prelu")
    check_tensor(weight, "prelu", "weight", 2)
    n, channels = weight.array.size, x.array.shape[1:2]
    if weight.array.ndim > 1:
        raise RuntimeError(
            "prelu: Expected `weight` to be a scalar or 1D tensor, but got: "
            f"ndim = {weight.array.ndim}")
    if n != 1:
        if x.array.ndim == 0:
            raise RuntimeError("Not allow zero-dim input tensor.")
        if n != (channels[0] if channels else 1):
            raise RuntimeError(
                "Mismatch of parameter numbers and input channel size. Found"
                f" parameter numbers = {n} and channel size = "
                f"{channels[0] if channels else 1}.")
    if x.array.dtype != weight.array.dtype:
        raise RuntimeError(
            "prelu: Type promoting not supported. Got "
            f"{torch_name(x.dtype)} and {torch_name(weight.dtype)}")
    w = weight.reshape(*[-1 if d == min(1, x.array.ndim - 1) else 1
                         for d in range(x.array.ndim)])
    above = x.array > 0
    return record(
        chosen(above, x.array, w.array * x.array),
        (x, lambda g: level(mixed(g, above, g * w), x,
                            "PreluKernelBackwardBackward0"), w),
        (w, lambda g: keep(g * x, ~above), x),
        name="PreluKernelBackward0")


@typed(input="Tensor", threshold="Scalar", value="Scalar")
def threshold(input: Tensor, threshold: float, value: float) -> Tensor:
    """x above the threshold, else the value"""
    a = floats(input, "threshold", "threshold_cpu", "bc")
    above = ~(a <= factor_in(threshold, a.dtype))
    other = np.asarray(number_in(value, a.dtype))
    return record(chosen(above, a, other),
                  (input, lambda g: passed(g, above, input, "Threshold")))


@typed(input="Tensor", min_val="Number", max_val="Number")
def hardtanh(input: Tensor, min_val: float = -1.0,
             max_val: float = 1.0) -> Tensor:
    """x between min_val and max_val, else the nearer of them"""
    check_tensor(input, "hardtanh")
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    a = input.array
    if a.dtype.kind == "b":
        raise NotImplementedError("Bool inputs not supported for hardtanh")
    if a.dtype.kind == "c":
        raise NotImplementedError("clamp is not supported for complex types")
    low, high = min_val, max_val
    if a.dtype.kind != "f":
        low, high = representable(a, min_val, max_val)
    low, high = number_in(low, a.dtype), number_in(high, a.dtype)
    inside = ~((a <= min_val) | (a >= max_val))
    return record(np.clip(a, low, high),
                  (input, lambda g: passed(g, inside, input, "Hardtanh")))


def hardsigmoid(input: Tensor) -> Tensor:
    """x / 6 + 1 / 2 between 0 and 1"""
    a = floats(input, "hardsigmoid", "hardsigmoid_cpu")
    inside = (a > -3) & (a < 3)
    y = in_single(bends.hardsigmoid, a)
    # torch: the slope 1/6 is a float32, in float64 too
    sixth = float(np.float32(1) / np.float32(6))
    return record(y, (input, lambda g: passed(
        g * sixth, inside, input, "Hardsigmoid")))


def hardswish(input: Tensor) -> Tensor:
    """x · hardsigmoid(x) (Howard et al., 2019)"""
    x, a = input, floats(input, "hardswish", "hardswish_cpu")

    def plain(g: Tensor) -> Tensor:
        above, inside = ~(a < 3), (a > -3) & (a < 3)  # above: NaN as well
        return keep(g, above) + keep(g * (x / 3 + 0.5), inside)

    return record(in_single(bends.hardswish, a),
                  (x, bend(x, bends.hardswish_input, plain), x),
                  name="HardswishBackward0")


@typed(input="Tensor", lambd="Scalar")
def softshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x moved towards 0 by λ, 0 where it would pass it"""
    check_fits(lambd, float64)
    a = floats(input, "softshrink", "softshrink_check")
    largest = float(np.finfo(a.dtype).max)
    if not 0 <= lambd <= largest:
        raise RuntimeError(
            f"lambda must be in range [0, {largest:g}] for input dtype "
            f"{torch_name(input.dtype)}, but found {lambd:g}")
    outside = ~((a >= -lambd) & (a <= lambd))
    number = a.dtype.type(lambd)
    y = a - np.clip(a, -number, number)
    return record(y, (input, lambda g: passed(g, outside, input, "Softshrink")))


@typed(input="Tensor", lambd="Scalar")
def hardshrink(input: Tensor, lambd: float = 0.5) -> Tensor:
    """x, but 0 between -λ and λ"""
    a = floats(input, "hardshrink", "hardshrink_cpu")
    lambd = number_in(lambd, a.dtype)
    outside = ~((a >= -lambd) & (a <= lambd))
    return record(kept(a, outside),
                  (input, lambda g: passed(g, outside, input, "Hardshrink")))


# ---- exponential

def elu_like(x: Tensor, alpha: float, scale: float, inner: float,
             name: str, inner_back: float = 0) -> Tensor:
    """s x, or s α (e^(c x) - 1) below 0:  slope s α c e^(c x)"""
    a = floats(x, name.removesuffix("Backward0").lower(), "elu_cpu")
    c = inner_back or inner
    for factor in (alpha, scale, inner):
        factor_in(factor, a.dtype)

    def plain(g: Tensor) -> Tensor:
        above = ~(a <= 0)  # NaN as well
        return mixed(g * scale, above, g * (
            (x * c).exp() * (alpha * scale * c)))

    return record(
        in_single(lambda a: bends.elu(a, alpha, scale, inner), a),
        (x, bend(x, lambda g, a: bends.elu_input(g, a, alpha, scale, c),
                 plain), x), name=name)


@typed(input="Tensor", alpha="Scalar")
def elu(input: Tensor, alpha: float = 1.0, scale: float = 1.0,
        input_scale: float = 1.0) -> Tensor:
    """x, or α (eˣ - 1) below 0 (Clevert et al., 2015)"""
    return elu_like(input, alpha, scale, input_scale, "EluBackward0")


def selu(input: Tensor) -> Tensor:
    """elu whose α and scale lead to mean 0, variance 1
    (Klambauer et al., 2017)"""
    return elu_like(input, 1.6732632423543772848170429916717,
                    1.0507009873554804934193349852946, 1.0, "EluBackward0")


@typed(input="Tensor", alpha="Scalar")
def celu(input: Tensor, alpha: float = 1.0) -> Tensor:
    """x, or α (e^(x/α) - 1) below 0 (Barron, 2017)"""
    check_fits(alpha, float64)
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    # torch: backward takes α as a float32
    return elu_like(input, alpha, 1.0, 1.0 / alpha, "CeluBackward0",
                    float(1 / np.float64(np.float32(alpha))))


@typed(input="Tensor", beta="Scalar", threshold="Scalar")
def softplus(input: Tensor, beta: float = 1.0,
             threshold: float = 20.0) -> Tensor:
    """log(1 + e^(βx)) / β, and x itself where βx > threshold"""
    x, a = input, floats(input, "softplus", "softplus_cpu")
    if isinstance(beta, Tensor):
        beta = beta.item()
    for factor in (beta, threshold):
        factor_in(factor, a.dtype)
    linear = a * beta > threshold
    y = in_single(lambda a: chosen(
        linear, a, np.log1p(np.exp(kept(a * beta, ~linear))) / beta), a)
    return record(y.astype(a.dtype, copy=False), (x, lambda g: mixed(
        g, linear, g * (x * beta).sigmoid()), x))


def logsigmoid(input: Tensor) -> Tensor:
    """log σ(x) = -log(1 + e⁻ˣ):  slope σ(-x)"""
    x, a = input, floats(input, "log_sigmoid", "log_sigmoid_cpu")
    return record(in_single(bends.logsigmoid, a), (x, bend(
        x, lambda g, a: g * pointwise.sigmoid(-a),
        lambda g: g * (-x).sigmoid()), x), name="LogSigmoidBackward0")


def silu(input: Tensor) -> Tensor:
    """x σ(x):  slope σ (1 + x (1 - σ)) (Hendrycks & Gimpel, 2016)"""
    x, a = input, floats(input, "silu", "silu_cpu", "biu")

    def plain(g: Tensor) -> Tensor:
        s = x.sigmoid()
        return g * (s * (1 + x * (1 - s)))

    rule = plain if a.dtype.kind == "c" else bend(
        x, pointwise.silu_input, plain)
    return record(in_single(pointwise.silu, a), (x, rule, x),
                  name="SiluBackward0")


def mish(input: Tensor) -> Tensor:
    """x tanh(softplus(x)) (Misra, 2019)"""
    x, a = input, floats(input, "mish", "mish_cpu")

    def plain(g: Tensor) -> Tensor:
        t = softplus(x).tanh()
        return g * (t + x * x.sigmoid() * (1 - t * t))

    return record(in_single(bends.mish, a),
                  (x, bend(x, bends.mish_input, plain), x),
                  name="MishBackward0")


@typed(input="Tensor", approximate="str")
def gelu(input: Tensor, approximate: str = "none") -> Tensor:
    """x Φ(x), Φ the normal distribution (Hendrycks & Gimpel, 2016);
    "tanh": x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2"""
    check_tensor(input, "gelu")
    x, a = input, input.array
    if approximate not in ("none", "tanh"):
        raise RuntimeError("approximate argument must be either none or tanh.")
    refuse(a, "biuc", "GeluKernelImpl")
    if approximate == "tanh":
        return gelu_tanh(x)

    value = in_single(normal.gelu, a)
    known: list[Any] = []
    y = record(value, (x, lambda g: gelu_slope(g, x, *known), x),
               name="GeluBackward0")
    known += [value, y.version]
    return y


def gelu_slope(g: Tensor, x: Tensor, y: Any = None,
               changes: Any = (0,)) -> Tensor:
    """g (Φ(x) + x φ(x)), whose own slope in x is g (2 - x²) φ(x);
    φ(x) = e^(-x²/2) / √(2π).  One kernel takes about a tenth of the time,
    and half of that where gelu's result y is still there unchanged."""

    def bend(h: Tensor) -> Tensor:
        bell = (-0.5 * x * x).exp() / math.sqrt(2 * math.pi)
        return h * g * ((2 - x * x) * bell)

    arrays = (g.array, x.array) if y is None or changes[0] else (
        g.array, x.array, y)
    return record(in_single(normal.gelu_input, *arrays),
                  (g, lambda h: gelu_slope(h, x), x), (x, bend, g, x),
                  name="GeluBackwardBackward0")


def gelu_tanh(x: Tensor) -> Tensor:
    """gelu by tanh"""
    def plain(g: Tensor) -> Tensor:
        k = math.sqrt(2 / math.pi)
        t = (k * (x + 0.044715 * x * x * x)).tanh()
        inner = k * (1 + 3 * 0.044715 * x * x)
        return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner)

    return record(in_single(bends.gelu_tanh, x.array),
                  (x, bend(x, bends.gelu_tanh_input, plain), x),
                  name="GeluBackward0")


@typed(input="methods", dim="int")
def glu(input: Tensor, dim: int = -1) -> Tensor:
    """a σ(b), a and b being the halves of x (Dauphin et al., 2016)"""
    x = input
    check_tensor(x, "glu")
    if x.array.ndim == 0:
        raise RuntimeError(
            "glu does not support scalars because halving size must be even")
    d = dim_of(dim, x.array.ndim)
    size = x.array.shape[d]
    if size % 2:
        raise RuntimeError("Halving dimension must be even, but dimension "
                           f"{d} is size {size}")
    refuse(x.array, "biuc", "glu_cpu")
    a, b = np.split(x.array, 2, d)

    def plain(g: Tensor) -> Tensor:
        a, b = x.narrow(d, 0, size // 2), x.narrow(d, size // 2, size // 2)
        s = b.sigmoid()
        return cat([g * s, g * a * s * (1 - s)], d)

    return record(in_single(bends.glu, a, b), (
        x, bend(x, lambda g, a: bends.glu_input(g, a, d), plain), x),
        name="GluBackward0")
