"""The same seed gives torch's numbers, bit for bit, and torch's state."""

import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from scratch import random
from scratch.random import Generator
from scratch.tensor import wrap

DTYPES = {name: getattr(torch, name) for name in (
    "float16", "float32", "float64", "uint8", "int8", "int16", "int32",
    "int64", "bool")}
FLOATS = ["float16", "float32", "float64"]
SEEDS = st.integers(-2**63, 2**64 - 1)
SIZES = (st.integers(0, 40) | st.sampled_from([255, 256, 625, 5003, 40007]))
SPREADS = st.floats(1e-3, 1e3)


def generators(seed):
    """Ours and torch's, at the start of one stream."""
    return Generator().manual_seed(seed), torch.Generator().manual_seed(seed)


def assert_same_bits(ours, theirs):
    theirs = theirs.numpy()
    assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
    equal = (ours == theirs) | (ours != ours) & (theirs != theirs)
    assert equal.all() and (np.signbit(ours) == np.signbit(theirs)).all() \
        if ours.dtype.kind == "f" else equal.all()


def assert_same_state(ours, theirs):
    assert (ours.get_state().array == theirs.get_state().numpy()).all()


# ---- each distribution: how ours draws n numbers, and how torch does

@st.composite
def draws(draw):
    """One call: its name, ours, torch's."""
    n = draw(SIZES)
    kind = draw(st.sampled_from(FLOATS))
    t = DTYPES[kind]
    mean = draw(st.just(0.0) | st.floats(-1e3, 1e3))
    std = draw(SPREADS)
    p = draw(st.floats(0, 1))
    any_kind = draw(st.sampled_from(list(DTYPES)))
    blank = lambda kind=kind: torch.empty(n, dtype=DTYPES[kind])
    apart = lambda: torch.empty(n, 2, dtype=t)[:, 0]  # not contiguous
    low = draw(st.integers(-2**62, 2**62))
    high = low + draw(st.integers(1, 2**62) | st.integers(1, 2**29))
    small = draw(st.integers(0, 100))
    top = small + draw(st.integers(1, 27))
    weights = np.random.default_rng(small).random(max(n, 1)).astype(kind)
    # torch: no gamma and no binomial numbers of float16
    shares = weights.astype(np.result_type(kind, "float32"))
    some = draw(st.integers(1, max(n, 1)))
    return draw(st.sampled_from([
        (lambda g: g.uniform(n, dtype=kind),
         lambda g: torch.rand(n, dtype=t, generator=g)),
        (lambda g: g.uniform(n, mean, mean + std, kind),
         lambda g: blank().uniform_(mean, mean + std, generator=g)),
        (lambda g: g.normal(n, dtype=kind),
         lambda g: torch.randn(n, dtype=t, generator=g)),
        (lambda g: g.normal(n, mean, std, kind),
         lambda g: blank().normal_(mean, std, generator=g)),
        (lambda g: g.normal_pairs(n, mean, std, kind) if n > 1 else
         g.normal(n, mean, std, kind),
         lambda g: apart().normal_(mean, std, generator=g).contiguous()),
        (lambda g: g.log_normal(n, mean / 100, std, kind),
         lambda g: blank().log_normal_(mean / 100, std, generator=g)),
        (lambda g: g.exponential(n, std, kind),
         lambda g: blank().exponential_(std, generator=g)),
        (lambda g: g.cauchy(n, mean, std, kind),
         lambda g: blank().cauchy_(mean, std, generator=g)),
        (lambda g: g.trunc_normal(n, 0.0, 1.0, p - 3, p + 1.3, kind),
         lambda g: torch.nn.init.trunc_normal_(
             blank(), 0.0, 1.0, p - 3, p + 1.3, generator=g)),
        (lambda g: g.trunc_normal(n, 0.0, 1.0, p, p + 0.3, "float64"),
         lambda g: torch.nn.init.trunc_normal_(
             blank("float64"), 0.0, 1.0, p, p + 0.3, generator=g)),
        (lambda g: g.bernoulli(n, p, any_kind),
         lambda g: blank(any_kind).bernoulli_(p, generator=g)),
        (lambda g: g.bernoulli_each(weights),
         lambda g: torch.bernoulli(torch.from_numpy(weights), generator=g)),
        (lambda g: g.geometric(n, max(p / 2, 0.1), "int64"),
         lambda g: blank("int64").geometric_(max(p / 2, 0.1), generator=g)),
        (lambda g: g.poisson(weights * np.asarray(30, kind)),
         lambda g: torch.poisson(
             torch.from_numpy(weights * np.asarray(30, kind)), generator=g)),
        (lambda g: g.gamma(shares * 3),
         lambda g: torch._standard_gamma(torch.from_numpy(shares * 3),
                                         generator=g)),
        (lambda g: g.binomial(np.full_like(shares, 40), shares),
         lambda g: torch.binomial(torch.full_like(torch.from_numpy(shares),
                                                  40),
                                  torch.from_numpy(shares), generator=g)),
        (lambda g: g.random(n, any_kind),
         lambda g: blank(any_kind).random_(generator=g)),
        (lambda g: g.random_full(n),
         lambda g: blank("int64").random_(-2**63, None, generator=g)),
        (lambda g: g.randint(n, low, high),
         lambda g: torch.randint(low, high, (n,), generator=g)),
        (lambda g: g.randint(n, small, top, any_kind),
         lambda g: torch.randint(small, top, (n,), generator=g,
                                 dtype=DTYPES[any_kind]))
        if any_kind != "bool" else
        (lambda g: g.randint(n, 0, 2, "bool"),
         lambda g: torch.randint(0, 2, (n,), generator=g, dtype=torch.bool)),
        (lambda g: g.randperm(n),
         lambda g: torch.randperm(n, generator=g)),
        (lambda g: g.multinomial(weights, some, True),
         lambda g: torch.multinomial(
             torch.from_numpy(weights), some, True, generator=g)),
        # float16 scores tie, and who wins a tie is torch's sort's affair
        (lambda g: g.multinomial(weights.astype("float32"), some),
         lambda g: torch.multinomial(torch.from_numpy(
             weights.astype("float32")), some, generator=g)),
    ]))


