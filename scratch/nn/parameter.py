"""Parameters and buffers: the tensors that a module keeps."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import dtypes
from ..device import require_cpu
from ..node import Leaf
from ..overriding import disabled
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
    gradient by itself. What is computed from it is a plain tensor.
    """

    __torch_function__ = disabled  # type: ignore[assignment]

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
    __torch_function__ = disabled  # type: ignore[assignment]

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


class UninitializedTensorMixin:
    """A tensor whose size is not known yet; its dtype is."""

    cls_to_become: Any
    _kind: np.dtype
    _learns: bool
    __torch_function__ = disabled

    def materialize(self, shape: Any, device: Any = None,
                    dtype: Any = None) -> None:
        """From now on a tensor of this shape, its numbers not yet set."""
        kind = self._kind if dtype is None else dtype.numpy
        self.__class__ = self.cls_to_become
        whole: Any = self
        whole.array, whole.version = np.empty(tuple(shape), kind), [0]
        if self._learns:
            whole._node = Leaf(whole)

    @property
    def array(self) -> np.ndarray:
        """Refused: there are no numbers yet."""
        raise ValueError(
            "Attempted to use an uninitialized parameter. This error happens"
            " when you are using a `LazyModule` or explicitly manipulating "
            f"`torch.nn.parameter.{type(self).__name__}` objects. When using"
            " LazyModules Call `forward` with a dummy batch to initialize "
            "the parameters before calling torch functions")

    @property
    def shape(self) -> Any:
        """Refused: it is not known."""
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer."
            " This error usually happens in `load_state_dict` when trying to"
            " load an uninitialized parameter into an initialized one. Call "
            "`forward` to initialize the parameters before accessing their "
            "attributes.")

    @property
    def dtype(self) -> dtypes.dtype:
        """The type that the numbers will have."""
        return dtypes.of(self._kind)

    @property
    def requires_grad(self) -> bool:
        """Whether it will ask for a gradient."""
        return self._learns

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Whether it will ask for a gradient."""
        self._learns = requires_grad
        return self

    @property
    def data(self) -> Tensor:
        """No numbers: what a program writes there is lost, as in torch."""
        x = _empty()
        x.array = x.array.astype(self._kind)
        return x

    def detach(self) -> Any:
        """Itself: there are no numbers to share."""
        return self

    def is_floating_point(self) -> bool:
        """Whether its dtype is a float."""
        return self._kind.kind == "f"

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return f"<{type(self).__name__}>"

    def __deepcopy__(self, memo: dict) -> Any:
        if id(self) not in memo:
            memo[id(self)] = type(self)(  # type: ignore[call-arg]
                self._learns, None, self.dtype)
        return memo[id(self)]

    def __reduce_ex__(self, proto: Any) -> Any:
        return type(self), (self._learns,)


def _unknown(kind: type, requires_grad: bool, device: Any,
             dtype: Any) -> Any:
    require_cpu(device)
    self: Any = object.__new__(kind)
    self._kind = (dtype or dtypes.get_default_dtype()).numpy
    self._learns = requires_grad
    return self


class UninitializedParameter(  # type: ignore[misc, override]
        UninitializedTensorMixin, Parameter):
    """A parameter whose size the first input will tell."""

    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None,
                dtype: Any = None) -> Any:
        return _unknown(cls, requires_grad, device, dtype)

    def __init__(self, requires_grad: bool = True, device: Any = None,
                 dtype: Any = None):
        pass


class UninitializedBuffer(  # type: ignore[misc, override]
        UninitializedTensorMixin, Tensor):
    """A buffer whose size the first input will tell."""

    cls_to_become = Tensor

    def __new__(cls, requires_grad: bool = False, device: Any = None,
                dtype: Any = None, persistent: bool = True) -> Any:
        self = _unknown(cls, requires_grad, device, dtype)
        self.persistent = persistent
        return self

    def __init__(self, requires_grad: bool = False, device: Any = None,
                 dtype: Any = None, persistent: bool = True):
        pass


def is_lazy(param: Any) -> bool:
    """Whether it is a parameter or buffer of unknown size."""
    return isinstance(param, UninitializedTensorMixin)


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
