"""Sequences of different lengths in one tensor, and out of it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from ... import dtypes
from ...ops.creation import as_tensor, full
from ...ops.operands import check_tensor, named
from ...ops.sequences import arange
from ...tensor import Tensor, wrap

__all__ = ["PackedSequence", "invert_permutation", "pack_padded_sequence",
           "pad_packed_sequence", "pad_sequence", "unpad_sequence",
           "pack_sequence", "unpack_sequence"]


def pad_sequence(
    sequences: Iterable[Tensor],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Side by side, the shorter ones filled up to T, the longest length.

    B sequences (Lᵢ, *) -> (T, B, *), with batch_first (B, T, *); of the
    dtype of the first
    """
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            "pad_sequence: Expected iterable for input sequences, but got "
            f"arg of type: {type(sequences)}"
        )
    parts = list(sequences)
    if not parts:
        raise RuntimeError("received an empty list of sequences")
    for i, x in enumerate(parts):
        if not isinstance(x, Tensor):
            raise TypeError(
                f"expected Tensor as element {i} in argument 0, but got "
                f"{type(x).__name__}"
            )
    if padding_side not in ("left", "right"):
        raise RuntimeError(
            "Expected padding_side to be one of left or right, but got "
            f"{padding_side}."
        )
    if not parts[0].shape:
        raise RuntimeError("ArrayRef: invalid slice, N = 1; size = 0")
    longest = max(x.shape[0] for x in parts)
    lengths = (len(parts), longest) if batch_first else (longest, len(parts))
    shape = (*lengths, *parts[0].shape[1:])
    y = full(shape, padding_value, dtype=parts[0].dtype)
    for i, x in enumerate(parts):
        n = x.shape[0]
        start = 0 if padding_side == "right" else longest - n
        row = y.select(0 if batch_first else 1, i)
        row.narrow(0, start, n).copy_(x)
    return y


def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False
) -> list[Tensor]:
    """The first Lᵢ entries of each sequence: undoes pad_sequence.

    (T, B, *), with batch_first (B, T, *) -> B sequences (Lᵢ, *)
    """
    x = padded_sequences
    rows = x if batch_first else x.transpose(0, 1)
    place = arange(rows.shape[1], device=lengths.device)
    return [row[place < n] for row, n in zip(
        rows, lengths, strict=True)]


# ---- packed: without the filling, the rows of each time together


class PackedParts(NamedTuple):
    """What a PackedSequence consists of."""

    data: Any
    batch_sizes: Any
    sorted_indices: Any
    unsorted_indices: Any


