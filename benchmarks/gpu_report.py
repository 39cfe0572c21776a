"""The report of `python -m benchmarks gpu`: JSON, Markdown and plots."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.gpu_targets import (
    PUBLISHED,
    Lines,
    Task,
    accuracy,
    aims,
    good,
    ratio,
    seeds,
)
from torchref.curves import COLOURS, STYLE, curves


def brief(task: Task, result: Any) -> str:
    """A task's result in a line."""
    part, name, seed = task
    if part == "speed":
        rate, share = result["examples_per_second"], result["share"]
        text = f"{rate:,.0f} examples/s, {share:.0%} of the ceiling"
    elif part == "eager":
        text = f"{result['examples_per_second']:,.0f} examples/s"
    elif part == "training":
        last = result["epochs"][-1] if result["epochs"] else {}
        text = result["failed"] or (
            f"seed {seed}: loss {last['loss']:.4f}, test "
            f"{last['test_accuracy']:.4f}"
        )
    elif part == "ceilings":
        text = ", ".join(f"{k} {v:.3g}/s" for k, v in result["rates"].items())
    else:
        text = f"{len(result)} figures"
    return f"{part} {name}: {text}"


def networks(lines: Lines) -> list[str]:
    """The networks in the order of their first line."""
    return list(dict.fromkeys(name for _, name, _ in lines if name))


def cell(value: Any, form: str) -> str:
    """A number in that form, or a dash where there is none."""
    return "–" if value is None else format(value, form)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Markdown's."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def speeds(lines: Lines) -> str:
    """Every network with its fastest options, beside the ceiling."""
    rows = []
    for name in networks(lines):
        fast = lines.get(("speed", name, 0))
        if fast is None or "error" in fast:
            continue
        peak = fast["peak_memory"]
        rows.append(
            [
                name,
                f"{fast['batch']}",
                f"{fast['examples_per_second']:,.0f}",
                f"{fast['milliseconds']:.3f}",
                f"{1e3 * fast['ceiling']['whole']:.3f}",
                f"{fast['share']:.0%}",
                f"{fast['layered_share']:.0%}",
                cell(peak / 2**20 if peak else None, ",.0f"),
                cell(ratio(lines, name), ",.1f"),
                f"{fast['ready']:.1f}",
            ]
        )
    head = (
        "network|batch|examples/s|ms/step|ceiling ms|share|layered share|"
        "peak MiB|× plain loop|s to be ready"
    )
    return table(head.split("|"), rows)


def gains(lines: Lines) -> str:
    """Each option alone: how many times faster a step is than eager."""
    rows, labels = [], []
    for name in networks(lines):
        found = lines.get(("alone", name, 0))
        if not found or "error" in found:
            continue
        labels = list(found)
        base = found[labels[0]].get("milliseconds")
        row = [name, cell(base, ".3f")]
        for label in labels[1:]:
            time = found[label].get("milliseconds")
            both = base is not None and time is not None
            row.append(f"{base / time:.2f}" if both else "unmeasured")
        rows.append(row)
    if not rows:
        return "Unmeasured so far.\n"
    head = ["network", f"{labels[0]} ms", *labels[1:]]
    return table(head, rows)


def reasons(lines: Lines) -> str:
    """Why a figure of that table is missing."""
    found = {
        f"{label}: {entry['unmeasured']}"
        for (part, _, _), result in lines.items()
        if part == "alone" and "error" not in result
        for label, entry in result.items()
        if "unmeasured" in entry
    }
    return "".join(f"- {text}\n" for text in sorted(found))


def to_reach(epochs: list[dict[str, Any]], accuracy: float) -> float | None:
    """Seconds until the test accuracy was first that high."""
    for epoch in epochs:
        if epoch["test_accuracy"] >= accuracy:
            return epoch["after"]
    return None


