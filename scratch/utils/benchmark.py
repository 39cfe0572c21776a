"""torch.utils.benchmark: how long a piece of code takes, and how surely.

    Timer("x @ x", globals={"x": x}).blocked_autorange()
"""

from __future__ import annotations

import math
import sys
import textwrap
import timeit
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from time import perf_counter as timer
from typing import Any

import numpy as np

from scratch.kernels.threads import get_num_threads, set_num_threads

__all__ = ["Measurement", "TaskSpec", "Timer", "ordered_unique",
           "select_unit", "set_torch_threads", "timer", "trim_sigfig",
           "unit_to_english"]  # fmt: skip

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}
ENGLISH = {"ns": "nano", "us": "micro", "ms": "milli", "s": ""}
MOST_DIGITS = 4
LEAST_INTERVAL = 25e-9  # seconds: no clock is surer
UNSURE, WILD = 0.1, 0.25  # (p75 - p25) / median


@dataclass(repr=False, frozen=True)
class TaskSpec:
    """What was measured, and under which names it is shown."""

    stmt: str
    setup: str
    global_setup: str = ""
    label: str | None = None
    sub_label: str | None = None
    description: str | None = None
    env: str | None = None
    num_threads: int = 1

    @property
    def title(self) -> str:
        """The label, or the code itself."""
        more = f": {self.sub_label}" if self.sub_label else ""
        if self.label is not None:
            return self.label + more
        if "\n" not in self.stmt:
            return self.stmt + more
        more = f" ({self.sub_label})" if self.sub_label else ""
        return f"stmt:{more}\n{textwrap.indent(self.stmt, '  ')}"

    def setup_str(self) -> str:
        """What ran before, where anything did."""
        if self.setup in ("pass", ""):
            return ""
        if "\n" in self.setup:
            return f"setup:\n{textwrap.indent(self.setup, '  ')}"
        return f"setup: {self.setup}"

    def summarize(self) -> str:
        """Title, description and setup, below each other."""
        parts = [self.title, self.description or "", self.setup_str()]
        return "\n".join(
            part + "\n" * ("\n" in part) for part in parts if part
        )


NAMES = {field.name for field in fields(TaskSpec)}


@dataclass(repr=False)
class Measurement:
    """Times of one task: each of raw_times is that of number_per_run runs."""

    number_per_run: int
    raw_times: list[float]
    task_spec: TaskSpec
    metadata: dict | None = None

    def __getattr__(self, name: str) -> Any:
        if name in NAMES:
            return getattr(self.task_spec, name)
        raise AttributeError(
            f"'{type(self).__name__}' object has no attribute '{name}'"
        )

    @property
    def times(self) -> list[float]:
        """Seconds of one run, for each measurement."""
        return [t / self.number_per_run for t in self.raw_times]

    def _at(self, part: float) -> float:
        return float(np.quantile(self.times, part)) if self.times else -1.0

    @property
    def median(self) -> float:
        """The middle of the times."""
        return self._at(0.5)

    @property
    def mean(self) -> float:
        """The mean of the times."""
        return float(np.mean(self.times)) if self.times else -1.0

    @property
    def iqr(self) -> float:
        """How far the middle half of the times reaches."""
        return self._at(0.75) - self._at(0.25)

    @property
    def significant_figures(self) -> int:
        """How many digits of the median can be trusted, 1 to 4

        log₁₀(median / (1.645 σ / √n)), σ of the middle half of the times.
        """
        n = len(self.times)
        middle = sorted(self.times)[n // 4 : math.ceil(3 * n / 4)]
        spread = 1.645 * float(np.std(middle)) / math.sqrt(len(middle))
        ratio = self.median / max(spread, LEAST_INTERVAL)
        return min(max(math.floor(math.log10(ratio)), 1), MOST_DIGITS)

    def meets_confidence(self, threshold: float = UNSURE) -> bool:
        """Whether the middle half lies within this part of the median."""
        return self.iqr / self.median < threshold

    def _warnings(self) -> list[str]:
        if not self.times or self.meets_confidence(UNSURE):
            return []
        why = (
            "This could indicate system fluctuation."
            if self.meets_confidence(WILD)
            else "This suggests significant environmental influence."
        )
        return [
            f"  WARNING: Interquartile range is {self.iqr / self.median:.1%}"
            f" of the median measurement.\n           {why}"
        ]

    @property
    def has_warnings(self) -> bool:
        """Whether the times differ much."""
        return bool(self._warnings())

    @property
    def title(self) -> str:
        """The label of the task, or its code."""
        return self.task_spec.title

    @property
    def as_row_name(self) -> str:
        """Its name as a row of a table."""
        return self.sub_label or self.stmt or "[Unknown]"

    def __repr__(self) -> str:
        n, (unit, scale) = len(self.times), select_unit(self.median)
        low, high = self._at(0.25) / scale, self._at(0.75) / scale
        lines = [
            object.__repr__(self), self.task_spec.summarize(),
            f"  {'Median: ' * (n > 1)}{self.median / scale:.2f} {unit}",
            *[f"  IQR:    {self.iqr / scale:.2f} {unit} ({low:.2f} to "
              f"{high:.2f})"] * (n >= 4),
            f"  {n} measurement{'s' * (n > 1)}, {self.number_per_run} runs "
            f"{'per measurement,' if n > 1 else ','} {self.num_threads} "
            f"thread{'s' * (self.num_threads > 1)}",
            *self._warnings(),
        ]  # fmt: skip
        return "\n".join(lines)

    @staticmethod
    def merge(measurements: Iterable[Measurement]) -> list[Measurement]:
        """Those of one task together, as if measured at once."""
        groups: dict[TaskSpec, list[float]] = {}
        for each in measurements:
            groups.setdefault(each.task_spec, []).extend(each.times)
        return [Measurement(1, times, spec) for spec, times in groups.items()]


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


# ---- words and numbers


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


def select_unit(t: float) -> tuple[str, float]:
    """The unit in which to say t seconds, and its length: ("us", 1e-6)"""
    power = math.log10(t) // 3 if t > 0 else -math.inf
    unit = {-3: "ns", -2: "us", -1: "ms"}.get(power, "s")
    return unit, UNITS[unit]


def unit_to_english(u: str) -> str:
    """microsecond from us"""
    return ENGLISH[u] + "second"


def trim_sigfig(x: float, n: int) -> float:
    """x rounded to n digits"""
    if n != int(n):
        raise AssertionError("Number of significant figures must be an integer")
    scale = 10.0 ** (math.ceil(math.log10(abs(x))) - n)
    return float(round(x / scale) * scale)


def ordered_unique(elements: Iterable[Any]) -> list[Any]:
    """Each element once, in the order of first sight"""
    return list(dict.fromkeys(elements))
