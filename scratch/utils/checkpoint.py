"""Checkpointing: memory saved by computing activations twice.

A part of a network keeps only its inputs; when its gradient is needed, it
runs once more (Chen et al., 2016, "Training deep nets with sublinear memory
cost").
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np

from ..autograd import Function, engine
from ..autograd.trees import leaves, rebuild
from ..modes import enable_grad, modes, no_grad
from ..nn import Sequential
from ..node import Node, node_of, now
from ..random import get_rng_state, set_rng_state
from ..tensor import Tensor, wrap

__all__ = ["checkpoint", "checkpoint_sequential", "get_device_states",
           "set_device_states"]


def noop_context_fn() -> tuple:
    """Nothing special around a run and around its repetition."""
    return nullcontext(), nullcontext()


@contextmanager
def replayed(state: Tensor | None) -> Iterator[None]:
    """Random numbers as they were then, and afterwards as they are now."""
    if state is None:
        yield
        return
    now = get_rng_state()
    set_rng_state(state)
    try:
        yield
    finally:
        set_rng_state(now)


# ---- the reentrant form: backward calls backward


class CheckpointFunction(Function):
    """Run without a graph; in backward run again with one, and go through
    it. Parameters get their gradients there."""

    @staticmethod
    def forward(
        ctx: Any, run_function: Any, preserve_rng_state: bool, *args: Any
    ) -> Any:
        if not any(isinstance(x, Tensor) and x.requires_grad for x in args):
            warnings.warn(
                "None of the inputs have requires_grad=True. Gradients will "
                "be None",
                stacklevel=4,
            )
        ctx.run, ctx.args = run_function, args
        ctx.state = get_rng_state() if preserve_rng_state else None
        ctx.save_for_backward(*[x for x in args if isinstance(x, Tensor)])
        with no_grad():
            return run_function(*args)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple:
        saved = iter(ctx.saved_tensors)
        inputs = [
            detached(next(saved)) if isinstance(x, Tensor) else x
            for x in ctx.args
        ]
        with replayed(ctx.state), enable_grad():
            outputs = ctx.run(*inputs)
        if isinstance(outputs, Tensor):
            outputs = (outputs,)
        pairs = [
            (y, g)
            for y, g in zip(outputs, grads)
            if isinstance(y, Tensor) and y.requires_grad
        ]
        if not pairs:
            raise RuntimeError(
                "none of output has requires_grad=True, this checkpoint() is "
                "not necessary"
            )
        engine.backward([y for y, _ in pairs], [g for _, g in pairs])
        return (
            None,
            None,
            *(x.grad if isinstance(x, Tensor) else None for x in inputs),
        )


def detached(x: Tensor) -> Tensor:
    """x as the start of a graph of its own."""
    y = x.detach()
    return y.requires_grad_() if x.requires_grad else y


# ---- the other form: the graph of the first run is forgotten


class Again(Function):
    """Outputs whose way back is found by computing them once more."""

    @staticmethod
    def forward(ctx: Any, again: Any, outputs: list, *inputs: Any) -> tuple:
        ctx.again = again
        ctx.save_for_backward(*inputs)
        return tuple([y.detach() for y in outputs])

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple:
        create, start = modes.recording, now()
        outputs = ctx.again()
        if len(outputs) != len(grads):
            raise CheckpointError(
                "torch.utils.checkpoint: A different number of tensors was "
                "saved during the original forward and recomputation.\n"
                f"Number of tensors saved during forward: {len(grads)}\n"
                "Number of tensors saved during recomputation: "
                f"{len(outputs)}."
            )
        # An input may come from another one: the way between them is not
        # this step's.
        inputs = ctx.saved_tensors
        wanted = {engine.node_at(x): x for x in inputs}
        roots = engine.start(outputs, grads)
        arrived = engine.visit(roots, create, create, wanted, start)
        found = [
            engine.received(i, x, arrived, True, False)
            for i, x in enumerate(inputs)
        ]
        return (None, None, *found)


class CheckpointError(RuntimeError):
    """The second run was not as the first."""


def stand_in(node: Node) -> Tensor:
    """A tensor in a node's place in the graph; its numbers do not matter."""
    x = wrap(np.broadcast_to(node.dtype.type(0), node.shape))
    x._node = node
    return x


def made_since(result: Any, start: int) -> list:
    """The tensors of a result that new steps computed, each once."""
    outputs = {
        id(y): y
        for y in leaves(result)
        if (node := node_of(y)) is not None and node.birth > start
    }
    return list(outputs.values())


