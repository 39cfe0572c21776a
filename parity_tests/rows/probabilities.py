"""Rows: distributions, by density, draws, entropy and divergence."""

from __future__ import annotations

import warnings
from typing import Any

from ..registry import between, find, pick, positive, row


def lower(lib: Any, b: Any) -> Any:
    """A lower triangle (3, 3) with b on its diagonal."""
    under = lib.ones(3, 3, dtype=b.dtype).tril(-1)
    return lib.diag_embed(b) + 0.3 * under


# Each from two parameters in (0.2, 3.2); with gradients of the second
# order in all that they tell.
TWICE = {
    "Normal": lambda d, lib, a, b: d.Normal(a, b),
    "Uniform": lambda d, lib, a, b: d.Uniform(-a, b),
    "Bernoulli": lambda d, lib, a, b: d.Bernoulli(a / 4),
    "Categorical": lambda d, lib, a, b: d.Categorical(a),
    "Exponential": lambda d, lib, a, b: d.Exponential(a),
    "Multinomial": lambda d, lib, a, b: d.Multinomial(4, a),
    "Independent": lambda d, lib, a, b: d.Independent(d.Normal(a, b), 1),
    "Binomial": lambda d, lib, a, b: d.Binomial(4, a / 4),
    "Cauchy": lambda d, lib, a, b: d.Cauchy(a, b),
    "Geometric": lambda d, lib, a, b: d.Geometric(a / 4),
    "Gumbel": lambda d, lib, a, b: d.Gumbel(a, b),
    "HalfCauchy": lambda d, lib, a, b: d.HalfCauchy(b),
    "HalfNormal": lambda d, lib, a, b: d.HalfNormal(b),
    "Kumaraswamy": lambda d, lib, a, b: d.Kumaraswamy(a, b),
    "Laplace": lambda d, lib, a, b: d.Laplace(a, b),
    "LogNormal": lambda d, lib, a, b: d.LogNormal(a / 2, b / 4),
    "LogisticNormal": lambda d, lib, a, b: d.LogisticNormal(a, b),
    "LowRankMultivariateNormal": lambda d, lib, a, b: (
        d.LowRankMultivariateNormal(a, b.unsqueeze(-1), a)),
    "MixtureSameFamily": lambda d, lib, a, b: d.MixtureSameFamily(
        d.Categorical(a), d.Normal(a, b)),
    "MultivariateNormal": lambda d, lib, a, b: d.MultivariateNormal(
        a, scale_tril=lower(lib, b)),
    "NegativeBinomial": lambda d, lib, a, b: d.NegativeBinomial(b, a / 4),
    "OneHotCategorical": lambda d, lib, a, b: d.OneHotCategorical(a),
    "OneHotCategoricalStraightThrough": lambda d, lib, a, b: (
        d.OneHotCategoricalStraightThrough(a)),
    "Pareto": lambda d, lib, a, b: d.Pareto(b, a),
    "Poisson": lambda d, lib, a, b: d.Poisson(a),
    "RelaxedBernoulli": lambda d, lib, a, b: d.RelaxedBernoulli(b, a / 4),
    "RelaxedOneHotCategorical": lambda d, lib, a, b: (
        d.RelaxedOneHotCategorical(b[0, 0], a)),
    "TransformedDistribution": lambda d, lib, a, b: (
        d.TransformedDistribution(d.Normal(a, b), [
            d.AffineTransform(a, b / 4), d.SigmoidTransform()])),
    "VonMises": lambda d, lib, a, b: d.VonMises(a, b),
    "Weibull": lambda d, lib, a, b: d.Weibull(a, b),
}
# torch: the gradient of a gamma draw has no gradient
ONCE = {
    "Beta": lambda d, lib, a, b: d.Beta(a, b),
    "Chi2": lambda d, lib, a, b: d.Chi2(a),
    "ContinuousBernoulli": lambda d, lib, a, b: d.ContinuousBernoulli(a / 4),
    "Dirichlet": lambda d, lib, a, b: d.Dirichlet(a),
    "FisherSnedecor": lambda d, lib, a, b: d.FisherSnedecor(a, b),
    "Gamma": lambda d, lib, a, b: d.Gamma(a, b),
    "InverseGamma": lambda d, lib, a, b: d.InverseGamma(a + 1, b),
    "LKJCholesky": lambda d, lib, a, b: d.LKJCholesky(3, a),
    "StudentT": lambda d, lib, a, b: d.StudentT(a, b, a),
    "Wishart": lambda d, lib, a, b: d.Wishart(
        3 + b[:, 0], scale_tril=lower(lib, b)),
}


def made(lib: Any, name: str, a: Any, b: Any) -> Any:
    """A distribution from two parameters in (0.2, 3.2)."""
    return {**TWICE, **ONCE}[name](lib.distributions, lib, a, b)


def told(lib: Any, d: Any, drawn: bool = True) -> list:
    """All that a distribution tells."""
    lib.manual_seed(3)
    x = d.sample((2,)).detach()
    found = [x, d.log_prob(x)]
    for word in ("mean", "variance", "entropy"):
        try:
            value = getattr(d, word)
            found.append(value() if callable(value) else value)
        except NotImplementedError:
            pass
    if drawn and d.has_rsample:
        found.append(d.rsample((2,)) ** 2)
    return found


