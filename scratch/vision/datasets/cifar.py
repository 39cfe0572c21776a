"""CIFAR-10 and -100: colour pictures 32 by 32, as pickles or plain bytes."""

from __future__ import annotations

from pathlib import Path
from reprlib import repr as short
from typing import Any

import numpy as np

from scratch.vision.datasets.vision import Transform, VisionDataset
from scratch.vision.files import refuse
from scratch.vision.finder import folders
from scratch.vision.pickles import read_pickled

PIXELS = 3 * 32 * 32


class CIFAR10(VisionDataset):
    """Ten kinds of animals and vehicles (Krizhevsky, 2009).

    data (N, 32, 32, 3), a NumPy array of bytes; targets, a list of N numbers.
    Read from cifar-10-batches-py (pickles; their code is never run) or
    cifar-10-batches-bin (one byte of label, then 3·32·32 of picture). `root`
    is searched first, then the places of `scratch.vision.finder`.
    """

    base_folder = "cifar-10-batches-py"
    binary_folder = "cifar-10-batches-bin"
    train_list = [f"data_batch_{i}" for i in range(1, 6)]
    test_list = ["test_batch"]
    per_file = 10_000
    labels_in = "labels"  # their name in a pickle
    label_bytes = 1  # in a binary record; the last of them is the label
    classes = [
        "airplane", "automobile", "bird", "cat", "deer",
        "dog", "frog", "horse", "ship", "truck",
    ]  # fmt: skip

    def __init__(
        self,
        root: str | Path | None = None,
        train: bool = True,
        transform: Transform = None,
        target_transform: Transform = None,
        download: bool = False,
    ):
        super().__init__(
            root, transform=transform, target_transform=target_transform
        )
        self.train = train
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}
        names = self.train_list if train else self.test_list
        parts = [self._read(file) for file in self._files(names)]
        pixels = np.concatenate([pixels for pixels, _ in parts])
        planes = pixels.reshape(-1, 3, 32, 32)
        self.data = planes.transpose(0, 2, 3, 1)
        self.targets = [label for _, labels in parts for label in labels]

    def _files(self, names: list[str]) -> list[Path]:
        """The files of the first folder that has them all, in either form."""
        for folder in folders(self.root):
            for place in (folder, folder / self.base_folder):
                files = [place / name for name in names]
                if all(file.is_file() for file in files):
                    return files
            for place in (folder, folder / self.binary_folder):
                files = [place / f"{name}.bin" for name in names]
                if all(file.is_file() for file in files):
                    return files
        places = ", ".join(map(str, folders(self.root)))
        raise RuntimeError(
            f"Dataset not found: no {self.base_folder} and no "
            f"{self.binary_folder} with {', '.join(names)} in {places}. Put "
            "one of them into a folder and type: export "
            "GRADTWIN_DATA=/path/to/that/folder"
        )

    def _read(self, file: Path) -> tuple[np.ndarray, list[int]]:
        if file.suffix == ".bin":
            pixels, labels = read_binary(file, self.per_file, self.label_bytes)
        else:
            pixels, labels = read_batch(file, self.per_file, self.labels_in)
        last = len(self.classes) - 1
        for i, label in enumerate(labels):
            if type(label) is not int or not 0 <= label <= last:
                expected = f"a number from 0 to {last}"
                refuse(file, f"label {i}", expected, short(label))
        return pixels, labels

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        return self.transformed(self.data[index], self.targets[index])

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {'Train' if self.train is True else 'Test'}"


class CIFAR100(CIFAR10):
    """A hundred kinds of things, 500 + 100 pictures of each.

    As CIFAR10, from cifar-100-python or cifar-100-binary (two bytes of label:
    of its superclass and its own), with the classes' names beside them.
    """

    base_folder = "cifar-100-python"
    binary_folder = "cifar-100-binary"
    train_list = ["train"]
    test_list = ["test"]
    labels_in = "fine_labels"
    label_bytes = 2

    def __init__(
        self,
        root: str | Path | None = None,
        train: bool = True,
        transform: Transform = None,
        target_transform: Transform = None,
        download: bool = False,
    ):
        self.per_file = 50_000 if train else 10_000
        self.classes = [str(i) for i in range(100)]
        super().__init__(root, train, transform, target_transform, download)
        (file,) = self._files(self.train_list if train else self.test_list)
        self.classes = names_beside(file)
        self.class_to_idx = {name: i for i, name in enumerate(self.classes)}


def names_beside(file: Path) -> list[str]:
    """The hundred names of the classes, from the folder of a file."""
    if file.suffix == ".bin":
        where = file.with_name("fine_label_names.txt")
        names: Any = where.read_text().split()
    else:
        where = file.with_name("meta")
        names = read_pickled(where).get("fine_label_names")
    if not isinstance(names, list) or len(names) != 100:
        size = len(names) if isinstance(names, list) else type(names)
        refuse(where, "fine_label_names", "a list of 100", size)
    return names


def read_binary(
    file: Path, count: int, label_bytes: int = 1
) -> tuple[np.ndarray, list[int]]:
    """count records of labels and 3072 bytes -> pixels (N, 3072), N labels."""
    size = label_bytes + PIXELS
    if file.stat().st_size != count * size:
        expected = f"{count * size} bytes"
        refuse(file, "size", expected, file.stat().st_size)
    records = np.fromfile(file, np.uint8).reshape(count, size)
    return records[:, label_bytes:], records[:, label_bytes - 1].tolist()


def read_batch(
    file: Path, count: int, labels_in: str = "labels"
) -> tuple[np.ndarray, list[int]]:
    """A pickled dict of data (N, 3072) and N labels."""
    content = read_pickled(file)
    pixels, labels = content.get("data"), content.get(labels_in)
    shape = getattr(pixels, "shape", None)
    if not isinstance(pixels, np.ndarray) or shape != (count, PIXELS):
        refuse(file, "data", f"bytes {(count, PIXELS)}", shape)
    if not isinstance(labels, list) or len(labels) != count:
        size = len(labels) if isinstance(labels, list) else type(labels)
        refuse(file, labels_in, f"a list of {count}", size)
    return pixels, labels
