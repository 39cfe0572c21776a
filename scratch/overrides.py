"""torch.overrides: how a class or a mode answers torch's functions.

class Logged(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        print(resolve_name(func))
        return super().__torch_function__(func, types, args, kwargs)
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from sys import modules
from typing import Any

from .modes import modes
from .overriding import (
    CLOSED,
    SILENT,
    UNASKED,
    Method,
    answer_of,
    kept_plain,
    opened,
    overriders,
    wake,
)
from .tensor import Tensor

__all__ = [
    "get_ignored_functions", "get_overridable_functions",
    "get_testing_overrides", "handle_torch_function", "has_torch_function",
    "resolve_name", "is_tensor_like", "is_tensor_method_or_property",
    "wrap_torch_function", "enable_reentrant_dispatch"]  # fmt: skip
wake()  # who reads this chapter will answer


# ---- functions of one's own that ask


def has_torch_function(relevant_args: Any) -> bool:
    """Whether one of these arguments, or a mode, wants to be asked."""
    if modes.hop:
        modes.hop = False
        return False
    return bool(modes.asked_first) or (
        not modes.unasked and bool(overriders(relevant_args))
    )


def has_torch_function_unary(x: Any) -> bool:
    """has_torch_function of one argument."""
    return has_torch_function((x,))


def has_torch_function_variadic(*args: Any) -> bool:
    """has_torch_function of several arguments."""
    return has_torch_function(args)


def handle_torch_function(
    public_api: Callable, relevant_args: Any, *args: Any, **kwargs: Any
) -> Any:
    """What the mode or the relevant arguments answer in place of a function;
    TypeError if all of them decline."""
    found = [] if modes.unasked else overriders(relevant_args)
    result = answer_of(public_api, found, args, kwargs)
    if result is not NotImplemented:
        return result
    home = public_api.__module__.replace("scratch", "torch", 1)
    text = (
        f"no implementation found for '{home}.{public_api.__name__}' on "
        "types that implement __torch_function__: "
        f"{[type(x) for x in found]}"
    )
    if modes.asked_first:
        text += f" nor in mode {modes.asked_first[-1]}"
    raise TypeError(text)


def wrap_torch_function(dispatcher: Callable) -> Callable:
    """Decorate a function: it asks the arguments that dispatcher returns."""

    def decorate(function: Callable) -> Callable:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            relevant = dispatcher(*args, **kwargs)
            if has_torch_function(relevant):
                return handle_torch_function(call, relevant, *args, **kwargs)
            return function(*args, **kwargs)

        return call

    return decorate


def redispatch_function(
    func: Callable, types: Any, args: Any, kwargs: Any = None
) -> Any:
    """func computed now, while the functions that it calls still ask."""
    modes.hop = True
    try:
        return func(*args, **(kwargs or {}))
    finally:
        modes.hop = False


# ---- modes


class TorchFunctionMode:
    """Inside `with mode:` it is asked first, for plain tensors too.

    While it answers, the mode outside it is asked.
    """

    def __init__(self) -> None:
        pass

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        raise NotImplementedError

    def __enter__(self) -> Any:
        wake()
        modes.asked_first += (self,)
        return self

    def __exit__(self, *error: Any) -> None:
        modes.asked_first = modes.asked_first[:-1]

    @classmethod
    def push(cls, *args: Any, **kwargs: Any) -> Any:
        """The old way to make a mode."""
        warnings.warn(
            "`Mode.push()` is no longer necessary and can be "
            "replaced with just `with Mode()`",
            stacklevel=2,
        )
        return cls(*args, **kwargs)


class BaseTorchFunctionMode(TorchFunctionMode):
    """A mode that answers what would be without it."""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        return func(*args, **(kwargs or {}))


def _get_current_function_mode_stack() -> list:
    return [*modes.asked_first]


def _get_current_function_mode() -> Any:
    return modes.asked_first[-1] if modes.asked_first else None


@contextmanager
def enable_reentrant_dispatch() -> Iterator[None]:
    """Ask again inside an answer."""
    before, modes.unasked = modes.unasked, False
    try:
        yield
    finally:
        modes.unasked = before


# ---- what there is to override


def is_tensor_like(inp: Any) -> bool:
    """Whether it is a tensor, or of a class that answers for one."""
    return type(inp) is Tensor or hasattr(inp, "__torch_function__")


def is_tensor_method_or_property(func: Callable) -> bool:
    """Whether this is Tensor.add or Tensor.shape.__get__, not torch.add."""
    return isinstance(func, Method) or func.__name__ == "__get__"


def get_default_nowrap_functions() -> set:
    """The attributes whose tensors do not become the derived class's."""
    return kept_plain()


def _methods() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in vars(Tensor).items():
        if isinstance(value, Method):
            found[name] = value
        elif isinstance(value, property) and name[0] != "_":
            found[name + ".__get__"] = value.__get__
    return found


def get_overridable_functions() -> dict[Any, list[Callable]]:
    """Module or class -> its functions that ask."""
    found: dict[Any, list[Callable]] = {
        modules[home]: [
            function
            for name, function in functions.items()
            if name not in UNASKED
        ]
        for home, functions in opened.items()
    }
    found[Tensor] = [*_methods().values()]
    return found


def get_ignored_functions() -> set[Callable]:
    """The functions that ask nobody."""
    top, own = vars(modules["scratch"]), vars(Tensor)
    return {
        *(top[name] for name in UNASKED | CLOSED),
        *(getattr(Tensor, name) for name in SILENT if name in own),
    }


def get_testing_overrides() -> dict[Callable, Callable]:
    """Function -> one of the same signature that returns -1."""
    return {
        function: _stand_in(function)
        for functions in get_overridable_functions().values()
        for function in functions
    }


def _stand_in(function: Callable) -> Callable:
    def call(*args: Any, **kwargs: Any) -> int:
        return -1

    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return call
    call.__signature__ = signature  # type: ignore[attr-defined]
    return call


def resolve_name(f: Callable) -> str | None:
    """torch.Tensor.add, for Tensor.add; None for what does not ask."""
    for name, value in _methods().items():
        if f == value:
            return "torch.Tensor." + name
    for home, functions in opened.items():
        for name, value in functions.items():
            if f is value:
                return f"{home.replace('scratch', 'torch', 1)}.{name}"
    return None
