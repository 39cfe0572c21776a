"""Random tensors: torch's numbers, places, dtypes, gradients and refusals."""

import re
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from scratch import random

SIDES = (scratch, random.manual_seed), (torch, torch.manual_seed)
SEEDS = st.integers(0, 2**32)
FLOATS = ["float16", "float32", "float64"]
KINDS = [*FLOATS, "uint8", "int8", "int16", "int32", "int64", "bool",
         "complex64", "complex128"]

# Calls of lib.…, or of a tensor by its letter in `letters`.
WORK = """
rand(2, 3) | rand((2, 3)) | rand([2, 3]) | rand(size=(2, 3)) | rand(())
rand(lib.tensor(3)) | rand(0) | rand(2, 0) | rand(17, dtype=lib.float16)
rand(20, dtype=lib.complex64) | rand(2, 3, dtype=lib.complex128)
rand(2, requires_grad=True) | rand(2, device="cpu", pin_memory=False)
rand(2, generator=g) | rand(2, out=lib.zeros(5)) | rand(2, dtype=float)
rand(3, out=lib.zeros(0, dtype=lib.float64))
randn(5) | randn(33) | randn(4, 5) | randn(33, dtype=lib.float64)
randn(20, dtype=lib.complex64) | randn(2, dtype=lib.complex64)
randn(5, out=lib.zeros(5)) | randn(2, generator=g, requires_grad=True)
randint(3, (2,)) | randint(1, 3, (2,)) | randint(3, size=(2,))
randint(low=0, high=3, size=(2,)) | randint(high=3, size=(2,))
randint(3, (9,), dtype=lib.float32) | randint(0, 3, (0,))
randint(0, 2, (9,), dtype=lib.bool) | randint(0, 256, [9], dtype=lib.uint8)
randint(0, 3, (2,), dtype=lib.float32, requires_grad=True)
randint(0, 4000, (9,), dtype=lib.float16) | randint(0, 3, [])
randint(0, 2**40, (9,), dtype=lib.float32)
randint(lib.tensor(1), lib.tensor(5), (9,))
randint(0, 5, (9,), generator=g, out=lib.zeros(2, dtype=lib.int32))
randperm(0) | randperm(1) | randperm(50) | randperm(5, dtype=lib.float32)
randperm(2049, dtype=lib.float16) | randperm(256, dtype=lib.uint8)
randperm(5, out=lib.zeros(0, dtype=lib.int32)) | randperm(n=5, generator=g)
rand_like(f) | rand_like(i, dtype=lib.float32) | rand_like(gr)
rand_like(f, requires_grad=True) | rand_like(f, generator=g)
randn_like(lib.zeros(5, 7).t()) | rand_like(lib.zeros(5, 7).t())
randn_like(lib.zeros(2, 3, 4).permute(2, 0, 1)) | randn_like(c)
randint_like(f, 3) | randint_like(f, 1, 3) | randint_like(f, low=1, high=3)
randint_like(f, high=3) | randint_like(i, 3, dtype=lib.float32)
normal(0., 1., (3,)) | normal(0, 1, (3,)) | normal(mean=0., std=1., size=(3,))
normal(f) | normal(f, 2.) | normal(0., f) | normal(std=f, mean=0.)
normal(lib.zeros(3, 1), lib.ones(2)) | normal(f, i) | normal(f, d + 1)
normal(d, f) | normal(gr, 1.) | normal(2., gr) | normal(gr, gr)
normal(h, 1.) | normal(h + 1, h + .3) | normal(h, f) | normal(f, h)
normal(0., 1., (3,), requires_grad=True, dtype=lib.float64)
normal(f, f, out=lib.zeros(3)) | normal(0., 1., (3,), out=lib.zeros(0))
normal(lib.tensor(0.), f) | normal(f, lib.tensor(2., dtype=lib.float64))
normal(0.1, lib.ones(2, 3).t()) | normal(lib.zeros(4, 5), 2., generator=g)
normal(lib.zeros(0), 1.) | normal(1.7, 2.3, (40,)) | normal(1.7, 2.3, (5,))
bernoulli(f) | bernoulli(gr / 2) | bernoulli(f, .5) | bernoulli(i, .5)
bernoulli(gr, .5) | bernoulli(h + .5) | bernoulli(d + .5) | f.bernoulli()
bernoulli(lib.ones(2), out=lib.zeros(0, dtype=lib.int64)) | f.bernoulli(.5)
bernoulli(lib.full((3, 4), .3).t()) | bernoulli(f, generator=g)
poisson(t(1., 3.)) | poisson(gr) | poisson(h + 3) | poisson(d + 30)
poisson(f, generator=g) | poisson(t(0., 0.)) | poisson(lib.ones(2, 3).t())
multinomial(lib.ones(3), 2) | multinomial(lib.ones(2, 3), 2)
multinomial(t(0., 1.), 2) | multinomial(lib.ones(0, 3), 2)
gr.multinomial(2) | f.multinomial(1) | multinomial(d + 1, 5, True)
multinomial(f, num_samples=20, replacement=True, generator=g)
multinomial(lib.ones(2, 3).t(), 5, True)
multinomial(f, 2, out=lib.zeros(0, dtype=lib.int64))
f.uniform_() | f.uniform_(0, 0) | f.uniform_(to=3) | c.uniform_()
f.uniform_(lib.tensor(.5), lib.tensor(1.)) | f.uniform_(True, 2)
gr.uniform_() | d.uniform_(-3, 5, generator=g) | lib.ones(4, 5).t().uniform_()
h.uniform_() | f.normal_() | gr.normal_() | c.normal_() | f.normal_(nan, 1)
f.normal_(mean=1, std=2, generator=g) | f.normal_(0, inf) | h.normal_(1, 2)
i[:0].normal_() | lib.zeros(40).normal_(3, 2) | lib.zeros(5, 7).t().normal_()
lib.zeros(40, 2)[:, 0].normal_() | lib.zeros(4, 5, 6)[:, ::2].normal_(1, 2)
gr.bernoulli_() | gr.bernoulli_(.3) | gr.bernoulli_(f) | i.bernoulli_(f)
b.bernoulli_() | f.bernoulli_(True) | f.bernoulli_(lib.tensor(.5))
lib.zeros(4, 5).t().bernoulli_(lib.full((5, 4), .5)) | d.bernoulli_(d + .5)
lib.zeros(4, 5).t().bernoulli_(lib.arange(4) / 4.) | u.bernoulli_(d + .5)
gr.exponential_() | f.exponential_(inf) | f.exponential_(lambd=2)
i[:0].exponential_() | gr.random_() | gr.random_(3) | gr.random_(1, 3)
f.random_(0, 2**25) | h.random_(0, 5000) | i.random_(2**63 - 1)
i.random_(5, None) | i.random_(-2**63, None) | f.random_(-2**63, None)
f.random_(5, None) | u.random_(5, None) | b.random_(2) | i.random_(to=5)
b.random_() | u.random_() | i.random_() | h.random_() | d.random_()
i.random_(-2**63, 2**63 - 1) | i.random_(1, to=5) | f.random_(-2**26, 0)
gr.cauchy_() | f.cauchy_(median=1, sigma=2) | h.cauchy_() | d.cauchy_(3)
gr.log_normal_() | f.log_normal_(mean=0, std=1) | d.log_normal_()
gr.geometric_(.5) | f.geometric_(p=.2) | i.geometric_(.5) | u.geometric_(.4)
"""
REFUSED = """
rand() | rand(-1) | rand(2.5) | rand("a") | rand(2, dtype=lib.int64)
randn(2, dtype=lib.int64) | rand(2, dtype=lib.bool) | rand(None) | rand(True)
rand(2, generator=3) | rand(2, foo=3) | rand((2, 3.5)) | rand(2, (3,))
rand(2, out=lib.zeros(0, dtype=lib.float64), dtype=lib.float32)
randn(2, out=lib.zeros(0, dtype=lib.int64)) | rand(2, out=3)
rand(2, device="cuda") | randint(3, 2) | randint(0, 3, (2,), dtype=lib.bool)
randint(3, 3, (2,)) | randint(5, 3, (2,)) | randint(0, 3, (2, -1))
randint(0, 300, (2,), dtype=lib.uint8)
randint(-3, 3, (2,), dtype=lib.uint8)
randint(0, 3, (2,), requires_grad=True) | randint(1.5, 3, (2,)) | randint(3)
randint(0, 3, (2,), dtype=lib.complex64) | randint(0, 3, size=2)
randint(0, 70000, (2,), dtype=lib.float16) | randint(0, 2**63, (2,))
randint(0, 3, "ab") | randint(0, 3, 2, 3) | randint(0, 3, (2.5,))
randint(0, 3, (2,), generator=3) | randperm(-1) | randperm(3.5)
randperm(5, dtype=lib.bool) | randperm(257, dtype=lib.uint8) | randperm("a")
randperm(3000, dtype=lib.float16) | randperm(5, dtype=lib.complex64)
randperm(5, requires_grad=True) | randperm(3, generator=3)
rand_like(i) | randn_like(i) | randn_like(3) | randn_like(f, dtype=lib.int64)
rand_like(f, device="cuda") | rand_like(f, generator=2) | randint_like(f)
randint_like(f, 0) | randint_like(u, 300) | normal(0., 1.)
normal(lib.zeros(3), lib.ones(2)) | normal(0., -1., (3,)) | normal(0., -f)
normal(f, -1.) | normal(i, 1.) | normal(i, f) | normal("a", 1.)
normal(0., gr, out=lib.zeros(3)) | normal(0., 1., 3) | normal(f, "a")
normal(0., 1., (3,), dtype=lib.int64) | normal(f, 1., (3,))
normal(0., 1., (-1,)) | bernoulli(t(.5, 2.)) | bernoulli(t(.5, -2.))
bernoulli(t(.5, nan)) | bernoulli(i) | bernoulli(f, 1.5) | bernoulli(.5)
bernoulli(c) | bernoulli("a") | poisson(t(1., -1.)) | poisson(t(1, 2))
poisson(t(nan)) | poisson(b) | poisson("a") | multinomial(f, 4)
multinomial(f, 0) | multinomial(f, -1) | multinomial(lib.ones(2, 3, 4), 2)
multinomial(lib.tensor(1.), 2) | multinomial(t(1, 2), 2)
multinomial(t(0., 0.), 1) | multinomial(t(0., 0.), 1, True)
multinomial(t(0., 0.), 2, True) | multinomial(t(-1., 2.), 1)
multinomial(t(-1., 2.), 2, True) | multinomial(t(nan, 2.), 1)
multinomial(t(nan, 2.), 3, True) | multinomial(t(inf, 2.), 1)
multinomial(t(inf, 2.), 2, True) | multinomial(lib.ones(3, 0), 2, True)
multinomial(lib.ones(0), 2, True) | multinomial(lib.ones(0), 1)
multinomial(f, 1.5) | multinomial(f, True) | multinomial("a", 2)
multinomial(f, 2, out=lib.zeros(0)) | multinomial(t(-1., 2.), 1, True)
f.uniform_(1, 0) | f.uniform_(from_=1) | f.uniform_(-1e39, 1)
f.uniform_(0, inf) | f.uniform_(nan, 1) | f.uniform_(-3e38, 3e38)
h.uniform_(0, 70000) | i.uniform_() | b.uniform_() | i[:0].uniform_()
f.expand(3, 3).uniform_() | f.view(3, 1).expand(3, 2).bernoulli_()
L.uniform_() | L.normal_() | f.uniform_(generator=3) | f.uniform_("a")
f.uniform_(1j) | f.uniform_(None) | f.normal_(0, -1) | f.normal_(0, nan)
i.normal_() | f.normal_("a") | f.bernoulli_(1.5) | f.bernoulli_(-.5)
f.bernoulli_(nan) | f.bernoulli_(f * 8) | f.bernoulli_(i) | c.bernoulli_()
f.bernoulli_(lib.ones(2)) | f.bernoulli_(lib.ones(4, 3)) | f.bernoulli_("a")
f.random_(0) | f.random_(-3) | f.random_(5, 3) | h.random_(0, 70000)
u.random_(300) | u.random_(0, 257) | u.random_(-1, 3) | b.random_(3)
u.random_(-2**63, None) | h.random_(-2**63, None) | c.random_()
i.random_(from_=1, to=5) | i.random_(1.5) | i.random_(0, 2**63)
f.exponential_(0) | f.exponential_(-1) | f.exponential_(nan)
i.exponential_() | c.exponential_() | f.cauchy_(0, 0) | f.cauchy_(0, -1)
i.cauchy_() | f.log_normal_(0, 0) | f.log_normal_(0, -1) | i.log_normal_()
f.geometric_(0) | f.geometric_(1) | f.geometric_() | b.geometric_(.5)
c.geometric_(.5)
"""
# torch's text goes on with its list of overloads, or speaks of its insides.
OTHER_WORDS = ("invalid combination", "Expected p_in", "NVIDIA", "expand",
               "unexpected keyword", "missing 1 required", "converted to typ",
               "functions with out=")


