"""assert_close accepts and refuses what torch's does, in its words."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.strategies import shapes

TYPES = ("float16 float32 float64 int8 int64 uint8 bool complex64 "
         "complex128").split()


def verdict(lib: Any, actual: Any, expected: Any, **options: Any) -> str:
    """What assert_close says: nothing, or its error."""
    try:
        lib.testing.assert_close(actual(lib), expected(lib), **options)
    except (AssertionError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    except TypeError:
        return "TypeError"  # its words name the libraries' own types
    return ""


def same(actual: Any, expected: Any, **options: Any) -> None:
    """Both libraries say the same."""
    ours, theirs = (verdict(lib, actual, expected, **options)
                    for lib in (scratch, torch))
    assert ours == theirs


@st.composite
def pairs(draw: Any) -> tuple:
    """Two arrays of one shape, mostly alike, and their dtypes."""
    shape = draw(shapes)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    a = rng.integers(0, 4, shape).astype(float)
    b = a + draw(st.sampled_from([0, 1e-9, 1e-6, 1e-3, 1])) * (
        rng.random(shape) < 0.4)
    for x in (a, b):
        if x.size and draw(st.booleans()):
            x.flat[0] = draw(st.sampled_from([np.nan, np.inf, 0.0]))
    kinds = st.sampled_from(TYPES)
    first = draw(kinds)
    return a, b, first, draw(st.one_of(st.just(first), kinds))


@given(pairs(), st.booleans(), st.booleans(),
       st.sampled_from([{}, {"rtol": 0, "atol": 0.5},
                        {"rtol": 0.3, "atol": 0.0}, {"rtol": 1.0}]))
def test_tensors(pair: tuple, equal_nan: bool, check_dtype: bool,
                 tolerances: dict) -> None:
    def given_(a: np.ndarray, kind: str) -> Any:
        whole = np.isfinite(a).all() or "float" in kind or "complex" in kind
        a = a if whole else np.nan_to_num(a, posinf=3)
        return lambda lib: lib.tensor(a).to(getattr(lib, kind))

    a, b, one, other = pair
    same(given_(a, one), given_(b, other), equal_nan=equal_nan,
         check_dtype=check_dtype, **tolerances)


numbers = st.one_of(st.integers(-3, 3), st.none(),
                    st.sampled_from([1.0, 1.0 + 1e-9, 1.1, 0.0]),
                    st.sampled_from([float("nan"), float("inf"), 1j]))
holders = st.recursive(
    numbers, lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.tuples(inner, inner),
        st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=4)


@given(holders, holders, st.booleans())
def test_numbers_and_containers(a: Any, b: Any, equal_nan: bool) -> None:
    same(lambda lib: a, lambda lib: b, equal_nan=equal_nan)
    same(lambda lib: a, lambda lib: a)
    same(lambda lib: [lib.ones(1), a], lambda lib: (lib.ones(1), b))


def test_booleans() -> None:
    for a, b in ((True, True), (True, False), (np.True_, False)):
        same(lambda lib, a=a: a, lambda lib, b=b: b)
    with pytest.raises(AssertionError):  # torch fails itself here
        scratch.testing.assert_close(True, 1)


@pytest.mark.parametrize("form", [
    lambda lib: np.ones(2), lambda lib: np.float32(1), lambda lib: "a",
    lambda lib: lib.nn.Parameter(lib.ones(2)), lambda lib: lib.ones(2),
    lambda lib: lib.ones(2, 2).t(), lambda lib: lib.ones(2, 2)])
def test_other_kinds(form: Any) -> None:
    for other in (lambda lib: np.zeros(2), lambda lib: 1.0,
                  lambda lib: lib.ones(2), lambda lib: lib.ones(2, 2)):
        same(form, other)
        same(form, other, allow_subclasses=False, check_stride=True)
    same(form, form, msg="told")
    same(form, lambda lib: lib.zeros(2), msg=lambda text: "so: " + text)
