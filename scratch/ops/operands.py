"""Operands: tensors, numbers and arrays brought to one dtype."""

from __future__ import annotations

import sys
from operator import index
from typing import Any

import numpy as np

from .. import dtypes
from ..kernels.lying import cast_as_it_lies, lined_up
from ..tensor import Tensor, wrap
from .numbers import cast_number, check_wide

MANY = 2 ** 63


def operands(x: Any, y: Any) -> tuple[Tensor, Tensor, Any, Any]:
    """x and y as tensors, then their arrays in the dtype of the result."""
    try:
        a, b = x.array, y.array
    except AttributeError:
        x, y = as_tensor_pair(x, y)
        a, b = x.array, y.array
    if a.dtype is not b.dtype:
        number = result_type(x, y).numpy
        a, b = cast_as_it_lies(a, number), cast_as_it_lies(b, number)
    if a.shape != b.shape:
        check_broadcast(a.shape, b.shape)
        if not (a.flags.c_contiguous and b.flags.c_contiguous):
            a, b = lined_up(a, b)
    elif not a.flags.c_contiguous and a.ndim > 1 and any(a.strides):
        a, b = lined_up(a, b)
    return x, y, a, b


def array_of(x: Tensor | None) -> Any:
    """The array of an argument that may be left out."""
    return None if x is None else x.array


def as_tensor_pair(x: Any, y: Any) -> tuple[Tensor, Tensor]:
    """Two operands; a plain number takes a dtype that suits the other."""
    caller = sys._getframe(2).f_code.co_name
    if not isinstance(x, Tensor):
        if not isinstance(y, Tensor) and isinstance(y, dtypes.NUMBERS):
            y = wrap(np.asarray(y, dtypes.of_number(y).numpy))
        x = number_like(x, y, caller, "input", 1)
    if not isinstance(y, Tensor):
        y = number_like(y, x, caller, "other", 2)
    return x, y


def number_like(value: Any, other: Tensor, caller: str = "", name: str = "",
                place: int = 2) -> Tensor:
    """A plain number as a tensor beside `other`."""
    if other.array.dtype.kind == "f" and (type(value) is float or (
            type(value) is int and -MANY < value < MANY)):
        return wrap(np.array(value, other.array.dtype))  # the usual case
    if not isinstance(value, dtypes.NUMBERS):
        raise TypeError(
            f"{caller}(): argument '{name}' (position {place}) must be "
            f"Tensor, not {type(value).__name__}")
    check_wide(value)
    found = dtypes.promote([other.dtype], [], [dtypes.of_number(value)])
    return wrap(cast_number(value, found))


def result_type(*operands: Any) -> dtypes.dtype:
    """The dtype that arithmetic on these tensors and numbers gives."""
    tiers: tuple[list, list, list] = ([], [], [])
    for x in operands:
        if isinstance(x, Tensor):
            tiers[0 if x.array.ndim else 1].append(x.dtype)
        else:
            tiers[2].append(dtypes.of_number(x))
    return dtypes.promote(*tiers)


def check_broadcast(*shapes: tuple) -> tuple:
    """The shape that these broadcast to; torch's error if there is none."""
    ndim = max((len(shape) for shape in shapes), default=0)
    result = [1] * ndim
    for shape in shapes:  # torch: the last dimension is looked at first
        for axis, n in zip(range(ndim - 1, -1, -1), reversed(shape)):
            if n == result[axis] or n == 1:
                continue
            if result[axis] != 1:
                raise RuntimeError(
                    f"The size of tensor a ({result[axis]}) must match the "
                    f"size of tensor b ({n}) at non-singleton dimension "
                    f"{axis}")
            result[axis] = n
    return tuple(result)


def as_float(x: Tensor) -> np.ndarray:
    """x's array; integers and bools become the default float."""
    array = x.array
    if array.dtype.kind in "fc":
        return array
    return array.astype(dtypes.get_default_dtype().numpy)


def check_tensor(x: Any, caller: str, name: str = "input",
                 place: int = 1) -> None:
    """Refuse what is no tensor."""
    if not isinstance(x, Tensor):
        raise TypeError(
            f"{caller}(): argument '{name}' (position {place}) must be "
            f"Tensor, not {type(x).__name__}")


def dim_of(dim: Any, ndim: int) -> int:
    """A dimension counted from the front; negative ones from the back."""
    if type(dim) is not int:
        dim = whole_dim(dim)
    limit = max(ndim, 1)
    if not -limit <= dim < limit:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-limit}, "
            f"{limit - 1}], but got {dim})")
    return dim % limit