def letters(lib):
    """What the calls are made of."""
    return dict(
        lib=lib, g=lib.Generator(), gr=lib.ones(3, requires_grad=True) * 1,
        inf=np.inf, nan=np.nan, t=lambda *x: lib.tensor([*x]),
        L=lib.ones(3, requires_grad=True), f=lib.ones(3) / 4,
        u=lib.zeros(3, dtype=lib.uint8), h=lib.zeros(3, dtype=lib.float16),
        i=lib.zeros(3, dtype=lib.int64), b=lib.zeros(3, dtype=lib.bool),
        c=lib.zeros(20, dtype=lib.complex64),
        d=lib.zeros(3, dtype=lib.float64))


def calls(table):
    of_tensor = re.compile(r"(lib|gr|[fLuhibcd])[.\[]")
    return [call if of_tensor.match(call) else f"lib.{call}"
            for call in re.split(r" \| |\n", table.strip())]


def outcomes(call):
    """(result or error, warnings) of a call, in both libraries."""
    for lib, sow in SIDES:
        sow(7)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                y = eval(call, letters(lib))
            except Exception as error:
                y = error
        yield y, [str(w.message)[:100] for w in caught]


def assert_same(ours, theirs):
    assert repr(ours.dtype) == repr(theirs.dtype)
    assert tuple(ours.shape) == tuple(theirs.shape)
    assert ours.requires_grad == theirs.requires_grad
    a, b = ours.detach().numpy(), theirs.detach().numpy()
    assert np.ascontiguousarray(a).tobytes() == (
        np.ascontiguousarray(b).tobytes()), (a, b)
    if theirs.grad_fn is not None and "NotImpl" not in theirs.grad_fn.name():
        assert ours.grad_fn.name() == theirs.grad_fn.name()


