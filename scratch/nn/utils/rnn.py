"""Sequences of different lengths in one tensor, and out of it again."""

from __future__ import annotations

from collections.abc import Iterable

from ...ops.creation import full
from ...ops.sequences import arange
from ...tensor import Tensor

__all__ = ["pad_sequence", "unpad_sequence"]


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
    return [row[place < n] for row, n in zip(rows, lengths)]
