"""Slices put back by an index: numbers without dimensions, dtypes,
repeated places, and what is refused."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint
from parity_tests.parity import assert_parity
from parity_tests.strategies import DTYPES, normal, seeds

REFUSALS = """
torch.index_add(r(3, 2), 0, k([0, 1]), r(2))
torch.index_add(r(3, 2), 0, k([0, 1]), r(3, 2))
torch.index_add(r(3, 2), 0, k([0, 1]), r(2, 3))
torch.index_add(r(3, 2), 0, k([[0, 1]]), r(2, 2))
torch.index_copy(r(3, 2), 0, k([[0, 1]]), r(2, 2))
torch.index_fill(r(3, 2), 0, k([[0, 1]]), 1.)
torch.index_fill(k([1, 2]), 0, k([0]), 1j)
torch.gather(r(5), 4, torch.ones(0, dtype=torch.uint8))
torch.gather(r(5), 0, torch.ones(1, dtype=torch.uint8))
torch.hstack([])
torch.vstack([])
torch.dstack([])
torch.column_stack([])
torch.diff(r(3, 4), prepend=r(3))
torch.diff(r(3, 4), append=r(2, 2))
torch.diff(k(3.), 0)
torch.cov(r(5), aweights=torch.ones(5, 5))
torch.cov(r(5), aweights=torch.ones(5, dtype=torch.int64))
torch.cov(r(5), aweights=-torch.ones(5))
torch.cov(r(5), fweights=torch.ones(5))
torch.cov(r(5), fweights=-torch.ones(5, dtype=torch.int32))
torch.cov(r(5), fweights=torch.ones(3, dtype=torch.int32))
torch.cov(r(5), fweights=torch.zeros(5, dtype=torch.int32))
torch.complex(r(2), torch.ones(2, dtype=torch.int32))
torch.constant_pad_nd(r(2), [1, 1], 2 + 1j)
torch.ldexp(r(2), 2)
torch.index_add(k(1.), 0, k([0]), r(1))
torch.zeros()
torch.ones()
r(2, 3).new_zeros()
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_they_refuse(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


@pytest.mark.parametrize("name", ["index_fill", "index_copy", "index_add"])
@given(kind=st.sampled_from(DTYPES), lone=st.booleans())
def test_of_a_number_without_dimensions(name, kind, lone):
    results = []
    for lib in (scratch, torch):
        dtype = getattr(lib, kind)
        x, y = lib.tensor(1).to(dtype), lib.tensor(2).to(dtype)
        if not lone and name == "index_copy":
            y = y.reshape(1)
        y = getattr(lib, name)(x, 0, lib.tensor([0]), y)
        results.append((str(y.dtype), tuple(y.shape), y.tolist()))
    assert results[0] == results[1]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_of_several_copies_into_a_number_the_last_stays(count):
    for lib in (scratch, torch):
        y = lib.tensor(5).index_copy(
            0, lib.zeros(count, dtype=lib.int64), lib.arange(count))
        assert y.tolist() == (count - 1 if count else 5)


@given(seed=seeds, dim=st.integers(-2, 1),
       index=st.lists(st.integers(0, 2), min_size=1, max_size=4))
def test_a_value_that_fills_slices_has_a_gradient(seed, dim, index):
    x, value = normal(seed, 3, 3), normal(seed + 1)
    assert_parity(
        lambda x, v: scratch.index_fill(x, dim, scratch.tensor(index), v),
        lambda x, v: torch.index_fill(x, dim, torch.tensor(index), v),
        x, value)


@given(seed=seeds, shape=st.sampled_from([(0,), (2, 0), (0, 3)]))
def test_an_empty_index_has_any_dtype_and_dimensions(seed, shape):
    assert_parity(
        lambda x: scratch.gather(x, 0, scratch.ones(shape)),
        lambda x: torch.gather(x, 0, torch.ones(shape)), normal(seed, 5))


@given(seed=seeds)
def test_an_empty_vector_joins_anything(seed):
    assert_parity(lambda x, y: scratch.cat([x, y], 1),
                  lambda x, y: torch.cat([x, y], 1),
                  normal(seed, 0), normal(seed, 2, 3))


@pytest.mark.parametrize("call", [
    "torch.zeros(size=(2, 3))", "torch.ones(size=(2, 3))",
    "torch.empty(size=(2, 3)).shape", "x.view(size=(6,))",
    "x.reshape(shape=(6,))", "torch.reshape(x, shape=(6,))",
    "x.permute(dims=(1, 0))", "torch.permute(x, dims=(1, 0))",
    "x.expand(size=(4, 2, 3))", "x.repeat(repeats=(4, 2))",
    "torch.tile(x, dims=(4, 2))", "x.flip(dims=(1,))",
    "torch.flip(x, dims=[0, 1])", "x.new_zeros(size=(1,))",
    "x.new_ones(size=(2,))", "x.new_empty(size=(2,)).shape"])
def test_sizes_may_come_by_their_name(call: str) -> None:
    ours, theirs = (str(eval(call, {
        "torch": lib, "x": lib.arange(6.).reshape(2, 3)}))
        for lib in (scratch, torch))
    assert ours == theirs
