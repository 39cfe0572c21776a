"""A part that is computed twice gives what it gives when computed once."""

from collections import defaultdict, deque
from typing import Any

import pytest
import torch
import torch.utils.checkpoint
from hypothesis import given
from hypothesis import strategies as st

import scratch
import scratch.utils.checkpoint

LIBS = (scratch, torch)
depths = st.integers(0, 3)


def told(function: Any, *args: Any) -> Any:
    """What it returns or, of an error, its class and first words."""
    try:
        return function(*args)
    except Exception as error:
        return type(error).__name__, str(error)[:40]


def rounded(x: Any) -> Any:
    """A tensor's numbers, to few enough digits; None stays."""
    if x is None:
        return None
    x = x.detach().double()
    return [round(v, 4) for v in x.flatten().tolist()], list(x.shape)


def block(lib: Any, depth: int) -> Any:
    """Layers with parameters and random numbers."""
    lib.manual_seed(depth)
    layers: list = [lib.nn.Linear(3, 3)]
    for _ in range(depth):
        layers += [lib.nn.Dropout(0.4), lib.nn.Tanh(), lib.nn.Linear(3, 3)]
    return lib.nn.Sequential(*layers)


def after_backward(lib: Any, net: Any, x: Any, y: Any) -> list:
    """The output, all gradients, and the next random number."""
    y.pow(2).sum().backward()
    grads = [p.grad for p in (x, *net.parameters())]
    return [rounded(t) for t in (y, *grads, lib.rand(2))]


@given(depths, st.booleans(), st.booleans(), st.booleans())
def test_a_checkpoint_is_torchs(
    depth: int, reentrant: bool, wanted: bool, preserve: bool
) -> None:
    seen = []
    for lib in LIBS:
        net = block(lib, depth)
        x = lib.randn(2, 3, requires_grad=wanted or reentrant)
        y = lib.utils.checkpoint.checkpoint(
            net, x, use_reentrant=reentrant, preserve_rng_state=preserve
        )
        seen.append([*after_backward(lib, net, x, y), y.grad_fn.name()])
    assert seen[0] == seen[1]


def in_parts(lib: Any, net: Any, parts: int, x: Any, reentrant: bool) -> Any:
    """The chain, each part a checkpoint."""
    return lib.utils.checkpoint.checkpoint_sequential(
        net, parts, x, use_reentrant=reentrant
    )


@given(depths, st.integers(1, 5), st.booleans())
def test_a_chain_in_parts_is_torchs(
    depth: int, parts: int, reentrant: bool
) -> None:
    seen = []
    for lib in LIBS:
        net = block(lib, depth)
        x = lib.randn(2, 3, requires_grad=True)
        y = told(in_parts, lib, net, parts, x, reentrant)
        refused = isinstance(y, tuple)
        seen.append(y if refused else after_backward(lib, net, x, y))
    assert seen[0] == seen[1]


@given(depths, st.booleans())
def test_gradients_have_gradients(depth: int, nested: bool) -> None:
    seen = []
    for lib in LIBS:
        net, checkpoint = block(lib, depth), lib.utils.checkpoint.checkpoint
        x = lib.randn(2, 3, requires_grad=True)

        def part(x: Any, net: Any = net, once: Any = checkpoint) -> Any:
            y = once(net, x, use_reentrant=False) if nested else net(x)
            return {"y": y * x, "x": x, "n": 3}

        out = checkpoint(part, x, use_reentrant=False)
        assert out["x"] is x and out["n"] == 3
        (g,) = lib.autograd.grad(out["y"].sum(), x, create_graph=True)
        seen.append(
            [
                rounded(g),
                *map(
                    rounded,
                    lib.autograd.grad(
                        g.pow(2).sum(),
                        [x, *net.parameters()],
                        allow_unused=True,
                    ),
                ),
            ]
        )
    assert seen[0] == seen[1]


@pytest.mark.parametrize("reentrant", [True, False])
def test_the_part_runs_once_and_in_backward_again(reentrant: bool) -> None:
    runs: list = []
    x = scratch.ones(2, requires_grad=True)
    y = scratch.utils.checkpoint.checkpoint(
        lambda x: runs.append(1) or x.exp(), x, use_reentrant=reentrant
    )
    assert len(runs) == 1
    y.sum().backward()
    assert len(runs) == 2
    with scratch.no_grad():
        scratch.utils.checkpoint.checkpoint(
            lambda x: runs.append(1) or x, x, use_reentrant=reentrant
        )
    assert len(runs) == 3


