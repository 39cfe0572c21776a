"""Hooks: what is called before and after a module's forward and backward.

The gradient that enters a module meets a gate behind its output, and the
gradient that leaves it a gate before its input. A gate is one step for
several tensors: it waits until the gradients of all of them are known.
"""

from __future__ import annotations

import warnings
from collections import OrderedDict
from functools import partial
from typing import Any

import numpy as np

from ..graph import record
from ..node import Handle, View
from ..tensor import Tensor, wrap

before_forward: OrderedDict = OrderedDict()
after_forward: OrderedDict = OrderedDict()
before_backward: OrderedDict = OrderedDict()
after_backward: OrderedDict = OrderedDict()
with_keywords: dict = {}
always: dict = {}


def register_module_forward_pre_hook(hook: Any) -> Handle:
    """Call hook(module, args) before every module's forward."""
    return Handle(before_forward, hook)


def register_module_forward_hook(hook: Any, *, with_kwargs: bool = False,
                                 always_call: bool = False) -> Handle:
    """Call hook(module, args, output) after every module's forward."""
    return _flagged(Handle(after_forward, hook),
                    (with_keywords, with_kwargs), (always, always_call))


def register_module_full_backward_pre_hook(hook: Any) -> Handle:
    """Call hook(module, grad_output) before every module's backward."""
    return Handle(before_backward, hook)


def register_module_full_backward_hook(hook: Any) -> Handle:
    """Call hook(module, grad_input, grad_output) after each backward."""
    return Handle(after_backward, hook)


def _flagged(handle: Handle, *flags: tuple[dict, bool],
             first: Any = None) -> Handle:
    """Note a hook's flags; `first`: the hooks that it is to lead."""
    for known, flag in flags:
        if flag:
            known[handle.id] = True
    if first is not None:
        first.move_to_end(handle.id, last=False)
    return handle


