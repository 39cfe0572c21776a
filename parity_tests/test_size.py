"""The shape of a tensor behaves as torch's."""

import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

sizes = st.lists(st.integers(0, 9), max_size=5)


def both(make):
    """What both sides make of it: type, text and value, or the error."""

    def look(library):
        try:
            found = make(library.Size, library)
        except Exception as error:
            return type(error), str(error).replace("'Size'", "'torch.Size'")
        return type(found).__name__, repr(found), found

    ours, theirs = look(scratch), look(torch)
    assert ours == theirs
    return ours


@given(sizes, sizes, st.integers(-6, 6), st.integers(-6, 6))
def test_a_size_is_a_tuple_that_stays_a_size(a, b, i, j):
    both(lambda S, _: S(a))
    both(lambda S, _: S(a) + tuple(b))
    both(lambda S, _: tuple(b) + S(a))
    both(lambda S, _: S(a)[i:j])
    both(lambda S, _: S(a)[i])
    both(lambda S, _: S(a) * i)
    both(lambda S, _: i * S(a))
    both(lambda S, _: S(a).numel())
    both(lambda S, _: (S(a) == tuple(b), S(a) < tuple(b), hash(S(a))))
    both(lambda S, _: (S(a).count(i), i in S(a), len(S(a)), str(S(a))))
    both(lambda S, _: pickle.loads(pickle.dumps(S(a))))
    both(lambda S, _: copy.deepcopy([S(a), copy.copy(S(a))]))


@pytest.mark.parametrize(
    "wrong",
    [1.5, "ab", [1.5], ["a"], [None], [[1]], [1, 2.0], None, [1j], {"a": 1}],
    ids=str,
)
def test_what_is_no_size_is_refused_alike(wrong):
    both(lambda S, _: S(wrong))
    both(lambda S, _: S([1]) + wrong)
    for library in (scratch, torch):
        with pytest.raises(TypeError):
            library.Size([1]) * wrong
    if not isinstance(wrong, (int, float, type(None))):
        both(lambda S, _: S([1]) + tuple(wrong))
        both(lambda S, _: tuple(wrong) + S([1]))


def test_what_counts_as_an_int():
    both(lambda S, _: S([True, np.int64(3), np.uint8(2)]))
    both(lambda S, library: S([library.tensor(3), 2]))
    both(lambda S, library: S([library.tensor(3.0)]))
    both(lambda S, _: S([-1]))
    both(lambda S, _: S())
    for library in (scratch, torch):
        with pytest.raises(TypeError):
            library.Size(1, 2)
    both(lambda S, _: S(x for x in (1, 2)))
