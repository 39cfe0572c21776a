"""Reads the pickle inside a saved file: an interpreter that cannot do harm.

Python's own unpickler calls whatever function a file names. This one knows
the thirty instructions that torch.load(weights_only=True) knows; a name is
looked up in our tables and nowhere else, and a call runs our own functions.
"""

from __future__ import annotations

import struct
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from scratch.serialization.archive import LoadError, Records
from scratch.serialization.checks import (
    check_depth,
    hashable,
    set_attributes,
    show,
)
from scratch.serialization.objects import CALLS, CONSTANTS, NAMES, STORAGES
from scratch.serialization.tensors import Name, Storage

DAMAGE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
DICTS = (dict, OrderedDict, Counter)


def loads(code: bytes, records: Records, swap: bool) -> Any:
    """The object that a pickle describes, and the storages that it uses.

    records: a storage's number is its name;  swap: their bytes are turned
    """
    machine = Machine(code, records, swap)
    try:
        obj = machine.run()
        check_depth(obj)
    except LoadError as error:
        place = f"at byte {machine.at} of data.pkl: {error}"
        raise LoadError(f"Weights only load failed {place}") from None
    except (*DAMAGE, struct.error) as error:
        place = f"at byte {machine.at} of data.pkl: {error!r}"
        raise LoadError(f"Weights only load failed {place}") from error
    return obj, machine.storages.values()


class Machine:
    """The stack machine of a pickle.

    stack: the values at hand; below: the stacks set aside by marks
    memo: the values that the program has numbered;  at: the place in it
    """

    def __init__(self, code: bytes, records: Records, swap: bool):
        self.code, self.at = code, 0
        self.records, self.swap = records, swap
        self.stack: list[Any] = []
        self.below: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        self.storages: dict[str, Storage] = {}

    def run(self) -> Any:
        """Step through the program to its end: one value is left."""
        while True:
            start, op = self.at, self.take(1)
            if op == b".":
                break
            if op not in STEPS:
                self.at = start
                raise LoadError(f"the instruction {op!r} is not allowed")
            STEPS[op](self)
        if self.at != len(self.code) or self.below or len(self.stack) != 1:
            raise LoadError("the program ends with more than one value")
        return self.stack[0]

    def take(self, n: int) -> bytes:
        """The next n bytes of the program."""
        if self.at + n > len(self.code):
            raise LoadError(f"cut off: {n} bytes expected")
        self.at += n
        return self.code[self.at - n : self.at]

    def number(self, form: str) -> Any:
        (value,) = struct.unpack(form, self.take(struct.calcsize(form)))
        return value

    def line(self) -> str:
        end = self.code.index(b"\n", self.at)
        text = self.take(end - self.at).decode("ascii")
        self.at += 1
        return text

    def push(self, value: Any) -> None:
        self.stack.append(value)

    # ---- values

    def long(self) -> None:
        data = self.take(self.number("<B"))
        self.stack.append(int.from_bytes(data, "little", signed=True))

    def text(self) -> None:
        data = self.take(self.number("<I"))
        self.stack.append(data.decode("utf-8", "surrogatepass"))

    def name(self) -> None:
        """A full name: a constant, or a token that stands for a function."""
        module, name = self.line(), self.line()
        if module == "__builtin__":
            module = "builtins"  # Python 2 called it so, and protocol 2 does
        path = f"{module}.{name}"
        if path in CONSTANTS:
            self.stack.append(CONSTANTS[path])
        elif path in NAMES:
            self.stack.append(Name(path))
        else:
            raise LoadError(
                f"Unsupported global: GLOBAL {path} was not an allowed global;"
                " a file may hold tensors, dicts, lists, numbers and text only"
            )

    # ---- the stack and the memo

    def mark(self) -> None:
        self.below.append(self.stack)
        self.stack = []

    def since_mark(self) -> list[Any]:
        values = self.stack
        self.stack = self.below.pop()
        return values

    def join(self, n: int) -> None:
        """The topmost n values become a tuple."""
        if len(self.stack) < n:
            raise LoadError(f"a tuple of {n} from {len(self.stack)} values")
        self.stack[-n:] = [tuple(self.stack[-n:])]

    def remember(self, form: str) -> None:
        self.memo[self.number(form)] = self.stack[-1]

    def recall(self, form: str) -> None:
        self.stack.append(self.memo[self.number(form)])

    # ---- filling containers

    def append(self, values: list[Any]) -> None:
        if type(self.stack[-1]) is not list:
            raise LoadError(f"appending to a {type(self.stack[-1]).__name__}")
        self.stack[-1].extend(values)

    def set_items(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) not in DICTS or len(values) % 2:
            raise LoadError(f"setting items of a {type(target).__name__}")
        for key, value in zip(values[::2], values[1::2]):
            target[hashable(key)] = value

    def pop(self, n: int) -> list[Any]:
        values = [self.stack.pop() for _ in range(n)]
        return values[::-1]

    def build(self) -> None:
        """Set attributes: of a state_dict, its _metadata."""
        state, target = self.stack.pop(), self.stack[-1]
        if type(target) is not OrderedDict:
            raise LoadError(f"setting the state of a {type(target).__name__}")
        set_attributes(target, state)

    # ---- calls

    def call(self) -> None:
        """A function of our tables, with the arguments on the stack."""
        args, function = self.stack.pop(), self.stack.pop()
        if type(function) is not Name or function.path not in CALLS:
            raise LoadError(f"a call of {show(function)}")
        if type(args) is not tuple:
            raise LoadError(f"arguments in a {type(args).__name__}")
        self.stack.append(CALLS[function.path](*args))

    def storage(self) -> None:
        """("storage", type, number, location, size): memory of a tensor."""
        word, kind, key, location, size = self.stack.pop()
        if word != "storage" or {type(key), type(location)} != {str}:
            raise LoadError("a persistent id that is no storage")
        if type(kind) is not Name or kind not in STORAGES:
            raise LoadError(f"a storage of type {show(kind)}")
        dtype = STORAGES[kind].numpy
        if key not in self.storages:
            array = self.memory(key, dtype)
            self.storages[key] = Storage(array, location)
        found = self.storages[key]
        same = (found.array.dtype, found.array.size, found.location)
        if same != (dtype, size, location):
            raise LoadError(
                f"storage {key}: {show(size)} elements of {dtype} at "
                f"{location!r}, expected {same[1]} of {same[0]} at {same[2]!r}"
            )
        self.stack.append(found)

    def memory(self, key: str, dtype: np.dtype) -> np.ndarray:
        """The record of a storage as numbers."""
        data = self.records.get(f"data/{key}")
        if data is None or data.nbytes % dtype.itemsize:
            size = "no" if data is None else data.nbytes
            raise LoadError(f"storage {key} of {dtype} has {size} bytes")
        array = np.frombuffer(data, dtype)
        if dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
            raise LoadError(f"storage {key}: a bool that is not 0 or 1")
        return array.byteswap() if self.swap else array


