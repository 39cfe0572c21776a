"""nn.functional's attention (Vaswani et al., 2017): each query takes a mean
of the values, weighted by how well their keys fit it."""

from __future__ import annotations

import math
import warnings
from typing import Any

from .. import dtypes
from ..ops import dropout as drops
from ..ops.combine import cat
from ..ops.creation import ones
from ..ops.kinds import typed
from ..ops.linear import linear
from ..ops.operands import check_broadcast
from ..ops.padding import pad
from ..ops.softmax import softmax
from ..tensor import Tensor


@typed(query="Tensor", key="Tensor", value="Tensor", attn_mask="Tensor?",
       dropout_p="float", is_causal="bool", scale="float?",
       enable_gqa="bool")
def scaled_dot_product_attention(
        query: Tensor, key: Tensor, value: Tensor,
        attn_mask: Tensor | None = None, dropout_p: float = 0.0,
        is_causal: bool = False, scale: float | None = None,
        enable_gqa: bool = False) -> Tensor:
    """y = softmax(q kᵀ scale + mask) v, scale = 1 / √E if not given

    q (*, L, E), k (*, S, E), v (*, S, V), mask (*, L, S) -> y (*, L, V);
    a mask of bools is True where a key takes part, is_causal hides keys
    behind the query's place, enable_gqa shares keys among groups of heads.
    """
    check_attention(query, key, value, attn_mask, is_causal)
    if not 0 <= dropout_p <= 1:
        raise RuntimeError("dropout probability has to be between 0 and 1, "
                           f"but got dropout_p={dropout_p}")
    if enable_gqa:
        key, value = (shared(x, query.size(-3)) for x in (key, value))
    if is_causal:
        attn_mask = ones(query.size(-2), key.size(-2),
                         dtype=dtypes.bool).tril()
    left, right = roots(query.size(-1), scale)
    scores = (query * left) @ (key * right).mT
    if attn_mask is not None:
        if check_broadcast(scores.shape, attn_mask.shape) != scores.shape:
            raise RuntimeError(
                f"attn_mask of shape {[*attn_mask.shape]} must broadcast to "
                f"the scores' shape {[*scores.shape]}")
        scores = scores + added(attn_mask, query.dtype)
    weights = weights_of(scores)
    if dropout_p > 0:
        weights = drops.dropout(weights, dropout_p, True)
    return weights @ value


def weights_of(scores: Tensor) -> Tensor:
    """softmax over the keys; 0 where a query sees no key at all."""
    lost = (scores == -math.inf).all(-1, keepdim=True)
    if not lost.any():
        return softmax(scores, -1)
    weights = softmax(scores.masked_fill(lost, 0.0), -1)
    return weights.masked_fill(lost, 0.0)


def roots(features: int, scale: float | None) -> tuple[float, float]:
    """The factors of queries and keys, so that neither grows too much."""
    if scale is None:
        root = 1 / math.sqrt(math.sqrt(features)) if features else math.inf
        return root, root
    root = math.sqrt(abs(scale))
    return (-root if scale < 0 else root), root


def shared(x: Tensor, heads: int) -> Tensor:
    """Keys or values (*, few, S, E), each for several of the heads."""
    few = x.size(-3)
    if not few or heads % few or heads < few:
        raise RuntimeError(
            "Number of heads in key and value must divide the number of "
            f"heads in query, but got {few} and {heads}")
    return x.repeat_interleave(heads // few, -3)


def check_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None,
                    is_causal: bool) -> None:
    """Tensors of one dtype, at least matrices; one mask at most."""
    if not q.dtype == k.dtype == v.dtype:
        raise RuntimeError(
            "Expected query, key, and value to have the same dtype, but got "
            f"query.dtype: {q.dtype} key.dtype: {k.dtype} and value.dtype: "
            f"{v.dtype} instead.")
    if min(q.ndim, k.ndim, v.ndim) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 "
            f"dimensional, but got query.dim(): {q.ndim}, key.dim(): "
            f"{k.ndim} and value.dim(): {v.ndim} instead.")
    if mask is not None and is_causal:
        raise RuntimeError(
            "scaled_dot_product_attention: Explicit attn_mask should not be "
            "set when is_causal=True")
    if mask is not None and mask.dtype not in (dtypes.bool, q.dtype):
        raise RuntimeError(
            "Expected attn_mask dtype to be bool or float or to match query "
            f"dtype, but got attn_mask.dtype: {mask.dtype} and  query.dtype:"
            f" {q.dtype} instead.")


def added(mask: Tensor, dtype: Any) -> Tensor:
    """What a mask adds to scores: 0 where True, -∞ where False."""
    if mask.dtype != dtypes.bool:
        return mask
    return mask.new_zeros(mask.shape, dtype=dtype).masked_fill(
        ~mask, -math.inf)


