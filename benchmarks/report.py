"""A result as text, as a page in Markdown with plots, and in the README."""

import json
import math
import re
from pathlib import Path
from typing import Any

from benchmarks.timing import DISTURBED
from torchref.curves import curves

Result = dict[str, Any]
TITLES = {
    "operations": "Operations, forward and backward",
    "layers": "Layers: y forward, x and w the two gradients",
    "steps": "Training steps: forward, backward, SGD",
    "epochs": "Whole epochs",
    "optimizers": "Optimizers: a step over 11.2 million parameters",
    "peers": "Peers: the same step by what one would pick instead",
}
# What the README shows row by row, under which words.
SHOWN = {
    "steps": "",
    "epochs": "whole epoch",
    "optimizers": "optimizer, 11.2 million parameters",
    "peers": "step, by a peer",
}
HEAD = ("", "scratch ms", "theirs ms", "ratio", "interval", "verdict")
MORE = ("of the peak", "form", "fastest form")


def is_disturbed(result: Result) -> bool:
    """Whether most rows, or a whole round, shared the processor."""
    rows = [row for rows in result["tables"].values() for row in rows]
    bad = sum(row.get("disturbed", False) for row in rows)
    return result["others"] > DISTURBED or bad > len(rows) / 2


def failures(result: Result) -> list[str]:
    return [
        f"{table}: {row['name']}: {row['failed']}"
        for table, rows in result["tables"].items()
        for row in rows
        if "failed" in row
    ]


def cells(table: str, row: dict[str, Any]) -> list[str]:
    """What a table shows of a row."""
    if "failed" in row:
        return [row["name"], "", "", "", "", f"failed: {row['failed']}"]
    held = " *" if row["held"] else ""
    found = [
        row["name"],
        f"{row['ours_ms']:.3f}",
        f"{row['theirs_ms']:.3f}",
        f"{row['ratio']:.2f}",
        f"{row['low']:.2f} to {row['high']:.2f}",
        ("disturbed, " if row["disturbed"] else "") + row["verdict"] + held,
    ]
    if table == "layers":
        form = row.get("forms", {"chosen": "", "best": ""})
        best = "" if form["best"] == form["chosen"] else form["best"]
        found += [f"{row['share']:.0%}", form["chosen"], best]
    return found


def aligned(rows: list[list[str]]) -> str:
    """Columns of equal width, the first to the left."""
    wide = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join(
        "  ".join(
            cell.ljust(n) if i == 0 else cell.rjust(n)
            for i, (cell, n) in enumerate(zip(row, wide))
        ).rstrip()
        for row in rows
    )


def listed(result: Result) -> list[tuple[str, list[list[str]]]]:
    """Every table: its title, its rows as cells, the head first."""
    found = []
    for table, rows in result["tables"].items():
        head = [*HEAD, *(MORE if table == "layers" else ())]
        body = [cells(table, row) for row in rows]
        body = [row + [""] * (len(head) - len(row)) for row in body]
        found.append((TITLES[table], [head, *body]))
    found.append(("Memory of a step, MiB", memory(result)))
    if result["apart"]:
        title = "Steps of each side in processes of its own, ms"
        found.append((title, apart(result)))
    found.append(("Growth: cost ~ size^exponent", growth(result)))
    return found


def memory(result: Result) -> list[list[str]]:
    """Both sides and their ratio; torch's bytes kept without its weights."""
    head = ["", "resident", "torch", "ratio", "arrays", "torch"]
    rows = [[*head, "kept by the graph", "torch"]]
    for name, both in result["memory"].items():
        a, b = both["scratch"], both["torch"]
        pairs = [(a[k], b[k]) for k in ("resident", "traced", "kept")]
        ratio = f"{a['resident'] / max(b['resident'], 1e-9):.2f}"
        cells = [f"{value:.1f}" for pair in pairs for value in pair]
        rows.append([name, *cells[:2], ratio, *cells[2:]])
    return rows


