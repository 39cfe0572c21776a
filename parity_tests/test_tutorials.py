"""Ordinary torch programs print the same with `scratch` as torch."""

import contextlib
import io
import re
from pathlib import Path

import pytest

PROGRAMS = sorted(Path(__file__).parent.joinpath("tutorials").glob(
    "[!_]*.py"))


def printed(text: str) -> str:
    """What a program prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, "program", "exec"), {"__name__": "__main__"})
    return re.sub(r"0x[0-9a-f]+", "0x", out.getvalue())


def with_scratch(text: str) -> str:
    """The program with its torch imports renamed."""
    text = re.sub(r"^import torch$", "import scratch as torch", text,
                  flags=re.M)
    text = re.sub(r"^import torch\.([\w.]+) as", r"import scratch.\1 as",
                  text, flags=re.M)
    return re.sub(r"^from torch(\.| )", r"from scratch\1", text, flags=re.M)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_prints_the_same_with_both_imports(path: Path) -> None:
    text = path.read_text()
    assert printed(with_scratch(text)) == printed(text)
