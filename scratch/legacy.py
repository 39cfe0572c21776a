"""The old types: torch.FloatTensor and its kin, one for each dtype."""

from __future__ import annotations

import warnings
from typing import Any

from . import dtypes
from .device import require_cpu
from .layouts import strided
from .ops.constructor import made
from .tensor import Tensor

NAMES = {
    "FloatTensor": dtypes.float32,
    "DoubleTensor": dtypes.float64,
    "HalfTensor": dtypes.float16,
    "ByteTensor": dtypes.uint8,
    "CharTensor": dtypes.int8,
    "ShortTensor": dtypes.int16,
    "IntTensor": dtypes.int32,
    "LongTensor": dtypes.int64,
    "BoolTensor": dtypes.bool,
    "BFloat16Tensor": dtypes.bfloat16,
}


class tensortype(type):
    """The kind of FloatTensor: it makes tensors of one dtype.

    dtype: of its tensors;  is_cuda: whether they lie on a GPU.
    """

    dtype: dtypes.dtype
    is_cuda: bool
    is_sparse = False
    layout = strided

    def __call__(cls, *data: Any, device: Any = None) -> Tensor:
        """FloatTensor(2, 3) of that size, or FloatTensor([[1, 2]])."""
        require_cpu("cuda" if cls.is_cuda else device)
        return made(cls.dtype, data)

    def __instancecheck__(cls, x: Any) -> bool:
        return (
            isinstance(x, Tensor) and not cls.is_cuda and x.dtype is cls.dtype
        )

    def __repr__(cls) -> str:
        return f"<class '{cls.__module__}.{cls.__name__}'>"


def types(home: str, is_cuda: bool) -> dict[str, tensortype]:
    """The types of a module, by name."""
    return {
        name: tensortype(
            name, (), {"__module__": home, "dtype": dtype, "is_cuda": is_cuda}
        )
        for name, dtype in NAMES.items()
    }


TYPES = types("torch", False)
CUDA_TYPES = types("torch.cuda", True)


def set_default_tensor_type(t: Any, /) -> None:
    """Choose the dtype of new floating-point tensors by an old type."""
    if isinstance(t, str):
        home, _, name = t.rpartition(".")
        found = {"torch": TYPES, "torch.cuda": CUDA_TYPES}.get(home, {})
        if name not in found:
            raise TypeError(f"invalid type object: {t}")
        t = found[name]
    if not isinstance(t, tensortype):
        raise TypeError(
            "invalid type object: only floating-point types are "
            "supported as the default type"
        )
    require_cpu("cuda" if t.is_cuda else None)
    dtypes.set_default_dtype(t.dtype)
    warnings.warn(
        "torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, "
        "please use torch.set_default_dtype() and torch.set_default_device() "
        "as alternatives.",
        UserWarning,
        stacklevel=2,
    )
