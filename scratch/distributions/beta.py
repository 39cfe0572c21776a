"""Beta: a probability that is not known, the conjugate of Bernoulli."""

from __future__ import annotations

from numbers import Number
from typing import Any

from ..ops.combine import stack
from ..ops.creation import tensor
from ..ops.special import lgamma
from ..tensor import Tensor
from . import constraints
from .dirichlet import Dirichlet
from .exp_family import ExponentialFamily
from .utils import broadcast_all


class Beta(ExponentialFamily):
    """p(x) = Γ(a + b) / (Γ(a) Γ(b)) · x^(a - 1) (1 - x)^(b - 1)

    a = concentration1, b = concentration0: Dirichlet's (x, 1 - x).
    """

    arg_constraints = {"concentration1": constraints.positive,
                       "concentration0": constraints.positive}
    support = constraints.unit_interval
    has_rsample = True

    def __init__(self, concentration1: Any, concentration0: Any,
                 validate_args: bool | None = None):
        if isinstance(concentration1, Number) and isinstance(
                concentration0, Number):
            both = tensor([float(concentration1),  # type: ignore[arg-type]
                           float(concentration0)])  # type: ignore[arg-type]
        else:
            both = stack(broadcast_all(concentration1, concentration0), -1)
        self._dirichlet = Dirichlet(both, validate_args=validate_args)
        super().__init__(self._dirichlet.batch_shape,
                         validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Beta:
        return self._repeat(Beta, batch_shape, _instance,
                            _dirichlet=self._dirichlet.expand(batch_shape))

    @property
    def concentration1(self) -> Tensor:
        """a"""
        return self._dirichlet.concentration[..., 0]

    @property
    def concentration0(self) -> Tensor:
        """b"""
        return self._dirichlet.concentration[..., 1]

    @property
    def mean(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        return a / (a + b)

    @property
    def mode(self) -> Tensor:
        return self._dirichlet.mode[..., 0]

    @property
    def variance(self) -> Tensor:
        a, b = self.concentration1, self.concentration0
        total = a + b
        return a * b / (total ** 2 * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return self._dirichlet.rsample(sample_shape).select(-1, 0)

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        return self._dirichlet.log_prob(stack([value, 1.0 - value], -1))

    def entropy(self) -> Tensor:
        return self._dirichlet.entropy()

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return self.concentration1, self.concentration0

    def _log_normalizer(self, x: Tensor,  # type: ignore[override]
                        y: Tensor) -> Tensor:
        return lgamma(x) + lgamma(y) - lgamma(x + y)
