"""Tensors in a saved file: a storage, and how a view of it is laid out."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scratch.nn.parameter import Buffer, Parameter
from scratch.serialization.archive import LoadError
from scratch.serialization.checks import (
    Token,
    attributes,
    exact,
    set_attributes,
    show,
)
from scratch.tensor import Tensor, added_to, wrap


@dataclass(frozen=True)
class Name(Token):
    """A function, class or constant, known by its full name."""

    path: str


class Call:
    """The call that makes an object again."""

    def __init__(self, path: str, *args: Any):
        self.name, self.args = Name(path), args


@dataclass
class Storage(Token):
    """The flat memory under one tensor or several, of one dtype.

    known: whether its numbers have been read
    """

    array: np.ndarray
    location: str = "cpu"
    version: list[int] = field(default_factory=lambda: [0])
    known: bool = True

    @property
    def key(self) -> Any:
        """Equal for two storages that are the same memory."""
        address = self.array.__array_interface__["data"][0]
        return (address, self.array.nbytes) if self.array.size else id(self)


FROM_TYPE = "torch._tensor._rebuild_from_type_v2"


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
    state: Any = attributes(x)
    kind: Any = Name("torch.Tensor")
    if type(x) not in (Tensor, Buffer):  # a class of the user's
        kind, state = type(x), state_of(x)
    elif not state:
        return Call(rebuild, *args)
    return Call(FROM_TYPE, Name(rebuild), kind, args, state)


def state_of(x: Tensor) -> Any:
    """What a user's class of tensors keeps besides the numbers."""
    if type(x).__getstate__ is not object.__getstate__:
        return x.__getstate__()
    return added_to(x)


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
    flat = exact(storage, Storage).array
    if hooks:
        raise LoadError("a tensor with hooks")
    sizes = [exact(n, int) for n in size]
    strides = [exact(n, int) for n in stride]
    check_bounds(flat, exact(offset, int), sizes, strides)
    for name, flag in (metadata or {}).items():
        if name not in ("conj", "neg") or flag is not True:
            raise LoadError(f"a tensor with {show(name)}={show(flag)}")
        if not storage.known:
            raise LoadError(f"a {name} view in torch's format before 1.6")
        flat = np.conj(flat) if name == "conj" else -flat
    if 0 in sizes:
        flat, offset = np.empty(sizes, flat.dtype), 0
        strides = [n // flat.itemsize for n in flat.strides]
    bytes_ = [n * flat.itemsize for n in strides]
    x = wrap(
        np.ndarray(sizes, flat.dtype, flat, offset * flat.itemsize, bytes_)
    )
    x.version = storage.version
    if not exact(requires_grad, bool):
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
    """A Parameter over the numbers that were read; no hooks."""
    if hooks:
        raise LoadError("a parameter with hooks")
    if requires_grad and data.array.dtype.kind not in "fc":
        raise LoadError(f"a parameter of {data.dtype} that requires a gradient")
    x = Parameter(exact(data, Tensor), requires_grad=exact(requires_grad, bool))
    x.version = data.version
    return x


def make_parameter_with_state(
    data: Tensor, requires_grad: bool, hooks: OrderedDict, state: dict
) -> Parameter:
    x = make_parameter(data, requires_grad, hooks)
    return set_attributes(x, state)
