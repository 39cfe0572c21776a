"""MNIST and its kin: pictures 28 by 28, grey, in four IDX files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from scratch.tensor import wrap
from scratch.vision.datasets.vision import Transform, VisionDataset
from scratch.vision.files import refuse
from scratch.vision.finder import SAMPLE, find_full, folders, say_once
from scratch.vision.idx import read_idx

IMAGES, LABELS = "{}-images-idx3-ubyte", "{}-labels-idx1-ubyte"


class MNIST(VisionDataset):
    """Handwritten digits (LeCun, Cortes and Burges, 1998).

    data (N, 28, 28) uint8, targets (N,) int64. `root` is searched first, then
    the places of `scratch.vision.finder`; nothing is ever downloaded. With
    `full=True` a sample will not do.
    """

    classes = [
        "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four",
        "5 - five", "6 - six", "7 - seven", "8 - eight", "9 - nine",
    ]  # fmt: skip
    counts = {"train": 60_000, "t10k": 10_000}
    folders = ["MNIST/raw", "mnist"]
    sample: Path | None = None
    advice = ""

    def __init__(
        self,
        root: str | Path | None = None,
        train: bool = True,
        transform: Transform = None,
        target_transform: Transform = None,
        download: bool = False,
        *,
        full: bool = False,
    ):
        super().__init__(
            root, transform=transform, target_transform=target_transform
        )
        self.train = train
        files = self._files(full)
        part = "train" if train else "t10k"
        pixels, labels = read_pair(
            files[IMAGES.format(part)], files[LABELS.format(part)]
        )
        self.data = wrap(pixels)
        self.targets = wrap(labels.astype(np.int64))

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The number of each class by its name."""
        return {name: i for i, name in enumerate(self.classes)}

    def _files(self, full: bool) -> dict[str, Path]:
        """The four files of the first full copy, or of the sample."""
        shapes: dict[str, tuple] = {}
        for part, count in self.counts.items():
            shapes[IMAGES.format(part)] = (count, 28, 28)
            shapes[LABELS.format(part)] = (count,)
        files = find_full(self.root, self.folders, shapes)
        if files is not None:
            return files
        name = type(self).__name__
        if full or self.sample is None or not self.sample.is_dir():
            places = ", ".join(map(str, folders(self.root)))
            raise RuntimeError(
                f"Dataset not found: no full copy of {name} in {places} (or "
                f"{' or '.join(self.folders)} below one of them). {self.advice}"
                f"Put {', '.join(shapes)} (or .gz) into one folder and type: "
                "export GRADTWIN_DATA=/path/to/that/folder"
            )
        say_once(
            f"{name}: no full copy found, using the sample of 6,000 + 1,000 "
            "images kept in data/ (full=True says how to get all)"
        )
        return {name: self.sample / f"{name}.gz" for name in shapes}

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        target = int(self.targets.array[index])
        return self.transformed(self.data.array[index], target)

    def __len__(self) -> int:
        return len(self.data.array)

    def extra_repr(self) -> str:
        """Which part it is."""
        return f"Split: {'Train' if self.train is True else 'Test'}"


class FashionMNIST(MNIST):
    """Clothes (Xiao, Rasul and Vollgraf, 2017), drawn like MNIST's digits."""

    classes = [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
        "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ]  # fmt: skip
    folders = ["FashionMNIST/raw", "fashion-mnist"]
    sample = SAMPLE
    advice = "On Debian type: apt-get install dataset-fashion-mnist. Or: "


def read_pair(images: Path, labels: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (N, 28, 28) and their labels (N,), each from 0 to 9."""
    x, y = read_idx(images, dims=3), read_idx(labels, dims=1)
    for file, items in ((images, x), (labels, y)):
        if items.dtype != np.uint8:
            refuse(file, "magic number", "unsigned bytes", items.dtype)
    if x.shape[1:] != (28, 28):
        refuse(images, "sizes", "(N, 28, 28)", x.shape)
    if len(x) != len(y):
        refuse(labels, "sizes", f"{len(x)} labels, as pictures", len(y))
    if y.size and y.max() > 9:
        place = f"item {int((y > 9).argmax())}"
        refuse(labels, place, "a label from 0 to 9", int(y[y > 9][0]))
    return x, y
