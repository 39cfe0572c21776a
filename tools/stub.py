"""Write scratch/tensor.pyi: what Tensor has once its methods are bound.

Operations become methods by a table, when `import scratch` runs; type checkers
and editors read them here.

    python tools/stub.py            write it
    python tools/stub.py --check    fail if it is out of date
"""

import ast
import inspect
import sys
from pathlib import Path
from typing import Any

import scratch

tensor = sys.modules["scratch.tensor"]  # scratch.tensor is the function
STUB = Path(str(tensor.__file__)).with_suffix(".pyi")
HEAD = '''"""Tensor, once its methods are bound: made by tools/stub.py."""

import builtins
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

'''
PLAIN = {
    "bool", "bytes", "complex", "dict", "float", "int", "list", "object",
    "str", "tuple", "type",
}  # fmt: skip
KNOWN = {"Any", "None", "Tensor", "Iterator", "Sequence", "np"}
BINARY = (
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod "
    "pow rpow matmul rmatmul eq ne lt le gt ge and rand or ror xor rxor "
    "lshift rlshift rshift rrshift iadd isub imul itruediv ipow ifloordiv "
    "imod iand ior ixor getitem"
).split()
OVERRIDES = {"__eq__", "__ne__"}  # object's return bool


class Names(ast.NodeTransformer):
    """Builtins by their full name, since Tensor.float hides float; a name
    that the stub does not import makes the whole annotation Any."""

    strange = False

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in PLAIN:
            return ast.parse(f"builtins.{node.id}", mode="eval").body
        self.strange |= node.id not in KNOWN
        return node


def annotation(given: Any) -> str:
    """An annotation as the stub writes it."""
    if given is inspect.Parameter.empty or given is None:
        return "Any"
    text = given if isinstance(given, str) else inspect.formatannotation(given)
    names = Names()
    tree = names.visit(ast.parse(text, mode="eval"))
    return "Any" if names.strange else ast.unparse(tree)


def arguments(function: Any) -> tuple[str, str]:
    """The parameters and the result of a function."""
    try:
        signature = inspect.signature(function, follow_wrapped=True)
    except (TypeError, ValueError):
        return "self, *args: Any, **kwargs: Any", "Any"
    parts, starred = [], False
    for i, p in enumerate(signature.parameters.values()):
        if p.kind is p.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        if i == 0:
            parts.append("self")
            continue
        starred |= p.kind is p.VAR_POSITIONAL
        stars = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        default = "" if p.default is p.empty else " = ..."
        parts.append(f"{stars}{p.name}: {annotation(p.annotation)}{default}")
    return ", ".join(parts), annotation(signature.return_annotation)


def member(name: str, value: Any) -> list[str]:
    """The lines of one name of the class."""
    if isinstance(value, property):
        result = arguments(value.fget)[1]
        lines = ["@property", f"def {name}(self) -> {result}: ..."]
        if value.fset is not None:
            lines += [f"@{name}.setter"]
            lines += [f"def {name}(self, value: Any) -> None: ..."]
        if value.fdel is not None:
            lines += [f"@{name}.deleter", f"def {name}(self) -> None: ..."]
        return lines
    if isinstance(value, staticmethod | classmethod):
        return [f"{name}: Any"]
    if not callable(value):
        return [f"{name}: {annotation(type(value).__name__)}"]
    given, result = arguments(value)
    if name.strip("_") in BINARY and name.startswith("__"):
        given, result = "self, other: Any", "Tensor"
    ignore = "  # type: ignore[override]" if name in OVERRIDES else ""
    return [f"def {name}({given}) -> {result}: ...{ignore}"]


def stub() -> str:
    """The text of the stub, for Tensor as it is now."""
    kind = scratch.Tensor
    lines = ["class Tensor:"]
    skip = {"__dict__", "__weakref__", "__doc__", "__module__"}
    skip |= {"__annotations__", "__init__", "__firstlineno__"}
    skip |= {"__static_attributes__", "__new__", "__init_subclass__"}
    declared = inspect.get_annotations(kind)
    for name, given in declared.items():
        lines.append(f"    {name}: {annotation(given)}")
    lines.append("    def __init__(self, *data: Any, device: Any = ...): ...")
    for name, value in sorted(vars(kind).items()):
        if name not in skip and name not in declared:
            lines += ["    " + line for line in member(name, value)]
    lines.append("")
    for name, value in vars(tensor).items():
        if inspect.isfunction(value) and value.__module__ == tensor.__name__:
            given, result = arguments(value)
            first = next(iter(inspect.signature(value).parameters))
            given = given.replace("self", f"{first}: Any", 1)
            lines.append(f"def {name}({given}) -> {result}: ...")
    lines.append("_new: Any")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    if "--check" in sys.argv:
        if not STUB.exists() or STUB.read_text() != stub():
            sys.exit("scratch/tensor.pyi is out of date: type `make stub`")
    else:
        STUB.write_text(stub())
