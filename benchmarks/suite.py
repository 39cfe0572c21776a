"""All CPU benchmarks in one run: rounds, verdicts, memory, growth."""

import hashlib
import json
import platform
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import (
    growth,
    layers,
    memory,
    peers,
    report,
    rounds,
    timing,
    verdicts,
)
from benchmarks.rounds import Key
from benchmarks.verdicts import Before

HERE = Path(__file__).parent
RESULTS = HERE / "results"
MEASURED = (HERE, HERE.parent / "scratch")  # whose code a verdict is of
# Rounds, then more of them for rows near a boundary; each begins only while
# less than so many seconds are spent.
ROUNDS = {True: (3, 50.0), False: (5, 480.0)}
MORE = {True: (3, 70.0), False: (6, 600.0)}
LATE = 700.0  # seconds after which what comes last is shortened
QUICK_PAIRS, MORE_PAIRS = 2, 3
AGAIN = 5  # rounds to confirm what `--compare` found
APART = ("mlp", "lenet", "resnet18", "vgg11_quarter")
Lines = dict[Key, list[dict[str, Any]]]
Tables = dict[str, list[verdicts.Row]]


class Run:
    """The lines of all rounds so far, by row."""

    def __init__(self, quick: bool, keys: list[Key], tuned: bool = True):
        self.quick, self.keys, self.tuned = quick, keys, tuned
        self.begin = time.time()
        self.lines: Lines = defaultdict(list)
        self.peaks: list[float] = []
        self.others: list[float] = []
        self.conditions: dict[str, str] = {}
        self.count = 0

    def round(self, keys: list[Key], told: str, pairs: int) -> None:
        """One process more, over these rows; pairs: 0 for the table's."""
        plan = {
            "keys": keys,
            "check": self.count == 0,
            "pairs": pairs,
            "side": "both",
        }
        for line in rounds.run(plan, self.tuned):
            if "row" in line:
                self.lines[line["table"], line["row"]].append(line)
            elif "peak" in line:
                self.peaks.append(line["peak"])
            else:
                self.others.append(line["others"])
                self.conditions = line["conditions"]
        self.count += 1
        spent = time.time() - self.begin
        print(f"{told}: {len(keys)} rows, {spent:.0f} s", flush=True)

    def many(self, before: dict[Key, Before]) -> None:
        """All rounds, then some more for what is undecided."""
        number, limit = ROUNDS[self.quick]
        for i in range(number):
            if i < 2 or time.time() - self.begin < limit:
                pairs = QUICK_PAIRS if self.quick else 0
                self.round(self.keys, f"round {i + 1}", pairs)
        number, limit = MORE[self.quick]
        for _ in range(number):
            open_ = [
                key
                for key, row in self.rows().items()
                if verdicts.unsettled(row, before.get(key))
            ]
            if not open_ or time.time() - self.begin > limit:
                return
            self.round(open_, "near a boundary", MORE_PAIRS)

    def rows(self) -> dict[Key, verdicts.Row]:
        return {
            key: verdicts.pooled(self.lines[key])
            for key in self.keys
            if self.lines[key]
        }


def tables(run: Run, before: dict[Key, Before]) -> Tables:
    """The rows with their verdicts, table by table."""
    found: Tables = {t: [] for t in rounds.TABLES}
    peak = median(run.peaks) if run.peaks else float("nan")
    for key, found_now in run.rows().items():
        row = verdicts.joined(found_now, before.get(key))
        if "failed" not in row:
            row["verdict"], row["held"] = verdicts.decide(row, before.get(key))
            if key[0] == "layers":
                rate = layers.operations(key[1]) / (row["ours_ms"] / 1e3)
                row["share"] = rate / peak
        found[key[0]].append(row)
    return found


def apart(number: int) -> dict[str, dict[str, Any]]:
    """Steps of each side in processes of its own, in turn; with the tuned
    allocator and with the system's, in milliseconds."""
    keys = [("steps", name) for name in APART]
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(number):
        for allocator in ("tuned", "default"):
            for side in ("ours", "theirs"):
                plan = dict(keys=keys, check=False, pairs=1, side=side)
                for line in rounds.run(plan, allocator == "tuned"):
                    if "call" in line:
                        times = found.setdefault(line["row"], {})
                        label = f"{side} {allocator}"
                        times.setdefault(label, []).append(1e3 * line["call"])
    return {
        name: {label: median(ms) for label, ms in times.items()}
        for name, times in found.items()
    }


def machine(result: dict[str, Any]) -> tuple:
    """Results of one machine, one state and the same libraries compare."""
    return (
        result["quick"],
        *(
            result["conditions"].get(key)
            for key in ("processor", "cores", "versions", "allocator")
        ),
    )


def results(quick: bool, folder: Path = RESULTS) -> list[Path]:
    """All results of that length, the oldest first."""
    kind = "cpu-quick-*.json" if quick else "cpu-2*.json"
    return sorted(folder.glob(kind))


