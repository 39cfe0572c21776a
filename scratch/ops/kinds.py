"""The kinds of arguments, refused at the door as torch's parser does.

@typed(stride="ints", ceil_mode="bool", bias="Tensor?") stands above a
function whose arguments of these names must be of these kinds; a mark of
interrogation lets None through. torch: True is no int, but it is a float.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar, cast

import numpy as np

from ..tensor import Tensor
from .numbers import check_wide

Function = TypeVar("Function", bound=Callable)
WHOLE, REAL = (int, np.integer), (int, float, np.integer, np.floating)


def is_bool(value: Any) -> bool:
    """True or False, Python's or NumPy's."""
    return isinstance(value, (bool, np.bool_))


def is_int(value: Any) -> bool:
    """A whole number, or a tensor of one."""
    if isinstance(value, Tensor):
        return lone(value, "iu")
    return isinstance(value, WHOLE) and not isinstance(value, bool)


def is_ints(value: Any) -> bool:
    """A number for all axes, or one for each.

    torch: of several, only the first may not be True or False.
    """
    if not isinstance(value, (tuple, list)):
        return is_index(value) and not isinstance(value, bool)
    return all(map(is_index, value)) and not (
        value and isinstance(value[0], bool))


def is_index(value: Any) -> bool:
    """A whole number, or a tensor of one."""
    return isinstance(value, WHOLE) or isinstance(value, Tensor) and (
        value.array.size == 1 and value.array.dtype.kind in "iu")


def is_float(value: Any) -> bool:
    """A real number, or a tensor of one."""
    return isinstance(value, REAL) or lone(value, "fiub")


def is_number(value: Any) -> bool:
    """A real number, or a tensor of any one number."""
    return isinstance(value, REAL) or lone(value, "fiubc")


def is_scalar(value: Any) -> bool:
    """Any number that 64 bits hold; whether it fits is seen later."""
    check_wide(value)
    return isinstance(value, complex) or is_number(value)


def check_comparable(value: Any, argument: str) -> None:
    """Refuse what Python cannot compare with a number, as torch does that
    compares it before its parser sees it."""
    if isinstance(value, complex):
        raise TypeError(f"{argument} must be a real number, not complex")
    if isinstance(value, Tensor) and value.array.size != 1:
        raise RuntimeError(f"{argument} must be a number, but got a tensor "
                           f"of shape {value.shape}")


def lone(value: Any, kinds: str) -> bool:
    """A tensor without dimensions, of one of NumPy's kinds."""
    return (isinstance(value, Tensor) and value.array.ndim == 0
            and value.array.dtype.kind in kinds and not value.requires_grad)


KINDS: dict[str, tuple[str, Callable]] = {
    "bool": ("bool", is_bool),
    "int": ("int", is_int),
    "ints": ("tuple of ints", is_ints),
    "padding": ("tuple of ints", lambda x: isinstance(x, str) or is_ints(x)),
    "float": ("float", is_float),
    "Number": ("Number", is_number),
    "Scalar": ("Number", is_scalar),
    "str": ("str", lambda x: isinstance(x, (str, bytes))),
    "Tensor": ("Tensor", lambda x: isinstance(x, Tensor)),
    "methods": ("something with a tensor's methods",
                lambda x: isinstance(x, Tensor)),
}

REALS = "float", "Number"  # a tensor given as one is read as a number


def typed(**kinds: str) -> Callable[[Function], Function]:
    """Check the kinds of a function's arguments before it runs."""

    def around(function: Function) -> Function:
        places = list(signature(function).parameters)
        checks = [(places.index(name), name, kind.endswith("?"),
                   KINDS[kind.rstrip("?")][1], KINDS[kind.rstrip("?")][0])
                  for name, kind in kinds.items()]

        @wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            count = len(args)
            for place, name, optional, fits, kind in checks:
                if place < count:
                    value = args[place]
                elif name in kwargs:
                    value = kwargs[name]
                else:
                    continue
                if not (fits(value) or optional and value is None):
                    where = f" (position {place + 1})" * (place < count)
                    raise refusal(f"{function.__name__}(): argument '{name}'"
                                  f"{where}", kind, value)
                if kind in REALS and isinstance(value, Tensor):
                    if place < count:
                        args = (*args[:place], value.item(),
                                *args[place + 1:])
                    else:
                        kwargs[name] = value.item()
            return function(*args, **kwargs)

        return cast(Function, checked)

    return around


def refusal(argument: str, kind: str, value: Any) -> Exception:
    """torch's words for an argument of another kind."""
    if kind == "Number" and isinstance(value, complex):
        return RuntimeError(f"{argument} is {value}: value cannot be "
                            "converted to type float without overflow")
    if kind == KINDS["methods"][0]:  # torch: these it calls, unchecked
        return AttributeError(
            f"{argument} must be Tensor, not {type(value).__name__}")
    if kind == "tuple of ints" and isinstance(value, (tuple, list)):
        place = 0 if value and isinstance(value[0], bool) else [
            is_index(part) for part in value].index(False)
        return TypeError(
            f"{argument} must be tuple of ints, but found element of type "
            f"{type(value[place]).__name__} at pos {place}")
    return TypeError(
        f"{argument} must be {kind}, not {type(value).__name__}")
