"""Shapes between layers."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import Module


class Flatten(Module):
    """Dimensions start_dim … end_dim as one: x (N, *) -> y (N, -1)"""

    def __init__(self, start_dim: int = 1, end_dim: int = -1):
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, input: Tensor) -> Tensor:
        size, last = input.shape, self.end_dim % input.ndim
        first = self.start_dim % input.ndim
        one = math.prod(size[first:last + 1])
        return input.reshape(*size[:first], one, *size[last + 1:])


class Unflatten(Module):
    """One dimension as several: the inverse of Flatten."""

    def __init__(self, dim: int, unflattened_size: tuple[int, ...]):
        super().__init__()
        self.dim, self.unflattened_size = dim, unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        size, dim = input.shape, self.dim % input.ndim
        return input.reshape(*size[:dim], *self.unflattened_size,
                             *size[dim + 1:])
