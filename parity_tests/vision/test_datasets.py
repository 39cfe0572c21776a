"""Data sets of pictures give torchvision's samples from the same files."""

import gzip
import pickle
import shutil

import numpy as np
import pytest
import torchvision.datasets as theirs
from PIL import Image

import scratch.vision.datasets as ours
from scratch.vision import finder
from scratch.vision.datasets import mnist
from scratch.vision.finder import SAMPLE
from scratch.vision.idx import read_idx, write_idx

rng = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """No data set is found on this machine, but for the sample."""
    monkeypatch.setattr(finder, "HERE", tmp_path / "here")
    monkeypatch.setattr(finder, "DEBIAN", tmp_path / "debian")
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GRADTWIN_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    finder.say_once.cache_clear()


class Few(ours.FashionMNIST):
    """A data set that is full with seven pictures."""

    counts = {"train": 4, "t10k": 3}


def write_few(folder, packed=False):
    """The four files of Few."""
    folder.mkdir(parents=True)
    for part, count in Few.counts.items():
        end = ".gz" if packed else ""
        images = rng.integers(0, 256, (count, 28, 28), np.uint8)
        labels = rng.integers(0, 10, count).astype(np.uint8)
        write_idx(folder / (mnist.IMAGES.format(part) + end), images)
        write_idx(folder / (mnist.LABELS.format(part) + end), labels)


@pytest.mark.parametrize("train", [True, False])
def test_fashion_mnist_is_torchvisions(tmp_path, train):
    write_few(tmp_path / "FashionMNIST" / "raw")
    a = Few(tmp_path, train)
    b = theirs.FashionMNIST(tmp_path, train)
    np.testing.assert_array_equal(a.data.numpy(), b.data.numpy())
    assert str(a.data.dtype) == str(b.data.dtype)
    assert a.targets.tolist() == b.targets.tolist()
    assert str(a.targets.dtype) == str(b.targets.dtype)
    assert a.classes == b.classes and a.class_to_idx == b.class_to_idx
    assert repr(a).replace("Few", "FashionMNIST") == repr(b)
    for i in range(len(a)):
        (x, y), (u, v) = a[i], b[i]
        assert x.mode == u.mode and x.tobytes() == u.tobytes()
        assert y == v and type(y) is type(v)


PLACES = ["root", "env", "here", "debian", "cache"]


@pytest.mark.parametrize("first", range(len(PLACES)))
def test_the_first_full_copy_is_used(tmp_path, monkeypatch, first):
    monkeypatch.setenv("GRADTWIN_DATA", str(tmp_path / "env"))
    deeper = ["", "FashionMNIST/raw", "fashion-mnist"]
    for i, place in enumerate(PLACES[first:]):
        write_few(tmp_path / place / deeper[i % 3], packed=i % 2 == 0)
    if first > 0:  # a copy that is not full is passed over
        shutil.copytree(SAMPLE, tmp_path / "root")
    found = Few(tmp_path / "root").data.numpy()
    (file,) = (tmp_path / PLACES[first]).rglob("train-images*")
    np.testing.assert_array_equal(found, read_idx(file))


def test_without_a_copy_the_sample_is_used_and_said_once(capsys):
    train, test = ours.FashionMNIST(), ours.FashionMNIST(train=False)
    assert train.data.shape == (6000, 28, 28) and len(test) == 1000
    assert np.bincount(train.targets.numpy()).tolist() == [600] * 10
    assert np.bincount(test.targets.numpy()).tolist() == [100] * 10
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "sample of 6,000 + 1,000" in said


def test_a_missing_full_copy_is_an_error_that_says_what_to_type():
    with pytest.raises(RuntimeError, match="apt-get install dataset-fashion"):
        ours.FashionMNIST(full=True)
    with pytest.raises(RuntimeError, match="export GRADTWIN_DATA="):
        ours.MNIST()
    with pytest.raises(RuntimeError, match="export GRADTWIN_DATA="):
        ours.CIFAR10()


def test_the_sample_is_every_tenth_picture_of_each_class(tmp_path):
    file = "t10k-labels-idx1-ubyte.gz"
    debian = finder.Path("/usr/share/datasets/fashion-mnist")
    if not debian.is_dir():
        pytest.skip("Debian's copy is not installed")
    labels = read_idx(debian / file)
    picked = [np.flatnonzero(labels == c)[::10] for c in range(10)]
    keep = np.sort(np.concatenate(picked))
    np.testing.assert_array_equal(read_idx(SAMPLE / file), labels[keep])
    images = "t10k-images-idx3-ubyte.gz"
    np.testing.assert_array_equal(
        read_idx(SAMPLE / images), read_idx(debian / images)[keep]
    )