# ---- several heads

def canonical_mask(mask: Tensor | None, name: str, other: Tensor | None,
                   other_name: str, dtype: Any) -> Tensor | None:
    """A mask to add, from one that is True where nobody may look."""
    if other is not None and not isinstance(other, Tensor):
        raise RuntimeError(f"{other_name} must be None or a Tensor, not "
                           f"{type(other).__name__}")
    if mask is None:
        return None
    if not isinstance(mask, Tensor):
        raise AttributeError(f"{name} must be None or a Tensor, not "
                             f"{type(mask).__name__}")
    if mask.dtype != dtypes.bool and not mask.dtype.is_floating_point:
        raise AssertionError(
            f"only bool and floating types of {name} are supported")
    if other is not None and other.dtype != mask.dtype:
        warnings.warn(
            f"Support for mismatched {name} and {other_name} is deprecated. "
            "Use same type for both instead.", stacklevel=4)
    return mask if mask.dtype != dtypes.bool else added(~mask, dtype)


def multi_head_attention_forward(
        query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: int,
        num_heads: int, in_proj_weight: Tensor | None,
        in_proj_bias: Tensor | None, bias_k: Tensor | None,
        bias_v: Tensor | None, add_zero_attn: bool, dropout_p: float,
        out_proj_weight: Tensor, out_proj_bias: Tensor | None,
        training: bool = True, key_padding_mask: Tensor | None = None,
        need_weights: bool = True, attn_mask: Tensor | None = None,
        use_separate_proj_weight: bool = False,
        q_proj_weight: Tensor | None = None,
        k_proj_weight: Tensor | None = None,
        v_proj_weight: Tensor | None = None, static_k: Tensor | None = None,
        static_v: Tensor | None = None, average_attn_weights: bool = True,
        is_causal: bool = False) -> tuple[Tensor, Tensor | None]:
    """Attention of num_heads heads, each on its share of the E features

    query (L, N, E), key and value (S, N, E) -> y (L, N, E) and the weights
    (N, L, S), averaged over the heads if asked.
    """
    batched = check_shapes(query, key, value, key_padding_mask, attn_mask,
                           num_heads)
    if not batched:
        query, key, value = (x.unsqueeze(1) for x in (query, key, value))
        if key_padding_mask is not None:
            key_padding_mask = key_padding_mask.unsqueeze(0)
    padding, mask = masks_to_add(query, key_padding_mask, attn_mask,
                                 is_causal, need_weights)
    check_sizes(query, key, value, embed_dim_to_check, num_heads,
                use_separate_proj_weight)
    matrices = (q_proj_weight, k_proj_weight, v_proj_weight) if (
        use_separate_proj_weight) else (
        in_proj_weight.chunk(3))  # type: ignore[union-attr]
    if use_separate_proj_weight:
        check_projections(query, key, value, matrices)
    biases = (None,) * 3 if in_proj_bias is None else in_proj_bias.chunk(3)
    q, k, v = (linear(x, w, b) for x, w, b in zip(
        (query, key, value), matrices, biases))  # type: ignore[arg-type]
    n = query.size(1)
    if bias_k is not None and bias_v is not None:
        k = cat([k, bias_k.repeat(1, n, 1)])
        v = cat([v, bias_v.repeat(1, n, 1)])
    mask = merged_mask(query, key, padding, mask, num_heads)
    width = query.size(-1) // num_heads
    heads = [x.reshape(len(x), n, num_heads, width).permute(1, 2, 0, 3)
             for x in (q, k, v)]  # (N, heads, L or S, E / heads)
    for i, given in ((1, static_k), (2, static_v)):
        if given is not None:
            heads[i] = given.reshape(n, num_heads, *given.shape[1:])
    if add_zero_attn:
        heads[1:] = [cat([x, x.new_zeros(*x.shape[:2], 1, x.size(3))], 2)
                     for x in heads[1:]]
    if mask is not None and heads[1].size(2) > mask.size(-1):
        mask = pad(mask, (0, heads[1].size(2) - mask.size(-1)))
    y, weights = attend(heads[0], heads[1], heads[2], mask,
                        dropout_p if training else 0.0,
                        is_causal if padding is None else False,
                        need_weights)
    y = y.permute(2, 0, 1, 3).reshape(*query.shape)
    y = linear(y, out_proj_weight, out_proj_bias)
    if weights is not None and average_attn_weights:
        weights = weights.mean(1)
    if batched:
        return y, weights
    return y.squeeze(1), None if weights is None else weights.squeeze(0)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, p: float,
           is_causal: bool, need_weights: bool
           ) -> tuple[Tensor, Tensor | None]:
    """Attention of (N, heads, L, E), with its weights if they are wanted."""
    if not need_weights:
        return scaled_dot_product_attention(
            q, k, v, mask, p, is_causal), None
    scores = (q * math.sqrt(1.0 / q.size(-1))) @ k.mT
    weights = softmax(scores if mask is None else scores + mask, -1)
    if p > 0:
        weights = drops.dropout(weights, p, True)
    return weights @ v, weights


