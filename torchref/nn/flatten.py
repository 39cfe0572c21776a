"""Shapes between layers."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import Module

__all__ = ["Flatten", "Unflatten"]


class Flatten(Module):
    """Dimensions start_dim … end_dim as one: x (N, *) -> y (N, -1)"""

    def __init__(self, start_dim: int = 1, end_dim: int = -1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Tensor) -> Tensor:
        start, end = self.start_dim, self.end_dim % input.ndim
        size = input.shape
        one = math.prod(size[start:end + 1])
        return input.reshape(*size[:start], one, *size[end + 1:])


class Unflatten(Module):
    """One dimension as several: the inverse of Flatten."""

    def __init__(self, dim: int, unflattened_size: tuple):
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        size, d = input.shape, self.dim % input.ndim
        return input.reshape(*size[:d], *self.unflattened_size,
                             *size[d + 1:])
