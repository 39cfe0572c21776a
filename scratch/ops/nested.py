"""Numbers in nested sequences, read as torch.tensor reads them."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from .. import dtypes
from ..tensor import Tensor

PLAIN = {bool, int, float, complex}


def read(data: Any, wanted: np.dtype | None) -> np.ndarray:
    """The numbers of a scalar or of sequences in sequences.

    In `wanted`; without it in the dtype that the numbers give together:
    plain numbers count as the default dtypes, arrays, tensors and NumPy's
    numbers as their own. Rows must be of one length.
    """
    size = size_of(data)
    if wanted is None:
        wanted = inferred(data).numpy
    if 0 in size:  # torch: nothing is read, so nothing is looked at
        return np.zeros(size, wanted)
    found: list = []
    collect(data, size, 0, found)
    return stored(found, wanted).reshape(size)


def is_row(data: Any) -> bool:
    """Whether torch looks into it: a sequence that is no tensor."""
    if isinstance(data, (list, tuple, np.ndarray, str)):
        return True
    return not isinstance(data, (Tensor, dict, bytes, np.generic)) and all(
        hasattr(type(data), name) for name in ("__getitem__", "__len__"))


def size_of(data: Any) -> list[int]:
    """The size that the first entries tell."""
    size: list[int] = []
    while is_row(data):
        if isinstance(data, str):
            if not size:
                raise TypeError("new(): invalid data type 'str'")
            raise ValueError("too many dimensions 'str'")
        size.append(len(data))
        if not size[-1]:
            break
        data = data[0]
    return size


def inferred(data: Any) -> dtypes.dtype:
    """The dtype of all these numbers together."""
    if isinstance(data, Tensor):
        return data.dtype
    if isinstance(data, (np.ndarray, np.generic)):
        return dtypes.of(data.dtype)
    if isinstance(data, dtypes.NUMBERS):
        return dtypes.of_number(data)
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    if not is_row(data):
        raise RuntimeError(
            f"Could not infer dtype of {type(data).__name__}")
    kinds = set(map(type, data))
    if kinds <= PLAIN:
        parts = {dtypes.of_number(kind(0)) for kind in kinds}
    else:
        parts = {inferred(part) for part in data}
    if not parts:
        return dtypes.get_default_dtype()
    result = parts.pop()
    for other in parts:
        result = dtypes.promote_types(result, other)
    return result


def collect(data: Any, size: list[int], dim: int, found: list) -> None:
    """Append the numbers of `data`, whose rows have these sizes, in order."""
    if dim == len(size):
        found.append(data)
        return
    if not is_row(data):
        raise TypeError("not a sequence")
    if len(data) != size[dim]:
        raise ValueError(f"expected sequence of length {size[dim]} at dim "
                         f"{dim} (got {len(data)})")
    if isinstance(data, np.ndarray) and data.shape == (*size[dim:],):
        found.extend(data.ravel().tolist())
    elif dim + 1 == len(size):
        found.extend(data)
    else:
        for row in data:
            collect(row, size, dim + 1, found)


def stored(found: list, wanted: np.dtype) -> np.ndarray:
    """Numbers as an array of that dtype, which must hold them."""
    kinds = set(map(type, found))
    if not kinds <= PLAIN:
        found = [plain(part, wanted) for part in found]
        kinds = set(map(type, found))
    if complex in kinds and wanted.kind in "iuf":
        refuse(complex, wanted)
    if float in kinds and wanted.kind in "iu":
        check_whole(found, wanted)
    if wanted.kind == "b":
        return np.array([bool(part) for part in found])
    if wanted.kind in "iu" and kinds <= {bool, int}:
        return within(found, wanted)
    return np.array(found).astype(wanted)


def plain(part: Any, wanted: np.dtype) -> Any:
    """One entry as a plain number."""
    if isinstance(part, Tensor):
        one = part.array.size == 1
        if wanted.kind in "iu" and not (
                one and part.array.dtype.kind in "biu"):
            raise TypeError("only integer tensors of a single element can "
                            "be converted to an index")
        if not one:
            raise ValueError("only one element tensors can be converted to "
                             "Python scalars")
        return part.array.item()
    if isinstance(part, np.generic):
        return part.item()
    if isinstance(part, dtypes.NUMBERS):
        return part
    if part is None or is_row(part):
        refuse(type(part), wanted)
    number: Any = {"i": operator.index, "u": operator.index, "f": float,
              "c": complex, "b": bool}[wanted.kind]
    return number(part)


def refuse(kind: type, wanted: np.dtype) -> None:
    """Say, as Python does, that this is no number of that dtype."""
    if wanted.kind in "iu":
        raise TypeError(
            f"'{kind.__name__}' object cannot be interpreted as an integer")
    raise TypeError(f"must be real number, not {kind.__name__}")


def check_whole(found: list, wanted: np.dtype) -> None:
    """Refuse floats whose whole part the dtype cannot hold."""
    bounds = np.iinfo(wanted)
    values = np.array(found, np.float64)
    if not ((values >= bounds.min) & (values < bounds.max + 1.0)).all():
        raise RuntimeError(f"value cannot be converted to type {wanted} "
                           "without overflow")


def within(found: list, wanted: np.dtype) -> np.ndarray:
    """Whole numbers as an array of that dtype, which must hold them.

    torch: -1 as uint8 wraps around, what is longer does not.
    """
    bounds = np.iinfo(wanted)
    most, least = max(found), min(found)
    if not -2 ** 63 <= least <= most < 2 ** 63:
        raise ValueError("Overflow when unpacking long long")
    if most > bounds.max or least < min(bounds.min, -int(bounds.max)):
        raise RuntimeError(f"value cannot be converted to type {wanted} "
                           "without overflow")
    return np.array(found, np.int64).astype(wanted)