def whole_dim(dim: Any) -> int:
    """A dimension as Python's int. torch: True is none, a tensor may be."""
    if not isinstance(dim, bool) and not (
            isinstance(dim, Tensor) and dim.array.ndim):
        try:
            return index(dim)
        except TypeError:
            pass
    raise TypeError(f"argument 'dim' must be int, not {type(dim).__name__}")


def dims_of(dim: Any, ndim: int) -> tuple[int, ...]:
    """Several dimensions, each once; None (or none) means all."""
    if dim is None or dim == () or dim == []:
        return tuple(range(ndim))
    if not isinstance(dim, (tuple, list)):
        return (dim_of(dim, ndim),)[:ndim]  # a number has no axis 0
    dims = each_dim(dim, ndim)
    for i, d in enumerate(dims):
        if d in dims[:i]:
            raise RuntimeError(
                f"dim {d} appears multiple times in the list of dims")
    return dims if ndim else ()


def each_dim(dims: Any, ndim: int) -> tuple[int, ...]:
    """Dimensions counted from the front.

    torch: of several, only the first may not be True or False.
    """
    return tuple([dim_of(int(d) if i and isinstance(d, bool) else d, ndim)
                  for i, d in enumerate(dims)])


def two_tensors(x: Any, y: Any, caller: str, second: str = "other") -> tuple[
        Tensor, Tensor, Any, Any]:
    """As `operands`, for the functions that take tensors only."""
    check_tensor(x, caller)
    check_tensor(y, caller, second, 2)
    return operands(x, y)


def torch_name(dtype: dtypes.dtype) -> str:
    """The C++ name that some of torch's messages use: Long, Float."""
    return dtypes.TORCH_NAMES[dtype.name]


IN_C = {
    "float16": "c10::Half", "float32": "float", "float64": "double",
    "uint8": "unsigned char", "int8": "signed char", "int16": "short int",
    "int32": "int", "int64": "long int", "bool": "bool",
    "complex64": "c10::complex<float>", "complex128": "c10::complex<double>"}


def in_c(kind: dtypes.dtype) -> str:
    """The dtype's name in C++, which some of torch's messages use."""
    return IN_C[kind.name]


def type_name(kind: dtypes.dtype) -> str:
    """The old name of a tensor's type: torch.FloatTensor, CPUBoolType."""
    name = torch_name(kind)
    new = kind.is_complex or name == "Bool"
    return f"CPU{name}Type" if new else f"torch.{name}Tensor"


def refuse(a: np.ndarray, kinds: str, kernel: str) -> None:
    """Refuse an array of one of these kinds ("b", "iu", "f", "c")."""
    if a.dtype.kind in kinds:
        raise NotImplementedError(
            f"\"{kernel}\" not implemented for "
            f"'{torch_name(dtypes.of(a.dtype))}'")


def in_single(function: Any, *arrays: Any) -> np.ndarray:
    """function(*arrays), by way of float32 where they are float16.

    So a formula of several steps is rounded once, as in torch.
    """
    if arrays[0].dtype != np.float16:
        return function(*arrays)
    return np.asarray(function(*[a.astype(np.float32) for a in arrays])
                      ).astype(np.float16)


def float_of(x: Any) -> np.ndarray:
    """A tensor of integers, or a number, in the default float."""
    if isinstance(x, Tensor):
        return as_float(x)
    return np.asarray(x).astype(dtypes.get_default_dtype().numpy)


def combination(caller: str, *given: Any) -> TypeError:
    """torch's refusal of arguments that fit none of a function's forms."""
    kinds = ", ".join(type(x).__name__ for x in given)
    return TypeError(
        f"{caller}() received an invalid combination of arguments - got "
        f"({kinds}), but expected one of:\n"
        " * (Tensor input, Tensor other, *, Tensor out = None)\n"
        " * (Tensor input, Number other, *, Tensor out = None)\n")


def check_one(caller: str, x: Any, y: Any) -> None:
    """Refuse two operands neither of which is a tensor."""
    if not isinstance(x, Tensor) and not isinstance(y, Tensor):
        raise combination(caller, x, y)


def named(y: Tensor, name: str) -> Tensor:
    """y, its step under the name that torch gives the whole function."""
    if y.grad_fn is not None:
        y.grad_fn.label = name
    return y
