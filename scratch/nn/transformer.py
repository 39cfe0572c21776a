"""The Transformer's encoder and decoder (Vaswani et al., 2017)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ..ops.creation import full
from ..ops.kinds import check_comparable
from ..tensor import Tensor
from . import functional as F
from . import init
from ._attention_functions import canonical_mask
from .attention import MultiheadAttention
from .container import ModuleList
from .dropout import Dropout
from .linear import Linear
from .module import Module
from .normalization import LayerNorm

__all__ = ["TransformerEncoderLayer", "TransformerEncoder",
           "TransformerDecoderLayer", "TransformerDecoder", "Transformer"]


class _Layer(Module):
    """What encoder and decoder share: a net of two linear maps for every
    place, and how a part is added to its input and normalized."""

    norm_first: bool
    activation: Callable

    def _make_net(self, d_model: int, dim_feedforward: int, dropout: float,
                  bias: bool, made: dict) -> None:
        self.linear1 = Linear(d_model, dim_feedforward, bias, **made)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, **made)

    def _ff(self, x: Tensor) -> Tensor:
        return self.linear2(self.dropout(self.activation(self.linear1(x))))

    def _residual(self, x: Tensor, norm: Module, part: Callable) -> Tensor:
        """norm(x + part(x)), or x + part(norm(x)) if norm_first."""
        return x + part(norm(x)) if self.norm_first else norm(x + part(x))


def activation_of(activation: Any) -> Callable:
    """A function, by its name or itself."""
    named: dict[str, Callable] = {"relu": F.relu, "gelu": F.gelu}
    if not isinstance(activation, str):
        return activation
    if activation not in named:
        raise RuntimeError(
            f"activation should be relu/gelu, not {activation}")
    return named[activation]


def masks(x: Tensor, mask: Tensor | None, padding: Tensor | None,
          name: str) -> tuple[Tensor | None, Tensor | None]:
    """The masks of a sequence as what is added to the scores."""
    padding = canonical_mask(padding, f"{name}_key_padding_mask", mask,
                             f"{name}_mask", x.dtype)
    return canonical_mask(mask, f"{name}_mask", None, "", x.dtype), padding


def check_sequence(x: Tensor, layer: Module) -> None:
    """x is a sequence, and the first layer attends."""
    if not hasattr(layer, "self_attn"):
        raise AttributeError("a Transformer's layer must have 'self_attn', "
                             f"but got {type(layer).__name__}")
    if not x.ndim:
        raise IndexError("a Transformer's input must be a sequence of two or "
                         "three dimensions, but got a number")


class TransformerEncoderLayer(_Layer):
    """Attention of a sequence on itself, then a net for every place

    src (S, N, d_model), or (N, S, d_model) if batch_first -> the same
    """

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048,
                 dropout: float = 0.1, activation: Any = F.relu,
                 layer_norm_eps: float = 1e-5, batch_first: bool = False,
                 norm_first: bool = False, bias: bool = True,
                 device: Any = None, dtype: Any = None):
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        super().__init__()
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, **made)
        self._make_net(d_model, dim_feedforward, dropout, bias, made)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, **made)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, **made)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.activation = activation_of(activation)

    def forward(self, src: Tensor, src_mask: Tensor | None = None,
                src_key_padding_mask: Tensor | None = None,
                is_causal: bool = False) -> Tensor:
        mask, padding = masks(src, src_mask, src_key_padding_mask, "src")

        def attend(x: Tensor) -> Tensor:
            return self.dropout1(self.self_attn(
                x, x, x, padding, False, mask, is_causal=is_causal)[0])

        x = self._residual(src, self.norm1, attend)
        return self._residual(
            x, self.norm2, lambda x: self.dropout2(self._ff(x)))


class TransformerDecoderLayer(_Layer):
    """Attention of a sequence on itself, then on a memory, then a net

    tgt (T, N, d_model), memory (S, N, d_model) -> (T, N, d_model)
    """

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048,
                 dropout: float = 0.1, activation: Any = F.relu,
                 layer_norm_eps: float = 1e-5, batch_first: bool = False,
                 norm_first: bool = False, bias: bool = True,
                 device: Any = None, dtype: Any = None):
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        super().__init__()
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, **made)
        self.multihead_attn = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, **made)
        self._make_net(d_model, dim_feedforward, dropout, bias, made)
        self.norm_first = norm_first
        self.norm1, self.norm2, self.norm3 = (LayerNorm(
            d_model, layer_norm_eps, bias=bias, **made) for _ in range(3))
        self.dropout1, self.dropout2, self.dropout3 = (
            Dropout(dropout) for _ in range(3))
        self.activation = activation_of(activation)

    def forward(self, tgt: Tensor, memory: Tensor,
                tgt_mask: Tensor | None = None,
                memory_mask: Tensor | None = None,
                tgt_key_padding_mask: Tensor | None = None,
                memory_key_padding_mask: Tensor | None = None,
                tgt_is_causal: bool = False,
                memory_is_causal: bool = False) -> Tensor:
        def itself(x: Tensor) -> Tensor:
            return self.dropout1(self.self_attn(
                x, x, x, tgt_key_padding_mask, False, tgt_mask,
                is_causal=tgt_is_causal)[0])

        def other(x: Tensor) -> Tensor:
            return self.dropout2(self.multihead_attn(
                x, memory, memory, memory_key_padding_mask, False,
                memory_mask, is_causal=memory_is_causal)[0])

        x = self._residual(tgt, self.norm1, itself)
        x = self._residual(x, self.norm2, other)
        return self._residual(
            x, self.norm3, lambda x: self.dropout3(self._ff(x)))


class TransformerEncoder(Module):
    """num_layers copies of an encoder layer, and a norm at the end

    torch: in evaluation it may leave padded places out (nested tensors),
    which then are 0; here they are computed like the others.
    """

    def __init__(self, encoder_layer: Module, num_layers: int,
                 norm: Module | None = None,
                 enable_nested_tensor: bool = True, mask_check: bool = True):
        super().__init__()
        self.layers = ModuleList(
            copy.deepcopy(encoder_layer) for _ in range(num_layers))
        self.num_layers, self.norm = num_layers, norm
        self.enable_nested_tensor = enable_nested_tensor
        check_comparable(enable_nested_tensor, "TransformerEncoder(): "
                         "argument 'enable_nested_tensor'")
        self.use_nested_tensor, self.mask_check = False, mask_check

    def forward(self, src: Tensor, mask: Tensor | None = None,
                src_key_padding_mask: Tensor | None = None,
                is_causal: bool | None = None) -> Tensor:
        mask, padding = masks(src, mask, src_key_padding_mask, "src")
        check_sequence(src, self.layers[0])
        for layer in self.layers:
            src = layer(src, mask, padding, is_causal is True)
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Module):
    """num_layers copies of a decoder layer, and a norm at the end."""

    def __init__(self, decoder_layer: Module, num_layers: int,
                 norm: Module | None = None):
        super().__init__()
        self.layers = ModuleList(
            copy.deepcopy(decoder_layer) for _ in range(num_layers))
        self.num_layers, self.norm = num_layers, norm

    def forward(self, tgt: Tensor, memory: Tensor,
                tgt_mask: Tensor | None = None,
                memory_mask: Tensor | None = None,
                tgt_key_padding_mask: Tensor | None = None,
                memory_key_padding_mask: Tensor | None = None,
                tgt_is_causal: bool | None = None,
                memory_is_causal: bool = False) -> Tensor:
        check_sequence(tgt, self.layers[0])
        for layer in self.layers:
            tgt = layer(tgt, memory, tgt_mask, memory_mask,
                        tgt_key_padding_mask, memory_key_padding_mask,
                        tgt_is_causal is True, memory_is_causal)
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(Module):
    """An encoder reads the source, a decoder writes the target from it

    src (S, N, d_model), tgt (T, N, d_model) -> (T, N, d_model);
    (N, S, d_model) and so on if batch_first. Matrices are drawn by
    init.xavier_uniform_. Vaswani et al., 2017, figure 1.
    """

    def __init__(self, d_model: int = 512, nhead: int = 8,
                 num_encoder_layers: int = 6, num_decoder_layers: int = 6,
                 dim_feedforward: int = 2048, dropout: float = 0.1,
                 activation: Any = F.relu, custom_encoder: Any = None,
                 custom_decoder: Any = None, layer_norm_eps: float = 1e-5,
                 batch_first: bool = False, norm_first: bool = False,
                 bias: bool = True, device: Any = None, dtype: Any = None):
        super().__init__()
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        options = (d_model, nhead, dim_feedforward, dropout, activation,
                   layer_norm_eps, batch_first, norm_first, bias)

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, **made)

        self.encoder = custom_encoder
        if custom_encoder is None:
            self.encoder = TransformerEncoder(TransformerEncoderLayer(
                *options, **made), num_encoder_layers, norm())
        self.decoder = custom_decoder
        if custom_decoder is None:
            self.decoder = TransformerDecoder(TransformerDecoderLayer(
                *options, **made), num_decoder_layers, norm())
        for p in self.parameters():
            if p.dim() > 1:
                init.xavier_uniform_(p)
        self.d_model, self.nhead = d_model, nhead
        self.batch_first = batch_first

    def forward(self, src: Tensor, tgt: Tensor,
                src_mask: Tensor | None = None,
                tgt_mask: Tensor | None = None,
                memory_mask: Tensor | None = None,
                src_key_padding_mask: Tensor | None = None,
                tgt_key_padding_mask: Tensor | None = None,
                memory_key_padding_mask: Tensor | None = None,
                src_is_causal: bool | None = None,
                tgt_is_causal: bool | None = None,
                memory_is_causal: bool = False) -> Tensor:
        batch = 0 if self.batch_first else 1
        if src.dim() == 3 and src.size(batch) != tgt.size(batch):
            raise RuntimeError(
                "the batch number of src and tgt must be equal")
        if {src.size(-1), tgt.size(-1)} != {self.d_model}:
            raise RuntimeError("the feature number of src and tgt must be "
                               "equal to d_model")
        memory = self.encoder(src, src_mask, src_key_padding_mask,
                              src_is_causal)
        return self.decoder(tgt, memory, tgt_mask, memory_mask,
                            tgt_key_padding_mask, memory_key_padding_mask,
                            tgt_is_causal, memory_is_causal)

    @staticmethod
    def generate_square_subsequent_mask(
            sz: int, device: Any = None, dtype: Any = None) -> Tensor:
        """(sz, sz) -> what is added to scores: 0, and -inf for the future"""
        return full((sz, sz), float("-inf"), dtype=dtype,
                    device=device).triu(1)
