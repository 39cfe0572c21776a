"""The modes of a thread: are operations recorded, are NaNs looked for."""

from __future__ import annotations

import functools
import threading
from typing import Any

import numpy as np


class Modes(threading.local):
    """What can be switched; each thread has its own.

    NumPy warns of 1/0 and overflow at every step; torch follows IEEE 754
    silently. So the thread that computes here has NumPy's warnings off.
    """

    recording = True
    inference = False
    anomaly = False
    check_nan = True
    visited: Any = None  # in anomaly mode: the step that backward is at

    def __init__(self) -> None:
        np.seterr(all="ignore")


modes = Modes()


def is_grad_enabled() -> bool:
    """Whether operations are being recorded for backward."""
    return modes.recording


class Switch:
    """A context manager and decorator that sets a mode for a while."""

    name = "recording"

    def __init__(self, mode: bool):
        self.mode = bool(mode)

    def __enter__(self) -> Any:
        self.before = getattr(modes, self.name)
        setattr(modes, self.name, self.mode)

    def __exit__(self, *error: Any) -> None:
        setattr(modes, self.name, self.before)

    def clone(self) -> Switch:
        copy = object.__new__(type(self))
        copy.mode = self.mode
        return copy

    def __call__(self, function: Any) -> Any:
        """Decorate: every call runs in a fresh context of this mode."""
        if isinstance(function, type):
            raise TypeError(
                f"{type(self).__name__} decorates functions, not the class "
                f"{function.__name__}")

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self.clone():
                return function(*args, **kwargs)

        return call


class no_grad(Switch):
    """Nothing inside is recorded; results do not require grad."""

    def __init__(self) -> None:
        super().__init__(False)

    def __new__(cls, function: Any = None) -> Any:
        self = object.__new__(cls)
        if function is None:
            return self
        self.__init__()  # type: ignore[misc]
        return self(function)  # torch: `@no_grad` works without brackets


class enable_grad(no_grad):
    """Recording goes on inside, also within `no_grad`."""

    def __init__(self) -> None:
        Switch.__init__(self, True)


class inference_mode(Switch):
    """As `no_grad`; here it needs no bookkeeping that could be left out."""

    def __init__(self, mode: bool = True):
        super().__init__(mode)

    def __enter__(self) -> Any:
        self.before = modes.recording, modes.inference
        if self.mode:
            modes.recording, modes.inference = False, True

    def __exit__(self, *error: Any) -> None:
        modes.recording, modes.inference = self.before


def is_inference_mode_enabled() -> bool:
    """Whether `inference_mode` is on."""
    return modes.inference


class set_grad_enabled(Switch):
    """Switch recording at once; as a context, also back at the end."""

    def __init__(self, mode: bool):
        super().__init__(mode)
        self.before = modes.recording
        modes.recording = self.mode

    def __enter__(self) -> Any:
        modes.recording = self.mode

    def __call__(self, function: Any) -> Any:
        modes.recording = self.before  # torch: a decorator sets nothing yet
        return super().__call__(function)

    def clone(self) -> Switch:
        return set_grad_enabled(self.mode)
