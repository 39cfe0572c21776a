"""All CPU benchmarks in one run: figures as JSON, a report in Markdown."""

import json
import platform
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import (
    growth,
    kernels,
    kernels_steps,
    memory,
    operations,
    optim,
    peers,
    timing,
)
from torchref.curves import curves

RESULTS = Path(__file__).parent / "results"
WIDE = 0.5  # a spread of ratios wider than this share gives no verdict


def row(found: timing.Timing) -> dict[str, Any]:
    """A timing as a line of the result."""
    low, high = found.spread
    return {
        **asdict(found), "ratio": found.ratio, "low": low, "high": high,
        "ours_ms": median(found.ours) * 1e3,
        "theirs_ms": median(found.theirs) * 1e3, "verdict": verdict(found)}


def verdict(found: timing.Timing) -> str:
    """faster, slower or equal; no verdict where the machine was noisy."""
    low, high = found.spread
    if found.disturbed or (high - low) > WIDE * found.ratio:
        return "no verdict"
    if high < 1:
        return "faster"
    return "slower" if low > 1 else "equal"


def said(found: timing.Timing) -> dict[str, Any]:
    print(f"{found}  {verdict(found)}", flush=True)
    return row(found)


def run(quick: bool) -> dict[str, Any]:
    """The four tables, memory, peers and growth."""
    timing.set_threads(2)
    print(timing.conditions(), flush=True)
    blocks, seconds = (3, 0.05) if quick else (5, 0.2)
    layers = list(kernels.LAYERS)[:: 6 if quick else 1]
    names = ["mlp", "lenet"] if quick else list(kernels_steps.STEPS)
    result: dict[str, Any] = {
        "conditions": timing.conditions(), "commit": commit(),
        "date": time.strftime("%Y-%m-%d"), "quick": quick,
        "machine": platform.machine()}
    print("\noperations, forward and backward")
    result["operations"] = [said(operations.measure(n, blocks, seconds))
                            for n in operations.OPERATIONS]
    print("\nlayers: y forward, x and w the two gradients")
    result["layers"] = [
        said(timing.compare(f"{name} {what}", *sides, blocks, seconds / 2))
        for name in layers
        for what, sides in kernels.cases(kernels.LAYERS[name]).items()
        if "last" not in what]
    print("\ntraining steps")
    result["steps"] = [said(kernels_steps.measure(n, blocks, 2 * seconds))
                       for n in names]
    print("\noptimizers over 11.2 million parameters")
    result["optimizers"] = [] if quick else [
        optim.measure(n) for n in ("SGD", "SGD momentum", "Adam")
        if n in getattr(optim, "CASES", {})]
    print("\npeak memory of a step, MiB")
    result["memory"] = {n: memory.measure(n) for n in names[:4]}
    for name, both in result["memory"].items():
        print(f"{name:24} ours {both['scratch']:8.1f}  theirs "
              f"{both['torch']:8.1f}  ratio "
              f"{both['scratch'] / max(both['torch'], 1e-9):.2f}")
    print("\npeers on the MLP step")
    result["peers"] = {
        name: said(found) if isinstance(found, timing.Timing) else found
        for name, found in peers.measure(blocks, seconds).items()}
    print("\ngrowth: time ~ size^exponent")
    result["growth"] = growth.measure(quick)
    for name, study in result["growth"].items():
        print(f"{name:24} exponent {study['exponent']:.2f}")
    return result


def commit() -> str:
    """The commit that was measured, with a mark if files were changed."""
    try:
        said_ = subprocess.run(["git", "describe", "--always", "--dirty"],
                               capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return said_.stdout.strip()


TABLES = ("operations", "layers", "steps")


def report(result: dict[str, Any], path: Path) -> str:
    """The tables in Markdown; growth as a picture beside it."""
    lines = ["# CPU benchmarks", "", f"{result['date']}, commit "
             f"{result['commit']}", "", "```", result["conditions"], "```"]
    for name in TABLES:
        lines += ["", f"## {name.capitalize()}", "",
                  "| | scratch ms | torch ms | ratio | spread | verdict |",
                  "|---|---|---|---|---|---|"]
        lines += [
            f"| {r['name']} | {r['ours_ms']:.3f} | {r['theirs_ms']:.3f} | "
            f"{r['ratio']:.2f} | {r['low']:.2f} to {r['high']:.2f} | "
            f"{r['verdict']} |" for r in result[name]]
    lines += ["", "## Peak memory of a step, MiB", "",
              "| | scratch | torch |", "|---|---|---|"]
    lines += [f"| {name} | {both['scratch']:.1f} | {both['torch']:.1f} |"
              for name, both in result["memory"].items()]
    lines += ["", "## Peers, MLP step: scratch's time over theirs", ""]
    for name, found in result["peers"].items():
        lines.append(f"- {name}: " + (
            found if isinstance(found, str) else f"{found['ratio']:.2f} "
            f"({found['verdict']})"))
    lines += ["", "## Growth", ""]
    for name, study in result["growth"].items():
        picture = path.with_name(f"{path.stem}-{name.replace(' ', '-')}.svg")
        picture.write_text(plot(study, name), encoding="utf-8")
        lines.append(f"![{name}]({picture.name}) exponent "
                     f"{study['exponent']:.2f}")
    return "\n".join(lines) + "\n"


def plot(study: dict[str, Any], name: str) -> str:
    import math

    def line(values: list[float]) -> tuple[list[float], list[float]]:
        pairs = [(math.log10(n), math.log10(v * 1e3)) for n, v in
                 zip(study["sizes"], values) if v == v]
        return [a for a, _ in pairs], [b for _, b in pairs]

    return curves({"scratch": line(study["scratch"]),
                   "torch": line(study["torch"])},
                  title="ms", across=name, show=("10", "10"))


def slower(now: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """Rows whose ratio grew by more than their noise."""
    found = []
    for name in TABLES:
        old = {r["name"]: r for r in before.get(name, [])}
        for r in now[name]:
            was = old.get(r["name"])
            if was and r["low"] > was["high"] and (
                    r["ratio"] > 1.05 * was["ratio"]):
                found.append(f"{r['name']}: ratio {was['ratio']:.2f} before, "
                             f"{r['ratio']:.2f} now")
    return found


def main(quick: bool, compare: Path | None) -> int:
    """Run, write, compare."""
    result = run(quick)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"cpu-{'quick-' if quick else ''}{result['date']}.json"
    before = json.loads(compare.read_text()) if compare else None
    path.write_text(json.dumps(result, indent=1) + "\n")
    path.with_suffix(".md").write_text(report(result, path))
    print(f"\nwritten: {path}, {path.with_suffix('.md').name}")
    worse = slower(result, before) if before else []
    for line in worse:
        print(f"slower than before: {line}")
    sys.stdout.flush()
    return 1 if worse else 0
