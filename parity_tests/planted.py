"""Errors planted into every rule in turn: is each of them caught?

A place is where `record` is called, with one of its rules, and one of the
gradients that this rule returns. First the rows run as they are, and it is
noted which examples go through each place. Then, one place at a time, the
gradient is made wrong by 1e-6 (added; and, where it is not 0, as a factor
1 + 1e-6), and one of the examples must miss: be farther from torch in
float64 than the report allows.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import torch

import scratch
from scratch import graph
from scratch.modes import modes
from scratch.tensor import Tensor

from . import promised, rows
from .parity import compare
from .registry import ROWS, rows_with
from .report import prepare
from .runner import seeded

ERROR = 1e-6
FOLDER = Path(graph.__file__).parent
Node = graph.Node


class Place(NamedTuple):
    """Where a gradient is returned."""

    file: str
    line: int  # of the call of `record`
    rule: tuple  # the place of the rule's own text
    piece: int  # which of the gradients of a joint rule

    def __str__(self) -> str:
        rule = "" if self.line == self.rule[1] else (
            f", rule {Path(self.rule[0]).name}:{self.rule[1]}")
        piece = f", gradient {self.piece}" if self.piece else ""
        return f"{Path(self.file).name}:{self.line}{rule}{piece}"


# ---- reaching into the graph

@contextmanager
def changed(change: Any) -> Iterator[None]:
    """Every gradient g of a place p becomes change(p, g)."""

    def planting(array: Any, edges: list, saved: list, label: str) -> Node:
        frame = sys._getframe(2)
        if frame.f_code is graph.view.__code__:
            frame = sys._getframe(3)
        at = frame.f_code.co_filename, frame.f_lineno
        return Node(array, [(parent, through(rule, at, parent, change))
                            for parent, rule in edges], saved, label)

    graph.Node = planting  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        graph.Node = Node  # type: ignore[misc]


def through(rule: Any, at: tuple[str, int], parent: Any,
            change: Any) -> Any:
    """The rule with its gradients changed."""

    def call(*args: Any) -> Any:
        text = text_of(form_of(rule).__code__)
        found = rule(*args)
        if not isinstance(found, (tuple, list)):
            return change(Place(*at, rule=text, piece=0), found)
        return tuple(
            change(Place(*at, rule=text, piece=i), piece)
            if isinstance(piece, Tensor) and parent[i] is not None else piece
            for i, piece in enumerate(found))

    return call


def form_of(rule: Any) -> Any:
    """The function that a rule calls now: of some, `plain` where backward is
    recorded, else a `kernel`."""
    names = rule.__code__.co_freevars
    held = {name: cell.cell_contents
            for name, cell in zip(names, rule.__closure__ or ())}
    if not {"plain", "kernel"} <= held.keys():
        return rule
    form = held["plain" if modes.recording else "kernel"]
    inside = str(FOLDER / "ops") in form.__code__.co_filename
    return form if inside else rule


def text_of(code: CodeType) -> tuple:
    """File and line of a function; of a lambda, where its formula begins."""
    if code.co_name != "<lambda>":
        return code.co_filename, code.co_firstlineno
    places = [(line, column) for line, _, column, end in code.co_positions()
              if line is not None and end]
    return code.co_filename, *min(places)


# ---- walking and planting

class Walks:
    """Which examples go through each place."""

    def __init__(self) -> None:
        self.of: dict[Place, list] = defaultdict(list)
        self.empty: set[Place] = set()  # there is nothing to be wrong
        self.nonzero: set[Place] = set()
        self.failed: list[str] = []

    def note(self, name: str, example: int) -> None:
        """Run one example; an example that torch refuses notes nothing."""
        here: set[Place] = set()

        def noting(place: Place, g: Tensor) -> Tensor:
            (here if g.array.size else self.empty).add(place)
            if g.array.any():
                self.nonzero.add(place)
            return g

        with changed(noting):
            right = agrees(name, example)
        if right:
            for place in here:
                self.of[place].append((name, example))
        elif right is False:
            self.failed.append(f"{name}, example {example}")


def agrees(name: str, example: int) -> bool | None:
    """Whether float64 agrees with torch; None if the example is refused."""
    row = ROWS[name]
    kind = example % len(row.draws)
    draw, order = row.draws[kind], row.orders[kind]
    ours, arrays = draw(scratch, seeded(row, example))
    theirs, _ = draw(torch, seeded(row, example))
    try:
        found = compare(ours, theirs, *arrays, order=order, single=False)
    except AssertionError:
        return False
    except Exception:
        return None
    return all(high <= 1 for each in found.double.values() for high in each)


def plant(place: Place, examples: list, wrong: Any) -> bool:
    """Whether an example misses when the gradient of a place is wrong."""

    def planted(at: Place, g: Tensor) -> Tensor:
        return wrong(g) if at == place else g

    with changed(planted):
        return any(agrees(*example) is False for example in examples)


def chosen(examples: list, most: int = 60) -> list:
    """Some of the examples that walk a place, of many rows; functions
    before the methods of the same name."""
    turn: dict[str, int] = defaultdict(int)
    order = []
    for name, example in examples:
        turn[name] += 1
        order.append((turn[name], name.startswith("Tensor."), name, example))
    return [(name, example) for *_, name, example in sorted(order)[:most]]


WRONG = {"1e-6 added": lambda g: g + ERROR,
         "1e-6 of itself": lambda g: g * (1 + ERROR)}


def uncaught(walks: Walks) -> Iterator[tuple[Place, str]]:
    """Plant into every place that was walked; what nothing caught."""
    for i, (place, examples) in enumerate(sorted(walks.of.items())):
        if sys.stderr.isatty():
            print(f"\r{i + 1} of {len(walks.of)}", end="", file=sys.stderr)
        for kind, wrong in WRONG.items():
            if (kind == "1e-6 added" or place in walks.nonzero) and not plant(
                    place, chosen(examples), wrong):
                yield place, kind


def walk(names: list[str], examples: int) -> Walks:
    """Note what some rows walk: so many examples of each kind of draw."""
    prepare()
    walks = Walks()
    for name in names:
        for example in range(examples * len(ROWS[name].draws)):
            if ROWS[name].orders[example % len(ROWS[name].draws)] > 0:
                walks.note(name, example)
    return walks


def show(examples: int = 6, only: str = "") -> bool:
    """Plant into every rule; print the ones that nothing caught."""
    rows.load()
    promised.derive()
    names = [name for name in rows_with(only) if ROWS[name].order]
    walks = walk(names, examples)
    missed = [f"not caught: {place}, {kind}"
              for place, kind in uncaught(walks)]
    if not only:
        missed += [f"never walked: {place}" for place in unwalked(walks)]
    missed += [f"wrong without an error: {what}" for what in walks.failed]
    print("\n".join(missed))
    rules = {place[:3] for place in walks.of}
    print(f"{len(rules)} rules with {len(walks.of)} gradients, walked by "
          f"{len(names)} rows; {len(walks.of) + len(walks.nonzero)} errors "
          f"planted; {len(missed)} misses")
    return not missed


# ---- what should have been walked

def unwalked(walks: Walks) -> list[str]:
    """Rules and calls of `record` in the operations that no row ran; but
    for rules that do nothing but refuse."""
    walked = walks.of.keys() | walks.empty
    calls = {(place.file, place.line) for place in walked}
    texts = {place.rule for place in walked}
    trees = {path: ast.parse(path.read_text())
             for path in sorted((FOLDER / "ops").glob("*.py"))}
    refusing = {name for tree in trees.values() for name in refusals(tree)}
    found = []
    for path, tree in trees.items():
        for line in call_lines(tree, refusing):
            if (str(path), line) not in calls:
                found.append(f"record in {path.name}:{line}")
        for text in rule_texts(tree, refusing):
            if (str(path), *text) not in texts:
                found.append(f"rule in {path.name}:{text[0]}")
    return found


def refusals(tree: ast.Module) -> Iterator[str]:
    """Functions of g that only raise, and those that make one."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node.body[-1], ast.Raise) and len(node.body) <= 2 and (
                node.args.args and node.args.args[0].arg == "g"):
            yield node.name
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef) and isinstance(
                    inner.body[-1], ast.Raise):
                yield node.name


def call_lines(tree: ast.Module, refusing: set) -> Iterator[int]:
    """The lines of the calls of `record` and `view`."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                and node.func.id in ("record", "view")
                and len(node.args) > 1):
            words = {word.id for edge in node.args[1:]
                     for word in ast.walk(edge) if isinstance(word, ast.Name)}
            if not words & refusing:
                yield node.lineno


def rule_texts(tree: ast.Module, refusing: set) -> Iterator[tuple]:
    """Lambdas of g; and functions of g that are named but not called."""
    called = {id(node.func) for node in ast.walk(tree)
              if isinstance(node, ast.Call)}
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)
             and id(node) not in called} - refusing
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Lambda, ast.FunctionDef)):
            continue
        if not node.args.args or node.args.args[0].arg != "g":
            continue
        if isinstance(node, ast.Lambda):
            yield node.body.lineno, node.body.col_offset
        elif node.name in named:
            yield (node.lineno,)
