"""Reading what may be damaged: bounded memory, and errors that say where."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn

CHUNK = 1 << 20  # bytes asked for at once: memory grows with what is there
DEFLATE = 1032  # no deflate stream unpacks to more than this many times it


def refuse(
    path: str | Path, place: str, expected: object, found: object
) -> NoReturn:
    """The one form of an error about a file's contents."""
    raise ValueError(f"{path}: {place}: expected {expected}, found {found}")


@contextmanager
def opened(path: str | Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked where it is gzip; damage is ValueError."""
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not packed:
            yield raw
            return
        try:
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield unpacked  # type: ignore[misc]
        except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
            refuse(path, "gzip stream", "a whole one", damage)


def largest(path: str | Path) -> int:
    """No more bytes than this can come out of the file."""
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    return os.path.getsize(path) * (DEFLATE if packed else 1)


def take(file: BinaryIO, count: int, path: str | Path, place: str) -> bytearray:
    """Exactly `count` bytes, never asking for many before they are there."""
    data = bytearray()
    while len(data) < count:
        piece = file.read(min(CHUNK, count - len(data)))
        if not piece:
            refuse(path, place, f"{count} bytes", f"the end after {len(data)}")
        data += piece
    return data


def expect_end(file: BinaryIO, path: str | Path) -> None:
    """Nothing may follow what the header declared."""
    if file.read(1):
        refuse(path, "after the last item", "the end", "more bytes")
