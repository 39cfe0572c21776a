"""Mutated data files: every reader gives an error or what the file says.

Memory is limited while a file is read. Where a format has no checksum a
changed byte of a picture is a valid other picture: then what was read must
be what a second, independent reading of the same bytes gives.
"""

import csv
import gzip
import io
import pickle
import resource
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from scratch.utils.tables import read_csv
from scratch.vision.datasets import CIFAR10
from scratch.vision.datasets.folder import default_loader
from scratch.vision.idx import read_idx

ROOM = 256 << 20  # bytes of address space beyond what is in use
rng = np.random.default_rng(8)


def idx_bytes() -> bytes:
    x = rng.integers(0, 256, (3, 5, 4), np.uint8)
    return struct.pack(">4B3I", 0, 0, 8, 3, *x.shape) + x.tobytes()


def idx_truth(data: bytes) -> tuple:
    """(shape, dtype, bytes) by the letter of the format."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    sizes = struct.unpack_from(f">{data[3]}I", data, 4)
    kind = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    items = np.frombuffer(data, kind[data[2]], offset=4 + 4 * data[3])
    assert items.size == np.prod(sizes, dtype=int)
    return told(items.reshape(sizes))


def told(items: np.ndarray) -> tuple:
    return items.shape, items.astype(
        items.dtype.newbyteorder("=")).tobytes()


def cifar(path: Path) -> tuple:
    """Two records, through the checks of CIFAR10."""
    reader = object.__new__(CIFAR10)
    reader.per_file = 2
    pixels, labels = reader._read(path)
    assert pixels.shape == (2, 3072) and pixels.dtype == np.uint8
    assert len(labels) == 2 and all(0 <= n <= 9 for n in labels)
    return pixels.tobytes(), labels


def binary_truth(data: bytes) -> tuple:
    rows = np.frombuffer(data, np.uint8).reshape(2, 3073)
    return rows[:, 1:].tobytes(), rows[:, 0].tolist()


PIXELS = rng.integers(0, 256, (2, 3072), np.uint8)


class Plain(pickle.Unpickler):
    """pickle's own reading, of the names that an array needs."""

    def find_class(self, module: str, name: str) -> Any:
        assert name in (
            "_reconstruct", "ndarray", "dtype", "_frombuffer", "encode")
        return super().find_class(module.replace("y.core", "y._core"), name)


def batch_truth(data: bytes) -> tuple:
    file = io.BytesIO(data)
    content = Plain(file, encoding="latin1").load()
    assert not file.read(1), "something follows"
    found = {k.decode() if isinstance(k, bytes) else k: v
             for k, v in content.items()}
    return found["data"].tobytes(), found["labels"]


def old_batch() -> bytes:
    """A batch as Python 2 wrote CIFAR's, opcode by opcode."""
    text = PIXELS.T.tobytes()  # its arrays are in Fortran's order
    return (
        b"\x80\2}q\1(U\6labelsq\2]q\3(K\3K\x09eU\4dataq\4"
        b"cnumpy.core.multiarray\n_reconstruct\nq\5cnumpy\nndarray\nq\6"
        b"K\0\x85U\1b\x87Rq\7(K\1K\2M\0\x0c\x86cnumpy\ndtype\nq\x08"
        b"U\2u1K\0K\1\x87Rq\x09(K\3U\1|NNNJ\xff\xff\xff\xff"
        b"J\xff\xff\xff\xffK\0tb\x88T" + struct.pack("<i", len(text))
        + text + b"tbu.")


def csv_bytes() -> bytes:
    lines = ["Id,Area,Street"] + [
        f"{i},{rng.normal():.3f},{'NA' if i % 3 else 'Pave'}"
        for i in range(12)]
    return "\n".join(lines).encode()


def csv_truth(data: bytes) -> dict:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return {name: [None if row[i] in ("", "NA") else row[i]
                   for row in rows[1:]] for i, name in enumerate(rows[0])}


def picture_bytes(form: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, (6, 7, 3), np.uint8)).save(
        file, form)
    return file.getvalue()


def picture(path: Path) -> tuple:
    image = default_loader(str(path))
    assert image.mode == "RGB"
    return image.size, image.tobytes()


def picture_truth(data: bytes) -> tuple:
    with Image.open(io.BytesIO(data)) as image:
        return image.size, image.convert("RGB").tobytes()


