"""torch.compiler: nothing is compiled, so its marks change nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .queries import compile

__all__ = [
    "allow_in_graph", "assume_constant_result", "compile",
    "cudagraph_mark_step_begin", "disable", "is_compiling",
    "is_dynamo_compiling", "is_exporting", "list_backends", "reset"]


def is_compiling() -> bool:
    """Whether the code is being compiled: no."""
    return False


def is_dynamo_compiling() -> bool:
    """Whether the code is being traced for the compiler: no."""
    return False


def is_exporting() -> bool:
    """Whether the code is being exported: no."""
    return False


def list_backends(exclude_tags: Any = ("debug", "experimental")) -> list[str]:
    """The compilers there are: none."""
    return []


def reset() -> None:
    """Nothing to forget."""


def cudagraph_mark_step_begin() -> None:
    """Nothing is recorded."""


def disable(fn: Any = None, recursive: bool = True, *,
            reason: Any = None) -> Any:
    """Marks a function that is not to be compiled: the function as it is."""
    return fn if fn is not None else lambda found: found


def allow_in_graph(fn: Callable) -> Callable:
    """Marks a function that the compiler may call: as it is."""
    return fn


def assume_constant_result(fn: Callable) -> Callable:
    """Marks a function whose result never changes: as it is."""
    return fn
