"""Parameters and buffers: the tensors that a module keeps."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..node import Leaf
from ..tensor import Tensor


class _ParameterType(type):
    """torch: a tensor of any class that is marked is a Parameter, too."""

    def __instancecheck__(cls, instance: Any) -> bool:
        if type.__instancecheck__(cls, instance):
            return True
        return (cls is Parameter and isinstance(instance, Tensor)
                and getattr(instance, "_is_param", False))


class Parameter(Tensor, metaclass=_ParameterType):
    """A tensor that a module registers when it is assigned to one.

    It shares the memory of `data` and, unlike other tensors, requires a
    gradient by itself.
    """

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Any:
        if data is None:
            data = _empty()
        if not isinstance(data, Tensor):
            raise AttributeError(
                f"'{type(data).__name__}' object has no attribute 'detach'")
        self: Any
        if type(data) is Tensor or isinstance(data, Parameter):
            self = object.__new__(cls)
        else:
            self = object.__new__(type(data))
            self._is_param = True
        if requires_grad and data.array.dtype.kind not in "fc":
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can "
                "require gradients")
        self.array, self.version = data.array, data.version
        if requires_grad:
            self._node = Leaf(self)
        return self

    def __init__(self, data: Any = None, requires_grad: bool = True):
        pass  # __new__ has done it: data may be of a class of its own

    # the stub says the same, but mypy reads it by the method's own `str`
    def __repr__(  # type: ignore[override]
        self, *, tensor_contents: Any = None
    ) -> str:
        text = super().__repr__()
        if type(self) is not Parameter:
            text = f"Parameter({text})"  # torch: a class derived from it
        return "Parameter containing:\n" + text

    def __deepcopy__(self, memo: dict) -> Any:
        if id(self) not in memo:
            copy = self.detach()
            copy.array = self.array.copy(order="K")
            copy.version = [0]
            # torch: the copy starts without a gradient
            memo[id(self)] = type(self)(copy, self.requires_grad)
        return memo[id(self)]


class Buffer(Tensor):
    """A tensor that a module registers as a buffer when it is assigned.

    persistent: whether it is part of the module's state_dict.
    """

    persistent: bool

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Any:
        data = _empty() if data is None else data
        self = object.__new__(cls)
        self.array, self.version = data.array, data.version
        self.persistent = persistent
        if data.requires_grad:
            self._node = Leaf(self)
        return self

    def __init__(self, data: Any = None, *, persistent: bool = True):
        pass  # as for a Parameter


def _empty() -> Tensor:
    x = object.__new__(Tensor)
    x.array = np.empty(0, dtypes.get_default_dtype().numpy)
    x.version = [0]
    return x


def typename(value: Any) -> str:
    """The class of a value as torch's messages write it."""
    if isinstance(value, Tensor):
        return tensor_type(value)
    home, name = type(value).__module__, type(value).__qualname__
    return name if home in ("builtins", None) else f"{home}.{name}"


def tensor_type(x: Tensor) -> str:
    """torch's old name of a tensor's type: torch.FloatTensor."""
    kind = {"float16": "Half", "float32": "Float", "float64": "Double",
            "uint8": "Byte", "int8": "Char", "int16": "Short",
            "int32": "Int", "int64": "Long", "bool": "Bool",
            "complex64": "ComplexFloat", "complex128": "ComplexDouble"}
    return f"torch.{kind[x.dtype.name]}Tensor"