class PackedSequence(PackedParts):
    """Sequences of different lengths, the longest first, time by time.

    data (Σ Lᵢ, *): the first entries of all, then the second ones, …;
    batch_sizes (T): how many go on at each time; sorted_indices: where
    each stood before, if they were sorted; unsorted_indices: the way back
    """

    def __new__(cls, data: Any, batch_sizes: Any = None,
                sorted_indices: Any = None,
                unsorted_indices: Any = None) -> PackedSequence:
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        if batch_sizes is None:
            if not isinstance(data, (list, tuple)) or len(data) != 2:
                raise AssertionError(
                    "Expected data to be a list or tuple of length 2")
            data, batch_sizes = data
        return super().__new__(cls, data, batch_sizes, sorted_indices,
                               unsorted_indices)

    def __repr__(self) -> str:
        parts = zip(self._fields, self)
        return f"{type(self).__name__}(" + ", ".join(
            f"{name}={part!r}" for name, part in parts) + ")"

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The data in another dtype (or on a device)."""
        data = self.data.to(*args, **kwargs)
        if data is self.data:
            return self
        return type(self)(data, *self[1:])

    def cpu(self) -> PackedSequence:
        """The sequences themselves: they are on the CPU."""
        return self.to("cpu")

    def cuda(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """Refused: no GPU is used here."""
        return self.to(*args, **{"device": "cuda", **kwargs})

    def pin_memory(self) -> PackedSequence:
        """The sequences with their data in pinned memory."""
        return type(self)(self.data.pin_memory(), *self[1:])

    def is_pinned(self) -> bool:
        """Whether the data lie in pinned memory."""
        return self.data.is_pinned()

    @property
    def is_cuda(self) -> bool:
        """Whether the data are on a GPU: never."""
        return self.data.is_cuda

    def double(self) -> PackedSequence:
        """As float64."""
        return self.to(dtypes.float64)

    def float(self) -> PackedSequence:
        """As float32."""
        return self.to(dtypes.float32)

    def half(self) -> PackedSequence:
        """As float16."""
        return self.to(dtypes.float16)

    def long(self) -> PackedSequence:
        """As int64."""
        return self.to(dtypes.int64)

    def int(self) -> PackedSequence:
        """As int32."""
        return self.to(dtypes.int32)

    def short(self) -> PackedSequence:
        """As int16."""
        return self.to(dtypes.int16)

    def char(self) -> PackedSequence:
        """As int8."""
        return self.to(dtypes.int8)

    def byte(self) -> PackedSequence:
        """As uint8."""
        return self.to(dtypes.uint8)


def invert_permutation(permutation: Tensor | None) -> Tensor | None:
    """p⁻¹[p[i]] = i"""
    if permutation is None:
        return None
    back = np.empty_like(permutation.array)
    back[permutation.array] = np.arange(back.size)
    return wrap(back)


def pack_padded_sequence(input: Tensor, lengths: Any,
                         batch_first: bool = False,
                         enforce_sorted: bool = True) -> PackedSequence:
    """x (T, B, *), with batch_first (B, T, *), of which sequence i takes Lᵢ

    Unless enforce_sorted, the lengths may be in any order.
    """
    if not isinstance(lengths, Tensor):
        lengths = as_tensor(lengths, dtype=dtypes.int64)
    lengths = lengths.to(dtypes.int64)
    order = None
    if not enforce_sorted:
        lengths, order = lengths.sort(descending=True)
        input = input.index_select(0 if batch_first else 1, order)
    check_tensor(input, "_pack_padded_sequence")
    if not input.numel():
        raise RuntimeError("Cannot pack empty tensors.")
    x = input.transpose(0, 1) if batch_first else input
    check_lengths(lengths, x.size(1))
    where, sizes = standing(lengths.array, x.shape[1])
    rows = x.reshape(-1, *x.shape[2:]).index_select(0, wrap(where))
    return PackedSequence(named(rows, "PackPaddedSequenceBackward0"),
                          wrap(sizes), order)


def standing(lengths: np.ndarray, count: int) -> tuple:
    """Where the rows of a packed sequence stand in a padded (T · B, *)
    one, and how many there are at each time."""
    time = np.arange(lengths.max(initial=0))
    goes_on = lengths > time[:, None]
    sizes = goes_on.sum(1)
    t, i = np.nonzero(goes_on)
    return t * count + i, sizes


def check_lengths(lengths: Tensor, count: int) -> None:
    """Refuse lengths that are not one for each, at least 1, falling."""
    a = lengths.array
    if a.ndim != 1:
        raise RuntimeError("'lengths' argument should be a 1D CPU int64 "
                           f"tensor, but got {a.ndim}D cpu Long tensor")
    if len(a) != count:
        raise RuntimeError("Expected `len(lengths)` to be equal to "
                           f"batch_size, but got {len(a)} (batch_size="
                           f"{count})")
    if a[-1] <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an "
            "element in 'lengths' that is <= 0")
    if (a[1:] > a[:-1]).any():
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when "
            "`enforce_sorted` is True. You can pass `enforce_sorted=False` "
            "to pack_padded_sequence and/or pack_sequence to sidestep this "
            "requirement if you do not need ONNX exportability.")


def pad_packed_sequence(sequence: PackedSequence, batch_first: bool = False,
                        padding_value: Any = 0.0,
                        total_length: Any = None) -> tuple[Tensor, Tensor]:
    """Undoes pack_padded_sequence -> y (T, B, *) or (B, T, *), lengths (B)

    T is the longest length, or total_length if that is given.
    """
    sizes = sequence.batch_sizes.array
    total = len(sizes)
    if total_length is not None:
        if total_length < total:
            raise ValueError(
                "Expected total_length to be at least the length of the "
                "longest sequence in input, but got total_length="
                f"{total_length} and max sequence length being {total}")
        total = total_length
    x, count = sequence.data, int(sizes[0])
    lengths = (sizes[:, None] > np.arange(count)).sum(0)
    where, _ = standing(lengths, count)
    y = full((total * count, *x.shape[1:]), padding_value, dtype=x.dtype)
    y = y.index_copy(0, wrap(where), x).view(total, count, *x.shape[1:])
    y = named(y, "CopySlices")
    y, many = y.transpose(0, 1) if batch_first else y, wrap(lengths)
    back = sequence.unsorted_indices
    if back is None:
        return y, many
    return y.index_select(0 if batch_first else 1, back), many[back]


def pack_sequence(sequences: Any,
                  enforce_sorted: bool = True) -> PackedSequence:
    """B sequences (Lᵢ, *), packed"""
    lengths = as_tensor([x.size(0) for x in sequences])
    return pack_padded_sequence(pad_sequence(sequences), lengths,
                                enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences (Lᵢ, *) that were packed"""
    padded, lengths = pad_packed_sequence(packed_sequences, True)
    return unpad_sequence(padded, lengths, True)
