"""What a constraint is, and one that only an instance can tell."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor


class Constraint:
    """A region of numbers, or of arrays of numbers.

    check(x) tells of every event, the last event_dim dimensions of x,
    whether it lies inside.
    """

    is_discrete = False
    event_dim = 0

    def check(self, value: Tensor) -> Tensor:
        raise NotImplementedError

    def __repr__(self) -> str:
        name = type(self).__name__.removeprefix("_")
        # torch: the ready-made ones print as calls
        if not vars(self):
            return f"{name}()"
        shown = [f"{key}={value}" for key, value in vars(self).items()]
        return f"{name}({', '.join(shown)})"


class _Dependent(Constraint):
    """A constraint that only the other parameters can tell."""

    def __init__(self, *, is_discrete: Any = NotImplemented,
                 event_dim: Any = NotImplemented):
        self._is_discrete, self._event_dim = is_discrete, event_dim

    @property
    def is_discrete(self) -> bool:  # type: ignore[override]
        return self._known("is_discrete")

    @property
    def event_dim(self) -> int:  # type: ignore[override]
        return self._known("event_dim")

    def _known(self, name: str) -> Any:
        value = getattr(self, "_" + name)
        if value is NotImplemented:
            raise NotImplementedError(
                f".{name} cannot be determined statically")
        return value

    def __call__(self, *, is_discrete: Any = NotImplemented,
                 event_dim: Any = NotImplemented) -> _Dependent:
        """The same with these facts known."""
        return _Dependent(
            is_discrete=(self._is_discrete if is_discrete is NotImplemented
                         else is_discrete),
            event_dim=(self._event_dim if event_dim is NotImplemented
                       else event_dim))

    def check(self, value: Tensor) -> Tensor:
        raise ValueError("Cannot determine validity of dependent constraint")

    def __repr__(self) -> str:
        return f"{type(self).__name__[1:]}()"


class _DependentProperty(property, _Dependent):
    """A property that is a constraint: of an instance known in full."""

    def __init__(self, fn: Any = None, *, is_discrete: Any = NotImplemented,
                 event_dim: Any = NotImplemented):
        property.__init__(self, fn)
        _Dependent.__init__(self, is_discrete=is_discrete,
                            event_dim=event_dim)

    def __call__(self, fn: Any) -> Any:  # type: ignore[override]
        return _DependentProperty(fn, is_discrete=self._is_discrete,
                                  event_dim=self._event_dim)


def is_dependent(constraint: Any) -> bool:
    """Whether only an instance can check this constraint."""
    return isinstance(constraint, _Dependent)
