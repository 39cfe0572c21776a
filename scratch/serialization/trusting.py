"""Reads a pickle as Python does: it runs whatever the file names.

Only for files from people you trust: `load(f, weights_only=False)`.
"""

from __future__ import annotations

import io
from typing import Any

from scratch.serialization.archive import LoadError
from scratch.serialization.memory import Memory
from scratch.serialization.objects import (
    CALLS,
    CONSTANTS,
    STORAGES,
    TENSOR_KINDS,
)
from scratch.serialization.tensors import FROM_TYPE, Name
from scratch.tensor import Tensor


def trusting_loads(
    code: bytes, memory: Memory, pickle_module: Any, options: dict
) -> Any:
    """The object that a pickle describes.

    pickle_module: whose Unpickler reads it;  options: what it is given
    """

    class Unpickler(Trusting, pickle_module.Unpickler):
        pass

    reader = Unpickler(io.BytesIO(code), **{"encoding": "utf-8", **options})
    reader.memory = memory
    return reader.load()


class Trusting:
    """What an Unpickler must know of tensors: torch's names mean ours."""

    memory: Memory

    def find_class(self, module: str, name: str) -> Any:
        """What a name of the file stands for."""
        path = f"{module}.{name}"
        if path == FROM_TYPE:
            return make_from_any_type
        if Name(path) in STORAGES:
            return Name(path)
        if Name(path) in TENSOR_KINDS:
            return TENSOR_KINDS[Name(path)]
        if path in CONSTANTS:
            return CONSTANTS[path]
        if module.split(".")[0] != "torch":
            return super().find_class(module, name)  # type: ignore[misc]
        if path in CALLS:
            return CALLS[path]
        raise LoadError(
            f"the file names {path}, which is torch's own; save the "
            "state_dict() there and load it into a model made here"
        )

    def persistent_load(self, identity: Any) -> Any:
        """The memory of a tensor; before torch 1.6 also a module's class."""
        if identity[0] == "module":  # and the text of its source
            return identity[1]
        return self.memory.storage(identity)


def make_from_any_type(make: Any, kind: Any, args: tuple, state: Any) -> Any:
    """A tensor of a user's own class, and what it keeps."""
    x: Tensor = make(*args)
    if type(x) is not kind:
        x.__class__ = kind
    if hasattr(x, "__setstate__"):
        x.__setstate__(state)
    else:
        vars(x).update(state)
    return x
