"""The archive under a saved file: named records in a zip, every byte checked.

    record … record · directory · end
    record    = header · name · padding · data [· descriptor]
    directory = for each record its header once more, and where it starts

Data is stored as it is, at multiples of 64 bytes, with its CRC-32. A reader
refuses whatever two places tell differently and every byte that belongs to
no record: a flipped bit changes no number without being noticed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pickle import UnpicklingError

HEADER = struct.Struct("<4s5H3I2H")
ENTRY = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END64 = struct.Struct("<4sQ2H2I4Q")  # for files over 4 GiB; torch: in all
LOCATOR = struct.Struct("<4sIQI")

UTF8, DESCRIPTOR = 0x0800, 0x0008  # the two flags that torch sets
LIMIT = 0xFFFFFFFF  # a size that says: look for 64 bits in the extra field
ALIGNMENT = 64

Records = dict[str, memoryview]
Take = Callable[[int, int], memoryview]  # (position, length) -> bytes


class LoadError(UnpicklingError, RuntimeError):
    """A file that `load` refuses: damaged, hostile, or not torch's format."""


class EmptyFileError(LoadError, EOFError):
    """A file without a byte."""


# ---- writing


def write(put: Callable[[bytes | memoryview], None], records: Records) -> None:
    """Write the records, in order, in the folder `archive/`."""
    directory, position = b"", 0
    for key, data in records.items():
        name = f"archive/{key}".encode()
        size, crc = data.nbytes, zlib.crc32(data)
        head, entry = _headers(name, size, crc, position)
        put(head)
        put(data)
        directory += entry
        position += len(head) + size
    put(directory)
    put(_end(len(records), len(directory), position))


def _headers(
    name: bytes, size: int, crc: int, position: int
) -> tuple[bytes, bytes]:
    """A record's header with its padding, and its entry in the directory."""
    small, start = min(size, LIMIT), min(position, LIMIT)
    wide = b"" if size < LIMIT else struct.pack("<2H2Q", 1, 16, size, size)
    before = position + HEADER.size + len(name) + len(wide) + 4
    padding = b"Z" * (-before % ALIGNMENT)
    extra = wide + struct.pack("<2sH", b"FB", len(padding)) + padding
    about = (0, UTF8, 0, 0, 0, crc, small, small, len(name))
    head = HEADER.pack(b"PK\3\4", *about, len(extra)) + name + extra
    fields = [size] * 2 * (size >= LIMIT) + [position] * (position >= LIMIT)
    wide = struct.pack(f"<2H{len(fields)}Q", 1, 8 * len(fields), *fields)
    wide = wide if fields else b""
    entry = (
        ENTRY.pack(b"PK\1\2", 0, *about, len(wide), 0, 0, 0, 0, start)
        + name
        + wide
    )
    return head, entry


def _end(count: int, size: int, start: int) -> bytes:
    """The three closing records: how many entries, where they start."""
    numbers = (count, count, size, start)
    wide = END64.pack(b"PK\6\6", END64.size - 12, 45, 45, 0, 0, *numbers)
    where = LOCATOR.pack(b"PK\6\7", 0, start + size, 1)
    few, low = min(count, 0xFFFF), (min(size, LIMIT), min(start, LIMIT))
    return wide + where + END.pack(b"PK\5\6", 0, 0, few, few, *low, 0)


# ---- reading


@dataclass
class Entry:
    """What the directory says of one record."""

    name: bytes
    flags: int
    crc: int
    size: int
    start: int
    wide: bool  # has 64-bit fields


def read(take: Take, length: int) -> Records:
    """Every record by its name, after all checks; `length` of the file."""
    directory, position, count = _directory(take, length)
    entries = sorted(_entries(directory), key=lambda entry: entry.start)
    _expect(len(entries) == count, "the directory has other entries")
    records: Records = {}
    end = 0
    for entry in entries:
        if entry.start != end:
            raise LoadError(
                f"record {entry.name!r} starts at byte {entry.start}, "
                f"expected {end}: records overlap or leave a gap"
            )
        end, data = _record(take, entry, position)
        folder, _, key = entry.name.decode("utf-8").partition("/")
        if entry is entries[0]:
            first = folder
        if folder != first or not key or folder in ("", ".", ".."):
            raise LoadError(f"a record named {entry.name!r} is out of place")
        if key in records:
            raise LoadError(f"two records are named {entry.name!r}")
        records[key] = data
    if end != position:
        raise LoadError(f"bytes {end} to {position} belong to no record")
    return records


