"""MixtureSameFamily: one of several distributions of a kind."""

from __future__ import annotations

from typing import Any

from ..modes import no_grad
from ..ops.softmax import log_softmax
from ..tensor import Tensor
from . import constraints
from .categorical import Categorical
from .distribution import Distribution


class MixtureSameFamily(Distribution):
    """p(x) = Σ_k π_k p_k(x)

    mixture_distribution: Categorical over K; component_distribution of
    batch_shape (*batch, K)
    """

    arg_constraints: Any = {}

    def __init__(self, mixture_distribution: Categorical,
                 component_distribution: Any,
                 validate_args: bool | None = None):
        self._mixture_distribution = mixture_distribution
        self._component_distribution = component_distribution
        check_parts(mixture_distribution, component_distribution)
        self._num_component = mixture_distribution.logits.shape[-1]
        self._event_ndims = len(component_distribution.event_shape)
        super().__init__(component_distribution.batch_shape[:-1],
                         component_distribution.event_shape,
                         validate_args=validate_args)

    def expand(self, batch_shape: Any,
               _instance: Any = None) -> MixtureSameFamily:
        wide = (*batch_shape, self._num_component)
        return self._repeat(
            MixtureSameFamily, batch_shape, _instance,
            _mixture_distribution=self.mixture_distribution.expand(
                batch_shape),
            _component_distribution=self.component_distribution.expand(wide),
            _num_component=self._num_component,
            _event_ndims=self._event_ndims)

    @constraints.dependent_property
    def support(self) -> constraints.Constraint:
        return constraints.MixtureSameFamilyConstraint(
            self.component_distribution.support)

    @property
    def mixture_distribution(self) -> Categorical:
        """Which of them: π"""
        return self._mixture_distribution

    @property
    def component_distribution(self) -> Any:
        """p_k, along the last batch dimension"""
        return self._component_distribution

    @property
    def mean(self) -> Tensor:
        return self._mixed(self.component_distribution.mean)

    @property
    def variance(self) -> Tensor:
        """The mean of the variances, and the variance of the means."""
        d = self.component_distribution
        apart = (d.mean - self._pad(self.mean)) ** 2.0
        return self._mixed(d.variance) + self._mixed(apart)

    def _mixed(self, x: Tensor) -> Tensor:
        """Σ_k π_k x_k"""
        p = self.mixture_distribution.probs
        batch = len(self.mixture_distribution.batch_shape)
        extra = 0 if batch == 1 else len(self.batch_shape) - batch
        p = p.reshape(*p.shape[:-1], *[1] * extra, p.shape[-1],
                      *[1] * self._event_ndims)
        return (p * x).sum(-1 - self._event_ndims)

    def cdf(self, x: Tensor) -> Tensor:  # type: ignore[override]
        below = self.component_distribution.cdf(self._pad(x))
        return (below * self.mixture_distribution.probs).sum(-1)

    def log_prob(self, x: Tensor) -> Tensor:  # type: ignore[override]
        self._validate_sample(x)
        each = self.component_distribution.log_prob(self._pad(x))
        weight = log_softmax(self.mixture_distribution.logits, -1)
        return (each + weight).logsumexp(-1)

    def sample(self, sample_shape: Any = ()) -> Tensor:
        with no_grad():
            which = self.mixture_distribution.sample(sample_shape)
            drawn = self.component_distribution.sample(sample_shape)
            dim = len(sample_shape) + len(self.batch_shape)
            which = which.reshape(*which.shape,
                                  *[1] * (self._event_ndims + 1))
            which = which.repeat(*[1] * (which.ndim - self._event_ndims),
                                 *self.event_shape)
            return drawn.gather(dim, which).squeeze(dim)

    def _pad(self, x: Tensor) -> Tensor:
        return x.unsqueeze(-1 - self._event_ndims)

    def __repr__(self) -> str:
        return (f"MixtureSameFamily(\n  {self.mixture_distribution},\n  "
                f"{self.component_distribution})")


def check_parts(mixture: Any, components: Any) -> None:
    """Refuse what is no mixture, and shapes that do not fit."""
    if not isinstance(mixture, Categorical):
        raise ValueError(" The Mixture distribution needs to be an  instance "
                         "of torch.distributions.Categorical")
    if not isinstance(components, Distribution):
        raise ValueError("The Component distribution needs to be an instance "
                         "of torch.distributions.Distribution")
    outer, inner = mixture.batch_shape, components.batch_shape[:-1]
    for n, m in zip(reversed(outer), reversed(inner)):
        if n != 1 and m != 1 and n != m:
            raise ValueError(
                f"`mixture_distribution.batch_shape` ({outer}) is not "
                "compatible with `component_distribution.batch_shape`"
                f"({inner})")
    k, parts = mixture.logits.shape[-1], components.batch_shape[-1]
    if k != parts:
        raise ValueError(
            f"`mixture_distribution component` ({k}) does not equal "
            f"`component_distribution.batch_shape[-1]` ({parts})")
