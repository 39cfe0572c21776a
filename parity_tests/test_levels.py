"""Transforms beside a graph that was there before: what stays connected."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import scratch

BOTH = [scratch, torch]
BODIES = {
    "its own": "(a ** 3).sum()",
    "with what it knows": "(a ** 3 * w).sum()",
    "beside what it knows": "(a ** 3).sum() + w.sum()",
    "with what it knows, computed": "(a ** 3 * v).sum()",
    "nothing": "lib.ones(())",
    "cut off": "(a.detach() * w).sum()",
}
TRANSFORMS = [
    "fn.grad(f)(x)", "fn.grad_and_value(f)(x)", "fn.vjp(f, x)[0]",
    "fn.vjp(f, x)[1](one)", "fn.vjp(f, x)[1](asks)", "fn.jacrev(f)(x)",
    "fn.jacfwd(f)(x)", "fn.hessian(f)(x)", "fn.jvp(f, (x,), (x + 1,))",
    "fn.jvp(f, (x,), (w,))", "fn.grad(lambda a: (f(a), a * w), "
    "has_aux=True)(x)", "fn.grad(lambda a: fn.grad(f)(a).sum())(x)",
    "fn.grad(lambda a: f(a - 0.1 * fn.grad(f)(a)))(x)",
    "fn.vmap(fn.grad(f))(lib.stack([x, x + 1]))"]


def parts(tree: Any) -> list:
    """The tensors of a result."""
    if isinstance(tree, tuple):
        return [part for branch in tree for part in parts(branch)]
    return [tree]


@pytest.mark.filterwarnings("ignore:`torch.jit:FutureWarning")
@pytest.mark.parametrize("call", TRANSFORMS)
@settings(max_examples=12)
@given(st.sampled_from([*BODIES]), st.booleans(), st.booleans())
def test_a_result_stays_where_it_depends_on_the_world_outside(
        call: str, body: str, asks: bool, recording: bool) -> None:
    found = []
    for lib in BOTH:
        x = lib.arange(3.0, dtype=lib.float64).requires_grad_(asks)
        w = lib.tensor([1.0, 2.0, -1.0], dtype=lib.float64,
                       requires_grad=True)
        names = {"lib": lib, "fn": lib.func, "x": x, "w": w, "v": w * 2,
                 "one": lib.ones((), dtype=lib.float64),
                 "asks": lib.ones((), dtype=lib.float64).requires_grad_()}
        names["f"] = eval(f"lambda a: {BODIES[body]}", names)
        with lib.set_grad_enabled(recording):
            results = parts(eval(call, names))
        tracked = [y for y in results if y.requires_grad]
        if tracked:
            sum(y.sum() for y in tracked).backward()
        found.append(([y.requires_grad for y in results], [
            None if t is None else t.detach().numpy()
            for t in (*results, x.grad, w.grad, names["asks"].grad)]))
    assert found[0][0] == found[1][0]
    for ours, theirs in zip(found[0][1], found[1][1], strict=True):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
