"""Recurrent layers: RNN, LSTM and GRU along sequences."""

from __future__ import annotations

import numbers
import warnings
from typing import Any

from .. import dtypes
from ..ops import recurrence
from ..ops.creation import empty, zeros
from ..tensor import Tensor
from .cells import reset
from .module import Module
from .parameter import Parameter
from .utils.rnn import PackedSequence

__all__ = ["RNNBase", "RNN", "LSTM", "GRU"]


GATES = {"RNN_TANH": 1, "RNN_RELU": 1, "GRU": 3, "LSTM": 4}
STEPS = {"RNN_TANH": recurrence.tanh_step, "RNN_RELU": recurrence.relu_step,
         "GRU": recurrence.gru_step, "LSTM": recurrence.lstm_step}


class RNNBase(Module):
    """Layers of steps along a sequence, forwards or both ways.

    x (T, N, I), (N, T, I) if batch_first, (T, I), or packed -> y in the
    same form with D · H features, and the last state (layers · D, N, H);
    D: 2 if bidirectional, else 1. Weights: weight_ih_l0, weight_hh_l0,
    bias_ih_l0, bias_hh_l0, weight_hr_l0 (with proj_size); then those
    of l0_reverse, l1, …
    """

    def __init__(self, mode: str, input_size: int, hidden_size: int,
                 num_layers: int = 1, bias: bool = True,
                 batch_first: bool = False, dropout: float = 0.0,
                 bidirectional: bool = False, proj_size: int = 0,
                 device: Any = None, dtype: Any = None):
        super().__init__()
        self.mode = mode
        self.input_size, self.hidden_size = input_size, hidden_size
        self.num_layers, self.bias = num_layers, bias
        self.batch_first, self.dropout = batch_first, float(dropout)
        self.bidirectional, self.proj_size = bidirectional, proj_size
        self._check_arguments(dropout)
        self._all_weights: list[list[str]] = []
        made: dict[str, Any] = {"device": device, "dtype": dtype}
        for layer in range(num_layers):
            for end in ("", "_reverse")[:self._ways()]:
                self._make_weights(layer, f"_l{layer}{end}", made)
        self.reset_parameters()

    def _ways(self) -> int:
        return 2 if self.bidirectional else 1

    def _width(self) -> int:
        """The size of h: projected, if it is."""
        return self.proj_size or self.hidden_size

    def _make_weights(self, layer: int, end: str, made: dict) -> None:
        size, width = self.hidden_size, self._width()
        rows = GATES[self.mode] * size
        inner = self.input_size if not layer else width * self._ways()
        sizes: dict[str, Any] = {
            "weight_ih": (rows, inner), "weight_hh": (rows, width)}
        if self.bias:
            sizes |= {"bias_ih": rows, "bias_hh": rows}
        if self.proj_size:
            sizes["weight_hr"] = (self.proj_size, size)
        for name, shape in sizes.items():
            setattr(self, name + end, Parameter(empty(shape, **made)))
        self._all_weights.append([name + end for name in sizes])

    def _check_arguments(self, dropout: Any) -> None:
        if (not isinstance(dropout, numbers.Number)
                or isinstance(dropout, bool) or not 0 <= self.dropout <= 1):
            raise ValueError(
                "dropout should be a number in range [0, 1] representing the"
                " probability of an element being zeroed")
        if self.dropout > 0 and self.num_layers == 1:
            warnings.warn(
                "dropout option adds dropout after all but last recurrent "
                "layer, so non-zero dropout expects num_layers greater than "
                f"1, but got dropout={dropout} and num_layers=1",
                stacklevel=4)
        for name, kind in (("bias", bool), ("batch_first", bool),
                           ("input_size", int), ("hidden_size", int)):
            value = getattr(self, name)
            if not isinstance(value, kind):
                raise TypeError(f"{name} should be of type {kind.__name__}, "
                                f"got: {type(value).__name__}")
            if kind is int and value <= 0:
                raise ValueError(f"{name} must be greater than zero")
        if self.num_layers <= 0:
            raise ValueError("num_layers must be greater than zero")
        if self.proj_size < 0:
            raise ValueError("proj_size should be a positive integer or zero"
                             " to disable projections")
        if self.proj_size >= self.hidden_size:
            raise ValueError("proj_size has to be smaller than hidden_size")
        if self.mode not in GATES:
            raise ValueError(f"Unrecognized RNN mode: {self.mode}")

    def reset_parameters(self) -> None:
        """U(±1 / √hidden_size)"""
        reset(self)

    def flatten_parameters(self) -> None:
        """Nothing: only a GPU wants the weights in one piece of memory."""

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The weights of every layer and way."""
        return [[getattr(self, name) for name in names]
                for names in self._all_weights]

    @property
    def _flat_weights_names(self) -> list[str]:
        """The names of all weights, by which programs set them."""
        return [name for names in self._all_weights for name in names]

    @property
    def _flat_weights(self) -> list[Parameter]:
        """All weights in a row."""
        return [getattr(self, name) for name in self._flat_weights_names]

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        plain = {"proj_size": 0, "num_layers": 1, "bias": True,
                 "batch_first": False, "dropout": 0, "bidirectional": False}
        for name, usual in plain.items():
            if getattr(self, name) != usual:
                text += f", {name}={getattr(self, name)}"
        return text

    # ---- what comes in is checked and brought into one form

    def check_input(self, input: Tensor, batch_sizes: Any) -> None:
        """The weights' dtype, 3 dimensions (packed: 2) and I features."""
        kind: dtypes.dtype = self.all_weights[0][0].dtype
        if input.dtype != kind:
            raise ValueError(
                f"RNN input dtype ({input.dtype}) does not match weight "
                f"dtype ({kind}). Convert input: input.to({kind}), or "
                f"convert model: model.to({input.dtype})")
        wanted = 3 if batch_sizes is None else 2
        if input.dim() != wanted:
            raise RuntimeError(f"input must have {wanted} dimensions, got "
                               f"{input.dim()}")
        if input.size(-1) != self.input_size:
            raise RuntimeError(
                "input.size(-1) must be equal to input_size. Expected "
                f"{self.input_size}, got {input.size(-1)}")

    def get_expected_hidden_size(self, input: Tensor,
                                 batch_sizes: Any) -> tuple[int, int, int]:
        """(layers · D, N, H)"""
        return self.num_layers * self._ways(), self._count(
            input, batch_sizes), self._width()

    def _count(self, x: Tensor, batch_sizes: Any) -> int:
        """N, the number of sequences"""
        if batch_sizes is not None:
            return int(batch_sizes[0])
        return x.size(0 if self.batch_first else 1)

    def check_hidden_size(self, hx: Tensor, expected_hidden_size: tuple,
                          msg: str = "Expected hidden size {}, got {}"
                          ) -> None:
        """Refuse a state of another size."""
        if tuple(hx.shape) != expected_hidden_size:
            raise RuntimeError(
                msg.format(expected_hidden_size, [*hx.shape]))

    def check_forward_args(self, input: Tensor, hidden: Any,
                           batch_sizes: Any) -> None:
        """Input and state fit the layer and each other."""
        self.check_input(input, batch_sizes)
        self.check_hidden_size(hidden, self.get_expected_hidden_size(
            input, batch_sizes))

    def permute_hidden(self, hx: Any, permutation: Tensor | None) -> Any:
        """The state with its sequences in another order."""
        if permutation is None:
            return hx
        return hx.index_select(1, permutation)

    def _zero_state(self, x: Tensor, batch_sizes: Any) -> Any:
        return zeros(self.get_expected_hidden_size(x, batch_sizes),
                     dtype=x.dtype)

    def _state_of(self, hx: Any, batched: bool) -> Any:
        """The given state of an input that is not packed, with N"""
        if hx.dim() != (3 if batched else 2):
            raise RuntimeError(
                f"For {'batched 3' if batched else 'unbatched 2'}-D input, "
                f"hx should also be {3 if batched else 2}-D but got "
                f"{hx.dim()}-D tensor")
        return hx if batched else hx.unsqueeze(1)

    # ---- the way through

    def forward(self, input: Any, hx: Any = None) -> tuple:
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx)
        x, batch = input, 0 if self.batch_first else 1
        if x.dim() not in (2, 3):
            what = " tensor" * isinstance(self, RNN)
            raise ValueError(f"{self._kind()}: Expected input to be 2D or "
                             f"3D, got {x.dim()}D{what} instead")
        batched = x.dim() == 3
        x = x if batched else x.unsqueeze(batch)
        hx = self._zero_state(x, None) if hx is None else self._state_of(
            hx, batched)
        self.check_forward_args(x, hx, None)
        y, *state = self._run(
            x.transpose(0, 1) if self.batch_first else x, None, hx)
        y = y.transpose(0, 1) if self.batch_first else y
        if not batched:
            y, state = y.squeeze(batch), [s.squeeze(1) for s in state]
        return y, self._result(state)

    def _forward_packed(self, packed: Any, hx: Any) -> tuple:
        x, sizes, order, back = packed
        given = hx is not None
        hx = self.permute_hidden(hx, order) if given else (
            self._zero_state(x, sizes))
        if not (given and self.mode == "LSTM"):  # torch: not looked at then
            self.check_forward_args(x, hx, sizes)
        y, *state = self._run(x, [int(n) for n in sizes], hx)
        return (PackedSequence(y, sizes, order, back),
                self.permute_hidden(self._result(state), back))

    def _kind(self) -> str:
        return self.mode.split("_")[0]

    def _run(self, x: Tensor, sizes: list[int] | None, hx: Any) -> tuple:
        return recurrence.recurrent(
            STEPS[self.mode], x, sizes,
            hx if self.mode == "LSTM" else (hx,), self.all_weights,
            layers=self.num_layers, ways=self._ways(), biases=self.bias,
            p=self.dropout, train=self.training)

    def _result(self, state: list) -> Any:
        return state[0]


