"""The report: a table of all rows, four trainings, JSON, HTML, a picture."""

from __future__ import annotations

import html
import io
import json
import multiprocessing
import sys
import time
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from . import promised, rows, trainings
from .parity import EPS
from .registry import ROWS, rows_with
from .runner import Result, run_example, run_row

FOLDER = Path("reports")


def everything(quick: bool, jobs: int, only: str, train: bool,
               full: bool) -> bool:
    """Run all; write the reports; whether there was no miss."""
    began = time.perf_counter()
    rows.load()
    promised.derive()
    results = run_all(rows_with(only), 4 if quick else None, jobs)
    print_table(results)
    holes = [] if only else promised.holes()
    curves = compare_trainings(quick, full) if train else {}
    good = summarize(results, holes, curves, time.perf_counter() - began)
    if not only:
        write(results, holes, curves, good)
    return good


def run_all(names: list[str], examples: int | None,
            jobs: int) -> list[Result]:
    """Every row, spread over processes, with a bar on stderr."""
    from rich.console import Console
    from rich.progress import Progress
    results = []
    context = multiprocessing.get_context("fork")
    with context.Pool(jobs, initializer=prepare) as pool, Progress(
            console=Console(stderr=True), transient=True,
            disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("rows", total=len(names))
        work = [(name, examples) for name in names]
        for result in pool.imap_unordered(run_one, work):
            progress.advance(task)
            results.append(result)
    return sorted(results, key=lambda result: result.name)


def prepare() -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")


def run_one(work: tuple) -> Result:
    return run_row(*work)


HEAD = (f"{'name':44} {'examples':>8}  {'float64, of what is allowed':^27}  "
        f"{'float32 rms error, ours / torch in eps':^44}")


def print_table(results: list[Result]) -> None:
    """One line a name; columns are value, gradient, second gradient."""
    print(HEAD)
    print(f"{'':53}  {'value':>8} {'grad':>8} {'second':>8}   "
          f"{'value':>14} {'grad':>14} {'second':>14}")
    for r in results:
        double = " ".join(
            f"{r.double[k]:8.1e}" if k in r.double else " " * 8
            for k in range(3))
        single = " ".join(
            f"{r.single[k] / EPS:7.2f}/{r.torchs[k] / EPS:6.2f}"
            if k in r.single else " " * 14 for k in range(3))
        print(f"{r.name:44} {r.examples:8}  {double}  {single}  "
              f"{'ok' if r.passed else 'MISS'}")
    for r in results:
        for failure in r.failures[:3]:
            print(f"MISS {r.name}: {failure}\n  rerun: python -m "
                  f"parity_tests run {r.name} --example {r.worst_example}")


def compare_trainings(quick: bool, full: bool) -> dict[str, Any]:
    """One epoch of each first network on both sides, from one seed."""
    curves = {}
    for name in trainings.RATES:
        mine, torchs = trainings.both(
            name, steps=20 if quick else 0, full=full)
        found = trainings.differences(mine, torchs)
        curves[name] = {**found, "scratch": mine.losses,
                        "torch": torchs.losses}
        print(f"trained {name}: {found['steps']} steps, largest loss "
              f"difference {found['largest loss difference']:.2g}, start, "
              "batches and generator "
              f"{'equal' if trainings.matches(found) else 'DIFFER'}")
    return curves


def summarize(results: list[Result], holes: list[str], curves: dict,
              seconds: float) -> bool:
    """The last lines; whether there was no miss."""
    missed = [r.name for r in results if not r.passed]
    apart = [name for name, found in curves.items()
             if not trainings.matches(found)]
    for hole in holes:
        print(f"MISS {hole}")
    for name, reason in promised.EXCUSED.items():
        print(f"excused {name}: {reason}")
    share = len(promised.EXCUSED) / max(len(promised.names()), 1)
    if share > 0.03:
        print(f"MISS {share:.1%} of the names are excused; at most 3 % may")
    examples = sum(r.examples for r in results)
    print(f"{len(results)} names, {examples} examples, "
          f"{len(promised.EXCUSED)} excused, {len(missed)} misses, "
          f"{len(holes)} holes, {seconds:.0f} s")
    return not (missed or holes or apart or share > 0.03)


def write(results: list[Result], holes: list[str], curves: dict,
          good: bool) -> None:
    """reports/parity.json and reports/parity.html."""
    import numpy
    FOLDER.mkdir(exist_ok=True)
    facts = {
        "passed": good, "torch": torch.__version__,
        "numpy": numpy.__version__, "python": sys.version.split()[0],
        "holes": holes, "excused": promised.EXCUSED,
        "rows": [asdict(r) | {"passed": r.passed} for r in results],
        "trainings": curves,
    }
    (FOLDER / "parity.json").write_text(json.dumps(facts, indent=1) + "\n")
    picture = draw(curves) if curves else ""
    if picture:
        (FOLDER / "losses.svg").write_text(picture)
    (FOLDER / "parity.html").write_text(page(results, facts, picture))
    print(f"written: {FOLDER}/parity.json, parity.html, losses.svg")


def draw(curves: dict) -> str:
    """Both loss curves of every training, in one SVG."""
    import matplotlib
    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots(1, len(curves), figsize=(4 * len(curves), 3),
                                constrained_layout=True)
    for axis, (name, found) in zip(np.atleast_1d(axes), curves.items()):
        axis.plot(found["torch"], lw=3, alpha=0.4, label="torch")
        axis.plot(found["scratch"], lw=1, label="scratch")
        axis.set(title=name, xlabel="step", ylabel="loss")
        axis.legend()
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    plt.close(figure)
    return text.getvalue()


PAGE = """<!doctype html><meta charset="utf-8"><title>parity</title>
<style>body{{font:14px system-ui;margin:2em}}td,th{{padding:2px 8px;
text-align:right}}td:first-child{{text-align:left}}.miss{{color:#b00}}
svg{{max-width:100%;height:auto}}</style>
<h1>scratch beside torch {torch}: {verdict}</h1>
<p>float64: worst error as a share of what is allowed (1e-9 of the largest
entry). float32: root mean square error against float64 in units of eps,
ours / torch's.</p>{picture}
<table><tr><th>name<th>examples<th>value<th>gradient<th>second<th>value 32
<th>gradient 32<th>second 32<th>verdict</tr>{rows}</table>"""


def page(results: list[Result], facts: dict, picture: str) -> str:
    """The whole report as one file that needs no other."""
    lines = []
    for r in results:
        double = "".join(f"<td>{r.double[k]:.1e}" if k in r.double
                         else "<td>" for k in range(3))
        single = "".join(
            f"<td>{r.single[k] / EPS:.2f} / {r.torchs[k] / EPS:.2f}"
            if k in r.single else "<td>" for k in range(3))
        verdict = "<td>ok" if r.passed else (
            "<td class=miss>" + html.escape("; ".join(r.failures[:2])))
        lines.append(f"<tr><td>{r.name}<td>{r.examples}{double}{single}"
                     f"{verdict}")
    return PAGE.format(
        torch=facts["torch"], rows="\n".join(lines),
        verdict="no miss" if facts["passed"] else "misses",
        picture=picture[picture.find("<svg"):] if picture else "")


def one(name: str, example: int) -> bool:
    """One row, or one example of it with its whole error."""
    rows.load()
    promised.derive()
    if name not in ROWS:
        from difflib import get_close_matches
        near = get_close_matches(name, ROWS, 3)
        print(f"no row {name!r}; did you mean {', '.join(near)}?")
        return False
    prepare()
    if example >= 0:
        print(run_example(ROWS[name], example))
        return True
    result = run_row(name)
    print_table([result])
    return result.passed
