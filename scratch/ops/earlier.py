"""The order of arguments that torch had before 1.5: the factor came first.

add(α, y) is add(y, alpha=α), and addcmul(v, y, z) is addcmul(y, z, value=v);
old programs step with p.data.add_(-rate, p.grad). torch: takes it still, and
says so once in a process.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ..tensor import Tensor

# What the factor is called, and what it multiplies.
FACTORS = {"add": ("alpha", ("other",)), "sub": ("alpha", ("other",)),
           "addcmul": ("value", ("tensor1", "tensor2")),
           "addcdiv": ("value", ("tensor1", "tensor2"))}
told: list[str] = []  # the first function that was called so


def factor_first(name: str, args: tuple, named: dict) -> tuple[tuple, dict]:
    """The same arguments as they stand today, if the factor stands first."""
    word, factors = FACTORS[name]
    values = [*args[1:], *(named[k] for k in factors if k in named)]
    if len(values) != len(factors) or word in named or not is_number(args[0]):
        return args, named
    if not all(isinstance(x, Tensor) or (word == "alpha" and is_number(x))
               for x in values):
        return args, named
    if not told:
        told.append(name)
        warnings.warn(said(name, word, factors), UserWarning, stacklevel=4)
    named = {k: v for k, v in named.items() if k not in factors}
    return tuple(values), {**named, word: args[0]}


def is_number(x: Any) -> bool:
    """A number, or a tensor that holds one and needs no gradient."""
    if isinstance(x, Tensor):
        return not x.array.ndim and not x.requires_grad
    return isinstance(x, (int, float, complex, np.number))


def said(name: str, word: str, factors: tuple[str, ...]) -> str:
    """The two forms."""
    tensors = ", ".join(f"Tensor {x}" for x in factors)
    return (f"This overload of {name} is deprecated:\n"
            f"\t{name}(Number {word}, {tensors})\n"
            "Consider using one of the following signatures instead:\n"
            f"\t{name}({tensors}, *, Number {word} = 1)")


def of_sum(name: str, args: tuple, alpha: Any) -> tuple[Any, Any]:
    """(y, α) of add(x, α, y)"""
    found, named = factor_first(name, args, {})
    if len(found) > 1 or alpha != 1:
        raise TypeError(f"{name}() takes 2 positional arguments but "
                        f"{1 + len(args)} were given")
    return found[0], named["alpha"]


def in_either_order(function: Callable) -> Callable:
    """The function of a tensor, that takes the factor first, too."""
    name = function.__name__
    most = len(FACTORS[name][1])

    @functools.wraps(function)
    def call(input: Any, *args: Any, **named: Any) -> Any:
        if args and len(args) + len(named) > most:
            args, named = factor_first(name, args, named)
        return function(input, *args, **named)

    return call
