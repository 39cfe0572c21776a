"""Measurements: times of a task, and how surely they are known."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

__all__ = ["Measurement", "TaskSpec", "ordered_unique", "select_unit",
           "trim_sigfig", "unit_to_english"]  # fmt: skip

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


# ---- words and numbers


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