@given(SEEDS, st.lists(draws(), min_size=1, max_size=4))
def test_any_sequence_of_draws_has_torchs_bits_and_leaves_its_state(
        seed, calls):
    ours, theirs = generators(seed)
    for our_call, their_call in calls:
        assert_same_bits(our_call(ours), their_call(theirs))
        assert_same_state(ours, theirs)


@given(SEEDS, st.sampled_from(FLOATS), st.integers(100_000, 200_000))
def test_many_numbers(seed, kind, n):
    ours, theirs = generators(seed)
    t = DTYPES[kind]
    assert_same_bits(ours.normal(n, 0.5, 2.0, kind), torch.empty(
        n, dtype=t).normal_(0.5, 2.0, generator=theirs))
    assert_same_bits(ours.uniform(n, -0.1, 0.1, kind), torch.empty(
        n, dtype=t).uniform_(-0.1, 0.1, generator=theirs))
    assert_same_state(ours, theirs)


@given(SEEDS, st.integers(1, 3), st.integers(1, 4), st.integers(1, 4))
def test_weights_of_several_rows(seed, rows, categories, n):
    ours, theirs = generators(seed)
    p = np.random.default_rng(rows).random((rows, categories))
    assert_same_bits(ours.multinomial(p, n, True), torch.multinomial(
        torch.from_numpy(p), n, True, generator=theirs))
    n = min(n, categories)
    assert_same_bits(ours.multinomial(p, n), torch.multinomial(
        torch.from_numpy(p), n, generator=theirs))


@pytest.mark.parametrize("p", [0.0, 1.0, 2.0**-53, 1 - 2.0**-53, 5e-324])
def test_bernoulli_at_the_edges(p):
    ours, theirs = generators(3)
    assert_same_bits(ours.bernoulli(2000, p),
                     torch.empty(2000).bernoulli_(p, generator=theirs))


# ---- seeds and states

@given(SEEDS)
@example(0)
@example(-1)
def test_a_seeded_generator_has_torchs_state(seed):
    ours, theirs = generators(seed)
    assert ours.initial_seed() == theirs.initial_seed()
    assert_same_state(ours, theirs)


def test_a_new_generator_is_torchs_new_one():
    assert_same_state(Generator(), torch.Generator())


@given(SEEDS, st.integers(0, 1300), st.integers(0, 2))
def test_the_state_moves_both_ways(seed, words, normals):
    ours, theirs = generators(seed)
    theirs_first = torch.Generator()
    ours.words(words)
    ours.normal(normals)  # one leaves its twin behind
    theirs_first.set_state(torch.from_numpy(ours.get_state().array))
    assert_same_state(ours, theirs_first)
    assert_same_bits(ours.normal(5), torch.randn(5, generator=theirs_first))

    torch.rand(words, generator=theirs)
    torch.randn(normals, generator=theirs)
    ours.set_state(wrap(theirs.get_state().numpy()))
    assert_same_state(ours, theirs)
    assert_same_bits(ours.normal(5), torch.randn(5, generator=theirs))


