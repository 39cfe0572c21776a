"""IDX, the format of MNIST: a magic number, the sizes, then the numbers.

    0 0 type dims | size (4 bytes, big end first) ... | the items, big end first
"""

from __future__ import annotations

import gzip
import math
import os
from pathlib import Path

import numpy as np

from scratch.vision.files import expect_end, largest, opened, refuse, take

TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
LIMIT = 1 << 30  # bytes of items: twice the largest data set of this family
CODES = {np.dtype(name): code for code, name in TYPES.items()}


def read_idx(path: str | Path, dims: int | None = None) -> np.ndarray:
    """The array in an IDX file, gzip or plain; `dims`, if given, must fit.

    A damaged file is a ValueError that names file, place, what was expected
    and what was found. Sizes that the file cannot hold are refused before
    memory is taken for them.
    """
    with opened(path) as file:
        zeros, code, found = _magic(take(file, 4, path, "magic number"))
        if zeros or code not in TYPES:
            refuse(path, "magic number", "0, 0, a type, dims", (zeros, code))
        if found != dims and dims is not None:
            refuse(path, "magic number", f"{dims} dimensions", found)
        header = take(file, 4 * found, path, "sizes")
        shape = tuple(np.frombuffer(header, ">u4").tolist())
        dtype = np.dtype(TYPES[code])
        count = math.prod(shape) * dtype.itemsize
        if count > min(LIMIT, largest(path)):
            refuse(path, "sizes", "what the file can hold", shape)
        data = take(file, count, path, "items")
        expect_end(file, path)
    items = np.frombuffer(data, dtype).reshape(shape)
    return items.astype(dtype.newbyteorder("="), copy=False)


def read_shape(path: str | Path) -> tuple[int, ...]:
    """The sizes that an IDX file declares, without reading its items."""
    with opened(path) as file:
        *_, dims = _magic(take(file, 4, path, "magic number"))
        header = take(file, 4 * dims, path, "sizes")
    return tuple(np.frombuffer(header, ">u4").tolist())


def write_idx(path: str | Path, items: np.ndarray) -> None:
    """Write an IDX file, gzip if named so: same items, same bytes."""
    dtype = items.dtype.newbyteorder(">")
    header = bytes([0, 0, CODES[dtype], items.ndim])
    sizes = np.array(items.shape, ">u4").tobytes()
    data = header + sizes + items.astype(dtype).tobytes()
    if os.fspath(path).endswith(".gz"):
        data = gzip.compress(data, 9, mtime=0)
    Path(path).write_bytes(data)


def _magic(magic: bytearray) -> tuple[int, int, int]:
    return magic[0] << 8 | magic[1], magic[2], magic[3]
