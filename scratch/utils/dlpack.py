"""torch.utils.dlpack: tensors handed to other libraries, and taken."""

from __future__ import annotations

from typing import Any

from ..ops.sharing import from_dlpack
from ..tensor import Tensor

__all__ = ["from_dlpack", "to_dlpack"]


def to_dlpack(tensor: Tensor) -> Any:
    """A capsule with the memory of a tensor, to be taken once."""
    return tensor.__dlpack__(max_version=(1, 0))
