"""torch.types: names of kinds of arguments, for annotations.

def load(file: torch.types.FileLike, where: torch.types.Device) -> Tensor: …
"""

from __future__ import annotations

import os
from builtins import bool as _bool  # noqa: F401 - torch's names of Python's
from builtins import bytes as _bytes  # noqa: F401
from builtins import complex as _complex  # noqa: F401
from builtins import float as _float  # noqa: F401
from builtins import int as _int  # noqa: F401
from builtins import str as _str  # noqa: F401
from collections.abc import Sequence
from typing import IO, TypeAlias

from .device import device as _device
from .dtypes import dtype as _dtype  # noqa: F401
from .layouts import layout as _layout  # noqa: F401
from .size import Size
from .storage import TypedStorage, UntypedStorage
from .tensor import Tensor

__all__ = ["Number", "Device", "FileLike", "Storage"]

Number: TypeAlias = int | float | bool
Device: TypeAlias = _device | str | int | None  # None: the default one
FileLike: TypeAlias = str | os.PathLike[str] | IO[bytes]
Storage: TypeAlias = TypedStorage | UntypedStorage

_Number = (int, float, bool)  # for isinstance
_size: TypeAlias = Size | list[int] | tuple[int, ...]
_TensorOrTensors: TypeAlias = Tensor | Sequence[Tensor]
_TensorOrOptionalTensors: TypeAlias = Tensor | Sequence[Tensor | None]
IntLikeType: TypeAlias = int
FloatLikeType: TypeAlias = float
BoolLikeType: TypeAlias = bool
