"""Arithmetic, powers and division against torch."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import (
    anything,
    broadcastable,
    normal,
    positive,
    seeds,
    wild,
)

PAIRS = ["add", "sub", "mul", "div", "true_divide", "subtract", "multiply",
         "divide", "rsub", "remainder", "fmod", "pow", "float_power",
         "floor_divide"]  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
@given(pair=broadcastable(elements=positive))
def test_two_tensors(name, pair):
    order = 0 if name == "floor_divide" else 2
    assert_parity(
        getattr(scratch, name), getattr(torch, name), *pair, order=order,
        single=name not in ("remainder", "fmod", "floor_divide"))


@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "rsub"])
@given(pair=broadcastable(elements=wild))
def test_odd_numbers(name, pair):
    assert_parity(getattr(scratch, name), getattr(torch, name), *pair,
                  order=1, single=False)


@pytest.mark.parametrize("name", PAIRS)
@given(x=anything(), number=st.sampled_from([2, 3, 2.5, 0.5, -1.0]))
def test_a_number_on_the_right(name, x, number):
    ours, theirs = (outcome(lib, name, x, number) for lib in
                    (scratch, torch))
    same(ours, theirs)


def outcome(lib, name, x, *rest):
    """What comes out in one library: an array, or the class of the error."""
    try:
        y = getattr(lib, name)(lib.from_numpy(x.copy()), *rest)
    except (RuntimeError, TypeError, NotImplementedError) as error:
        return type(error)
    return y.numpy()


def same(ours, theirs):
    if isinstance(theirs, type):
        assert ours is theirs
        return
    assert ours.dtype == theirs.dtype
    eps = 1e-3 if ours.dtype == np.float16 else 1e-6
    np.testing.assert_allclose(ours, theirs, rtol=eps, atol=eps)


@pytest.mark.parametrize("mode", ["trunc", "floor"])
@given(pair=broadcastable(elements=st.floats(-8, 8, width=16)))
def test_rounded_division(mode, pair):
    assert_parity(lambda x, y: scratch.div(x, y, rounding_mode=mode),
                  lambda x, y: torch.div(x, y, rounding_mode=mode),
                  *pair, order=1)


@pytest.mark.parametrize("name", ["gcd", "lcm", "bitwise_left_shift",
                                  "bitwise_right_shift", "remainder",
                                  "fmod", "floor_divide"])
@given(x=st.lists(st.integers(-99, 99), min_size=1), y=st.integers(1, 70),
       dtype=st.sampled_from(["uint8", "int8", "int32", "int64"]))
def test_integers(name, x, y, dtype):
    a, b = np.abs(x).astype(dtype), np.array([y]).astype(dtype)
    ours = getattr(scratch, name)(*map(scratch.from_numpy, (a, b)))
    theirs = getattr(torch, name)(*map(torch.from_numpy, (a, b)))
    np.testing.assert_array_equal(ours.array, theirs.numpy(), strict=True)


@given(seed=seeds, value=st.sampled_from([1, 2, -0.5]))
def test_products_and_quotients_added(seed, value):
    arrays = normal(seed, 2, 3), normal(seed + 1, 3), normal(seed + 2, 2, 1)
    assert_parity(
        lambda x, y, z: scratch.addcmul(x, y, z, value=value),
        lambda x, y, z: torch.addcmul(x, y, z, value=value), *arrays)
    assert_parity(
        lambda x, y, z: scratch.addcdiv(x, y, z, value=value),
        lambda x, y, z: torch.addcdiv(x, y, z, value=value), *arrays)
    assert_parity(scratch.lerp, torch.lerp, *arrays)
    assert_parity(lambda x, y: scratch.lerp(x, y, 0.7),
                  lambda x, y: torch.lerp(x, y, 0.7), *arrays[:2])


CORNERS = (0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 3.0, np.inf, -np.inf,
           np.nan)


@pytest.mark.parametrize("x, n", [*itertools.product(CORNERS, CORNERS)])
def test_powers_at_the_corners(x, n):
    if x == -np.inf and n == 0.5:
        return  # C's pow says inf, its sqrt NaN: torch has both, NumPy one
    assert_parity(scratch.pow, torch.pow, np.array(x), np.array(n),
                  single=False)
    number = float(n)
    if np.isfinite(n):
        assert_parity(lambda x: x**number, lambda x: x**number, np.array(x),
                      single=False)
    base = float(x)
    assert_parity(lambda n: base**n, lambda n: base**n, np.array(n),
                  single=False)


def test_what_torch_refuses():
    for lib in (scratch, torch):
        bools, ints = lib.tensor([True]), lib.tensor([1])
        with pytest.raises(NotImplementedError, match="with two bool"):
            bools - bools
        with pytest.raises(NotImplementedError, match="with a bool tensor"):
            ints - True
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            ints // 0
        with pytest.raises(RuntimeError, match="negative integer powers"):
            ints**-1
        with pytest.raises(RuntimeError, match="derivative for aten::floor"):
            x = lib.ones(1, requires_grad=True)
            (x // x).backward()
        with pytest.raises(RuntimeError, match="one of None, 'trunc'"):
            lib.div(ints, ints, rounding_mode="up")
