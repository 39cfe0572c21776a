"""torch.FloatTensor and its kin make, name and recognize tensors."""

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.strategies import arrays
from scratch import legacy

NAMES = sorted(set(legacy.NAMES) - {"BFloat16Tensor"})
numbers = st.one_of(st.integers(0, 100), st.floats(0, 100, width=16))
nested = st.one_of(
    st.lists(numbers, max_size=3),
    st.lists(st.tuples(numbers, numbers), max_size=3),
)


def told(ask: Any) -> list:
    """What each library answers: dtype and numbers, or the error's class."""
    answers = []
    for lib in (scratch, torch):
        try:
            found = ask(lib)
        except Exception as error:
            answers.append(type(error).__name__)
        else:
            answers.append((str(found.dtype), found.tolist()))
    return answers


@given(st.sampled_from(NAMES), nested)
def test_sequences_become_tensors_of_the_type(name: str, data: list) -> None:
    for form in (list, tuple, lambda x: np.array(x, float)):
        ours, theirs = told(lambda lib, f=form: getattr(lib, name)(f(data)))
        assert ours == theirs


@given(
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    arrays(elements=st.integers(0, 9).map(float)),
)
def test_a_tensor_is_recognized_by_its_numbers(
    kind: str, other: str, a: np.ndarray
) -> None:
    for lib in (scratch, torch):
        old = getattr(lib, kind)
        x = lib.from_numpy(a.copy()).type(old)
        assert x.dtype is old.dtype and x.type() == f"torch.{kind}"
        assert isinstance(x, old) and old(x).tolist() == x.tolist()
        assert isinstance(x, getattr(lib, other)) == (kind == other)
        assert not isinstance(x, lib.cuda.FloatTensor)
        assert x.type(getattr(lib, other)).type() == f"torch.{other}"
        assert isinstance(x.new([1, 2]), old) and x.new(2, 0).shape == (2, 0)
        assert (repr(old), old.__name__) == (f"<class 'torch.{kind}'>", kind)


@pytest.mark.parametrize("name", ["FloatTensor", "LongTensor"])
def test_sizes_give_that_size(name: str) -> None:
    for lib in (scratch, torch):
        old = getattr(lib, name)
        for given_ in ((), (2,), (2, 0), (lib.Size([2, 1]),), (np.int64(3), 1)):
            shape = old(*given_).shape
            assert isinstance(old(*given_), old)
            assert shape == (given_ and lib.zeros(*given_).shape or (0,))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda t: t.FloatTensor(3.5),
        lambda t: t.FloatTensor("a"),
        lambda t: t.FloatTensor(None),
        lambda t: t.FloatTensor({1: 2}),
        lambda t: t.FloatTensor(True),
        lambda t: t.FloatTensor(-1),
        lambda t: t.FloatTensor([[1], [2, 3]]),
        lambda t: t.Tensor(5.0),
        lambda t: t.Tensor(True),
        lambda t: t.LongTensor(t.ones(2)),
        lambda t: t.cuda.FloatTensor(2),
        lambda t: t.ByteTensor([300]),
        lambda t: t.ones(1).type(t.cuda.FloatTensor),
        lambda t: t.ones(1).type("torch.cuda.FloatTensor"),
        lambda t: t.set_default_tensor_type(t.LongTensor),
        lambda t: t.set_default_tensor_type(t.float32),
    ],
)
def test_what_torch_refuses_is_refused(wrong: Any) -> None:
    ours, theirs = told(wrong)
    assert isinstance(ours, str) and ours == theirs


@pytest.mark.parametrize("form", ["torch.DoubleTensor", "DoubleTensor"])
def test_the_default_is_chosen_by_an_old_type(form: str) -> None:
    for lib in (scratch, torch):
        old = form if "." in form else getattr(lib, form)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            lib.set_default_tensor_type(old)
        try:
            assert lib.ones(1).dtype is lib.float64
        finally:
            lib.set_default_dtype(lib.float32)
