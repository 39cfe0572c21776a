"""Size: the shape of a tensor, a tuple that counts its elements."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from operator import index
from typing import Any, SupportsIndex


class Size(tuple):
    """The sizes of a tensor's dimensions."""

    __slots__ = ()

    def __new__(cls, sizes: Iterable[Any] = (), /) -> Size:
        return size_of(_whole(i, n) for i, n in enumerate(sizes))

    def numel(self) -> int:
        """How many elements a tensor of this size has."""
        return prod(self)

    def __repr__(self) -> str:
        return f"torch.Size([{', '.join(map(str, self))}])"

    def __getitem__(self, index: Any) -> Any:
        found = tuple.__getitem__(self, index)
        return size_of(found) if isinstance(index, slice) else found

    def __add__(self, other: Any) -> Size:
        if not isinstance(other, tuple):
            raise TypeError(
                "can only concatenate tuple (not "
                f"{type(other).__name__}) to torch.Size"
            )
        return Size((*self, *other))

    def __radd__(self, other: Any) -> Size:
        if not isinstance(other, tuple):
            return NotImplemented
        return Size((*other, *self))

    def __mul__(self, times: SupportsIndex) -> Size:
        if not hasattr(times, "__index__"):
            return NotImplemented
        return size_of(tuple.__mul__(self, times))

    __rmul__ = __mul__

    def __reduce__(self) -> Any:
        return Size, (tuple(self),)


def size_of(shape: Iterable[int]) -> Size:
    """A Size of numbers that are known to be ints: NumPy's shapes."""
    return tuple.__new__(Size, shape)


def _whole(i: int, n: Any) -> int:
    """Item i of a size as an int, or torch's refusal."""
    try:
        return index(n)
    except TypeError:
        raise TypeError(
            "torch.Size() takes an iterable of 'int' (item "
            f"{i} is '{type(n).__name__}')"
        ) from None
