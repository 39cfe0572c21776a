"""Zip files that are not what they seem."""

import io
import pickle
import struct
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator

import numpy as np

from scratch.serialization import archive

GOOD = b"\x80\2K\1."


def pack(code: bytes = GOOD, **more: bytes) -> bytes:
    """A whole file around a pickle; all else in it is as it should be."""
    records = {
        "data.pkl": code, "byteorder": b"little", "data/0": b"\2" * 16,
        "version": b"3\n", **more,
    }  # fmt: skip
    file = io.BytesIO()
    archive.write(
        file.write, {k: memoryview(v) for k, v in records.items() if v != b"-"}
    )
    return file.getvalue()


def zipped(
    *names: str,
    method: int = zipfile.ZIP_STORED,
    data: bytes = b"x",
    folder: str = "archive",
) -> bytes:
    """A zip of Python's own with our records and some more."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as z:
        z.writestr(f"{folder}/data.pkl", GOOD)
        z.writestr(f"{folder}/version", b"3\n")
        for name in names:
            z.writestr(name, data)
    return file.getvalue()


def changed(raw: bytes, old: bytes, new: bytes, count: int = -1) -> bytes:
    assert old in raw and old != new
    return raw.replace(old, new, count)


def end_changed(position: int, form: str, *values: int) -> bytes:
    """A good file with other numbers in its last 22 bytes."""
    raw = bytearray(zipped())
    struct.pack_into(form, raw, len(raw) - 22 + position, *values)
    return bytes(raw)


def archives(canary: str) -> Iterator[tuple[str, bytes]]:
    """Zip files that are not what they seem."""
    yield "a path upwards", zipped("archive/../../" + canary)
    yield "a full path", zipped(canary)
    yield "a path with backslashes", zipped("archive\\..\\x")
    yield "all in the folder above", zipped(folder="..")
    yield "all at the root", zipped(folder="")
    yield "another folder", zipped("other/data/0")
    yield "a folder entry", zipped("archive/data/")
    yield "code beside the data", zipped("archive/code/__init__.py")
    yield "TorchScript", zipped("archive/constants.pkl")
    yield "a name in a name", zipped("archive/data/0/../1")
    yield "a storage with a sign", zipped("archive/data/-1")
    twice = zipped("archive/data/0", "archive/data/1")
    yield "two records of one name", changed(twice, b"data/1", b"data/0")
    yield (
        "a compressed bomb",
        zipped(
            "archive/data/0", method=zipfile.ZIP_DEFLATED, data=bytes(10**7)
        ),
    )
    yield (
        "a bomb of LZMA",
        zipped("archive/data/0", method=zipfile.ZIP_LZMA, data=bytes(10**7)),
    )
    yield "overlapping records", overlapping()
    yield "a record in a record", quoted()
    yield "bytes before the archive", b"#!/bin/sh\n" + zipped()
    yield "bytes after the archive", zipped() + b"\0"
    yield "a comment", end_changed(20, "<H", 1) + b"x"
    yield "bytes between the records", gap()
    yield "65,535 entries", end_changed(8, "<2H", 65535, 65535)
    yield "other counts", end_changed(8, "<2H", 2, 3)
    yield "a second disk", end_changed(4, "<2H", 1, 1)
    yield "a directory of 4 GiB", end_changed(12, "<I", 0xFFFFFFFF)
    yield "a directory behind the end", end_changed(16, "<I", 0xFFFFFFF0)
    yield "a directory that is elsewhere", end_changed(16, "<I", 0)
    yield "a record of 2^62 bytes", huge()
    yield "an end that points elsewhere", pointing()
    yield "a wrong checksum", wrong_checksum()
    yield "another local name", changed(zipped(), b"version", b"versiom", 1)
    yield "an encrypted record", encrypted()
    yield "no version", pack(version=b"-")
    yield "version 999", pack(version=b"999")
    yield "a version in words", pack(version=b"three")
    yield "an odd byte order", pack(byteorder=b"middle")
    yield "no pickle", pack(b"-")
    yield "an archive as a pickle", pack(pack())
    yield "a plain pickle", pickle.dumps({"a": 1}, 2)
    yield "a tar", tar()
    yield "an object array of NumPy", objects()
    yield "an object array in an npz", objects(zipped=True)
    yield "a class of Python", pickle.dumps(subprocess.Popen, 2)


def rebuilt(raw: bytes, change: object = None, start: int = 0) -> bytes:
    """The zip with `change(entries)` made in its directory."""
    with zipfile.ZipFile(io.BytesIO(raw)) as z:
        begin = z.start_dir
        entries = [*z.infolist()]
    file = bytearray(raw[:begin])
    for entry in change(entries) if callable(change) else entries:
        name = entry.filename.encode()
        about = (0, entry.flag_bits, entry.compress_type, 0, 0, entry.CRC)
        file += archive.ENTRY.pack(
            b"PK\1\2", 20, *about, entry.compress_size, entry.file_size,
            len(name), 0, 0, 0, 0, 0, entry.header_offset,
        ) + name  # fmt: skip
    count, size = len(entries), len(file) - begin
    file += archive.END.pack(b"PK\5\6", 0, 0, count, count, size, begin, 0)
    return bytes(file)


def overlapping() -> bytes:
    def change(entries: list) -> list:
        entries[-1].header_offset = entries[-2].header_offset
        return entries

    return rebuilt(zipped("archive/data/0", "archive/data/1"), change)


def quoted() -> bytes:
    """The second record begins inside the data of the first."""
    inner = zipped()
    inner = inner[: inner.index(b"PK\1\2")]
    raw = zipped("archive/data/0", data=inner)

    def change(entries: list) -> list:
        entries[0].header_offset = raw.index(inner, 10)
        return entries

    return rebuilt(raw, change)


def gap() -> bytes:
    raw = zipped()
    start = raw.index(b"PK\1\2")
    file = bytearray(raw[:start] + b"hidden" + raw[start:])
    struct.pack_into("<I", file, len(file) - 6, start + 6)
    return bytes(file)


def huge() -> bytes:
    raw = bytearray(zipped())
    for mark, place in ((b"PK\3\4", 18), (b"PK\1\2", 20)):
        at = raw.index(mark)
        struct.pack_into("<2I", raw, at + place, 0xFFFFFFFE, 0xFFFFFFFE)
    return bytes(raw)


def pointing() -> bytes:
    raw = bytearray(pack())
    struct.pack_into("<Q", raw, len(raw) - 22 - 20 + 8, 1 << 62)
    return bytes(raw)


def wrong_checksum() -> bytes:
    raw = zipped("archive/data/0", data=b"numbers!")
    return changed(raw, b"numbers!", b"numberz!")


def encrypted() -> bytes:
    def change(entries: list) -> list:
        entries[0].flag_bits |= 1
        return entries

    return rebuilt(zipped(), change)


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as t:
        t.addfile(tarfile.TarInfo("../x"), io.BytesIO())
    return file.getvalue()


def objects(zipped: bool = False) -> bytes:
    file = io.BytesIO()
    x = np.array([{}], object)
    np.savez(file, x) if zipped else np.save(file, x, allow_pickle=True)
    return file.getvalue()
