"""A round: every row once, in a process of its own.

What a program's arrays weigh depends on where they come to lie, and that is
drawn anew in each process; so a figure is pooled from several, minutes apart.
The process reads its plan from standard input and writes a line of JSON for
each row.
"""

import gc
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from benchmarks import (
    epochs,
    kernels_steps,
    layers,
    operations,
    optim,
    peers,
    timing,
)

Key = tuple[str, str]  # table, row
# How to make the two sides of a row, seconds of a block, pairs in a round.
TABLES: dict[str, tuple[Callable[[str], timing.Sides], float, int]] = {
    "operations": (operations.sides, 0.03, 2),
    "layers": (layers.sides, 0.025, 1),
    "steps": (kernels_steps.sides, 0.25, 1),
    "epochs": (epochs.sides, 0.2, 1),
    "optimizers": (optim.sides, 0.05, 2),
    "peers": (peers.sides, 0.1, 1),
}
LONG = 600  # seconds after which a round is given up
QUICK_STEPS = ("mlp", "lenet")
OPTIMIZERS = ("SGD", "SGD momentum", "Adam", "AdamW")


def rows(quick: bool) -> list[Key]:
    """All that is to be measured, table by table."""
    names = {
        "operations": list(operations.OPERATIONS)[:: 4 if quick else 1],
        "layers": layers.rows(quick),
        "steps": list(QUICK_STEPS if quick else kernels_steps.STEPS),
        "epochs": epochs.rows(quick),
        "optimizers": [] if quick else list(OPTIMIZERS),
        "peers": [r for r in peers.rows(quick) if not peers.missing(r)],
    }
    return [(table, name) for table in TABLES for name in names[table]]


def run(plan: dict[str, Any], tuned: bool = True) -> list[dict[str, Any]]:
    """The lines of one round; a round that dies is told by its last row.

    plan: keys, check (compare values first), pairs (0: the table's), side
    (both, ours, theirs).
    """
    command = [sys.executable, "-m", "benchmarks.rounds"]
    given = json.dumps(plan).encode()
    env = timing.environment(tuned)
    try:
        done = subprocess.run(
            command, input=given, env=env, stdout=subprocess.PIPE, timeout=LONG
        )
        output, why = done.stdout, f"its process ended with {done.returncode}"
        failed = done.returncode != 0
    except subprocess.TimeoutExpired as late:
        output, failed = late.stdout or b"", True
        why = f"its round took longer than {LONG} s"
    lines = [json.loads(line) for line in output.decode().splitlines()]
    if failed:
        seen = len([line for line in lines if "row" in line])
        table, row = plan["keys"][min(seen, len(plan["keys"]) - 1)]
        lines.append({"table": table, "row": row, "failed": why})
    return lines


def line_of(key: Key, plan: dict[str, Any]) -> dict[str, Any]:
    """The measurement of one row, or how it failed."""
    table, row = key
    make, seconds, pairs = TABLES[table]
    line: dict[str, Any] = {"table": table, "row": row}
    try:
        sides = make(row)
        if plan["side"] != "both":
            block = timing.run_block(getattr(sides, plan["side"]), seconds)
            return line | block._asdict()
        check = sides.check if plan["check"] else None
        pairs = plan["pairs"] or pairs
        found = timing.compare(row, *sides[:2], check, pairs, seconds)
        line |= asdict(found)
        if table == "layers" and plan["check"]:
            line["forms"] = layers.forms(row)
    except Exception as error:
        line["failed"] = f"{type(error).__name__}: {error}"[:300]
    return line


def main() -> None:
    """Do what standard input says."""
    warnings.simplefilter("ignore")  # of the peers' own code
    plan = json.load(sys.stdin)
    timing.set_threads(2)
    gc.freeze()  # what the imports made is not looked through at each row
    begin, own, busy = time.time(), time.process_time(), timing.busy_time()
    print(json.dumps({"peak": layers.peak()}), flush=True)
    for key in plan["keys"]:
        print(json.dumps(line_of(tuple(key), plan)), flush=True)
        gc.collect()
    used = timing.busy_time() - busy - (time.process_time() - own)
    facts = timing.conditions()
    others = max(0.0, used) / (time.time() - begin)
    print(json.dumps({"conditions": facts, "others": others}), flush=True)


if __name__ == "__main__":
    main()
