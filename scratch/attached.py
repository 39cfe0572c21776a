"""What a program attaches to a tensor, apart from what makes the tensor."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

# what a copy or a saved tensor does not take along as it is
OWN = {"array", "version", "lies", "_node", "_view", "_grad", "_retains"}


class Fields:
    """Instances have fields; `FIELDS` finds the dictionary of all of them."""


FIELDS = vars(Fields)["__dict__"].__get__


class Attached(dict):
    """A tensor's __dict__: what was attached; a change reaches the tensor."""

    def __init__(self, x: Any):
        self.fields = FIELDS(x)
        super().__init__(
            {k: v for k, v in self.fields.items() if k not in OWN})

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self.fields[name] = value

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        del self.fields[name]

    # by way of the two above
    update: Any = MutableMapping.update
    setdefault: Any = MutableMapping.setdefault
    clear: Any = MutableMapping.clear

    def pop(self, name: str, *default: Any) -> Any:
        if name in self:
            del self.fields[name]
        return super().pop(name, *default)

    def popitem(self) -> tuple[str, Any]:
        name, value = super().popitem()
        del self.fields[name]
        return name, value
    def __ior__(self, other: Any) -> Any:  # type: ignore[misc]
        self.update(other)
        return self

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


def attach(x: Any, attributes: Any) -> None:
    """x.__dict__ = attributes: these, and no others."""
    if not isinstance(attributes, dict):
        raise TypeError("__dict__ must be set to a dictionary, not a "
                        f"'{type(attributes).__name__}'")
    found, new = Attached(x), dict(attributes)
    found.clear()
    found.update(new)


class Attaching(Fields):
    """An object whose __dict__ shows what was attached to it alone."""

    __dict__: Any = property(Attached, attach)
