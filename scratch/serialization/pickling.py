"""Writes objects as the pickle that torch.save writes, opcode by opcode.

A pickle is a program for a small stack machine: put a value on the stack,
join the topmost into a tuple or a dict, call the function under them. The
numbers of tensors stand outside, in storages of their own: tensors that share
memory name the same storage. Classes and functions are named, not written.
"""

from __future__ import annotations

import struct
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pickle import PicklingError
from typing import Any

import numpy as np

from scratch import dtypes
from scratch.serialization.checks import MAX_DEPTH
from scratch.serialization.objects import APART, STORAGES
from scratch.serialization.recipes import Recipe, recipe_of
from scratch.serialization.tensors import Call, Name, Storage, tensor_apart
from scratch.tensor import Tensor

HIDDEN = object()  # a step that the object does not show
STORAGE_NAME = {dtype: name for name, dtype in STORAGES.items()}
TUPLES = (b")", b"\x85", b"\x86", b"\x87", b"t")  # of 0, 1, 2, 3 and more


def dumps(obj: Any, old: bool = False) -> tuple[bytes, list[np.ndarray]]:
    """The pickle of an object, and the storages that it names 0, 1, …

    old: as in torch's format before 1.6
    """
    pickler = Pickler()
    pickler.old = old
    pickler.write(obj)
    return bytes(b"\x80\x02" + pickler.code + b"."), pickler.storages


def says_nothing(kind: Any) -> bool:
    """Whether a class of tensors leaves to us how it is saved."""
    ours = kind.__reduce__ is Tensor.__reduce__
    return ours and kind.__reduce_ex__ is object.__reduce_ex__