def assert_same_state():
    assert (random.get_rng_state().array
            == torch.get_rng_state().numpy()).all()


@pytest.mark.parametrize("call", calls(WORK))
def test_the_call_gives_torchs_tensor_and_state(call):
    (ours, our_warnings), (theirs, their_warnings) = outcomes(call)
    for y in theirs, ours:
        if isinstance(y, Exception):
            raise y
    assert our_warnings == their_warnings
    assert_same(ours, theirs)
    assert_same_state()


@pytest.mark.parametrize("call", calls(REFUSED))
def test_the_call_is_refused_as_in_torch_and_nothing_is_drawn(call):
    (ours, _), (theirs, _) = outcomes(call)
    assert isinstance(theirs, Exception), theirs
    assert isinstance(ours, type(theirs)), (ours, theirs)
    assert random.default_generator.fresh
    first = str(theirs).split("\n")[0]
    if any(words in first for words in OTHER_WORDS):
        assert str(ours)
    else:
        assert str(ours).split("\n")[0] == first


# ---- any size, any place in memory

@st.composite
def places(draw):
    """How to get at a tensor in a block of memory: order, steps, a part."""
    shape = draw(st.lists(st.integers(0, 4), min_size=1, max_size=4))
    order = draw(st.permutations(range(len(shape))))
    part = tuple(slice(draw(st.integers(0, 1)), None,
                       draw(st.integers(1, 2))) for _ in shape)
    return shape, order, draw(st.sampled_from([part, (...,)]))


