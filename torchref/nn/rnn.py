"""Recurrent layers: RNN, LSTM and GRU along sequences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module, Parameter

from torchref.nn.cells import gru_step, lstm_step, relu_step, tanh_step
from torchref.nn.dropout import dropout
from torchref.nn.init import uniform_
from torchref.nn.linear import linear

__all__ = ["RNN", "LSTM", "GRU"]


def walk(step: Callable, brought: Tensor, state: tuple, weights: tuple,
         back: bool) -> tuple[Tensor, tuple]:
    """The outputs (T, N, H) at all times, and the last state.

    brought (T, N, gates · H): w_ih x + b_ih of every time
    """
    outputs: list[Any] = [None] * len(brought)
    times = range(len(brought))
    for t in reversed(times) if back else times:
        state = step(brought[t], state, weights)
        outputs[t] = state[0]
    return torch.stack(outputs), state


class RNNBase(Module):
    """Layers of steps along a sequence, forwards or both ways.

    x (T, N, I), or (N, T, I) if batch_first -> y with D · H features, and
    the last state (layers · D, N, H); D: 2 if bidirectional, else 1
    """

    def __init__(self, step: Callable, gates: int, parts: int,
                 input_size: int, hidden_size: int, num_layers: int = 1,
                 bias: bool = True, batch_first: bool = False,
                 dropout: float = 0.0, bidirectional: bool = False):
        super().__init__()
        self.step, self.parts, self.p = step, parts, dropout
        self.hidden_size, self.num_layers = hidden_size, num_layers
        self.batch_first, self.bias = batch_first, bias
        self.ways = ("", "_reverse")[:1 + bidirectional]
        for layer in range(num_layers):
            inner = hidden_size * len(self.ways) if layer else input_size
            for way in self.ways:
                self.make_weights(f"_l{layer}{way}", gates, inner)

    def make_weights(self, end: str, gates: int, inner: int) -> None:
        rows, bound = gates * self.hidden_size, self.hidden_size ** -0.5
        sizes: dict[str, Any] = {"weight_ih": (rows, inner),
                                 "weight_hh": (rows, self.hidden_size)}
        if self.bias:
            sizes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        for name, size in sizes.items():
            weight = Parameter(torch.empty(size))
            setattr(self, name + end, uniform_(weight, -bound, bound))

    def weights(self, kind: str, end: str) -> tuple:
        """weight_ih and bias_ih, or weight_hh and bias_hh, of one walk"""
        return getattr(self, f"weight_{kind}{end}"), getattr(
            self, f"bias_{kind}{end}", None)

    def forward(self, input: Tensor, hx: Any = None) -> tuple:
        x = input.transpose(0, 1) if self.batch_first else input
        count = self.num_layers * len(self.ways)
        if hx is None:
            hx = (torch.zeros(count, x.shape[1], self.hidden_size,
                              dtype=x.dtype),) * self.parts
        starts = list(zip(*(hx if isinstance(hx, tuple) else (hx,))))
        last: list[tuple] = []
        for layer in range(self.num_layers):
            both = []
            for way in self.ways:
                end = f"_l{layer}{way}"
                brought = linear(x, *self.weights("ih", end))
                y, state = walk(self.step, brought, starts[len(last)],
                                self.weights("hh", end), way != "")
                both.append(y)
                last.append(state)
            x = torch.cat(both, -1)
            if layer < self.num_layers - 1:
                x = dropout(x, self.p, self.training)
        end_state = tuple(torch.stack(part) for part in zip(*last))
        return (x.transpose(0, 1) if self.batch_first else x,
                end_state if self.parts > 1 else end_state[0])


class RNN(RNNBase):
    """h ← tanh(W_ih x + b_ih + W_hh h + b_hh), or max(…, 0) for "relu"
    (Elman, 1990)
    """

    def __init__(self, *args: Any, nonlinearity: str = "tanh", **more: Any):
        step = tanh_step if nonlinearity == "tanh" else relu_step
        super().__init__(step, 1, 1, *args, **more)


class GRU(RNNBase):
    """The steps of a GRUCell (Cho et al., 2014)"""

    def __init__(self, *args: Any, **more: Any):
        super().__init__(gru_step, 3, 1, *args, **more)


class LSTM(RNNBase):
    """The steps of an LSTMCell (Hochreiter & Schmidhuber, 1997)

    The state is (h, c).
    """

    def __init__(self, *args: Any, **more: Any):
        super().__init__(lstm_step, 4, 2, *args, **more)
