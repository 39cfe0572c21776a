"""Rows: recurrent cells and layers, also along packed sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..layers import SEED, bent
from ..registry import pick, real, row

GATES = {"rnn_tanh_cell": 1, "rnn_relu_cell": 1, "gru_cell": 3,
         "lstm_cell": 4}


@row(*GATES, examples=20)
def steps(lib: Any, rng: Any, name: str) -> tuple:
    n, inner, size = (int(k) for k in rng.integers(1, 4, 3))
    n -= int(rng.random() < 0.1)
    rows = GATES[name] * size
    arrays = [real(rng, n, inner), *[
        real(rng, n, size) for _ in range(1 + (name == "lstm_cell"))],
        real(rng, rows, inner), real(rng, rows, size)]
    if rng.integers(2):
        arrays += [real(rng, rows), real(rng, rows)]

    def call(x: Any, *rest: Any) -> list:
        if name == "lstm_cell":
            rest = (rest[:2], *rest[2:])
        return bent(getattr(lib, name)(x, *rest))

    return call, tuple(arrays)


def layer_of(lib: Any, name: str, args: tuple, words: dict, like: Any,
             train: bool = True) -> Any:
    """The layer from one seed, in the dtype of `like`."""
    lib.manual_seed(SEED)
    return getattr(lib.nn, name)(*args, **words).to(like.dtype).train(train)


@row("nn.RNNCell", "nn.LSTMCell", "nn.GRUCell", examples=20)
def cells(lib: Any, rng: Any, name: str) -> tuple:
    inner, size = (int(k) for k in rng.integers(1, 4, 2))
    lead = pick(rng, (), (1,), (3,))
    words: dict[str, Any] = {"bias": bool(rng.integers(2))}
    if name == "nn.RNNCell":
        words["nonlinearity"] = pick(rng, "tanh", "relu")
    parts = int(rng.integers(2)) * (2 if name == "nn.LSTMCell" else 1)

    def call(x: Any, *state: Any) -> list:
        layer = layer_of(lib, name[3:], (inner, size), words, x)
        hx = None if not state else state if parts == 2 else state[0]
        found = bent(layer(x, hx))
        slopes = lib.autograd.grad(found[1].sum(), list(layer.parameters()),
                                   create_graph=True)
        return [*found, *slopes]

    return call, (real(rng, *lead, inner), *[
        real(rng, *lead, size) for _ in range(parts)])


@row("nn.RNN", "nn.LSTM", "nn.GRU", examples=30)
def sequences(lib: Any, rng: Any, name: str) -> tuple:
    inner, size, time, n = (int(k) for k in rng.integers(1, 4, 4))
    words: dict[str, Any] = {
        "num_layers": int(rng.integers(1, 3)), "bias": bool(rng.integers(2)),
        "batch_first": bool(rng.integers(2)),
        "bidirectional": bool(rng.integers(2))}
    words["dropout"] = 0.4 if words["num_layers"] > 1 else 0.0
    if name == "nn.RNN":
        words["nonlinearity"] = pick(rng, "tanh", "relu")
    if name == "nn.LSTM" and size > 1 and rng.integers(2):
        words["proj_size"] = 1
    form = pick(rng, "batch", "batch", "lone", "packed")
    lengths = [time, *rng.integers(1, time + 1, n - 1).tolist()]
    train = bool(rng.integers(2))
    width, parts = words.get("proj_size", size), int(rng.integers(2)) * (
        2 if name == "nn.LSTM" else 1)

    def call(x: Any, *state: Any) -> list:
        layer = layer_of(lib, name[3:], (inner, size), words, x, train)
        hx = None if not state else state if parts == 2 else state[0]
        if form == "packed":
            x = lib.nn.utils.rnn.pack_padded_sequence(
                x, lengths, words["batch_first"], False)
        y, h = layer(x, hx)
        y = y.data if form == "packed" else y
        slopes = lib.autograd.grad(y.square().sum(), list(
            layer.parameters()), create_graph=True)
        return [*bent([y, h]), *slopes]

    side = (n, time) if words["batch_first"] else (time, n)
    side = (time,) if form == "lone" else side
    count = words["num_layers"] * (1 + words["bidirectional"])
    hold = (count,) if form == "lone" else (count, n)
    return call, (real(rng, *side, inner), *[
        real(rng, *hold, (width, size)[k]) for k in range(parts)])


@row("nn.utils.rnn.pack_padded_sequence", "nn.utils.rnn.pad_packed_sequence",
     "nn.utils.rnn.pack_sequence", "nn.utils.rnn.unpack_sequence",
     "nn.utils.rnn.pad_sequence", "nn.utils.rnn.unpad_sequence",
     "nn.utils.rnn.PackedSequence", "nn.utils.rnn.invert_permutation",
     examples=12)
def packing(lib: Any, rng: Any, name: str) -> tuple:
    n = int(rng.integers(1, 5))
    lengths = rng.integers(1, 5, n)
    in_order = bool(rng.integers(2))
    if in_order:
        lengths = np.sort(lengths)[::-1]
    inner = pick(rng, (), (3,), (2, 2))
    words = {"batch_first": bool(rng.integers(2)),
             "padding_value": pick(rng, 0.0, -1.5)}
    more = pick(rng, None, 5)

    def call(*xs: Any) -> list:
        space = lib.nn.utils.rnn
        packed = space.pack_sequence(list(xs), in_order)
        y, found = space.pad_packed_sequence(packed, **words,
                                             total_length=more)
        again = space.pack_padded_sequence(
            y, found, words["batch_first"], in_order)
        parts = [*packed, *again, *space.unpack_sequence(packed), y, found]
        return bent([part for part in parts if part is not None])

    return call, tuple(real(rng, int(k), *inner) for k in lengths)
