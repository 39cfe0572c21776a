"""Random tensors: torch's functions, numbers and errors."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..graph import record
from ..modes import modes
from ..random import Generator
from ..tensor import Tensor, wrap
from . import filling
from .filling import check_probabilities, check_std, chosen, whole
from .operands import check_broadcast, check_tensor, refuse, torch_name
from .shape import sizes

__all__ = ["bernoulli", "multinomial", "normal", "poisson", "rand",
           "rand_like", "randint", "randint_like", "randn", "randn_like",
           "randperm"]
METHODS = ["bernoulli", "multinomial"]
IN_PLACE: list[str] = []


def blank(caller: str, size: tuple, out: Tensor | None, dtype: Any,
          device: Any, requires_grad: bool, default: Any = None) -> Tensor:
    """The tensor to fill: a new one, or `out` made to this size."""
    require_cpu(device)
    shape = shape_of(caller, size)
    if out is None:
        kind = dtype or default or dtypes.get_default_dtype()
        if isinstance(kind, type):  # torch: Python's types name dtypes too
            kind = dtypes.of(np.dtype(kind))
        if requires_grad and not (kind.is_floating_point or kind.is_complex):
            raise RuntimeError("Only Tensors of floating point and complex "
                               "dtype can require gradients")
        return wrap(np.empty(shape, kind.numpy))
    if not isinstance(out, Tensor):
        raise TypeError(f"{caller}(): argument 'out' must be Tensor, not "
                        f"{type(out).__name__}")
    forbid_gradient(caller, out)
    if dtype is not None and dtype is not out.dtype:
        raise RuntimeError(
            f"dtype {torch_name(dtype)} does not match dtype of out "
            f"parameter ({torch_name(out.dtype)})")
    return resized(out, shape)


def forbid_gradient(caller: str, *tensors: Any) -> None:
    """Beside out=, nothing may ask for a gradient."""
    if modes.recording and any(isinstance(x, Tensor) and x.requires_grad
                               for x in tensors):
        raise RuntimeError(
            f"{caller}(): functions with out=... arguments don't support "
            "automatic differentiation, but one of the arguments requires "
            "grad.")


def resized(out: Tensor, shape: tuple) -> Tensor:
    """out with this shape; its numbers are still to be written."""
    if out.array.shape != shape:
        out.array = np.empty(shape, out.array.dtype)
    return out


def shape_of(caller: str, size: tuple) -> tuple:
    """A size given as (2, 3) or as ((2, 3),), checked."""
    if not size:
        raise TypeError(f"{caller}() received an invalid combination of "
                        "arguments - got (), but expected a size")
    first = size[0]
    if not isinstance(first, (tuple, list, int, np.integer, Tensor)) or (
            isinstance(first, bool)):
        raise TypeError(
            f"{caller}(): argument 'size' (position 1) must be tuple of "
            f"ints, not {type(first).__name__}")
    parts = first if len(size) == 1 and isinstance(first, (tuple, list)) \
        else size
    for place, n in enumerate(parts, 1):
        if not isinstance(n, (int, np.integer, Tensor)):
            raise TypeError(
                f"{caller}(): argument 'size' failed to unpack the object at"
                f" pos {place} with error \"type must be tuple of ints,but "
                f"got {type(n).__name__}\"")
    shape = sizes(tuple(parts)) if parts else ()
    for n in shape:
        if n < 0:
            raise RuntimeError("Trying to create tensor with negative "
                               f"dimension {n}: {[*shape]}")
    return shape


def finished(x: Tensor, requires_grad: bool) -> Tensor:
    return x.requires_grad_() if requires_grad else x


# ---- of a given size

def rand(*size: Any, generator: Generator | None = None,
         out: Tensor | None = None, dtype: Any = None, layout: Any = None,
         device: Any = None, requires_grad: bool = False,
         pin_memory: bool = False, **named: Any) -> Tensor:
    """U[0, 1) of the given size"""
    x = blank("rand", either(size, named, "rand"), out, dtype, device,
              requires_grad)
    filling.uniform_(x, generator=chosen(generator, "rand"))
    return finished(x, requires_grad)


def randn(*size: Any, generator: Generator | None = None,
          out: Tensor | None = None, dtype: Any = None, layout: Any = None,
          device: Any = None, requires_grad: bool = False,
          pin_memory: bool = False, **named: Any) -> Tensor:
    """N(0, 1) of the given size"""
    x = blank("randn", either(size, named, "randn"), out, dtype, device,
              requires_grad)
    filling.normal_(x, generator=chosen(generator, "randn"))
    return finished(x, requires_grad)


def either(size: tuple, named: dict, caller: str) -> tuple:
    """rand(2, 3) or rand(size=(2, 3))"""
    if "size" in named and not size:
        size = (named.pop("size"),)
    if named:
        raise TypeError(f"{caller}() got an unexpected keyword argument "
                        f"'{next(iter(named))}'")
    return size


def randint(*args: Any, generator: Generator | None = None,
            out: Tensor | None = None, dtype: Any = None, layout: Any = None,
            device: Any = None, requires_grad: bool = False,
            pin_memory: bool = False, **named: Any) -> Tensor:
    """Whole numbers: randint(high, size) or randint(low, high, size)"""
    low, high, size = integer_arguments("randint", args, named)
    x = blank("randint", (size,), out, dtype, device, requires_grad,
              dtypes.int64)
    filling.random_(x, low, high, generator=chosen(generator, "randint"))
    return finished(x, requires_grad)


def integer_arguments(caller: str, args: tuple, named: dict,
                      last: str = "size") -> tuple[int, int, Any]:
    """low, high and the size, given in place or by name."""
    rest, named = [*args], {**named}
    size = named.pop(last) if last in named else rest.pop() if rest else None
    if rest and len(rest) + len(named) == 1:
        named["high"] = rest.pop()
    named.update(zip(("low", "high"), rest))
    if size is None or "high" not in named or len(rest) > 2 or not (
            {*named} <= {"low", "high"}):
        raise TypeError(
            f"{caller}() received an invalid combination of arguments: "
            f"expected high and {last}, or low, high and {last}")
    if last == "size" and not isinstance(size, (tuple, list)):
        raise TypeError(
            f"{caller}(): argument 'size' (position {len(args)}) must be "
            f"tuple of ints, not {type(size).__name__}")
    return (whole(named.get("low", 0), caller), whole(named["high"], caller),
            size)


def randperm(n: int, *, generator: Generator | None = None,
             out: Tensor | None = None, dtype: Any = None,
             layout: Any = None, device: Any = None,
             requires_grad: bool = False, pin_memory: bool = False) -> Tensor:
    """0 … n - 1 in random order"""
    if not isinstance(n, (int, np.integer, Tensor)) or isinstance(n, bool):
        raise TypeError("randperm(): argument 'n' (position 1) must be int, "
                        f"not {type(n).__name__}")
    g = chosen(generator, "randperm")
    x = blank("randperm", (n,), out, dtype, device, requires_grad,
              dtypes.int64)
    check_count(int(n), x.dtype)
    x.array[...] = g.randperm(int(n), x.array.dtype)
    x.version[0] += 1
    return finished(x, requires_grad)


def check_count(n: int, kind: dtypes.dtype) -> None:
    """Refuse a dtype that cannot tell 0 … n - 1 apart."""
    if kind.is_complex or kind is dtypes.bool:
        raise NotImplementedError(
            f"\"randperm\" not implemented for '{torch_name(kind)}'")
    if kind.is_floating_point:
        digits = np.finfo(kind.numpy).nmant + 1
        if n > 2**digits + 1:
            limit = 2049 if digits == 11 else f"2^{digits}+1"
            raise RuntimeError(f"n cannot be greater than {limit} for "
                               f"{torch_name(kind)} type.")
    elif n > int(np.iinfo(kind.numpy).max) + 1:
        raise RuntimeError("value cannot be converted to type "
                           f"{kind.name}_t without overflow")


# ---- like another tensor

def like(caller: str, x: Any, dtype: Any, device: Any, requires_grad: bool,
         memory_format: Any) -> Tensor:
    """An unwritten tensor of x's size, dtype and order in memory."""
    check_tensor(x, caller)
    require_cpu(device)
    kind = dtype or x.dtype
    if requires_grad and not (kind.is_floating_point or kind.is_complex):
        raise RuntimeError("Only Tensors of floating point and complex dtype "
                           "can require gradients")
    order: Any = "C" if "contiguous_format" in str(memory_format) else "K"
    return wrap(np.empty_like(x.array, kind.numpy, order))


