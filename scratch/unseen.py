"""Results that nobody has seen yet may lie in memory as it suits us.

torch's images lie plainly, (N, C, *S); most kernels are faster where the
channels come last. So the result of a convolution keeps its channels last
until somebody looks at `array`: then it is copied into torch's order, once.
The operations that take images in any order stand under `any_order`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np

from .kernels.memory import copied_as, is_last
from .tensor import Tensor, wrap

Function = TypeVar("Function", bound=Callable)


def as_it_lies(x: Tensor) -> tuple[Tensor, bool]:
    """A stand-in for x that has its array, in whatever order, and its place
    in the graph; and whether a result made of it may lie in any order."""
    a = x.lies
    if a is None:
        return x, x.array.flags.c_contiguous
    y = wrap(a)
    y.version, y._node = x.version, x._node
    return y, True


def unseen(y: Tensor) -> Tensor:
    """y, whose order in memory has not been seen."""
    a = y.array
    if not a.flags.c_contiguous:
        if y._view is None:
            y.lies = a
            del y.array
        else:  # of a tensor that is not known to anybody
            y.array = np.ascontiguousarray(a)
    return y


def any_order(operation: Function) -> Function:
    """The first argument may lie in any order, and so may the result."""

    @wraps(operation)
    def ordered(*given: Any, **named: Any) -> Any:
        if not given or not isinstance(given[0], Tensor):
            return operation(*given, **named)
        x, free = as_it_lies(given[0])
        y = operation(x, *given[1:], **named)
        if free:
            for part in y if isinstance(y, tuple) else (y,):
                unseen(part)
        return y

    return cast(Function, ordered)


def shown(g: Tensor) -> Tensor:
    """A gradient that leaves the graph: in torch's order, once looked at."""
    return unseen(g) if g.lies is None and is_last(g.array) else g


def lying_as(x: Tensor, g: Tensor) -> np.ndarray:
    """The numbers of g, the gradient of a leaf x, in the order of x."""
    a, like = g.array, x.array
    plain = a.flags.c_contiguous and like.flags.c_contiguous
    if plain or a.strides == like.strides:
        return a
    return copied_as(like, a)
