"""Divergences of two distributions of different families.

KL(p ‖ q) = -H(p) - E_p[log q(x)]: for each q, what it asks of p is a few
expectations: the mean, the variance, E[log x], E[e^-tx].
"""

from __future__ import annotations

import math
from typing import Any

from ..kernels.special import EULER
from ..ops.creation import full_like
from ..ops.logarithms import xlogy
from ..ops.special import digamma, erf, lgamma
from ..tensor import Tensor
from .bernoulli import Bernoulli
from .beta import Beta
from .binomial import Binomial
from .continuous_bernoulli import ContinuousBernoulli
from .exponential import Exponential
from .gamma import Gamma
from .gumbel import Gumbel
from .kl import register_kl
from .laplace import Laplace
from .normal import Normal
from .pareto import Pareto
from .poisson import Poisson
from .uniform import Uniform

# ---- infinite: p reaches where q does not

BOUNDED = (Beta, ContinuousBernoulli, Uniform)
ELSEWHERE = {
    Beta: (Pareto,),
    ContinuousBernoulli: (Pareto,),
    Exponential: (*BOUNDED, Pareto),
    Gamma: (*BOUNDED, Pareto),
    Gumbel: (*BOUNDED, Pareto, Exponential, Gamma),
    Laplace: (*BOUNDED, Pareto, Exponential, Gamma),
    Normal: (*BOUNDED, Pareto, Exponential, Gamma),
    Pareto: BOUNDED,
    Poisson: (Bernoulli, Binomial),
}


def infinite(p: Any, q: Any) -> Tensor:
    """∞, in the shape of p's first parameter"""
    first = next(name for name in ("rate", "loc", "concentration", "scale",
                                   "concentration1", "probs")
                 if hasattr(p, name))
    return full_like(getattr(p, first), math.inf)


for unbounded, others in ELSEWHERE.items():
    for bounded in others:
        register_kl(unbounded, bounded)(infinite)


# ---- expectations

def mean_log(p: Any) -> Tensor:
    """E_p[log x]"""
    if isinstance(p, Beta):
        a, b = p.concentration1, p.concentration0
        return digamma(a) - digamma(a + b)
    if isinstance(p, Exponential):
        return -EULER - p.rate.log()
    if isinstance(p, Pareto):
        return p.scale.log() + p.alpha.reciprocal()
    return uniform_mean_log(p.low, p.high)


def uniform_mean_log(low: Any, high: Any) -> Tensor:
    """(b log b - a log a) / (b - a) - 1, of a uniform number"""
    return (xlogy(high, high) - xlogy(low, low)) / (high - low) - 1


def laplace_transform(p: Any, t: Tensor) -> Tensor:
    """E_p[e^-tx]"""
    if isinstance(p, Exponential):
        return p.rate / (p.rate + t)
    if isinstance(p, Gamma):
        return (1 + t / p.rate) ** -p.concentration
    if isinstance(p, Normal):
        return (0.5 * (t * p.scale) ** 2 - t * p.loc).exp()
    return ((-t * p.low).exp() - (-t * p.high).exp()) / (
        t * (p.high - p.low))


# ---- q by q

def to_normal(p: Any, q: Any) -> Tensor:
    """-H(p) + ½ log(2πσ²) + (Var x + (E x - μ)²) / (2σ²)"""
    square = q.scale ** 2
    result = (-p.entropy() + 0.5 * (2 * math.pi * square).log()
              + (p.variance + (p.mean - q.loc) ** 2) / (2 * square))
    if isinstance(p, Pareto):
        return result.masked_fill(p.alpha <= 2, math.inf)
    return result


def to_exponential(p: Any, q: Any) -> Tensor:
    """-H(p) - log λ + λ E x"""
    return inside(p, 0, -p.entropy() - q.rate.log() + q.rate * p.mean)


def to_gamma(p: Any, q: Any) -> Tensor:
    """-H(p) + log Γ(α) - α log β - (α - 1) E log x + β E x"""
    a, b = q.concentration, q.rate
    return inside(p, 0, -p.entropy() + lgamma(a) - a * b.log()
                  - (a - 1) * mean_log(p) + b * p.mean)


