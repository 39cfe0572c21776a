"""save and load: objects of tensors in torch's own file format.

torch.load(weights_only=True) reads the tensors that `save` writes, and
`load` those that torch.save writes. Unless weights_only=False is asked for
no file can make `load` run code. What it refuses it refuses with LoadError,
which is torch's RuntimeError and UnpicklingError.
"""

from __future__ import annotations

import os
import pickle
import sys
import warnings
import zlib
from collections.abc import Iterable
from functools import partial
from typing import Any, cast

import numpy as np

from scratch.device import device
from scratch.serialization import archive, old_format
from scratch.serialization.allowed import unsafe_names
from scratch.serialization.archive import EmptyFileError, LoadError, Records
from scratch.serialization.files import (
    one_by_one,
    read_into,
    replacing,
    whole,
)
from scratch.serialization.memory import Memory
from scratch.serialization.pickling import dumps
from scratch.serialization.safe import load_safetensors
from scratch.serialization.tensors import Storage
from scratch.serialization.trusting import trusting_loads
from scratch.serialization.unpickling import loads
from scratch.tensor import wrap

FileLike = str | os.PathLike | Any
NEEDED = ("data.pkl", "version")
KNOWN = {
    *NEEDED, "byteorder", ".format_version", ".storage_alignment",
    ".data/serialization_id",
}  # fmt: skip


def save(
    obj: Any,
    f: FileLike,
    pickle_module: Any = pickle,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
) -> None:
    """Write an object to a file: tensors as numbers, classes by their names.

    A path's old file stands until the new one is whole and on the disk.
    pickle_protocol: any; the file is in 2, which readers of all know.
    _use_new_zipfile_serialization: False for torch's format before 1.6.
    """
    if pickle_protocol > pickle.HIGHEST_PROTOCOL:
        raise ValueError(
            f"pickle protocol must be <= {pickle.HIGHEST_PROTOCOL}, but got "
            f"{pickle_protocol}"
        )
    if not isinstance(f, (str, os.PathLike)) and not hasattr(f, "write"):
        raise AttributeError(
            "expected 'f' to be string, path, or a file-like object with a "
            "'write' attribute"
        )
    # whatever cannot be written fails before
    if _use_new_zipfile_serialization:
        write = partial(archive.write, records=as_records(obj))
    else:
        write = partial(one_by_one, pieces=old_format.as_pieces(obj))
    if isinstance(f, (str, os.PathLike)):
        with replacing(f) as put:
            write(put)
    else:
        write(whole(f))
        if hasattr(f, "flush"):
            f.flush()


def as_records(obj: Any) -> Records:
    """The records of a saved file, by their names."""
    code, storages = dumps(obj)
    records = {
        "data.pkl": memoryview(code),
        ".format_version": memoryview(b"1"),
        ".storage_alignment": memoryview(b"64"),
        "byteorder": memoryview(sys.byteorder.encode()),
    }
    for i, array in enumerate(storages):
        records[f"data/{i}"] = array.view(np.uint8).data
    records["version"] = memoryview(b"3\n")
    sums = [zlib.crc32(data) for data in records.values()]
    names = zlib.crc32("".join(records).encode())
    identity = f"{names:020d}{zlib.crc32(repr(sums).encode()):020d}".encode()
    records[".data/serialization_id"] = memoryview(identity)
    return records


