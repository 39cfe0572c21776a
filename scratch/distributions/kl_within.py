"""Divergences of two distributions of one family."""

from __future__ import annotations

import math
from typing import Any

from ..kernels.special import EULER
from ..ops.activation import softplus
from ..ops.special import digamma, lgamma
from ..tensor import Tensor
from .bernoulli import Bernoulli
from .beta import Beta
from .binomial import Binomial
from .categorical import Categorical
from .cauchy import Cauchy
from .continuous_bernoulli import ContinuousBernoulli
from .dirichlet import Dirichlet
from .exp_family import ExponentialFamily, slopes_of
from .exponential import Exponential
from .gamma import Gamma
from .geometric import Geometric
from .gumbel import Gumbel
from .half_normal import HalfNormal
from .independent import Independent
from .kl import kl_divergence, register_kl
from .laplace import Laplace
from .normal import Normal
from .one_hot_categorical import OneHotCategorical
from .pareto import Pareto
from .poisson import Poisson
from .transformed_distribution import TransformedDistribution
from .uniform import Uniform
from .utils import sum_rightmost

# ---- any family, by its structure


@register_kl(ExponentialFamily, ExponentialFamily)
def families(p: Any, q: Any) -> Tensor:
    """Bregman's: F(θq) - F(θp) - ⟨θq - θp, ∇F(θp)⟩"""
    if type(p) is not type(q):
        raise NotImplementedError(
            "The cross KL-divergence between different exponential families "
            "cannot                             be computed using Bregman "
            "divergences")
    theirs = q._natural_params
    params, value, slopes = slopes_of(p)
    result = q._log_normalizer(*theirs) - value
    for own, other, slope in zip(params, theirs, slopes):
        result = result - sum_rightmost((other - own) * slope,
                                        len(q.event_shape))
    return result


@register_kl(Independent, Independent)
def independent(p: Any, q: Any) -> Tensor:
    """Σ over the dimensions that were made an event"""
    n = p.reinterpreted_batch_ndims
    if n != q.reinterpreted_batch_ndims:
        raise NotImplementedError
    return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), n)


@register_kl(TransformedDistribution, TransformedDistribution)
def transformed(p: Any, q: Any) -> Tensor:
    """The same transforms change nothing"""
    if p.transforms != q.transforms or p.event_shape != q.event_shape:
        raise NotImplementedError
    return kl_divergence(p.base_dist, q.base_dist)


# ---- discrete

@register_kl(Bernoulli, Bernoulli)
def bernoulli(p: Any, q: Any) -> Tensor:
    """Σ over 1 and 0 of p (log p - log q)"""
    ones = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    ones = ones.masked_fill(q.probs == 0, math.inf)
    ones = ones.masked_fill(p.probs == 0, 0)
    zeros = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    zeros = zeros.masked_fill(q.probs == 1, math.inf)
    return ones + zeros.masked_fill(p.probs == 1, 0)


@register_kl(Binomial, Binomial)
def binomial(p: Any, q: Any) -> Tensor:
    """n times that of one trial; ∞ where p may count more than q"""
    if (p.total_count < q.total_count).any():
        raise NotImplementedError(
            "KL between Binomials where q.total_count > p.total_count is not "
            "implemented")
    one = (p.probs * (p.logits - q.logits) + (-p.probs).log1p()
           - (-q.probs).log1p())
    return (p.total_count * one).masked_fill(
        p.total_count > q.total_count, math.inf)


@register_kl(Categorical, Categorical)
def categorical(p: Any, q: Any) -> Tensor:
    """Σ_k p_k (log p_k - log q_k)"""
    terms = p.probs * (p.logits - q.logits)
    terms = terms.masked_fill(q.probs == 0, math.inf)
    return terms.masked_fill(p.probs == 0, 0).sum(-1)


@register_kl(OneHotCategorical, OneHotCategorical)
def one_hot(p: Any, q: Any) -> Tensor:
    return categorical(p._categorical, q._categorical)


@register_kl(Geometric, Geometric)
def geometric(p: Any, q: Any) -> Tensor:
    """-H(p) - log(1 - q) / p - logits q"""
    return -p.entropy() - (-q.probs).log1p() / p.probs - q.logits


@register_kl(Poisson, Poisson)
def poisson(p: Any, q: Any) -> Tensor:
    """λp (log λp - log λq) - (λp - λq)"""
    return p.rate * (p.rate.log() - q.rate.log()) - (p.rate - q.rate)


