"""torch.futures: a value that is not there yet, and what waits for it.

A future is completed once, by a result or by an error; who waits is woken,
and callbacks are called by the thread that completed it.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from .device import device, require_cpu

__all__ = ["Future", "collect_all", "wait_all"]

T = TypeVar("T")
ONCE = ("Attempting to mark a completed Future as complete again. Note that a "
        "Future can only be marked completed once.")


class Future(Generic[T]):
    """A value of type T that some thread will set."""

    def __init__(self, *, devices: Sequence[Any] | None = None):
        for where in map(device, devices or []):
            if where.index is None:
                raise ValueError(
                    f"Expected devices to have indices, got {where}")
            require_cpu(where)
        self._completed = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[Future[T]], None]] = []
        self._result: Any = None
        self._error: BaseException | None = None

    def done(self) -> bool:
        """Whether there is a result or an error."""
        return self._completed.is_set()

    def wait(self) -> T:
        """The result, as soon as there is one; an error is raised."""
        self._completed.wait()
        return self.value()

    def value(self) -> T:
        """The result of a future that is done; an error is raised."""
        if not self.done():
            raise RuntimeError("completed() INTERNAL ASSERT FAILED: this "
                               "future has no value yet; wait() for it")
        if self._error is not None:
            raise self._error
        return self._result

    def set_result(self, result: T) -> None:
        """Complete it by a value."""
        self._complete(result, None)

    def set_exception(self, result: BaseException) -> None:
        """Complete it by an error."""
        if not isinstance(result, Exception):
            raise AssertionError(
                f"{result} is of type {type(result)}, not an Exception.")
        self._complete(None, result)

    def then(self, callback: Callable[[Future[T]], Any]) -> Future[Any]:
        """The future of callback(this one), called when this is done."""
        check_callback(callback, "then")
        after: Future[Any] = Future()

        def call(future: Future[T]) -> None:
            try:
                result = callback(future)
            except Exception as error:
                after._complete(None, failure(error))
            else:
                after.set_result(result)

        self._when_done(call)
        return after

    def add_done_callback(self,
                          callback: Callable[[Future[T]], None]) -> None:
        """callback(this one), when this is done; its error is only told."""
        check_callback(callback, "add_done_callback")

        def call(future: Future[T]) -> None:
            try:
                callback(future)
            except Exception as error:
                print(failure(error), file=sys.stderr)

        self._when_done(call)

    def _when_done(self, call: Callable[[Future[T]], None]) -> None:
        with self._lock:
            if not self.done():
                self._callbacks.append(call)
                return
        call(self)

    def _complete(self, result: Any, error: BaseException | None) -> None:
        with self._lock:
            if self.done():
                raise RuntimeError(ONCE)
            self._result, self._error = result, error
            calls, self._callbacks = self._callbacks, []
            self._completed.set()
        for call in calls:
            call(self)


def collect_all(futures: list[Future]) -> Future[list[Future]]:
    """The future of these futures: done when all are, or one has failed."""
    for each in futures:
        if not isinstance(each, Future):
            raise TypeError("_collect_all(): incompatible function arguments: "
                            f"expected futures, got {type(each).__name__}")
    every: Future[list[Future]] = Future()
    lock, left = threading.Lock(), [len(futures)]

    def count(future: Future) -> None:
        failed = future._error is not None
        with lock:
            if not left[0]:
                return
            left[0] = 0 if failed else left[0] - 1
            if left[0]:
                return
        every._complete(list(futures), future._error)

    if not futures:
        every.set_result([])
    for each in futures:
        each._when_done(count)
    return every


def wait_all(futures: list[Future]) -> list:
    """The values of all; the first error is raised at once."""
    return [each.wait() for each in collect_all(futures).wait()]


def check_callback(callback: Any, word: str) -> None:
    """Refuse what cannot be called."""
    if not callable(callback):
        raise TypeError(
            f"{word}(): incompatible function arguments: expected a function "
            f"of the future, got {type(callback).__name__}")


def failure(error: Exception) -> RuntimeError:
    """torch's error of a callback that failed: what happened, and where."""
    places = reversed(traceback.extract_tb(error.__traceback__))
    told = "".join(f"  {at.filename}({at.lineno}): {at.name}\n"
                   for at in places)
    found = RuntimeError(
        "Got the following error when running the callback: "
        f"{type(error).__name__}: {error}\n\nAt:\n{told}")
    found.__cause__ = error
    return found
