"""Attention of several heads as a layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from ..ops.creation import empty
from ..tensor import Tensor
from . import functional as F
from . import init
from ._attention_functions import canonical_mask
from .linear import Linear
from .module import Module
from .parameter import Parameter

__all__ = ["MultiheadAttention"]


class NonDynamicallyQuantizableLinear(Linear):
    """A Linear by the name that torch gives to this one."""


class MultiheadAttention(Module):
    """Each head attends on its share of the features (Vaswani et al., 2017)

    query (L, N, E), key (S, N, kdim), value (S, N, vdim) -> y (L, N, E),
    weights (N, L, S); N comes first if batch_first
    in_proj_weight (3 E, E), or q_, k_ and v_proj_weight where kdim or vdim
    differ; out_proj is a Linear
    """

    bias_k: Parameter | None
    bias_v: Parameter | None

    def __init__(self, embed_dim: int, num_heads: int, dropout: float = 0.0,
                 bias: bool = True, add_bias_kv: bool = False,
                 add_zero_attn: bool = False, kdim: int | None = None,
                 vdim: int | None = None, batch_first: bool = False,
                 device: Any = None, dtype: Any = None):
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                "embed_dim and num_heads must be greater than 0, got "
                f"embed_dim={embed_dim} and num_heads={num_heads} instead")
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == self.vdim == embed_dim
        self.num_heads, self.dropout = num_heads, dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != embed_dim:
            raise AssertionError("embed_dim must be divisible by num_heads")
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        self._make_projections(bias, made)
        self.out_proj = NonDynamicallyQuantizableLinear(
            embed_dim, embed_dim, bias=bias, **made)
        if add_bias_kv:
            self.bias_k = Parameter(empty((1, 1, embed_dim), **made))
            self.bias_v = Parameter(empty((1, 1, embed_dim), **made))
        else:
            self.bias_k = self.bias_v = None
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()

    def _make_projections(self, bias: bool, made: dict) -> None:
        e, apart = self.embed_dim, not self._qkv_same_embed_dim
        sizes = {"q_proj_weight": (e, e), "k_proj_weight": (e, self.kdim),
                 "v_proj_weight": (e, self.vdim)}
        if not apart:
            self.in_proj_weight = Parameter(empty((3 * e, e), **made))
        for name, size in sizes.items():
            self.register_parameter(name, Parameter(
                empty(size, **made)) if apart else None)
        if apart:
            self.register_parameter("in_proj_weight", None)
        self.register_parameter("in_proj_bias", Parameter(
            empty(3 * e, **made)) if bias else None)

    def _reset_parameters(self) -> None:
        for weight in (self.in_proj_weight, self.q_proj_weight,
                       self.k_proj_weight, self.v_proj_weight):
            if weight is not None:
                init.xavier_uniform_(weight)
        if self.in_proj_bias is not None:
            init.constant_(self.in_proj_bias, 0.0)
            init.constant_(self.out_proj.bias, 0.0)
        for bias in (self.bias_k, self.bias_v):
            if bias is not None:
                init.xavier_normal_(bias)

    def forward(self, query: Tensor, key: Tensor, value: Tensor,
                key_padding_mask: Tensor | None = None,
                need_weights: bool = True, attn_mask: Tensor | None = None,
                average_attn_weights: bool = True, is_causal: bool = False
                ) -> tuple[Tensor, Tensor | None]:
        for name, mask in (("attn_mask", attn_mask),
                           ("key_padding_mask", key_padding_mask)):
            if mask is not None and not isinstance(mask, Tensor):
                raise TypeError(f"forward(): argument '{name}' must be "
                                f"Tensor, not {type(mask).__name__}")
            if mask is not None and mask.dtype.is_floating_point:
                break  # torch: it looks at the other mask only later
        key_padding_mask = canonical_mask(
            key_padding_mask, "key_padding_mask", attn_mask, "attn_mask",
            query.dtype)
        attn_mask = canonical_mask(attn_mask, "attn_mask", None, "",
                                   query.dtype)
        turned = self.batch_first and query.dim() == 3
        if turned:
            query, key, value = (
                x.transpose(0, 1) for x in (query, key, value))
        y, weights = F.multi_head_attention_forward(
            query, key, value, self.embed_dim, self.num_heads,
            self.in_proj_weight, self.in_proj_bias, self.bias_k, self.bias_v,
            self.add_zero_attn, self.dropout, self.out_proj.weight,
            self.out_proj.bias, self.training, key_padding_mask,
            need_weights, attn_mask, not self._qkv_same_embed_dim,
            self.q_proj_weight, self.k_proj_weight, self.v_proj_weight,
            average_attn_weights=average_attn_weights, is_causal=is_causal)
        return (y.transpose(0, 1) if turned else y), weights


class SDPBackend(Enum):
    """torch's kernels for attention; here the plain formula computes."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4

    def __int__(self) -> int:
        return self.value


@contextmanager
def sdpa_kernel(backends: list[SDPBackend] | SDPBackend,
                set_priority: bool = False) -> Iterator[None]:
    """with sdpa_kernel(SDPBackend.MATH): kernels chosen for a block of code;
    every choice computes the same attention here."""
    if not isinstance(backends, (list, SDPBackend)):
        raise AssertionError(
            "Backend must be an instance of SDPBackend or a list of "
            f"SDPBackend instances, got {type(backends).__name__}")
    yield
