"""nn.functional's embeddings: indices and norms are checked here."""

from __future__ import annotations

import warnings

from .. import dtypes
from ..ops.bags import bag_rows
from ..ops.embedding import embedding as read_rows
from ..ops.embedding import embedding_renorm_
from ..ops.sequences import arange
from ..tensor import Tensor


def embedding(input: Tensor, weight: Tensor, padding_idx: int | None = None,
              max_norm: float | None = None, norm_type: float = 2.0,
              scale_grad_by_freq: bool = False,
              sparse: bool = False) -> Tensor:
    """i (*), W (V, D) -> y (*, D): yᵢ = W[i]

    With max_norm the rows that are read are first cut, in W itself.
    """
    place = -1
    if padding_idx is not None:
        place = row_of(padding_idx, weight.size(0))
    if max_norm is not None:
        embedding_renorm_(weight.detach(), input, max_norm, norm_type)
    return read_rows(weight, input, place, scale_grad_by_freq, sparse)


def row_of(padding_idx: int, count: int) -> int:
    """padding_idx counted from the front."""
    if padding_idx < -count or 0 < padding_idx and padding_idx >= count:
        raise AssertionError("Padding_idx must be within num_embeddings")
    return padding_idx + count if padding_idx < 0 else padding_idx


def embedding_bag(input: Tensor, weight: Tensor,
                  offsets: Tensor | None = None,
                  max_norm: float | None = None, norm_type: float = 2,
                  scale_grad_by_freq: bool = False, mode: str = "mean",
                  sparse: bool = False,
                  per_sample_weights: Tensor | None = None,
                  include_last_offset: bool = False,
                  padding_idx: int | None = None) -> Tensor:
    """The sum, mean or maximum of the rows W[i] of each bag, W (V, D)

    i (B, N) -> y (B, D); or i (N), the bags one after the other, with the
    place where each begins in `offsets` (B)
    """
    if weight.dtype is dtypes.int64 and input.is_floating_point():
        warnings.warn(
            "Argument order of nn.functional.embedding_bag was changed. "
            "Usage `embedding_bag(weight, input, ...)` is deprecated, and "
            "should now be `embedding_bag(input, weight, ...)`.",
            stacklevel=3)
        weight, input = input, weight
    share = per_sample_weights
    if share is not None and input.shape != share.shape:
        raise ValueError(
            f"embedding_bag: If per_sample_weights ({share.shape}) is not "
            "None, then it must have the same shape as the input "
            f"({input.shape})")
    if weight.dim() != 2:
        raise ValueError("weight has to be a 2D Tensor, but got Tensor of "
                         f"dimension {weight.dim()}")
    if input.dim() == 2:
        check_no_offsets(offsets)
        offsets = arange(0, input.numel(), max(input.size(1), 1))
        input, include_last_offset = input.reshape(-1), False
        share = None if share is None else share.reshape(-1)
    offsets = check_words(input, offsets)
    check_mode(mode, scale_grad_by_freq, sparse, share)
    if max_norm is not None:
        embedding_renorm_(weight.detach(), input, max_norm, norm_type)
    return bag_rows(weight, input, offsets, mode, scale_grad_by_freq, share,
                    include_last_offset, padded_row(padding_idx, weight))


def check_no_offsets(offsets: Tensor | None) -> None:
    if offsets is not None:
        raise ValueError(
            "if input is 2D, then offsets has to be None, as input is "
            "treated is a mini-batch of fixed length sequences. However, "
            f"found offsets of type {type(offsets)}")


def check_words(input: Tensor, offsets: Tensor | None) -> Tensor:
    """The offsets, that a row of words in one piece needs."""
    if input.dim() != 1:
        raise ValueError("input has to be 1D or 2D Tensor, but got Tensor of"
                         f" dimension {input.dim()}")
    if offsets is None:
        raise ValueError("offsets has to be a 1D Tensor but got None")
    if offsets.dim() != 1:
        raise ValueError("offsets has to be a 1D Tensor")
    return offsets


def check_mode(mode: str, scale_grad_by_freq: bool, sparse: bool,
               weights: Tensor | None) -> None:
    """Refuse a mode that is none, or does not go with the rest."""
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("max mode does not support scaling the gradient by "
                         "the frequency")
    if mode == "max" and sparse:
        raise ValueError("max mode does not support sparse weights")
    if weights is not None and mode != "sum":
        raise NotImplementedError(
            "embedding_bag: per_sample_weights was not None. per_sample_"
            "weights is only supported for mode='sum' (got mode="
            f"'{mode}'). Please open a feature request on GitHub.")


def padded_row(padding_idx: int | None, weight: Tensor) -> int:
    """padding_idx counted from the front; -1 for none"""
    n = weight.size(0)
    if padding_idx is None:
        return -1
    if not -n <= padding_idx < n:
        raise RuntimeError(
            "padding_idx must be within the number of embeddings, "
            f"{-n} through {n - 1}, but got {padding_idx}")
    return padding_idx % n
