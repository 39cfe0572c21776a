"""Random tensors of a given size, or like another tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..graph import new_leaf
from ..kernels.memory import order_of
from ..layouts import laid
from ..modes import modes
from ..random import Generator
from ..tensor import Tensor, wrap
from . import filling
from .filling import chosen, whole
from .operands import check_tensor, torch_name
from .shape import sizes

__all__ = ["rand", "rand_like", "randint", "randint_like", "randn",
           "randn_like", "randperm"]
METHODS: list[str] = []
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



# ---- of a given size

def rand(*size: Any, generator: Generator | None = None,
         out: Tensor | None = None, dtype: Any = None, layout: Any = None,
         device: Any = None, requires_grad: bool = False,
         pin_memory: bool = False, **named: Any) -> Tensor:
    """U[0, 1) of the given size"""
    x = blank("rand", either(size, named, "rand"), out, dtype, device,
              requires_grad)
    filling.uniform_(x, generator=chosen(generator, "rand"))
    return new_leaf(x, requires_grad)


def randn(*size: Any, generator: Generator | None = None,
          out: Tensor | None = None, dtype: Any = None, layout: Any = None,
          device: Any = None, requires_grad: bool = False,
          pin_memory: bool = False, **named: Any) -> Tensor:
    """N(0, 1) of the given size"""
    x = blank("randn", either(size, named, "randn"), out, dtype, device,
              requires_grad)
    filling.normal_(x, generator=chosen(generator, "randn"))
    return new_leaf(x, requires_grad)


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
    return new_leaf(x, requires_grad)


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
    return new_leaf(x, requires_grad)


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
    y = np.empty_like(x.array, kind.numpy, order_of(x.array))
    return wrap(laid(y, memory_format))


def rand_like(input: Tensor, *, generator: Generator | None = None,
              dtype: Any = None, layout: Any = None, device: Any = None,
              pin_memory: bool = False, requires_grad: bool = False,
              memory_format: Any = None) -> Tensor:
    """U[0, 1) of x's size and dtype"""
    y = like("rand_like", input, dtype, device, requires_grad, memory_format)
    filling.uniform_(y, generator=chosen(generator, "rand_like"))
    return new_leaf(y, requires_grad)


def randn_like(input: Tensor, *, generator: Generator | None = None,
               dtype: Any = None, layout: Any = None, device: Any = None,
               pin_memory: bool = False, requires_grad: bool = False,
               memory_format: Any = None) -> Tensor:
    """N(0, 1) of x's size and dtype"""
    y = like("randn_like", input, dtype, device, requires_grad, memory_format)
    filling.normal_(y, generator=chosen(generator, "randn_like"))
    return new_leaf(y, requires_grad)


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
    return new_leaf(y, requires_grad)
