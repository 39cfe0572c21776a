"""The Transformer's encoder and decoder (Vaswani et al., 2017)."""

from __future__ import annotations

import copy
from collections.abc import Callable

from torch import Tensor
from torch.nn import Module, ModuleList

from torchref.nn.activation import relu
from torchref.nn.attention import MultiheadAttention
from torchref.nn.dropout import Dropout
from torchref.nn.init import xavier_uniform_
from torchref.nn.linear import Linear
from torchref.nn.normalization import LayerNorm

__all__ = ["TransformerEncoderLayer", "TransformerEncoder",
           "TransformerDecoderLayer", "TransformerDecoder", "Transformer"]


class _Layer(Module):
    """What encoder and decoder share: a net of two linear maps for every
    place, and how a part is added to its input and normalized."""

    norm_first: bool

    def make_net(self, d_model: int, dim_feedforward: int, dropout: float
                 ) -> None:
        self.linear1 = Linear(d_model, dim_feedforward)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model)

    def ff(self, x: Tensor) -> Tensor:
        return self.linear2(self.dropout(relu(self.linear1(x))))

    def residual(self, x: Tensor, norm: Module, part: Callable) -> Tensor:
        """norm(x + part(x)), or x + part(norm(x)) if norm_first."""
        return x + part(norm(x)) if self.norm_first else norm(x + part(x))


class TransformerEncoderLayer(_Layer):
    """Attention of a sequence on itself, then a net for every place

    src (S, N, d_model), or (N, S, d_model) if batch_first -> the same
    """

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048,
                 dropout: float = 0.1, batch_first: bool = False,
                 norm_first: bool = False):
        super().__init__()
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, batch_first=batch_first)
        self.make_net(d_model, dim_feedforward, dropout)
        self.norm_first = norm_first
        self.norm1, self.norm2 = LayerNorm(d_model), LayerNorm(d_model)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)

    def forward(self, src: Tensor, src_mask: Tensor | None = None) -> Tensor:
        def attend(x: Tensor) -> Tensor:
            return self.dropout1(self.self_attn(x, x, x, src_mask)[0])

        x = self.residual(src, self.norm1, attend)
        return self.residual(
            x, self.norm2, lambda x: self.dropout2(self.ff(x)))


class TransformerDecoderLayer(_Layer):
    """Attention of a sequence on itself, then on a memory, then a net

    tgt (T, N, d_model), memory (S, N, d_model) -> (T, N, d_model)
    """

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048,
                 dropout: float = 0.1, batch_first: bool = False,
                 norm_first: bool = False):
        super().__init__()
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout, batch_first=batch_first)
        self.multihead_attn = MultiheadAttention(
            d_model, nhead, dropout, batch_first=batch_first)
        self.make_net(d_model, dim_feedforward, dropout)
        self.norm_first = norm_first
        self.norm1, self.norm2, self.norm3 = (
            LayerNorm(d_model) for _ in range(3))
        self.dropout1, self.dropout2, self.dropout3 = (
            Dropout(dropout) for _ in range(3))

    def forward(self, tgt: Tensor, memory: Tensor,
                tgt_mask: Tensor | None = None) -> Tensor:
        def itself(x: Tensor) -> Tensor:
            return self.dropout1(self.self_attn(x, x, x, tgt_mask)[0])

        def other(x: Tensor) -> Tensor:
            return self.dropout2(self.multihead_attn(x, memory, memory)[0])

        x = self.residual(tgt, self.norm1, itself)
        x = self.residual(x, self.norm2, other)
        return self.residual(
            x, self.norm3, lambda x: self.dropout3(self.ff(x)))


class TransformerEncoder(Module):
    """num_layers copies of an encoder layer, and a norm at the end."""

    def __init__(self, encoder_layer: Module, num_layers: int,
                 norm: Module | None = None):
        super().__init__()
        self.layers = ModuleList(
            copy.deepcopy(encoder_layer) for _ in range(num_layers))
        self.norm = norm

    def forward(self, src: Tensor, mask: Tensor | None = None) -> Tensor:
        for layer in self.layers:
            src = layer(src, mask)
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Module):
    """num_layers copies of a decoder layer, and a norm at the end."""

    def __init__(self, decoder_layer: Module, num_layers: int,
                 norm: Module | None = None):
        super().__init__()
        self.layers = ModuleList(
            copy.deepcopy(decoder_layer) for _ in range(num_layers))
        self.norm = norm

    def forward(self, tgt: Tensor, memory: Tensor,
                tgt_mask: Tensor | None = None) -> Tensor:
        for layer in self.layers:
            tgt = layer(tgt, memory, tgt_mask)
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(Module):
    """An encoder reads the source, a decoder writes the target from it

    src (S, N, d_model), tgt (T, N, d_model) -> (T, N, d_model);
    (N, S, d_model) and so on if batch_first.
    """

    def __init__(self, d_model: int = 512, nhead: int = 8,
                 num_encoder_layers: int = 6, num_decoder_layers: int = 6,
                 dim_feedforward: int = 2048, dropout: float = 0.1,
                 batch_first: bool = False, norm_first: bool = False):
        super().__init__()
        options = (d_model, nhead, dim_feedforward, dropout, batch_first,
                   norm_first)
        self.encoder = TransformerEncoder(TransformerEncoderLayer(
            *options), num_encoder_layers, LayerNorm(d_model))
        self.decoder = TransformerDecoder(TransformerDecoderLayer(
            *options), num_decoder_layers, LayerNorm(d_model))
        for p in self.parameters():
            if p.dim() > 1:
                xavier_uniform_(p)

    def forward(self, src: Tensor, tgt: Tensor,
                src_mask: Tensor | None = None,
                tgt_mask: Tensor | None = None) -> Tensor:
        return self.decoder(tgt, self.encoder(src, src_mask), tgt_mask)
