"""CIFAR's pickles, read without running them.

A pickle is a program, and may call what it likes. This reader knows the few
calls with which NumPy describes an array, answers them with notes of its own
and refuses every other name.
"""

from __future__ import annotations

import io
import math
import pickle
import struct
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from scratch.vision.files import refuse

MOST = 1 << 27  # bytes: four times CIFAR's largest file


class Dtype:
    """A note of numpy.dtype(name): unsigned bytes are all there is."""

    def __init__(self, name: Any, *_: Any):
        name = name.decode() if isinstance(name, bytes) else name
        if name not in ("u1", "uint8", "|u1"):
            raise ValueError(f"an array of {name!r}")

    def __setstate__(self, state: Any) -> None:
        # a version, the byte order of single bytes, no fields, no flags
        if state != (3, "|", None, None, None, -1, -1, 0):
            raise ValueError(f"the state {state!r} of single bytes")


class Array:
    """A note of an array: its shape and its bytes."""

    shape: tuple = (0,)
    data: bytes = b""
    order = "C"

    def __setstate__(self, state: Any) -> None:
        version, shape, dtype, fortran, data = state
        if version != 1:
            raise ValueError(f"version {version} of an array")
        self.note(shape, dtype, "F" if fortran else "C", data)

    def note(self, shape: Any, dtype: Any, order: str, data: Any) -> None:
        """Keep what fits together."""
        sizes = all(type(n) is int and n >= 0 for n in shape)
        if isinstance(data, str):
            data = data.encode("latin1")
        if not sizes or not isinstance(dtype, Dtype):
            raise ValueError("a malformed array")
        if len(data) != math.prod(shape):
            raise ValueError(f"{len(data)} bytes for an array {tuple(shape)}")
        self.shape, self.data, self.order = tuple(shape), bytes(data), order

    def array(self) -> np.ndarray:
        """The array that was noted."""
        flat = np.frombuffer(self.data, np.uint8)
        return flat.reshape(self.shape, order=self.order)  # type: ignore[call-overload]


def _from_buffer(data: Any, dtype: Any, shape: Any, order: Any) -> Array:
    noted = Array()
    noted.note(shape, dtype, order, data)
    return noted


def _encode(text: str, encoding: str) -> bytes:
    if encoding not in ("latin1", "latin-1"):
        raise ValueError(f"bytes in {encoding!r}")
    return text.encode("latin1")


def _reconstruct(kind: Any, shape: Any, code: Any) -> Array:
    """An array whose state is still to come."""
    if not callable(kind) or shape != (0,):
        raise ValueError(f"an array that begins as {kind!r}, {shape!r}")
    return Array()


KNOWN: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): lambda *_: Array(),
    ("numpy", "dtype"): Dtype,
    ("_codecs", "encode"): _encode,
}
for _core in ("numpy.core", "numpy._core"):
    KNOWN[_core + ".multiarray", "_reconstruct"] = _reconstruct
    KNOWN[_core + ".numeric", "_frombuffer"] = _from_buffer


class _Reader(pickle._Unpickler):  # type: ignore[name-defined]
    """Python's own reader in Python: the C one takes memory as it is told."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in KNOWN:
            raise ValueError(f"the name {module}.{name}")
        known = KNOWN[module, name]
        return lambda *args: known(*args)  # a fresh one: nothing sticks to it

    read: Any  # what the base class sets as it loads
    _file_read: Any
    _unframer: Any
    dispatch: ClassVar[Any] = dict(
        pickle._Unpickler.dispatch  # type: ignore[attr-defined]
    )

    def load_frame(self) -> None:
        """A frame that is longer than the file is damage, as in C."""
        (size,) = struct.unpack("<Q", self.read(8))
        piece = self._file_read(size) if size <= MOST else b""
        if len(piece) != size:
            raise ValueError(f"a frame of {size} bytes, the file ends before")
        self._unframer.current_frame = io.BytesIO(piece)

    dispatch[pickle.FRAME[0]] = load_frame

    def persistent_load(self, pid: Any) -> Any:
        raise ValueError("a reference to something outside")


def read_pickled(path: str | Path) -> dict[str, Any]:
    """The dict in a file of CIFAR: its arrays as arrays, its keys as text."""
    path = Path(path)
    if path.stat().st_size > MOST:
        refuse(path, "size", f"at most {MOST} bytes", path.stat().st_size)
    try:
        reader = _Reader(io.BytesIO(path.read_bytes()), encoding="latin1")
        content = reader.load()
    except Exception as error:
        refuse(path, "pickle", "arrays of bytes, lists, text", error)
    if not isinstance(content, dict):
        refuse(path, "pickle", "a dict", type(content).__name__)
    return {
        key.decode("latin1") if isinstance(key, bytes) else key: (
            value.array() if isinstance(value, Array) else value
        )
        for key, value in content.items()
    }
