"""What a ratio says: faster, level or slower, the same in every run.

A ratio near a boundary would fall on either side by chance, and what else
runs on the hardware below a virtual machine moves ratios by a half from one
hour to the next. So runs of the same code on one machine are one experiment:
their processes are counted together. And what was once said of that code,
"no verdict" too, stands until all are almost sure (99.9 %) that the ratio lies
beyond the boundary by a twelfth.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any, NamedTuple

from benchmarks.timing import DISTURBED, interval

# ours over theirs
BANDS = {"faster": (0.0, 0.9), "level": (0.9, 1.1), "slower": (1.1, math.inf)}
DEAD = 1.08  # so far beyond a boundary before a verdict is taken back
SURE = 0.999  # and how sure that must be
WIDE = 1.2  # an interval over a boundary, and wider than this: no verdict
NONE = "no verdict"
SLOWER = 1.08  # the least growth of a ratio that `--compare` tells
LOOK = 1.05  # and that it looks at once more
STEADY = 0.1  # by so much a machine's pace differs within one state

Row = dict[str, Any]


def touched(low: float, high: float, beyond: float = 1.0) -> list[str]:
    """The bands that the interval has a part in, each stretched by `beyond`
    on both sides."""
    return [
        name
        for name, (start, end) in BANDS.items()
        if low <= end * beyond and high * beyond >= start
    ]


class Before(NamedTuple):
    """What the last run of the same code on this machine said of a row, and
    the ratio of each process behind it."""

    verdict: str
    processes: list[float]


def joined(row: Row, before: Before | None) -> Row:
    """The row with the processes of earlier runs of the same code."""
    if "failed" in row or before is None:
        return row
    now = [] if row["disturbed"] else row["processes"]
    processes = before.processes + now
    low, high = interval(processes)
    return row | {"processes": processes, "low": low, "high": high}


def decide(row: Row, before: Before | None = None) -> tuple[str, bool]:
    """The verdict, and whether it is one that was given before."""
    if row["disturbed"] and before is None:
        return NONE, False
    low, high = row["low"], row["high"]
    fits = touched(low, high)
    near = touched(*interval(row["processes"], SURE), DEAD)
    if before and (
        len(near) > 1 if before.verdict == NONE else before.verdict in near
    ):
        return before.verdict, fits != [before.verdict]
    if len(fits) == 1:
        return fits[0], False
    if high > WIDE * low:
        return NONE, False
    middle = median(row["processes"])
    return touched(middle, middle)[0], False


def unsettled(row: Row, before: Before | None = None) -> bool:
    """Whether more measurements would help to decide."""
    if row.get("failed") or row["disturbed"] or before is not None:
        return False
    return len(touched(row["low"], row["high"])) > 1


class Pair(NamedTuple):
    """Seconds of two neighbouring blocks; cores that others used meanwhile;
    which process it was."""

    ours: float
    theirs: float
    others: float
    process: int


def of_each_process(pairs: list[Pair]) -> list[float]:
    """The median ratio of every process: pairs of one process share where
    its arrays lie, so they are no independent witnesses."""
    found: dict[int, list[float]] = defaultdict(list)
    for pair in pairs:
        found[pair.process].append(pair.ours / pair.theirs)
    return [median(ratios) for ratios in found.values()]


def pooled(lines: Iterable[Row]) -> Row:
    """One row of the pairs of all rounds."""
    lines = list(lines)
    row: Row = {"name": lines[0]["row"], "rounds": len(lines)}
    for line in lines:
        if "failed" in line:
            return row | {"failed": line["failed"]}
        for key in ("error", "forms"):
            if line.get(key) is not None:
                row[key] = line[key]
    pairs = [
        Pair(a, b, others, i)
        for i, line in enumerate(lines)
        for a, b, others in zip(line["ours"], line["theirs"], line["others"])
    ]
    quiet = [pair for pair in pairs if pair.others <= DISTURBED]
    disturbed = len(quiet) < max(2, len(pairs) / 2)
    chosen = pairs if disturbed else quiet
    ratios = [pair.ours / pair.theirs for pair in chosen]
    processes = of_each_process(chosen)
    low, high = interval(processes)
    logs = [math.log(r) for r in ratios]
    away = median(abs(x - median(logs)) for x in logs)
    return row | {
        "ours_ms": 1e3 * median(pair.ours for pair in chosen),
        "theirs_ms": 1e3 * median(pair.theirs for pair in chosen),
        "ratio": median(ratios),
        "low": low,
        "high": high,
        "processes": processes,
        "noise": noise(away, len(chosen)),
        "pairs": len(chosen),
        "disturbed_pairs": len(pairs) - len(quiet),
        "disturbed": disturbed,
    }


def noise(away: float, n: int) -> float:
    """Two standard errors of the log ratio, by the median deviation of n
    pairs; of few pairs that is little known, so more is allowed for."""
    return 2 * (1 + 3 / n) * 1.4826 * away / math.sqrt(n)


def pace(rows: Iterable[tuple[Row, Row]]) -> float:
    """How many times as long the other side took now as before, over all
    rows: near 1 where the machine is in the state in which it was."""
    factors = [
        now["theirs_ms"] / before["theirs_ms"]
        for now, before in rows
        if "theirs_ms" in now and "theirs_ms" in before
    ]
    factor = median(factors) if factors else 1.0
    return factor if abs(math.log(factor)) > STEADY else 1.0


def growth(
    now: Row, before: Row, sure: bool = True, pace: float = 1.0
) -> float | None:
    """By what factor the ratio grew; `sure`: by more than both runs' noise,
    otherwise by so much that a second look is due. A machine that is in
    another state moves ratios by as much as the other side's own times."""
    if now.get("failed") or before.get("failed"):
        return None
    if now["disturbed"] or before["disturbed"]:
        return None
    factor = now["ratio"] / before["ratio"]
    both = math.exp(math.hypot(now["noise"], before["noise"]))
    least = max(SLOWER, both) if sure else LOOK
    return factor if factor > least * max(pace, 1 / pace) else None
