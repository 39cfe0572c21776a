"""The modes of a thread: are operations recorded, are NaNs looked for."""

from __future__ import annotations

import functools
import inspect
import threading
import warnings
from typing import Any

from .kernels.settled import settle


class Modes(threading.local):
    """What can be switched; each thread has its own."""

    recording = True
    inference = False
    asked = False  # for recording, within inference mode: it only says so
    anomaly = False
    check_nan = True
    visited: Any = None  # in anomaly mode: the step that backward is at
    packing: tuple = ()  # hooks for what is saved: (pack, unpack), …
    packing_refused: str | None = None  # why there may be none
    mutation = False  # what is saved may be changed in place
    run: Any = None  # the run of backward that is going on
    unasked = False  # classes with __torch_function__ are not asked
    asked_first: tuple = ()  # the modes that are asked before them
    hop = False  # nobody is asked for the next function

    def __init__(self) -> None:
        settle()


modes = Modes()


def is_grad_enabled() -> bool:
    """Whether operations are being recorded for backward."""
    return modes.recording or modes.asked


def ask(mode: bool) -> None:
    """Switch recording; torch: in inference mode nothing is recorded."""
    modes.recording = mode and not modes.inference
    modes.asked = mode and modes.inference


class Switch:
    """A context manager and decorator that records or not for a while."""

    def __init__(self, mode: bool):
        self.mode = bool(mode)

    def __enter__(self) -> Any:
        self.before = modes.recording, modes.asked
        ask(self.mode)

    def __exit__(self, *error: Any) -> None:
        modes.recording, modes.asked = self.before

    def clone(self) -> Switch:
        copy = object.__new__(type(self))
        copy.mode = self.mode
        return copy

    def __call__(self, function: Any) -> Any:
        """Decorate: every call runs in a fresh context of this mode."""
        if isinstance(function, type):
            warnings.warn(
                "Decorating classes is deprecated and will be disabled in "
                "future versions. You should only decorate functions or "
                "methods. To preserve the current behavior of class "
                "decoration, you can directly decorate the `__init__` method "
                "and nothing else.", FutureWarning, stacklevel=2)
        if inspect.isgeneratorfunction(function):
            return self.stepwise(function)

        @functools.wraps(function, updated=())
        def call(*args: Any, **kwargs: Any) -> Any:
            with self.clone():
                return function(*args, **kwargs)

        return call


    def stepwise(self, function: Any) -> Any:
        """A generator: each of its steps runs in this mode, while whoever
        takes what it yields goes on in his own."""

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            inner = function(*args, **kwargs)
            step: Any = functools.partial(next, inner)
            while True:
                try:
                    with self.clone():
                        value = step()
                except StopIteration as stop:
                    return stop.value
                try:
                    step = functools.partial(inner.send, (yield value))
                except GeneratorExit:
                    with self.clone():
                        inner.close()
                    raise
                except BaseException as error:
                    step = functools.partial(inner.throw, error)

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
        self.outside = modes.recording, modes.asked, modes.inference
        modes.inference = self.mode
        ask(not self.mode)

    def __exit__(self, *error: Any) -> None:
        modes.recording, modes.asked, modes.inference = self.outside


def is_inference_mode_enabled() -> bool:
    """Whether `inference_mode` is on."""
    return modes.inference


class set_grad_enabled(Switch):
    """Switch recording at once; as a context, also back at the end."""

    def __init__(self, mode: bool):
        super().__init__(mode)
        self.before = modes.recording, modes.asked
        ask(self.mode)

    def __enter__(self) -> Any:
        ask(self.mode)

    def __call__(self, function: Any) -> Any:
        self.__exit__()  # torch: a decorator sets nothing yet
        return super().__call__(function)

    def clone(self) -> Switch:
        return set_grad_enabled(self.mode)


class set_multithreading_enabled(Switch):
    """Backward runs in the caller's thread here, with or without this."""

    def __enter__(self) -> Any:
        pass

    def __exit__(self, *error: Any) -> None:
        pass
