"""Random tensors whose parameters are tensors: a number for each of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..graph import new_leaf, record
from ..random import Generator
from ..tensor import Tensor, wrap
from . import filling
from .filling import check_probabilities, check_std, chosen
from .operands import check_broadcast, check_tensor, refuse, torch_name
from .sampling import blank, forbid_gradient, resized

__all__ = ["bernoulli", "binomial", "multinomial", "normal", "poisson"]
METHODS = ["bernoulli", "multinomial"]
IN_PLACE: list[str] = []


def normal(mean: Any = 0.0, std: Any = 1.0, size: Any = None, *,
           generator: Generator | None = None, out: Tensor | None = None,
           dtype: Any = None, layout: Any = None, device: Any = None,
           pin_memory: bool = False, requires_grad: bool = False) -> Tensor:
    """N(mean, std²): of a given size, or one number for each parameter

    mean, std: numbers or tensors that broadcast together.
    """
    g = chosen(generator, "normal")
    numbers = int, float, np.integer, np.floating
    if size is not None:  # torch: a tensor of one number is the number
        mean, std = (p.item() if isinstance(p, Tensor) and not p.array.ndim
                     and not p.requires_grad else p for p in (mean, std))
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
    return new_leaf(x, requires_grad)


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


def binomial(count: Tensor, prob: Tensor,
             generator: Generator | None = None) -> Tensor:
    """Successes in n trials, P(y = k) = C(n, k) p^k (1 - p)^(n - k)

    count n, prob p: tensors of one dtype, that broadcast together.
    """
    for place, (name, x) in enumerate((("count", count), ("prob", prob)), 1):
        if not isinstance(x, Tensor):
            raise TypeError(f"binomial(): argument '{name}' (position "
                            f"{place}) must be Tensor, not "
                            f"{type(x).__name__}")
    for name, x in ("count", count), ("prob", prob):
        if not x.dtype.is_floating_point:
            raise ValueError("binomial only supports floating-point dtypes "
                             f"for {name}, got: {torch_name(x.dtype)}")
    g = chosen(generator, "binomial")
    if count.dtype is not prob.dtype:
        raise RuntimeError(f"Found dtype {torch_name(prob.dtype)} but "
                           f"expected {torch_name(count.dtype)}")
    refuse_others(prob.array, "binomial_cpu")
    check_broadcast(count.shape, prob.shape)
    n, p = np.broadcast_arrays(count.array, prob.array)

    def rule(g: Tensor) -> Tensor:
        raise RuntimeError("derivative for aten::binomial is not implemented")

    return record(g.binomial(n, p), (count, rule), (prob, rule),
                  name="NotImplemented")


def refuse_others(a: np.ndarray, kernel: str) -> None:
    """Refuse all dtypes but float32 and float64."""
    if a.dtype not in (np.float32, np.float64):
        raise NotImplementedError(f"\"{kernel}\" not implemented for "
                                  f"'{torch_name(dtypes.of(a.dtype))}'")


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
