"""Plain numbers: brought to a dtype, refused where it cannot hold them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import dtypes

# as torch's message of a number that does not fit has them
FIXED = {"uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t",
         "int32": "int", "int64": "int64_t", "float16": "c10::Half",
         "float32": "float", "complex64": "c10::complex<float>"}
HALF, SINGLE = np.dtype(np.float16), np.dtype(np.float32)


def number_in(value: Any, number: np.dtype) -> Any:
    """A plain number in an array's dtype, which must hold it."""
    kind = dtypes.of(number)
    check_fits(value, kind)
    return cast_number(value, kind)[()]


def factor_in(value: Any, number: np.dtype) -> Any:
    """The same; torch: beside float16 it keeps the digits of float32."""
    return number_in(value, SINGLE if number is HALF else number)


def check_factor(value: Any, name: str, kind: dtypes.dtype) -> None:
    """Refuse a truth value, or a factor that makes floats of integers."""
    if isinstance(value, bool) and kind is not dtypes.bool:
        raise RuntimeError(
            f"Boolean {name} only supported for Boolean results.")
    if kind.category <= dtypes.INTEGER < dtypes.of_number(value).category:
        raise RuntimeError(
            f"For integral input tensors, argument {name} must not be a "
            "floating point number.")


def cast_number(value: Any, dtype: dtypes.dtype) -> np.ndarray:
    """A number as a 0-dim array; integers wrap around, as in C."""
    array = np.asarray(value)
    if array.dtype.kind in "USO" and not isinstance(value, int):
        raise TypeError(f"expected a Number, not {type(value).__name__}")
    check_wide(value)
    if array.dtype.kind == "c" and not dtype.is_complex and (
            dtype is not dtypes.bool):
        array = array.real
    return array.astype(dtype.numpy)


def check_wide(value: Any) -> None:
    """Refuse a whole number that is no int64, nor an unsigned one."""
    if isinstance(value, int) and not -2 ** 63 <= value < 2 ** 64:
        raise OverflowError("int too big to convert" if value > 0 else
                            "can't convert negative int to unsigned")


def check_fits(value: Any, dtype: dtypes.dtype) -> None:
    """Refuse a number that the dtype cannot hold.

    torch: a whole negative number may wrap around to unsigned bytes.
    """
    check_wide(value)
    number = dtype.numpy
    kind = number.kind
    if kind == "c":
        parts = complex(value)
        fits = number.itemsize == 16 or all(
            within_float(part, np.float32) for part in (
                parts.real, parts.imag))
    elif isinstance(value, complex) and value.imag and kind != "b":
        fits = False
    elif kind == "f":
        value = value.real if isinstance(value, complex) else value
        fits = number.itemsize == 8 or within_float(value, number)
    else:
        value = value.real if isinstance(value, complex) else value
        fits = kind == "b" or within_whole(value, np.iinfo(number))
    if not fits:
        raise RuntimeError("value cannot be converted to type "
                           f"{FIXED.get(dtype.name, 'double')} without "
                           "overflow")


def within_float(value: float, number: Any) -> bool:
    """Whether a number is finite in that dtype, or was not before."""
    return not math.isfinite(value) or (
        abs(value) <= float(np.finfo(number).max))


def within_whole(value: float, bounds: np.iinfo) -> bool:
    """Whether a number, its fraction cut off, lies between these bounds."""
    low, high = int(bounds.min), int(bounds.max)
    if isinstance(value, int) and not low:
        low = -high
    return math.isfinite(value) and low <= value < high + 1
