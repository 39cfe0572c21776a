"""More dimensions than there were: atleast_2d, broadcast_tensors."""

from __future__ import annotations

from typing import Any

from ..size import Size
from ..tensor import Tensor
from .operands import check_broadcast
from .shape import expand, reshape, unsqueeze

__all__ = [
    "atleast_1d", "atleast_2d", "atleast_3d", "broadcast_tensors",
    "broadcast_shapes",
]
METHODS: list[str] = []
IN_PLACE: list[str] = []


def atleast_1d(*tensors: Any) -> Any:
    """With one dimension or more."""
    return _at_least(1, tensors)


def atleast_2d(*tensors: Any) -> Any:
    """With two dimensions or more: a vector becomes a row."""
    return _at_least(2, tensors)


def atleast_3d(*tensors: Any) -> Any:
    """With three dimensions or more."""
    return _at_least(3, tensors)


def _at_least(n: int, tensors: tuple) -> Any:
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        return tuple(_lift(n, x) for x in tensors[0])
    if len(tensors) == 1:
        return _lift(n, tensors[0])
    return tuple(_lift(n, x) for x in tensors)


def _lift(n: int, x: Tensor) -> Tensor:
    if x.array.ndim == 0:
        return reshape(x, (1,) * n)
    if x.array.ndim < n:
        x = unsqueeze(x, 0) if x.array.ndim == 1 else x
    return unsqueeze(x, -1) if x.array.ndim < n else x


def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that these shapes broadcast to."""
    given = [(s,) if isinstance(s, int) else s for s in shapes]
    result = [1] * max(map(len, given), default=0)
    for place, shape in enumerate(given):
        for axis in range(-1, -1 - len(shape), -1):
            n = shape[axis]
            if n < 0:
                raise ValueError("Attempting to broadcast a dimension with "
                                 "negative length!")
            if n not in (1, result[axis]) and result[axis] != 1:
                raise RuntimeError(
                    f"Attempting to broadcast a dimension of length {n} at "
                    f"{axis}! Mismatching argument at index {place} had "
                    f"{shape}; but expected shape should be broadcastable "
                    f"to {result}")
            result[axis] = n if n != 1 else result[axis]
    return Size(result)


def broadcast_tensors(*tensors: Any) -> tuple:
    """The tensors expanded to their common shape."""
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tuple(tensors[0])
    shape = check_broadcast(*(x.array.shape for x in tensors))
    return tuple(expand(x, shape) for x in tensors)
