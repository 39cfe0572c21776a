"""Box and Muller: each rounding where torch's compiled code has it."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from scratch.kernels import gauss
from scratch.kernels.mersenne import STATE, Mersenne

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.floats(-2.0**99, 2.0**99, width=32),
       st.floats(-2.0**99, 2.0**99, width=32))
def test_fused_rounds_once_in_float32(seed, y, z):
    x = np.random.default_rng(seed).standard_normal(50, np.float32)
    for a, b in zip(x, gauss.fused(x, y, z)):
        exact = Fraction(float(a)) * Fraction(y) + Fraction(z)
        assert abs(Fraction(float(b)) - exact) <= ulp(b) / 2


@given(st.integers(1, 200), st.integers(0, 2**22), st.sampled_from([1, -1]))
def test_fused_mends_the_ties_of_its_float64_sum(k, n, sign):
    """1 - tiny added to an even number lies just below a midpoint."""
    x = np.array([1 + k * 2.0**-23], np.float32)
    y = sign * (1 - k * 2.0**-23)
    z = sign * (2.0**24 + 2 * n)
    assert float(x[0]) * y + z == z + sign  # rounded: the midpoint
    assert gauss.fused(x, y, z)[0] == z


@given(SEEDS, st.floats(-1e300, 1e300) | st.floats(-1e-305, 1e-305),
       st.floats(-1e300, 1e300) | st.floats(-1e-305, 1e-305))
@example(0, 1.1125369292536007e-308, 1.1125369292536007e-308)
def test_fused_rounds_once_in_float64(seed, y, z):
    x = np.random.default_rng(seed).random(20)
    for a, b in zip(x, gauss.fused(x, y, z)):
        exact = Fraction(float(a)) * Fraction(y) + Fraction(z)
        assert abs(Fraction(float(b)) - exact) <= ulp(b) / 2


def ulp(x):
    """The step from x to its neighbour away from 0."""
    return Fraction(float(np.spacing(np.abs(x))))


@given(SEEDS)
def test_many_at_a_time_have_the_c_librarys_bits(seed):
    u = Mersenne(seed).fractions(2000, np.float64)
    u[0] = 0
    circle = gauss.exp(2j * np.pi * u)
    for a, log, turn in zip(u.tolist(), gauss.log_below_1(-u), circle):
        assert math.log(1 - a) == log
        assert math.cos(2 * np.pi * a) == turn.real
        assert math.sin(2 * np.pi * a) == turn.imag
    x = (u - 0.5) * 1000
    assert [math.exp(a) for a in x] == gauss.exp(x).real.tolist()


@pytest.mark.intense
@pytest.mark.parametrize("which", ["radius", "angle", "other radius's angle"])
def test_every_radius_and_every_angle_of_float32(which):
    """All 2^24: the state is made so that torch draws these words."""
    words = np.zeros((38, 2, 8), np.uint32)  # 16 x 38 of a state's 624
    count = words.size // 2
    radius = {"angle": 2**24 - 1, "other radius's angle": 12345678}
    words[:, 0] = radius.get(which, 0)
    for start in range(0, 2**24, count):
        k = np.minimum(np.arange(start, start + count), 2**24 - 1)
        words[:, int(which != "radius")] = k.reshape(38, 8)
        x = (words * np.float32(2**-24)).astype(np.float32)
        ours = gauss.normals(x.reshape(38, 16), 0, 1).ravel()
        assert ours.tobytes() == torch_normals(words).tobytes()


def torch_normals(words):
    """What torch makes of these words."""
    state = np.zeros((), STATE)
    state["left"], state["seeded"] = 624, 1
    state["key"][:words.size] = untempered(words.ravel())
    g = torch.Generator().set_state(torch.from_numpy(
        np.frombuffer(state.tobytes(), np.uint8).copy()))
    return torch.randn(words.size, generator=g).numpy()


def untempered(y):
    """The key of which mt19937's last step makes the word y."""
    y = y ^ y >> 18
    y = y ^ (y << 15 & np.uint32(0xEFC60000))
    x = y
    for _ in range(5):
        x = y ^ (x << 7 & np.uint32(0x9D2C5680))
    key = x
    for _ in range(3):
        key = x ^ key >> 11
    return key
