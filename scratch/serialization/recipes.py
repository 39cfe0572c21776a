"""How any Python object says that it is made: by which call, with what state.

A class or a function goes by its name. Any other object has `__reduce_ex__`,
whose answer is a recipe: call this function with these arguments, append
these items, set these pairs, then give it this state.
"""

from __future__ import annotations

import copyreg
import sys
from _compat_pickle import REVERSE_IMPORT_MAPPING, REVERSE_NAME_MAPPING
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pickle import PicklingError
from types import FunctionType
from typing import Any

from scratch.serialization.tensors import Name


@dataclass
class Recipe:
    """What __reduce_ex__ returns, part by part.

    new: make it by function.__new__(function, *args), not function(*args)
    """

    function: Any
    args: tuple
    state: Any = None
    items: Iterable | None = None
    pairs: Iterable | None = None
    setter: Any = None
    new: bool = False


def recipe_of(obj: Any) -> Recipe | Name:
    """A name for what can be imported, the recipe of everything else."""
    kind = type(obj)
    singletons = {type(None), type(NotImplemented), type(Ellipsis)}
    if kind is type and obj in singletons:
        return Recipe(type, (obj(),))
    if kind is FunctionType:
        return named(obj)
    reduce = copyreg.dispatch_table.get(kind)
    if reduce is None and issubclass(kind, type):
        return named(obj)
    how = obj.__reduce_ex__(2) if reduce is None else reduce(obj)
    if isinstance(how, str):
        return named(obj, how)
    if not isinstance(how, tuple) or not 2 <= len(how) <= 6:
        raise PicklingError(
            f"__reduce__ of {kind} must return a string or a "
            f"tuple of 2 to 6 values, but got {how!r:.80}"
        )
    return adapted(Recipe(*how))


def adapted(recipe: Recipe) -> Recipe:
    """The recipe in the words of protocol 2, which has NEWOBJ alone."""
    word = getattr(recipe.function, "__name__", "")
    if word == "__newobj__":
        recipe.function, *rest = recipe.args
        recipe.args, recipe.new = tuple(rest), True
    elif word == "__newobj_ex__":
        kind, args, kwargs = recipe.args
        recipe.function = partial(kind.__new__, kind, *args, **kwargs)
        recipe.args = ()
    return recipe


def named(obj: Any, name: str = "") -> Recipe | Name:
    """The name by which a class or function is found again: held to be so.

    What stands inside a class is an attribute of it: protocol 2 has no dots.
    """
    name = name or getattr(obj, "__qualname__", obj.__name__)
    module = home_of(obj, name)
    *outer, last = name.split(".")
    try:
        __import__(module)
        above = found = sys.modules[module]
        for part in (*outer, last):
            above, found = found, getattr(found, part)
    except (ImportError, KeyError, AttributeError) as error:
        raise PicklingError(f"Can't pickle {obj!r}: {error}") from None
    if found is not obj:
        raise PicklingError(
            f"Can't pickle {obj!r}: it's not the same object as {module}.{name}"
        )
    if outer:
        return Recipe(getattr, (above, last))
    module, name = REVERSE_NAME_MAPPING.get((module, name), (module, name))
    return Name(f"{REVERSE_IMPORT_MAPPING.get(module, module)}.{name}")


def home_of(obj: Any, name: str) -> str:
    """The module of a class or function, searched for if it has not said."""
    said = getattr(obj, "__module__", None)
    if said is not None:
        return said
    for word, module in [*sys.modules.items()]:
        if word not in ("__main__", "__mp_main__") and (
            getattr(module, name, None) is obj
        ):
            return word
    return "__main__"
