"""nn.functional's embeddings: indices and norms are checked here."""

from __future__ import annotations

from ..ops.embedding import embedding as read_rows
from ..ops.embedding import embedding_renorm_
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