class Hooks:
    """Registering hooks, and the call that runs them."""

    forward: Any
    _forward_hooks: OrderedDict
    _forward_hooks_with_kwargs: OrderedDict
    _forward_hooks_always_called: OrderedDict
    _forward_pre_hooks: OrderedDict
    _forward_pre_hooks_with_kwargs: OrderedDict
    _backward_hooks: OrderedDict
    _is_full_backward_hook: bool | None = None
    _backward_pre_hooks: OrderedDict

    def register_forward_pre_hook(self, hook: Any, *, prepend: bool = False,
                                  with_kwargs: bool = False) -> Handle:
        """Call hook(module, args[, kwargs]) before forward; what it
        returns takes the place of the arguments."""
        hooks = self._forward_pre_hooks
        return _flagged(
            Handle(hooks, hook),
            (self._forward_pre_hooks_with_kwargs, with_kwargs),
            first=hooks if prepend else None)

    def register_forward_hook(self, hook: Any, *, prepend: bool = False,
                              with_kwargs: bool = False,
                              always_call: bool = False) -> Handle:
        """Call hook(module, args[, kwargs], output) after forward; what it
        returns takes the place of the output."""
        hooks = self._forward_hooks
        return _flagged(
            Handle(hooks, hook),
            (self._forward_hooks_with_kwargs, with_kwargs),
            (self._forward_hooks_always_called, always_call),
            first=hooks if prepend else None)

    def register_full_backward_pre_hook(self, hook: Any,
                                        prepend: bool = False) -> Handle:
        """Call hook(module, grad_output) before the module's backward."""
        hooks = self._backward_pre_hooks
        return _flagged(Handle(hooks, hook),
                        first=hooks if prepend else None)

    def register_full_backward_hook(self, hook: Any,
                                    prepend: bool = False) -> Handle:
        """Call hook(module, grad_input, grad_output) when both are known;
        what it returns takes the place of grad_input."""
        self._choose_backward_hooks(full=True)
        hooks = self._backward_hooks
        return _flagged(Handle(hooks, hook),
                        first=hooks if prepend else None)

    def register_backward_hook(self, hook: Any) -> Handle:
        """Call hook(module, grad_input, grad_output) after the backward of
        the last step of forward: its inputs need not be the module's.
        Deprecated: register_full_backward_hook sees the whole module."""
        self._choose_backward_hooks(full=False)
        return Handle(self._backward_hooks, hook)

    def _choose_backward_hooks(self, full: bool) -> None:
        if self._is_full_backward_hook is (not full):
            raise RuntimeError(
                "Cannot use both regular backward hooks and full backward "
                "hooks on a single Module. Please use only one of them.")
        self._is_full_backward_hook = full

    def _hook_last_step(self, result: Any) -> None:
        """Give the hooks of this module to the step that made its result."""
        while not isinstance(result, Tensor):
            result = (next(v for v in result.values()
                           if isinstance(v, Tensor))
                      if isinstance(result, dict) else result[0])
        if result.grad_fn is not None:
            for hook in self._backward_hooks.values():
                result.grad_fn.register_hook(partial(hook, self))

    # ---- the call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not (self._forward_hooks or self._forward_pre_hooks
                or self._backward_hooks or self._backward_pre_hooks
                or before_forward or after_forward or before_backward
                or after_backward):
            return self.forward(*args, **kwargs)
        done: set = set()
        try:
            return self._call_with_hooks(args, kwargs, done)
        except Exception:
            self._run_always_called(args, kwargs, done)
            raise

    def _call_with_hooks(self, args: tuple, kwargs: dict, done: set) -> Any:
        args, kwargs = self._run_pre_hooks(args, kwargs)
        gates = None
        whole = self._is_full_backward_hook is not False
        if (whole and self._backward_hooks or self._backward_pre_hooks
                or before_backward or after_backward):
            gates = Gates(self)
            args = gates.before_input(args)
        result = self.forward(*args, **kwargs)
        for table in (after_forward, self._forward_hooks):
            for key, hook in list(table.items()):
                done.add(key)
                other = self._run_hook(key, hook, args, kwargs, result)
                if other is not None:
                    result = other
        result = result if gates is None else gates.behind_output(result)
        if self._backward_hooks and not whole:
            self._hook_last_step(result)
        return result

    def _run_pre_hooks(self, args: tuple, kwargs: dict) -> tuple:
        for table in (before_forward, self._forward_pre_hooks):
            for key, hook in list(table.items()):
                if key not in self._forward_pre_hooks_with_kwargs:
                    other = hook(self, args)
                    if other is not None:
                        args = other if isinstance(other, tuple) else (
                            other,)
                    continue
                other = hook(self, args, kwargs)
                if other is None:
                    continue
                if not isinstance(other, tuple) or len(other) != 2:
                    raise RuntimeError(
                        "forward pre-hook must return None or a tuple of "
                        f"(new_args, new_kwargs), but got {other}.")
                args, kwargs = other
        return args, kwargs

    def _run_hook(self, key: int, hook: Any, args: tuple, kwargs: dict,
                  result: Any) -> Any:
        if key in self._forward_hooks_with_kwargs or key in with_keywords:
            return hook(self, args, kwargs, result)
        return hook(self, args, result)

    def _run_always_called(self, args: tuple, kwargs: dict,
                           done: set) -> None:
        """forward failed: run the hooks that are called all the same."""
        tables = ((after_forward, always, "global module"),
                  (self._forward_hooks, self._forward_hooks_always_called,
                   "module"))
        for table, flags, kind in tables:
            for key, hook in list(table.items()):
                if key not in flags or key in done:
                    continue
                try:
                    self._run_hook(key, hook, args, kwargs, None)
                except Exception as error:
                    warnings.warn(
                        f"{kind} forward hook with ``always_call=True`` "
                        "raised an exception that was silenced as another "
                        f"error was raised in forward: {error}",
                        stacklevel=2)


