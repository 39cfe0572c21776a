"""Functions of one's own, hooks and modes: what happens, and in which order.

Each program runs on both sides and writes down what it sees.
"""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

BOTH = [scratch, torch]


def seen(value: Any) -> Any:
    """A value as both sides can write it down."""
    if hasattr(value, "numpy"):
        return type(value).__name__, value.tolist()
    if isinstance(value, (tuple, list)):
        return [seen(part) for part in value]
    return value


def attempt(log: list, function: Callable, *args: Any) -> Any:
    """Call it; write down what it returns, or its error's first words."""
    try:
        y = function(*args)
    except Exception as error:
        log.append((type(error).__name__, str(error)[:150]))
        return None
    log.append(seen(y))
    return y


def own(lib: Any, forward: Callable, backward: Callable) -> Any:
    """A custom function made of these two."""
    return type("Own", (lib.autograd.Function,), {
        "forward": staticmethod(forward), "backward": staticmethod(backward)})


def x_of(lib: Any, n: int = 2) -> Any:
    return lib.arange(1.0, n + 1).requires_grad_()


# ---- what forward may return, and backward too

RETURNED: dict[str, Callable] = {
    "a number": lambda x: 1,
    "nothing": lambda x: None,
    "a list": lambda x: [x * 2],
    "a tensor among others": lambda x: (x * 2, 3, None, "a"),
    "two": lambda x: (x * 2, x[:1] * 3),
    "whole numbers too": lambda x: (x.long(), x * 1),
    "itself": lambda x: x,
    "itself and more": lambda x: (x, x + 1),
    "a view": lambda x: x.view(-1),
    "two views": lambda x: (x.view(-1), x.view(-1)[:1]),
}


@pytest.mark.parametrize("what", RETURNED)
@pytest.mark.parametrize("leaf", [True, False])
def test_what_forward_returns(what: str, leaf: bool) -> None:
    found = []
    for lib in BOTH:
        log: list = []

        def backward(ctx: Any, *gs: Any, log: list = log) -> Any:
            log.append(seen(gs))
            return next(g for g in gs[::-1] if g is not None and len(g) == 2)

        x = x_of(lib)
        F = own(lib, lambda ctx, x: RETURNED[what](x), backward)
        y = F.apply(x if leaf else x * 1)
        parts = y if isinstance(y, tuple) else (y,)
        log.append(seen(parts))
        for part in parts:
            if not isinstance(part, lib.Tensor):
                continue
            log += [part.requires_grad, part.is_leaf, part._is_view()]
            if part.shape == x.shape and part.requires_grad:
                log.append(part.grad_fn.name())
                part.sum().backward(retain_graph=True)
                log.append(seen(x.grad))
            if not leaf:
                attempt(log, part.add_, 1)
        found.append(log)
    assert found[0] == found[1]


GIVEN: dict[str, Callable] = {
    "a wrong shape": lambda lib, g: lib.ones(10),
    "a smaller one": lambda lib, g: g.sum(),
    "a larger one": lambda lib, g: lib.ones(3, *g.shape),
    "too many": lambda lib, g: (g, g),
    "too many, but nothing": lambda lib, g: (g, None, None),
    "too few": lambda lib, g: (),
    "a number": lambda lib, g: 3,
    "nothing": lambda lib, g: None,
    "another dtype": lambda lib, g: g.double(),
}


@pytest.mark.parametrize("what", GIVEN)
def test_what_backward_returns(what: str) -> None:
    found = []
    for lib in BOTH:
        log, x = [], x_of(lib)
        F = own(lib, lambda ctx, x: x * 2,
                lambda ctx, g, lib=lib: GIVEN[what](lib, g))
        attempt(log, F.apply(x).sum().backward)
        found.append([*log, seen(x.grad)])
    assert found[0] == found[1]


CHANGED: dict[str, Callable] = {
    "a leaf": lambda x: x,
    "computed": lambda x: x * 1,
    "a view": lambda x: (x * 1)[1:],
    "a view of a view": lambda x: (x * 1).view(1, -1)[:, 1:],
}


@pytest.mark.parametrize("what", CHANGED)
@pytest.mark.parametrize("returned", [True, False])
def test_an_input_changed_in_place(what: str, returned: bool) -> None:
    found = []
    for lib in BOTH:
        def forward(ctx: Any, x: Any) -> Any:
            ctx.mark_dirty(x)
            return x.mul_(3) if returned else x * 3

        log, x = [], x_of(lib, 3)
        F = own(lib, forward, lambda ctx, g: g * 5)
        y = CHANGED[what](x)
        z = attempt(log, F.apply, y)
        if z is not None:
            base = y if y._base is None else y._base
            log += [z is y, y._version, base.grad_fn.name()]
            base.sum().backward()
            log.append(seen(x.grad))
        found.append(log)
    assert found[0] == found[1]


