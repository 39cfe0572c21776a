"""The laws of the house: what can be checked by reading is checked here."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from operator import attrgetter
from pathlib import Path

import pytest

import scratch.devices
import scratch.networks
import scratch.optim.control
import scratch.summary
import scratch.tools
import scratch.vision
from parity_tests.coverage import COVERAGE

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("scratch", "torchref", "parity_tests", "benchmarks")

# The floors of scratch, lowest first; a folder stands for all its files.
# `__init__` is `import scratch` itself: networks read it as torch's read torch.
FLOORS = [
    "attached kernels dtypes modes version torch_version device layouts "
    "limits printing size trees",
    "numpy_names traces node graph saving tensor misfits overriding storage "
    "unseen random",
    "ops",
    "output_kinds outputs autograd fft foreach func futures legacy linalg "
    "masked methods profiler "
    "queries signal special types",
    "accelerator amp compiler cpu distributed hub mps multiprocessing testing "
    "xpu nn jit optim utils vision distributions serialization cuda backends "
    "overrides _C __config__",
    "__init__",
    "networks",
    "ames checkpoint config curves data datasets devices drawing finetuning "
    "houses looking program "
    "recipes runs small summary synthetic tools training",
    "__main__",
]
HEIGHT = {name: i for i, names in enumerate(FLOORS) for name in names.split()}
# Others' packages: NumPy everywhere; these where a command needs them.
OPTIONAL = {
    "IPython", "PIL", "matplotlib", "pandas", "rich", "safetensors",
    "threadpoolctl", "typer",
}  # fmt: skip


def files(package: str) -> list[Path]:
    """The Python files of a package, as paths from the root."""
    found = (ROOT / package).rglob("*.py")
    return sorted(path.relative_to(ROOT) for path in found)


def named(paths: list[Path]) -> dict:
    """Arguments of parametrize: each case is named by its path."""
    return {"argvalues": paths, "ids": map(str, paths)}


@cache
def module(name: str) -> Path | None:
    """The file of a dotted name of our own, a package's being its __init__."""
    path = Path(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if (ROOT / file).is_file():
            return file
    return None


@cache
def tree(path: Path) -> ast.Module:
    """What Python makes of a file; every law reads it once."""
    return ast.parse((ROOT / path).read_text())


def imports(path: Path, inside: ast.AST | None = None) -> Iterator[str]:
    """The dotted names that a file, or one part of it, imports.

    `from a import b` is a.b where that is a file, and a where b is a name.
    """
    for node in ast.walk(inside or tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = path.parts[: len(path.parts) - node.level]
            base = ".".join((*(parts if node.level else ()), node.module or ""))
            base = base.strip(".")
            for alias in node.names:
                deeper = f"{base}.{alias.name}"
                yield deeper if module(deeper) else base


def own(path: Path) -> set[Path]:
    """The files of the same package that a file imports."""
    found = map(module, imports(path))
    return {file for file in found if file and file.parts[0] == path.parts[0]}


def height(path: Path) -> int:
    """The floor of a file of scratch."""
    name = path.parts[1].removesuffix(".py")
    assert name in HEIGHT, f"{path} has no floor: give {name} one in FLOORS"
    return HEIGHT[name]


@pytest.mark.parametrize("path", **named(files("scratch")))
def test_imports_point_down(path: Path) -> None:
    above = [file for file in own(path) if height(file) > height(path)]
    assert not above, f"{path} imports from a higher floor: {above}"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_imports_itself_in_a_circle(package: str) -> None:
    graph = {path: own(path) - {path} for path in files(package)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail("a circle: " + " -> ".join(map(str, circle.args[1])))


@pytest.mark.parametrize("path", **named(files("scratch") + files("torchref")))
def test_our_own_files_are_imported_at_the_top(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            late = {name.split(".")[0] for name in imports(path, node)}
            assert not late & set(PACKAGES), f"{path}: {node.name} imports ours"


@pytest.mark.parametrize("path", **named(files("scratch")))
def test_scratch_needs_numpy_alone(path: Path) -> None:
    names = {name.split(".")[0] for name in imports(path)}
    foreign = names - set(sys.stdlib_module_names) - {"numpy", "scratch"}
    assert foreign <= OPTIONAL, f"{path} imports {foreign - OPTIONAL}"
    if path.name == "__main__.py":
        return  # the command line asks for its extra as a whole
    for node in tree(path).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            early = {name.split(".")[0] for name in imports(path, node)}
            assert not early & OPTIONAL, f"{path} cannot do without {early}"


@pytest.mark.parametrize("path", **named(files("torchref")))
def test_torchref_never_imports_scratch(path: Path) -> None:
    names = {name.split(".")[0] for name in imports(path)}
    assert not names & {"scratch", "parity_tests", "benchmarks"}


def longest(path: Path) -> int:
    """How many lines a file may have; tables of cases may have more."""
    return 500 if path.parts[0] == "parity_tests" else 400


@pytest.mark.parametrize(
    "path", **named([path for package in PACKAGES for path in files(package)])
)
def test_a_file_is_short_and_says_what_it_holds(path: Path) -> None:
    assert len((ROOT / path).read_text().splitlines()) <= longest(path), (
        f"over {longest(path)} lines"
    )
    first = (ast.get_docstring(tree(path)) or "").split("\n\n")[0].strip()
    assert first.endswith((".", ":", "!", "?")), "no first sentence"


def twin_text(path: Path) -> str:
    """A network's text, the names in its import lines being torch's."""
    lines = (ROOT / path).read_text().splitlines()
    side = path.parts[0]
    return "\n".join(
        line.replace(f"from {side}.", "from twin.").replace(
            "from scratch import", "from torch import"
        )
        for line in lines
    )


@pytest.mark.parametrize("path", **named(files("scratch/networks")))
def test_a_network_is_the_same_text_on_both_sides(path: Path) -> None:
    assert twin_text(path) == twin_text(Path("torchref", *path.parts[1:]))


def test_every_network_has_a_twin() -> None:
    sides = [
        {path.name for path in files(f"{side}/networks")}
        for side in ("scratch", "torchref")
    ]
    assert sides[0] == sides[1]


# What has no formula of its own to face: containers and torch's bookkeeping.
UNFACED = {
    "nn": "__init__ common_types container functional grad init lazy module "
    "modules parallel parameter utils",
    "optim": "__init__ checks control lr_scheduler recorded state "
    "swa_utils",
}


@pytest.mark.parametrize("floor", ["nn", "optim"])
def test_every_layer_and_optimizer_has_a_facing_page(floor: str) -> None:
    pages = {path.stem for path in files(f"torchref/{floor}")}
    folder = ROOT / "scratch" / floor
    ours = {path.stem for path in folder.glob("*.py")}
    ours = {name for name in ours if not name.startswith("_")}
    assert ours - pages - set(UNFACED[floor].split()) == set()


def classes(path: Path) -> list[str]:
    """The classes of a file, from the first to the last."""
    return [n.name for n in tree(path).body if isinstance(n, ast.ClassDef)]


@pytest.mark.parametrize(
    "path", **named(files("torchref/nn") + files("torchref/optim"))
)
def test_a_facing_page_has_the_order_of_its_page(path: Path) -> None:
    page = Path("scratch", *path.parts[1:])
    ours = classes(page) if (ROOT / page).is_file() else []
    theirs = [name for name in classes(path) if name in ours]
    assert theirs == [name for name in ours if name in theirs]


# Other forms of a layer that is faced, and what only serves.
UNFACED_LAYERS = {
    "CrossMapLRN2d", "LinearCrossEntropyLoss", "NLLLoss2d",
    "NonDynamicallyQuantizableLinear", "Required", "SDPBackend",
    "SyncBatchNorm",
}  # fmt: skip


@pytest.mark.parametrize(
    "path", **named(files("torchref/nn") + files("torchref/optim"))
)
def test_a_facing_page_has_the_layers_of_its_page(path: Path) -> None:
    page = Path("scratch", *path.parts[1:])
    ours = set(classes(page) if (ROOT / page).is_file() else [])
    public = {name for name in ours if not name.startswith("_")}
    assert public - UNFACED_LAYERS <= set(classes(path))


@pytest.mark.parametrize("concept", COVERAGE)
def test_what_is_taught_exists(concept: str) -> None:
    for name in COVERAGE[concept].split():
        if name.endswith(".py"):
            assert (ROOT / "parity_tests" / name).is_file()
        else:
            assert attrgetter(name)(scratch) is not None


def test_the_readme_shows_code_as_it_stands() -> None:
    shown = (ROOT / "README.md").read_text().split("```python\n")[1:]
    pieces = [text.split("```")[0] for text in shown if text[:4] == "def "]
    texts = [(ROOT / path).read_text() for path in files("scratch")]
    assert pieces
    for piece in pieces:
        assert any(piece in text for text in texts), f"not there:\n{piece}"


def test_the_stub_tells_the_methods_that_tensor_has() -> None:
    """Types are checked by the stub: `make stub` writes it."""
    script = [sys.executable, "tools/stub.py", "--check"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(script, cwd=ROOT, env=environment, check=True)


@pytest.mark.parametrize("package", ["scratch", "torchref"])
def test_a_public_function_is_annotated(package: str) -> None:
    bare = [
        f"{path}:{node.lineno} {node.name}"
        for path in files(package)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.returns is None
    ]
    assert not bare, "no annotation: " + ", ".join(bare)
