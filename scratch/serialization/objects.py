"""The names in a saved file: how each kind is taken apart and put together.

A saved file names torch's functions: "call torch._utils._rebuild_tensor_v2
with this storage, offset, size and stride". Writing an object means to name
its call (APART); reading means to run our own function of that name (CALLS),
which checks its arguments first. What is not in the tables is refused.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

from scratch import dtypes
from scratch.device import device
from scratch.nn.parameter import Buffer, Parameter
from scratch.serialization.archive import LoadError
from scratch.serialization.checks import (
    exact,
    hashable,
    set_attributes,
    show,
)
from scratch.serialization.tensors import (
    FROM_TYPE,
    Call,
    Name,
    make_old_tensor,
    make_parameter,
    make_parameter_with_state,
    make_tensor,
    parameter_apart,
    tensor_apart,
)
from scratch.size import Size
from scratch.tensor import Tensor


def make_complex(real: float, imag: float) -> complex:
    return complex(exact(real, float), exact(imag, float))


def make_bytes(text: str = "", code: str = "latin1") -> bytes:
    if code not in ("latin1", "latin-1"):
        raise LoadError(f"bytes as {code!r}, expected 'latin1'")
    return exact(text, str).encode("latin1")


def make_bytearray(data: bytes = b"") -> bytearray:
    return bytearray(exact(data, bytes))


def make_set(members: list) -> set:
    return set(map(hashable, exact(members, list)))


def make_counter(counts: dict) -> Counter:
    return Counter(exact(counts, dict))


def make_ordered(pairs: Any = ()) -> OrderedDict:
    # Python 2 wrote its items as a list of [key, value].
    return OrderedDict((hashable(key), value) for key, value in pairs)


def make_size(sizes: tuple) -> Size:
    return Size(exact(n, int) for n in sizes)


def make_device(kind: str, index: int | None = None) -> device:
    return device(
        exact(kind, str), index if index is None else exact(index, int)
    )


def make_from_type(make: Any, kind: Any, args: tuple, state: dict) -> Any:
    """A tensor that carries attributes of its user."""
    if make not in TENSOR_CALLS or exact(kind, Name) not in TENSOR_KINDS:
        raise LoadError(f"a tensor made by {show(make)} as {show(kind)}")
    x = CALLS[make.path](*exact(args, tuple))
    if TENSOR_KINDS[kind] is not type(x):
        raise LoadError(f"{make.path} made as {kind.path}")
    return set_attributes(x, state)


# ---- the tables

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