def came_from(outputs: list, start: int) -> list:
    """The older steps and leaves that the new ones lead back to."""
    waiting, seen, older = [node_of(y) for y in outputs], set(), []
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if node.birth < start:
            older.append(node)
            continue
        for parent, _ in node.edges:
            waiting += parent if type(parent) is tuple else [parent]
    return older


def run_and_forget(
    function: Callable,
    args: tuple,
    kwargs: dict,
    preserve: bool,
    context_fn: Callable,
) -> Any:
    """function(*args), whose outputs hold on to its inputs alone."""
    state = get_rng_state() if preserve else None
    first, second = context_fn()
    start = now()
    with first:
        result = function(*args, **kwargs)
    outputs = made_since(result, start)
    inputs = [stand_in(node) for node in came_from(outputs, start)]
    if not inputs:
        return result

    def again() -> list:
        mark = now()
        with replayed(state), enable_grad(), second:
            return made_since(function(*args, **kwargs), mark)

    names = [y._node.name() for y in outputs]
    fresh = Again.apply(again, outputs, *inputs)
    for y, name in zip(fresh, names):
        y._node.label = name
    other = {id(y): new for y, new in zip(outputs, fresh)}
    return rebuild(result, iter([other.get(id(y), y) for y in leaves(result)]))


# ---- what programs call

ADVICE = (
    "use_reentrant=False is recommended, but if you need to preserve the "
    "current default behavior, you can pass use_reentrant=True. Refer to "
    "docs for more details on the differences between the two variants."
)
UNSAID = (
    "torch.utils.checkpoint: the use_reentrant parameter should be passed "
    "explicitly. In a future release, calling checkpoint without "
    "use_reentrant will raise an exception. " + ADVICE
)
UNSAID_OF_CHAIN = (
    "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant "
    "parameter should be passed explicitly. In a future release, we will "
    "raise an exception if use_reentrant is not passed. " + ADVICE
)


def checkpoint(
    function: Any = None,
    *args: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    context_fn: Callable = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    respect_saved_tensors_hooks: bool | None = None,
    **kwargs: Any,
) -> Any:
    """function(*args), keeping no activations: backward computes them again.

    Without a function: a decorator.
    """
    if function is None and not args:
        refuse(kwargs)
        options: dict[str, Any] = {
            "use_reentrant": use_reentrant,
            "preserve_rng_state": preserve_rng_state,
            "context_fn": context_fn,
        }
        return lambda f: functools.wraps(f)(
            functools.partial(checkpoint, f, **options)
        )
    if use_reentrant is None:
        warnings.warn(UNSAID, stacklevel=2)
        use_reentrant = True
    if not use_reentrant:
        if determinism_check not in ("default", "none"):
            raise ValueError(
                "determinism_check should be one of ['default', 'none'], but "
                f"got {determinism_check}"
            )
        return run_and_forget(
            function, args, kwargs, preserve_rng_state, context_fn
        )
    refuse(kwargs)
    if (
        context_fn is not noop_context_fn
        or debug
        or respect_saved_tensors_hooks is not None
    ):
        raise ValueError(
            "Passing `context_fn`, `debug`, or `respect_saved_tensors_hooks` "
            "is only supported when use_reentrant=False."
        )
    return CheckpointFunction.apply(function, preserve_rng_state, *args)


def refuse(kwargs: dict) -> None:
    """Refuse named arguments where only positions are known."""
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))


def checkpoint_sequential(
    functions: Any,
    segments: int,
    input: Any,
    use_reentrant: bool | None = None,
    **kwargs: Any,
) -> Any:
    """A chain of layers in parts, each but the last one a checkpoint."""
    if use_reentrant is None:
        warnings.warn(UNSAID_OF_CHAIN, stacklevel=2)
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    refuse(kwargs)
    layers = list(
        functions.children() if isinstance(functions, Sequential) else functions
    )
    size = len(layers) // segments

    def chain(start: int, end: int) -> Callable:
        return lambda x: functools.reduce(
            lambda y, f: f(y), layers[start:end], x
        )

    for start in range(0, size * (segments - 1), size):
        input = checkpoint(
            chain(start, start + size),
            input,
            use_reentrant=use_reentrant,
            preserve_rng_state=preserve,
        )
    return chain(size * (segments - 1), len(layers))(input)


def get_device_states(*args: Any) -> tuple[list, list]:
    """The GPUs of some tensors and their generators' states: none."""
    return [], []


def set_device_states(devices: list, states: list, *,
                      device_type: Any = None) -> None:
    """Nothing to set: there are no GPUs."""
