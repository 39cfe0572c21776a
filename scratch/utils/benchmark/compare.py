"""Compare: the measurements of many tasks in a table.

    print(Compare([Timer(…, sub_label=row, description=column).timeit(), …]))
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable

import numpy as np

from .measurement import (
    Measurement,
    ordered_unique,
    select_unit,
    trim_sigfig,
    unit_to_english,
)

__all__ = ["Colorize", "Compare"]

BAR = "  |  "
NOTE = ("(! XX%) Measurement has high variance, where XX is the IQR / median "
        "* 100.")
BOLD, END = "\033[1m", "\033[0m"
BEST, GOOD = "\033[92m" + BOLD, "\033[34m" + BOLD
BAD, VERY_BAD = "\033[2m\033[91m", "\033[31m" + BOLD
Row = tuple[int, str | None, str]  # threads, env, name


class Colorize(enum.Enum):
    """Among which times the best is coloured."""

    NONE = "none"
    COLUMNWISE = "columnwise"
    ROWWISE = "rowwise"


class Compare:
    """Measurements to be shown: a table for each label, a row for each
    sub_label, a column for each description."""

    def __init__(self, results: list[Measurement]):
        self._results: list[Measurement] = []
        self.extend_results(results)
        self._trim = self._highlight = False
        self._colorize = Colorize.NONE

    def extend_results(self, results: Iterable[Measurement]) -> None:
        """Show these as well."""
        results = list(results)
        for m in results:
            if not isinstance(m, Measurement):
                raise ValueError("Expected an instance of `Measurement`, got "
                                 f"{type(m)} instead.")
        self._results += results

    def trim_significant_figures(self) -> None:
        """Show only the digits that can be trusted."""
        self._trim = True

    def colorize(self, rowwise: bool = False) -> None:
        """Colour the best of each column, or of each row."""
        self._colorize = Colorize.ROWWISE if rowwise else Colorize.COLUMNWISE

    def highlight_warnings(self) -> None:
        """Show beside a time how much it varies, where that is much."""
        self._highlight = True

    def __str__(self) -> str:
        groups: dict[str | None, list[Measurement]] = {}
        for m in Measurement.merge(self._results):
            groups.setdefault(m.label, []).append(m)
        return "\n".join(
            Table(group, self._trim, self._highlight, self._colorize).render()
            for group in groups.values())

    def print(self) -> None:
        """Print the tables."""
        print(str(self))


class Table:
    """The measurements of one label, as a cell for each row and column."""

    def __init__(self, results: list[Measurement], trim: bool,
                 highlight: bool, colorize: Colorize):
        self.trim, self.highlight, self.colorize = trim, highlight, colorize
        self.label = results[0].label or ""
        self.unit, self.scale = select_unit(min(m.median for m in results))
        self.warned = highlight and any(m.has_warnings for m in results)
        rows = [(m.num_threads, m.env, m.as_row_name) for m in results]
        self.rows: list[Row] = sorted(ordered_unique(rows),
                                      key=lambda row: row[:2])
        self.columns = ordered_unique(m.description for m in results)
        self.cells = {(row, m.description): m
                      for row, m in zip(rows, results)}

    def render(self) -> str:
        """The whole table."""
        writers = {name: self.writer(name) for name in self.columns}
        texts = [["", *(name or "" for name in self.columns)]]
        for i, row in enumerate(self.rows):
            texts.append([self.row_name(i), *(
                writers[name](self.cells.get((row, name)))
                for name in self.columns)])
        widths = [max(map(len, column)) for column in zip(*texts)]
        lines = [BAR.join(map(str.center, texts[0], widths))]
        across = len(lines[0])
        for i, row in enumerate(self.rows):
            if not i or row[0] != self.rows[i - 1][0]:
                lines.append(f"{row[0]} threads: ".ljust(across, "-"))
            first, *rest = texts[i + 1]
            shown = map(str.center, rest, widths[1:])
            lines.append(BAR.join([first.ljust(widths[0]), *(
                self.coloured(text, row, name)
                for text, name in zip(shown, self.columns))]))
        title = f" {self.label} ".center(across - 2, "-")
        return "\n".join([
            f"[{title}]", *lines, "", f"Times are in "
            f"{unit_to_english(self.unit)}s ({self.unit}).",
            *[NOTE] * self.warned, ""])

    def row_name(self, i: int) -> str:
        """Its name; where they differ, the surroundings it was run in."""
        threads, env, name = self.rows[i]
        every = {row[1] for row in self.rows}
        several = len(every) > 1
        shown = several and (not i or self.rows[i - 1][:2] != (threads, env))
        room = max(len(str(each)) for each in every) if several else 0
        return "  " + (f"({env})" if shown else "").ljust(room + 4) + name

    def writer(self, name: str | None) -> Callable[[Measurement | None], str]:
        """How a column writes its times, all with the same digits."""
        here = [self.cells[row, name] for row in self.rows
                if (row, name) in self.cells]
        room = 7 * (self.highlight and any(m.has_warnings for m in here))
        before = [int(np.ceil(np.log10(np.float32(m.median / self.scale))))
                  for m in here]
        behind = min(max(m.significant_figures - n, 0) for m, n in zip(
            here, before)) if self.trim else 1
        width = max(max(before) + behind + (behind > 0), 0)

        def write(m: Measurement | None) -> str:
            if m is None:
                return " " * len(f"{1:>{width}.{behind}f}{'':>{room}}")
            number, doubt = m.median / self.scale, ""
            if self.trim:
                number = trim_sigfig(number, m.significant_figures)
            if room and m.has_warnings:
                doubt = f" (! {m.iqr / m.median * 100:.0f}%)"
            return f"{number:>{width}.{behind}f}{doubt:>{room}}"

        return write

    def coloured(self, text: str, row: Row, name: str | None) -> str:
        """A cell in the colour of its distance from the best."""
        m = self.cells.get((row, name))
        if m is None or self.colorize is Colorize.NONE:
            return text
        rowwise = self.colorize is Colorize.ROWWISE
        best = min(other.median for (at, column), other in self.cells.items()
                   if (at == row if rowwise else
                       at[0] == row[0] and column == name))
        if m.median <= max(best * 1.01, best + 100e-9):
            return BEST + text + END * 2
        if m.median <= best * 1.1:
            return GOOD + text + END * 2
        if m.median >= best * 5:
            return VERY_BAD + text + END * 2
        return BAD + text + END * 2 if m.median >= best * 2 else text
