"""CIFAR-100 in both its forms, and pictures of noise, as torchvision's."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torchvision.datasets as theirs
import torchvision.transforms
from hypothesis import given
from hypothesis import strategies as st

import scratch.vision.datasets as ours
import scratch.vision.transforms
from scratch.vision.datasets import cifar

NAMES = [f"kind_{i}" for i in range(100)]


def write(folder: Path, names: list, fine: Any = None) -> None:
    """Both forms of the data, with three pictures a file."""
    rng = np.random.default_rng(1)
    plain, packed = folder / "cifar-100-binary", folder / "cifar-100-python"
    plain.mkdir()
    packed.mkdir()
    (plain / "fine_label_names.txt").write_text("\n".join(names))
    (packed / "meta").write_bytes(pickle.dumps(
        {"fine_label_names": names, "coarse_label_names": []}, 2))
    for name in ("train", "test"):
        pixels = rng.integers(0, 256, (3, 3072), np.uint8)
        labels = fine or rng.integers(0, 100, 3).tolist()
        (packed / name).write_bytes(pickle.dumps(
            {"data": pixels, "fine_labels": labels,
             "coarse_labels": [0, 1, 2]}, 2))
        rows = [np.uint8([i, n]).tobytes() + row.tobytes()
                for i, (n, row) in enumerate(zip(labels, pixels))]
        (plain / f"{name}.bin").write_bytes(b"".join(rows))


class Few(ours.CIFAR100):
    """CIFAR-100 with three pictures a file."""

    @property
    def per_file(self) -> int:
        return 3

    @per_file.setter
    def per_file(self, count: int) -> None:
        assert count in (50_000, 10_000)


@pytest.mark.parametrize("train", [True, False])
def test_cifar100_is_torchvisions_in_both_forms(
    tmp_path: Path, monkeypatch: Any, train: bool
) -> None:
    write(tmp_path, NAMES)
    monkeypatch.setattr(theirs.CIFAR100, "_check_integrity", lambda self: True)
    monkeypatch.setattr(theirs.cifar, "check_integrity", lambda *a: True)
    b = theirs.CIFAR100(tmp_path, train)
    for _form in ("pickles", "bytes"):
        a = Few(tmp_path, train)
        np.testing.assert_array_equal(a.data, b.data)
        assert a.targets == b.targets and a.classes == b.classes
        assert a.class_to_idx == b.class_to_idx and len(a) == len(b)
        assert repr(a).replace("Few", "CIFAR100") == repr(b)
        (tmp_path / "cifar-100-python" / "meta").unlink(missing_ok=True)
        for name in ("train", "test"):
            (tmp_path / "cifar-100-python" / name).unlink(missing_ok=True)


def test_what_is_wrong_in_cifar100_is_said(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="Dataset not found: no cifar-100"):
        ours.CIFAR100(tmp_path)
    write(tmp_path, NAMES[:9])
    with pytest.raises(Exception, match="fine_label_names"):
        Few(tmp_path)
    file = tmp_path / "x.bin"
    file.write_bytes(bytes(7))
    with pytest.raises(Exception, match="size"):
        cifar.read_binary(file, 3, 2)


def test_labels_beyond_the_classes_are_refused(tmp_path: Path) -> None:
    write(tmp_path, NAMES, [1, 2, 100])
    with pytest.raises(Exception, match="label 2"):
        Few(tmp_path)


@given(st.integers(1, 4), st.sampled_from([1, 3]), st.integers(1, 9),
       st.integers(0, 9))  # fmt: skip
def test_fake_data_is_torchvisions(
    size: int, channels: int, classes: int, offset: int
) -> None:
    told = []
    for sets, transforms in ((ours, scratch.vision.transforms),
                             (theirs, torchvision.transforms)):
        lib = sets.FakeData(size, (channels, 4, 5), classes,
                            random_offset=offset)
        with_ = sets.FakeData(size, (channels, 4, 5), classes,
                              transforms.ToTensor(), random_offset=offset)
        told.append([repr(lib), len(lib), [
            (np.asarray(lib[i][0]).tolist(), lib[i][1], np.asarray(
                with_[i][0]).tolist()) for i in range(size)]])
        with pytest.raises(IndexError, match="FakeData index out of range"):
            lib[size]
    assert told[0] == told[1]
