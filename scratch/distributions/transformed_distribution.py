"""TransformedDistribution: what is drawn is passed through transforms."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..tensor import Tensor
from . import constraints
from .distribution import Distribution
from .independent import Independent
from .transforms import ComposeTransform, Transform
from .utils import sum_rightmost


class TransformedDistribution(Distribution):
    """y = f(x),  x ~ base:  log p(y) = log p(x) - log |det ∂y/∂x|"""

    arg_constraints: Any = {}

    def __init__(self, base_distribution: Any, transforms: Any,
                 validate_args: bool | None = None):
        self.transforms = checked(transforms)
        base, whole = base_distribution, ComposeTransform(self.transforms)
        shape = base.batch_shape + base.event_shape
        events = len(base.event_shape)
        if len(shape) < whole.domain.event_dim:
            raise ValueError(
                "base_distribution needs to have shape with size at least "
                f"{whole.domain.event_dim}, but got {shape}.")
        reached = whole.forward_shape(shape)
        wide = whole.inverse_shape(reached)
        if shape != wide:  # the transforms' parameters are a larger batch
            base = base.expand(wide[:len(wide) - events])
        if whole.domain.event_dim > events:
            base = Independent(base, whole.domain.event_dim - events)
        self.base_dist = base
        change = whole.codomain.event_dim - whole.domain.event_dim
        cut = len(reached) - max(whole.codomain.event_dim, events + change)
        super().__init__(reached[:cut], reached[cut:],
                         validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        return self._repeat(TransformedDistribution, batch_shape, _instance,
                            base_dist=self._wider_base(batch_shape),
                            transforms=self.transforms)

    def _wider_base(self, batch_shape: Any) -> Any:
        """The base that gives draws of this batch."""
        shape = (*batch_shape, *self.event_shape)
        for transform in reversed(self.transforms):
            shape = transform.inverse_shape(shape)
        return self.base_dist.expand(
            shape[:len(shape) - len(self.base_dist.event_shape)])

    @constraints.dependent_property(is_discrete=False)
    def support(self) -> constraints.Constraint:
        if not self.transforms:
            return self.base_dist.support
        inner = self.transforms[-1].codomain
        extra = len(self.event_shape) - inner.event_dim
        return constraints.independent(inner, extra) if extra > 0 else inner

    @property
    def has_rsample(self) -> bool:  # type: ignore[override]
        return self.base_dist.has_rsample

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            return self._forward(self.base_dist.sample(sample_shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self._forward(self.base_dist.rsample(sample_shape))

    def _forward(self, x: Tensor) -> Tensor:
        for transform in self.transforms:
            x = transform(x)
        return x

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        n, y, stretch = len(self.event_shape), value, 0.0
        for transform in reversed(self.transforms):
            x = transform.inv(y)
            n += transform.domain.event_dim - transform.codomain.event_dim
            stretch = stretch - sum_rightmost(  # type: ignore[assignment]
                transform.log_abs_det_jacobian(x, y),
                n - transform.domain.event_dim)
            y = x
        return stretch + sum_rightmost(self.base_dist.log_prob(y),
                                       n - len(self.base_dist.event_shape))

    def _rising(self, p: Tensor) -> Tensor:
        """1 - p where the transforms fall, else p."""
        sign: Any = 1
        for transform in self.transforms:
            sign = sign * transform.sign
        if isinstance(sign, int) and sign == 1:
            return p
        return sign * (p - 0.5) + 0.5

    def cdf(self, value: Tensor) -> Tensor:
        for transform in reversed(self.transforms):
            value = transform.inv(value)
        if self._validate_args:
            self.base_dist._validate_sample(value)
        return self._rising(self.base_dist.cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        return self._forward(self.base_dist.icdf(self._rising(value)))


def checked(transforms: Any) -> list[Transform]:
    """One transform, or a list of them, as a list."""
    if isinstance(transforms, Transform):
        return [transforms]
    if not isinstance(transforms, list):
        raise ValueError("transforms must be a Transform or list, but was "
                         f"{transforms}")
    if not all(isinstance(t, Transform) for t in transforms):
        raise ValueError(
            "transforms must be a Transform or a list of Transforms")
    return transforms
