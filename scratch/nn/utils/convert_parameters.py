"""All parameters as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...ops.combine import cat
from ...tensor import Tensor
from ..parameter import typename

__all__ = ["parameters_to_vector", "vector_to_parameters"]


def parameters_to_vector(parameters: Iterable[Any]) -> Tensor:
    """Every parameter, row by row, one after the other."""
    return cat([param.view(-1) for param in parameters])


def vector_to_parameters(vec: Any, parameters: Iterable[Any]) -> None:
    """Give every parameter its part of the vector, sharing its memory."""
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {typename(vec)}")
    start = 0
    for param in parameters:
        stop = start + param.array.size
        part: Any = vec[start:stop]  # type: ignore[index]
        param.data = part.view(param.shape).data
        start = stop
