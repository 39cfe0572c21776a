"""Errors planted into every rule in turn: is each of them caught?

A rule is a piece of code that `record` is given. First all rows run once,
and it is noted which rules each of them walks. Then, one rule at a time,
1e-6 is added to the gradients that it returns, and the rows that walk it
must miss.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from types import CodeType
from typing import Any

from scratch import graph
from scratch.tensor import Tensor

from . import promised, rows
from .registry import ROWS
from .report import prepare
from .runner import run_row

ERROR = 1e-6
Node = graph.Node


def code_of(rule: Any) -> CodeType | None:
    """The code of a rule; that of the function inside a partial."""
    rule = getattr(rule, "func", rule)
    return getattr(rule, "__code__", None)


def note_walks(names: list[str], examples: int) -> dict[CodeType, list[str]]:
    """The rows that walk each rule."""
    walks: dict[CodeType, list[str]] = defaultdict(list)
    here: set = set()

    def noting(array: Any, edges: list, saved: list, label: str) -> Node:
        return Node(array, [(parent, noted(rule, here))
                            for parent, rule in edges], saved, label)

    for name in names:
        here.clear()
        graph.Node = noting  # type: ignore[misc, assignment]
        try:
            run_row(name, examples)
        finally:
            graph.Node = Node  # type: ignore[misc]
        for code in here:
            walks[code].append(name)
    return walks


def noted(rule: Any, here: set) -> Any:
    def call(*args: Any) -> Any:
        here.add(code_of(rule))
        return rule(*args)

    return call


def plant(code: CodeType, name: str, examples: int) -> bool:
    """Whether a row misses when the rule of this code is wrong."""

    def planting(array: Any, edges: list, saved: list, label: str) -> Node:
        return Node(array, [
            (parent, wrong(rule) if code_of(rule) is code else rule)
            for parent, rule in edges], saved, label)

    graph.Node = planting  # type: ignore[misc, assignment]
    try:
        return not run_row(name, examples).passed
    finally:
        graph.Node = Node  # type: ignore[misc]


def wrong(rule: Any) -> Any:
    """The rule with the error added to everything it returns."""

    def call(*args: Any) -> Any:
        pieces = rule(*args)
        if isinstance(pieces, (tuple, list)):
            return tuple(off(piece) for piece in pieces)
        return off(pieces)

    return call


def off(piece: Any) -> Any:
    return piece + ERROR if isinstance(piece, Tensor) else piece


def show(examples: int = 12, only: str = "") -> bool:
    """Plant into every rule; print the ones that nothing caught."""
    rows.load()
    promised.derive()
    prepare()
    names = [name for name, row in sorted(ROWS.items())
             if row.order and not row.outcome and only in name]
    walks = note_walks(names, 8)
    missed = []
    for i, (code, users) in enumerate(walks.items()):
        print(f"\r{i + 1} of {len(walks)} rules", end="", file=sys.stderr)
        order = sorted(users, key=lambda n: n.startswith("Tensor."))
        if not any(plant(code, name, examples) for name in order[:12]):
            missed.append(place(code))
    print(file=sys.stderr)
    for where in missed:
        print(f"not caught: {where}")
    print(f"{len(walks)} rules, {len(walks) - len(missed)} planted errors "
          f"caught, {len(missed)} not; {len(unwalked(walks))} rules never "
          "walked")
    for where in unwalked(walks):
        print(f"never walked: {where}")
    return not missed and not unwalked(walks)


def place(code: CodeType) -> str:
    return f"{Path(code.co_filename).name}:{code.co_firstlineno}"


def unwalked(walks: dict) -> list[str]:
    """Lambdas that take g, in the files of operations, that no row ran."""
    import ast
    walked = {(code.co_filename, code.co_firstlineno) for code in walks}
    found = []
    for path in sorted(Path(graph.__file__).parent.joinpath("ops").glob(
            "*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (isinstance(node, ast.Lambda) and node.args.args
                    and node.args.args[0].arg == "g"
                    and (str(path), node.lineno) not in walked):
                found.append(f"{path.name}:{node.lineno}")
    return found
