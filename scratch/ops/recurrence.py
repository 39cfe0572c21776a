"""Recurrent steps (tanh, ReLU, LSTM, GRU), and the walk along a sequence.

The state is a tuple: (h,), or (h, c) for an LSTM. A step takes what the
input brings, w_ih x + b_ih, which is computed for all times at once.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import numpy as np

from ..graph import record
from ..kernels import gates as kernels
from ..modes import modes
from ..tensor import Tensor, wrap
from .combine import cat, stack
from .dropout import dropout
from .kinds import typed
from .linear import linear
from .operands import check_tensor

__all__ = ["rnn_tanh_cell", "rnn_relu_cell", "lstm_cell", "gru_cell"]
METHODS: list[str] = []
IN_PLACE: list[str] = []


# ---- one step

def tanh_step(brought: Tensor, state: tuple, weights: tuple) -> tuple:
    """h ← tanh(w_ih x + b_ih + w_hh h + b_hh)"""
    return ((linear(state[0], *weights) + brought).tanh(),)


def relu_step(brought: Tensor, state: tuple, weights: tuple) -> tuple:
    """h ← max(w_ih x + b_ih + w_hh h + b_hh, 0)"""
    return ((linear(state[0], *weights) + brought).relu(),)


def lstm_step(brought: Tensor, state: tuple, weights: tuple) -> tuple:
    """c ← σ(f) c + σ(i) tanh(g),  h ← σ(o) tanh(c)
    (Hochreiter & Schmidhuber, 1997); i, f, g, o = w_ih x + w_hh h + biases

    A third weight projects h (Sak et al., 2014).
    """
    h, c = state
    h, c = lstm_gates(brought, linear(h, *weights[:2]), c)
    return (linear(h, weights[2]) if len(weights) > 2 else h), c


def lstm_gates(x: Tensor, y: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """h and the new c from what the input and the state bring."""

    def again() -> tuple:
        i, f, g, o = parts(y + x, 4)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        return (i, f, g, o), f * c + i * g

    if x.array.dtype == np.float16:  # each step is rounded
        gates, new = again()
        return gates[3] * new.tanh(), new
    gates = kernels.quarters(y.array + x.array)
    new = gates[1] * c.array + gates[0] * gates[2]
    t = np.tanh(new)
    halves = [len(t)] * 2

    def rule(grad: Tensor) -> tuple[Tensor, ...]:
        if modes.recording:
            some, new = again()
            of_z, of_c = kernels.lstm_slopes(
                some, c, new.tanh(), *apart(grad, halves, 0))
            z = cat(of_z, 1)
        else:
            of_z, old = kernels.lstm_slopes(
                gates, c.array, t, *np.split(grad.array, 2))
            z, of_c = wrap(np.concatenate(of_z, 1)), wrap(old)
        return z, z, of_c

    both = record(np.concatenate([gates[3] * t, new]),
                  ((x, y, c), rule, x, y, c))
    of_h, of_c = apart(both, halves, 0, ("MulBackward0", "AddBackward0"))
    return of_h, of_c


def gru_step(brought: Tensor, state: tuple, weights: tuple) -> tuple:
    """n = tanh(xₙ + σ(r) hₙ),  h ← (h - n) σ(z) + n  (Cho et al., 2014)

    r, z and n are sums of the input's and the state's thirds, but for n,
    where r weighs the state's: so the bias of hₙ counts.
    """
    (h,) = state
    return (gru_gates(brought, linear(h, *weights), h),)


def gru_gates(x: Tensor, y: Tensor, h: Tensor) -> Tensor:
    """The new h from what the input and the state bring."""

    def again() -> tuple:
        of_x, of_y = parts(x, 3), parts(y, 3)
        r, z = [(of_y[k] + of_x[k]).sigmoid() for k in (0, 1)]
        return r, z, (of_x[2] + of_y[2] * r).tanh(), of_y[2]

    if x.array.dtype == np.float16:  # each step is rounded
        _, z, n, _ = again()
        return (h - n) * z + n
    gates = kernels.thirds(x.array, y.array)

    def rule(g: Tensor) -> tuple[Tensor, ...]:
        if modes.recording:
            of_x, of_y, of_h = kernels.gru_slopes(again(), h, g)
            return cat(of_x, 1), cat(of_y, 1), of_h
        of_x, of_y, of_h = kernels.gru_slopes(gates, h.array, g.array)
        return (wrap(np.concatenate(of_x, 1)),
                wrap(np.concatenate(of_y, 1)), wrap(of_h))

    _, z, n, _ = gates
    return record((h.array - n) * z + n, ((x, y, h), rule, x, y, h),
                  name="AddBackward0")


def parts(x: Tensor, count: int) -> list[Tensor]:
    """x (N, count · H) in equal parts (N, H)"""
    return apart(x, [x.array.shape[1] // count] * count, 1)


def apart(x: Tensor, lengths: list[int], d: int,
          names: tuple = ()) -> list[Tensor]:
    """x in parts along d whose gradients are put together once.

    As views, each of the T parts of a sequence would add a gradient of the
    length of the whole: T² numbers. Here a gate waits until all are there.
    """
    arrived: dict[int, Tensor] = {}
    ends = list(accumulate(lengths))
    lead = (slice(None),) * d
    arrays = [x.array[(*lead, slice(end - n, end))]
              for n, end in zip(lengths, ends)]

    def together(_: Tensor) -> Tensor:
        grads = [arrived[i] if i in arrived else wrap(np.zeros_like(a))
                 for i, a in enumerate(arrays)]
        arrived.clear()
        return cat(grads, d)

    gate = record(np.empty(0, x.array.dtype), (x, together))
    if gate._node is None:
        return [wrap(a) for a in arrays]
    names = names or ("SplitBackward0",) * len(arrays)
    return [caught(a, gate, i, arrived, name)
            for i, (a, name) in enumerate(zip(arrays, names))]


def caught(array: np.ndarray, gate: Tensor, i: int, arrived: dict,
           name: str) -> Tensor:
    """A part; its gradient is kept for the gate."""
    token = gate.detach()

    def keep(g: Tensor) -> Tensor:
        arrived[i] = g
        return token

    return record(array, (gate, keep), name=name)


# ---- a sequence

def walk(step: Callable, brought: list[Tensor], state: tuple, weights: tuple,
         back: bool) -> tuple[list, tuple]:
    """The outputs at all times, and each sequence's last state.

    brought: w_ih x + b_ih of the sequences that go on at each time, the
    longest first; backwards, a sequence joins at its end.
    """
    outputs: list[Any] = [None] * len(brought)
    now = tuple([s.narrow(0, 0, 0) for s in state]) if back else state
    ended: list[tuple] = []
    times = range(len(brought))
    for t in reversed(times) if back else times:
        n, m = len(brought[t].array), len(now[0].array)
        if n < m:
            ended.append(tuple([s.narrow(0, n, m - n) for s in now]))
            now = tuple([s.narrow(0, 0, n) for s in now])
        if n > m:
            new = [s.narrow(0, m, n - m) for s in state]
            now = tuple([cat(pair) for pair in zip(now, new)] if m else new)
        now = step(brought[t], now, weights)
        outputs[t] = now[0]
    if ended:
        now = tuple([cat(rows) for rows in zip(now, *ended[::-1])])
    return outputs, now


def recurrent(step: Callable, x: Tensor, sizes: list[int] | None,
              state: tuple, weights: list[list], *, layers: int, ways: int,
              biases: bool, p: float, train: bool) -> tuple:
    """Layers of steps, each over the outputs of the one below.

    x (T, N, I), or packed (Σ sizes, I); every part of the state (layers ·
    ways, N, H); ways: 2 where a second walk goes backwards in time; p: the
    share of a layer's outputs that is dropped -> outputs, *state
    """
    packed = sizes is not None
    lengths = sizes if sizes is not None else [x.shape[1]] * x.shape[0]
    if not lengths:
        raise RuntimeError(
            "Expected sequence length to be larger than 0 in RNN")
    if packed:
        x = complete(x, lengths)
    starts = list(zip(*[s.unbind(0) for s in state]))
    last = []
    for layer in range(layers):
        both = []
        for way in range(ways):
            k = layer * ways + way
            first, rest = split_weights(weights[k], biases)
            rows = x if packed else x.reshape(-1, x.shape[-1])
            brought = apart(linear(rows, *first), lengths, 0)
            outputs, end = walk(step, brought, starts[k], rest, way == 1)
            both.append(cat(outputs) if packed else stack(outputs))
            last.append(end)
        x = both[0] if ways == 1 else cat(both, -1)
        if p and train and layer < layers - 1:
            x = dropout(x, p, True)
    return (x, *[stack(parts) for parts in zip(*last)])


def complete(x: Tensor, lengths: list[int]) -> Tensor:
    """The rows that belong to these times; refused where some lack."""
    rows, start = x.shape[0], 0
    for n in lengths:
        if start + n > rows:
            raise RuntimeError(f"start ({start}) + length ({n}) exceeds "
                               f"dimension size ({rows}).")
        start += n
    return x if start == rows else x.narrow(0, 0, start)


def split_weights(weights: list, biases: bool) -> tuple[tuple, tuple]:
    """(w_ih, b_ih) and (w_hh, b_hh, and w_hr where there is one)"""
    if not biases:
        return (weights[0], None), (weights[1], None, *weights[2:])
    return (weights[0], weights[2]), (weights[1], weights[3], *weights[4:])


# ---- the public doors

def cell(step: Callable, gates: int, x: Tensor, state: tuple, w_ih: Tensor,
         w_hh: Tensor, b_ih: Tensor | None, b_hh: Tensor | None) -> tuple:
    """One step of a batch, after the checks."""
    check_cell(x, state, w_ih, w_hh, gates)
    return step(linear(x, w_ih, b_ih), state, (w_hh, b_hh))


@typed(input="Tensor", hx="Tensor", w_ih="Tensor", w_hh="Tensor",
       b_ih="Tensor?", b_hh="Tensor?")
def rnn_tanh_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor,
                  b_ih: Tensor | None = None,
                  b_hh: Tensor | None = None) -> Tensor:
    """h (N, H) ← tanh(w_ih x + b_ih + w_hh h + b_hh),  x (N, I)"""
    return cell(tanh_step, 1, input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


@typed(input="Tensor", hx="Tensor", w_ih="Tensor", w_hh="Tensor",
       b_ih="Tensor?", b_hh="Tensor?")
def rnn_relu_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor,
                  b_ih: Tensor | None = None,
                  b_hh: Tensor | None = None) -> Tensor:
    """h (N, H) ← max(w_ih x + b_ih + w_hh h + b_hh, 0),  x (N, I)"""
    return cell(relu_step, 1, input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


@typed(input="Tensor", w_ih="Tensor", w_hh="Tensor", b_ih="Tensor?",
       b_hh="Tensor?")
def lstm_cell(input: Tensor, hx: Any, w_ih: Tensor, w_hh: Tensor,
              b_ih: Tensor | None = None,
              b_hh: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """(h, c) one step of an LSTM later (see lstm_step)

    x (N, I), h and c (N, H), w_ih (4 H, I), w_hh (4 H, H), biases (4 H)
    """
    if not isinstance(hx, (tuple, list)):
        raise TypeError("lstm_cell(): argument 'hx' (position 2) must be "
                        f"tuple of Tensors, not {type(hx).__name__}")
    if len(hx) != 2:
        raise RuntimeError("lstm_cell expects two hidden states")
    return cell(lstm_step, 4, input, tuple(hx), w_ih, w_hh, b_ih, b_hh)


@typed(input="Tensor", hx="Tensor", w_ih="Tensor", w_hh="Tensor",
       b_ih="Tensor?", b_hh="Tensor?")
def gru_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor,
             b_ih: Tensor | None = None,
             b_hh: Tensor | None = None) -> Tensor:
    """h one step of a GRU later (see gru_step)

    x (N, I), h (N, H), w_ih (3 H, I), w_hh (3 H, H), biases (3 H)
    """
    return cell(gru_step, 3, input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


def check_cell(x: Tensor, state: tuple, w_ih: Tensor, w_hh: Tensor,
               gates: int) -> None:
    """Sizes that fit each other; torch's words where they do not."""
    if x.ndim != 2:
        raise RuntimeError("Expected 2D input (batch x feature), but got "
                           f"{x.ndim}D input")
    if x.shape[1] != w_ih.shape[1]:
        raise RuntimeError(
            f"input has inconsistent input_size: got {x.shape[1]} expected "
            f"{w_ih.shape[1]}")
    if gates != 3:  # torch: a GRU's state is looked at before its weights
        check_weights(w_ih, w_hh, gates)
    check_state(x, state, w_hh.shape[1])
    check_weights(w_ih, w_hh, gates)


def check_weights(w_ih: Tensor, w_hh: Tensor, gates: int) -> None:
    """Refuse weights without hidden_size rows for every gate."""
    size = w_hh.shape[1]
    for name, w in (("weight_ih", w_ih), ("weight_hh", w_hh)):
        if w.shape[0] != gates * size:
            raise RuntimeError(
                f"{name} first dim must be {gates} * hidden_size = "
                f"{gates * size}, but got {w.shape[0]}")


def check_state(x: Tensor, state: tuple, size: int) -> None:
    """Refuse a state that is not (batch, hidden_size)."""
    for k, h in enumerate(state):
        check_tensor(h, "lstm_cell", "hx", 2)
        if h.ndim != 2:
            raise RuntimeError(f"Expected 2D hidden{k} (batch x hidden_size)"
                               f", but got {h.ndim}D tensor")
        if x.shape[0] != h.shape[0]:
            raise RuntimeError(
                f"Input batch size {x.shape[0]} doesn't match hidden{k} "
                f"batch size {h.shape[0]}")
        if h.shape[1] != size:
            raise RuntimeError(
                f"hidden{k} has inconsistent hidden_size: got {h.shape[1]}, "
                f"expected {size}")