FILLS = {
    "uniform_": lambda x: x.uniform_(-2, 3),
    "normal_": lambda x: x.normal_(1, 2),
    "bernoulli_": lambda x: x.bernoulli_(0.4),
    "exponential_": lambda x: x.exponential_(),
    "random_": lambda x: x.random_(0, 100),
    "log_normal_": lambda x: x.log_normal_(),
}


@pytest.mark.parametrize("fill", FILLS.values(), ids=FILLS)
@given(seed=SEEDS, place=places(), kind=st.sampled_from(FLOATS))
def test_memory_is_filled_in_torchs_order(fill, seed, place, kind):
    shape, order, part = place
    results = []
    for lib, sow in SIDES:
        block = lib.zeros(shape, dtype=getattr(lib, kind))
        sow(seed)
        fill(block.permute(*order)[part])
        results.append(block)
    assert_same(*results)
    assert_same_state()


@pytest.mark.parametrize("name", ["rand_like", "randn_like"])
@given(seed=SEEDS, place=places())
def test_like_keeps_the_order_in_memory(name, seed, place):
    shape, order, part = place
    results = []
    for lib, sow in SIDES:
        x = lib.zeros(shape).permute(*order)[part]
        sow(seed)
        results.append(getattr(lib, name)(x))
    assert_same(*results)
    assert_same_state()


