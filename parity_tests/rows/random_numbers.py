"""Rows: random numbers, equal to the last bit after manual_seed."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..registry import find, outcome, pick, shape


@outcome("rand", "randn", "rand_like", "randn_like", "randint",
         "randint_like", "randperm", "normal", "bernoulli", "multinomial",
         "binomial", "poisson", examples=24, exact=True)
def drawn(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    size = pick(rng, shape(rng, 0, 3), (16,), (40,), (5, 7))
    like, n = lib.zeros(size, dtype=dtype), int(rng.integers(0, 50))
    p = lib.from_numpy(rng.random(size)).to(dtype)
    mass = lib.from_numpy(0.1 + rng.random((2, 6))).to(dtype)
    again = bool(rng.integers(2))
    found = {
        "rand": lambda: lib.rand(size, dtype=dtype),
        "randn": lambda: lib.randn(size, dtype=dtype),
        "rand_like": lambda: lib.rand_like(like),
        "randn_like": lambda: lib.randn_like(like),
        "randint": lambda: [lib.randint(-3, 90, size), lib.randint(
            7, size, dtype=lib.int32)],
        "randint_like": lambda: lib.randint_like(like, 2, 9),
        "randperm": lambda: lib.randperm(n),
        "normal": lambda: [lib.normal(p, 2.0), lib.normal(0.5, p),
                           lib.normal(p, p), lib.normal(1.0, 2.0, size)],
        "bernoulli": lambda: [lib.bernoulli(p), lib.bernoulli(p, 0.3)],
        "multinomial": lambda: lib.multinomial(mass, 3, again),
        "binomial": lambda: lib.binomial((p * 50).floor(), p),
        "poisson": lambda: lib.poisson(p * 20),
    }[name]()
    return [found, lib.rand(3)]  # and the generator stands at one place


FILLS = ("uniform_", "normal_", "bernoulli_", "exponential_", "random_",
         "geometric_", "cauchy_", "log_normal_")


@outcome(*[f"Tensor.{word}" for word in FILLS], "Tensor.bernoulli",
         "Tensor.multinomial", examples=24, exact=True)
def filled(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    size, word = pick(rng, shape(rng, 0, 3), (20,)), name.split(".")[1]
    x = lib.zeros(size, dtype=dtype)
    if word == "bernoulli":
        return (x + 0.4).bernoulli()
    if word == "multinomial":
        return lib.ones(5, dtype=dtype).multinomial(3)
    args = {"uniform_": (-1, 2), "normal_": (1, 3), "bernoulli_": (0.3,),
            "exponential_": (2,), "random_": (3, 30), "geometric_": (0.4,),
            "cauchy_": (), "log_normal_": ()}[word]
    return [getattr(x, word)(*args), lib.rand(2)]


@outcome("manual_seed", "seed", "initial_seed", "get_rng_state",
         "set_rng_state", "Generator", exact=True)
def generators(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    n = int(rng.integers(0, 2 ** 62))
    if name == "Generator":
        g = lib.Generator().manual_seed(n)
        first = lib.rand(5, generator=g)
        state = g.get_state()
        ahead = lib.randn(3, generator=g)
        g.set_state(state)
        return [first, ahead, lib.randn(3, generator=g), g.initial_seed()]
    if name == "seed":  # a new number each time, that then is the seed
        return lib.seed() == lib.initial_seed()
    lib.manual_seed(n)
    state = lib.get_rng_state()
    first = lib.randn(20, dtype=dtype)
    lib.set_rng_state(state)
    return [lib.initial_seed(), np.asarray(state), first,
            lib.randn(20, dtype=dtype)]


INITS: dict[str, dict[str, Any]] = {
    "uniform_": {"a": -2.0, "b": 3.0}, "normal_": {"mean": 1.0, "std": 2.0},
    "trunc_normal_": {"std": 0.5, "a": -1.0, "b": 0.5},
    "constant_": {"val": 1.5}, "ones_": {}, "zeros_": {}, "eye_": {},
    "dirac_": {}, "xavier_uniform_": {"gain": 1.7},
    "xavier_normal_": {"gain": 1.7}, "kaiming_uniform_": {
        "a": 0.3, "mode": "fan_out", "nonlinearity": "leaky_relu"},
    "kaiming_normal_": {"mode": "fan_out", "nonlinearity": "relu"},
    "orthogonal_": {"gain": 2.0}, "sparse_": {"sparsity": 0.4},
}


@outcome(*[f"nn.init.{word}" for word in INITS if word != "orthogonal_"],
         examples=12, exact=True)
@outcome("nn.init.orthogonal_", examples=12)
def initialised(lib: Any, rng: Any, dtype: Any,
                name: str = "nn.init.orthogonal_",
                called: str = "") -> Any:
    word = name.rsplit(".", 1)[1]
    size = pick(rng, (4, 6), (7, 3), (5, 5))
    if word == "dirac_" or (word[0] in "xk" and rng.random() < 0.5):
        size = (*size, 3, 2)
    needed = word in ("constant_", "sparse_")
    options = INITS[word] if needed or rng.integers(2) else {}
    x = lib.empty(size, dtype=dtype)
    function = find(lib, called or name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return [function(x, **options), lib.rand(2)]


OLD = [word[:-1] for word in INITS if word not in (
    "trunc_normal_", "ones_", "zeros_")]


@outcome(*[f"nn.init.{word}" for word in OLD], examples=4)
def by_old_names(lib: Any, rng: Any, dtype: Any, name: str) -> Any:
    return initialised(lib, rng, dtype, name + "_", name)


GAINS = ("linear conv1d conv2d conv3d conv_transpose2d sigmoid tanh relu "
         "leaky_relu selu").split()


@outcome("nn.init.calculate_gain", exact=True)
def gains(lib: Any, rng: Any, dtype: Any) -> Any:
    gain = lib.nn.init.calculate_gain
    return [*[gain(word) for word in GAINS], gain(
        "leaky_relu", float(rng.random()))]
