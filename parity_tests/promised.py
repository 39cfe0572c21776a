"""Every public name that the product owes, and the few excused ones."""

from __future__ import annotations

from typing import Any

import scratch
from scratch import methods

from .registry import ROWS, derived, find

# Checked by other means than a row of the report; each with its reason.
EXCUSED: dict[str, str] = {}

# Names that compute nothing to compare: types, modes and settings. They
# have tests of their own (named here), not rows of numbers.
PLAIN: dict[str, str] = {}


def listed(prefix: str, words: str) -> list[str]:
    return [prefix + word for word in words.split()]


PROMISED: list[str] = []


def names() -> list[str]:
    """All promised names, in-place forms and methods included."""
    return PROMISED + [f"Tensor.{word}" for word in methods.METHODS]


def derive() -> None:
    """Rows for methods and in-place forms, from the rows of functions."""
    for word in methods.METHODS:
        name, base = f"Tensor.{word}", word.removesuffix("_")
        if name not in ROWS and base in ROWS and not ROWS[base].outcome:
            derived(name, base, in_place=word.endswith("_"))


def holes() -> list[str]:
    """Promised names that are missing, or neither checked nor excused."""
    found = []
    for name in names():
        if not exists(name):
            found.append(f"{name}: promised, but not in scratch")
        elif name not in ROWS and name not in EXCUSED and name not in PLAIN:
            found.append(f"{name}: neither checked nor excused")
    known = set(names()) | set(EXCUSED) | set(PLAIN)
    found += [f"{name}: public, but not in the list"
              for name in public() if name not in known]
    return found


def exists(name: str) -> bool:
    try:
        find(scratch, name)
    except AttributeError:
        return False
    return True


SPACES = ("", "nn", "nn.functional", "nn.init", "nn.utils", "linalg",
          "optim", "optim.lr_scheduler", "utils.data", "autograd",
          "autograd.functional", "autograd.func", "distributions",
          "vision.transforms", "vision.datasets")


def public() -> list[str]:
    """The public functions and classes of scratch."""
    result = []
    for space in SPACES:
        if space and not exists(space):
            continue
        here: Any = find(scratch, space) if space else scratch
        chosen = getattr(here, "__all__", None) or [
            n for n in dir(here) if not n.startswith("_")]
        for word in chosen:
            thing = getattr(here, word)
            if callable(thing) and getattr(
                    thing, "__module__", "").startswith("scratch"):
                result.append(f"{space}.{word}" if space else word)
    return result
