"""How the report reaches layers: one draw for a function and its module.

The parameters of a module are inputs beside its data, so that gradients
reach them; its buffers are results beside its output.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import scratch

from .registry import find, row

SEED = 11


def tensors_in(lib: Any, options: dict, like: Any) -> dict:
    """The options, with arrays as tensors: floats in the dtype of x."""
    def made(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        y = lib.from_numpy(value.copy())
        return y.to(like.dtype) if y.dtype.is_floating_point else y

    return {key: made(value) for key, value in options.items()}


def first_float(xs: tuple) -> Any:
    return next((x for x in xs if x.dtype.is_floating_point), xs[0])


def bent(ys: Any) -> list:
    """Each result, and the square of each: what is linear gets a second
    derivative too."""
    if isinstance(ys, (tuple, list)):
        return [part for y in ys for part in bent(y)]
    return [ys, ys * ys] if ys.dtype.is_floating_point else [ys]


def held(xs: tuple, fixed: tuple) -> tuple:
    """The inputs, those that torch has no derivative of as constants."""
    return tuple(x.detach() if i in fixed else x for i, x in enumerate(xs))


def function_of(lib: Any, name: str, options: dict,
                fixed: tuple = ()) -> Callable:
    """nn.functional's function with these options, as a row calls it."""
    def call(*xs: Any) -> Any:
        xs = held(xs, fixed)
        lib.manual_seed(SEED)
        chosen = tensors_in(lib, options, first_float(xs))
        return bent(find(lib, name)(*xs, **chosen))

    return call


def module_of(lib: Any, name: str, args: tuple, options: dict,
              train: bool, arrays: tuple, fixed: tuple = ()) -> tuple:
    """A module from one seed: what to compute, and all of its inputs."""
    def built(like: Any) -> Any:
        lib.manual_seed(SEED)
        chosen = tensors_in(lib, options, like)
        module = find(lib, name)(*args, **chosen).to(like.dtype)
        return module.train(train)

    scratch.manual_seed(SEED)
    lone = find(scratch, name)(*args, **tensors_in(
        scratch, options, scratch.zeros(1)))
    names = [key for key, _ in lone.named_parameters()]
    params = [p.detach().numpy().astype(np.float64)
              for p in lone.parameters()]

    def call(*xs: Any) -> list:
        module = built(first_float(xs))
        start = [p.detach().clone() for p in module.parameters()]
        inputs, given = held(xs[:len(arrays)], fixed), xs[len(arrays):]
        lib.manual_seed(SEED)
        y = lib.func.functional_call(
            module, dict(zip(names, given, strict=True)), inputs)
        return [bent(y), start, [b.clone() for b in module.buffers()]]

    return call, (*arrays, *params)


def layer(function: str, module: str, order: int = 2, examples: int = 40,
          fixed: tuple = ()) -> Callable:
    """Rows of a function and a module without parameters, from one draw:
    `draw(rng) -> (options, arrays)`. Either name may be empty."""

    def register(draw: Callable) -> Callable:
        if function:
            @row(f"nn.functional.{function}", order=order, examples=examples)
            def by_function(lib: Any, rng: Any) -> tuple:
                options, arrays = draw(rng)
                return function_of(
                    lib, f"nn.functional.{function}", options, fixed), arrays
        if module:
            @row(f"nn.{module}", order=order, examples=examples)
            def by_module(lib: Any, rng: Any) -> tuple:
                options, arrays = draw(rng)
                train = options.pop("training", True)
                return module_of(lib, f"nn.{module}", (), options, train,
                                 arrays, fixed)
        return draw

    return register


def module(name: str, order: int = 2, examples: int = 30) -> Callable:
    """The row of a module: `draw(rng) -> (args, options, arrays)`."""

    def register(draw: Callable) -> Callable:
        @row(f"nn.{name}", order=order, examples=examples)
        def by_module(lib: Any, rng: Any) -> tuple:
            args, options, arrays = draw(rng)
            train = bool(rng.integers(2))
            return module_of(lib, f"nn.{name}", args, options, train, arrays)

        return draw

    return register


def function(name: str, order: int = 2, examples: int = 40) -> Callable:
    """The row of a function of nn: `draw(rng) -> (options, arrays)`."""
    return layer(name, "", order, examples)
