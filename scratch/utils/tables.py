"""Tables of text become numbers: columns from CSV, NA, one-hot, features.

A table is a dict from a column's name to its entries, text or None for a
missing one; the order of the columns is the file's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from scratch.tensor import Tensor, wrap
from scratch.utils.scaling import Standard

Entries = list[str | None]
Columns = dict[str, Entries]
MISSING = ("", "NA")


def read_csv(
    path: str | Path, missing: Iterable[str] = MISSING
) -> Columns:
    """The table in a CSV file with a first line of names.

    A damaged file is a ValueError with the line, what was expected and what
    was found.
    """
    absent = set(missing)
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, strict=True)
        try:
            names = next(lines, None)
            if not names:
                _refuse(path, 1, "the names of the columns", "nothing")
            if len(set(names)) < len(names):
                twice = next(n for n in names if names.count(n) > 1)
                _refuse(path, 1, "names that differ", f"{twice!r} twice")
            columns: Columns = {name: [] for name in names}
            for line in lines:
                if len(line) != len(names):
                    fields = f"{len(line)} fields"
                    _refuse(path, lines.line_num, f"{len(names)}", fields)
                for entries, text in zip(columns.values(), line):
                    entries.append(None if text in absent else text)
        except (csv.Error, UnicodeDecodeError) as error:
            _refuse(path, lines.line_num, "CSV in UTF-8", error)
    return columns


def write_csv(path: str | Path, columns: dict[str, Sequence]) -> None:
    """A table as CSV: a submission, for one."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def _refuse(path: Any, line: int, expected: Any, found: Any) -> NoReturn:
    raise ValueError(
        f"{path}: line {line}: expected {expected}, found {found}"
    )


def numbers(entries: Sequence[Any], name: str) -> np.ndarray:
    """A column as float64, NaN where it is missing; not a number: refused."""
    values = []
    for row, entry in enumerate(entries):
        try:
            plain = entry.replace("_", " _ ") if type(entry) is str else entry
            values.append(np.nan if entry is None else float(plain))
        except (TypeError, ValueError):
            raise ValueError(
                f"column {name!r}, row {row}: expected a number, found "
                f"{entry!r}"
            ) from None
    return np.array(values, np.float64)


def is_numeric(entries: Sequence[Any]) -> bool:
    """Whether every entry that is there is a number."""
    try:
        numbers(entries, "")
    except ValueError:
        return False
    return True


def one_hot(
    entries: Sequence[Any], kinds: Sequence[Any], name: str
) -> np.ndarray:
    """(n,) -> (n, kinds + 1): a 1 in the column of each entry's kind, in the
    last one where it is missing; a kind that is not listed is refused."""
    place = {kind: i for i, kind in enumerate(kinds)} | {None: len(kinds)}
    unseen = [entry for entry in entries if entry not in place]
    if unseen:
        raise ValueError(
            f"column {name!r}: expected one of {list(kinds)}, found "
            f"{unseen[0]!r}"
        )
    return np.eye(len(kinds) + 1)[[place[entry] for entry in entries]]


class Features:
    """Numbers of a table, learnt from some tables and made of any.

    A column of numbers is standardised over all the tables given, NA being 0;
    any other becomes one column a kind, in the order of the kinds, and one
    for NA. names lists the columns of the result.
    """

    def __init__(self, *tables: Columns, leave_out: Sequence[str] = ()):
        self.columns = [n for n in tables[0] if n not in leave_out]
        whole = {
            name: [entry for t in tables for entry in column(t, name)]
            for name in self.columns
        }
        self.scales: dict[str, Standard] = {}
        self.kinds: dict[str, list[str]] = {}
        for name, entries in whole.items():
            if is_numeric(entries):
                values = numbers(entries, name)
                self.scales[name] = Standard(wrap(values[:, None]))
            else:
                known = {str(e) for e in entries if e is not None}
                self.kinds[name] = sorted(known)
        self.names = list(self.scales) + [
            f"{name}_{kind}"
            for name, kinds in self.kinds.items()
            for kind in (*kinds, "nan")
        ]

    def __call__(self, table: Columns) -> Tensor:
        """n rows -> (n, features) float32"""
        blocks = [
            scale(wrap(numbers(column(table, name), name)[:, None])).array
            for name, scale in self.scales.items()
        ]
        blocks += [
            one_hot(column(table, name), kinds, name)
            for name, kinds in self.kinds.items()
        ]
        return wrap(np.concatenate(blocks, 1).astype(np.float32))


def column(table: Columns, name: str) -> Entries:
    """A column by its name, or what there is instead."""
    if name not in table:
        raise ValueError(
            f"no column {name!r}: the table has {', '.join(table)}"
        )
    return table[name]


def target(table: Columns, name: str) -> Tensor:
    """A column of numbers (n, 1) float32 in which none may be missing."""
    values = numbers(column(table, name), name)
    if np.isnan(values).any():
        row = int(np.isnan(values).argmax())
        raise ValueError(f"column {name!r}, row {row}: expected a number, NA")
    return wrap(values[:, None].astype(np.float32))