def trainings(lines: Lines, toy: bool = False) -> str:
    """Every seed: its last loss, the mean of its last three accuracies, and
    the seconds to the published mean; a toy compares with nothing."""
    rows = []
    for name in networks(lines):
        known = None if toy else PUBLISHED.get(name)
        runs = seeds(lines, name)
        bad = sum(not good(run, name) for run in runs)
        share = "–" if toy else f"{bad} of {len(runs)}"
        for run in runs:
            if not run["epochs"]:
                rows.append([name, str(run["seed"]), "failed", *["–"] * 5])
                continue
            when = to_reach(run["epochs"], known.mean) if known else None
            ranges = ["–", "–"]
            if known:
                ranges = [
                    "–".join(f"{x:.4g}" for x in sorted(set(r)))
                    for r in (known.loss, known.test)
                ]
            rows.append(
                [
                    name,
                    str(run["seed"]),
                    f"{run['epochs'][-1]['loss']:.4f}"
                    + (" failed" * bool(run["failed"])),
                    ranges[0],
                    f"{accuracy(run):.4f}",
                    ranges[1],
                    cell(when, ".1f"),
                    share,
                ]
            )
    head = (
        "network|seed|training loss|published|test accuracy, mean of 3|"
        "published|s to published mean|bad runs"
    )
    return table(head.split("|"), rows)


def exactness(lines: Lines) -> str:
    """Deterministic runs, twice each, and what that costs."""
    rows = []
    for (part, name, _), found in lines.items():
        if part == "repeated" and "error" not in found:
            same = "yes" if found["same_bits"] else "no"
            fast = lines.get(("speed", name, 0), {}).get("milliseconds")
            exact = found["milliseconds"]
            rows.append([name, same, f"{exact:.3f}", cell(fast, ".3f")])
    if not rows:
        return "Unmeasured so far.\n"
    head = ["network", "same bits twice", "ms/step", "ms/step of the fastest"]
    return table(head, rows)


def bars(values: Mapping[str, tuple[float, float]], title: str) -> str:
    """An SVG of shares (whole, layered) of the ceiling, which is the line."""
    height, left, wide = 40 + 26 * len(values), 130, 320
    parts = [f'<text x="8" y="18">{escape(title)}</text>']
    for i, (name, pair) in enumerate(values.items()):
        y = 32 + 26 * i
        parts.append(f'<text x="8" y="{y + 13}">{escape(name)}</text>')
        for j, share in enumerate(pair):
            length = wide * min(share, 1.0)
            parts.append(
                f'<rect x="{left}" y="{y + 9 * j}" width="{length:.1f}" '
                f'height="8" fill="{COLOURS[j]}"/>'
            )
        parts.append(
            f'<text x="{left + wide + 6}" y="{y + 13}">'
            f"{pair[0]:.0%} / {pair[1]:.0%}</text>"
        )
    line = f'<path class="axis" d="M{left + wide},26V{height - 6}"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 560 '
        f'{height}">{STYLE}{"".join(parts)}{line}</svg>\n'
    )


def plots(lines: Lines, base: Path) -> list[Path]:
    """The pictures of the report, beside it."""
    shares = {
        name: (found["share"], found["layered_share"])
        for (part, name, _), found in lines.items()
        if part == "speed" and "error" not in found
    }
    made = [base.with_name(base.stem + "-ceiling.svg")]
    title = "Share of the ceiling: whole / layered"
    made[0].write_text(bars(shares, title), encoding="utf-8")
    for name in networks(lines):
        runs = [r for r in seeds(lines, name) if r["epochs"]]
        if not runs:
            continue
        drawn = {
            f"seed {run['seed']}": (
                [e["after"] for e in run["epochs"]],
                [e["test_accuracy"] for e in run["epochs"]],
            )
            for run in runs
        }
        path = base.with_name(f"{base.stem}-{name}.svg")
        text = curves(drawn, f"{name}: test accuracy", across="seconds")
        path.write_text(text, encoding="utf-8")
        made.append(path)
    return made


def verdicts(lines: Lines) -> str:
    """Every aim, what was found, and whether it holds."""
    rows = []
    for aim in aims(lines):
        form = ",.0f" if aim.bound > 1e3 else ".4f" if aim.bound < 1 else ".1f"
        bound = ("≥ " if aim.least else "≤ ") + format(aim.bound, form)
        found = cell(aim.found, form)
        rows.append([aim.network, aim.what, bound, found, aim.verdict])
    return table(["network", "figure", "aim", "found", ""], rows)


