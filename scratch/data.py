"""The data sets in memory: a batch is made by index, resized as it comes."""

from typing import Any

import scratch as torch
from scratch import Tensor, vision


class Table:
    """Rows of numbers: x (N, …), y (N, …)."""

    def __init__(self, x: Tensor, y: Tensor):
        self.x, self.y = x, y

    def __len__(self) -> int:
        return len(self.x)

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
        dtype: Any = torch.float32,
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

    def draw(self, g: torch.Generator) -> None:
        """A coin for each picture: which are mirrored until the next draw,
        whatever batch they come in."""
        if self.flip:
            coins = torch.rand(len(self), generator=g) < 0.5
            self.mirrored[: len(self)] = coins

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


def fashion_mnist(
    train: bool, side: int = 0, full: bool = False, **more: Any
) -> Images:
    """60 000 or 10 000 grey pictures of clothes, 28×28, in ten classes (Xiao
    et al., 2017); the sample of 6 000 and 1 000 where there is no more."""
    found = vision.datasets.FashionMNIST(train=train, full=full)
    return Images(found.data[:, None], found.targets, side, **more)


def sample(train: bool, side: int = 0, **more: Any) -> Images:
    """The part of Fashion-MNIST that comes with this repository."""
    from_sample = vision.finder.SAMPLE
    part = "train" if train else "t10k"
    pixels, labels = vision.datasets.mnist.read_pair(
        from_sample / f"{part}-images-idx3-ubyte.gz",
        from_sample / f"{part}-labels-idx1-ubyte.gz",
    )
    return Images(
        torch.from_numpy(pixels)[:, None],
        torch.from_numpy(labels).long(),
        side,
        **more,
    )


def cifar10(train: bool, side: int = 0, **more: Any) -> Images:
    """50 000 or 10 000 colour pictures, 32×32, in ten classes (Krizhevsky,
    2009); scaled to [-1, 1]."""
    found = vision.datasets.CIFAR10(train=train)
    pixels = torch.as_tensor(found.data).permute(0, 3, 1, 2).contiguous()
    labels = torch.as_tensor(found.targets)
    return Images(pixels, labels, side, normalize=(0.5, 0.5), **more)
