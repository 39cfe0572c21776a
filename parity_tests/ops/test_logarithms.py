"""Logarithms of sums of complex numbers, and powers of two."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import assert_parity
from parity_tests.strategies import normal, seeds

parts = st.sampled_from([0.0, 1.0, -2.0, 30.0, -300.0, np.inf, -np.inf])


def complex_of(lib, x, y):
    return lib.complex(x, y)


def apart(y):
    return [y.real, y.imag]


CALLS = {
    "logaddexp": lambda lib, z: lib.logaddexp(z[0], z[1]),
    "logcumsumexp": lambda lib, z: lib.logcumsumexp(z, 1),
    "logsumexp": lambda lib, z: lib.logsumexp(z, 1),
}


@pytest.mark.parametrize("name", CALLS)
@given(seed=seeds)
def test_of_complex_numbers(name, seed):
    x, y = 3 * normal(seed, 3, 4), 3 * normal(seed + 1, 3, 4)
    call = CALLS[name]
    assert_parity(
        lambda x, y: apart(call(scratch, complex_of(scratch, x, y))),
        lambda x, y: apart(call(torch, complex_of(torch, x, y))),
        x, y, single=False)


@given(a=st.tuples(parts, parts), b=st.tuples(parts, parts))
def test_of_complex_numbers_that_have_no_end(a, b):
    values = []
    for lib in (scratch, torch):
        x, y = (lib.tensor([complex(*z)], dtype=lib.complex128)
                for z in (a, b))
        values.append(lib.logaddexp(x, y).numpy())
    if a[1] == b[1] == 0:
        np.testing.assert_allclose(*values, rtol=1e-12)
    assert np.isfinite(values[0]) == np.isfinite(values[1])


@given(seed=seeds, power=st.integers(-400, 400),
       kind=st.sampled_from(["float16", "float32", "float64"]),
       whole=st.sampled_from(["uint8", "int32", "int64"]))
def test_the_power_of_ldexp_may_be_out_of_range(seed, power, kind, whole):
    x = normal(seed, 3) * 2.0 ** (-power if kind == "float64" else 0)
    power = abs(power) % 256 if whole == "uint8" else power
    ours, theirs = (
        lib.ldexp(lib.tensor(x).to(getattr(lib, kind)),
                  lib.tensor([power], dtype=getattr(lib, whole)))
        for lib in (scratch, torch))
    assert str(ours.dtype) == str(theirs.dtype)
    np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


@given(seed=seeds)
def test_ldexp_has_its_slope(seed):
    x = normal(seed, 3)
    assert_parity(
        lambda x: scratch.ldexp(x, scratch.tensor([1, -2, 40])),
        lambda x: torch.ldexp(x, torch.tensor([1, -2, 40])), x)