def apart(result: Result) -> list[list[str]]:
    kinds = ("tuned", "default")
    rows = [["", *(f"{w} {k}" for k in kinds for w in
                   ("scratch", "torch", "ratio"))]]  # fmt: skip
    for name, ms in result["apart"].items():
        row = [name]
        for kind in kinds:
            a, b = ms[f"ours {kind}"], ms[f"theirs {kind}"]
            row += [f"{a:.2f}", f"{b:.2f}", f"{a / b:.2f}"]
        rows.append(row)
    return rows


def growth(result: Result) -> list[list[str]]:
    rows = [["", "sizes", "time", "torch's time", "memory"]]
    for name, study in result["growth"].items():
        sizes = f"{study['sizes'][0]:,} to {study['sizes'][-1]:,}"
        powers = ("exponent", "torch_exponent", "memory_exponent")
        rows.append([name, sizes, *(f"{study[p]:.2f}" for p in powers)])
    nodes = result["growth"]["graph nodes"]
    each = [f"{nodes[f'{s}_microseconds']:.2f} µs" for s in
            ("scratch", "torch")]  # fmt: skip
    return [*rows, ["an operation, forward and backward", "", *each, ""]]


def notes(result: Result) -> list[str]:
    """What must be known beside the tables."""
    found = [
        f"Ratios are scratch's time over the other's: pairs of blocks in one "
        f"process, {result['rounds']} processes, median. The 90 % interval "
        "counts the processes of earlier runs of the same code, too. faster: "
        "below .9, slower: above 1.1.",
        "* near a boundary: the verdict of the run before stands.",
        f"The matrix product's peak: {result['peak'] / 1e9:.0f} GFLOP/s.",
        *(f"Peer missing: {why}" for why in result["missing"]),
        *(f"FAILED {line}" for line in failures(result)),
    ]
    if is_disturbed(result):
        found.insert(
            0,
            "DISTURBED: other programs used the processor "
            f"({result['others']:.2f} cores in the worst round); "
            "these figures say nothing.",
        )
    return found


def text(result: Result) -> str:
    """For the terminal."""
    parts = [f"\n{title}\n{aligned(rows)}" for title, rows in listed(result)]
    return "\n".join([*parts, "", *notes(result)])


def page(result: Result, pictures: dict[str, str]) -> str:
    """In Markdown."""
    facts = "\n".join(f"{k}: {v}" for k, v in result["conditions"].items())
    lines = [
        f"# CPU benchmarks{', the quick form' if result['quick'] else ''}",
        "",
        f"{result['date']}, commit {result['commit']}, "
        f"{result['seconds']:.0f} s",
        "",
        f"```\n{facts}\n```",
        "",
        *(f"- {note.removeprefix('* ')}" for note in notes(result)),
    ]
    for title, rows in listed(result):
        lines += ["", f"## {title}", "", *table(rows)]
    for name, file in pictures.items():
        lines += ["", f"![{name}]({file})"]
    return "\n".join(lines) + "\n"


def table(rows: list[list[str]]) -> list[str]:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return [head, "|---" * len(rows[0]) + "|", *body]


def plot(study: dict[str, Any], name: str) -> str:
    """Milliseconds against size, both as powers of ten."""

    def line(values: list[float]) -> tuple[list[float], list[float]]:
        x = [math.log10(n) for n in study["sizes"]]
        return x, [math.log10(v * 1e3) for v in values]

    sides = {side: line(study[side]) for side in ("scratch", "torch")}
    return curves(sides, title="ms", across=name, show=("10", "10"))


def write(result: Result, path: Path) -> None:
    """The page and its plots beside the JSON file."""
    pictures = {}
    for name, study in result["growth"].items():
        file = f"{path.stem}-{name.replace(' ', '-')}.svg"
        path.with_name(file).write_text(plot(study, name), encoding="utf-8")
        pictures[f"milliseconds against {name}"] = file
    path.with_suffix(".md").write_text(page(result, pictures), encoding="utf-8")


