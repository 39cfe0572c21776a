"""Files that are whole or not there: written aside, flushed, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from scratch.serialization.archive import LoadError

try:
    import fcntl
except ImportError:  # Windows: a killed save may leave its file behind
    fcntl = None  # type: ignore[assignment]

Put = Callable[[Any], None]


@contextlib.contextmanager
def replacing(path: str | os.PathLike) -> Iterator[Put]:
    """A `put(bytes)` whose bytes become the file `path` when all are written.

    The file that was there stands until then, and stays if anything fails.
    """
    target = Path(os.path.realpath(os.fsdecode(path)))
    if not target.parent.is_dir():
        raise RuntimeError(f"Parent directory {target.parent} does not exist.")
    if target.is_dir():
        raise RuntimeError(f"cannot save to {target}: Is a directory")
    if target.exists() and not stat.S_ISREG(target.stat().st_mode):
        with open(target, "wb", buffering=0) as device:  # /dev/null, a pipe
            yield whole(device)
        return
    sweep(target)
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.saving")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:  # Ctrl-C may come at any moment, also before the file has a name
        with open(os.open(aside, flags, 0o666), "wb", buffering=0) as file:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX)
            if target.exists():
                os.chmod(aside, stat.S_IMODE(target.stat().st_mode))
            yield whole(file)
            os.fsync(file.fileno())
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    flush_folder(target.parent)


def whole(file: Any) -> Put:
    """Write all bytes, also where `file.write` takes only some at a time."""

    def put(data: Any) -> None:
        left = memoryview(data).cast("B")
        while left.nbytes:
            taken = file.write(left)
            if taken == 0:
                raise OSError("the file takes no more bytes")
            if not isinstance(taken, int):
                return  # a file-like object that does not count
            left = left[taken:]

    return put


def one_by_one(put: Put, pieces: Iterable[Any]) -> None:
    """Write pieces of a file, one behind the other."""
    for piece in pieces:
        put(piece)


def read_into(file: Any, data: memoryview) -> None:
    """Fill the memory from a file, also where it gives a part at a time."""
    left = data
    while left.nbytes:
        part = file.read(min(left.nbytes, 1 << 24))
        if not part:
            raise LoadError(
                f"the file ends at byte {file.tell()}, {left.nbytes} before "
                "what is read ends"
            )
        left[: len(part)] = part
        left = left[len(part) :]


def flush_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where folders can be flushed."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(target: Path) -> None:
    """Remove what saves of this file left when they were killed."""
    if not fcntl:
        return
    for left in target.parent.glob(f".{_plain(target.name)}.*.saving"):
        with contextlib.suppress(OSError):  # locked: somebody writes it
            with open(left, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Between its creation and its lock a file is young.
                if time.time() - left.stat().st_mtime > 5:
                    left.unlink()


def _plain(name: str) -> str:
    """The name as a pattern that matches itself alone."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
