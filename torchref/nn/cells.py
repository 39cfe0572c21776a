"""Recurrent cells: one step of an RNN, an LSTM or a GRU."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn.activation import relu, sigmoid, tanh
from torchref.nn.init import uniform_
from torchref.nn.linear import linear

__all__ = ["RNNCell", "LSTMCell", "GRUCell"]


def tanh_step(brought: Tensor, state: tuple, weights: tuple) -> tuple:
    """h ← tanh(w_ih x + b_ih + w_hh h + b_hh)"""
    return (tanh(linear(state[0], *weights) + brought),)


def relu_step(brought: Tensor, state: tuple, weights: tuple) -> tuple:
    """h ← max(w_ih x + b_ih + w_hh h + b_hh, 0)"""
    return (relu(linear(state[0], *weights) + brought),)


def lstm_step(brought: Tensor, state: tuple, weights: tuple) -> tuple:
    """c ← σ(f) c + σ(i) tanh(g),  h ← σ(o) tanh(c)
    (Hochreiter & Schmidhuber, 1997); i, f, g, o = w_ih x + w_hh h + biases
    """
    h, c = state
    i, f, g, o = (linear(h, *weights) + brought).chunk(4, 1)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c


def gru_step(brought: Tensor, state: tuple, weights: tuple) -> tuple:
    """n = tanh(xₙ + σ(r) hₙ),  h ← (h - n) σ(z) + n  (Cho et al., 2014)

    r, z and n are sums of the input's and the state's thirds, but for n,
    where r weighs the state's: so the bias of hₙ counts.
    """
    (h,) = state
    of_x, of_h = brought.chunk(3, 1), linear(h, *weights).chunk(3, 1)
    r, z = [sigmoid(of_h[k] + of_x[k]) for k in (0, 1)]
    n = tanh(of_x[2] + of_h[2] * r)
    return ((h - n) * z + n,)


class RNNCellBase(Module):
    """The weights of one step: (gates · H, I), (gates · H, H), biases"""

    def __init__(self, input_size: int, hidden_size: int, bias: bool,
                 num_chunks: int):
        super().__init__()
        self.hidden_size, rows = hidden_size, num_chunks * hidden_size
        self.weight_ih = Parameter(torch.empty(rows, input_size))
        self.weight_hh = Parameter(torch.empty(rows, hidden_size))
        self.bias_ih = Parameter(torch.empty(rows)) if bias else None
        self.bias_hh = Parameter(torch.empty(rows)) if bias else None
        bound = 1 / math.sqrt(hidden_size)
        for weight in self.parameters():
            uniform_(weight, -bound, bound)

    def brought(self, x: Tensor) -> Tensor:
        return linear(x, self.weight_ih, self.bias_ih)

    def zeros(self, x: Tensor) -> Tensor:
        return torch.zeros(len(x), self.hidden_size, dtype=x.dtype)


class RNNCell(RNNCellBase):
    """h ← tanh(W_ih x + b_ih + W_hh h + b_hh), or max(…, 0) for "relu"

    x (N, I), h (N, H)
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True,
                 nonlinearity: str = "tanh"):
        super().__init__(input_size, hidden_size, bias, 1)
        self.step = tanh_step if nonlinearity == "tanh" else relu_step

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        h = self.zeros(input) if hx is None else hx
        return self.step(self.brought(input), (h,),
                         (self.weight_hh, self.bias_hh))[0]


class LSTMCell(RNNCellBase):
    """i, f, g, o = W_ih x + b_ih + W_hh h + b_hh,
    c ← σ(f) c + σ(i) tanh(g),  h ← σ(o) tanh(c)

    x (N, I), h and c (N, H)
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True):
        super().__init__(input_size, hidden_size, bias, 4)

    def forward(self, input: Tensor, hx: tuple | None = None) -> tuple:
        state = (self.zeros(input),) * 2 if hx is None else hx
        return lstm_step(self.brought(input), state,
                         (self.weight_hh, self.bias_hh))


class GRUCell(RNNCellBase):
    """r, z = σ(…),  n = tanh(xₙ + r hₙ),  h ← (1 - z) n + z h

    where W_ih x + b_ih and W_hh h + b_hh each hold parts for r, z and n;
    x (N, I), h (N, H)
    """

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True):
        super().__init__(input_size, hidden_size, bias, 3)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        h = self.zeros(input) if hx is None else hx
        return gru_step(self.brought(input), (h,),
                        (self.weight_hh, self.bias_hh))[0]
