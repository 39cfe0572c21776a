"""Hooks run as the rest of backward does: recording only when gradients are
to have gradients."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.strategies import arrays

LIBS = (scratch, torch)


@pytest.mark.filterwarnings("ignore:Using backward.. with create_graph")
@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize("outside", [False, True])
def test_each_hook_sees_the_same_mode(create_graph: bool, outside: bool
                                      ) -> None:
    seen = []
    for lib in LIBS:
        modes: list = []

        def note(kind: str, lib: Any = lib, modes: list = modes) -> Any:
            return lambda *_: modes.append((kind, lib.is_grad_enabled()))

        x = lib.ones(2, requires_grad=True)
        layer = lib.nn.Linear(2, 1)
        x.register_hook(note("tensor"))
        x.register_post_accumulate_grad_hook(note("gathered"))
        layer.register_full_backward_hook(note("module"))
        y = layer(x * 2)
        y.grad_fn.register_hook(note("step"))
        y.grad_fn.register_prehook(note("before"))
        total = y.sum()
        with lib.set_grad_enabled(outside):
            total.backward(create_graph=create_graph)
            assert lib.is_grad_enabled() == outside
        seen.append(modes)
    assert seen[0] == seen[1]


@given(arrays(shape=(3,)), st.floats(-2, 2))
def test_a_leaf_steps_as_soon_as_its_gradient_is_there(
        a: Any, rate: float) -> None:
    found = []
    for lib in LIBS:
        x = lib.tensor(a, requires_grad=True)

        def step(p: Any, lib: Any = lib) -> None:
            p.add_(p.grad, alpha=-rate)
            p.grad = None

        x.register_post_accumulate_grad_hook(step)
        for _ in range(2):
            (x * lib.tensor([1.0, 2.0, 3.0])).sum().backward()
        assert x.grad is None and x.is_leaf and x.requires_grad
        found.append(x.detach())
    torch.testing.assert_close(torch.from_numpy(found[0].numpy()), found[1])


def test_a_hook_that_fails_leaves_the_mode_as_it_was() -> None:
    def fail(p: Any) -> None:
        raise KeyError("told")

    x = scratch.ones(1, requires_grad=True)
    x.register_post_accumulate_grad_hook(fail)
    with pytest.raises(KeyError):
        x.sum().backward()
    assert scratch.is_grad_enabled()
