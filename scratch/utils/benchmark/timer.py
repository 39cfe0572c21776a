"""Timer: a piece of code, run again and again on a clock."""

from __future__ import annotations

import math
import sys
import textwrap
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter as timer
from typing import Any

import numpy as np

from scratch.kernels.threads import get_num_threads, set_num_threads

from .measurement import Measurement, TaskSpec

__all__ = ["Timer", "set_torch_threads", "timer"]


class Timer:
    """Runs a piece of code again and again, and says how long it takes.

    stmt, setup: code;  globals: the names that it knows, beside `torch`
    label, sub_label, description, env: words to show it by
    """

    def __init__(
        self,
        stmt: str = "pass",
        setup: str = "pass",
        global_setup: str = "",
        timer: Callable[[], float] = timer,
        globals: dict[str, Any] | None = None,
        label: str | None = None,
        sub_label: str | None = None,
        description: str | None = None,
        env: str | None = None,
        num_threads: int = 1,
        language: Any = "python",
    ):
        if not isinstance(stmt, str):
            raise ValueError("Currently only a `str` stmt is supported.")
        if language not in ("py", "python"):
            raise ValueError(
                f"Invalid language `{language}`: here only Python is measured."
            )
        if global_setup:
            raise ValueError(
                f"global_setup is C++ only, got `{global_setup}`. Most likely "
                "this code can simply be moved to `setup`."
            )
        stmt, setup = dedented(stmt), dedented(setup)
        self._globals = {"torch": sys.modules["scratch"], **(globals or {})}
        self._timer = timeit.Timer(stmt, setup, timer, self._globals)
        self._task_spec = TaskSpec(
            stmt, setup, "", label, sub_label, description, env, num_threads
        )

    def _timeit(self, number: int) -> float:
        return max(self._timer.timeit(number), 1e-9)

    def timeit(self, number: int = 1000000) -> Measurement:
        """The time of `number` runs, after some to warm up."""
        with set_torch_threads(self._task_spec.num_threads):
            self._timeit(max(int(number // 100), 2))
            times = [self._timeit(number)]
        return Measurement(number, times, self._task_spec)

    def repeat(self, repeat: int = -1, number: int = -1) -> None:
        """Not here: see blocked_autorange."""
        raise NotImplementedError("See `Timer.blocked_autorange.`")

    def autorange(self, callback: Any = None) -> None:
        """Not here: see blocked_autorange."""
        raise NotImplementedError("See `Timer.blocked_autorange.`")

    def blocked_autorange(
        self,
        callback: Callable[[int, float], Any] | None = None,
        min_run_time: float = 0.2,
    ) -> Measurement:
        """Blocks of so many runs that the clock costs nothing, for
        min_run_time seconds in all."""
        return self._loop(
            self._block(min_run_time), lambda found: True, min_run_time,
            math.inf, callback,
        )  # fmt: skip

    def adaptive_autorange(
        self,
        threshold: float = 0.1,
        *,
        min_run_time: float = 0.01,
        max_run_time: float = 10.0,
        callback: Callable[[int, float], Any] | None = None,
    ) -> Measurement:
        """Until the middle half of the times is within `threshold`."""
        return self._loop(
            self._block(0.05),
            lambda found: len(found.times) > 3
            and found.meets_confidence(threshold),
            min_run_time, max_run_time, callback,
        )  # fmt: skip

    def _block(self, min_run_time: float) -> int:
        """How many runs make a block: 1, 10, 100, …"""
        with set_torch_threads(self._task_spec.num_threads):
            overhead = float(np.median([self._timeit(0) for _ in range(5)]))
            number = 1
            while number * 10 <= 2147483647:
                taken = self._timeit(number)
                sure = overhead / taken <= 1e-4 and taken >= min_run_time / 1000
                if sure or taken > min_run_time:
                    break
                number *= 10
        return number

    def _loop(
        self, number: int, enough: Callable, least: float, most: float,
        callback: Any,
    ) -> Measurement:  # fmt: skip
        found = Measurement(number, [], self._task_spec)
        with set_torch_threads(self._task_spec.num_threads):
            while sum(found.raw_times) < least or not enough(found):
                found.raw_times.append(self._timeit(number))
                if callback:
                    callback(number, found.raw_times[-1])
                if sum(found.raw_times) > most:
                    break
        return found


def dedented(code: str) -> str:
    """Code as it would stand at the left margin."""
    return textwrap.dedent(code).removeprefix("\n").rstrip()


@contextmanager
def set_torch_threads(n: int) -> Iterator[None]:
    """Inside, work is done by n threads."""
    before = get_num_threads()
    try:
        set_num_threads(n)
        yield
    finally:
        set_num_threads(before)
