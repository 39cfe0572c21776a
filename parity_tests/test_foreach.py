"""One operation on many tensors is that operation on each, as in torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.parity import array_of
from scratch import foreach

LIBS = (scratch, torch)
POSITIVE = {"log", "log10", "log1p", "log2", "sqrt", "rsqrt", "reciprocal",
            "div", "pow", "lgamma", "addcdiv"}  # fmt: skip
sizes = st.lists(st.sampled_from([(), (1,), (0,), (3,), (2, 3)]),
                 min_size=1, max_size=4)  # fmt: skip


def drawn(lib: Any, sizes: list, seed: int, name: str) -> list:
    rng = np.random.default_rng(seed)
    low = 0.1 if name.rstrip("_") in POSITIVE else -0.9
    return [lib.from_numpy(np.asarray(rng.uniform(low, 0.9, size)))
            for size in sizes]


def told(name: str, call: Any) -> None:
    """What both libraries return, and what they wrote."""
    results = [call(lib, getattr(lib, "_foreach_" + name)) for lib in LIBS]
    for ours, theirs in zip(*results, strict=True):
        assert type(ours) is type(theirs) or isinstance(ours, scratch.Tensor)
        for a, b in zip(ours, theirs, strict=True):
            assert str(a.dtype) == str(b.dtype) and a.shape == b.shape
            np.testing.assert_allclose(
                array_of(a.detach()), array_of(b.detach()), 1e-12)


@pytest.mark.parametrize("name", foreach.UNARY)
@given(sizes, st.integers(0, 99))
def test_of_one_list(name: str, sizes: list, seed: int) -> None:
    def call(lib: Any, f: Any) -> list:
        xs = drawn(lib, sizes, seed, name)
        new = f(xs)
        assert getattr(lib, "_foreach_" + name + "_")(xs) is xs
        return [new, tuple(xs)]

    told(name, call)


@pytest.mark.parametrize("name", foreach.BINARY)
@given(sizes, st.integers(0, 99), st.sampled_from(["number", "numbers",
       "tensor", "tensors", "alpha"]))  # fmt: skip
def test_of_two_lists(name: str, sizes: list, seed: int, kind: str) -> None:
    def call(lib: Any, f: Any) -> list:
        xs = drawn(lib, sizes, seed, name)
        options: dict = {}
        other: Any = {
            "number": 0.7, "numbers": [0.5 + i for i in range(len(xs))],
            "tensor": lib.tensor(0.3, dtype=lib.float64),
        }.get(kind, drawn(lib, sizes, seed + 1, name))  # fmt: skip
        if kind == "alpha" and name in ("add", "sub"):
            options["alpha"] = 2.5
        new = f(xs, other, **options)
        getattr(lib, "_foreach_" + name + "_")(xs, other, **options)
        return [new, tuple(xs)]

    told(name, call)


@pytest.mark.parametrize("name", foreach.POINTWISE)
@given(sizes, st.integers(0, 99), st.sampled_from(["one", "number",
       "numbers", "tensor"]))  # fmt: skip
def test_of_three_lists(name: str, sizes: list, seed: int, kind: str) -> None:
    def call(lib: Any, f: Any) -> list:
        xs, ys, zs = (drawn(lib, sizes, seed + i, name) for i in range(3))
        each = [0.5 + i for i in range(len(xs))]
        given_: Any = {
            "one": (), "number": (2.5,), "numbers": (each,),
            "tensor": (lib.tensor(each, dtype=lib.float64),)}[kind]
        new = f(xs, ys, zs, *given_)
        getattr(lib, "_foreach_" + name + "_")(xs, ys, zs, *given_)
        return [new, tuple(xs)]

    told(name, call)


@given(sizes, st.integers(0, 99))
def test_the_others(sizes: list, seed: int) -> None:
    def call(lib: Any, f: Any) -> list:
        xs, ys, ws = (drawn(lib, sizes, seed + i, "lerp") for i in range(3))
        full = [lib.ones(2, 2), lib.ones(3) * 2]
        square = [lib.ones(2, 3), lib.ones(1, 2)], [lib.ones(3, 1),
                                                    lib.ones(2, 2)]
        out = [
            f(xs, ys, 0.3), f(xs, ys, ws), lib._foreach_norm(xs),
            lib._foreach_norm(full, 1), lib._foreach_norm(
                full, float("inf"), dtype=lib.float64),
            lib._foreach_max(full), lib._foreach_clone(xs),
            lib._foreach_powsum(full, 3), lib._foreach_mm(*square),
            lib._foreach_pow(2.0, xs),
        ]  # fmt: skip
        lib._foreach_lerp_(xs, ys, 0.7)
        out.append(tuple(xs))
        lib._foreach_copy_(ys, xs)
        out.append(tuple(ys))
        assert lib._foreach_zero_(ys) is ys
        return [*out, tuple(ys)]

    told("lerp", call)


BAD = [
    lambda f, t: f("add")([], 1),
    lambda f, t: f("add")([t.ones(2)], [t.ones(2)] * 2),
    lambda f, t: f("add")([t.ones(2)], [1, 2]),
    lambda f, t: f("add")(t.ones(2), 1),
    lambda f, t: f("add")(3, 1),
    lambda f, t: f("add")([t.ones(2)], "a"),
    lambda f, t: f("sqrt")([1, 2]),
    lambda f, t: f("sqrt")(()),
    lambda f, t: f("mul")([t.ones(2)], [t.ones(3)]),
    lambda f, t: f("mul")([t.ones(2)], t.ones(2)),
    lambda f, t: f("add_")([t.ones(2, dtype=t.int64)], 0.5),
    lambda f, t: f("addcmul")([t.ones(2)], [t.ones(2)], [t.ones(2)], [1, 2]),
    lambda f, t: f("lerp")([t.ones(2)] * 2, [t.ones(2)], 0.5),
    lambda f, t: f("norm")([]),
]


@pytest.mark.parametrize("call", BAD)
def test_bad_calls(call: Any) -> None:
    said = []
    for lib in LIBS:
        with pytest.raises((RuntimeError, TypeError)) as caught:
            call(lambda name, lib=lib: getattr(lib, "_foreach_" + name), lib)
        said.append((caught.type, str(caught.value)[:30]))
    assert said[0][0] is said[1][0]
    if said[0][0] is RuntimeError:
        assert said[0] == said[1]


def test_the_names_at_the_top_and_in_their_space_are_the_same() -> None:
    for name in foreach.EVERY:
        assert getattr(scratch, "_foreach_" + name) is getattr(foreach, name)
    x = scratch.ones(2, requires_grad=True)
    (y,) = foreach.exp([x])  # type: ignore[attr-defined]
    y.sum().backward()
    assert x.grad is not None and (x.grad == y).all()