def _directory(take: Take, length: int) -> tuple[memoryview, int, int]:
    """The directory's bytes, its start and count, by the end records."""
    _expect(length >= END.size, "the file ends too early")
    mark, disk, disk2, few, few2, size, start, comment = END.unpack(
        take(length - END.size, END.size)
    )
    end = length - END.size
    _expect(mark == b"PK\5\6" and comment == 0, "no end of archive at its end")
    _expect(disk == disk2 == 0 and few == few2, "the archive has other parts")
    count = few
    tail = END64.size + LOCATOR.size
    if end >= tail and bytes(take(end - 20, 4)) == b"PK\6\7":
        end -= tail
        wide = END64.unpack(take(end, END64.size))
        where = LOCATOR.unpack(take(end + END64.size, LOCATOR.size))
        count, low = wide[6], (min(wide[8], LIMIT), min(wide[9], LIMIT))
        same = (few, size, start) == (min(count, 0xFFFF), *low)
        _expect(same, "the two end records differ")
        size, start = wide[8:]
        fixed = (b"PK\6\6", END64.size - 12, 0, 0, count, count)
        _expect(
            wide[:2] + wide[4:8] == fixed and where == (b"PK\6\7", 0, end, 1),
            "the end records are damaged",
        )
    _expect(start + size == end, "the directory does not end where it should")
    return take(start, size), start, count


def _entries(directory: memoryview) -> Iterator[Entry]:
    """The entries of the directory, one after the other."""
    raw, at = directory.tobytes(), 0
    while at < len(raw):
        _expect(len(raw) - at >= ENTRY.size, "the directory is cut off")
        mark, _, _, flags, method, _, _, crc, packed, size, *rest = (
            ENTRY.unpack_from(raw, at)
        )
        named, extra, comment, disk, _, _, start = rest
        _expect(mark == b"PK\1\2", "the directory is damaged")
        at += ENTRY.size
        stop = at + named + extra
        _expect(stop <= len(raw), "the directory is cut off")
        name = raw[at : at + named]
        wide = _wide_fields(raw[at + named : stop])
        at = stop
        _expect(
            not (method or comment or disk or flags & ~(UTF8 | DESCRIPTOR)),
            f"record {name!r} is compressed, encrypted or elsewhere",
        )
        numbers = iter(wide)
        size, packed, start = (
            next(numbers, LIMIT) if value == LIMIT else value
            for value in (size, packed, start)
        )
        _expect(size == packed, f"record {name!r} has two sizes")
        yield Entry(name, flags, crc, size, start, bool(wide))


def _wide_fields(extra: bytes) -> tuple[int, ...]:
    """The 64-bit numbers of an extra field; other parts are passed over."""
    while extra:
        _expect(len(extra) >= 4, "an extra field is damaged")
        kind, length = struct.unpack_from("<2H", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        _expect(len(body) == length, "an extra field is damaged")
        if kind == 1:
            _expect(length % 8 == 0, "an extra field is damaged")
            return struct.unpack(f"<{length // 8}Q", body)
    return ()


def _record(take: Take, entry: Entry, stop: int) -> tuple[int, memoryview]:
    """Where the record ends and its data, held against the directory."""
    name, at = entry.name, entry.start + HEADER.size
    _expect(at <= stop, f"record {name!r} is cut off")
    head = HEADER.unpack(take(entry.start, HEADER.size))
    mark, _, flags, method, _, _, crc, packed, size, named, extra = head
    data_at = at + named + extra
    end = data_at + entry.size
    _expect(
        end <= stop,
        f"record {name!r} is cut off: bytes {data_at} to {end} of {stop}",
    )
    same = mark == b"PK\3\4" and (flags, method) == (entry.flags, 0)
    wide = _wide_fields(take(at + named, extra).tobytes())
    if flags & DESCRIPTOR:
        same &= {crc, packed, size} <= {0, LIMIT}
    else:
        size, packed = wide[:2] if wide and size == LIMIT else (size, packed)
        same &= (crc, packed, size) == (entry.crc, entry.size, entry.size)
    _expect(
        same and take(at, named).tobytes() == name,
        f"record {name!r}: its header and the directory differ",
    )
    data = take(data_at, entry.size)
    found = zlib.crc32(data)
    _expect(
        found == entry.crc,
        f"record {name!r} is damaged: its checksum is {found:08x}, "
        f"expected {entry.crc:08x}",
    )
    return end + _descriptor(take, entry, end, stop), data


def _descriptor(take: Take, entry: Entry, at: int, stop: int) -> int:
    """The length of the sizes that follow the data, where there are any."""
    if not entry.flags & DESCRIPTOR:
        return 0
    form = struct.Struct("<4sI2Q" if entry.wide else "<4s3I")
    _expect(at + form.size <= stop, f"record {entry.name!r} is cut off")
    expected = (b"PK\7\10", entry.crc, entry.size, entry.size)
    _expect(
        form.unpack(take(at, form.size)) == expected,
        f"record {entry.name!r}: its sizes and the directory differ",
    )
    return form.size


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise LoadError(otherwise)
