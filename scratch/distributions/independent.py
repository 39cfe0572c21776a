"""Independent: several draws taken as one event."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .utils import sum_rightmost


class Independent(Distribution):
    """The last batch dimensions of a distribution, counted as its event.

    log p(x) = Σ log p(x_i) over these dimensions.
    """

    arg_constraints: dict = {}

    def __init__(self, base_distribution: Any,
                 reinterpreted_batch_ndims: int,
                 validate_args: bool | None = None):
        base, n = base_distribution, reinterpreted_batch_ndims
        if n > len(base.batch_shape):
            raise ValueError(
                "Expected reinterpreted_batch_ndims <= "
                "len(base_distribution.batch_shape), actual "
                f"{n} vs {len(base.batch_shape)}")
        self.base_dist, self.reinterpreted_batch_ndims = base, n
        shape = base.batch_shape + base.event_shape
        start = len(base.batch_shape) - n
        super().__init__(shape[:start], shape[start:], validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Independent:
        n = self.reinterpreted_batch_ndims
        return self._repeat(
            Independent, batch_shape, _instance, reinterpreted_batch_ndims=n,
            base_dist=self.base_dist.expand(
                (*batch_shape, *self.event_shape[:n])))

    @property
    def has_rsample(self) -> bool:  # type: ignore[override]
        return self.base_dist.has_rsample

    @property
    def has_enumerate_support(self) -> bool:  # type: ignore[override]
        return (self.reinterpreted_batch_ndims == 0
                and self.base_dist.has_enumerate_support)

    @constraints.dependent_property
    def support(self) -> constraints.Constraint:
        n, inner = self.reinterpreted_batch_ndims, self.base_dist.support
        return constraints.independent(inner, n) if n else inner

    @property
    def mean(self) -> Tensor:
        return self.base_dist.mean

    @property
    def mode(self) -> Tensor:
        return self.base_dist.mode

    @property
    def variance(self) -> Tensor:
        return self.base_dist.variance

    def sample(self, sample_shape: Any = ()) -> Tensor:
        return self.base_dist.sample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self.base_dist.rsample(sample_shape)

    def log_prob(self, value: Tensor) -> Tensor:
        return sum_rightmost(self.base_dist.log_prob(value),
                             self.reinterpreted_batch_ndims)

    def entropy(self) -> Tensor:
        return sum_rightmost(self.base_dist.entropy(),
                             self.reinterpreted_batch_ndims)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        if self.reinterpreted_batch_ndims:
            raise NotImplementedError(
                "Enumeration over cartesian product is not implemented")
        return self.base_dist.enumerate_support(expand)

    def __repr__(self) -> str:
        return (f"{type(self).__name__}({self.base_dist}, "
                f"{self.reinterpreted_batch_ndims})")
