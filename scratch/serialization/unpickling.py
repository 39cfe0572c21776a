"""Reads the pickle inside a saved file: an interpreter that cannot do harm.

Python's own unpickler calls whatever function a file names. This one knows
the thirty instructions that torch.load(weights_only=True) knows; a name is
looked up in our tables and among what the user has called safe, nowhere else.
"""

from __future__ import annotations

import struct
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

from scratch.serialization.allowed import BLOCKED, allowed, modern
from scratch.serialization.archive import LoadError
from scratch.serialization.checks import (
    check_depth,
    exact,
    hashable,
    set_attributes,
    show,
)
from scratch.serialization.memory import Memory
from scratch.serialization.objects import CALLS, CONSTANTS, NAMES
from scratch.serialization.tensors import Name

DAMAGE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
TWO_WAYS = (
    "Weights only load failed. This file can still be loaded, to do so you "
    "have two options, do those steps only if you trust the source of the "
    "checkpoint.\n\t(1) Call load with `weights_only=False`: whatever the "
    "file names is then imported and called.\n\t(2) Keep `weights_only=True`"
    " and allow what the file needs, as it says here.\n\tWeightsUnpickler "
    "error:"
)
DICTS = (dict, OrderedDict, Counter)


class Forbidden(LoadError):
    """A file that names what is neither ours nor called safe."""


def loads(code: bytes, memory: Memory) -> Any:
    """The object that a pickle describes."""
    machine = Machine(code, memory)
    try:
        obj = machine.run()
        check_depth(obj)
    except Forbidden as error:
        raise Forbidden(f"{TWO_WAYS} {error}") from None
    except LoadError as error:
        place = f"at byte {machine.at} of data.pkl: {error}"
        raise LoadError(f"Weights only load failed {place}") from None
    except (*DAMAGE, struct.error) as error:
        place = f"at byte {machine.at} of data.pkl: {error!r}"
        raise LoadError(f"Weights only load failed {place}") from error
    return obj


class Machine:
    """The stack machine of a pickle.

    stack: the values at hand; below: the stacks set aside by marks
    memo: the values that the program has numbered;  at: the place in it
    allowed: what the user has called safe, by its name
    """

    def __init__(self, code: bytes, memory: Memory):
        self.code, self.at = code, 0
        self.memory = memory
        self.stack: list[Any] = []
        self.below: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        self.allowed = allowed()

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
        module, name = modern(self.line(), self.line())
        path = f"{module}.{name}"
        if module in BLOCKED:
            raise LoadError(
                f"Trying to load unsupported GLOBAL {path} whose module "
                f"{module} is blocked."
            )
        if path in CONSTANTS:
            self.stack.append(CONSTANTS[path])
        elif path in NAMES:
            self.stack.append(Name(path))
        elif path in self.allowed:
            self.stack.append(self.allowed[path])
        else:
            raise Forbidden(
                f"Unsupported global: GLOBAL {path} was not an allowed global "
                "by default. Please use `torch.serialization.add_safe_globals("
                f"[{path}])` or the `torch.serialization.safe_globals([{path}]"
                ")` context manager to allowlist this global if you trust "
                "this class/function."
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
        """Set attributes: of a state_dict its _metadata, of an object all."""
        state, target = self.stack.pop(), self.stack[-1]
        if type(target) is OrderedDict:
            set_attributes(target, state)
        elif self.is_allowed(type(target)):
            check_depth(state)
            set_state(target, state)
        else:
            raise LoadError(f"setting the state of a {type(target).__name__}")

    # ---- calls

    def call(self) -> None:
        """A function of our tables, with the arguments on the stack."""
        args, function = self.stack.pop(), self.stack.pop()
        if type(args) is not tuple:
            raise LoadError(f"arguments in a {type(args).__name__}")
        if type(function) is Name and function.path in CALLS:
            self.stack.append(CALLS[function.path](*args))
        elif self.is_allowed(function):
            check_depth(args)
            self.stack.append(function(*args))
        else:
            raise LoadError(f"a call of {show(function)}")

    def new(self) -> None:
        """An object of a class that is safe, before it gets its state."""
        args, kind = self.stack.pop(), self.stack.pop()
        if not (isinstance(kind, type) and self.is_allowed(kind)):
            raise LoadError(
                "Can only create new object for nn.Parameter or classes "
                f"allowlisted via `add_safe_globals` but got {show(kind)}"
            )
        check_depth(args)
        self.stack.append(kind.__new__(kind, *exact(args, tuple)))

    def is_allowed(self, thing: Any) -> bool:
        return any(thing is known for known in self.allowed.values())

    def storage(self) -> None:
        self.stack.append(self.memory.storage(self.stack.pop()))


def set_state(target: Any, state: Any) -> None:
    """Give an object its attributes, as Python's own unpickler does."""
    if hasattr(target, "__setstate__"):
        target.__setstate__(state)
        return
    slots = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if state:
        vars(target).update(state)
    for name, value in (slots or {}).items():
        setattr(target, name, value)


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
    # GLOBAL, REDUCE, NEWOBJ, BUILD, BINPERSID
    b"c": Machine.name,
    b"R": Machine.call,
    b"\x81": Machine.new,
    b"b": Machine.build,
    b"Q": Machine.storage,
}
