"""The report of `python -m benchmarks gpu`: JSON, Markdown and plots."""

import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from torchref.curves import COLOURS, STYLE, curves

Lines = Mapping[tuple[str, str, int], Any]


@dataclass(frozen=True)
class Published:
    """Ranges over the builds of the book: the last epoch's training loss and
    test accuracy, and the mean of the latter (of good runs)."""

    loss: tuple[float, float]
    test: tuple[float, float]
    mean: float
    slow: float = math.inf  # a loss above it is no good run


PUBLISHED = {
    "softmax_regression": Published((0.4469, 0.4481), (0.808, 0.836), 0.83),
    "mlp": Published((0.3795, 0.3840), (0.823, 0.853), 0.845),
    "dropout_mlp": Published((0.339, 0.349), (0.844, 0.867), 0.855),
    "lenet": Published((0.449, 0.525), (0.752, 0.828), 0.804),
    "lenet_bn": Published((0.241, 0.278), (0.571, 0.892), 0.825),
    "lenet_relu": Published((0.261, 0.261), (0.877, 0.897), 0.878),
    "alexnet": Published((0.323, 0.334), (0.860, 0.886), 0.880),
    "vgg11_quarter": Published((0.167, 0.220), (0.900, 0.925), 0.918),
    "nin": Published((0.36, 0.36), (0.822, 0.885), 0.861, slow=0.45),
    "googlenet": Published((0.25, 0.25), (0.808, 0.900), 0.885, slow=0.45),
    "resnet18": Published((0.004, 0.023), (0.814, 0.927), 0.906),
    "densenet": Published((0.14, 0.14), (0.406, 0.918), 0.859),
}


def brief(task: tuple[str, str, int], result: Any) -> str:
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
        plain = lines.get(("eager", name, 0), {}).get("examples_per_second")
        if fast is None:
            continue
        if "error" in fast:
            rows.append([name, fast["error"][:80], *["–"] * 8])
            continue
        rate = fast["examples_per_second"]
        peak = fast["peak_memory"]
        rows.append(
            [
                name,
                f"{fast['batch']}",
                f"{rate:,.0f}",
                f"{fast['milliseconds']:.3f}",
                f"{1e3 * fast['ceiling']['whole']:.3f}",
                f"{fast['share']:.0%}",
                f"{fast['layered_share']:.0%}",
                cell(peak / 2**20 if peak else None, ",.0f"),
                cell(rate / plain if plain else None, ",.1f"),
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


def seeds(lines: Lines, name: str) -> list[dict[str, Any]]:
    """The network's trainings that ended, well or not."""
    return [
        result
        for (part, network, _), result in lines.items()
        if part == "training" and network == name and "error" not in result
    ]


def good(run: dict[str, Any], name: str) -> bool:
    """Neither without a number nor stuck nor slow."""
    slow = PUBLISHED[name].slow if name in PUBLISHED else math.inf
    if run["failed"] or not run["epochs"]:
        return False
    return run["epochs"][-1]["loss"] < min(slow, 2.2)


def trainings(lines: Lines) -> str:
    """Every seed: its last loss, the mean of its last three accuracies, and
    the seconds to the published mean."""
    rows = []
    for name in networks(lines):
        known = PUBLISHED.get(name)
        runs = seeds(lines, name)
        bad = sum(not good(run, name) for run in runs)
        for run in runs:
            if not run["epochs"]:
                rows.append([name, str(run["seed"]), "failed", *["–"] * 5])
                continue
            last = run["epochs"][-3:]
            test = statistics.mean(e["test_accuracy"] for e in last)
            when = to_reach(run["epochs"], known.mean) if known else None
            ranges = ["–", "–"]
            if known:
                ranges = [
                    "–".join(map(str, r)) for r in (known.loss, known.test)
                ]
            rows.append(
                [
                    name,
                    str(run["seed"]),
                    f"{last[-1]['loss']:.4f}"
                    + (" failed" * bool(run["failed"])),
                    ranges[0],
                    f"{test:.4f}",
                    ranges[1],
                    cell(when, ".1f"),
                    f"{bad} of {len(runs)}",
                ]
            )
    head = (
        "network|seed|training loss|published|test accuracy, mean of 3|"
        "published|s to published mean|bad runs"
    )
    return table(head.split("|"), rows)


def exactness(lines: Lines) -> str:
    """Deterministic runs, twice each."""
    rows = []
    for (part, name, _), found in lines.items():
        if part == "repeated" and "error" not in found:
            same = "yes" if found["same_bits"] else "no"
            rows.append([name, same, f"{found['milliseconds']:.3f}"])
    return table(["network", "same bits twice", "ms/step"], rows)


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


def unmeasured(lines: Lines, wanted: Sequence[str]) -> str:
    """Which networks lack which of the three main figures."""
    rows = []
    for part in ("speed", "eager", "training"):
        left = [n for n in wanted if (part, n, 0) not in lines]
        if left:
            rows.append(f"- {part}: {', '.join(left)}\n")
    return "".join(rows) or "Nothing.\n"


def report(lines: Lines, log: Path, wanted: Sequence[str] = ()) -> None:
    """All results as JSON, and as a page for people."""
    first = lines.get(("ceilings", "", 0), {})
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
    page = PAGE.format(
        size=TOY if log.stem.endswith("quick") else "",
        facts="".join(
            f"- {k}: {v}\n" for k, v in first.get("facts", {}).items()
        ),
        rates="".join(
            f"- {k}: {v / 1e12:.4g} T{'B' if k == 'bytes' else 'FLOP'}/s\n"
            for k, v in first.get("rates", {}).items()
        ),
        speeds=speeds(lines),
        gains=gains(lines),
        reasons=reasons(lines),
        trainings=trainings(lines),
        exactness=exactness(lines),
        missing=unmeasured(lines, wanted),
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
## Speed

The ceiling is the larger of operations over the product's rate and bytes
over the copy's: operations of the convolutions and linear layers, forward and
both gradients; bytes of a step whose layers run one by one, with pointwise
layers free of charge. `layered` sums that maximum over the layers, since one
layer's arithmetic does not hide another's traffic. The plain loop is eager
float32 behind a DataLoader, measured in the same run.

{speeds}
## Each option alone

Times faster than eager float32 that reads its loss after every step (data on
the device in both).

{gains}
{reasons}
## Training

{trainings}
## The same bits

{exactness}
## Not measured on this device

{missing}
{pictures}"""
