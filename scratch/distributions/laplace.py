"""Laplace: two exponentials, back to back."""

from __future__ import annotations

from typing import Any

from ..limits import finfo
from ..ops.creation import empty
from ..tensor import Tensor
from ._location import LocationScale


class Laplace(LocationScale):
    """p(x) = 1 / (2b) · e^(-|x - μ| / b),  μ = loc, b = scale"""

    def expand(self, batch_shape: Any, _instance: Any = None) -> Laplace:
        return self._repeat(Laplace, batch_shape, _instance)

    @property
    def mean(self) -> Tensor:
        return self.loc

    mode = mean

    @property
    def stddev(self) -> Tensor:
        return 2 ** 0.5 * self.scale

    @property
    def variance(self) -> Tensor:
        return 2 * self.scale ** 2

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape, kind = self._extended_shape(sample_shape), self.loc.dtype
        u = empty(shape, dtype=kind).uniform_(finfo(kind).eps - 1, 1)
        return self.loc - self.scale * u.sign() * (-u.abs()).log1p()

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return (-(2 * self.scale).log()
                - (value - self.loc).abs() / self.scale)

    def cdf(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        z = value - self.loc
        return 0.5 - 0.5 * z.sign() * (-z.abs() / self.scale).expm1()

    def icdf(self, value: Tensor) -> Tensor:
        side = value - 0.5
        return self.loc - self.scale * side.sign() * (
            -2 * side.abs()).log1p()

    def entropy(self) -> Tensor:
        return 1 + (2 * self.scale).log()
