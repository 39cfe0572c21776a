"""Where the data sets are: the first full copy, else the sample beside us."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from scratch.vision.idx import read_shape

HERE = Path(__file__).resolve().parents[2] / "data"
DEBIAN = Path("/usr/share/datasets")
SAMPLE = HERE / "fashion-mnist-sample"
SUFFIXES = ("", ".gz")


def folders(root: str | Path | None = None) -> Iterator[Path]:
    """The folders to look in, in order: the caller's own, the one named by
    GRADTWIN_DATA, the repository's, Debian's, and torchvision's usual ones."""
    if root is not None:
        yield Path(root).expanduser()
    if named := os.environ.get("GRADTWIN_DATA"):
        yield Path(named).expanduser()
    yield HERE
    yield DEBIAN
    home = Path.home()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    yield Path(os.environ.get("TORCH_HOME") or caches / "torch")
    yield home / "data"
    yield Path("data")


def find_full(
    root: str | Path | None, names: Sequence[str], shapes: dict[str, tuple]
) -> dict[str, Path] | None:
    """The files of the first full copy of an IDX data set, by plain name.

    A copy lies in a folder itself or in one of `names` below it; it is full
    when each file of `shapes` is there and declares that shape.
    """
    for folder in folders(root):
        for place in (folder, *(folder / name for name in names)):
            files = {name: _either(place / name) for name in shapes}
            if all(
                file is not None and read_shape(file) == shapes[name]
                for name, file in files.items()
            ):
                return files  # type: ignore[return-value]
    return None


def _either(path: Path) -> Path | None:
    """The file as it is or as gzip, if there is one."""
    for suffix in SUFFIXES:
        file = path.with_name(path.name + suffix)
        if file.is_file():
            return file
    return None


@cache
def say_once(line: str) -> None:
    """One line on stderr, the first time only."""
    print(line, file=sys.stderr)
