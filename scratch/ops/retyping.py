"""The memory of a tensor, read as numbers of another type."""

from __future__ import annotations

from .. import dtypes
from ..tensor import Tensor, wrap
from .operands import torch_name


def view_dtype(x: Tensor, dtype: dtypes.dtype) -> Tensor:
    """The bytes of x read as numbers of another type."""
    if x.array.itemsize != dtype.itemsize:
        check_sizes(x, dtype)
    y = wrap(x.array.view(dtype.numpy))
    y.version = x.version
    return y


def check_sizes(x: Tensor, dtype: dtypes.dtype) -> None:
    """Numbers that lie so that they are also numbers of another size."""
    a = x.array
    about = (f"to view {torch_name(x.dtype)} as {torch_name(dtype)} "
             "(different element sizes)")
    if not a.ndim:
        raise RuntimeError(f"self.dim() cannot be 0 {about}")
    many = max(dtype.itemsize // a.itemsize, 1)
    steps = [(f"stride({d})", x.stride(d)) for d in range(a.ndim - 1)]
    for name, n in (("size(-1)", a.shape[-1]),
                    ("storage_offset()", x.storage_offset()),
                    ("stride(-1)", x.stride(-1)), *steps):
        if name == "stride(-1)" and n != 1:
            raise RuntimeError(f"self.{name} must be 1 {about}, but got {n}")
        if name != "stride(-1)" and n % many:
            raise RuntimeError(f"self.{name} must be divisible by {many} "
                               f"{about}, but got {n}")
