"""torch.autograd.profiler: names for the parts of a program.

Nothing is measured here: utils.benchmark and Python's cProfile do that.
"""

from __future__ import annotations

from contextlib import ContextDecorator
from typing import Any

__all__ = ["record_function"]


class record_function(ContextDecorator):
    """A block of code, or a function, by a name that a profiler would show:
    only marked."""

    def __init__(self, name: str, args: str | None = None):
        self.name, self.args = name, args

    def __enter__(self) -> record_function:
        for word, given in (("name", self.name), ("args", self.args or "")):
            if not isinstance(given, str):
                raise RuntimeError(
                    "profiler::_record_function_enter_new() Expected a value "
                    f"of type 'str' for argument '{word}' but instead found "
                    f"type '{type(given).__name__}'.")
        return self

    def __exit__(self, *stopped: Any) -> None:
        pass