def rand_like(input: Tensor, *, generator: Generator | None = None,
              dtype: Any = None, layout: Any = None, device: Any = None,
              pin_memory: bool = False, requires_grad: bool = False,
              memory_format: Any = None) -> Tensor:
    """U[0, 1) of x's size and dtype"""
    y = like("rand_like", input, dtype, device, requires_grad, memory_format)
    filling.uniform_(y, generator=chosen(generator, "rand_like"))
    return finished(y, requires_grad)


def randn_like(input: Tensor, *, generator: Generator | None = None,
               dtype: Any = None, layout: Any = None, device: Any = None,
               pin_memory: bool = False, requires_grad: bool = False,
               memory_format: Any = None) -> Tensor:
    """N(0, 1) of x's size and dtype"""
    y = like("randn_like", input, dtype, device, requires_grad, memory_format)
    filling.normal_(y, generator=chosen(generator, "randn_like"))
    return finished(y, requires_grad)


def randint_like(input: Tensor, *bounds: Any,
                 generator: Generator | None = None, dtype: Any = None,
                 layout: Any = None, device: Any = None,
                 pin_memory: bool = False, requires_grad: bool = False,
                 memory_format: Any = None, **named: Any) -> Tensor:
    """Whole numbers: randint_like(x, high) or randint_like(x, low, high)"""
    low, high, _ = integer_arguments(
        "randint_like", bounds, {**named, "input": input}, "input")
    y = like("randint_like", input, dtype, device, requires_grad,
             memory_format)
    filling.random_(y, low, high, generator=chosen(generator, "randint_like"))
    return finished(y, requires_grad)