# the file's name, its bytes, our reading, and the second one
READERS: dict[str, tuple[str, bytes, Callable, Callable]] = {
    "IDX": ("x-idx3-ubyte", idx_bytes(),
            lambda path: told(read_idx(path)), idx_truth),
    "IDX in gzip": ("x.gz", gzip.compress(idx_bytes(), mtime=0),
                    lambda path: told(read_idx(path)), idx_truth),
    "CIFAR binary": ("batch.bin", b"".join(
        bytes([label]) + row.tobytes() for label, row in zip(
            (3, 9), PIXELS)), cifar, binary_truth),
    "CIFAR pickled": ("batch", pickle.dumps(
        {"data": PIXELS, "labels": [3, 9]}, 4), cifar, batch_truth),
    "CIFAR pickled in a buffer": ("batch", pickle.dumps(
        {"data": PIXELS, "labels": [3, 9]}, 5), cifar, batch_truth),
    "CIFAR pickled by Python 2": ("batch", old_batch(), cifar, batch_truth),
    "CSV": ("table.csv", csv_bytes(), read_csv, csv_truth),
    "PNG": ("picture.png", picture_bytes("png"), picture, picture_truth),
    "JPEG": ("picture.jpg", picture_bytes("jpeg"), picture, picture_truth),
    "BMP": ("picture.bmp", picture_bytes("bmp"), picture, picture_truth),
}


def mutated(data: bytes, dice: np.random.Generator) -> bytes:
    """One to three bytes changed, or a piece cut, doubled or put in."""
    new = bytearray(data)
    head = min(len(new), 400)  # where formats keep what they declare
    at = int(dice.integers(len(new) if dice.random() < 0.3 else head))
    kind = dice.integers(8)
    if kind <= 2:
        for _ in range(kind + 1):
            new[int(dice.integers(head))] = int(dice.integers(256))
    elif kind == 3:
        del new[at:]
    elif kind == 4:
        del new[at:at + int(dice.integers(1, 9))]
    elif kind == 5:
        new += dice.bytes(int(dice.integers(1, 9)))
    elif kind == 6:
        new[at:at] = dice.bytes(int(dice.integers(1, 9)))
    else:
        new[at:at + 4] = dice.choice([
            b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0",
            b"\x80\0\0\0"])
    return bytes(new)


@contextmanager
def limited() -> Iterator[None]:
    """No more address space than there is now, and a little room."""
    size = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (
        size * resource.getpagesize() + ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def read_all(
    name: str, count: int, folder: Path, seed: int = 3
) -> tuple[int, int]:
    """(refused, read) of so many mutants of one format."""
    file, whole, ours, truth = READERS[name]
    path, dice, refused = folder / file, np.random.default_rng(seed), 0
    path.write_bytes(whole)
    assert ours(path) == truth(whole)
    for i in range(count):
        data = mutated(whole, dice)
        path.write_bytes(data)
        try:
            with limited():
                found = ours(path)
        except ValueError as error:
            assert str(path) in str(error) and "expected" in str(error), (
                f"{name}, mutant {i}: {error!r} names no place")
            refused += 1
            continue
        if found == truth(whole):  # what was changed says no number
            continue
        try:
            valid = truth(data)
        except Exception as error:
            raise AssertionError(
                f"{name}, mutant {i}: read, though {error!r}") from error
        assert found == valid, f"{name}, mutant {i}: read as other numbers"
    return refused, count - refused


def mutants(count: int = 20_000, seed: int = 3) -> str:
    """count files over all readers, in equal parts."""
    each = -(-count // len(READERS))
    with tempfile.TemporaryDirectory() as folder:
        found = {name: read_all(name, each, Path(folder), seed)
                 for name in READERS}
    parts = ", ".join(f"{name} {refused} refused and {read} valid"
                      for name, (refused, read) in found.items())
    return (f"seed {seed}: {each * len(READERS):,} mutated files within "
            f"{ROOM >> 20} MiB: {parts}")


def seeds(several: range = range(4, 7)) -> str:
    """The same with other dice."""
    return "\n    ".join(mutants(seed=seed) for seed in several)


CHECKS: dict[str, Callable[[], str]] = {
    "mutated data files": mutants,
    "mutated data files, other seeds": seeds,
}
