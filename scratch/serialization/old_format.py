"""torch's file format before 1.6: five pickles in a row, then the numbers.

The pickles are a magic number, the format's version, how the writer's
machine lays out its numbers, the object, and the keys of its storages. The
storages follow in that order: how many elements, then their bytes.
"""

from __future__ import annotations

import pickletools
import struct
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from scratch.serialization.archive import LoadError
from scratch.serialization.checks import show
from scratch.serialization.files import read_into
from scratch.serialization.memory import Memory, check_bools
from scratch.serialization.pickling import dumps
from scratch.serialization.tensors import Storage
from scratch.serialization.unpickling import loads

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
MACHINE = {
    "protocol_version": VERSION,
    "little_endian": True,
    "type_sizes": {"short": 2, "int": 4, "long": 4},
}


def as_pieces(obj: Any) -> list[Any]:
    """The bytes of the file that holds an object, piece after piece."""
    code, storages = dumps(obj, old=True)
    keys = sorted(map(str, range(len(storages))))
    pieces: list[Any] = [dumps(x)[0] for x in (MAGIC, VERSION, MACHINE)]
    pieces += [code, dumps(keys)[0]]
    for key in keys:
        array = storages[int(key)]
        little = array.byteswap() if sys.byteorder == "big" else array
        pieces += [struct.pack("<q", array.size), little.view(np.uint8).data]
    return pieces


def begins(file: Any) -> bool:
    """Whether a pickle begins here, not a zip archive."""
    mark = file.read(1)
    file.seek(-len(mark), 1)
    return mark == b"\x80"


def read(
    file: Any, unpickle: Callable[[bytes, Memory], Any]
) -> tuple[Any, Memory]:
    """The object that begins here, and its storages; the file is behind it.

    unpickle: makes the object of its pickle, as `load` was told to
    """
    if plain(file) != MAGIC:
        raise LoadError(
            "Invalid magic number; corrupt file? It is a pickle, but none "
            "of save or torch.save"
        )
    version, _ = plain(file), plain(file)
    if version != VERSION:
        raise LoadError(f"Invalid protocol version: {show(version)}")
    code = next_pickle(file)
    memory = LateMemory(file)
    obj = unpickle(code, memory)
    memory.read(plain(file))
    return obj, memory


def plain(file: Any) -> Any:
    """The next pickle, of numbers and text alone."""
    return loads(next_pickle(file), Memory({}, False))


def next_pickle(file: Any) -> bytes:
    """The bytes of the pickle that begins here; nothing of it is run."""
    begin = file.tell()
    try:
        for _ in pickletools.genops(file):
            pass
    except (ValueError, LookupError) as error:
        raise LoadError(f"the file is cut off or damaged: {error}") from None
    end = file.tell()
    file.seek(begin)
    return file.read(end - begin)


class LateMemory(Memory):
    """Storages whose numbers stand behind the object that looks at them.

    room: how many bytes the file still has
    """

    def __init__(self, file: Any):
        super().__init__({}, sys.byteorder == "big")
        self.file, self.size = file, 0
        here = file.tell()
        self.room = file.seek(0, 2) - here
        file.seek(here)

    def storage(self, identity: Any) -> Storage:
        """("storage", type, key, location, size, view): yet without numbers."""
        *words, view = identity
        if view is not None or len(words) != 5:
            raise LoadError("a storage that looks into another one")
        # Python 2 wrote its text as bytes.
        words = [w.decode("ascii") if type(w) is bytes else w for w in words]
        self.size = words[-1]
        found = super().storage(words)
        found.known = False
        return found

    def numbers(self, key: str, dtype: np.dtype) -> np.ndarray:
        """Room for the numbers, which `read` fills in."""
        if type(self.size) is not int or self.size < 0:
            raise LoadError(f"storage {key} of {show(self.size)} elements")
        self.room -= self.size * dtype.itemsize
        if self.room < 0:
            raise LoadError(
                f"the file is too short for {self.size} elements of {dtype} "
                f"in storage {key}"
            )
        return np.zeros(self.size, dtype)

    def read(self, keys: Any) -> None:
        """Fill the storages in the order of their keys."""
        if type(keys) is not list or {*keys} != {*self.storages}:
            raise LoadError("the file's list of storages is not the object's")
        for key in keys:
            count = np.empty(1, "<i8")
            read_into(self.file, count.view(np.uint8).data)
            array = self.storages[key].array
            if count[0] != array.size:
                raise LoadError(
                    f"storage {key} has {count[0]} elements, expected "
                    f"{array.size}"
                )
            read_into(self.file, array.view(np.uint8).data)
            if self.swap:
                array.byteswap(inplace=True)
            check_bools(array, key)
            self.storages[key].known = True