class RNN(RNNBase):
    """h ← tanh(W_ih x + b_ih + W_hh h + b_hh), or max(…, 0) for "relu"
    (Elman, 1990)

    The fourth argument is `nonlinearity`, the rest as those of RNNBase.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        refuse_projection(kwargs)
        if len(args) > 3:
            self.nonlinearity = args[3]
            args = args[:3] + args[4:]
        else:
            self.nonlinearity = kwargs.pop("nonlinearity", "tanh")
        if self.nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{self.nonlinearity}'. "
                             "Select from 'tanh' or 'relu'.")
        super().__init__(f"RNN_{self.nonlinearity.upper()}", *args, **kwargs)


class GRU(RNNBase):
    """The steps of a GRUCell (Cho et al., 2014)"""

    def __init__(self, *args: Any, **kwargs: Any):
        refuse_projection(kwargs)
        super().__init__("GRU", *args, **kwargs)


class LSTM(RNNBase):
    """The steps of an LSTMCell (Hochreiter & Schmidhuber, 1997)

    The state is (h, c); with proj_size, h is projected to that size.
    """

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__("LSTM", *args, **kwargs)

    def get_expected_cell_size(self, input: Tensor,
                               batch_sizes: Any) -> tuple[int, int, int]:
        """(layers · D, N, hidden_size)"""
        return self.num_layers * self._ways(), self._count(
            input, batch_sizes), self.hidden_size

    def check_forward_args(self, input: Tensor, hidden: Any,
                           batch_sizes: Any) -> None:
        self.check_input(input, batch_sizes)
        for k, size in enumerate((
                self.get_expected_hidden_size(input, batch_sizes),
                self.get_expected_cell_size(input, batch_sizes))):
            self.check_hidden_size(
                hidden[k], size,
                f"Expected hidden[{k}] size {{}}, got {{}}")

    def permute_hidden(self, hx: Any, permutation: Tensor | None) -> Any:
        if permutation is None:
            return hx
        return tuple(hx[k].index_select(1, permutation) for k in (0, 1))

    def _zero_state(self, x: Tensor, batch_sizes: Any) -> Any:
        return (super()._zero_state(x, batch_sizes),
                zeros(self.get_expected_cell_size(x, batch_sizes),
                      dtype=x.dtype))

    def _state_of(self, hx: Any, batched: bool) -> Any:
        sizes = [hx[k].dim() for k in (0, 1)]
        if sizes != [3, 3] if batched else sizes != [2, 2]:
            raise RuntimeError(
                f"For {'batched 3' if batched else 'unbatched 2'}-D input, "
                f"hx and cx should also be {3 if batched else 2}-D but got "
                f"({sizes[0]}-D, {sizes[1]}-D) tensors")
        return hx if batched else tuple(hx[k].unsqueeze(1) for k in (0, 1))

    def _result(self, state: list) -> Any:
        return tuple(state)


def refuse_projection(words: dict) -> None:
    if "proj_size" in words:
        raise ValueError("proj_size argument is only supported for LSTM, not"
                         " RNN or GRU")