# ---- the README's section


HOW = """\
`make bench` (`QUICK=1` for a part) takes the two sides in turns, throws away
what other programs disturbed and gives no verdict where the machine was
noisy; runs of the same code on one machine are counted together.
`COMPARE=result.json` names what became slower. Beside it stand `python -m
benchmarks gpu` and `scaling`, `python -m benchmarks.kernels_steps` and
`.kernels` for single steps and layers, `python -m benchmarks.optim`, and
`python -m pytest benchmarks/micro` for the kernels alone."""


def section(result: Result, file: str) -> str:
    """What the README says of speed, from one result."""
    facts, tables_ = result["conditions"], result["tables"]
    day = result["date"].split()[0]
    lines = [
        "## Performance",
        "",
        f"On {facts['cores']} cores of an {facts['processor']}, {day} "
        f"({facts['versions']}; both sides with 2 threads and a tuned "
        f"allocator; commit {result['commit']}). A ratio is scratch's time "
        "over the other's: below 1, scratch is faster. Measured by `make "
        f"bench`, written here by `python -m benchmarks readme` from "
        f"[{file}](benchmarks/results/{file}).",
        "",
    ]
    rows = [["training step", "scratch ms", "theirs ms", "ratio", ""]]
    for name, words in SHOWN.items():
        timed = [row for row in tables_[name] if "failed" not in row]
        if words and timed:
            rows.append([f"*{words}*", "", "", "", ""])
        rows += [[*cells(name, r)[:4], r["verdict"]] for r in timed]
    lines += [*table(rows), ""]
    for name in ("operations", "layers"):
        lines += [summed_up(name, tables_[name]), ""]
    slow = [
        f"{row['name']} ({row['ratio']:.2f})"
        for name in SHOWN
        for row in tables_[name]
        if row.get("verdict") == "slower"
    ]
    if slow:
        lines += [f"Torch or the peer is faster on: {', '.join(slow)}.", ""]
    return filled("\n".join([*lines, HOW]))


def summed_up(name: str, rows: list[dict[str, Any]]) -> str:
    """How many rows have which verdict, and where torch is far ahead."""
    rows = [row for row in rows if "failed" not in row]
    count = dict.fromkeys(("faster", "level", "slower", "no verdict"), 0)
    for row in rows:
        count[row["verdict"]] += 1
    told = ", ".join(f"{n} {v}" for v, n in count.items() if n)
    worst = sorted(rows, key=lambda row: -row["ratio"])[:5]
    ahead = ", ".join(f"{r['name']} ({r['ratio']:.1f})" for r in worst
                      if r["verdict"] == "slower")  # fmt: skip
    said = f" Torch is furthest ahead in {ahead}." if ahead else ""
    what = "kernels of convolution layers" if name == "layers" else name
    return f"Of {len(rows)} {what}: {told}.{said}"


def filled(text: str) -> str:
    """Paragraphs broken at 78 columns; tables stay as they are."""
    from textwrap import fill

    parts = text.split("\n\n")
    return "\n\n".join(
        part if part.startswith(("|", "#"))
        else fill(part, 78, break_long_words=False, break_on_hyphens=False)
        for part in parts
    ).rstrip() + "\n"  # fmt: skip


def put_into(readme: str, section_: str) -> str:
    """The README with its section on performance replaced."""
    pattern = re.compile(r"^## Performance\n.*?(?=^## )", re.M | re.S)
    if not pattern.search(readme):
        raise ValueError("the README has no section '## Performance'")
    return pattern.sub(lambda _: section_ + "\n", readme, count=1)


def update_readme(readme: Path, result: Path) -> None:
    """Write the section from that result."""
    found = section(json.loads(result.read_text()), result.name)
    text = put_into(readme.read_text(encoding="utf-8"), found)
    readme.write_text(text, encoding="utf-8")
