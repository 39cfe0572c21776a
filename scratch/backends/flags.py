"""Switches of a backend that are set for a block of code, then reset."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def switched(module: ModuleType, **wanted: Any) -> Iterator[None]:
    """The switches of a module as wanted, until the block ends."""
    before = {name: getattr(module, name) for name in wanted}
    vars(module).update(wanted)
    try:
        yield
    finally:
        vars(module).update(before)
