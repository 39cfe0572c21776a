"""Random numbers in place: tensors filled from a distribution.

What the tensor held is gone, so each of these has the gradient 0.
"""

from __future__ import annotations

import math
import operator
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import dtypes
from ..graph import alias, record
from ..random import Generator, default_generator
from ..tensor import Tensor
from .inplace import check_writable, write
from .operands import in_c, refuse, torch_name

__all__: list[str] = []
METHODS = ("bernoulli_ cauchy_ exponential_ geometric_ log_normal_ normal_ "
           "random_ uniform_").split()
IN_PLACE: list[str] = []

Draw = Callable[[int], np.ndarray]


def fill(x: Tensor, draw: Draw, name: str) -> Tensor:
    """Write numbers into x in memory order, as torch does; draw(n) gives n."""
    a = x.array
    if a.dtype.kind == "c":  # real and imaginary parts in turn
        values = draw(2 * a.size).view(a.dtype)
    else:
        values = draw(a.size)
    rows = in_memory_order(a)
    rows[...] = values.reshape(rows.shape)
    return write(x, record(a, (alias(x), lambda g: g * 0), name=name))


def in_memory_order(a: np.ndarray) -> np.ndarray:
    """A view whose rows, read in order, go through the memory forwards."""
    if a.flags.c_contiguous:
        return a
    return a.transpose(sorted(range(a.ndim), key=lambda d: -a.strides[d]))


def real(x: Tensor) -> np.dtype:
    """The dtype of the numbers to draw: of the parts, if x is complex."""
    return x.dtype.to_real().numpy


# ---- continuous distributions

def uniform_(input: Tensor, from_: float = 0.0, /, to: float = 1.0, *,
             generator: Generator | None = None) -> Tensor:
    """x ~ U[from, to)"""
    g = chosen(generator, "uniform_")
    low, high = number(from_, "uniform_", "from"), number(to, "uniform_", "to")
    check_writable(input)
    refuse(input.array, "biu", "check_uniform_bounds")
    kind = real(input)
    check_uniform(low, high, dtypes.of(kind))
    return fill(input, lambda n: g.uniform(n, low, high, kind),
                "UniformBackward0")


def check_uniform(low: float, high: float, kind: dtypes.dtype) -> None:
    """Refuse bounds that the dtype cannot hold, or in the wrong order."""
    most = float(np.finfo(kind.numpy).max)
    for value, name in (low, "from"), (high, "to"):
        if not -most <= value <= most:
            raise RuntimeError(f"{name} is out of bounds for {in_c(kind)}")
    if low > high:
        raise RuntimeError(
            "uniform_ expects to return a [from, to) range, but found "
            f"from={low:g} > to={high:g}")
    if high - low > most:
        raise RuntimeError(
            "uniform_ expects to-from <= std::numeric_limits<"
            f"{torch_name(kind)}>::max(), but found to={high:g} and from="
            f"{low:g} which result in to-from to exceed the limit")


def normal_(input: Tensor, mean: float = 0.0, std: float = 1.0, *,
            generator: Generator | None = None) -> Tensor:
    """x ~ N(mean, std²)"""
    g = chosen(generator, "normal_")
    mean = number(mean, "normal_", "mean")
    std = number(std, "normal_", "std", 2)
    check_writable(input)
    check_std(std)
    if input.array.size:
        refuse(input.array, "biu", "normal_kernel_cpu")
    return fill(input, normals(g, input, mean, std), "NormalBackward0")


def check_std(std: float) -> None:
    if not std >= 0:
        raise RuntimeError(
            f"normal expects std >= 0.0, but found std {std:g}")


def normals(g: Generator, x: Tensor, mean: float, std: float) -> Draw:
    """How normal numbers for x are drawn."""
    kind = real(x)
    if x.array.dtype.kind == "c":  # torch: both parts share the variance
        std = std / math.sqrt(2)
    # torch: what is not contiguous is drawn in pairs
    draw = g.normal if x.array.flags.c_contiguous else g.normal_pairs
    return lambda n: draw(n, mean, std, kind)


def log_normal_(input: Tensor, mean: float = 1.0, std: float = 2.0, *,
                generator: Generator | None = None) -> Tensor:
    """log x ~ N(mean, std²)"""
    g = chosen(generator, "log_normal_")
    mean = number(mean, "log_normal_", "mean")
    std = number(std, "log_normal_", "std", 2)
    check_writable(input)
    positive(std, "log_normal_", "std")
    if input.array.size:
        refuse(input.array, "biuc", "log_normal_cpu")
    return fill(input, lambda n: g.log_normal(n, mean, std, real(input)),
                "LogNormalBackward0")


