"""Sequences are padded and unpadded as torch does it."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch

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