@given(SEEDS, st.integers(0, 40), st.sampled_from(KINDS),
       st.integers(-2**20, 2**20) | st.integers(-2**63, 2**62),
       st.integers(1, 2**33))
def test_whole_numbers_of_every_dtype(seed, n, kind, low, span):
    results = []
    for lib, sow in SIDES:
        sow(seed)
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            try:
                results.append(lib.randint(low, low + span, (n,),
                                           dtype=getattr(lib, kind)))
            except RuntimeError as error:
                results.append(error)
    if isinstance(results[1], RuntimeError):
        assert str(results[0]) == str(results[1])
    else:
        assert_same(*results)
        assert_same_state()


# ---- gradients

@pytest.mark.parametrize("fill", FILLS.values(), ids=FILLS)
def test_a_fill_forgets_where_the_tensor_came_from(fill):
    x = scratch.ones(3, requires_grad=True)
    y = x * 2
    before = y._version
    fill(y)
    assert y._version == before + 1
    y.sum().backward()
    assert (x.grad.array == 0).all()


@pytest.mark.parametrize("call", ["normal(gr, gr)", "bernoulli(gr / 2)",
                                  "poisson(gr)"])
def test_a_draw_passes_no_gradient(call):
    space = letters(scratch)
    space["gr"].retain_grad()
    eval("lib." + call, space).sum().backward()
    assert (space["gr"].grad.array == 0).all()


@given(st.integers(0, 3), st.integers(1, 6), st.data())
def test_drawn_categories_lie_in_row_order(rows, n, data):
    k = data.draw(st.integers(1, n))
    shape = (rows, n) if rows else (n,)
    for lib in (scratch, torch):
        found = lib.multinomial(lib.ones(shape), k)
        assert found.is_contiguous()
        assert found.view(-1).shape == (max(rows, 1) * k,)