# ---- shares

@register_kl(Dirichlet, Dirichlet)
def dirichlet(p: Any, q: Any) -> Tensor:
    """log B(αq) - log B(αp) + Σ (αp - αq) (ψ(αp) - ψ(Σ αp))"""
    a, b = p.concentration, q.concentration
    total = a.sum(-1)
    norm = (lgamma(total) - lgamma(b.sum(-1))
            - (lgamma(a) - lgamma(b)).sum(-1))
    slope = digamma(a) - digamma(total).unsqueeze(-1)
    return norm + ((a - b) * slope).sum(-1)


@register_kl(Beta, Beta)
def beta(p: Any, q: Any) -> Tensor:
    return dirichlet(p._dirichlet, q._dirichlet)


@register_kl(ContinuousBernoulli, ContinuousBernoulli)
def continuous_bernoulli(p: Any, q: Any) -> Tensor:
    """E[x] (logits p - logits q) + log C p (1 - p) / (C q (1 - q))"""
    return (p.mean * (p.logits - q.logits)
            + p._cont_bern_log_norm() + (-p.probs).log1p()
            - q._cont_bern_log_norm() - (-q.probs).log1p())


# ---- continuous

@register_kl(Normal, Normal)
def normal(p: Any, q: Any) -> Tensor:
    """½ (r + ((μp - μq) / σq)² - 1 - log r),  r = (σp / σq)²"""
    ratio = (p.scale / q.scale) ** 2
    distance = ((p.loc - q.loc) / q.scale) ** 2
    return 0.5 * (ratio + distance - 1 - ratio.log())


@register_kl(HalfNormal, HalfNormal)
def half_normal(p: Any, q: Any) -> Tensor:
    return normal(p.base_dist, q.base_dist)


@register_kl(Uniform, Uniform)
def uniform(p: Any, q: Any) -> Tensor:
    """log of the ratio of the widths; ∞ where q does not cover p"""
    result = ((q.high - q.low) / (p.high - p.low)).log()
    outside = (q.low > p.low) | (q.high < p.high)
    return result.masked_fill(outside, math.inf)


@register_kl(Exponential, Exponential)
def exponential(p: Any, q: Any) -> Tensor:
    """r - 1 - log r,  r = λq / λp"""
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


@register_kl(Gamma, Gamma)
def gamma(p: Any, q: Any) -> Tensor:
    """αq log(βp / βq) + log Γ(αq)/Γ(αp) + (αp - αq) ψ(αp) + …"""
    a, b = p.concentration, q.concentration
    return (b * (p.rate / q.rate).log() + (lgamma(b) - lgamma(a))
            + (a - b) * digamma(a) + (q.rate - p.rate) * (a / p.rate))


@register_kl(Laplace, Laplace)
def laplace(p: Any, q: Any) -> Tensor:
    """d / bq + r e^(-d / bp) - 1 - log r,  r = bp / bq,  d = |μp - μq|"""
    ratio, gap = p.scale / q.scale, (p.loc - q.loc).abs()
    return (-ratio.log() + gap / q.scale + ratio * (-gap / p.scale).exp()
            - 1)


@register_kl(Cauchy, Cauchy)
def cauchy(p: Any, q: Any) -> Tensor:
    """log ((γp + γq)² + (μp - μq)²) / (4 γp γq)"""
    apart = (p.scale + q.scale) ** 2 + (p.loc - q.loc) ** 2
    return apart.log() - (4 * p.scale * q.scale).log()


@register_kl(Gumbel, Gumbel)
def gumbel(p: Any, q: Any) -> Tensor:
    """d - log r + γ r + e^-d Γ(1 + r) - 1 - γ,  d = (μp - μq) / βq"""
    ratio, gap = p.scale / q.scale, (p.loc - q.loc) / q.scale
    return (-ratio.log() + gap + ratio * EULER
            + (lgamma(1 + ratio) - gap).exp() - (1 + EULER))


@register_kl(Pareto, Pareto)
def pareto(p: Any, q: Any) -> Tensor:
    """αq log(sp / sq) - log r + r - 1,  r = αq / αp;  ∞ where sp < sq"""
    ratio = q.alpha / p.alpha
    result = (q.alpha * (p.scale / q.scale).log() - ratio.log() + ratio - 1)
    return result.masked_fill(p.scale < q.scale, math.inf)