@pytest.mark.parametrize("copied", [
    Generator.clone_state, copy.copy, copy.deepcopy,
    lambda g: pickle.loads(pickle.dumps(g))])
def test_a_copy_goes_its_own_way_from_the_same_place(copied):
    g = Generator().manual_seed(5)
    g.normal(3)
    other = copied(g)
    expected = other.normal(20)
    assert (g.normal(20) == expected).all()
    g.words(7)
    assert (g.state_bytes() != other.state_bytes()).any()


@given(SEEDS)
def test_the_default_generator(seed):
    before = random.get_rng_state()
    assert random.manual_seed(seed) is random.default_generator
    torch.manual_seed(seed)
    assert random.initial_seed() == torch.initial_seed()
    assert (random.get_rng_state().array
            == torch.get_rng_state().numpy()).all()
    random.set_rng_state(before)
    assert (random.get_rng_state().array == before.array).all()


def test_a_fork_leaves_the_stream_where_it_was():
    random.manual_seed(1)
    expected = Generator().manual_seed(1).uniform(3)
    with random.fork_rng():
        random.default_generator.words(10)
    assert (random.default_generator.uniform(3) == expected).all()
    with random.fork_rng(enabled=False):
        random.default_generator.words(10)
    after = Generator().manual_seed(1)
    after.words(3 + 10)
    assert (random.get_rng_state().array == after.get_state().array).all()


def test_a_seed_from_nowhere_differs_each_time():
    g = Generator()
    first, second = g.seed(), g.seed()
    assert first != second and g.initial_seed() == second
    assert 0 <= second < 2**64
    assert random.seed() == random.initial_seed()


REFUSED = {
    "seed 1.5": lambda t, g: g.manual_seed(1.5),
    "seed True": lambda t, g: g.manual_seed(True),
    "seed text": lambda t, g: g.manual_seed("1"),
    "seed 2^64": lambda t, g: g.manual_seed(2**64),
    "seed -2^63 - 1": lambda t, g: g.manual_seed(-2**63 - 1),
    "default seed text": lambda t, g: t.manual_seed("a"),
    "state list": lambda t, g: g.set_state([1, 2]),
    "offset": lambda t, g: g.get_offset(),
}


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_refused_as_torch_refuses(call):
    g = Generator()
    g.words(3)
    before = g.state_bytes()
    with pytest.raises(Exception) as theirs:
        call(torch, torch.Generator())
    with pytest.raises(type(theirs.value)) as ours:
        call(random, g)
    assert str(ours.value) == str(theirs.value)
    assert (g.state_bytes() == before).all()


@pytest.mark.parametrize("state", [
    np.zeros(3), np.zeros(3, np.uint8), np.zeros(5056, np.uint8),
    np.zeros((5056, 2), np.uint8)[:, 0]], ids=str)
def test_states_refused_as_torch_refuses(state):
    g = Generator()
    before = g.state_bytes()
    with pytest.raises(Exception) as theirs:
        torch.Generator().set_state(torch.from_numpy(state))
    with pytest.raises(type(theirs.value)) as ours:
        g.set_state(wrap(state))
    assert str(ours.value) == str(theirs.value)
    assert (g.state_bytes() == before).all()


# ---- without torch: numbers written down

GOLDEN = [
    (lambda g: g.uniform(3),
     [0.49625658988952637, 0.7682217955589294, 0.08847743272781372]),
    (lambda g: g.normal(3),
     [1.5409960746765137, -0.293428897857666, -2.1787893772125244]),
    (lambda g: g.normal(16)[:3],
     [-1.1258398294448853, -1.152360200881958, -0.2505785822868347]),
    (lambda g: g.normal(16, dtype="float64")[:2],
     [-2.310411800234176, -0.3732508612577643]),
    (lambda g: g.exponential(2),
     [3.508326292037964, 1.2303847074508667]),
    (lambda g: g.randint(6, 0, 10), [4, 9, 3, 0, 3, 9]),
    (lambda g: g.randperm(6), [2, 5, 3, 0, 1, 4]),
    (lambda g: g.bernoulli(6, 0.5), [0, 0, 1, 0, 0, 0]),
    (lambda g: g.random(1), [900450186894289455]),
]


@pytest.mark.parametrize("call, expected", GOLDEN)
def test_numbers_of_seed_0_as_written_down(call, expected):
    assert call(Generator().manual_seed(0)).tolist() == expected
