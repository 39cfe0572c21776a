"""Exponential families: p(x) = exp(⟨t(x), θ⟩ - F(θ) + k(x))."""

from __future__ import annotations

from typing import Any

from ..autograd import grad
from ..modes import enable_grad
from ..tensor import Tensor
from .distribution import Distribution


class ExponentialFamily(Distribution):
    """θ: the natural parameters,  F: the log normalizer

    Its gradient is E[t(x)], so that entropies and divergences follow from
    F alone (Nielsen & Nock, 2010).
    """

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        raise NotImplementedError

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        raise NotImplementedError

    @property
    def _mean_carrier_measure(self) -> float:
        """E[k(x)]"""
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """F(θ) - ⟨θ, ∇F(θ)⟩ - E[k(x)]"""
        carrier = self._mean_carrier_measure
        params, value, slopes = slopes_of(self)
        result = value - carrier
        for theta, slope in zip(params, slopes):
            result = result - (theta * slope).reshape(
                *self._batch_shape, -1).sum(-1)
        return result


def slopes_of(p: Any) -> tuple[list, Tensor, tuple]:
    """θ, F(θ) and ∇F(θ), where θ asks for gradients of its own."""
    with enable_grad():
        params = [theta.detach().requires_grad_()
                  for theta in p._natural_params]
        value = p._log_normalizer(*params)
        return params, value, grad(value.sum(), params, create_graph=True)
