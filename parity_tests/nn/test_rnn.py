"""Sequences are padded, packed and walked along as torch does it."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.nn.tools import complaint

LIBS = (scratch, torch)
DTYPES = ["float32", "float64", "int64", "bool"]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[np.ndarray], dict[str, Any]]:
    """Some sequences of equal rows, of any length, and arguments."""
    lengths = draw(st.lists(st.integers(0, 5), min_size=1, max_size=4))
    inner = draw(st.lists(st.integers(0, 3), max_size=2))
    dtype = draw(st.sampled_from(DTYPES))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    rows = [3 * rng.standard_normal((n, *inner)) for n in lengths]
    words = {
        "batch_first": draw(st.booleans()),
        "padding_value": draw(st.sampled_from([0.0, 1, -2.5, True])),
        "padding_side": draw(st.sampled_from(["left", "right"])),
    }
    return [row.astype(dtype) for row in rows], words


@given(cases())
def test_sequences_are_padded(case: Any) -> None:
    rows, words = case
    found = []
    for lib in LIBS:
        xs = [lib.tensor(row) for row in rows]
        learns = rows[0].dtype.kind == "f"
        xs = [x.requires_grad_(learns) for x in xs]
        y = lib.nn.utils.rnn.pad_sequence(xs, **words)
        found.append([y.detach().numpy()])
        assert y.requires_grad == learns
        if learns:
            weight = lib.arange(y.numel(), dtype=y.dtype).view(y.shape)
            (y * weight).sum().backward()
            found[-1] += [x.grad.numpy() for x in xs]
    for ours, theirs in zip(*found):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)


@given(cases())
def test_unpadding_gives_them_back(case: Any) -> None:
    rows, words = case
    words["padding_side"] = "right"
    for lib in LIBS:
        rnn = lib.nn.utils.rnn
        y = rnn.pad_sequence([lib.tensor(row) for row in rows], **words)
        lengths = lib.tensor([len(row) for row in rows])
        found = rnn.unpad_sequence(y, lengths, words["batch_first"])
        for row, x in zip(rows, found, strict=True):
            np.testing.assert_array_equal(x.numpy(), row)


@pytest.mark.parametrize(
    "call",
    [
        lambda lib, pad: pad([]),
        lambda lib, pad: pad(3),
        lambda lib, pad: pad([lib.ones(2), 3]),
        lambda lib, pad: pad([lib.ones(()), lib.ones(())]),
        lambda lib, pad: pad([lib.ones(2), lib.ones(3)], padding_side="top"),
        lambda lib, pad: pad([lib.ones(2), lib.ones(3, 2)]),
        lambda lib, pad: pad([lib.ones(2, 3), lib.ones(3, 2)]),
    ],
)
def test_bad_sequences_are_refused(call: Any) -> None:
    said = []
    for lib in LIBS:
        with pytest.raises((RuntimeError, TypeError)) as error:
            call(lib, lib.nn.utils.rnn.pad_sequence)
        said.append((error.type, str(error.value)))
    assert said[0] == said[1]


REFUSALS = """
nn.RNN(3)
nn.RNN(3., 4)
nn.RNN(3, 4, nonlinearity='x')
nn.RNN(3, 4, proj_size=2)
nn.GRU(0, 4)
nn.LSTM(3, 4, 0)
nn.LSTM(3, 4, 1, 1)
nn.LSTM(3, 4, dropout=2)
nn.LSTM(3, 4, 2, dropout=True)
nn.LSTM(3, 4, proj_size=4)
nn.LSTM(3, 4, proj_size=-1)
nn.LSTM(3, 4, bogus=1)
nn.RNNBase('X', 3, 4)
nn.RNN(3, 4)(r(5, 2, 4))
nn.RNN(3, 4)(r(5))
nn.GRU(3, 4)(r(1, 2, 5, 3))
nn.GRU(3, 4)(r(5, 2, 3).double())
nn.GRU(3, 4)(r(0, 2, 3))
nn.RNN(3, 4)(r(5, 2, 3), r(1, 3, 4))
nn.RNN(3, 4)(r(5, 2, 3), r(2, 4))
nn.RNN(3, 4)(r(5, 3), r(1, 2, 4))
nn.LSTM(3, 4)(r(5, 2, 3), r(1, 2, 4))
nn.LSTM(3, 4)(r(5, 2, 3), (r(1, 2, 4), r(1, 3, 4)))
nn.LSTM(3, 4)(r(5, 3), (r(1, 2, 4), r(1, 2, 4)))
nn.RNNCell(3, 4)(r(1, 2, 3))
nn.RNNCell(3, 4)(r(2, 2))
nn.RNNCell(3, 4, nonlinearity='x')(r(2, 3))
nn.GRUCell(3, 4)(r(2, 3), r(3, 4))
nn.GRUCell(3, 4)(r(2, 3), r(4))
nn.LSTMCell(3, 4)(r(2, 3), (r(2, 4), r(2, 5)))
nn.LSTMCell(3, 4)(r(2, 3), r(2, 4))
nn.LSTMCell(3, 4)(r(2, 3), (r(2, 4),))
torch.gru_cell(r(2, 3), r(2, 4), r(12, 3), r(13, 4))
torch.lstm_cell(r(2, 3), (r(2, 4), r(3, 4)), r(15, 3), r(16, 4))
nn.utils.rnn.pack_padded_sequence(r(4, 2, 3), [3, 4])
nn.utils.rnn.pack_padded_sequence(r(4, 2, 3), [4, 0])
nn.utils.rnn.pack_padded_sequence(r(4, 2, 3), [4, 3, 1])
nn.utils.rnn.pack_padded_sequence(r(4, 2, 0), [4, 3])
nn.utils.rnn.pack_sequence([])
nn.utils.rnn.pad_packed_sequence(nn.utils.rnn.pack_sequence([r(3)]), 0, 0, 2)
nn.utils.rnn.PackedSequence(r(3))
nn.RNN(3, 4)(nn.utils.rnn.PackedSequence(r(2, 3), k([2, 1])))
""".strip().split("\n")


@pytest.mark.parametrize("call", REFUSALS)
def test_what_recurrent_layers_refuse(call: str) -> None:
    said = complaint(call, torch)
    assert said is not None and complaint(call, scratch) == said


def test_the_steps_of_recurrent_layers_have_torchs_names() -> None:
    for name, packed in (("RNN", False), ("GRU", True), ("LSTM", True)):
        found = []
        for lib in LIBS:
            x, rnn = lib.randn(3, 2, 3).requires_grad_(), lib.nn.utils.rnn
            x = rnn.pack_padded_sequence(x, [3, 1]) if packed else x
            # torch: a whole LSTM is one step of oneDNN in float32
            y, state = getattr(lib.nn, name)(3, 4).double()(x.double())
            h = state[0] if name == "LSTM" else state
            y = rnn.pad_packed_sequence(y, True)[0] if packed else y
            found.append([type(t.grad_fn).__name__ if lib is torch else
                          t.grad_fn.name() for t in (y, h)])
        assert found[0] == found[1]