def decorated(lib: Any) -> Any:
    x = lib.ones(2, requires_grad=True)
    twice = lib.utils.checkpoint.checkpoint(use_reentrant=False)(
        lambda x, k: x.sin() * k
    )
    twice(x, k=3).sum().backward()
    return rounded(x.grad)


@pytest.mark.parametrize("misuse", [
    decorated,
    lambda lib: lib.utils.checkpoint.checkpoint(
        lambda x, k: x, lib.ones(1, requires_grad=True), use_reentrant=True,
        k=2),
    lambda lib: lib.utils.checkpoint.checkpoint(k=2),
    lambda lib: lib.utils.checkpoint.checkpoint(
        lambda x: x, lib.ones(1), use_reentrant=True, debug=True),
    lambda lib: lib.utils.checkpoint.checkpoint(
        lambda x: x.detach(), lib.ones(1, requires_grad=True),
        use_reentrant=True).sum().backward(),
    lambda lib: lib.utils.checkpoint.checkpoint_sequential(
        [], 1, lib.ones(1), use_reentrant=False, k=1),
    lambda lib: lib.utils.checkpoint.checkpoint(
        lambda x: x, lib.ones(1), use_reentrant=False,
        determinism_check="some"),
    lambda lib: [y.sum().backward() for y in [lib.utils.checkpoint.checkpoint(
        lambda x: x.exp(), lib.ones(1, requires_grad=True),
        use_reentrant=False)] * 2],
])  # fmt: skip
def test_misuse_is_refused_as_in_torch(misuse: Any) -> None:
    ours, theirs = (told(misuse, lib) for lib in LIBS)
    assert ours == theirs and ours is not None


@pytest.mark.parametrize("lib", LIBS)
def test_a_form_that_is_not_said_is_warned_of(lib: Any) -> None:
    parts = lib.utils.checkpoint
    x = lib.ones(1, requires_grad=True)
    with pytest.warns(UserWarning, match="checkpoint: the use_reentrant"):
        parts.checkpoint(lambda x: x, x)
    with pytest.warns(UserWarning, match="sequential: the use_reentrant"):
        parts.checkpoint_sequential([lambda x: x], 1, x)
    with pytest.warns(UserWarning, match="None of the inputs have"):
        parts.checkpoint(lambda x: x, lib.ones(1), use_reentrant=True)


NESTS: dict[str, Any] = {
    "named": lambda y: y.max(0),
    "defaultdict": lambda y: defaultdict(list, values=y),
    "deeper": lambda y: {"values": y, "rest": [deque([y.sum()]), None]},
}


@given(st.sampled_from([*NESTS]))
def test_what_holds_the_results_stays_as_it_is(kind: str) -> None:
    seen = []
    for lib in LIBS:
        x = lib.arange(6.0).reshape(2, 3).requires_grad_()
        y = lib.utils.checkpoint.checkpoint(
            lambda x: NESTS[kind](x * x), x, use_reentrant=False
        )
        values = y.values if kind == "named" else y["values"]
        values.sum().backward()
        seen.append((type(y).__name__, rounded(values), rounded(x.grad)))
    assert seen[0] == seen[1]


@given(st.lists(st.sampled_from(["once", "plain", "reentrant"]), max_size=5))
def test_an_input_may_come_from_another_input(ways: list[str]) -> None:
    seen = []
    for lib in LIBS:
        x = lib.tensor([0.5, -1.0, 2.0], requires_grad=True)
        w = lib.tensor(1.5, requires_grad=True)
        values = [x, x * w]
        for way in ways:  # each part reads all that was made before it

            def part(*values: Any, lib: Any = lib, w: Any = w) -> Any:
                return (lib.stack(values).prod(0) * w).sin()

            if way == "plain":
                values.append(part(*values))
            else:
                values.append(
                    lib.utils.checkpoint.checkpoint(
                        part, *values, use_reentrant=way == "reentrant"
                    )
                )
        lib.stack(values).pow(2).sum().backward()
        seen.append([*x.grad.tolist(), w.grad.item()])
    assert seen[0] == pytest.approx(seen[1], rel=1e-4, abs=1e-4)
