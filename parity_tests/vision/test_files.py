"""Data files are read as they were written, or refused: nothing else."""

import gzip
import os
import pickle
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scratch.vision.datasets.cifar import (
    CIFAR10,
    PIXELS,
    read_batch,
    read_binary,
)
from scratch.vision.datasets.mnist import read_pair
from scratch.vision.idx import read_idx, read_shape, write_idx
from scratch.vision.pickles import read_pickled

arrays = st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8"]).flatmap(
    lambda dtype: hnp.arrays(
        dtype,
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@given(items=arrays, packed=st.booleans())
def test_idx_comes_back_as_it_was_written(folder, items, packed):
    path = folder / ("x.gz" if packed else "x")
    write_idx(path, items)
    np.testing.assert_array_equal(read_idx(path), items)
    assert read_idx(path, items.ndim).dtype == items.dtype
    assert read_shape(path) == items.shape


def damaged(draw, data):
    """The bytes with one thing wrong."""
    data = bytearray(data)
    kind = draw(st.sampled_from(["flip", "cut", "more", "sizes"]))
    if kind == "flip":
        data[draw(st.integers(0, len(data) - 1))] ^= draw(st.integers(1, 255))
    elif kind == "cut":
        del data[draw(st.integers(0, len(data) - 1)) :]
    elif kind == "more":
        data += draw(st.binary(min_size=1, max_size=3))
    else:
        place = draw(st.integers(0, len(data) - 4))
        data[place : place + 4] = draw(st.binary(min_size=4, max_size=4))
    return bytes(data)


@given(st.data(), st.booleans())
def test_a_damaged_idx_file_is_refused_or_holds_other_bytes(
    folder, data, packed
):
    items = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    path = folder / "damaged"
    write_idx(path, items)
    whole = path.read_bytes()
    bad = damaged(data.draw, gzip.compress(whole, mtime=0) if packed else whole)
    path.write_bytes(bad)
    try:
        found = read_idx(path)
    except ValueError as error:
        assert str(path) in str(error) and "expected" in str(error)
        return
    header = bad[: 4 + 4 * found.ndim]
    if packed:  # gzip has a checksum: what is read is what was written
        np.testing.assert_array_equal(found, items)
    else:  # without one, it is what the file now says, all of it
        stored = found.astype(found.dtype.newbyteorder(">"))
        assert header + stored.tobytes() == bad


@pytest.mark.parametrize("packed", [False, True])
def test_absurd_sizes_are_refused_before_memory_is_taken(folder, packed):
    path = folder / "absurd"
    data = struct.pack(">4B3I", 0, 0, 8, 3, 2**31, 2**31, 2**31) + bytes(100)
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(ValueError, match="sizes: expected .* found"):
        read_idx(path)


def test_a_bomb_that_unpacks_to_more_than_it_says_is_refused(folder):
    path = folder / "bomb.gz"
    header = struct.pack(">4BI", 0, 0, 8, 1, 10)
    path.write_bytes(gzip.compress(header + bytes(10**8)))
    with pytest.raises(ValueError, match="expected the end, found more"):
        read_idx(path)


@pytest.mark.parametrize(
    "images, labels, said",
    [
        ((2, 28, 28), [0, 1, 2], "2 labels, as pictures"),
        ((2, 28, 27), [0, 1], "28, 28"),
        ((2, 28), [0, 1], "3 dimensions"),
        ((2, 28, 28), [0, 10], "item 1: expected a label .*, found 10"),
    ],
)
def test_pictures_and_labels_that_do_not_fit_are_refused(
    folder, images, labels, said
):
    write_idx(folder / "images", np.zeros(images, np.uint8))
    write_idx(folder / "labels", np.array(labels, np.uint8))
    with pytest.raises(ValueError, match=said):
        read_pair(folder / "images", folder / "labels")


def batch(count=2):
    pixels = np.arange(count * PIXELS) % 251
    return pixels.astype(np.uint8).reshape(count, PIXELS), [3, 9][:count]


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("order", ["C", "F"])
def test_a_pickled_batch_is_read_whatever_its_protocol(folder, protocol, order):
    pixels, labels = batch()
    content = {b"data": np.array(pixels, order=order), b"labels": labels}
    content |= {b"filenames": [b"a.png", b"b.png"], "batch_label": "one"}
    path = folder / "batch"
    path.write_bytes(pickle.dumps(content, protocol))
    found, classes = read_batch(path, 2)
    np.testing.assert_array_equal(found, pixels)
    assert classes == labels


def old_batch(pixels):
    """A batch of one picture as Python 2 wrote CIFAR's, opcode by opcode."""
    head = (
        b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\n"
        b"cnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K\x01M\x00\x0c\x86"
        b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xff"
        b"J\xff\xff\xff\xffK\x00tb\x89T"
    )
    tail = b"tbU\x06labels]q\x06K\x03au."
    size = struct.pack("<i", PIXELS)
    return head + size + pixels.tobytes() + tail


def test_a_batch_pickled_by_python_2_is_read(folder):
    pixels, labels = batch(1)
    path = folder / "old"
    path.write_bytes(old_batch(pixels))
    found, classes = read_batch(path, 1)
    np.testing.assert_array_equal(found, pixels)
    assert classes == labels[:1]


class Calls:
    """Pickles to a call."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


def memo_far_away():
    return b"\x80\x02}r" + struct.pack("<I", 2**31 - 1) + b"."


HOSTILE = {
    "system": pickle.dumps(Calls(os.system, "touch canary")),
    "eval": pickle.dumps({"data": Calls(eval, "open('canary', 'w')")}),
    "import": b"c__builtin__\n__import__\n(S'os'\ntR.",
    "getattr": pickle.dumps(Calls(getattr, {}, "clear")),
    "nested": b"\x80\x04\x8c\x05numpy\x8c\x08f2py.os.\x93.",
    "numpy": b"cnumpy\nload\n(S'canary'\ntR.",
    "objects": pickle.dumps({"data": np.array([None, print])}),
    "floats": pickle.dumps({"data": np.zeros((2, PIXELS))}),
    "structured": pickle.dumps({"data": np.zeros(2, "u1,u1")}),
    "persistent": b"Pcanary\n.",
    "extension": b"\x80\x02\x82\x01.",
    "memo": memo_far_away(),
    "short": b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f.",
    "long": b"\x80\x04B\xff\xff\xff\x7f.",
    "list": pickle.dumps([1, 2]),
    "empty": b"",
    "text": b"hello",
    "deep": b"(" * 10**5 + b".",
    "setattr": b"cnumpy\ndtype\nN}S'x'\nK\x01s\x86b.",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pickle_is_refused_and_never_run(folder, name, monkeypatch):
    monkeypatch.chdir(folder)
    path = folder / name
    path.write_bytes(HOSTILE[name])
    with pytest.raises(ValueError, match="expected"):
        read_batch(path, 2)
    assert not (folder / "canary").exists()


@given(st.data())
def test_a_damaged_pickle_is_refused_or_has_the_promised_form(folder, data):
    content = {b"data": np.zeros((1, PIXELS), np.uint8), b"labels": [1]}
    whole = pickle.dumps(content, 2)
    edge = st.integers(0, 200) | st.integers(len(whole) - 80, len(whole) - 1)
    bad = bytearray(whole)
    bad[data.draw(edge)] ^= data.draw(st.integers(1, 255))
    path = folder / "flipped"
    path.write_bytes(bad)
    try:
        pixels, labels = read_batch(path, 1)
    except ValueError:
        return
    assert pixels.shape == (1, PIXELS) and pixels.dtype == np.uint8
    assert len(labels) == 1


def test_records_of_the_wrong_size_are_refused(folder):
    pixels, labels = batch()
    records = np.concatenate([np.array(labels, "u1")[:, None], pixels], 1)
    path = folder / "batch.bin"
    path.write_bytes(records.tobytes())
    found, classes = read_binary(path, 2)
    np.testing.assert_array_equal(found, pixels)
    assert classes == labels
    for bad in (records.tobytes()[:-1], records.tobytes() + b"x", b""):
        path.write_bytes(bad)
        with pytest.raises(ValueError, match="expected 6146 bytes, found"):
            read_binary(path, 2)


def test_a_pickle_larger_than_any_of_cifar_is_refused(folder, monkeypatch):
    monkeypatch.setattr("scratch.vision.pickles.MOST", 10)
    path = folder / "large"
    path.write_bytes(pickle.dumps({"data": "x" * 100}))
    with pytest.raises(ValueError, match="at most 10 bytes"):
        read_pickled(path)


# Each says of the array something that NumPy never wrote: (as it is, turned)
MALFORMED = {
    "a dtype of three": (b"U\x02u1K\x00K\x01\x87R", b"U\x02u1K\x00K\x07\x87R"),
    "an aligned dtype": (b"U\x02u1K\x00", b"U\x02u1K\x01"),
    "a signed dtype": (b"U\x02u1", b"U\x02i1"),
    "no dtype": (b"cnumpy\ndtype\n", b"cnumpy\nndarray\n"),
    "a dtype called with a list": (b"K\x00K\x01\x87R(", b"K\x00e]K\x01aR("),
    "a byte order": (b"U\x01|", b"U\x01<"),
    "another version of a dtype": (b"(K\x03U\x01|", b"(K\x04U\x01|"),
    "a truth value for a version": (b"R(K\x01K\x01M", b"R(\x88K\x01M"),
    "another version of an array": (b"R(K\x01K\x01M", b"R(K\x02K\x01M"),
    "another shape": (b"K\x01M\x00\x0c\x86", b"K\x02M\x00\x0c\x86"),
    "a shape in a list": (b"K\x01M\x00\x0c\x86", b"]M\x00\x0c\x61"),
    "a negative shape": (b"K\x01M\x00\x0c", b"J\xff\xff\xff\xffM\x00\x0c"),
    "an order of neither kind": (b"tb\x89T", b"tbK\x05T"),
    "a fresh array that is not empty": (b"K\x00\x85U", b"K\x01\x85U"),
    "a fresh array of another kind": (b"U\x01b\x87R", b"U\x01d\x87R"),
    "something for a class": (b"cnumpy\nndarray\n", b"cnumpy\ndtype\n"),
    "a key that is a tuple": (b"U\x04data", b"U\x04data\x85"),
    "bytes after the end": (b"K\x03au.", b"K\x03au.!"),
    "a text for a label": (b"K\x03au.", b"U\x013au."),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_batch_that_describes_its_array_in_another_way_is_refused(
    folder, name
):
    """One of these (the dtype's third argument) was once let in."""
    whole, turned = MALFORMED[name]
    pixels, _ = batch(1)
    data = old_batch(pixels)
    assert data.count(whole) == 1
    path = folder / "malformed"
    path.write_bytes(data.replace(whole, turned))
    reader = object.__new__(CIFAR10)
    reader.per_file = 1
    with pytest.raises(ValueError, match="malformed: .*expected .*, found"):
        reader._read(path)


def test_arrays_that_share_their_bytes_take_no_more_than_a_file(
    folder, monkeypatch
):
    monkeypatch.setattr("scratch.vision.pickles.MOST", 6000)
    pixels, labels = batch(1)
    path = folder / "shared"
    path.write_bytes(pickle.dumps({"data": pixels, "labels": labels}, 2))
    with pytest.raises(ValueError, match="more than 6000 bytes"):
        read_batch(path, 1)  # once as text, once more as bytes
