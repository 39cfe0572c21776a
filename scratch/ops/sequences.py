"""Numbers in a row: arange, linspace, logspace; and the identity."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..graph import new_leaf
from ..tensor import Tensor, wrap
from .convert import cast
from .creation import check_int, check_room, filled
from .numbers import check_fits, check_wide
from .operands import in_c, torch_name

__all__ = ["arange", "range", "linspace", "logspace", "eye"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def plain(number: Any) -> Any:
    return number.item() if isinstance(number, (Tensor, np.generic)) else (
        number)


def arange(start: Any = None, end: Any = None, step: Any = 1, *,
           out: Any = None, dtype: Any = None, layout: Any = None,
           device: Any = None, requires_grad: bool = False,
           pin_memory: bool = False) -> Tensor:
    """start, start + step, … below end"""
    if end is None:
        start, end = 0, start
    elif start is None:
        start = 0
    start, end, step = [
        bound(n, "arange", name) for n, name in (
            (start, "start"), (end, "end"), (step, "step"))]
    kind = dtype or dtypes.promote(
        [], [], [dtypes.of_number(n) for n in (start, end, step)])
    if dtype is None and kind is dtypes.bool:
        kind = dtypes.int64
    if kind.numpy.kind in "iu":
        for value in (start, end, step):
            check_fits(value, dtypes.int64)
    check_steps(start, end, step)
    require_cpu(device)
    steps = (end - start) / step
    if not steps < 2 ** 63:
        raise RuntimeError("invalid size, possible overflow?")
    if kind is dtypes.bool or kind.is_complex:
        raise NotImplementedError(
            f"\"arange_cpu\" not implemented for '{torch_name(kind)}'")
    count = math.ceil(steps)
    check_room((max(count, 0),), kind.itemsize)
    number = kind.numpy
    if number.kind in "iu":  # torch: the fractions count for `count` only
        start, step = int(start), int(step)
    x = wrap((start + step * np.arange(max(count, 0))).astype(number))
    return new_leaf(x, requires_grad)


def bound(n: Any, caller: str, name: str) -> Any:
    """An end of a row as a plain real number."""
    n = n.item() if isinstance(n, Tensor) and not n.array.ndim else plain(
        n) if isinstance(n, np.generic) else n
    if not isinstance(n, dtypes.NUMBERS):
        raise TypeError(f"{caller}(): argument '{name}' must be Number, not "
                        f"{type(n).__name__}")
    if isinstance(n, complex):
        raise RuntimeError("value cannot be converted to type double without "
                           "overflow")
    return n


def check_steps(start: Any, end: Any, step: Any) -> None:
    """Refuse a step that never leads from start to end."""
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if not math.isfinite(step):
        raise RuntimeError(f"step must be finite but got {step}")
    if end != start and (end > start) != (step > 0):
        raise RuntimeError("upper bound and lower bound inconsistent with "
                           "step sign")


def range(start: Any = 0, end: Any = None, step: Any = 1, *,
          out: Any = None, dtype: Any = None, layout: Any = None,
          device: Any = None, requires_grad: bool = False) -> Tensor:
    """start, start + step, … up to end itself (deprecated: use arange)"""
    if end is None:
        raise TypeError(
            'range() missing 1 required positional arguments: "end"')
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release "
        "because its behavior is inconsistent with Python's range builtin. "
        "Instead, use torch.arange, which produces values in [start, end).",
        UserWarning, stacklevel=4)
    check_steps(start, end, step)
    count = math.floor((end - start) / step) + 1
    kind = dtype or dtypes.get_default_dtype()
    x = wrap((start + step * np.arange(count)).astype(kind.numpy))
    return new_leaf(x, requires_grad)


def linspace(start: Any, end: Any, steps: int, *, out: Any = None,
             dtype: Any = None, layout: Any = None, device: Any = None,
             requires_grad: bool = False) -> Tensor:
    """`steps` numbers from start to end, evenly apart"""
    require_cpu(device)
    start, end, kind = bounds_of(start, end, steps, dtype, "linspace")
    steps = plain(steps)
    # torch: the end of one number may be too wide, and any float16
    if steps > 1 or kind is not dtypes.float16:
        for value in (start, end)[:steps]:
            check_fits(value, kind)
    x = wrap(even_steps(start, end, steps, kind.numpy).astype(kind.numpy))
    return new_leaf(x, requires_grad)


def bounds_of(start: Any, end: Any, steps: Any, dtype: Any,
              caller: str) -> tuple:
    """Both ends as numbers, and the dtype of what lies between them."""
    check_ends(start, end, caller)
    start, end = plain(start), plain(end)
    for value in (start, end):
        check_wide(value)
    check_int(steps, caller, "steps", 3)
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    kind = dtype or dtypes.get_default_dtype()
    if isinstance(start, complex) or isinstance(end, complex):
        found = dtypes.get_default_dtype().to_complex()
        if dtype is not None and not dtype.is_complex:
            raise RuntimeError(
                f"torch.{caller}(): inferred dtype {in_c(found)} can't be"
                f" safely cast to passed dtype {torch_name(dtype)}")
        kind = dtype or found
    if kind is dtypes.bool and steps > 1:
        raise NotImplementedError(
            f"\"{caller}_cpu\" not implemented for 'Bool'")
    if steps > 1 and kind.numpy.kind in "iu":
        for value in (start, end):  # torch: the ends are cut off first
            check_fits(value, kind)
        start, end = int(start), int(end)
    return start, end, kind


def check_ends(start: Any, end: Any, caller: str) -> None:
    """Refuse ends that are tensors with dimensions."""
    found = {name: e.array.ndim for name, e in (
        ("start", start), ("end", end)) if isinstance(e, Tensor)}
    if any(found.values()):
        words = " and ".join(
            f"{name} with {n} dimension(s)" for name, n in found.items())
        raise RuntimeError(
            f"{caller} only supports 0-dimensional start and end tensors, "
            f"but got {words}.")


def even_steps(start: Any, end: Any, n: int,
               number: np.dtype) -> np.ndarray:
    """n numbers from start to end at even distances"""
    # torch: the first half counts up from start, the second down from end
    if n < 2:
        return np.array([start] * n)
    work = np.dtype(np.float64) if number.kind in "iu" else (
        np.dtype(np.float32) if number.itemsize == 2 else number)
    first, last = work.type(start), work.type(end)
    step = (last - first) / work.type(n - 1)
    i = np.arange(n).astype(work)
    up = multiply_add(step, i, first)
    down = multiply_add(-step, n - 1 - i, last)
    return np.where(np.arange(n) < n // 2, up, down)


def multiply_add(a: Any, b: np.ndarray, c: Any) -> np.ndarray:
    """a · b + c with one rounding in float32, as in torch."""
    if b.dtype == np.float32:
        return (np.float64(a) * b + np.float64(c)).astype(np.float32)
    return a * b + c


def logspace(start: Any, end: Any, steps: int, base: float = 10.0, *,
             out: Any = None, dtype: Any = None, layout: Any = None,
             device: Any = None, requires_grad: bool = False) -> Tensor:
    """base to the power of `steps` numbers from start to end"""
    require_cpu(device)
    if isinstance(base, complex):
        raise TypeError("logspace(): argument 'base' (position 4) must be "
                        "float, not complex")
    start, end, kind = bounds_of(start, end, steps, dtype, "logspace")
    steps = plain(steps)
    wide = np.dtype(np.complex128 if kind.is_complex else np.float64)
    y = np.power(wide.type(base), even_steps(start, end, steps, wide))
    if steps == 1:
        check_fits(y.item(), kind)
    x = wrap(cast(y, kind.numpy))
    return new_leaf(x, requires_grad)


def eye(n: int, m: Any = ..., *, out: Any = None, dtype: Any = None,
        layout: Any = None, device: Any = None,
        requires_grad: bool = False) -> Tensor:
    """Ones on the diagonal of an n × m matrix, zeros elsewhere"""
    m = n if m is ... else m  # torch: None is no size
    for place, (name, size) in enumerate((("n", n), ("m", m)), 1):
        check_int(size, "eye", name, place)
        if size < 0:
            raise RuntimeError(
                f"{name} must be greater or equal to 0, got {size}")
    return filled(lambda shape, number: np.eye(*shape, dtype=number),
                  (n, m), dtype, device, requires_grad)