def code(folders: tuple[Path, ...] = MEASURED) -> str:
    """A digest of the files that are measured and that measure."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def verdicts_before(
    quick: bool, conditions: dict[str, str], folder: Path
) -> dict[Key, Before]:
    """What the last run of the same code on this machine said of each row."""
    here, this = machine({"quick": quick, "conditions": conditions}), code()
    for path in reversed(results(quick, folder)):
        old = json.loads(path.read_text())
        if machine(old) == here and old.get("code") == this:
            return {
                (table, row["name"]): Before(row["verdict"], row["processes"])
                for table in rounds.TABLES
                for row in old["tables"][table]
                if "verdict" in row
            }
    return {}


def commit() -> str:
    """The commit that was measured, with a mark if files were changed."""
    command = ["git", "describe", "--always", "--dirty"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answer.stdout.strip()


def measured(quick: bool, tuned: bool, fresh: bool) -> tuple[Run, dict]:
    """Everything but the comparison."""
    timing.set_threads(2)
    facts = timing.conditions()
    facts |= {
        "allocator": "tuned" if tuned else "as the system has it",
        "pinned": "nothing",
    }
    print(timing.told(facts), flush=True)
    before = {} if fresh else verdicts_before(quick, facts, RESULTS)
    run = Run(quick, rounds.rows(quick), tuned)
    run.many(before)
    names = rounds.QUICK_STEPS if quick else tuple(memory.STEPS)
    result = {
        "conditions": run.conditions or facts,
        "commit": commit(),
        "code": code(),
        "date": time.strftime("%Y-%m-%d %H:%M"),
        "quick": quick,
        "platform": platform.platform(terse=True),
        "peak": median(run.peaks) if run.peaks else None,
        "others": max(run.others, default=0.0),
        "rounds": run.count,
        "tables": tables(run, before),
        "missing": sorted(
            {why for r in peers.rows(quick) if (why := peers.missing(r))}
        ),
        "memory": {name: memory.measure(name) for name in names},
        "growth": growth.measure(quick),
    }
    late = time.time() - run.begin > LATE
    result["apart"] = {} if quick else apart(1 if late else 2)
    result["seconds"] = time.time() - run.begin
    return run, result


def slower(run: Run, now: Tables, before: dict[str, Any]) -> list[str]:
    """Rows whose ratio grew by more than the noise, when those that seemed
    to have grown were measured once more; and the machine's own change."""
    pairs = paired(now, before["tables"])
    pace = verdicts.pace(pairs.values())
    seen = grown(pairs, pace, sure=False)
    second = Run(run.quick, list(seen), run.tuned)
    second.count = 1  # the values have been checked
    for key in seen:
        second.lines[key] = list(run.lines[key])
    for _ in range(AGAIN if seen else 0):
        second.round(list(seen), "slower? once more", MORE_PAIRS)
    again = paired(tables(second, {}), before["tables"])
    if pace != 1:
        print(f"the others took {pace:.2f} times as long as in that run: "
              "the machine is in another state, and only what grew by more "
              "is told")  # fmt: skip
    return [
        f"{table}: {name}: {factor:.2f} times the ratio of before"
        for (table, name), factor in grown(again, pace).items()
    ]


def paired(
    now: Tables, before: Tables
) -> dict[Key, tuple[verdicts.Row, verdicts.Row]]:
    """The rows that both runs have."""
    old = {(t, row["name"]): row for t in rounds.TABLES for row in before[t]}
    return {
        (table, row["name"]): (row, old[table, row["name"]])
        for table, rows in now.items()
        for row in rows
        if (table, row["name"]) in old
    }


def grown(
    pairs: dict[Key, tuple[verdicts.Row, verdicts.Row]],
    pace: float,
    sure: bool = True,
) -> dict[Key, float]:
    """By row: the factor by which it grew."""
    return {
        key: factor
        for key, (now, before) in pairs.items()
        if (factor := verdicts.growth(now, before, sure, pace))
    }


def main(
    quick: bool, compare: Path | None, tuned: bool = True, fresh: bool = False
) -> int:
    """Run, print, write, compare. 1: something is slower than before or has
    failed; 2: other programs disturbed the run."""
    before = json.loads(compare.read_text()) if compare else None
    run, result = measured(quick, tuned, fresh)
    RESULTS.mkdir(exist_ok=True)
    stamp = result["date"].replace(" ", "-").replace(":", "")
    path = RESULTS / f"cpu-{'quick-' if quick else ''}{stamp}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    report.write(result, path)
    print(report.text(result))
    print(f"written: {path} and {path.stem}.md")
    worse = []
    if before:
        if machine(before) != machine(result):
            print("the two results are of different machines or libraries:",
                  machine(before), machine(result))  # fmt: skip
        worse = slower(run, result["tables"], before)
        print("\n".join(f"slower than before: {line}" for line in worse)
              or "nothing is slower than noise allows")  # fmt: skip
    sys.stdout.flush()
    if report.is_disturbed(result):
        return 2
    return 1 if worse or report.failures(result) else 0