def inside(p: Any, low: Any, result: Tensor) -> Tensor:
    """∞ where p reaches below `low`, or has no mean."""
    if isinstance(p, Uniform):
        return result.masked_fill(p.low < low, math.inf)
    if isinstance(p, Pareto):
        return result.masked_fill(p.alpha <= 1, math.inf)
    return result


def to_gumbel(p: Any, q: Any) -> Tensor:
    """-H(p) + log β + E z + E e^-z,  z = (x - μ) / β"""
    t = q.scale.reciprocal()
    return (-p.entropy() + q.scale.log() + (p.mean - q.loc) * t
            + (q.loc * t).exp() * laplace_transform(p, t))


for kind, rule, sources in (
        (Normal, to_normal, (Beta, ContinuousBernoulli, Exponential, Gamma,
                             Gumbel, Laplace, Pareto, Uniform)),
        (Exponential, to_exponential, (Beta, ContinuousBernoulli, Gamma,
                                       Pareto, Uniform)),
        (Gamma, to_gamma, (Beta, Exponential, Pareto, Uniform)),
        (Gumbel, to_gumbel, (Exponential, Gamma, Normal, Uniform))):
    for source in sources:
        register_kl(source, kind)(rule)


@register_kl(Beta, ContinuousBernoulli)
@register_kl(Uniform, ContinuousBernoulli)
def to_continuous_bernoulli(p: Any, q: Any) -> Tensor:
    """-H(p) - E x · logits - log(1 - λ) - log C"""
    result = (-p.entropy() - p.mean * q.logits - (-q.probs).log1p()
              - q._cont_bern_log_norm())
    if isinstance(p, Uniform):  # torch: at the bounds too
        return result.masked_fill((p.high >= 1) | (p.low <= 0), math.inf)
    return result


@register_kl(Beta, Uniform)
@register_kl(ContinuousBernoulli, Uniform)
def to_uniform(p: Any, q: Any) -> Tensor:
    """-H(p) + log width; ∞ where q does not cover [0, 1]"""
    result = -p.entropy() + (q.high - q.low).log()
    short = (q.low > 0) | (q.high < 1)
    if isinstance(p, ContinuousBernoulli):  # torch: at the bounds too
        short = (q.low >= 0) | (q.high <= 1)
    return result.masked_fill(short, math.inf)


@register_kl(Uniform, Beta)
def uniform_beta(p: Any, q: Any) -> Tensor:
    """log B(a, b) - log width - (a - 1) E log x - (b - 1) E log(1 - x)"""
    a, b = q.concentration1, q.concentration0
    result = (lgamma(a) + lgamma(b) - lgamma(a + b) - p.entropy()
              - (a - 1) * uniform_mean_log(p.low, p.high)
              - (b - 1) * uniform_mean_log(1 - p.high, 1 - p.low))
    return result.masked_fill((p.high > 1) | (p.low < 0), math.inf)


@register_kl(Uniform, Pareto)
def uniform_pareto(p: Any, q: Any) -> Tensor:
    """(α + 1) E log x - log(α s^α) - log width; ∞ where x may be below s"""
    result = ((q.alpha + 1) * mean_log(p) - q.alpha.log()
              - q.alpha * q.scale.log() - p.entropy())
    return inside(p, q.scale, result)


@register_kl(Normal, Laplace)
def normal_laplace(p: Any, q: Any) -> Tensor:
    """-H(p) + log 2b + E|x - μ| / b"""
    gap = p.loc - q.loc
    z = gap / p.scale
    away = (math.sqrt(2 / math.pi) * p.scale * (-0.5 * z ** 2).exp()
            + gap * erf(math.sqrt(0.5) * z))
    return -p.entropy() + (2 * q.scale).log() + away / q.scale


@register_kl(Bernoulli, Poisson)
def bernoulli_poisson(p: Any, q: Any) -> Tensor:
    """-H(p) - p log λ + λ"""
    return -p.entropy() - (p.probs * q.rate.log() - q.rate)
