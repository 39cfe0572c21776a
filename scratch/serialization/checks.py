"""What a saved file may hold: exact types, short keys, shallow nesting."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Any

from scratch import dtypes
from scratch.device import device
from scratch.nn.parameter import Parameter
from scratch.serialization.archive import LoadError
from scratch.size import Size
from scratch.tensor import Tensor

ATOMS = {
    type(None), bool, int, float, complex, str, bytes, bytearray,
    dtypes.dtype, device, Size, Tensor, Parameter,
}  # fmt: skip


class Token:
    """Stands in a program for something outside: a function, a storage."""


TENSORS = {Tensor, Parameter}
LEAVES = ATOMS - TENSORS
KEYS = ATOMS - {bytearray}
MAX_DEPTH = 100  # levels of lists in dicts in tuples …
MAX_KEY = 1000  # parts of a tuple that is a key
# torch's own attributes: of a state_dict, of a Buffer, of a marked Parameter.
MARKS = ("_metadata", "_is_buffer", "_is_param")


def exact(value: Any, kind: Any) -> Any:
    """The value, if it is of exactly this type."""
    if type(value) is not kind:
        raise LoadError(
            f"expected {kind.__name__} but got {type(value).__name__}"
        )
    return value


def show(value: Any) -> str:
    """A value for a message: what is nested could take for ever to print."""
    if type(value) in LEAVES:
        return f"{value!r:.80}"
    return getattr(value, "path", f"a {type(value).__name__}")


def hashable(key: Any) -> Any:
    """A key of a dict or a set whose hash is quickly known."""
    parts = [key]
    for part in parts:  # it grows while it is read
        if type(part) is tuple:
            parts.extend(part)
        elif type(part) not in KEYS:
            raise LoadError(f"a key of type {type(part).__name__}")
        if len(parts) > MAX_KEY:
            raise LoadError(f"a key of more than {MAX_KEY} parts")
    return key


def parts_of(obj: Any) -> list[Any]:
    """What an object holds; a type that no file may hold is refused."""
    if type(obj) in (list, tuple, set):
        parts = [*obj]
    elif type(obj) in (dict, Counter, OrderedDict):
        attached = vars(obj).values() if type(obj) is OrderedDict else ()
        parts = [*obj.keys(), *obj.values(), *attached]
    elif type(obj) in TENSORS:
        parts = [*attributes(obj).values()]
    elif type(obj) in ATOMS:
        return []
    elif isinstance(obj, Token):
        raise LoadError(f"{show(obj)} outside of its place")
    else:  # of a class that the user has called safe
        return []
    return [part for part in parts if type(part) not in LEAVES]


def check_depth(root: Any) -> None:
    """Refuse what is nested so deep that printing it would fail."""
    heights: dict[int, int] = {}
    path = [(root, iter(parts_of(root)))]
    heights[id(root)] = 0
    while path:
        obj, rest = path[-1]
        part = next(rest, path)
        if part is path:
            path.pop()
            if path:
                above = id(path[-1][0])
                heights[above] = max(heights[above], heights[id(obj)] + 1)
        elif id(part) in heights:  # seen, or a list that holds itself
            heights[id(obj)] = max(heights[id(obj)], heights[id(part)] + 1)
        else:
            heights[id(part)] = 0
            path.append((part, iter(parts_of(part))))
        if len(path) > MAX_DEPTH or heights[id(obj)] > MAX_DEPTH:
            raise LoadError(f"nested deeper than {MAX_DEPTH} levels")


# ---- what a user has set on a tensor or on a dict


def attributes(x: Tensor) -> dict[str, Any]:
    """What a user has set on a tensor; ours begin with a line."""
    own = ("array", "version", "grad")
    return {
        name: value
        for name, value in vars(x).items()
        if name not in own and not name.startswith("_")
    }


def set_attributes(x: Any, state: Any) -> Any:
    """Set what a user had set: new names, none that means something here."""
    for name, value in exact(state, dict).items():
        hidden = exact(name, str).startswith("_") and name not in MARKS
        taken = hasattr(type(x), name) or name in ("array", "version")
        if hidden or taken or not name.isidentifier():
            raise LoadError(f"an attribute {name!r} of a {type(x).__name__}")
        vars(x)[name] = value
    return x