@row(*[f"distributions.{name}" for name in TWICE], examples=10)
def densities(lib: Any, rng: Any, name: str) -> tuple:
    word = name.split(".")[1]

    def call(a: Any, b: Any) -> list:
        d = made(lib, word, a, b)
        found = told(lib, d)
        if word in ("Normal", "Uniform", "Exponential", "Laplace", "Cauchy"):
            found += [d.cdf(found[0]), d.icdf(lib.sigmoid(found[0]))]
        return found

    return call, (positive(rng, 2, 3), positive(rng, 2, 3))


@row(*[f"distributions.{name}" for name in ONCE], order=1, examples=10)
def implicit(lib: Any, rng: Any, name: str) -> tuple:
    word = name.split(".")[1]

    def call(a: Any, b: Any) -> list:
        with warnings.catch_warnings():
            # Wishart's, of matrices that it takes for singular
            warnings.simplefilter("ignore")
            return told(lib, made(lib, word, a, b), word != "Wishart")

    return call, (positive(rng, 2, 3), positive(rng, 2, 3))


SMOOTH = ("Normal", "Bernoulli", "Categorical", "Exponential", "Laplace",
          "Poisson", "Gumbel", "Cauchy", "Geometric")
PAIRS = (*[(name, name) for name in SMOOTH], ("Normal", "Laplace"),
         ("Exponential", "Gumbel"))
# torch: trigamma has but nine digits, so that their gradients are compared
# with differences instead (test_families)
GAMMAS = (("Beta", "Beta"), ("Gamma", "Gamma"), ("Dirichlet", "Dirichlet"),
          ("Gamma", "Normal"), ("Beta", "Exponential"), ("Gamma", "Gumbel"))


@row("distributions.kl_divergence", examples=40)
def divergences(lib: Any, rng: Any, pairs: tuple = PAIRS) -> tuple:
    p, q = pick(rng, *pairs)
    return (lambda a, b, c, d: lib.distributions.kl_divergence(
        made(lib, p, a, b), made(lib, q, c, d)),
        tuple(positive(rng, 2, 3) for _ in range(4)))


@row("distributions.kl_divergence", order=0)
def divergences_of_gammas(lib: Any, rng: Any) -> tuple:
    return divergences(lib, rng, GAMMAS)


@row("igamma", "igammac", "special.gammainc", "special.gammaincc", order=1)
def shares(lib: Any, rng: Any, name: str) -> tuple:
    # torch: no gradient in the shape a
    a = lib.from_numpy(positive(rng, 2, 3) ** pick(rng, 1, 4))
    return (lambda x: find(lib, name)(a.to(x.dtype), x),
            (positive(rng, 2, 3) ** pick(rng, 1, 4),))


# ---- transforms

TRANSFORMS = {
    "AbsTransform": lambda d, lib, p: d.AbsTransform(),
    "AffineTransform": lambda d, lib, p: d.AffineTransform(p, -p),
    "CatTransform": lambda d, lib, p: d.CatTransform(
        [d.ExpTransform(), d.TanhTransform()], -1, [1, 2]),
    "ComposeTransform": lambda d, lib, p: d.ComposeTransform(
        [d.TanhTransform(), d.AffineTransform(p, p)]),
    "CorrCholeskyTransform": lambda d, lib, p: d.CorrCholeskyTransform(),
    "CumulativeDistributionTransform": lambda d, lib, p: (
        d.CumulativeDistributionTransform(d.Normal(p, p + 1))),
    "ExpTransform": lambda d, lib, p: d.ExpTransform(),
    "IndependentTransform": lambda d, lib, p: d.IndependentTransform(
        d.ExpTransform(), 1),
    "LowerCholeskyTransform": lambda d, lib, p: d.LowerCholeskyTransform(),
    "PositiveDefiniteTransform": lambda d, lib, p: (
        d.PositiveDefiniteTransform()),
    "PowerTransform": lambda d, lib, p: d.ComposeTransform(
        [d.ExpTransform(), d.PowerTransform(p)]),
    "ReshapeTransform": lambda d, lib, p: d.ReshapeTransform((3,), (3, 1)),
    "SigmoidTransform": lambda d, lib, p: d.SigmoidTransform(),
    "SoftmaxTransform": lambda d, lib, p: d.SoftmaxTransform(),
    "SoftplusTransform": lambda d, lib, p: d.SoftplusTransform(),
    "StackTransform": lambda d, lib, p: d.StackTransform(
        [d.ExpTransform(), d.AffineTransform(p[0], 2.0)], 0),
    "StickBreakingTransform": lambda d, lib, p: d.StickBreakingTransform(),
    "TanhTransform": lambda d, lib, p: d.TanhTransform(),
    "biject_to": lambda d, lib, p: d.biject_to(d.constraints.simplex),
    "identity_transform": lambda d, lib, p: d.identity_transform,
    "transform_to": lambda d, lib, p: d.transform_to(
        d.constraints.interval(p, 2 * p)),
}


@row(*[f"distributions.{name}" for name in TRANSFORMS], examples=10)
def maps(lib: Any, rng: Any, name: str) -> tuple:
    word = name.split(".")[1]
    square = word in ("LowerCholeskyTransform", "PositiveDefiniteTransform")

    def call(x: Any, p: Any) -> list:
        f = TRANSFORMS[word](lib.distributions, lib, p)
        y = f(x)
        found = [y, f.inv(y)]
        try:
            return [*found, f.log_abs_det_jacobian(x, y)]
        except NotImplementedError:
            return found

    size = (2, 3, 3) if square else (2, 3)
    return call, (between(rng, -2, 2, *size), positive(rng, 2, 3))