@given(st.booleans(), st.booleans(), st.booleans())
def test_the_context_is_the_step(named: bool, materialize: bool,
                                 both: bool) -> None:
    found = []
    for lib in BOTH:
        log: list = []

        def forward(ctx: Any, x: Any, factor: float = 2.0) -> Any:
            ctx.factor = factor
            ctx.save_for_backward(x, None)
            ctx.set_materialize_grads(materialize)
            return x * factor, x + 1

        def backward(ctx: Any, g: Any, h: Any, log: list = log) -> Any:
            log.append([seen(ctx.saved_tensors), seen(g), seen(h), ctx.note])
            return ((g if g is not None else 0) + 0 * ctx.saved_tensors[0]
                    ) * ctx.factor, None

        x = x_of(lib)
        F = own(lib, forward, backward)
        a, b = F.apply(x, factor=3.0) if named else F.apply(x, 3.0)
        a.grad_fn.note = "later"
        log.append([a.grad_fn.factor, seen(a.grad_fn.saved_tensors)])
        (a + b if both else a).sum().backward()
        log.append(seen(x.grad))
        attempt(log, lambda step=a.grad_fn: step.saved_tensors)
        found.append(log)
    assert found[0] == found[1]


@pytest.mark.parametrize("call", [
    "F.apply(x)", "F.apply(x, f=3.0)", "F.apply(x, 3.0, g=2.0)",
    "F.apply(x=x)", "F.apply(g=1.0, f=2.0, x=x)", "F.apply(x, h=3)",
    "F.apply(x, x=3)", "F.apply(x, g=2.0)", "F.apply(f=2.0)"])
def test_arguments_by_name_take_their_places(call: str) -> None:
    found = []
    for lib in BOTH:
        log: list = []

        def forward(ctx: Any, x: Any, f: float = 2.0, g: float = 3.0) -> Any:
            ctx.count = len(ctx.needs_input_grad)
            return x * f * g

        def backward(ctx: Any, g: Any) -> Any:
            return (g, None, None)[:ctx.count]

        x = x_of(lib)
        y = attempt(log, eval, call, {
            "F": own(lib, forward, backward), "x": x})
        if y is not None:
            y.sum().backward()
        log = [e[0] if isinstance(e, tuple) and "Error" in e[0] else e
               for e in log]
        found.append([*log, seen(x.grad)])
    assert found[0] == found[1]


@pytest.mark.filterwarnings("ignore:<class.*not be instantiated")
def test_an_old_function_is_refused() -> None:
    found = []
    for lib in BOTH:
        log: list = []
        F = own(lib, lambda self, x: x, lambda self, g: g)
        attempt(log, lambda F=F, lib=lib: F()(lib.ones(2)))
        found.append(log)
    assert found[0] == found[1]


# ---- hooks

NEW: dict[str, Callable] = {
    "nothing": lambda lib, g: None,
    "more": lambda lib, g: g * 2,
    "another dtype": lambda lib, g: g.double(),
    "another shape": lambda lib, g: lib.ones(3),
    "a word": lambda lib, g: "a",
}


@pytest.mark.parametrize("what", NEW)
@pytest.mark.parametrize("kind", ["tensor", "pre", "pre without tuple",
                                  "pre of two", "pre of none"])
def test_what_hooks_return(what: str, kind: str) -> None:
    found = []
    for lib in BOTH:
        log, x = [], x_of(lib)
        y = x * 2

        def named(g: Any, lib: Any = lib) -> Any:
            new = NEW[what](lib, g[0] if isinstance(g, tuple) else g)
            if kind == "tensor" or new is None:
                return new
            return {"pre": (new,), "pre of two": (new, new),
                    "pre of none": (None,)}.get(kind, new)

        if kind == "tensor":
            y.register_hook(named)
        elif kind != "pre" or what in ("nothing", "more"):
            y.grad_fn.register_prehook(named)
        attempt(log, y.sum().backward)
        found.append([*log, seen(x.grad)])
    assert found[0] == found[1]


