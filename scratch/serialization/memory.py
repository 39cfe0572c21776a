"""The memory that a file's tensors look into, as its pickle asks for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from scratch.serialization.archive import LoadError, Records
from scratch.serialization.checks import show
from scratch.serialization.objects import STORAGES
from scratch.serialization.tensors import Name, Storage


class Memory:
    """The storages of a file, each made once.

    records: a storage's number is its name;  swap: their bytes are turned
    """

    def __init__(self, records: Records, swap: bool):
        self.records, self.swap = records, swap
        self.storages: dict[str, Storage] = {}

    def storage(self, identity: Any) -> Storage:
        """("storage", type, number, location, size): memory of a tensor."""
        word, kind, key, location, size = identity
        if word != "storage" or {type(key), type(location)} != {str}:
            raise LoadError("a persistent id that is no storage")
        if type(kind) is not Name or kind not in STORAGES:
            raise LoadError(f"a storage of type {show(kind)}")
        dtype = STORAGES[kind].numpy
        if key not in self.storages:
            array = self.numbers(key, dtype)
            self.storages[key] = Storage(array, location)
        found = self.storages[key]
        same = (found.array.dtype, found.array.size, found.location)
        if same != (dtype, size, location):
            raise LoadError(
                f"storage {key}: {show(size)} elements of {dtype} at "
                f"{location!r}, expected {same[1]} of {same[0]} at {same[2]!r}"
            )
        return found

    def numbers(self, key: str, dtype: np.dtype) -> np.ndarray:
        """The record of a storage as numbers."""
        data = self.records.get(f"data/{key}")
        if data is None or data.nbytes % dtype.itemsize:
            size = "no" if data is None else data.nbytes
            raise LoadError(f"storage {key} of {dtype} has {size} bytes")
        array = np.frombuffer(data, dtype)
        check_bools(array, key)
        return array.byteswap() if self.swap else array


def check_bools(array: np.ndarray, key: str) -> None:
    """Refuse truth values that are neither 0 nor 1."""
    if array.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise LoadError(f"storage {key}: a bool that is not 0 or 1")