def exponential_(input: Tensor, lambd: float = 1.0, *,
                 generator: Generator | None = None) -> Tensor:
    """x ~ λ e^(-λx)"""
    g = chosen(generator, "exponential_")
    rate = number(lambd, "exponential_", "lambd")
    check_writable(input)
    positive(rate, "exponential_", "lambda")
    if input.array.dtype.kind != "f" and input.array.size:
        raise RuntimeError(
            "Exponential distribution is a continuous probability "
            "distribution. dtype must be a floating point but you specified "
            f"{torch_name(input.dtype)}")
    return fill(input, lambda n: g.exponential(n, rate, input.array.dtype),
                "ExponentialBackward0")


def cauchy_(input: Tensor, median: float = 0.0, sigma: float = 1.0, *,
            generator: Generator | None = None) -> Tensor:
    """x ~ 1/π · σ / ((x - median)² + σ²)"""
    g = chosen(generator, "cauchy_")
    median = number(median, "cauchy_", "median")
    sigma = number(sigma, "cauchy_", "sigma", 2)
    check_writable(input)
    positive(sigma, "cauchy_", "sigma")
    if input.array.dtype.kind != "f":
        raise RuntimeError(
            "Cauchy distribution is a continuous probability distribution. "
            "dtype must be a floating point but you specified "
            f"{in_c(input.dtype)}")
    return fill(input, lambda n: g.cauchy(n, median, sigma, real(input)),
                "CauchyBackward0")


# ---- discrete distributions

