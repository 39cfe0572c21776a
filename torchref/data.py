"""The data sets, whole on the device: a batch is made there, by index."""

import gzip
import os
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

FASHION_MNIST = {
    True: ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    False: ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
CLASSES = (
    "t-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


class Table:
    """Rows of numbers: x (N, …), y (N, …)."""

    def __init__(self, x: Tensor, y: Tensor):
        self.x, self.y = x, y

    def __len__(self) -> int:
        return len(self.x)

    def to(self, device: torch.device | str) -> Self:
        """The same rows on the device."""
        self.x, self.y = self.x.to(device), self.y.to(device)
        return self

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """rows (B,) -> x (B, …), y (B, …)"""
        return self.x[rows], self.y[rows]


class Images:
    """Pictures kept as bytes (N, C, h, w) and labels (N,); a batch of them
    is resized, scaled to [0, 1] and normalized where they are."""

    def __init__(
        self,
        pixels: Tensor,
        labels: Tensor,
        side: int = 0,
        normalize: tuple[float, float] = (0.0, 1.0),
        flip: bool = False,
        dtype: torch.dtype = torch.float32,
    ):
        self.pixels, self.labels = pixels, labels
        self.normalize, self.flip, self.dtype = normalize, flip, dtype
        height, width = pixels.shape[2:]
        self.resized = side not in (0, height) or side not in (0, width)
        self.rows = resize_weights(height, side or height)
        self.columns = resize_weights(width, side or width)
        self.mirrored = torch.zeros(len(pixels), dtype=torch.bool)

    def __len__(self) -> int:
        return len(self.pixels)

    def to(self, device: torch.device | str) -> Self:
        """The same pictures on the device."""
        self.pixels, self.labels = (
            self.pixels.to(device),
            self.labels.to(device),
        )
        self.rows, self.columns = self.rows.to(device), self.columns.to(device)
        self.mirrored = self.mirrored.to(device)
        return self

    def draw(self, g: torch.Generator) -> None:
        """A coin for each picture: which are mirrored until the next draw,
        whatever batch they come in."""
        if self.flip:
            coins = torch.rand(len(self), generator=g) < 0.5
            self.mirrored[: len(self)] = coins.to(self.mirrored.device)

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """rows (B,) -> x (B, C, side, side), labels (B,)"""
        x = self.pixels[rows].float()
        if self.resized:
            x = resize(x, self.rows, self.columns)
        mean, deviation = self.normalize
        x = (x / 255 - mean) / deviation
        if self.flip:
            mirrored = self.mirrored[rows].view(-1, 1, 1, 1)
            x = torch.where(mirrored, x.flip(-1), x)
        return x.to(self.dtype), self.labels[rows]


def resize(x: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Pillow's resize: along the width, then along the height, rounded to
    whole grey levels each time.

    x (B, C, h, w), rows (H, h), columns (W, w) -> (B, C, H, W)
    """
    x = torch.floor(x @ columns.mT + 0.5)
    return torch.floor(rows @ x + 0.5)


def resize_weights(before: int, after: int) -> Tensor:
    """How much each old pixel gives to each new one: a triangle around the
    new pixel's centre, as wide as the coarser of the two grids.

    -> (after, before), every row sums to 1
    """
    scale = before / after
    reach = max(scale, 1.0)
    centre = (torch.arange(after, dtype=torch.float64)[:, None] + 0.5) * scale
    distance = torch.arange(before) + 0.5 - centre
    weights = (1 - distance.abs() / reach).clamp(min=0)
    return (weights / weights.sum(1, keepdim=True)).float()


def folders() -> list[Path]:
    """Where files of data may lie, the first that has them wins."""
    here = Path(__file__).parent.parent / "data"
    places = [here / "full", here, Path("data"), Path.home() / "data"]
    given = os.environ.get("GRADTWIN_DATA")
    if given:
        places.insert(0, Path(given))
    places.append(Path(torch.hub.get_dir()).parent)
    debian = Path("/usr/share/datasets/fashion-mnist")
    return [*places, *(p / "FashionMNIST" / "raw" for p in places), debian]


def find(name: str) -> Path:
    """The file of that name, packed (.gz) or not."""
    for folder in folders():
        for path in (folder / name, folder / f"{name}.gz"):
            if path.is_file():
                return path
    raise FileNotFoundError(
        f"{name}: not in {', '.join(map(str, folders()))}; install Debian's "
        "dataset-fashion-mnist, or put the files into one folder and name it "
        "in GRADTWIN_DATA"
    )


def read_idx(path: Path) -> Tensor:
    """An array of bytes in MNIST's format: two zeros, 8 for bytes, the number
    of axes, each axis in four bytes, then the bytes."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        raw = file.read()
    axes = raw[3] if len(raw) > 3 and raw[:3] == b"\0\0\x08" else 0
    sizes = (
        np.frombuffer(raw, ">i4", axes, 4) if len(raw) >= 4 + 4 * axes else ()
    )
    if not axes or len(raw) != 4 + 4 * axes + int(np.prod(sizes, dtype=int)):
        raise ValueError(f"{path} is no file of bytes in MNIST's format")
    values = np.frombuffer(raw, np.uint8, offset=4 + 4 * axes)
    return torch.from_numpy(values.reshape(tuple(sizes)).copy())


def fashion_mnist(train: bool, side: int = 0, **more: Any) -> Images:
    """60 000 or 10 000 grey pictures of clothes, 28×28, in ten classes (Xiao
    et al., 2017)."""
    images, labels = (read_idx(find(name)) for name in FASHION_MNIST[train])
    return Images(images[:, None], labels.long(), side, **more)


def sample(train: bool, side: int = 0, **more: Any) -> Images:
    """The part of Fashion-MNIST that comes with this repository."""
    folder = Path(__file__).parent.parent / "data" / "fashion-mnist-sample"
    images, labels = (
        read_idx(folder / f"{name}.gz") for name in FASHION_MNIST[train]
    )
    return Images(images[:, None], labels.long(), side, **more)


def cifar10(train: bool, side: int = 0, **more: Any) -> Images:
    """50 000 or 10 000 colour pictures, 32×32, in ten classes (Krizhevsky,
    2009), from the binary files; scaled to [-1, 1]."""
    names = [f"data_batch_{i}.bin" for i in range(1, 6)]
    names = names if train else ["test_batch.bin"]
    folder = "cifar-10-batches-bin"
    raw = b"".join(find(f"{folder}/{n}").read_bytes() for n in names)
    rows = torch.from_numpy(
        np.frombuffer(raw, np.uint8).reshape(-1, 3073).copy()
    )
    pixels = rows[:, 1:].reshape(-1, 3, 32, 32)
    return Images(pixels, rows[:, 0].long(), side, normalize=(0.5, 0.5), **more)
