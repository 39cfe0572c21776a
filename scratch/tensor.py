"""The Tensor: an array, its gradient, and the step that made it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from . import dtypes
from .attached import Attaching
from .device import CPU, device, require_cpu
from .kernels.copies import copied
from .layouts import strided
from .modes import modes
from .node import Leaf, node_of, shown
from .printing import tensor_str
from .size import Size, size_of

_told: list[bool] = []  # that a number takes no gradient along


class Tensor(Attaching):
    """An array that remembers how it was computed.

    array: the NumPy array that holds the numbers.
    version: a counter in a list of one, shared with every view: how often
        the storage was written to in place.
    _node: this tensor's place in the graph; None if it needs no gradient.
    _view: for a view of another tensor, how to look at that tensor again.
    _grad: the gradient that `backward` gathered.
    lies: the numbers in an order of memory that nobody has seen (unseen.py).
    """

    array: np.ndarray
    version: list[int]
    _node: Any = None
    _view: Any = None
    _grad: Tensor | None = None
    _retains = False
    lies: Any = None

    __array_priority__ = 1000  # NumPy gives way to our operators

    def __new__(cls, *data: Any, device: Any = None, **named: Any) -> Any:
        """torch's old constructor: sizes, or numbers in the default dtype."""
        self = object.__new__(cls)
        if named:
            raise TypeError(f"new(): unexpected arguments {[*named]}")
        require_cpu(device)
        number = dtypes.get_default_dtype().numpy
        if data and all(isinstance(n, (int, np.integer))
                        and not isinstance(n, bool) for n in data):
            self.array = np.zeros(data, number)
        elif not data or isinstance(data[0], Size):
            self.array = np.zeros(data[0] if data else 0, number)
        elif isinstance(data[0], Tensor):
            return data[0].as_subclass(cls)
        elif isinstance(data[0], str):
            raise TypeError("new(): invalid data type 'str'")
        elif not isinstance(data[0], (Sequence, np.ndarray)):
            raise TypeError("new(): data must be a sequence "
                            f"(got {type(data[0]).__name__})")
        else:
            self.array = np.array(data[0], number)
        self.version = [0]
        return self

    # ---- what it is

    def __getattr__(self, name: str) -> Any:
        """`array` where unseen.py left it open how the numbers lie."""
        lies = self.lies if name == "array" else None
        if lies is None:
            raise AttributeError(
                f"'{type(self).__name__}' object has no attribute '{name}'")
        self.array = np.ascontiguousarray(lies)
        del self.lies
        return self.array

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        a = self.lies
        return size_of(self.array.shape if a is None else a.shape)

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        a = self.lies
        return self.array.ndim if a is None else a.ndim

    @property
    def dtype(self) -> dtypes.dtype:
        """The type of the numbers."""
        a = self.lies
        return dtypes.of(self.array.dtype if a is None else a.dtype)

    @property
    def device(self) -> device:
        """Where the numbers are: always the CPU."""
        return CPU

    @property
    def _version(self) -> int:
        return self.version[0]

    @property
    def _base(self) -> Tensor | None:
        """The tensor in whose memory this one looks; None for no view."""
        base = None if self._view is None else self._view.base
        above = None if base is None else base._view
        return base if above is None else above.base

    def _is_view(self) -> bool:
        return self._view is not None

    @property
    def itemsize(self) -> int:
        """Bytes of one element."""
        return self.array.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.array.nbytes

    is_cuda = is_sparse = is_quantized = is_meta = is_mps = is_xpu = False
    is_cpu = True
    layout = strided

    # ---- its place in the graph

    @property
    def requires_grad(self) -> bool:
        """Whether backward computes a gradient for this tensor."""
        return node_of(self) is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if not isinstance(wanted, bool):
            raise RuntimeError("requires_grad must be a bool")
        if wanted and self.is_leaf and self.array.dtype.kind not in "fc":
            raise RuntimeError("only Tensors of floating point and complex "
                               "dtype can require gradients")
        self.requires_grad_(wanted)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Ask for a gradient (or not): only of leaves, of floats only."""
        if not isinstance(requires_grad, bool):
            raise TypeError(
                "requires_grad_(): argument 'requires_grad' (position 1) "
                f"must be bool, not {type(requires_grad).__name__}")
        if not self.is_leaf:
            if requires_grad:
                return self
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables."
                " If you want to use a computed variable in a subgraph that"
                " doesn't require differentiation use "
                "var_no_grad = var.detach().")
        if not requires_grad:
            self._node = None
        elif self.array.dtype.kind not in "fc":
            raise RuntimeError(
                "only Tensors of floating point dtype can require gradients")
        elif self._node is None:
            self._node = Leaf(self)
        return self

    @property
    def is_leaf(self) -> bool:
        """Whether nobody computed it: its gradient goes to `.grad`."""
        node = node_of(self)
        return node is None or node.is_leaf

    @property
    def grad_fn(self) -> Any:
        """The step that made this tensor; None for a leaf."""
        node = node_of(self)
        return None if node is None or node.is_leaf else shown(node)

    @property
    def output_nr(self) -> int:
        """Which output of its step this is; each step here has one."""
        return 0

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward has added up here."""
        if self._grad is None and not self._retains and not self.is_leaf:
            warnings.warn(
                "The .grad attribute of a Tensor that is not a leaf Tensor "
                "is being accessed. Its .grad attribute won't be populated "
                "during autograd.backward(). If you indeed want the .grad "
                "field to be populated for a non-leaf Tensor, use "
                ".retain_grad() on the non-leaf Tensor.",
                UserWarning, stacklevel=2)
        return self._grad

    @grad.setter
    def grad(self, g: Tensor | None) -> None:
        if g is not None and not isinstance(g, Tensor):
            raise TypeError(
                "assigned grad expected to be a Tensor or None but got grad "
                f"of type {type(g).__name__}")
        if g is self:
            raise RuntimeError("can't assign Variable as its own grad")
        if g is not None and g.array.shape != self.array.shape:
            raise RuntimeError(
                f"attempting to assign a gradient of size '{[*g.shape]}' to "
                f"a tensor of size '{[*self.shape]}'. Please ensure that the"
                " gradient and the tensor are the same size")
        if g is not None and g.array.dtype != self.array.dtype:
            raise RuntimeError(
                f"attempting to assign a gradient with dtype '{g.dtype}' to "
                f"a tensor with dtype '{self.dtype}'. The gradient must "
                "match the tensor's dtype")
        self._grad = g

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    def detach(self) -> Tensor:
        """The same numbers in the same memory, outside the graph."""
        other = wrap(self.array)
        other.version = self.version
        return other

    @property
    def data(self) -> Tensor:
        """As detach, but its changes are not counted: use with care."""
        return wrap(self.array)

    @data.setter
    def data(self, other: Tensor) -> None:
        if not isinstance(other, Tensor):
            raise TypeError(
                "Variable data has to be a tensor, but got "
                f"{type(other).__name__}")
        self.array = other.array
        if self._node is not None and self._node.is_leaf:
            self._node.shape = other.array.shape
            self._node.dtype = other.array.dtype

    # ---- to Python and NumPy

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The numbers as a NumPy array in the same memory."""
        if self.requires_grad and not force:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. Use "
                "tensor.detach().numpy() instead.")
        return self.array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __array_wrap__(self, array: Any, context: Any = None,
                       return_scalar: bool = False) -> Tensor:
        array = np.asarray(array)  # torch: what is true counts as one
        return wrap(array.astype("u1") if array.dtype == "?" else array)

    def item(self) -> Any:
        """The one element as a Python number."""
        if self.array.size != 1:
            raise RuntimeError(
                f"a Tensor with {self.array.size} elements cannot be "
                "converted to Scalar")
        return self.array.item()

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers."""
        return self.array.tolist()

    def _number(self) -> Any:
        if self.array.size != 1:
            raise ValueError(
                "only one element tensors can be converted to Python scalars")
        return self.array.item()

    def _leaving(self) -> Any:
        """The number; torch: says, once, that no gradient goes with it."""
        if modes.recording and not _told and self.requires_grad:
            _told.append(True)
            warnings.warn(
                "Converting a tensor with requires_grad=True to a scalar may "
                "lead to unexpected behavior.\nConsider using tensor.detach("
                ") first.", UserWarning, stacklevel=3)
        return self._number()

    def __float__(self) -> float:
        return float(dtypes.real(self._leaving(), "double"))

    def __int__(self) -> int:
        return int(dtypes.real(self._leaving(), "int64_t"))

    def __complex__(self) -> complex:
        return complex(self._leaving())

    def __index__(self) -> int:
        if self.array.size != 1 or self.array.dtype.kind not in "iub":
            raise TypeError(
                "only integer tensors of a single element can be converted "
                "to an index")
        return int(self.array.item())

    def __bool__(self) -> bool:
        if self.array.size != 1:
            raise RuntimeError(
                "Boolean value of Tensor with "
                f"{'more than one value' if self.array.size else 'no values'}"
                " is ambiguous")
        return bool(self.array.item())

    def __len__(self) -> int:
        if self.array.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return len(self.array)

    def __contains__(self, element: Any) -> bool:
        if not isinstance(element, (Tensor, *dtypes.NUMBERS)):
            raise RuntimeError(
                "Tensor.__contains__ only supports Tensor or scalar, but you "
                f"passed in a {type(element)}.")
        return bool((element == self).any())  # type: ignore[union-attr]

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        step = self.grad_fn
        text = tensor_str(self.array, self.dtype, self.requires_grad,
                          None if step is None else step.name().split(":")[-1],
                          type_name=type(self).__name__,
                          contents=tensor_contents)
        return f"Parameter({text})" if "_is_param" in vars(self) else text

    def __format__(self, spec: str) -> str:
        if self.array.ndim == 0 and type(self) is Tensor:
            return self.array.item().__format__(spec)
        return object.__format__(self, spec)

    def __reduce__(self) -> Any:
        # torch: its gradient and its history stay behind
        return rebuild, (type(self), self.array, self.requires_grad,
                         added_to(self))

    def __deepcopy__(self, memo: dict) -> Tensor:
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) "
                "support the deepcopy protocol at the moment.  If you were "
                "attempting to deepcopy a module, this may be because of a "
                "torch.nn.utils.weight_norm usage, see https://github.com/"
                "pytorch/pytorch/pull/103001")
        if id(self) not in memo:
            twin = rebuild(type(self), copied(self.array, memo),
                           self._node is not None, {})
            twin.version = memo.setdefault(("version", id(self.version)), [0])
            memo[id(self)] = twin
            if self._grad is not None:
                twin._grad = self._grad.__deepcopy__(memo)
            vars(twin).update(deepcopy(added_to(self), memo))
        return memo[id(self)]


def added_to(x: Tensor) -> dict:
    """What has been set on a tensor that tensors do not have by themselves."""
    return dict(vars(x))


def rebuild(kind: type, array: np.ndarray, requires_grad: bool,
            attributes: dict) -> Tensor:
    """A tensor from its parts: what unpickling and deepcopy call."""
    x: Any = object.__new__(kind)
    x.array, x.version = array, [0]
    vars(x).update(attributes)
    if requires_grad:
        x._node = Leaf(x)
    return x


_new = object.__new__


def wrap(array: Any) -> Tensor:
    """A tensor around an array (or a NumPy scalar), sharing its memory."""
    x = _new(Tensor)
    x.array = array if type(array) is np.ndarray else np.asarray(array)
    x.version = [0]
    return x

