"""Marks for torch's compiler, and questions to it: nothing is compiled here."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable
from typing import Any, NamedTuple, get_args, get_origin

from ..futures import Future


class Attribute(NamedTuple):
    """A value with the type that a compiler should see."""

    value: Any
    type: Any


def export(fn: Callable) -> Callable:
    """Marks a method to be compiled too: the function as it is."""
    return fn


def unused(fn: Callable) -> Callable:
    """Marks a method that is not to be compiled: the function as it is."""
    return fn


def script_method(fn: Callable) -> Callable:
    """Marks a method of a ScriptModule: the function as it is."""
    return fn


def ignore(drop: Any = False, **options: Any) -> Any:
    """Marks a method to be left to Python: @ignore or @ignore(drop=…)."""
    return drop if callable(drop) else lambda fn: fn


def interface(obj: type) -> type:
    """Marks a class of method signatures: the class as it is."""
    return obj


def script_if_tracing(fn: Callable) -> Callable:
    """Compiled only while tracing: here always the plain function."""
    return functools.wraps(fn)(lambda *given, **named: fn(*given, **named))


def is_scripting() -> bool:
    """Whether compiled code runs: no."""
    return False


def is_tracing() -> bool:
    """Whether operations are being recorded by trace: no."""
    return False


def annotate(the_type: Any, the_value: Any) -> Any:
    """The value; the type is for the compiler."""
    return the_value


def isinstance(obj: Any, target_type: Any) -> bool:
    """Whether obj has a type such as list[int], its parts included."""
    if builtins.isinstance(target_type, tuple):
        return any(isinstance(obj, kind) for kind in target_type)
    origin, parts = get_origin(target_type), get_args(target_type)
    if origin is None:
        return builtins.isinstance(
            obj, type(None) if target_type is None else target_type
        )
    if not builtins.isinstance(origin, type) or type(None) in parts:
        return any(isinstance(obj, kind) for kind in parts)
    if not builtins.isinstance(obj, origin):
        return False
    return holds(obj, origin, parts)


def holds(obj: Any, origin: type, parts: tuple) -> bool:
    """Whether what a container holds has the types named in brackets."""
    if origin is dict:
        return all(
            isinstance(k, parts[0]) and isinstance(v, parts[1])
            for k, v in obj.items()
        )
    if origin is tuple:
        return len(obj) == len(parts) and all(map(isinstance, obj, parts))
    return all(isinstance(item, parts[0]) for item in obj)


class TracerWarning(Warning):
    """A traced program may do something else than the plain one."""


class ScriptWarning(Warning):
    """A scripted program may do something else than the plain one."""


class strict_fusion:
    """with strict_fusion(): nothing is fused here."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *stopped: Any) -> None:
        pass


class optimized_execution(strict_fusion):
    """with optimized_execution(True): Python runs as it runs."""

    def __init__(self, should_optimize: bool):
        self.should_optimize = should_optimize


def set_fusion_strategy(strategy: list[tuple[str, int]]) -> Any:
    """Nothing is fused; returns torch's standing choice."""
    return [("STATIC", 2), ("DYNAMIC", 10)]


def enable_onednn_fusion(enabled: bool) -> None:
    """Nothing is fused, whatever was wished."""


def onednn_fusion_enabled() -> bool:
    """Whether oneDNN fuses operations: no."""
    return False


def fork(func: Callable, *args: Any, **kwargs: Any) -> Future:
    """A call that could run beside the program; torch: at once, unless it is
    scripted, and its error is raised here."""
    future: Future = Future()
    future.set_result(func(*args, **kwargs))
    return future


def wait(future: Future) -> Any:
    """What a forked call gave."""
    return future.wait()
