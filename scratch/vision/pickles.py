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
from reprlib import repr as short
from typing import Any, ClassVar

import numpy as np

from scratch.vision.files import refuse

MOST = 1 << 27  # bytes: four times CIFAR's largest file

# What CIFAR's and NumPy's own pickles are made of: text, numbers, tuples,
# lists, dicts, and calls of the names below.
OPCODES = (
    "PROTO FRAME MARK STOP GLOBAL STACK_GLOBAL REDUCE BUILD MEMOIZE BINPUT "
    "LONG_BINPUT BINGET LONG_BINGET NONE NEWTRUE NEWFALSE BININT BININT1 "
    "BININT2 BINSTRING SHORT_BINSTRING BINUNICODE SHORT_BINUNICODE "
    "BINUNICODE8 BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8 EMPTY_TUPLE "
    "TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST APPEND APPENDS EMPTY_DICT SETITEM "
    "SETITEMS INT LONG STRING UNICODE GET PUT LIST DICT"
).split()


def alike(found: Any, *forms: tuple) -> bool:
    """Whether a tuple is one of these, value by value, type by type."""
    return type(found) is tuple and any(
        len(found) == len(form)
        and all(type(a) is type(b) and a == b for a, b in zip(found, form))
        for form in forms
    )


class Dtype:
    """A note of numpy.dtype("u1"): unsigned bytes are all there is."""

    def __init__(self, *described: Any):
        # not aligned, and a copy: by Python 3 in truth values, by 2 in ints
        if not alike(described, ("u1", False, True), ("u1", 0, 1)):
            raise ValueError(f"numbers of dtype {short(described)}")

    def __setstate__(self, state: Any) -> None:
        # a version, the byte order of single bytes, no fields, no flags
        if not alike(state, (3, "|", None, None, None, -1, -1, 0)):
            raise ValueError(f"the state {short(state)} of single bytes")


class Array:
    """A note of an array: its shape and its bytes."""

    shape: tuple = (0,)
    data: bytes = b""
    order = "C"

    def __setstate__(self, state: Any) -> None:
        if type(state) is not tuple or not alike(state[:1], (1,)):
            raise ValueError(f"the state {short(state)} of an array")
        _, shape, dtype, fortran, data = state
        if not alike((fortran,), (False,), (True,), (0,), (1,)):
            raise ValueError(f"an array in the order {short(fortran)}")
        self.note(shape, dtype, "F" if fortran else "C", data)

    def note(self, shape: Any, dtype: Any, order: Any, data: Any) -> None:
        """Keep what fits together."""
        if type(dtype) is not Dtype or not alike((order,), ("C",), ("F",)):
            raise ValueError(f"an array in the order {short(order)}")
        if type(shape) is not tuple or not all(
            type(n) is int and n >= 0 for n in shape
        ):
            raise ValueError(f"an array of shape {short(shape)}")
        if type(data) is str:  # Python 2 knew no other bytes
            data = data.encode("latin1")
        if type(data) not in (bytes, bytearray):
            raise ValueError(f"an array in a {type(data).__name__}")
        if len(data) != math.prod(shape):
            raise ValueError(f"{len(data)} bytes for an array {short(shape)}")
        self.shape, self.data, self.order = shape, bytes(data), order

    def array(self) -> np.ndarray:
        """The array that was noted."""
        flat = np.frombuffer(self.data, np.uint8)
        return flat.reshape(self.shape, order=self.order)  # type: ignore[call-overload]


def _ndarray(*_: Any) -> None:
    """The class itself stands in a pickle, but is never called."""
    raise ValueError("a call of numpy.ndarray")


def _from_buffer(data: Any, dtype: Any, shape: Any, order: Any) -> Array:
    noted = Array()
    noted.note(shape, dtype, order, data)
    return noted


def _encode(text: Any, encoding: Any) -> bytes:
    if type(text) is not str or not alike((encoding,), ("latin1",)):
        raise ValueError(f"bytes in {short(encoding)}")
    return text.encode("latin1")


def _reconstruct(kind: Any, shape: Any, code: Any) -> Array:
    """An array whose state is still to come."""
    known = isinstance(kind, Name) and kind.answer is _ndarray
    if not known or not alike((shape, code), ((0,), "b"), ((0,), b"b")):
        raise ValueError(f"an array that begins as {short((shape, code))}")
    return Array()


