"""torch's format before 1.6, written and read from either side."""

import io
import pickle
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import scratch
from parity_tests.serialization.ways import plain, twin
from scratch.serialization import LoadError, load, save
from scratch.tensor import wrap

DTYPES = "float16 float32 float64 uint8 int8 int16 int32 int64 bool".split() + [
    "complex64", "complex128"
]  # fmt: skip
TENSORS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(
        min_dims=0, max_dims=3, min_side=0, max_side=3))
).map(wrap)  # fmt: skip
OBJECTS = st.recursive(
    TENSORS | st.none() | st.booleans() | st.integers() | st.text(max_size=3)
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=13)
    | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    | st.tuples(inner, inner),
    max_leaves=12,
)  # fmt: skip


def old(x: Any, by: Any = save) -> bytes:
    """The file of an object, in the old format."""
    file = io.BytesIO()
    by(x, file, _use_new_zipfile_serialization=False)
    return file.getvalue()


@given(OBJECTS)
def test_what_is_saved_is_loaded_on_either_side(x):
    ours, theirs = old(x), old(twin(x), torch.save)
    for trust in (True, False):
        kind = {"weights_only": not trust}
        assert plain(load(io.BytesIO(ours), **kind)) == plain(x)
        assert plain(load(io.BytesIO(theirs), **kind)) == plain(x)
        assert plain(torch.load(io.BytesIO(ours), **kind)) == plain(twin(x))


def test_tensors_that_share_memory_share_it_again():
    a = torch.arange(6.0).reshape(2, 3)
    raw = old(OrderedDict(all=a, row=a[1], turned=a.T, other=a + 1),
              torch.save)  # fmt: skip
    x = load(io.BytesIO(raw))
    x["all"][1, 0] = 99
    assert x["row"][0] == x["turned"][0, 1] == 99
    assert x["turned"].stride() == (1, 3)
    assert x["other"].tolist() == [[1, 2, 3], [4, 5, 6]]


def test_objects_lie_one_behind_another():
    file = io.BytesIO()
    file.write(b"before")
    for n in range(3):
        torch.save([torch.full((4,), n)], file,
                   _use_new_zipfile_serialization=False)  # fmt: skip
    file.seek(6)
    found = [load(file)[0].tolist() for _ in range(3)]
    assert found == [[0] * 4, [1] * 4, [2] * 4] and not file.read()


def test_a_whole_model_comes_back():
    net = scratch.nn.Sequential(scratch.nn.Linear(2, 3), scratch.nn.ReLU())
    twice = load(io.BytesIO(old(net)), weights_only=False)
    assert repr(twice) == repr(net)
    assert plain(twice.state_dict()) == plain(net.state_dict())
    with pytest.raises(LoadError, match="Unsupported global"):
        load(io.BytesIO(old(net)))


def test_its_numbers_cannot_stay_on_the_disk(tmp_path):
    path = tmp_path / "x.pt"
    for side in (scratch.serialization, torch):
        side.save(1, path, _use_new_zipfile_serialization=False)
        assert side.load(path) == 1
        with pytest.raises(RuntimeError, match="mmap can only be used with"):
            side.load(path, mmap=True)


@given(st.data())
def test_a_damaged_file_is_refused_or_read(data):
    raw = bytearray(old({"a": wrap(np.arange(5.0)), "b": "text"}))
    cut = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(LoadError):
        load(io.BytesIO(raw[:cut]))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(
            st.integers(0, 255)
        )
    try:
        load(io.BytesIO(raw), map_location="cpu")
    except LoadError:
        pass


@pytest.mark.parametrize("trust", [False, True])
def test_other_pickles_are_none_of_saves(trust):
    for pieces in ([[1, 2]], [0x1950A86A20F9469CFC6C, 1000, {}]):
        raw = b"".join(pickle.dumps(piece, 2) for piece in pieces)
        for side in (scratch.serialization, torch):
            kinds = (pickle.UnpicklingError, RuntimeError)
            with pytest.raises(kinds):
                side.load(io.BytesIO(raw), weights_only=not trust)


def test_a_storage_larger_than_the_file_takes_no_memory():
    raw = old(wrap(np.zeros(3)))
    huge = raw.replace(b"K\x03Nt", b"\x8a\x07" + b"\xff" * 6 + b"\x3fNt")
    assert huge != raw
    with pytest.raises(LoadError, match="too short"):
        load(io.BytesIO(huge))