def bernoulli_(input: Tensor, p: Any = 0.5, *,
               generator: Generator | None = None) -> Tensor:
    """x = 1 with probability p, else 0; p a number, or one each"""
    g = chosen(generator, "bernoulli_")
    check_writable(input)
    if isinstance(p, Tensor):
        return bernoulli_each_(input, p.array, g)
    p = number(p, "bernoulli_", "p")
    if not 0 <= p <= 1:
        raise RuntimeError(
            f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    refuse(input.array, "c", "bernoulli_scalar_cpu_")
    return fill(input, lambda n: g.bernoulli(n, p, input.array.dtype),
                "BernoulliBackward2")


def bernoulli_each_(x: Tensor, p: np.ndarray, g: Generator) -> Tensor:
    """x filled with 0 and 1, a probability for each entry"""
    a = x.array
    try:
        p = np.broadcast_to(p, a.shape)
    except ValueError:
        raise RuntimeError(
            f"bernoulli_(): p of size {[*p.shape]} cannot be expanded to the "
            f"size {[*a.shape]} of the tensor") from None
    refuse(a, "c", "bernoulli_tensor_cpu_self_")
    check_probabilities(p)
    order = sorted(range(a.ndim), key=lambda d: -a.strides[d])
    rows = np.ascontiguousarray(p.transpose(order))
    return fill(x, lambda n: g.bernoulli_each(rows, a.dtype),
                "BernoulliBackward1")


def check_probabilities(p: np.ndarray) -> None:
    refuse(p, "biuc", "bernoulli_tensor_cpu_p_")
    if not ((p >= 0) & (p <= 1)).all():
        raise RuntimeError(
            "Expected p_in >= 0 && p_in <= 1 to be true, but got false: "
            "bernoulli takes probabilities")


def geometric_(input: Tensor, p: float, *,
               generator: Generator | None = None) -> Tensor:
    """P(x = k) = (1 - p)^(k-1) p, k = 1, 2, …"""
    g = chosen(generator, "geometric_")
    p = number(p, "geometric_", "p")
    check_writable(input)
    if not 0 < p < 1:
        raise RuntimeError(
            f"geometric_ expects p to be in (0, 1), but got p={p:g}")
    refuse(input.array, "bc", "geometric_cpu")
    return fill(input, lambda n: g.geometric(n, p, input.array.dtype),
                "GeometricBackward0")


def random_(input: Tensor, *bounds: Any, generator: Generator | None = None,
            **named: Any) -> Tensor:
    """Whole numbers: random_(), random_(to), random_(from, to)

    Below `to`; without it up to the dtype's largest (2^digits for floats).
    """
    g = chosen(generator, "random_")
    low, high, given = random_bounds(bounds, named)
    check_writable(input)
    kind = input.array.dtype
    if not given:
        refuse(input.array, "c", "random_kernel_cpu")
        return fill(input, lambda n: g.random(n, kind), "RandomBackward2")
    name = f"RandomBackward{2 - given}"
    if high is None and low == -2**63:
        refuse(input.array, "bc" if kind != np.float16 else "f",
               "random_full_64_bits_range_kernel_cpu")
        if kind not in (np.int64, np.float64, np.float32):
            raise RuntimeError("random_full_64_bits_range_kernel_cpu handles "
                               "only int64, double, float and bfloat16")
        return fill(input, lambda n: g.random_full(n, kind), name)
    low, high = checked_range(low, high, input.dtype)
    return fill(input, lambda n: g.randint(n, low, high, kind), name)


def random_bounds(bounds: tuple, named: dict) -> tuple[int, Any, int]:
    """(from, to, how many were given)"""
    values = dict(zip(("to",) if len(bounds) == 1 and "to" not in named
                      else ("from", "to"), bounds), **named)
    if len(bounds) > 2 or not {"from", "to"} >= {*values} or (
            "from" in values and "to" not in values):
        raise TypeError(
            "random_() takes (), (to) or (from, to), but got "
            f"({', '.join(type(b).__name__ for b in values.values())})")
    high = values.get("to")
    return (whole(values.get("from", 0), "random_"),
            None if high is None else whole(high, "random_"), len(values))


def checked_range(low: int, high: int | None,
                  kind: dtypes.dtype) -> tuple[int, int]:
    """[low, high) as the dtype can hold it; refused where it cannot."""
    if kind.is_complex:
        raise RuntimeError("check_random_bounds handles only integral, "
                           "floating-point and boolean types")
    if high is not None and low >= high:
        raise RuntimeError(
            "random_ expects 'from' to be less than 'to', but got from="
            f"{low} >= to={high}")
    digits = 0
    if kind.is_floating_point:
        digits = np.finfo(kind.numpy).nmant + 1
        most: Any = int(np.finfo(kind.numpy).max)
        least = -most
        low, high = next_above(low, kind, digits), 2**digits + 1 if (
            high is None) else next_below(high, kind, digits)
        if low >= high:
            raise RuntimeError(
                "random_ expects 'from' casted to dtype to be less than 'to'"
                f" casted to dtype, but got from={low} >= to={high}")
    elif kind is dtypes.bool:
        least, most = 0, 1
    else:
        limits = np.iinfo(kind.numpy)
        least, most = int(limits.min), int(limits.max)
    high = most + 1 if high is None else high
    for value, name in (low, "from"), (high - 1, "to - 1"):
        if not least <= value <= most:
            raise RuntimeError(f"{name} is out of bounds for {in_c(kind)}")
        if digits and abs(value) > 2**digits:
            warnings.warn(
                f"{name} is out of bounds [-(2^{digits}), 2^{digits}]. Due to"
                f" precision limitations {in_c(kind)} can support discrete "
                "uniform distribution only within this range. This warning "
                "will become an error in version 1.7 release, please fix the"
                " code in advance", UserWarning, stacklevel=4)
    return low, high


def next_above(low: int, kind: dtypes.dtype, digits: int) -> int:
    """torch: the first number of the dtype that is no smaller."""
    nearest = nearest_of(low + 1, kind)
    if nearest is None or nearest >= low:
        return low
    return nearest + step(low + 1, digits)


def next_below(high: int, kind: dtypes.dtype, digits: int) -> int:
    """torch: the last number of the dtype that is no larger."""
    nearest = nearest_of(high - 1, kind)
    if nearest is None or nearest < high:
        return high
    return nearest - step(high - 1, digits)


def nearest_of(value: int, kind: dtypes.dtype) -> int | None:
    with np.errstate(over="ignore"):
        nearest = kind.numpy.type(value)
    return int(nearest) if np.isfinite(nearest) else None


def step(value: int, digits: int) -> int:
    """The distance of neighbours, in a float of so many digits."""
    return 1 << (abs(value).bit_length() - digits)


# ---- arguments

def chosen(generator: Any, caller: str) -> Generator:
    """The generator that was given, or the default one."""
    if generator is None:
        return default_generator
    if not isinstance(generator, Generator):
        raise TypeError(
            f"{caller}(): argument 'generator' must be torch.Generator, not "
            f"{type(generator).__name__}")
    return generator


def number(value: Any, caller: str, name: str, place: int = 1) -> float:
    """A plain number as a float."""
    if isinstance(value, Tensor) and value.array.ndim == 0:
        value = value if value.requires_grad else value.array.item()
    if not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(
            f"{caller}(): argument '{name}' (position {place}) must be "
            f"float, not {type(value).__name__}")
    return float(value)


def whole(value: Any, caller: str) -> int:
    """A whole number of 64 bits."""
    if isinstance(value, bool):
        value = int(value)
    try:
        n = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{caller}() received an invalid combination of arguments - got "
            f"{type(value).__name__} where a whole number is expected"
        ) from None
    if not -2**63 <= n < 2**63:
        raise ValueError("Overflow when unpacking long long")
    return n


def positive(value: float, caller: str, name: str) -> None:
    if not value > 0:
        raise RuntimeError(f"{caller} expects {name} > 0.0, but found "
                           f"{name}={value:g}")