STEPS: dict[bytes, Callable[[Machine], None]] = {
    b"\x80": lambda m: m.number("<B"),
    # values
    b"N": lambda m: m.push(None),
    b"\x88": lambda m: m.push(True),
    b"\x89": lambda m: m.push(False),
    b"K": lambda m: m.push(m.number("<B")),
    b"M": lambda m: m.push(m.number("<H")),
    b"J": lambda m: m.push(m.number("<i")),
    b"G": lambda m: m.push(m.number(">d")),
    b"\x8a": Machine.long,
    b"X": Machine.text,
    b"U": lambda m: m.push(m.take(m.number("<B"))),
    b"]": lambda m: m.push([]),
    b"}": lambda m: m.push({}),
    b")": lambda m: m.push(()),
    # containers
    b"(": Machine.mark,
    b"t": lambda m: m.push(tuple(m.since_mark())),
    b"\x85": lambda m: m.join(1),
    b"\x86": lambda m: m.join(2),
    b"\x87": lambda m: m.join(3),
    b"a": lambda m: m.append(m.pop(1)),
    b"e": lambda m: m.append(m.since_mark()),
    b"s": lambda m: m.set_items(m.pop(2)),
    b"u": lambda m: m.set_items(m.since_mark()),
    # the memo: BINPUT, LONG_BINPUT, BINGET, LONG_BINGET
    b"q": lambda m: m.remember("<B"),
    b"r": lambda m: m.remember("<I"),
    b"h": lambda m: m.recall("<B"),
    b"j": lambda m: m.recall("<I"),
    # GLOBAL, REDUCE, BUILD, BINPERSID; NEWOBJ is not among them
    b"c": Machine.name,
    b"R": Machine.call,
    b"b": Machine.build,
    b"Q": Machine.storage,
}
