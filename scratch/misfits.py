"""Misfits: an argument that should be a tensor and is none.

Nobody looks at the arguments of a call that succeeds. Where one fails since
what it was given has not a tensor's attributes, it is refused as by torch.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Any, TypeVar, cast

from .tensor import Tensor

Function = TypeVar("Function", bound=Callable)
# torch: these, and those of nn, are written in Python and use what they are
# given unasked
UNASKED = (
    "lp_pool1d lp_pool2d lp_pool3d max_unpool2d max_unpool3d norm "
    "pca_lowrank split svd_lowrank tensordot unravel_index").split()
LISTS = "tensors matrices operands".split()  # parameters that hold several


def telling(function: Function) -> Function:
    """The function, that tells which argument is no tensor."""

    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except AttributeError as error:
            raise misfit(error, function, args, kwargs) from None

    return cast(Function, told)


def misfit(error: AttributeError, function: Callable, args: tuple,
           kwargs: dict) -> Exception:
    """torch's refusal of the first argument that should be a tensor, or a
    list of them, and is none; the error itself if all are."""
    unasked = function.__name__ in UNASKED or (
        function.__module__.startswith("scratch.nn."))
    if error.name is None or isinstance(error.obj, Tensor) or unasked:
        return error
    kinds = signature(function)
    given = kinds.bind_partial(*args, **kwargs).arguments
    for place, (name, value) in enumerate(given.items()):
        if name in LISTS:
            refused = lone_misfit(value, place)
            if refused is not None:
                return refused
        elif not isinstance(value, Tensor) and is_for_tensor(
                kinds.parameters[name], value):
            where = f" (position {place + 1})" * (place < len(args))
            return TypeError(
                f"{function.__name__}(): argument '{name}'{where} must be "
                f"Tensor, not {type(value).__name__}")
    return error


def is_for_tensor(parameter: Parameter, value: Any) -> bool:
    """Whether a parameter, or what is not None of it, is for a tensor."""
    kind = parameter.annotation
    return kind == "Tensor" or parameter.name == "input" or (
        kind == "Tensor | None" and value is not None)


def lone_misfit(value: Any, place: int) -> TypeError | None:
    """The refusal of one that is no tensor, among several."""
    if isinstance(value, (tuple, list)):
        nested = len(value) == 1 and isinstance(value[0], (tuple, list))
        for i, part in enumerate(value[0] if nested else value):
            if not isinstance(part, Tensor):
                return TypeError(
                    f"expected Tensor as element {i} in argument {place}, "
                    f"but got {type(part).__name__}")
    return None
