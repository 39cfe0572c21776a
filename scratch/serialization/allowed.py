"""Which classes and functions of the user a file may name, beside tensors."""

from __future__ import annotations

import pickletools
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from collections.abc import Callable
from typing import Any

from scratch.serialization.objects import CONSTANTS, NAMES

Global = Callable | tuple[Callable, str]
# Never allowed, whatever the user says.
BLOCKED = ("sys", "os", "posix", "nt")

_safe: set[Global] = set()


def add_safe_globals(safe_globals: list[Global]) -> None:
    """Let load(weights_only=True) make these classes, call these functions.

    safe_globals: each a class or function, or (it, "its.name.in.the.file")
    """
    _safe.update(safe_globals)


def get_safe_globals() -> list[Global]:
    """What add_safe_globals was given."""
    return list(_safe)


def clear_safe_globals() -> None:
    """Allow nothing beside tensors and containers again."""
    _safe.clear()


class safe_globals:
    """With this, these classes and functions may be loaded."""

    def __init__(self, safe_globals: list[Global]):
        self.safe_globals = safe_globals

    def __enter__(self) -> None:
        add_safe_globals(self.safe_globals)

    def __exit__(self, *error: Any) -> None:
        _safe.difference_update(self.safe_globals)


def allowed() -> dict[str, Any]:
    """What the user has allowed, by the names that a file has for it."""
    found = {}
    for given in _safe:
        if not isinstance(given, tuple):
            found[f"{given.__module__}.{given.__qualname__}"] = given
            continue
        if len(given) != 2:
            raise ValueError(
                "Expected tuple of length 2 (global, str of callable full "
                f"path), but got tuple of length: {len(given)}"
            )
        if type(given[1]) is not str:
            raise TypeError(
                "Expected second item in tuple to be str of callable full "
                f"path, but got: {type(given[1])}"
            )
        found[given[1]] = given[0]
    return found


def modern(module: str, name: str) -> tuple[str, str]:
    """A name of Python 2, in which protocol 2 writes, as it is today."""
    if (module, name) in NAME_MAPPING:
        return NAME_MAPPING[module, name]
    return IMPORT_MAPPING.get(module, module), name


def unsafe_names(code: bytes) -> list[str]:
    """The names in a pickle that load(weights_only=True) would refuse."""
    known = {*NAMES, *CONSTANTS, *allowed()}
    names = {
        ".".join(modern(*word.split(" ", 1)))
        for op, word, _ in pickletools.genops(code)
        if op.name == "GLOBAL" and isinstance(word, str)
    }
    return sorted(names - known)
