"""NumPy's names of arguments, which torch's parser takes too: axis for dim.

x.sum(axis=1, keepdims=True)        torch.cat([x, y], axis=0)
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from inspect import signature
from typing import Any

from .dtypes import of_python
from .layouts import check_strided

OURS = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "a": "input",
    "x1": "input",
    "x2": "other",
}
# torch: written in Python, so its parser never sees them
DEAF = set("norm split split_method unique unique_consecutive roll_ stft"
           .split())


def numpy_named(function: Callable) -> Callable:
    """The function, that knows its dimensions by NumPy's names too."""
    if getattr(function, "__name__", "") in DEAF:
        return function
    own = set(signature(function).parameters)
    if not own & {"dim", "keepdim", "dtype"}:
        return function

    @functools.wraps(function)
    def named(*args: Any, **kwargs: Any) -> Any:
        if kwargs and not own.issuperset(kwargs):
            kwargs = {
                translated(name, own, kwargs): value
                for name, value in kwargs.items()
            }
        if "dtype" in kwargs:  # Python's float stands for float64
            kwargs["dtype"] = of_python(kwargs["dtype"])
        if "layout" in kwargs:
            check_strided(kwargs["layout"], function.__name__)
        return function(*args, **kwargs)

    return named


def translated(name: str, own: set[str], given: dict) -> str:
    """Our name of an argument; its own where that would be given twice."""
    ours = OURS.get(name, name)
    known = name not in own and ours in own and ours not in given
    return ours if known else name


def give_numpy_names(space: dict) -> None:
    """Let the functions of a module that work along dimensions take them."""
    for name, value in list(space.items()):
        if getattr(value, "__module__", "").startswith("scratch.ops.") and (
            callable(value) and not isinstance(value, type)
        ):
            space[name] = named = numpy_named(value)
            if named is not value:
                found_as(space, name)


def found_as(space: dict, name: str) -> None:
    """Tell a wrapped function where it is found: pickle asks it."""
    function = space[name]
    function.__module__, function.__qualname__ = space["__name__"], name
