"""The kernels of activations against their formulas in float64."""

import numpy as np
import pytest
from hypothesis import given

from parity_tests.kernels.images import drawn, lying, poison, seeds, ways
from parity_tests.kernels.test_pointwise import shapes
from scratch.kernels import bends, pointwise

S, A = 1.0507009873554805, 1.6732632423543772


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def elu(x, a, s, c):
    return np.where(x > 0, s * x, s * a * np.expm1(c * np.minimum(x, 0)))


def elu_slope(x, a, s, c):
    return np.where(x > 0, s, s * a * c * np.exp(c * np.minimum(x, 0)))


def mish_slope(x):
    t = np.tanh(np.logaddexp(0, x))
    return t + x * sigmoid(x) * (1 - t * t)


def gelu(x):
    return x * sigmoid(np.sqrt(8 / np.pi) * (x + 0.044715 * x**3))


def gelu_slope(x):
    k = np.sqrt(8 / np.pi)
    s = sigmoid(k * (x + 0.044715 * x**3))
    return s * (1 + x * (1 - s) * k * (1 + 3 * 0.044715 * x * x))


def hardswish_slope(x):
    return np.where(x >= 3, 1, np.where(x > -3, x / 3 + 0.5, 0))


LEAKS = [0.01, 1.0, 0.0, -0.5, 3.0]
ELUS = [(1.0, 1.0, 1.0), (A, S, 1.0), (1.3, 1.0, 1 / 1.3), (-2.0, 1.0, 0.5)]
VALUES = {
    "hardsigmoid": (bends.hardsigmoid, lambda x: np.clip(x + 3, 0, 6) / 6),
    "hardswish": (bends.hardswish, lambda x: x * np.clip(x + 3, 0, 6) / 6),
    "mish": (bends.mish, lambda x: x * np.tanh(np.logaddexp(0, x))),
    "gelu": (bends.gelu_tanh, gelu),
    "logsigmoid": (bends.logsigmoid, lambda x: -np.logaddexp(0, -x)),
}
SLOPES = {
    "hardswish": (bends.hardswish_input, hardswish_slope),
    "mish": (bends.mish_input, mish_slope),
    "gelu": (bends.gelu_tanh_input, gelu_slope),
}
for s in LEAKS:
    VALUES[f"leaky {s}"] = (
        lambda x, s=s: bends.leaky_relu(x, s),
        lambda x, s=s: np.where(x > 0, x, s * x),
    )
    SLOPES[f"leaky {s}"] = (
        lambda g, x, s=s: bends.leaky_relu_input(g, x, s),
        lambda x, s=s: np.where(x > 0, 1, s),
    )
for e in ELUS:
    VALUES[f"elu {e}"] = (
        lambda x, e=e: bends.elu(x, *e),
        lambda x, e=e: elu(x, *e),
    )
    SLOPES[f"elu {e}"] = (
        lambda g, x, e=e: bends.elu_input(g, x, *e),
        lambda x, e=e: elu_slope(x, *e),
    )
EDGES = [0.0, -3.0, 3.0, 30.0, -30.0]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Every array is of several blocks, and of several parts."""
    monkeypatch.setattr(pointwise, "BLOCK", 16)
    monkeypatch.setattr(pointwise, "GRAIN", 4)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@given(shapes, seeds, ways, ways)
def test_values_and_slopes(dtype, shape, seed, way, other):
    x, g = drawn(seed, dtype, shape, shape)
    x.flat[seed % x.size] = EDGES[seed % len(EDGES)]
    slack = 60 * np.finfo(dtype).eps
    for name, (kernel, formula) in VALUES.items():
        poison()
        exact = formula(x.astype(float))
        np.testing.assert_allclose(
            kernel(lying(x, way)), exact, slack, slack, err_msg=name
        )
    for name, (kernel, formula) in SLOPES.items():
        poison()
        exact = g * formula(x.astype(float))
        np.testing.assert_allclose(
            kernel(lying(g, way), lying(x, other)),
            exact,
            slack,
            slack,
            err_msg=name,
        )


@pytest.mark.parametrize("name", sorted(VALUES))
def test_what_is_no_number_stays_so(name):
    x = np.array([np.nan, 1.0, np.nan], np.float32)
    assert np.isnan(VALUES[name][0](x)).tolist() == [True, False, True]


@given(shapes, seeds, ways)
def test_gates(shape, seed, way):
    a, b, g = drawn(seed, "f8", shape, shape, shape)
    np.testing.assert_allclose(bends.glu(a, b), a * sigmoid(b), 1e-14)
    for d in range(a.ndim):
        x = lying(np.concatenate([a, b], d), way)
        s = sigmoid(b)
        exact = np.concatenate([g * s, g * a * s * (1 - s)], d)
        np.testing.assert_allclose(
            bends.glu_input(g, x, d), exact, 1e-13, 1e-13
        )