def load(
    f: FileLike,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """The object that was saved to a file by `save` or by torch.save.

    map_location: as in torch; here every tensor ends on the CPU.
    weights_only: refuse what is no tensor, container, number or text, unless
        add_safe_globals allows it. False: import and call what the file says.
    pickle_module, pickle_load_args: whose Unpickler reads then, and its own
        arguments.
    mmap: leave the numbers of a path's file on the disk until they are used.
    """
    weights_only = decided(weights_only, pickle_module)
    if weights_only and pickle_load_args:
        warnings.warn(
            "pickle_load_args only works if `weights_only=False`.", stacklevel=2
        )

    def unpickle(code: bytes, memory: Memory) -> Any:
        if weights_only:
            return loads(code, memory)
        module = pickle_module or pickle
        return trusting_loads(code, memory, module, pickle_load_args)

    if isinstance(f, (str, os.PathLike)):
        if os.fsdecode(f).endswith(".safetensors"):
            return load_safetensors(f)
        with open(f, "rb") as file:
            return load_file(file, map_location, unpickle, f if mmap else None)
    if mmap:
        raise ValueError(
            "f must be a file path in order to use the mmap argument"
        )
    check_readable(f)
    return load_file(f, map_location, unpickle)


def get_unsafe_globals_in_checkpoint(f: FileLike) -> list[str]:
    """The names in a file that `load(f, weights_only=True)` would refuse."""
    if isinstance(f, (str, os.PathLike)):
        with open(f, "rb") as file:
            return get_unsafe_globals_in_checkpoint(file)
    check_readable(f)
    records, _ = read_file(f)
    return unsafe_names(records["data.pkl"].tobytes())


def decided(weights_only: bool | None, pickle_module: Any) -> bool:
    """Whether to refuse what is not plain data: unless told otherwise."""

    def told(name: str) -> bool:
        return os.getenv(name, "0").lower() in ("1", "y", "yes", "true")

    force = told("TORCH_FORCE_WEIGHTS_ONLY_LOAD")
    trust = told("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD")
    if force and trust:
        raise RuntimeError(
            "Only one of `TORCH_FORCE_WEIGHTS_ONLY_LOAD` or "
            "`TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD` should be set, but both were "
            "set."
        )
    if weights_only is None:
        weights_only = pickle_module is None and not trust
    if (weights_only or force) and pickle_module is not None:
        raise RuntimeError(
            "Can not safely load weights when explicit pickle_module is "
            "specified"
        )
    return weights_only or force


def check_readable(f: Any) -> None:
    """Refuse what is neither a path nor a file."""
    for name in ("seek", "tell", "read"):
        if not hasattr(f, name):
            raise AttributeError(
                f"'{type(f).__name__}' object has no attribute '{name}'. You "
                "can only torch.load from a file that is seekable. Please "
                "pre-load the data into a buffer like io.BytesIO and try to "
                "load from it instead."
            )


def load_file(
    file: Any, map_location: Any, unpickle: Any, path: Any = None
) -> Any:
    """Run the pickle in the archive, check where storages were."""
    if old_format.begins(file):
        if path is not None:
            raise RuntimeError(
                "mmap can only be used with files saved with `torch.save("
                "_use_new_zipfile_serialization=True)`, please torch.save "
                "your checkpoint with this option in order to use mmap."
            )
        obj, memory = old_format.read(file, unpickle)
    else:
        records, swap = read_file(file, path)
        memory = Memory(records, swap)
        obj = unpickle(records["data.pkl"].tobytes(), memory)
    check_locations(memory.storages.values(), map_location)
    return obj


def read_file(file: Any, path: Any = None) -> tuple[Records, bool]:
    """The records of an archive, checked; whether their bytes are turned.

    path: where the numbers stay on the disk until they are used
    """
    begin = file.tell()
    file.seek(0, os.SEEK_END)
    length = file.tell() - begin
    file.seek(begin)
    mark = file.read(4)
    if mark != b"PK\3\4":
        raise refusal(mark)
    if path is not None:
        memory = np.memmap(cast(str, path), np.uint8, mode="c").data
        records = archive.read(lambda at, n: memory[at : at + n], length)
    else:
        records = archive.read(reader(file, begin), length)
    check_names(records)
    order = records.get("byteorder", memoryview(b"little"))
    word = order.tobytes().decode("latin1")
    if word not in ("little", "big"):
        raise LoadError(f"byteorder {word!r}, expected 'little' or 'big'")
    return records, word != sys.byteorder


def reader(file: Any, begin: int) -> archive.Take:
    """Bytes of a file in memory of their own, which tensors may keep."""

    def take(at: int, n: int) -> memoryview:
        file.seek(begin + at)
        data = np.empty(n, np.uint8).data
        read_into(file, data)
        return data

    return take


def refusal(mark: bytes) -> LoadError:
    """What to say of a file that does not begin as a zip does."""
    if not mark:
        return EmptyFileError("Ran out of input: the file is empty")
    return LoadError(
        f"the file begins with {mark!r}, expected b'PK\\x03\\x04': not a file"
        " of save or torch.save"
    )


def check_names(records: Records) -> None:
    """Refuse an archive with records that torch does not write."""
    for name in NEEDED:
        if name not in records:
            raise LoadError(f"no record {name!r}: not a file of torch.save")
    for name in records:
        number = name.removeprefix("data/")
        if name not in KNOWN and not (
            name != number and number.isascii() and number.isdigit()
        ):
            raise LoadError(f"a record {name!r} that torch.save does not write")
    version = records["version"].tobytes()
    if not (version.strip().isdigit() and 1 <= int(version[:4]) <= 10):
        raise LoadError(f"file version {version!r:.20}, expected 1 to 10")


def check_locations(storages: Iterable[Storage], map_location: Any) -> None:
    """Refuse a storage of a device that is not here, as torch does."""
    for storage in storages:
        where: str | device = storage.location
        if isinstance(map_location, dict):
            where = map_location.get(where, where)
        elif isinstance(map_location, (str, device)):
            where = map_location
        elif map_location is not None:
            if map_location(wrap(storage.array), where) is not None:
                continue
        name = str(where)
        if name.startswith("cuda"):
            raise RuntimeError(
                "Attempting to deserialize object on a CUDA device but "
                "torch.cuda.is_available() is False. If you are running on a "
                "CPU-only machine, please use torch.load with map_location="
                "torch.device('cpu') to map your storages to the CPU."
            )
        if name != "cpu":
            raise RuntimeError(
                "don't know how to restore data location of torch.storage."
                f"UntypedStorage (tagged with {name})"
            )
