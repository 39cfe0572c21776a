"""What a saved file may hold: how each kind is taken apart and put together.

A saved file names torch's functions: "call torch._utils._rebuild_tensor_v2
with this storage, offset, size and stride". Writing an object means to name
its call (APART); reading means to run our own function of that name (CALLS),
which checks its arguments first. What is not in the tables is refused.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scratch import dtypes
from scratch.device import device
from scratch.nn.parameter import Buffer, Parameter
from scratch.serialization.archive import LoadError
from scratch.size import Size
from scratch.tensor import Tensor, wrap


@dataclass(frozen=True)
class Name:
    """A function, class or constant, known by its full name."""

    path: str


class Call:
    """The call that makes an object again."""

    def __init__(self, path: str, *args: Any):
        self.name, self.args = Name(path), args


@dataclass
class Storage:
    """The flat memory under one tensor or several, of one dtype."""

    array: np.ndarray
    location: str = "cpu"
    version: list[int] = field(default_factory=lambda: [0])

    @property
    def key(self) -> Any:
        """Equal for two storages that are the same memory."""
        address = self.array.__array_interface__["data"][0]
        return (address, self.array.nbytes) if self.array.size else id(self)


# ---- plain values


def make_complex(real: float, imag: float) -> complex:
    return complex(_is(real, float), _is(imag, float))


def make_bytes(text: str = "", code: str = "latin1") -> bytes:
    if code not in ("latin1", "latin-1"):
        raise LoadError(f"bytes as {code!r}, expected 'latin1'")
    return _is(text, str).encode("latin1")


def make_bytearray(data: bytes = b"") -> bytearray:
    return bytearray(_is(data, bytes))


def make_set(members: list) -> set:
    return set(map(hashable, _is(members, list)))


def make_counter(counts: dict) -> Counter:
    return Counter(_is(counts, dict))


def make_ordered(pairs: Any = ()) -> OrderedDict:
    # Python 2 wrote its items as a list of [key, value].
    return OrderedDict((hashable(key), value) for key, value in pairs)


def make_size(sizes: tuple) -> Size:
    return Size(_is(n, int) for n in sizes)


def make_device(kind: str, index: int | None = None) -> device:
    return device(_is(kind, str), index if index is None else _is(index, int))


# ---- tensors


def storage_of(array: np.ndarray) -> tuple[np.ndarray, int]:
    """The flat memory that `array` looks into, and how far in it starts.

    A view that a file cannot describe (negative strides, odd bytes) is copied.
    """
    owner, base = array, array.base
    while base is not None:
        owner = base if isinstance(base, np.ndarray) else owner
        base = getattr(base, "base", None)
    outer_first = sorted(range(owner.ndim), key=lambda i: -owner.strides[i])
    flat = owner.transpose(outer_first)
    if flat.flags.c_contiguous and array.size:
        flat = flat.reshape(-1).view(np.uint8)
        offset = _address(array) - _address(flat)
        steps = [offset, flat.size, *array.strides]
        if min(steps) >= 0 and not any(n % array.itemsize for n in steps):
            return flat.view(array.dtype), offset // array.itemsize
    return np.ascontiguousarray(array).reshape(-1), -1


def _address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


def dense_strides(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """The strides, in elements, of a contiguous tensor, as torch counts."""
    strides, step = [], 1
    for n in reversed(sizes):
        strides.append(step)
        step *= max(n, 1)
    return tuple(reversed(strides))


def tensor_apart(x: Tensor) -> Call:
    """_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, …)"""
    array, sizes = x.array, x.array.shape
    flat, offset = storage_of(array)
    strides = tuple(n // array.itemsize for n in array.strides)
    if offset < 0:
        offset, strides = 0, dense_strides(sizes)
    args: tuple = (
        Storage(flat), offset, sizes, strides, x.requires_grad, OrderedDict()
    )  # fmt: skip
    rebuild = "torch._utils._rebuild_tensor_v2"
    state = attributes(x)
    if not state:
        return Call(rebuild, *args)
    kind = Name("torch.Tensor")
    return Call(FROM_TYPE, Name(rebuild), kind, args, state)


def parameter_apart(x: Parameter) -> Call:
    """_rebuild_parameter(data, requires_grad, hooks)"""
    args: tuple = (wrap(x.array), x.requires_grad, OrderedDict())
    state = attributes(x)
    path = "torch._utils._rebuild_parameter"
    return (
        Call(path + "_with_state", *args, state) if state else Call(path, *args)
    )


def make_tensor(
    storage: Storage,
    offset: int,
    size: tuple,
    stride: tuple,
    requires_grad: bool = False,
    hooks: OrderedDict | None = None,
    metadata: dict | None = None,
) -> Tensor:
    """A view of the storage, after it is known to lie inside."""
    flat = _is(storage, Storage).array
    if hooks:
        raise LoadError("a tensor with hooks")
    sizes = [_is(n, int) for n in size]
    strides = [_is(n, int) for n in stride]
    check_bounds(flat, _is(offset, int), sizes, strides)
    for name, flag in (metadata or {}).items():
        if name not in ("conj", "neg") or flag is not True:
            raise LoadError(f"a tensor with {name}={flag!r}")
        flat = np.conj(flat) if name == "conj" else -flat
    if 0 in sizes:
        flat, offset = np.empty(sizes, flat.dtype), 0
        strides = [n // flat.itemsize for n in flat.strides]
    bytes_ = [n * flat.itemsize for n in strides]
    x = wrap(
        np.ndarray(sizes, flat.dtype, flat, offset * flat.itemsize, bytes_)
    )
    x.version = storage.version
    if not _is(requires_grad, bool):
        return x
    if flat.dtype.kind not in "fc":
        raise LoadError(f"a tensor of {x.dtype} that requires a gradient")
    return x.requires_grad_()


def check_bounds(
    flat: np.ndarray, offset: int, sizes: list[int], strides: list[int]
) -> None:
    """Refuse a view that reaches outside its storage."""
    say = f"size {sizes}, stride {strides}, offset {offset}"
    if len(sizes) != len(strides) or len(sizes) > 64:
        raise LoadError(f"a tensor of {say}: expected one stride per size")
    if min([offset, *sizes, *strides]) < 0:
        raise LoadError(f"a tensor of {say}: expected no negative number")
    if math.prod(n for n in sizes if n) * flat.itemsize >= 1 << 63:
        raise LoadError(f"a tensor of {say} is too large for any memory")
    last = offset - 1
    if 0 not in sizes:
        last = offset + sum((n - 1) * s for n, s in zip(sizes, strides))
    if last >= flat.size:
        raise LoadError(
            f"a tensor of {say} reaches element {last} of a storage of "
            f"{flat.size} elements"
        )


def make_old_tensor(
    storage: Storage, offset: int, size: tuple, stride: tuple
) -> Tensor:
    return make_tensor(storage, offset, size, stride)


def make_parameter(
    data: Tensor, requires_grad: bool, hooks: OrderedDict
) -> Parameter:
    if hooks:
        raise LoadError("a parameter with hooks")
    if requires_grad and data.array.dtype.kind not in "fc":
        raise LoadError(f"a parameter of {data.dtype} that requires a gradient")
    x = Parameter(_is(data, Tensor), requires_grad=_is(requires_grad, bool))
    x.version = data.version
    return x


def make_parameter_with_state(
    data: Tensor, requires_grad: bool, hooks: OrderedDict, state: dict
) -> Parameter:
    x = make_parameter(data, requires_grad, hooks)
    return set_attributes(x, state)


def make_from_type(make: Any, kind: Any, args: tuple, state: dict) -> Any:
    """A tensor that carries attributes of its user."""
    if make not in TENSOR_CALLS or kind not in TENSOR_KINDS:
        raise LoadError(f"a tensor made by {make} as {kind}")
    x = CALLS[make.path](*_is(args, tuple))
    if TENSOR_KINDS[kind] is not type(x):
        raise LoadError(f"{make.path} made as {kind.path}")
    return set_attributes(x, state)


def attributes(x: Tensor) -> dict[str, Any]:
    """What a user has set on a tensor; ours begin with a line."""
    own = ("array", "version", "grad")
    return {
        name: value
        for name, value in vars(x).items()
        if name not in own and not name.startswith("_")
    }


def set_attributes(x: Any, state: Any) -> Any:
    """Set what a user had set: new names, none that means something here."""
    for name, value in _is(state, dict).items():
        hidden = _is(name, str).startswith("_") and name not in MARKS
        taken = hasattr(type(x), name) or name in ("array", "version")
        if hidden or taken or not name.isidentifier():
            raise LoadError(f"an attribute {name!r} of a {type(x).__name__}")
        vars(x)[name] = value
    return x


# ---- the tables

# torch's own attributes: of a state_dict, of a Buffer, of a marked Parameter.
MARKS = ("_metadata", "_is_buffer", "_is_param")
FROM_TYPE = "torch._tensor._rebuild_from_type_v2"

APART: dict[type, Callable[[Any], Call | Name]] = {
    complex: lambda z: Call("__builtin__.complex", z.real, z.imag),
    bytes: lambda b: Call("_codecs.encode", b.decode("latin1"), "latin1"),
    bytearray: lambda b: Call("__builtin__.bytearray", bytes(b)),
    set: lambda s: Call("__builtin__.set", [*s]),
    Counter: lambda c: Call("collections.Counter", dict(c)),
    OrderedDict: lambda d: Call("collections.OrderedDict"),
    dtypes.dtype: lambda d: Name(f"torch.{d.name}"),
    device: lambda d: Call(
        "torch.device", d.type, *([] if d.index is None else [d.index])
    ),
    Size: lambda s: Call("torch.Size", tuple(s)),
    Tensor: tensor_apart,
    Buffer: tensor_apart,
    Parameter: parameter_apart,
}

CALLS: dict[str, Callable[..., Any]] = {
    "builtins.complex": make_complex,
    "builtins.bytes": make_bytes,
    "_codecs.encode": make_bytes,
    "builtins.bytearray": make_bytearray,
    "builtins.set": make_set,
    "collections.Counter": make_counter,
    "collections.OrderedDict": make_ordered,
    "torch.Size": make_size,
    "torch.device": make_device,
    "torch._utils._rebuild_tensor": make_old_tensor,
    "torch._utils._rebuild_tensor_v2": make_tensor,
    "torch._utils._rebuild_parameter": make_parameter,
    "torch._utils._rebuild_parameter_with_state": make_parameter_with_state,
    FROM_TYPE: make_from_type,
}
TENSOR_CALLS = [Name(path) for path in CALLS if path.startswith("torch._utils")]
TENSOR_KINDS = {
    Name("torch.Tensor"): Tensor,
    Name("torch.nn.parameter.Parameter"): Parameter,
}

STORAGES = {
    Name("torch.HalfStorage"): dtypes.float16,
    Name("torch.FloatStorage"): dtypes.float32,
    Name("torch.DoubleStorage"): dtypes.float64,
    Name("torch.ByteStorage"): dtypes.uint8,
    Name("torch.CharStorage"): dtypes.int8,
    Name("torch.ShortStorage"): dtypes.int16,
    Name("torch.IntStorage"): dtypes.int32,
    Name("torch.LongStorage"): dtypes.int64,
    Name("torch.BoolStorage"): dtypes.bool,
    Name("torch.ComplexFloatStorage"): dtypes.complex64,
    Name("torch.ComplexDoubleStorage"): dtypes.complex128,
}
NAMES = {*CALLS, *(name.path for name in (*STORAGES, *TENSOR_KINDS))}
CONSTANTS = {f"torch.{dtype.name}": dtype for dtype in dtypes.DTYPES}


# ---- what came out

ATOMS = {
    type(None), bool, int, float, complex, str, bytes, bytearray,
    dtypes.dtype, device, Size, Tensor, Parameter,
}  # fmt: skip
MAX_DEPTH = 100  # levels of lists in dicts in tuples …
MAX_KEY = 1000  # parts of a tuple that is a key


def _is(value: Any, kind: Any) -> Any:
    """The value, if it is of exactly this type."""
    if type(value) is not kind:
        raise LoadError(
            f"expected {kind.__name__} but got {type(value).__name__}"
        )
    return value


def hashable(key: Any) -> Any:
    """A key of a dict or a set whose hash is quickly known."""
    parts = [key]
    for part in parts:  # it grows while it is read
        if type(part) is tuple:
            parts.extend(part)
        elif type(part) not in ATOMS - {bytearray}:
            raise LoadError(f"a key of type {type(part).__name__}")
        if len(parts) > MAX_KEY:
            raise LoadError(f"a key of more than {MAX_KEY} parts")
    return key


def parts_of(obj: Any) -> list[Any]:
    """What an object holds; a type that no file may hold is refused."""
    if type(obj) in (list, tuple, set):
        return [*obj]
    if type(obj) in (dict, Counter, OrderedDict):
        attached = vars(obj).values() if type(obj) is OrderedDict else ()
        return [*obj.keys(), *obj.values(), *attached]
    if type(obj) not in ATOMS:
        raise LoadError(f"a {type(obj).__name__} outside of its place")
    return [*attributes(obj).values()] if isinstance(obj, Tensor) else []


def check_depth(root: Any) -> None:
    """Refuse what is nested so deep that printing it would fail."""
    heights: dict[int, int] = {}
    path = [(root, iter(parts_of(root)))]
    heights[id(root)] = 0
    while path:
        obj, rest = path[-1]
        part = next(rest, path)
        if part is path:
            path.pop()
            if path:
                above = id(path[-1][0])
                heights[above] = max(heights[above], heights[id(obj)] + 1)
        elif id(part) in heights:  # seen, or a list that holds itself
            heights[id(obj)] = max(heights[id(obj)], heights[id(part)] + 1)
        else:
            heights[id(part)] = 0
            path.append((part, iter(parts_of(part))))
        if len(path) > MAX_DEPTH or heights[id(obj)] > MAX_DEPTH:
            raise LoadError(f"nested deeper than {MAX_DEPTH} levels")
