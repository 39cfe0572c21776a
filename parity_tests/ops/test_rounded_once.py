"""What torch rounds once is rounded once: equal to the last bit."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.strategies import normal, seeds

LIBS = (scratch, torch)
EVERY = np.arange(65536, dtype=np.uint16).view(np.float16)
HALVES = EVERY[np.isfinite(EVERY)]
ONE: dict[str, Any] = {
    "mul": lambda lib, x, n: x * n,
    "rmul": lambda lib, x, n: n * x,
    "div": lambda lib, x, n: x / n,
    "rdiv": lambda lib, x, n: n / x,
    "add": lambda lib, x, n: x + n,
    "rsub": lambda lib, x, n: n - x,
    "floor": lambda lib, x, n: x // n,
    "trunc": lambda lib, x, n: lib.div(x, n, rounding_mode="trunc"),
    "by a tensor": lambda lib, x, n: x * lib.tensor(n, dtype=lib.float64),
    "a tensor by": lambda lib, x, n: lib.tensor(n) * x,
    "over a tensor": lambda lib, x, n: x / lib.tensor(n),
    "floor of a tensor": lambda lib, x, n: lib.div(
        lib.tensor(n), x, rounding_mode="floor"),
    "in place": lambda lib, x, n: x.clone().mul_(n),
    "number": lambda lib, x, n: lib.add(x, 0.7, alpha=n),
    "leaky_relu": lambda lib, x, n: lib.nn.functional.leaky_relu(x, n),
    "logit": lambda lib, x, n: lib.logit(x, abs(n) / 20),
}
MORE: dict[str, Any] = {
    "add": lambda lib, x, y, z, n: lib.add(x, y, alpha=n),
    "sub": lambda lib, x, y, z, n: lib.sub(x, y, alpha=n),
    "rsub": lambda lib, x, y, z, n: lib.rsub(x, y, alpha=n),
    "addcmul": lambda lib, x, y, z, n: lib.addcmul(x, y, z, value=n),
    "addcdiv": lambda lib, x, y, z, n: lib.addcdiv(x, y, z, value=n),
    "lerp": lambda lib, x, y, z, n: lib.lerp(x, y, n),
    "lerp by": lambda lib, x, y, z, n: lib.lerp(x, y, z),
    "number": lambda lib, x, y, z, n: lib.add(x, 0.7, alpha=n),
    "floor": lambda lib, x, y, z, n: lib.div(x, y, rounding_mode="floor"),
    "xlogy": lambda lib, x, y, z, n: lib.xlogy(x, y.abs()),
}


def equal(ours: Any, theirs: Any) -> None:
    a, b = ours.detach().numpy(), theirs.detach().numpy()
    np.testing.assert_array_equal(a, b, strict=True)


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("number", [0.1, -0.3, 3, 7.7, 1e-3, 2049, 0.75])
def test_every_half_and_a_number(name: str, number: float) -> None:
    equal(*(ONE[name](lib, lib.from_numpy(HALVES), number) for lib in LIBS))


@pytest.mark.parametrize("name", ["mul", "div", "leaky_relu"])
@pytest.mark.parametrize("number", [0.1, 7.7])
def test_gradients_of_halves(name: str, number: float) -> None:
    def gradient(lib: Any) -> Any:
        x = lib.from_numpy(HALVES[::-1].copy()).requires_grad_()
        y = ONE[name](lib, x, number)
        return lib.autograd.grad(y, x, lib.from_numpy(HALVES))[0]

    equal(*map(gradient, LIBS))


@pytest.mark.parametrize("name", MORE)
@pytest.mark.parametrize("dtype", ["float16", "float32"])
@given(seed=seeds, number=st.sampled_from([0.1, -0.3, 2.5, 3]))
def test_products_added(name: str, dtype: str, seed: int, number: float
                        ) -> None:
    if dtype == "float32" and name == "xlogy":
        return  # of logarithms the last bit is each library's own
    # torch: what is left of a length beyond a whole number of registers,
    # a sum of halves rounds at every step
    arrays = [a.astype(dtype) for a in 4 * normal(seed, 3, 64)]
    equal(*(MORE[name](lib, *map(lib.from_numpy, arrays), number)
            for lib in LIBS))


def test_products_may_be_too_large() -> None:
    x = np.array([0, 1, -65504], np.float16)
    equal(*(lib.from_numpy(x) * 70000 for lib in LIBS))
    equal(*(lib.from_numpy(x) / 70000.0 for lib in LIBS))
    for lib in LIBS:
        with pytest.raises(RuntimeError, match="without overflow"):
            lib.add(lib.from_numpy(x), 1, alpha=70000.0)


@pytest.mark.parametrize("shape", [(), (1,), (2, 0)])
def test_small_shapes(shape: tuple) -> None:
    x = np.full(shape, 1.7, np.float16)
    for call in ONE.values():
        equal(*(call(lib, lib.from_numpy(x), 0.1) for lib in LIBS))