class Gates:
    """The two gates of one call of a module, and the hooks between them."""

    def __init__(self, module: Any):
        self.module = module
        self.pre_hooks = [*before_backward.values(),
                          *module._backward_pre_hooks.values()]
        own = module._backward_hooks.values()
        self.hooks = [*after_backward.values(), *(
            () if module._is_full_backward_hook is False else own)]
        self.grad_output: Any = None
        self.open_input = False  # whether a gradient goes to the input
        self.count = 0  # of arguments

    def before_input(self, args: tuple) -> tuple:
        """The arguments, each tensor behind one gate."""
        self.count = len(args)
        args, self.open_input = gated(args, self.leaving)
        return args

    def behind_output(self, result: Any) -> Any:
        """The output before a gate of its own."""
        if not isinstance(result, (Tensor, tuple)):
            warnings.warn(
                "For backward hooks to be called, module output should be a "
                "Tensor or a tuple of Tensors but received "
                f"{type(result)}", stacklevel=2)
            return result
        values = (result,) if isinstance(result, Tensor) else result
        many, _ = gated(values, self.entering)
        return many[0] if isinstance(result, Tensor) else many

    def entering(self, grads: tuple) -> tuple:
        """The output's gradient has arrived."""
        for hook in self.pre_hooks:
            grads = checked(hook(self.module, grads), grads,
                            "Backward pre hook")
        if self.open_input:
            self.grad_output = grads
            return grads
        if self.hooks:
            warnings.warn(
                "Full backward hook is firing when gradients are computed "
                "with respect to module outputs since no inputs require "
                "gradients.", stacklevel=5)
        for hook in self.hooks:
            other = hook(self.module, (None,) * self.count, grads)
            if other is not None and not (isinstance(other, tuple) and all(
                    g is None for g in other)):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires "
                    "gradient should always return None or None for all "
                    "gradients.")
        return grads

    def leaving(self, grads: tuple) -> tuple:
        """The input's gradient is known: both can be shown."""
        if self.grad_output is None:
            return grads
        for hook in self.hooks:
            grads = checked(hook(self.module, grads, self.grad_output),
                            grads, "Backward hook")
        self.grad_output = None
        return grads


def checked(new: Any, grads: tuple, kind: str) -> tuple:
    """What a hook returned in place of the gradients."""
    if new is None:
        return grads
    new = new if isinstance(new, tuple) else (new,)
    if len(new) != len(grads):
        raise RuntimeError(
            f"{kind} returned an invalid number of grad_"
            f"{'output' if 'pre' in kind else 'input'}, got {len(new)}, but "
            f"expected {len(grads)}")
    return new


def gated(values: tuple, watch: Any) -> tuple[tuple, bool]:
    """The values with their tensors behind one gate; whether it counts.

    In backward the gate collects a gradient (zeros where none came) for
    every tensor, hands them to `watch` and passes on what that returns.
    """
    tensors = [v for v in values if isinstance(v, Tensor)]
    arrived: dict[int, Tensor] = {}

    def open_gate(_: Tensor) -> tuple:
        grads = tuple(
            (arrived[i] if i in arrived else wrap(np.zeros_like(v.array)))
            if isinstance(v, Tensor) else None
            for i, v in enumerate(values))
        arrived.clear()
        passed = watch(grads)
        return tuple(g for g, v in zip(passed, values)
                     if isinstance(v, Tensor))

    gate = record(np.empty(0, np.float32), (tuple(tensors), open_gate),
                  name="BackwardHookFunctionBackward")
    if gate._node is None:
        return values, False
    result: Any = [
        behind(v, gate, i, arrived)
        if isinstance(v, Tensor) and v.requires_grad else v
        for i, v in enumerate(values)]
    if hasattr(values, "_fields"):
        return type(values)(*result), True  # a named tuple stays one
    return tuple(result), True


def behind(x: Tensor, gate: Tensor, i: int, arrived: dict) -> Tensor:
    """x itself, its gradient caught for the gate."""
    token = gate.detach()

    def catch(g: Tensor) -> Tensor:
        arrived[i] = g
        return token

    y = record(x.array, (gate, catch),
               name="BackwardHookFunctionBackward")
    y.version = x.version
    y._view = View(x, None, x._node, "hook")  # not to be changed in place
    return y
