"""Tensors of derived classes, and modules that are something else as well."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

BOTH = [scratch, torch]
SHAPES = [(), (0,), (3,), (2, 3)]


def derived(lib: Any) -> Any:
    """A class of tensors that are made in __new__ and know one more thing."""

    class Marked(lib.Tensor):
        mark = "none"

        def __new__(cls, data: Any, mark: str = "some",
                    requires_grad: bool = True) -> Any:
            self = lib.Tensor._make_subclass(cls, data, requires_grad)
            self.mark = mark
            return self

        def doubled(self) -> Any:
            return self * 2

    return Marked


@given(st.sampled_from(SHAPES), st.booleans())
def test_the_same_numbers_in_another_class(shape: tuple[int, ...],
                                           wanted: bool) -> None:
    a = np.random.default_rng(0).standard_normal(shape)
    found = []
    for lib in BOTH:
        kind, x = derived(lib), lib.tensor(a, requires_grad=wanted)
        y = x.as_subclass(kind)
        if wanted:
            y.doubled().sum().backward()
        found.append((type(y) is kind, y.mark, y.is_leaf, y.requires_grad,
                      y.data_ptr() == x.data_ptr(), y.tolist(),
                      x.grad.tolist() if wanted else None))
    assert found[0] == found[1]


@given(st.sampled_from(SHAPES), st.booleans())
def test_a_class_that_makes_its_tensors_itself(shape: tuple[int, ...],
                                               wanted: bool) -> None:
    a = np.random.default_rng(0).standard_normal(shape)
    found = []
    for lib in BOTH:
        x = lib.tensor(a)
        y = derived(lib)(x, mark="new", requires_grad=wanted)
        with lib.no_grad():
            x += 1
        if wanted:
            y.doubled().sum().backward()
        found.append((y.mark, y.is_leaf, y.requires_grad, y.tolist(),
                      y.grad.tolist() if wanted else None))
    assert found[0] == found[1]


@pytest.mark.parametrize("call", [
    "x.as_subclass(3)", "x.as_subclass(int)",
    "lib.Tensor._make_subclass(kind, 3)",
    "lib.Tensor._make_subclass(int, x)",
    "lib.Tensor._make_subclass(kind, lib.tensor([1]), True)",
    "lib.Tensor(2, size=3)"])
def test_what_they_refuse(call: str) -> None:
    found = []
    for lib in BOTH:
        try:
            eval(call, {"lib": lib, "x": lib.ones(2), "kind": derived(lib)})
            found.append(None)
        except Exception as error:
            found.append(type(error))
    assert found[0] == found[1] is not None


def test_a_distribution_or_transform_may_be_a_module() -> None:
    for lib in BOTH:
        space, module = lib.distributions, lib.nn.Module

        class Learned(space.Transform, module):
            def __init__(self, lib: Any) -> None:
                super().__init__(cache_size=1)
                self.layer = lib.nn.Linear(2, 3)

            __hash__ = lib.nn.Module.__hash__

        class Drawn(space.Normal, module):
            def __init__(self, lib: Any) -> None:
                super().__init__(0.0, 1.0)
                self.layer = lib.nn.Linear(2, 3)

        for kind in (Learned, Drawn):
            assert [name for name, _ in kind(lib).named_parameters()] == [
                "layer.weight", "layer.bias"]
