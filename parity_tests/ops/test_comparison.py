"""Comparisons and logic against torch, for every pair of dtypes."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.strategies import anything, arrays, wild


def both(name, *arrays, **options):
    """The results of the two libraries; an error's class and message."""
    found = []
    for lib in (scratch, torch):
        try:
            y = getattr(lib, name)(*[
                lib.from_numpy(a.copy()) if isinstance(a, np.ndarray) else a
                for a in arrays], **options)
            found.append(y if isinstance(y, bool) else y.numpy())
        except (RuntimeError, TypeError) as error:
            found.append(f"{type(error).__name__}: {error}")
    return found


@pytest.mark.parametrize("name", [
    "eq", "ne", "lt", "le", "gt", "ge", "not_equal", "less", "less_equal",
    "greater", "greater_equal", "logical_and", "logical_or", "logical_xor",
    "bitwise_and", "bitwise_or", "bitwise_xor"])
@given(x=anything(shape=(2, 3)), y=anything(shape=(3,)))
def test_two_tensors(name, x, y):
    ours, theirs = both(name, x, y)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", ["eq", "ne", "lt", "le", "gt", "ge"])
@given(x=anything(), number=st.sampled_from([0, 1, 0.5, -1.0, True]))
def test_against_a_number(name, x, number):
    ours, theirs = both(name, x, number)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", [
    "isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit",
    "isreal", "logical_not", "bitwise_not"])
@given(x=anything() | arrays(elements=wild))
def test_one_tensor(name, x):
    ours, theirs = both(name, x)
    np.testing.assert_array_equal(ours, theirs)


@given(x=arrays(shape=(3,), elements=wild), y=arrays(shape=(3,)),
       nan=st.booleans(), rtol=st.sampled_from([0.0, 1e-5, 0.5]))
def test_nearly_equal(x, y, nan, rtol):
    for b in (x, y, x + 1e-9):
        options = dict(rtol=rtol, equal_nan=nan)
        np.testing.assert_array_equal(*both("isclose", x, b, **options))
        assert len(set(both("allclose", x, b, **options))) == 1
        assert len(set(both("equal", x, b))) == 1


def test_what_torch_refuses():
    for lib in (scratch, torch):
        with pytest.raises(TypeError, match="invalid combination"):
            lib.eq(2, lib.ones(2))
        with pytest.raises(RuntimeError, match="did not match"):
            lib.isclose(lib.ones(2), lib.ones(2).double())


KINDS = "float32 float64 float16 int32 int64 uint8 bool complex64".split()


@given(st.sampled_from(KINDS), st.sampled_from(KINDS),
       st.sampled_from([(), (0,), (1,), (2,), (2, 1)]),
       st.sampled_from([(), (0,), (1,), (2,), (2, 1)]),
       st.sampled_from([0.0, 1.0, 1.1, 2.0**24 + 1, np.nan]),
       st.sampled_from([0.0, 1.0, 1.1, 2.0**24, 2.0**24 + 1]))
def test_equal_compares_in_the_type_that_holds_both(
        one, other, shape, size, x, y):
    if np.isnan(x) and one not in ("float32", "float64", "complex64"):
        x = 1.0
    answers = []
    for lib in (scratch, torch):
        a = lib.full(shape, x, dtype=lib.float64).to(getattr(lib, one))
        b = lib.full(size, y, dtype=lib.float64).to(getattr(lib, other))
        answers.append((lib.equal(a, b), lib.equal(a, a), a.equal(b)))
    assert answers[0] == answers[1]
