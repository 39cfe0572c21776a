"""Distributions: torch's draws, densities, divergences and refusals."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import distributions as theirs

import scratch
from parity_tests.parity import assert_parity
from scratch import distributions as ours
from scratch import random

SIDES = ((scratch, ours, random.manual_seed),
         (torch, theirs, torch.manual_seed))
SEEDS = st.integers(0, 2**32)


def parameters(seed, *shape):
    """Two sets of parameters for every distribution, by name."""
    form = np.random.default_rng(seed)
    u = lambda low, high: form.uniform(low, high, shape)
    rows = lambda: form.uniform(0.1, 1, (*shape, 4))
    make = lambda: {
        "Normal": (u(-2, 2), u(0.2, 3)),
        "Uniform": (u(-2, 0), u(0.5, 3)),
        "Exponential": (u(0.2, 3),),
        "Bernoulli": (u(0.05, 0.95),),
        "Categorical": (rows(),),
    }
    return make(), make()


NAMES = ["Normal", "Uniform", "Exponential", "Bernoulli", "Categorical"]
BUILD = {name: lambda d, name=name: getattr(d, name) for name in NAMES}
BUILD |= {
    "Bernoulli logits": lambda d: lambda z: d.Bernoulli(logits=z - 0.5),
    "Categorical logits": lambda d: lambda z: d.Categorical(logits=z),
    "Multinomial": lambda d: lambda p: d.Multinomial(5, p),
    "Multinomial logits": lambda d: lambda z: d.Multinomial(3, logits=z),
    "Independent": lambda d: lambda m, s: d.Independent(d.Normal(m, s), 1),
}
OF = {"Bernoulli logits": "Bernoulli", "Categorical logits": "Categorical",
      "Multinomial": "Categorical", "Multinomial logits": "Categorical",
      "Independent": "Normal"}


def built(lib, package, name, arrays):
    return BUILD[name](package)(*[lib.tensor(a) for a in arrays])


def same(a, b):
    assert repr(a.dtype) == repr(b.dtype)
    assert tuple(a.shape) == tuple(b.shape)
    np.testing.assert_allclose(a.detach().numpy(), b.detach().numpy(),
                               rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", BUILD)
@given(seed=SEEDS, shape=st.sampled_from([(3,), (2, 3), (1,), (0,)]),
       sample=st.sampled_from([(), (4,), (2, 3), (0,)]),
       kind=st.sampled_from([np.float32, np.float64]))
def test_draws_are_torchs(name, seed, shape, sample, kind):
    if 0 in (*shape, *sample) and ("Cat" in name or "Multi" in name):
        return  # torch: multinomial draws at least one number
    arrays = parameters(seed, *shape)[0][OF.get(name, name)]
    arrays = [a.astype(kind) for a in arrays]
    draws = []
    for lib, package, sow in SIDES:
        sow(seed)
        d = built(lib, package, name, arrays)
        methods = ["sample", "rsample"] if d.has_rsample else ["sample"]
        draws.append([getattr(d, m)(sample) for m in methods])
    for x, y in zip(*draws):
        assert repr(x.dtype) == repr(y.dtype) and x.shape == tuple(y.shape)
        np.testing.assert_allclose(x.detach().numpy(), y.detach().numpy(),
                                   rtol=2e-7)
    assert (random.get_rng_state().array
            == torch.get_rng_state().numpy()).all()


@pytest.mark.parametrize("name", BUILD)
@given(seed=SEEDS)
def test_what_a_distribution_tells_of_itself(name, seed):
    arrays = parameters(seed, 2, 3)[0][OF.get(name, name)]
    d, e = (built(lib, package, name, arrays) for lib, package, _ in SIDES)
    assert tuple(d.batch_shape) == tuple(e.batch_shape)
    assert tuple(d.event_shape) == tuple(e.event_shape)
    assert repr(d) == repr(e)
    assert repr(d.support).split("=")[0] == repr(e.support).split("=")[0]
    assert (d.has_rsample, d.has_enumerate_support) == (
        e.has_rsample, e.has_enumerate_support)
    for word in "mean variance stddev mode".split():
        try:
            expected = getattr(e, word)
        except NotImplementedError:
            with pytest.raises(NotImplementedError):
                getattr(d, word)
            continue
        same(getattr(d, word), expected)
    same(d.perplexity(), e.perplexity())
    if e.has_enumerate_support:
        same(d.enumerate_support(), e.enumerate_support())
        same(d.enumerate_support(False), e.enumerate_support(expand=False))


@pytest.mark.parametrize("name", BUILD)
@given(seed=SEEDS)
def test_expand_repeats_the_parameters(name, seed):
    arrays = parameters(seed, 1, 3)[0][OF.get(name, name)]
    results = []
    for lib, package, sow in SIDES:
        sow(seed)
        d = built(lib, package, name, arrays)
        wide = d.expand((4, *d.batch_shape))
        x = wide.sample()
        results.append((wide, wide.mean, x, wide.log_prob(x)))
    (d, *a), (e, *b) = results
    assert type(d).__name__ == type(e).__name__
    assert tuple(d.batch_shape) == tuple(e.batch_shape)
    for x, y in zip(a, b):
        same(x, y)


def values(name, seed, e):
    """Something that can be drawn, as an array."""
    torch.manual_seed(seed)
    return e.sample((2,)).numpy()


@pytest.mark.parametrize("name", BUILD)
@given(seed=SEEDS)
def test_log_prob_and_entropy_with_their_gradients(name, seed):
    arrays = parameters(seed, 3)[0][OF.get(name, name)]
    x = values(name, seed, built(torch, theirs, name, arrays))
    whole = x.dtype.kind != "f" or "Bern" in name or "Multi" in name

    def density(lib, package):
        def of(x, *p):
            return BUILD[name](package)(*p).log_prob(
                x.detach() if whole else x)
        return of

    assert_parity(density(scratch, ours), density(torch, theirs), x, *arrays)
    assert_parity(lambda *p: BUILD[name](ours)(*p).entropy(),
                  lambda *p: BUILD[name](theirs)(*p).entropy(), *arrays)


@pytest.mark.parametrize("name", ["Normal", "Uniform", "Exponential"])
@given(seed=SEEDS)
def test_cdf_and_its_inverse(name, seed):
    arrays = parameters(seed, 3)[0][name]
    d, e = (built(lib, package, name, arrays) for lib, package, _ in SIDES)
    x = values(name, seed, e)
    same(d.cdf(scratch.tensor(x)), e.cdf(torch.tensor(x)))
    p = np.random.default_rng(seed).random((2, 3))
    same(d.icdf(scratch.tensor(p)), e.icdf(torch.tensor(p)))
    same(d.cdf(d.icdf(scratch.tensor(p))), torch.tensor(p))


PAIRS = [(p, p) for p in BUILD if "Multi" not in p] + [
    ("Exponential", "Normal"), ("Uniform", "Normal"),
    ("Uniform", "Exponential"), ("Exponential", "Uniform"),
    ("Normal", "Uniform"), ("Normal", "Exponential")]


@pytest.mark.parametrize("one, other", PAIRS)
@given(seed=SEEDS)
def test_kl_divergence_with_its_gradients(one, other, seed):
    first, second = parameters(seed, 3)
    ps, qs = first[OF.get(one, one)], second[OF.get(other, other)]

    def divergence(package):
        def of(*arrays):
            return package.kl_divergence(
                BUILD[one](package)(*arrays[:len(ps)]),
                BUILD[other](package)(*arrays[len(ps):]))
        return of

    # the terms cancel where p is near q, so that in float32 an example alone
    # tells nothing: the rows of the report judge many
    assert_parity(divergence(ours), divergence(theirs), *ps, *qs,
                  single=False)


@pytest.mark.parametrize("p, q", [((0., 1., 0.5), (0.5, 0., 1.)),
                                  ((1., 0.), (1., 0.)), ((0.,), (1.,))])
def test_kl_of_what_is_certain(p, q):
    for name in "Bernoulli", "Categorical":
        if name == "Categorical" and not sum(p) * sum(q):
            continue
        results = [package.kl_divergence(
            getattr(package, name)(lib.tensor([*p], dtype=lib.float64)),
            getattr(package, name)(lib.tensor([*q], dtype=lib.float64)))
            for lib, package, _ in SIDES]
        same(*results)


CALLS = {  # refused, or not: as in torch
    "scale 0": lambda lib, d: d.Normal(0., 0.),
    "scale nan": lambda lib, d: d.Normal(0., float("nan")),
    "no number": lambda lib, d: d.Normal("a", 1.),
    "unchecked": lambda lib, d: d.Normal(0., -1., validate_args=False).mean,
    "low above high": lambda lib, d: d.Uniform(1., 0.),
    "low = high": lambda lib, d: d.Uniform(lib.zeros(2), lib.zeros(2)),
    "rate -1": lambda lib, d: d.Exponential(-1.),
    "p 1.5": lambda lib, d: d.Bernoulli(1.5),
    "both": lambda lib, d: d.Bernoulli(0.5, 0.5),
    "neither": lambda lib, d: d.Categorical(),
    "0-dim": lambda lib, d: d.Categorical(lib.tensor(1.)),
    "negative": lambda lib, d: d.Categorical(lib.tensor([-1., 2.])),
    "nan logits": lambda lib, d: d.Categorical(
        logits=lib.tensor([float("nan"), 0.])),
    "count": lambda lib, d: d.Multinomial(lib.ones(2), lib.ones(2)),
    "outside": lambda lib, d: d.Uniform(0., 1.).log_prob(lib.tensor(2.)),
    "at high": lambda lib, d: d.Uniform(0., 1.).log_prob(lib.tensor(1.)),
    "half": lambda lib, d: d.Bernoulli(.5).log_prob(lib.tensor(.5)),
    "category 2": lambda lib, d: d.Categorical(lib.ones(2)).log_prob(
        lib.tensor(2)),
    "number": lambda lib, d: d.Normal(0., 1.).log_prob(1.),
    "shape": lambda lib, d: d.Normal(lib.zeros(3), 1.).log_prob(lib.zeros(2)),
    "event": lambda lib, d: d.Multinomial(2, lib.ones(3)).log_prob(
        lib.zeros(2)),
    "too many": lambda lib, d: d.Multinomial(2, lib.ones(3)).log_prob(
        lib.ones(3)),
    "dims": lambda lib, d: d.Independent(d.Normal(0., 1.), 1),
    "kl": lambda lib, d: d.kl_divergence(d.Uniform(0., 1.), d.Bernoulli(.5)),
    "rsample": lambda lib, d: d.Bernoulli(.5).rsample(),
    "mode": lambda lib, d: d.Multinomial(2, lib.ones(3)).mode,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_refused_where_torch_refuses(call):
    outcomes = []
    for lib, package, _ in SIDES:
        try:
            outcomes.append(call(lib, package))
        except Exception as error:
            outcomes.append(error)
    mine, expected = outcomes
    assert isinstance(mine, Exception) == isinstance(expected, Exception)
    if isinstance(expected, Exception):
        assert type(mine) is type(expected), mine
        assert str(mine).replace("scratch.", "torch.") == str(expected)
    else:
        same(mine, expected)


def test_validation_can_be_turned_off_and_on():
    assert ours.Distribution._validate_args
    ours.Distribution.set_default_validate_args(False)
    try:
        ours.Normal(0., -1.)
    finally:
        ours.Distribution.set_default_validate_args(True)
    with pytest.raises(ValueError):
        ours.Normal(0., -1.)
    with pytest.raises(ValueError):
        ours.Distribution.set_default_validate_args(2)


def test_a_learner_can_register_a_divergence():
    class Tilted(ours.Normal):
        pass

    @ours.register_kl(Tilted, ours.Normal)
    def rule(p, q):
        return "tilted"

    p, q = Tilted(0., 1.), ours.Normal(0., 1.)
    assert ours.kl_divergence(p, q) == "tilted"
    assert ours.kl_divergence(q, p).item() == 0


@given(SEEDS, st.lists(st.integers(1, 3), max_size=4), st.data())
def test_what_other_distributions_are_built_of(seed, shape, data):
    n = data.draw(st.integers(0, len(shape)))
    kind = data.draw(st.sampled_from(["float32", "float64"]))
    found = []
    for lib, space, sow in SIDES:
        sow(seed)
        tools = space.utils
        z = tools._standard_normal(tuple(shape), getattr(lib, kind),
                                   lib.device("cpu"))
        found.append((z, tools._sum_rightmost(z, n)))
    for mine, other in zip(*found):
        assert str(mine.dtype) == str(other.dtype)
        np.testing.assert_allclose(mine.numpy(), other.numpy(), rtol=1e-5,
                                   atol=1e-6)