def masks_to_add(query: Tensor, padding: Tensor | None, mask: Tensor | None,
                 is_causal: bool, need_weights: bool
                 ) -> tuple[Tensor | None, Tensor | None]:
    """Both masks as what is added to the scores."""
    padding = canonical_mask(padding, "key_padding_mask", mask, "attn_mask",
                             query.dtype)
    if is_causal and mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. You may use "
            "the Transformer module method `generate_square_subsequent_mask`"
            " to create this mask.")
    if is_causal and padding is None and not need_weights:
        return None, None  # the attention makes it again
    return padding, canonical_mask(mask, "attn_mask", None, "", query.dtype)


def merged_mask(query: Tensor, key: Tensor, padding: Tensor | None,
                mask: Tensor | None, heads: int) -> Tensor | None:
    """What both masks together add to the scores (N, heads, L, S)."""
    (length, n, _), source = query.shape, len(key)
    if mask is not None:
        wanted = (length, source) if mask.ndim == 2 else (
            n * heads, length, source)
        if mask.shape != wanted:
            raise RuntimeError(
                f"The shape of the {mask.ndim}D attn_mask is {mask.shape}, "
                f"but should be {wanted}.")
        if mask.ndim == 3:
            mask = mask.reshape(n, heads, length, source)
    if padding is None:
        return mask
    if padding.shape != (n, source):
        raise AssertionError(
            f"Expected key_padded_mask.shape[0] to be {n} and [1] to be "
            f"{source}, but got {padding.shape}")
    padding = padding.reshape(n, 1, 1, source)
    return padding if mask is None else mask + padding


def check_shapes(q: Tensor, k: Tensor, v: Tensor, padding: Tensor | None,
                 mask: Tensor | None, heads: int) -> bool:
    """Whether the query has a batch; all others must have one as well."""
    if q.dim() not in (2, 3):
        raise AssertionError(
            "query should be unbatched 2D or batched 3D tensor but received "
            f"{q.dim()}-D query tensor")
    ndim = q.dim()
    kind = "batched (3-D)" if ndim == 3 else "unbatched (2-D)"
    if k.dim() != ndim or v.dim() != ndim:
        raise AssertionError(
            f"For {kind} `query`, expected `key` and `value` to be {ndim}-D "
            f"but found {k.dim()}-D and {v.dim()}-D tensors respectively")
    if padding is not None and padding.dim() != ndim - 1:
        raise AssertionError(
            f"For {kind} `query`, expected `key_padding_mask` to be `None` "
            f"or {ndim - 1}-D but found {padding.dim()}-D tensor instead")
    if mask is not None and mask.dim() not in (2, 3):
        raise AssertionError(
            f"For {kind} `query`, expected `attn_mask` to be `None`, 2-D or "
            f"3-D but found {mask.dim()}-D tensor instead")
    if mask is not None and ndim == 2 and mask.dim() == 3 and (
            mask.shape != (heads, len(q), len(k))):
        raise AssertionError(
            f"Expected `attn_mask` shape to be {(heads, len(q), len(k))} but"
            f" got {mask.shape}")
    return ndim == 3


def check_sizes(q: Tensor, k: Tensor, v: Tensor, embed_dim: int, heads: int,
                apart: bool) -> None:
    """Features as promised, divisible by heads; a value for every key."""
    if q.size(2) != embed_dim:
        raise AssertionError(f"was expecting embedding dimension of "
                             f"{embed_dim}, but got {q.size(2)}")
    if embed_dim % heads:
        raise AssertionError(
            f"embed_dim {embed_dim} not divisible by num_heads {heads}")
    if apart and k.shape[:2] != v.shape[:2]:
        raise AssertionError(
            f"key's sequence and batch dims {k.shape[:2]} do not match "
            f"value's {v.shape[:2]}")
    if not apart and k.shape != v.shape:
        raise AssertionError(
            f"key shape {k.shape} does not match value shape {v.shape}")


def check_projections(q: Tensor, k: Tensor, v: Tensor, given: Any) -> None:
    """A matrix (E, features) for each of query, key and value."""
    for name, x, w in zip(("query", "key", "value"), (q, k, v), given):
        if w is None:
            raise AssertionError("use_separate_proj_weight is True but "
                                 f"{name[0]}_proj_weight is None")
        if w.shape != (q.size(-1), x.size(-1)):
            raise AssertionError(
                f"expecting {name} weights shape of "
                f"{(q.size(-1), x.size(-1))}, but got {w.shape}")