class Pickler:
    """A pickle in the making.

    code: the program so far;  path: where in the object the writer stands
    memo: an object's id -> its number and itself: met again, it is recalled
    numbered: a storage's key -> its number and dtype;  storages: their memory
    depth: how many levels it may have: what is no plain data has no limit
    old: whether storages are named as before torch 1.6
    """

    def __init__(self) -> None:
        self.code = bytearray()
        self.path: list[Any] = []
        self.memo: dict[Any, tuple[int, Any]] = {}
        self.numbered: dict[Any, tuple[int, dtypes.dtype, Storage]] = {}
        self.storages: list[np.ndarray] = []
        self.depth = MAX_DEPTH
        self.old = False

    def write(self, obj: Any) -> None:
        """The instructions that leave `obj` on the stack."""
        if isinstance(obj, np.generic):
            obj = obj.item()  # torch: load refuses NumPy's own numbers
        key = obj if type(obj) is Name else id(obj)
        if key in self.memo:
            self.short_or_long(b"hj", self.memo[key][0])
        elif type(obj) in RULES:
            RULES[type(obj)](self, obj)
        elif type(obj) in APART:
            self.made(obj, APART[type(obj)](obj))
        elif isinstance(obj, Tensor) and says_nothing(type(obj)):
            self.made(obj, tensor_apart(obj))
        else:
            self.depth = sys.maxsize
            self.anything(obj)

    def part(self, step: Any, obj: Any) -> None:
        """Write a part of the object, remembering where it is."""
        self.path.append(step)
        if len(self.path) > self.depth:
            del self.path[3:]
            raise PicklingError(
                f"save: {self.place()}… is nested deeper than {MAX_DEPTH} "
                "levels"
            )
        self.write(obj)
        self.path.pop()

    def place(self) -> str:
        """Where the writer stands: obj['net'][0]"""
        return "obj" + "".join(
            f"[{step!r:.40}]" for step in self.path if step is not HIDDEN
        )

    def remember(self, obj: Any) -> None:
        """Give the object on the stack a number."""
        n = len(self.memo)
        self.memo[obj if type(obj) is Name else id(obj)] = n, obj
        self.short_or_long(b"qr", n)

    def short_or_long(self, codes: bytes, n: int) -> None:
        form, code = ("<BB", codes[0]) if n < 256 else ("<BI", codes[1])
        self.code += struct.pack(form, code, n)

    def settle(self, obj: Any) -> None:
        """Remember what was made last; a part of it may have made it too."""
        if id(obj) in self.memo:
            self.code += b"0"
            self.write(obj)
        else:
            self.remember(obj)

    # ---- plain values

    def constant(self, obj: bool | None) -> None:
        self.code += {None: b"N", True: b"\x88", False: b"\x89"}[obj]

    def integer(self, n: int) -> None:
        if 0 <= n < 1 << 8:
            self.code += struct.pack("<cB", b"K", n)
        elif 0 <= n < 1 << 16:
            self.code += struct.pack("<cH", b"M", n)
        elif -(1 << 31) <= n < 1 << 31:
            self.code += struct.pack("<ci", b"J", n)
        else:
            size = n.bit_length() // 8 + 1
            form, code = ("<cB", b"\x8a") if size < 256 else ("<ci", b"\x8b")
            data = n.to_bytes(size, "little", signed=True)
            self.code += struct.pack(form, code, size) + data

    def real(self, x: float) -> None:
        self.code += struct.pack(">cd", b"G", x)

    def text(self, s: str) -> None:
        data = s.encode("utf-8", "surrogatepass")
        self.code += struct.pack("<cI", b"X", len(data)) + data
        self.remember(s)

    # ---- containers

    def sequence(self, values: tuple) -> None:
        self.join(values, range(len(values)))
        if values:
            self.settle(values)

    def join(self, values: tuple, steps: Iterable[Any]) -> None:
        """The values, made one tuple."""
        self.code += b"(" * (len(values) > 3)
        for step, value in zip(steps, values):
            self.part(step, value)
        self.code += TUPLES[min(len(values), 4)]

    def listing(self, values: list) -> None:
        self.code += b"]"
        self.remember(values)
        self.code += b"("
        for i, value in enumerate(values):
            self.part(i, value)
        self.code += b"e"

    def mapping(self, values: dict) -> None:
        self.code += b"}"
        self.remember(values)
        self.items(values)

    def items(self, values: dict) -> None:
        self.code += b"("
        for key, value in values.items():
            self.part(HIDDEN, key)
            self.part(key, value)
        self.code += b"u"

    # ---- names, calls and storages

    def name(self, name: Name, obj: Any = None) -> None:
        module, _, function = name.path.rpartition(".")
        self.code += f"c{module}\n{function}\n".encode()
        self.remember(name if obj is None else obj)

    def made(self, obj: Any, how: Call | Name) -> None:
        """An object by the call that makes it."""
        if isinstance(how, Name):
            self.write(how)
            return
        self.write(how.name)
        self.join(how.args, [HIDDEN] * len(how.args))
        self.code += b"R"
        self.remember(obj)
        if type(obj) is OrderedDict:
            self.items(obj)
            if vars(obj):  # the _metadata of a state_dict
                self.part(HIDDEN, vars(obj))
                self.code += b"b"

    def anything(self, obj: Any) -> None:
        """An object of any other class: how it says that it is made."""
        try:
            recipe = recipe_of(obj)
        except Exception as error:
            place = f"save: {self.place()} is a {type(obj).__qualname__}"
            error.add_note(place)
            raise
        if isinstance(recipe, Name):
            self.name(recipe, obj)
        else:
            self.follow(recipe, obj)

    def follow(self, recipe: Recipe, obj: Any) -> None:
        """Make the object, then fill it: NEWOBJ or REDUCE, items, BUILD."""
        self.part(HIDDEN, recipe.function)
        self.join(recipe.args, [HIDDEN] * len(recipe.args))
        self.code += b"\x81" if recipe.new else b"R"
        self.settle(obj)
        if recipe.items is not None:
            self.code += b"("
            for i, value in enumerate(recipe.items):
                self.part(i, value)
            self.code += b"e"
        if recipe.pairs is not None:
            self.items(dict(recipe.pairs))
        if recipe.state is None:
            return
        if recipe.setter is None:
            self.state(recipe.state)
            self.code += b"b"
        else:  # setter(obj, state), whose result nobody takes
            self.part(HIDDEN, recipe.setter)
            self.join((obj, recipe.state), [HIDDEN] * 2)
            self.code += b"R0"

    def state(self, state: Any) -> None:
        """An object's attributes: messages name them as places."""
        if type(state) is dict:
            self.mapping(state)
        else:
            self.part(HIDDEN, state)

    def storage(self, storage: Storage) -> None:
        """A storage by its number, after its type."""
        dtype = dtypes.of(storage.array.dtype)
        n, known, _ = self.numbered.setdefault(
            storage.key, (len(self.numbered), dtype, storage)
        )
        if known is not dtype:
            raise RuntimeError(
                "Cannot save multiple tensors or storages that view the same "
                f"data as different types: {self.place()} is {dtype},"
                f" another is {known}"
            )
        if n == len(self.storages):
            self.storages.append(storage.array)
        kind, size = STORAGE_NAME[dtype], storage.array.size
        view = (None,) * self.old  # once a storage could be part of another
        self.write(("storage", kind, str(n), "cpu", size, *view))
        self.code += b"Q"


RULES: dict[type, Callable[[Pickler, Any], None]] = {
    type(None): Pickler.constant,
    bool: Pickler.constant,
    int: Pickler.integer,
    float: Pickler.real,
    str: Pickler.text,
    tuple: Pickler.sequence,
    list: Pickler.listing,
    dict: Pickler.mapping,
    Name: Pickler.name,
    Storage: Pickler.storage,
}
