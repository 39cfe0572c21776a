"""Families of distributions: torch's draws, densities and divergences.

One table of all families; drawn, asked for what they tell, differentiated
and compared with each other.
"""

import inspect
import pickle
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.rows.probabilities import (
    GAMMAS,
    ONCE,
    TRANSFORMS,
    TWICE,
    made,
)
from scratch import distributions, random

SEEDS = st.integers(0, 2**32)
FAMILIES = {**TWICE, **ONCE}
DISCRETE = ("Bernoulli Binomial Categorical Geometric Multinomial "
            "NegativeBinomial OneHotCategorical "
            "OneHotCategoricalStraightThrough Poisson").split()


def parameters(seed, kind=np.float64):
    form = np.random.default_rng(seed)
    return [form.uniform(0.2, 3.2, (2, 3)).astype(kind) for _ in "ab"]


def both(name, seed, kind=np.float64):
    """The distribution on each side, and its library; seeded alike."""
    for lib in (scratch, torch):
        lib.manual_seed(seed)
        yield lib, made(lib, name, *[lib.tensor(p) for p in
                                     parameters(seed, kind)])


def outcome(call):
    """The result of a call, or how it was refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call()
    except Exception as error:
        return type(error), str(error).replace("scratch.", "torch.")


def same(x, y, rtol=1e-9, atol=1e-12):
    if hasattr(y, "detach"):
        assert repr(x.dtype) == repr(y.dtype)
        assert tuple(x.shape) == tuple(y.shape)
        np.testing.assert_allclose(x.detach().numpy(), y.detach().numpy(),
                                   rtol=rtol, atol=atol)
    else:
        assert x == y


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=3)
@given(seed=SEEDS, sample=st.sampled_from([(), (4,), (2, 3)]),
       kind=st.sampled_from([np.float32, np.float64]))
def test_draws_are_torchs(name, seed, sample, kind):
    if name == "LKJCholesky":
        kind = np.float64  # 1 - Σw² cancels
    draws = []
    for _, d in both(name, seed, kind):
        methods = ["sample", "rsample"] if d.has_rsample else ["sample"]
        draws.append([outcome(lambda m=m, d=d: getattr(d, m)(sample))
                      for m in methods])
    for x, y in zip(*draws):
        same(x, y, *((1e-4, 1e-6) if kind == np.float32 else ()))
    assert (random.get_rng_state().array
            == torch.get_rng_state().numpy()).all()


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=2)
@given(seed=SEEDS)
def test_what_a_family_tells_of_itself(name, seed):
    found = []
    for _, d in both(name, seed):
        x = outcome(lambda d=d: d.sample((3,)))
        told = [repr(d), repr(d.support), tuple(d.batch_shape),
                tuple(d.event_shape), d.has_rsample, d.support.event_dim,
                d.has_enumerate_support, d.support.is_discrete,
                sorted(d.arg_constraints)]
        told += [outcome(lambda w=w, d=d: getattr(d, w)) for w in
                 "mean variance mode stddev".split()]
        told += [outcome(lambda w=w, d=d: getattr(d, w)()) for w in
                 "entropy perplexity enumerate_support".split()]
        told += [outcome(lambda w=w, d=d, x=x: getattr(d, w)(x)) for w in
                 "log_prob cdf".split()]
        told += [outcome(lambda d=d, x=x: d.icdf(d.cdf(x)))]
        wide = d.expand((4, *d.batch_shape))
        told += [repr(wide), outcome(wide.sample), outcome(
            lambda w=wide, x=x: w.log_prob(x[:1]))]
        found.append(told)
    for x, y in zip(*found):
        same(x, y)


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=2)
@given(seed=SEEDS)
def test_density_and_entropy_with_their_gradients(name, seed):
    *_, (_, d) = both(name, seed)
    x = outcome(lambda: d.sample((2,))).numpy()
    asks = ["log_prob"] if isinstance(outcome(d.entropy), tuple) else [
        "log_prob", "entropy"]

    def told(lib):
        def of(x, *p):
            d, x = made(lib, name, *p), (
                x.detach() if name in DISCRETE else x)
            return [d.log_prob(x) if word == "log_prob" else d.entropy()
                    for word in asks]
        return of

    # torch: trigamma has but nine digits; gammas differ in their gradients
    assert_parity(told(scratch), told(torch), x, *parameters(seed),
                  order=0 if name in ONCE else 2, single=False)
    if name in ONCE and name != "Wishart":
        inputs = [scratch.tensor(p, requires_grad=True)
                  for p in parameters(seed)]
        assert scratch.autograd.gradcheck(
            lambda *p: told(scratch)(scratch.tensor(x), *p), inputs,
            atol=1e-4)


@settings(max_examples=2, deadline=None)
@given(seed=SEEDS)
def test_divergences_of_all_pairs(seed):
    sides = []
    for lib in (scratch, torch):
        sets = [{name: made(lib, name, *[lib.tensor(p) for p in
                                         parameters(seed + i)])
                 for name in FAMILIES} for i in range(2)]
        sides.append([outcome(lambda p=p, q=q, lib=lib:
                              lib.distributions.kl_divergence(p, q))
                      for p in sets[0].values() for q in sets[1].values()])
    for x, y in zip(*sides):
        same(x, y)


@pytest.mark.parametrize("p, q", GAMMAS)
def test_divergences_of_gammas_have_the_slopes_of_differences(p, q):
    inputs = [scratch.tensor(a, requires_grad=True)
              for seed in (0, 1) for a in parameters(seed)]
    assert scratch.autograd.gradcheck(
        lambda a, b, c, d: distributions.kl_divergence(
            made(scratch, p, a + 0.5, b), made(scratch, q, c, d)), inputs)


@pytest.mark.parametrize("name", TRANSFORMS)
@settings(max_examples=3)
@given(seed=SEEDS)
def test_what_a_transform_tells_of_itself(name, seed):
    shapes = [(3,), (2, 3), (4, 2, 3), (3, 3), (2, 2, 1), ()]
    _, p = parameters(seed)
    found = []
    for lib in (scratch, torch):
        space = lib.distributions
        f = TRANSFORMS[name](space, lib, lib.tensor(p))
        told = [repr(f), repr(f.inv), f.inv.inv is f, f.inv == f.inv, f == 1,
                f == TRANSFORMS[name](space, lib, lib.tensor(p)), f.bijective]
        told += [outcome(lambda f=f, w=w: repr(getattr(f, w)))
                 for w in ("domain", "codomain", "event_dim")]
        told += [outcome(lambda f=f: f.sign), f.with_cache(0) is f]
        told += [outcome(lambda f=f, w=w, s=s, lib=lib: tuple(
            getattr(f, w)(lib.Size(s))))
            for w in ("forward_shape", "inverse_shape") for s in shapes]
        x = lib.tensor(p)
        g = outcome(lambda f=f: f.with_cache())
        if not isinstance(g, tuple):
            y = outcome(lambda g=g, x=x: g(x))
            told += [y if isinstance(y, tuple) else (
                g(x) is y, outcome(lambda g=g, y=y: g.inv(y)) is x)]
        assert not pickle.loads(pickle.dumps(lib.distributions
                                             .ExpTransform())) == 3
        found.append(told)
    for x, y in zip(*found):
        same(x, y)


@given(seed=SEEDS)
@settings(max_examples=2, deadline=None)
def test_constraints_check_and_transform_as_torchs(seed):
    form = np.random.default_rng(seed)
    a = form.normal(size=(3, 3))
    values = [a, a @ a.T, np.tril(a), np.abs(a), np.eye(3), np.round(a),
              a / a.sum(-1, keepdims=True), np.round(np.abs(a)),
              np.tril(np.abs(a)) / np.linalg.norm(np.tril(a), axis=-1)[
                  :, None], a[0], np.zeros((2, 3, 3)), np.array(1.5)]
    found = []
    for lib in (scratch, torch):
        space, told = lib.distributions.constraints, []
        chosen = [getattr(space, name)
                  for name in distributions.constraints.__all__]
        chosen = [c for c in chosen if isinstance(c, space.Constraint)]
        chosen += [space.cat([space.positive, space.real], -1, [1, 2]),
                   space.stack([space.positive] * 3, -1),
                   space.interval(-1., 1.), space.half_open_interval(0., 1.),
                   space.integer_interval(0, 2), space.less_than(0.5),
                   space.multinomial(3), space.independent(space.real, 2),
                   space.MixtureSameFamilyConstraint(space.positive),
                   space.dependent(event_dim=1)]
        for c in chosen:
            told += [repr(c), outcome(lambda c=c: (c.event_dim,
                                                   c.is_discrete))]
            told += [outcome(lambda c=c, v=v, lib=lib:
                             c.check(lib.tensor(v))) for v in values]
            for registry in (lib.distributions.biject_to,
                             lib.distributions.transform_to):
                told += [outcome(lambda c=c, r=registry: repr(r(c)))]
        found.append(told)
    for x, y in zip(*found):
        same(x, y)


CALLS = """
Beta(-1., 1.) | Beta(T(1.), T(0.)) | Dirichlet(T(1.)) | Dirichlet(T([0., 1.]))
Gamma(T([1., -1.]), 1.) | Gamma('a', 1.) | Gamma(1., 1.).log_prob(T(-1.))
Gamma(1., 1.).log_prob(2.) | Chi2(-1.) | Chi2(2.) | Chi2(T([1., 2.])).df
Laplace(0., 0.) | Laplace(0., 1.).log_prob(1.) | Cauchy(T(float('nan')), 1.)
StudentT(0.) | StudentT(T([3., 1.5, .5])).variance | StudentT(3.).mean
Geometric(0.) | Geometric(2.) | Geometric() | Geometric(.5, .5)
Geometric(T([0., .5])) | Geometric(.5).log_prob(T(.5)) | Geometric(T(1.)).mode
Poisson(-1.) | Poisson(2.).log_prob(T(1.5)) | Poisson(2.).entropy()
Poisson(0.).sample() | Poisson(T([0., 2.])).log_prob(T([0., 0.]))
Binomial(-1, .5) | Binomial(2.5, .5) | Binomial(3, 1.5) | Binomial(3)
Binomial(3, .5).log_prob(T(4.)) | Binomial(T([2, 3]), T(.5)).entropy()
Binomial(3, T(.5)).enumerate_support() | Binomial(3, logits=T(0.)).mean
Binomial(T([2., 3.]), T(.5)).enumerate_support()
Binomial(3, T([0., 1.])).mode | NegativeBinomial(-1, .5)
NegativeBinomial(3, 1.) | NegativeBinomial(3)
NegativeBinomial(T(0.), T(.5)).log_prob(T(0.))
NegativeBinomial(3, T(.5)).mode | Gumbel(0., -1.) | Gumbel(0., 1.)
Gumbel(0., 1.).mean | Gumbel(T([0.]), 1.) | Pareto(1., 0.)
Pareto(1., 2.).log_prob(T(.5)) | Pareto(T(1.), T(.5)).mean | Weibull(1., -1.)
Kumaraswamy(1., 0.) | Kumaraswamy(T(.5), T(2.)).mode | HalfNormal(-1.)
HalfNormal(1.).log_prob(T(-1.)) | HalfCauchy(1.).mean | LogNormal(0., -1.)
LogNormal(0., 1.).cdf(T(-1.)) | LogNormal(0., 1.).stddev
InverseGamma(-1., 1.) | InverseGamma(T([.5, 3.]), T(1.)).variance
ContinuousBernoulli(1.5) | ContinuousBernoulli(.5).mean
ContinuousBernoulli(1.5, validate_args=True) | ContinuousBernoulli(.5, .5)
ContinuousBernoulli(T([.2, .5])).cdf(T([0., 1.])) | VonMises(0., -1.)
VonMises(0., 1.).entropy() | FisherSnedecor(1., 0.)
FisherSnedecor(3., 3.).mean
OneHotCategorical(T([.5, .5])).log_prob(T([1., 1.])) | OneHotCategorical()
Multinomial(3, logits=T([0., -inf, 1.])).log_prob(T([1., 0., 2.]))
Multinomial(3, logits=T([0., -inf, 1.])).log_prob(T([1., 1., 1.]))
OneHotCategorical(T([.5, .5])).enumerate_support() | OneHotCategorical(T(1.))
RelaxedBernoulli(T(.5), 2.) | RelaxedBernoulli(T(.5), T(.5)).log_prob(T(2.))
RelaxedOneHotCategorical(T(.5), T([.5, .5])).log_prob(T([.5, .6]))
LogisticNormal(0., 1.).sample() | LogisticNormal(T([0., 1.]), -1.)
MultivariateNormal(T(0.), E) | MultivariateNormal(T([0., 0.])) | E.shape
MultivariateNormal(T([0., 0.]), E, E) | MultivariateNormal(T([0., 0.]), -E)
MultivariateNormal(T([0., 0.]), T([1.])) | MultivariateNormal(T([0., 0.]), E)
MultivariateNormal(T([0., 0.]), scale_tril=T([[1., 1.], [0., 1.]]))
MultivariateNormal(T([0., 0.]), precision_matrix=E + .5).rsample()
MultivariateNormal(T([0., 0.]), T([[2., 1.], [0., 2.]]))
LowRankMultivariateNormal(T([0., 0.]), T([1.]), T([1., 1.]))
LowRankMultivariateNormal(T([0., 0.]), E, T([1.]))
LowRankMultivariateNormal(T([0., 0.]), E[:1], T([1., 1.]))
LowRankMultivariateNormal(T([0., 0.]), E, T([1., 2.])).precision_matrix
LowRankMultivariateNormal(T([0., 0.]), E, T([1., 2.])).scale_tril
Wishart(T(1.), E) | Wishart(3., E, E) | Wishart(3., T(1.))
Wishart(5., E).mode | Wishart(T([3., 4.]), E).log_prob(E) | LKJCholesky(1)
LKJCholesky(3, -1.) | LKJCholesky(2).log_prob(E)
LKJCholesky(2).log_prob(2 * E) | MixtureSameFamily(1, 2)
MixtureSameFamily(C, 2) | MixtureSameFamily(C, N)
MixtureSameFamily(C, Normal(T([0., 1., 2.]), 1.))
MixtureSameFamily(C, Normal(T([0., 1.]), 1.)) | Independent(N, 2)
MixtureSameFamily(C, Normal(T([0., 1.]), 1.)).cdf(T(0.))
MixtureSameFamily(Categorical(T([[.5, .5]] * 2)), Normal(T([[0., 1.]] * 3), 1.))
TransformedDistribution(N, 3) | TransformedDistribution(N, [3])
TransformedDistribution(N, []) | TransformedDistribution(N, []).support
TransformedDistribution(N, StickBreakingTransform())
TransformedDistribution(N, [TanhTransform()]).log_prob(T(2.))
TransformedDistribution(N, [AffineTransform(0., -2.)]).cdf(T(1.))
TransformedDistribution(N, [AffineTransform(T([0., 1.]), 1.)]).batch_shape
GeneralizedPareto(T([0., 1.]), 1., T([0., .7])).variance
GeneralizedPareto(0., 1., T([-.5, .3])).log_prob(T([.2, .3]))
GeneralizedPareto(0., 1., .3).log_prob(T(-1.))
GeneralizedPareto(0., 1., .3).cdf(T(2.))
GeneralizedPareto(T([0.]), 1., T([-.5])).rsample()
GeneralizedPareto(0., -1., 1.)
GeneralizedPareto(0., 1., T([-.5, 0.])).support
GeneralizedPareto(0., 1., .3).mean | GeneralizedPareto(0., 1., .3).entropy()
GeneralizedPareto(0., 1., .3).expand((2,)) | ExpTransform(cache_size=2)
Transform()(1) | Transform().inv(1) | Transform().sign
Transform().log_abs_det_jacobian(1, 2) | CatTransform([1])
StackTransform([1]) | CatTransform([ExpTransform()], 0, [1, 2])
StackTransform([ExpTransform()])(T([1., 2.]))
CatTransform([ExpTransform()])(T([1., 2.]))
CatTransform([ExpTransform()])(T(1.)) | ReshapeTransform((2, 3), (5,))
ReshapeTransform((2,), (2, 1))(T([1., 2.]))
IndependentTransform(ExpTransform(), 1)(T(1.)) | AffineTransform(0., 1.) == 3
AffineTransform(0., T(1.)) == AffineTransform(T(0.), T(1.)) | N.sample_n(2)
AffineTransform(1., T([1., 2.]), 1).log_abs_det_jacobian(T([1., 2.]), 3)
biject_to(3) | biject_to.register(3)(4) | transform_to(constraints.symmetric)
Bernoulli(T(.5)).expand((2,)).entropy() | ExponentialFamily().entropy()
constraints.independent(3, 1) | constraints.independent(constraints.real, -1)
constraints.dependent.check(1) | constraints.dependent.event_dim
constraints.cat([1]) | constraints.cat([constraints.real], 0, [1, 2])
Distribution() | Distribution().mean | Distribution(validate_args=False).mode
kl_divergence(N, Gamma(1., 1.)) | kl_divergence(Beta(1., 1.), Poisson(1.))
kl_divergence(Chi2(2.), Gamma(1., 1.))
kl_divergence(Binomial(2, .5), Binomial(3, .5))
kl_divergence(Binomial(3, T([.5])), Binomial(2, T([.5])))
kl_divergence(LogNormal(0., 1.), HalfNormal(1.))
"""


@pytest.mark.parametrize("call", [c.strip() for line in CALLS.split("\n")
                                  for c in line.split(" | ") if c.strip()])
def test_refused_where_torch_refuses(call):
    found = []
    for lib in (scratch, torch):
        lib.manual_seed(0)
        space = {**vars(lib.distributions), "T": lib.tensor,
                 "E": lib.eye(2), "float": float, "inf": lib.inf}
        space["N"] = space["Normal"](0., 1.)
        space["C"] = space["Categorical"](lib.tensor([.5, .5]))

        def shown(space=space):
            value = eval(call, space)
            return value if hasattr(value, "dtype") else repr(value)

        found.append(outcome(shown))
    same(*found, rtol=1e-5)


def test_a_subclass_expands_by_its_own_method():
    found = []
    for lib in (scratch, torch):
        space = lib.distributions

        class Own(space.Normal):
            def __init__(self, loc):
                super().__init__(loc, 1.0)

        class Expanding(Own):
            def expand(self, batch_shape, _instance=None):
                twin = self._get_checked_instance(Expanding, _instance)
                twin.kept = "kept"
                return super().expand(batch_shape, _instance=twin)

        wide = Expanding(lib.zeros(1)).expand((3,))
        found.append([outcome(lambda own=Own, lib=lib: own(lib.zeros(1))
                              .expand((3,))),
                      type(wide).__name__, wide.kept, repr(wide)])
    assert found[0] == found[1]


def test_a_distribution_of_ones_own_is_warned_of_what_it_lacks():
    found = []
    for lib in (scratch, torch):

        class Bare(lib.distributions.Distribution):
            def log_prob(self, value):
                self._validate_sample(value)
                return value

        with pytest.warns(UserWarning) as caught:
            Bare().log_prob(lib.tensor(1.0))
        found.append([str(w.message).split("> ")[1] for w in caught])
    assert found[0] == found[1]


@pytest.mark.parametrize("name", sorted(
    n for n, c in vars(torch.distributions).items() if inspect.isclass(c)))
def test_signatures_are_torchs(name):
    mine, yours = getattr(distributions, name), getattr(
        torch.distributions, name)
    for word in ("__init__", "expand", "rsample", "sample", "log_prob"):
        if not hasattr(yours, word) or word not in vars(yours):
            continue
        signs = [[(p.name, p.kind) for p in inspect.signature(
            getattr(kind, word)).parameters.values()]
            for kind in (mine, yours)]
        assert signs[0] == signs[1], word
