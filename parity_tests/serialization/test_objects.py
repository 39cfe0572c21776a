"""Objects of every kind go to the other side and back, bit for bit."""

import io
import os
import pickle
import threading
from collections import Counter, OrderedDict, namedtuple

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import scratch
from parity_tests.serialization.ways import (
    ours_to_theirs,
    plain,
    round_trip,
    theirs_to_ours,
    twin,
)
from parity_tests.strategies import anything
from scratch.nn.parameter import Parameter
from scratch.serialization import load, save
from scratch.tensor import wrap

NAMES = [str(d)[6:] for d in scratch.dtypes.DTYPES]


def there_and_back(x):
    """Held on all three ways."""
    assert plain(round_trip(x)) == plain(x)
    assert plain(ours_to_theirs(x)) == plain(twin(x))
    assert plain(theirs_to_ours(twin(x))) == plain(x)


atoms = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(2**2000), 2**2000),
    st.floats(), st.text(), st.characters(categories=["Cs"]), st.binary(),
    st.complex_numbers(), st.binary(min_size=1).map(bytearray),
    st.lists(st.integers(0, 9)).map(scratch.Size),
    st.sampled_from(scratch.dtypes.DTYPES),
    st.sampled_from(["cpu", "cuda", "cuda:1"]).map(scratch.device),
    anything(dtypes=NAMES).map(wrap),
    anything(dtypes=("float32", "complex64")).map(wrap).map(Parameter),
)  # fmt: skip
keys = st.one_of(
    st.text(), st.integers(), st.floats(), st.none(), st.tuples(st.integers())
)
objects = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(keys, inner),
        st.dictionaries(keys, inner).map(OrderedDict),
        st.sets(keys),
        st.dictionaries(st.text(), st.integers()).map(Counter),
    ),
    max_leaves=12,
)


@given(objects)
def test_objects_of_every_kind_go_there_and_back(x):
    there_and_back(x)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_tensors_of_every_dtype_and_layout(name, data):
    x = data.draw(anything(dtypes=(name,)))
    there_and_back([wrap(x), wrap(x.T), wrap(x[..., None][:0])])
    backwards = wrap(x[::-1] if x.ndim else x)
    assert plain(ours_to_theirs(backwards)) == plain(backwards)
    broadcast = wrap(np.broadcast_to(x, (3, *x.shape)))
    assert plain(round_trip(broadcast)) == plain(broadcast)
    assert ours_to_theirs(broadcast).untyped_storage().nbytes() <= x.nbytes * 2


def test_tensors_that_share_memory_share_it_after_loading():
    whole = np.arange(12, dtype=np.float32).reshape(3, 4)
    ours = [wrap(whole[1:, ::2]), wrap(whole), wrap(whole.T), wrap(whole[2])]
    theirs = ours_to_theirs(ours)
    assert len({x.untyped_storage().data_ptr() for x in theirs}) == 1
    assert theirs[0].stride() == (4, 2) and theirs[3].storage_offset() == 8
    for loaded in (round_trip(ours), theirs_to_ours(theirs)):
        loaded[1].array[2] = 7
        assert (loaded[0].array[1] == 7).all() and (loaded[3].array == 7).all()
        assert (loaded[2].array[:, 2] == 7).all()
        assert loaded[0].version is loaded[1].version


def test_one_object_in_two_places_is_one_object_after_loading():
    inner, weight = [1], Parameter(wrap(np.ones(3)))
    both = [inner, inner, weight, weight]
    for loaded in (
        round_trip(both),
        ours_to_theirs(both),
        theirs_to_ours(ours_to_theirs(both)),
    ):
        a, b, c, d = loaded
        assert a is b and c is d


def test_memory_seen_as_two_types_is_refused_as_by_torch():
    x = wrap(np.ones(4, np.float32))
    y = wrap(x.array.view(np.int32))
    with pytest.raises(RuntimeError, match="view the same data as different"):
        save([x, y], io.BytesIO())
    assert plain(round_trip([y, y])) == plain([y, y])


def test_a_lazy_conjugate_is_resolved():
    z = torch.tensor([[1 + 2j, 3 - 1j]])
    a, b = theirs_to_ours([z, z.conj().T])
    assert a.tolist() == z.tolist() and b.tolist() == z.conj().T.tolist()
    assert theirs_to_ours(z.conj().imag).tolist() == [[-2.0, 1.0]]


def test_the_memory_of_a_state_dict_stays_its_own():
    state = OrderedDict(weight=wrap(np.ones((2, 2), np.float32)))
    state._metadata = OrderedDict({"": {"version": 2}})
    theirs = ours_to_theirs(state)
    assert type(theirs) is OrderedDict
    assert theirs._metadata == {"": {"version": 2}}
    assert theirs_to_ours(theirs)._metadata == {"": {"version": 2}}


def test_attributes_of_a_tensor_are_kept():
    x, p = wrap(np.ones(2)), Parameter(wrap(np.ones(2)))
    x.note, p.note = "of x", {"of": "p"}
    for loaded in (round_trip([x, p]), ours_to_theirs([x, p])):
        assert [y.note for y in loaded] == ["of x", {"of": "p"}]
        assert loaded[1].requires_grad
    a, b = torch.ones(2), torch.nn.Parameter(torch.ones(2))
    a.note, b.note = "of x", {"of": "p"}
    assert [y.note for y in theirs_to_ours([a, b])] == ["of x", {"of": "p"}]


def test_numpy_numbers_are_saved_as_numbers():
    loaded = ours_to_theirs([np.float64(0.1), np.int8(-3), np.bool_(True)])
    assert loaded == [0.1, -3, True] and type(loaded[0]) is float


def test_a_list_that_holds_itself():
    x = [1]
    x.append(x)
    for loaded in (round_trip(x), ours_to_theirs(x), theirs_to_ours(x)):
        assert loaded[1] is loaded


@pytest.mark.parametrize(
    "x",
    [namedtuple("Pair", "a b")(1, 2), lambda: 0, threading.Lock(), os,
     (i for i in range(3)), memoryview(b"1")],
    ids=lambda x: type(x).__name__,
)  # fmt: skip
def test_what_a_file_cannot_hold_is_refused_with_its_place(x, tmp_path):
    path = tmp_path / "x.pt"
    save("before", path)
    with pytest.raises((pickle.PicklingError, TypeError)) as caught:
        save({"a": (1, x)}, path)
    assert caught.value.__notes__[0].startswith("save: obj['a'][1] is a")
    with pytest.raises((pickle.PicklingError, TypeError, AttributeError)):
        torch.save({"a": (1, x)}, io.BytesIO())
    assert load(path) == "before" and os.listdir(tmp_path) == ["x.pt"]


def test_too_deep_is_refused_before_anything_is_written():
    deep = []
    for _ in range(99):
        deep = [deep]
    there_and_back(deep)
    for _ in range(1000):
        deep = [deep]
    with pytest.raises(pickle.PicklingError, match="deeper than 100 levels"):
        save(deep, io.BytesIO())