def test_the_sample_is_small_and_has_its_licence():
    assert sum(f.stat().st_size for f in SAMPLE.iterdir()) <= 3_200_000
    assert "Zalando" in (SAMPLE / "LICENSE.txt").read_text()


class FewColours(ours.CIFAR10):
    """CIFAR with two pictures a file."""

    per_file = 2


def write_cifar(folder, names):
    for name in names:
        pixels = rng.integers(0, 256, (2, 3072), np.uint8)
        content = {"data": pixels, "labels": [1, 9]}
        (folder / name).write_bytes(pickle.dumps(content, 2))
        records = np.insert(pixels, 0, [1, 9], axis=1)
        (folder / f"{name}.bin").write_bytes(records.tobytes())


@pytest.mark.parametrize("train", [True, False])
def test_cifar_is_torchvisions_in_both_forms(tmp_path, monkeypatch, train):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    names = FewColours.train_list + FewColours.test_list
    write_cifar(folder, names)
    meta = {"label_names": FewColours.classes}
    (folder / "batches.meta").write_bytes(pickle.dumps(meta))
    integrity = "torchvision.datasets.cifar.check_integrity"
    monkeypatch.setattr(integrity, lambda *_: True)
    b = theirs.CIFAR10(tmp_path, train)
    a = FewColours(tmp_path, train)
    for name in names:
        (folder / name).unlink()
    folder.rename(tmp_path / "cifar-10-batches-bin")
    for each in (a, FewColours(tmp_path, train)):
        np.testing.assert_array_equal(each.data, b.data)
        assert each.targets == b.targets
        assert each.class_to_idx == b.class_to_idx
        assert each[1][0].tobytes() == b[1][0].tobytes()
    assert repr(a).replace("FewColours", "CIFAR10") == repr(b)


def test_cifars_labels_are_checked(tmp_path):
    records = np.zeros((2, 3073), np.uint8)
    records[1, 0] = 10
    (tmp_path / "test_batch.bin").write_bytes(records.tobytes())
    with pytest.raises(ValueError, match="label 1: expected .*, found 10"):
        FewColours(tmp_path, train=False)


def test_a_folder_of_pictures_is_torchvisions(tmp_path):
    for name in ("dog/a.png", "dog/deep/b.JPG", "cat/c.png", "cat/note.txt"):
        path = tmp_path / "pets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (5, 4, 3), np.uint8)
        Image.fromarray(pixels).save(path, "JPEG" if "JPG" in name else "PNG")
    a = ours.ImageFolder(tmp_path / "pets")
    b = theirs.ImageFolder(tmp_path / "pets")
    assert a.samples == b.samples and a.targets == b.targets
    assert a.classes == b.classes and a.class_to_idx == b.class_to_idx
    assert repr(a) == repr(b) and a.imgs == b.imgs
    for (x, y), (u, v) in zip(a, b):
        assert x.tobytes() == u.tobytes() and x.mode == u.mode and y == v
    (tmp_path / "pets" / "cat" / "c.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="c.png: picture: expected"):
        a[0]
    (tmp_path / "pets" / "bird").mkdir()
    for side in (ours, theirs):
        with pytest.raises(FileNotFoundError, match="for the classes bird"):
            side.ImageFolder(tmp_path / "pets")
        with pytest.raises(FileNotFoundError, match="any class folder"):
            side.ImageFolder(tmp_path / "pets" / "bird")
        assert len(side.ImageFolder(tmp_path / "pets", allow_empty=True)) == 3


def test_a_transform_of_ours_sees_the_array_any_other_the_picture(tmp_path):
    write_few(tmp_path / "raw", packed=True)

    def kind(picture):
        return type(picture).__name__

    assert Few(tmp_path / "raw", transform=kind)[0][0] == "Image"
    kind.takes_arrays = True
    assert Few(tmp_path / "raw", transform=kind)[0][0] == "ndarray"
    two = Few(tmp_path / "raw", target_transform=lambda label: label + 100)
    assert two[0][1] >= 100


def test_a_damaged_full_copy_is_an_error_and_not_passed_over(tmp_path):
    write_few(tmp_path / "raw", packed=True)
    path = tmp_path / "raw" / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-9]))
    with pytest.raises(ValueError, match="items: expected 3136 bytes"):
        Few(tmp_path / "raw")