# ---- with parameters that are tensors

def normal(mean: Any = 0.0, std: Any = 1.0, size: Any = None, *,
           generator: Generator | None = None, out: Tensor | None = None,
           dtype: Any = None, layout: Any = None, device: Any = None,
           pin_memory: bool = False, requires_grad: bool = False) -> Tensor:
    """N(mean, std²): of a given size, or one number for each parameter

    mean, std: numbers or tensors that broadcast together.
    """
    g = chosen(generator, "normal")
    numbers = int, float, np.integer, np.floating
    tensors = [isinstance(p, Tensor) for p in (mean, std)]
    if not all(isinstance(p, (Tensor, *numbers)) for p in (mean, std)) or (
            any(tensors) != (size is None)) or not isinstance(
            () if size is None else size, (tuple, list)):
        raise TypeError(
            "normal() received an invalid combination of arguments - got "
            f"({type(mean).__name__}, {type(std).__name__}"
            f"{'' if size is None else ', ' + type(size).__name__})")
    if size is None:
        return normal_each(mean, std, g, out)
    x = blank("normal", (size,), out, dtype, device, requires_grad)
    filling.normal_(x, mean, std, generator=g)
    return finished(x, requires_grad)


def normal_each(mean: Any, std: Any, g: Generator,
                out: Tensor | None) -> Tensor:
    """z·std + mean, z ~ N(0, 1), in the dtype of mean (or of std)"""
    spread = std.array if isinstance(std, Tensor) else None
    if spread is None:
        check_std(std)
    elif spread.dtype.kind == "c":
        raise RuntimeError("normal expects standard deviation to be "
                           "non-complex")
    elif spread.size and not spread.min() >= 0:
        raise RuntimeError("normal expects all elements of std >= 0.0")
    if out is not None:
        forbid_gradient("normal", mean, std, out)
    owners = [p for p in (mean, std) if isinstance(p, Tensor)]
    shape = check_broadcast(*[p.array.shape for p in owners])
    y = blank("normal", (shape,), out, None, None, False, owners[0].dtype)
    filling.normal_(y, 0.0, 1.0 if spread is not None else std, generator=g)
    if spread is not None:
        combine(np.multiply, y.array, spread)
    combine(np.add, y.array, mean.array if isinstance(mean, Tensor) else
            np.asarray(mean, y.array.dtype))
    name = f"NormalBackward{3 if len(owners) == 2 else 2 - (owners[0] is mean)}"
    return record(y.array, *[(p, lambda g: g * 0) for p in owners],
                  name=name) if out is None else y