KNOWN: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _ndarray,
    ("numpy", "dtype"): Dtype,
    ("_codecs", "encode"): _encode,
}
for _core in ("numpy.core", "numpy._core"):
    KNOWN[_core + ".multiarray", "_reconstruct"] = _reconstruct
    KNOWN[_core + ".numeric", "_frombuffer"] = _from_buffer


class Name:
    """A name that a pickle may call; nothing else can be done with it."""

    __slots__ = ("answer",)

    def __init__(self, module: str, name: str):
        if (module, name) not in KNOWN:
            raise ValueError(f"the name {module}.{name}")
        self.answer = KNOWN[module, name]

    def __setstate__(self, state: Any) -> None:
        raise ValueError("a name that would be changed")


class Opcodes(dict):
    """What each opcode does; any other is refused."""

    def __missing__(self, code: int) -> Any:
        raise ValueError(f"the opcode {code:#x}")


class _Reader(pickle._Unpickler):  # type: ignore[name-defined]
    """Python's own reader in Python: the C one takes memory as it is told."""

    made = 0  # bytes that calls have copied: text said once can be used often
    stack: list  # what the base class sets as it loads
    read: Any
    pop_mark: Any
    _file_read: Any
    _unframer: Any
    dispatch: ClassVar[Any] = Opcodes(
        (code[0], pickle._Unpickler.dispatch[code[0]])  # type: ignore[attr-defined]
        for code in (getattr(pickle, name) for name in OPCODES)
    )

    def find_class(self, module: str, name: str) -> Any:
        return Name(module, name)

    def load_reduce(self) -> None:
        """A known name called with a tuple, as in C."""
        arguments, name = self.stack.pop(), self.stack[-1]
        if type(name) is not Name or type(arguments) is not tuple:
            raise ValueError(f"a call of {short(name)}")
        self.stack[-1] = self.counted(name.answer(*arguments))

    def load_build(self) -> None:
        """Only the notes of this file have a state."""
        state, noted = self.stack.pop(), self.stack[-1]
        if not isinstance(noted, (Array, Dtype)):
            raise ValueError(f"a state for {short(noted)}")
        noted.__setstate__(state)
        self.counted(noted)

    def counted(self, made: Any) -> Any:
        """No more may be made than a file may hold."""
        made_here = made.data if isinstance(made, Array) else made
        if isinstance(made_here, bytes):
            self.made += len(made_here)
        if self.made > MOST:
            raise ValueError(f"more than {MOST} bytes of arrays")
        return made

    def keep(self, items: list) -> None:
        """Keys are text: tuples of tuples could take for ever to hash."""
        content = self.stack[-1]
        for key, value in zip(items[::2], items[1::2], strict=True):
            if type(content) is not dict or type(key) not in (str, bytes):
                raise ValueError(f"the key {short(key)}")
            content[key] = value

    def load_setitem(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self.keep([key, value])

    def load_setitems(self) -> None:
        self.keep(self.pop_mark())

    def load_dict(self) -> None:
        items = self.pop_mark()
        self.stack.append({})
        self.keep(items)

    def expect_end(self) -> None:
        """Nothing may follow the last opcode."""
        if self.read(1):
            raise ValueError("more bytes after the end")

    def load_frame(self) -> None:
        """A frame that is longer than the file is damage, as in C."""
        (size,) = struct.unpack("<Q", self.read(8))
        piece = self._file_read(size) if size <= MOST else b""
        if len(piece) != size:
            raise ValueError(f"a frame of {size} bytes, the file ends before")
        self._unframer.current_frame = io.BytesIO(piece)

    dispatch[pickle.REDUCE[0]] = load_reduce
    dispatch[pickle.BUILD[0]] = load_build
    dispatch[pickle.SETITEM[0]] = load_setitem
    dispatch[pickle.SETITEMS[0]] = load_setitems
    dispatch[pickle.DICT[0]] = load_dict
    dispatch[pickle.FRAME[0]] = load_frame


def read_pickled(path: str | Path) -> dict[str, Any]:
    """The dict in a file of CIFAR: its arrays as arrays, its keys as text."""
    path = Path(path)
    if path.stat().st_size > MOST:
        refuse(path, "size", f"at most {MOST} bytes", path.stat().st_size)
    try:
        reader = _Reader(io.BytesIO(path.read_bytes()), encoding="latin1")
        content = reader.load()
        reader.expect_end()
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
