"""Recurrent cells: one step of an RNN, an LSTM or a GRU."""

from __future__ import annotations

import math
from typing import Any

from ..ops import recurrence
from ..ops.creation import empty, zeros
from ..tensor import Tensor
from . import init
from .module import Module
from .parameter import Parameter

__all__ = ["RNNCellBase", "RNNCell", "LSTMCell", "GRUCell"]


class RNNCellBase(Module):
    """The weights of one step, in `num_chunks` gates.

    weight_ih (gates · H, I), weight_hh (gates · H, H), biases (gates · H)
    """

    bias_ih: Any
    bias_hh: Any

    def __init__(self, input_size: int, hidden_size: int, bias: bool,
                 num_chunks: int, device: Any = None, dtype: Any = None):
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        self.bias = bias
        rows = num_chunks * hidden_size
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        self.weight_ih = Parameter(empty((rows, input_size), **made))
        self.weight_hh = Parameter(empty((rows, hidden_size), **made))
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(name, Parameter(
                empty(rows, **made)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """U(±1 / √hidden_size)"""
        reset(self)

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if "bias" in self.__dict__ and self.bias is not True:
            text += f", bias={self.bias}"
        kind = self.__dict__.get("nonlinearity", "tanh")
        return text if kind == "tanh" else f"{text}, nonlinearity={kind}"

    def _weights(self) -> tuple:
        return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh

    def _batched(self, input: Tensor, state: tuple) -> tuple:
        """x (N, I) and every part of the state (N, H); whether N was given"""
        name = type(self).__name__
        if input.dim() not in (1, 2):
            raise ValueError(f"{name}: Expected input to be 1D or 2D, got "
                             f"{input.dim()}D instead")
        batched = input.dim() == 2
        x = input if batched else input.unsqueeze(0)
        if not state:
            state = tuple(
                zeros(x.size(0), self.hidden_size, dtype=x.dtype)
                for _ in range(2 if isinstance(self, LSTMCell) else 1))
        elif not batched:
            state = tuple(s.unsqueeze(0) for s in state)
        return x, state, batched


class RNNCell(RNNCellBase):
    """h ← tanh(W_ih x + b_ih + W_hh h + b_hh), or max(…, 0) for "relu"

    x (N, I) or (I), h (N, H) or (H)
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 nonlinearity: str = "tanh", device: Any = None,
                 dtype: Any = None):
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        check_state("RNNCell", hx)
        x, (h,), batched = self._batched(input, () if hx is None else (hx,))
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        cell = (recurrence.rnn_tanh_cell if self.nonlinearity == "tanh"
                else recurrence.rnn_relu_cell)
        h = cell(x, h, *self._weights())
        return h if batched else h.squeeze(0)


class LSTMCell(RNNCellBase):
    """i, f, g, o = W_ih x + b_ih + W_hh h + b_hh,
    c ← σ(f) c + σ(i) tanh(g),  h ← σ(o) tanh(c)

    x (N, I) or (I), h and c (N, H) or (H)
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 device: Any = None, dtype: Any = None):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Tensor, hx: Any = None) -> tuple:
        for k, part in enumerate(() if hx is None else hx):
            if part.dim() not in (1, 2):
                raise ValueError(f"LSTMCell: Expected hx[{k}] to be 1D or 2D"
                                 f", got {part.dim()}D instead")
        given = hx if isinstance(hx, (tuple, list)) else ()
        x, state, batched = self._batched(input, tuple(given))
        if isinstance(hx, Tensor):
            state = hx  # it is refused below
        h, c = recurrence.lstm_cell(x, state, *self._weights())
        return (h, c) if batched else (h.squeeze(0), c.squeeze(0))


class GRUCell(RNNCellBase):
    """r, z = σ(…),  n = tanh(xₙ + r hₙ),  h ← (1 - z) n + z h

    where W_ih x + b_ih and W_hh h + b_hh each hold parts for r, z and n;
    x (N, I) or (I), h (N, H) or (H)
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 device: Any = None, dtype: Any = None):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        check_state("GRUCell", hx)
        x, (h,), batched = self._batched(input, () if hx is None else (hx,))
        h = recurrence.gru_cell(x, h, *self._weights())
        return h if batched else h.squeeze(0)


def check_state(name: str, hx: Tensor | None) -> None:
    if hx is not None and hx.dim() not in (1, 2):
        raise ValueError(f"{name}: Expected hidden to be 1D or 2D, got "
                         f"{hx.dim()}D instead")


def reset(module: Any) -> None:
    """Every weight ~ U(±1 / √hidden_size)"""
    size = module.hidden_size
    bound = 1 / math.sqrt(size) if size > 0 else 0
    for weight in module.parameters():
        init.uniform_(weight, -bound, bound)
