"""The Kullback-Leibler divergence: KL(p ‖ q) = E_p[log p(x) - log q(x)]."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..ops.creation import full_like
from ..tensor import Tensor
from .bernoulli import Bernoulli, softplus
from .categorical import Categorical
from .distribution import Distribution, sum_rightmost
from .exponential import Exponential
from .independent import Independent
from .normal import Normal
from .uniform import Uniform

RULES: dict[tuple[type, type], Callable] = {}


def register_kl(type_p: type, type_q: type) -> Callable:
    """Decorator: this function computes KL for these two types."""
    for kind in (type_p, type_q):
        if not (isinstance(kind, type) and issubclass(kind, Distribution)):
            raise TypeError(
                "register_kl expects subclasses of Distribution, but got "
                f"{kind!r}")

    def registered(rule: Callable) -> Callable:
        RULES[type_p, type_q] = rule
        return rule

    return registered


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """KL(p ‖ q), of shape batch_shape."""
    # the nearest ancestors of p's type, then of q's, that have a rule
    for type_p in type(p).__mro__:
        for type_q in type(q).__mro__:
            if (type_p, type_q) in RULES:
                return RULES[type_p, type_q](p, q)
    raise NotImplementedError(
        f"No KL(p || q) is implemented for p type {type(p).__name__} and q "
        f"type {type(q).__name__}")


@register_kl(Normal, Normal)
def normal_normal(p: Any, q: Any) -> Tensor:
    """½ (r + ((μp - μq) / σq)² - 1 - log r),  r = (σp / σq)²"""
    ratio = (p.scale / q.scale) ** 2
    distance = ((p.loc - q.loc) / q.scale) ** 2
    return 0.5 * (ratio + distance - 1 - ratio.log())


@register_kl(Uniform, Uniform)
def uniform_uniform(p: Any, q: Any) -> Tensor:
    """log of the ratio of the widths; ∞ where q does not cover p"""
    result = ((q.high - q.low) / (p.high - p.low)).log()
    outside = (q.low > p.low) | (q.high < p.high)
    return result.masked_fill(outside, math.inf)


@register_kl(Exponential, Exponential)
def exponential_exponential(p: Any, q: Any) -> Tensor:
    """r - 1 - log r,  r = λq / λp"""
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


@register_kl(Bernoulli, Bernoulli)
def bernoulli_bernoulli(p: Any, q: Any) -> Tensor:
    """Σ over 1 and 0 of p (log p - log q)"""
    ones = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    ones = ones.masked_fill(q.probs == 0, math.inf)
    ones = ones.masked_fill(p.probs == 0, 0)
    zeros = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    zeros = zeros.masked_fill(q.probs == 1, math.inf)
    return ones + zeros.masked_fill(p.probs == 1, 0)


@register_kl(Categorical, Categorical)
def categorical_categorical(p: Any, q: Any) -> Tensor:
    """Σ_k p_k (log p_k - log q_k)"""
    terms = p.probs * (p.logits - q.logits)
    terms = terms.masked_fill(q.probs == 0, math.inf)
    return terms.masked_fill(p.probs == 0, 0).sum(-1)


@register_kl(Independent, Independent)
def independent_independent(p: Any, q: Any) -> Tensor:
    """Σ over the dimensions that were made an event"""
    n = p.reinterpreted_batch_ndims
    if n != q.reinterpreted_batch_ndims:
        raise NotImplementedError
    return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), n)


@register_kl(Exponential, Normal)
def exponential_normal(p: Any, q: Any) -> Tensor:
    """½ log(2π λ² σ²) - 1 + (1/λ² - μ/λ + μ²/2) / σ²"""
    variance, square = q.scale ** 2, p.rate ** 2
    moments = square.reciprocal() - q.loc / p.rate + q.loc ** 2 * 0.5
    return (0.5 * (square * variance * 2 * math.pi).log() - 1
            + moments / variance)


@register_kl(Uniform, Normal)
def uniform_normal(p: Any, q: Any) -> Tensor:
    """E[(x - μ)²] / (2σ²) - log(width / (σ √(2π)))"""
    width = p.high - p.low
    log_ratio = (math.sqrt(math.pi * 2) * q.scale / width).log()
    spread = width ** 2 / 12
    offset = ((p.high + p.low - 2 * q.loc) / 2) ** 2
    return log_ratio + 0.5 * (spread + offset) / q.scale ** 2


@register_kl(Uniform, Exponential)
def uniform_exponential(p: Any, q: Any) -> Tensor:
    """λ E[x] - log(width · λ); ∞ where x may be negative"""
    result = (q.rate * (p.high + p.low) / 2
              - ((p.high - p.low) * q.rate).log())
    return result.masked_fill(p.low < 0, math.inf)


@register_kl(Exponential, Uniform)
def exponential_uniform(p: Any, q: Any) -> Tensor:
    """∞: p reaches beyond every interval"""
    return full_like(p.rate, math.inf)


@register_kl(Normal, Uniform)
@register_kl(Normal, Exponential)
def normal_elsewhere(p: Any, q: Any) -> Tensor:
    """∞: p reaches beyond the support of q"""
    return full_like(p.loc, math.inf)