@given(st.permutations("tensor pre post accumulated retain".split()))
def test_hooks_of_a_leaf_and_of_a_step_come_in_torchs_order(
        order: list[str]) -> None:
    found = []
    for lib in BOTH:
        log, x = [], x_of(lib)
        y = x * lib.ones(2)
        leaf = y.grad_fn.next_functions[0][0]

        def note(name: str, log: list = log) -> Callable:
            return lambda *given: log.append((name, seen(given)))

        for name in order:
            match name:
                case "tensor":
                    x.register_hook(note("leaf"))
                    y.register_hook(lambda g: g * 2)
                case "pre":
                    leaf.register_prehook(note("leaf's pre"))
                    leaf.register_prehook(lambda gs: (gs[0] * 7,))
                    y.grad_fn.register_prehook(note("step's pre"))
                case "post":
                    leaf.register_hook(note("leaf's post"))
                case "accumulated":
                    x.register_post_accumulate_grad_hook(note("gathered"))
                case "retain":
                    y.retain_grad()
        y.sum().backward(retain_graph=True)
        log += [seen(x.grad), seen(y.grad) if y.retains_grad else None]
        log.append(seen(lib.autograd.grad(y.sum(), x)))
        found.append(log)
    assert found[0] == found[1]


@given(st.sampled_from(["itself", "a view", "its base"]), st.booleans())
def test_a_kept_gradient_is_that_of_the_tensor_as_it_is(
        changed: str, twice: bool) -> None:
    found = []
    for lib in BOTH:
        x = x_of(lib, 3)
        base = x * 2
        y = base[1:] if changed == "its base" else base
        y.retain_grad()
        {"itself": y, "a view": y[1:], "its base": base}[changed].mul_(5)
        z = (base * base).sum()
        z.backward(retain_graph=twice)
        if twice:
            z.backward()
        found.append([seen(y.grad), seen(x.grad)])
    assert found[0] == found[1]


# ---- where backward begins and ends

@pytest.mark.parametrize("call", [
    "y.backward([lib.ones(2)])", "y.backward((lib.ones(2),))",
    "y.backward(3)", "y.backward(lib.ones(2, dtype=lib.complex64))",
    "(x * 1j).sum().backward()", "y.sum().backward(inputs=[])",
    "y.sum().backward(inputs=[lib.ones(2)])", "y.sum().backward(inputs=[y])",
    "y.sum().backward(inputs=x)", "y.sum().backward(inputs=[y, x])",
    "lib.autograd.grad((x * 1j).sum(), x)",
    "(x * 1j).backward(lib.ones(2))"])
def test_where_backward_begins_and_ends(call: str) -> None:
    found = []
    for lib in BOTH:
        log, x = [], x_of(lib)
        y = x * 2
        attempt(log, eval, call, {"lib": lib, "x": x, "y": y})
        log += [seen(x.grad), y.retains_grad]
        found.append([*log, seen(y.grad) if y.retains_grad else None])
    assert found[0] == found[1]


# ---- generators

@given(st.sampled_from("no_grad enable_grad inference_mode".split()),
       st.lists(st.sampled_from("next send throw close".split()), max_size=5))
def test_each_step_of_a_generator_runs_in_its_mode(mode: str, moves: list
                                                   ) -> None:
    found = []
    for lib in BOTH:
        log: list = []

        def steps(log: list = log, lib: Any = lib) -> Any:
            try:
                for i in range(3):
                    try:
                        log.append((yield i, lib.is_grad_enabled()))
                    except KeyError as error:
                        log.append((str(error), lib.is_grad_enabled()))
                return "end"
            finally:
                log.append(("closing", lib.is_grad_enabled()))

        walk = getattr(lib, mode)()(steps)()
        attempt(log, next, walk)
        for move in moves:
            args = {"send": (5,), "throw": (KeyError("k"),)}.get(move, ())
            attempt(log, getattr(walk, "__next__" if move == "next"
                                 else move), *args)
            log.append(lib.is_grad_enabled())
        walk.close()
        found.append(log)
    assert found[0] == found[1]


@pytest.mark.filterwarnings("ignore:Decorating classes:FutureWarning")
def test_a_decorated_class_is_made_in_the_mode() -> None:
    found = []
    for lib in BOTH:
        log: list = []

        @lib.no_grad()
        class Made:
            def __init__(self, log: list, lib: Any) -> None:
                log.append(lib.is_grad_enabled())

            def later(self, lib: Any) -> bool:
                return lib.is_grad_enabled()

        log.append(Made(log, lib).later(lib))
        with lib.autograd.set_multithreading_enabled(False):
            log.append(lib.is_grad_enabled())
        found.append(log)
    assert found[0] == found[1]