def combine(step: np.ufunc, y: np.ndarray, other: np.ndarray) -> None:
    """y ← step(y, other) in place, in torch's common dtype."""
    if other.dtype.kind not in "fc" or (other.ndim == 0 < y.ndim):
        other = other.astype(y.dtype)
    y[...] = step(y, other)


def bernoulli(input: Tensor, p: Any = None, *,
              generator: Generator | None = None,
              out: Tensor | None = None) -> Tensor:
    """1 with probability x, one each, else 0; with p: that probability"""
    check_tensor(input, "bernoulli")
    g = chosen(generator, "bernoulli")
    if out is not None:
        forbid_gradient("bernoulli", input, out)
    if p is not None:
        y = blank("bernoulli", (input.shape,), out, None, None, False,
                  input.dtype)
        filling.bernoulli_(y, p, generator=g)
        return record(y.array, (input, not_implemented),
                      name="NotImplemented")
    refuse(input.array, "c", "bernoulli_tensor_cpu_self_")
    check_probabilities(input.array)
    y = blank("bernoulli", (input.shape,), out, None, None, False,
              input.dtype)
    filling.bernoulli_(y, input.detach(), generator=g)
    if out is not None:
        return out
    return record(y.array, (input, lambda g: g * 0),
                  name="BernoulliBackward0")


def not_implemented(g: Tensor) -> Tensor:
    raise RuntimeError("derivative for aten::bernoulli is not implemented")


def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """P(y = k) = λ^k e^-λ / k!, one count for each rate λ of x"""
    check_tensor(input, "poisson")
    g = chosen(generator, "poisson")
    rates = input.array
    refuse(rates, "biuc", "poisson_cpu")
    if not (rates >= 0).all():
        raise RuntimeError("invalid Poisson rate, expected rate to be "
                           "non-negative")
    return record(g.poisson(rates), (input, lambda g: g * 0))


def multinomial(input: Tensor, num_samples: int, replacement: bool = False,
                *, generator: Generator | None = None,
                out: Tensor | None = None) -> Tensor:
    """Categories drawn by weight: x (*, categories) -> (*, num_samples)"""
    check_tensor(input, "multinomial")
    g = chosen(generator, "multinomial")
    if not isinstance(num_samples, (int, np.integer, Tensor)) or (
            isinstance(num_samples, bool)):
        raise TypeError(
            "multinomial(): argument 'num_samples' (position 2) must be int,"
            f" not {type(num_samples).__name__}")
    n = int(num_samples)
    p = input.array
    check_weights(p, n, replacement, out)
    shape = (*p.shape[:-1], n)
    found = (g.multinomial(p, n, replacement) if p.shape[0]
             else np.empty(shape, np.int64))
    if out is None:
        return wrap(found)
    resized(out, shape).array[...] = found
    out.version[0] += 1
    return out


def check_weights(p: np.ndarray, n: int, replacement: bool,
                  out: Tensor | None) -> None:
    """What torch refuses to draw from."""
    error = RuntimeError
    if not 0 < p.ndim <= 2:
        raise error("prob_dist must be 1 or 2 dim")
    if p.dtype.kind != "f":
        raise error("multinomial only supports floating-point dtypes for "
                    f"input, got: {torch_name(dtypes.of(p.dtype))}")
    if out is not None and out.array.dtype != np.int64:
        raise error("multinomial expects Long tensor out, got: "
                    f"{torch_name(out.dtype)}")
    if n <= 0:
        raise error("cannot sample n_sample <= 0 samples")
    if not replacement and n > p.shape[-1]:
        raise error("cannot sample n_sample > prob_dist.size(-1) samples "
                    "without replacement")
    if p.shape[-1] > 2**24:
        raise error("number of categories cannot exceed 2^24")
    if p.ndim == 2 and not len(p):
        return
    if not replacement or n == 1:
        if p.size and not (p.max() < np.inf and p.min() >= 0):
            raise error("probability tensor contains either `inf`, `nan` or "
                        "element < 0")
    elif not (p >= 0).all():
        raise error("invalid multinomial distribution (encountering "
                    "probability entry < 0)")
    elif not np.isfinite(p).all():
        raise error("invalid multinomial distribution (encountering "
                    "probability entry = infinity or NaN)")
    if not p.any(-1).all():
        raise error("invalid multinomial distribution (sum of probabilities "
                    "<= 0)")
