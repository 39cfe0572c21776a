"""Dirichlet: shares of a whole, the conjugate of Categorical."""

from __future__ import annotations

from typing import Any

from ..autograd.function import Function, once_differentiable
from ..ops.distance import one_hot
from ..ops.implicit import _dirichlet_grad, _sample_dirichlet
from ..ops.logarithms import xlogy
from ..ops.special import digamma, lgamma
from ..tensor import Tensor
from . import constraints
from .exp_family import ExponentialFamily


class _Dirichlet(Function):
    """A draw, with the gradient of one that keeps its rank."""

    @staticmethod
    def forward(ctx: Any, alpha: Tensor) -> Tensor:  # type: ignore[override]
        x = _sample_dirichlet(alpha)
        ctx.save_for_backward(x, alpha)
        return x

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, g: Tensor) -> Tensor:  # type: ignore[override]
        x, alpha = ctx.saved_tensors
        total = alpha.sum(-1, keepdim=True).expand_as(alpha)
        slope = _dirichlet_grad(x, alpha, total)
        return slope * (g - (x * g).sum(-1, keepdim=True))


class Dirichlet(ExponentialFamily):
    """p(x) = Γ(Σα) / Π Γ(α_k) · Π x_k^(α_k - 1),  Σx = 1

    concentration α (*batch, K), x (*batch, K)
    """

    arg_constraints = {
        "concentration": constraints.independent(constraints.positive, 1)}
    support = constraints.simplex
    has_rsample = True

    def __init__(self, concentration: Tensor,
                 validate_args: bool | None = None):
        if concentration.ndim < 1:
            raise ValueError("`concentration` parameter must be at least "
                             "one-dimensional.")
        self.concentration = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:],
                         validate_args=validate_args)

    def expand(self, batch_shape: Any, _instance: Any = None) -> Dirichlet:
        return self._repeat(Dirichlet, batch_shape, _instance)

    @property
    def _total(self) -> Tensor:
        return self.concentration.sum(-1, keepdim=True)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self._total

    @property
    def mode(self) -> Tensor:
        above = (self.concentration - 1).clamp(min=0.0)
        mode = above / above.sum(-1, keepdim=True)
        corner = (self.concentration < 1).all(-1)  # torch: the first corner
        mode[corner] = one_hot(mode[corner].argmax(-1),
                               above.shape[-1]).to(mode)
        return mode

    @property
    def variance(self) -> Tensor:
        a, total = self.concentration, self._total
        return a * (total - a) / (total ** 2 * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        shape = self._extended_shape(sample_shape)
        return _Dirichlet.apply(self.concentration.expand(shape))

    def log_prob(self, value: Tensor) -> Tensor:
        self._validate_sample(value)
        a = self.concentration
        return (xlogy(a - 1.0, value).sum(-1) + lgamma(a.sum(-1))
                - lgamma(a).sum(-1))

    def entropy(self) -> Tensor:
        a = self.concentration
        total, k = a.sum(-1), a.shape[-1]
        return (lgamma(a).sum(-1) - lgamma(total)
                - (k - total) * digamma(total)
                - ((a - 1.0) * digamma(a)).sum(-1))

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        return (self.concentration,)

    def _log_normalizer(self, x: Tensor) -> Tensor:  # type: ignore[override]
        return lgamma(x).sum(-1) - lgamma(x.sum(-1))