def unmeasured(lines: Lines, wanted: Iterable[Task], toy: bool = False) -> str:
    """What is left to do, a line a part, and what failed, with its error."""
    left: dict[str, dict[str, list[str]]] = {}
    for part, name, seed in wanted:
        if (part, name, seed) not in lines:
            left.setdefault(part, {}).setdefault(name, []).append(str(seed))
    rows = ["everything at full size: these are toys"] if toy else []
    for part, names in left.items():
        told = names
        if part == "training":
            told = {f"{n} (seed {' '.join(s)})": s for n, s in names.items()}
        rows.append(f"{part}: {', '.join(told)}")
    rows += [
        f"{part} {name}, seed {seed}, failed: {result['error']}"
        for (part, name, seed), result in lines.items()
        if "error" in result
    ]
    return "".join(f"- {row}\n" for row in rows) or "Nothing.\n"


def rates(found: Mapping[str, float]) -> str:
    """The device's rates, in units that suit it."""
    rows = []
    for name, rate in found.items():
        unit, size = ("T", 1e12) if rate >= 1e12 else ("G", 1e9)
        kind = "B/s copied" if name == "bytes" else f"FLOP/s in {name}"
        rows.append(f"- {rate / size:.4g} {unit}{kind}\n")
    return "".join(rows)


def report(
    lines: Lines,
    log: Path,
    wanted: Iterable[Task] = (),
    commits: Iterable[str] = (),
) -> None:
    """All results as JSON, and as a page for people."""
    first = lines.get(("ceilings", "", 0), {})
    facts = dict(first.get("facts", {}))
    facts["commit"] = ", ".join(commits) or facts.get("commit", "")
    nested: dict[str, Any] = {"ceilings": first}
    for (part, name, seed), result in lines.items():
        if part == "training":
            runs = nested.setdefault(name, {}).setdefault(part, {})
            runs[f"seed {seed}"] = result
        elif name:
            nested.setdefault(name, {})[part] = result
    text = json.dumps(nested, indent=1)
    log.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    pictures = "".join(f"![]({p.name})\n" for p in plots(lines, log))
    toy = log.stem.endswith("quick")
    page = PAGE.format(
        size=TOY if toy else "",
        facts="".join(f"- {k}: {v}\n" for k, v in facts.items()),
        rates=rates(first.get("rates", {})),
        verdicts=verdicts({} if toy else lines),
        speeds=speeds(lines),
        gains=gains(lines),
        reasons=reasons(lines),
        trainings=trainings(lines, toy),
        exactness=exactness(lines),
        missing=unmeasured(lines, wanted, toy),
        pictures=pictures,
    )
    log.with_suffix(".md").write_text(page, encoding="utf-8")
    print(log.with_suffix(".md"))


TOY = """
**Toy size: made-up pictures, a few steps. It shows that the command runs;
its figures compare with nothing.**
"""
PAGE = """# Every network on one device

Made by `python -m benchmarks gpu`; all figures are in the JSON beside it.
{size}
{facts}
The rates behind the ceilings, from a matrix product and a copy in this run:

{rates}
## What is aimed at

Of a network's trainings the worst good one counts: its last epoch's training
loss, against the published range and 3 % above it, and the mean test accuracy
of its last three epochs, against the range and .015 below it. The speeds are
meant for a GPU, and a toy is held against nothing.

{verdicts}
## Speed

- ceiling ms: what no step of one layer after another can beat on this device;
  the larger of operations over the product's rate (convolutions and linear
  layers, forward and both gradients) and bytes over the copy's (pointwise
  layers are free of charge).
- share: the ceiling's part of ms/step. The layered share sums that maximum
  over the layers, since one layer's arithmetic does not hide another's
  traffic.
- peak MiB: the most that torch held on the device; unknown on a CPU.
- × plain loop: examples/s over those of an eager float32 loop behind a
  DataLoader, measured in the same run.
- s to be ready: from building the network to the first timed step, compiling
  and recording included.

{speeds}
## Each option alone

Times faster than eager float32 that reads its loss after every step (data on
the device in both), whose milliseconds are the first column: above 1 the
option helps.

{gains}
{reasons}
## Training

A bad run is one without a number, one stuck at a loss of 2.2 or more, and of
NiN and GoogLeNet one above .45. Seconds count from the first step, with the
evaluation after each epoch.

{trainings}
## The same bits

Two deterministic runs of one seed, uncompiled.

{exactness}
## Left to measure

Run the command again to go on; what a device has not stands above.

{missing}
{pictures}"""
