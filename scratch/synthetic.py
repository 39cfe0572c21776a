"""Data made from a formula, so that the answer is known."""

import math
from typing import Any

import scratch as torch
from scratch import Generator, Tensor
from scratch.data import Images, Table


def linear(train: bool, seed: int = 0, n: int = 1000) -> Table:
    """y = x·[2, -3.4] + 4.2 + noise, x ~ N(0, 1), noise ~ N(0, 0.01²); the
    test set is the training set."""
    g = Generator().manual_seed(seed)
    x = torch.randn(n, 2, generator=g)
    y = x @ torch.tensor([[2.0], [-3.4]]) + 4.2
    return Table(x, y + 0.01 * torch.randn(n, 1, generator=g))


def high_dimensional(train: bool, seed: int = 0) -> Table:
    """y = 0.05 + Σ 0.01·xᵢ + noise of 200 inputs from 20 examples (100 to
    test): more weights than examples."""
    g = Generator().manual_seed(2 * seed + train)
    n = 20 if train else 100
    x = torch.randn(n, 200, generator=g)
    y = 0.01 * x.sum(1, keepdim=True) + 0.05
    return Table(x, y + 0.01 * torch.randn(n, 1, generator=g))


def polynomial(train: bool, seed: int = 0, degree: int = 4) -> Table:
    """y = 5 + 1.2x - 3.4x²/2! + 5.6x³/3! + noise, x ~ N(0, 1), noise ~ N(0,
    0.1²); features xⁱ/i! for i < degree."""
    g = Generator().manual_seed(2 * seed + train)
    x = torch.randn(100, 1, generator=g)
    power = torch.arange(20)
    scale = torch.tensor([math.gamma(i + 1) for i in range(20)])
    features = x**power / scale
    weights = torch.tensor([5, 1.2, -3.4, 5.6])
    y = features[:, :4] @ weights[:, None]
    noise = 0.1 * torch.randn(100, 1, generator=g)
    return Table(features[:, :degree], y + noise)


def edge(train: bool) -> Table:
    """One 6×8 picture, white but for black columns 2 to 5, and where its
    neighbours differ: x (1, 1, 6, 8), y (1, 1, 6, 7)."""
    x = torch.ones(1, 1, 6, 8)
    x[..., 2:6] = 0
    return Table(x, x[..., :-1] - x[..., 1:])


def patterns(classes: int, channels: int, side: int) -> Tensor:
    """One picture a class, always the same, of black and white patches with
    soft edges: (classes, C, side, side) in [0, 1]."""
    g = Generator().manual_seed(0)
    coarse = torch.rand(classes, channels, 4, 4, generator=g).round()
    return torch.nn.functional.interpolate(
        coarse, size=(side, side), mode="bilinear"
    )


def toy(
    train: bool,
    side: int = 0,
    n: int = 64,
    channels: int = 1,
    classes: int = 4,
    **more: Any,
) -> Images:
    """Pictures that any network learns: their class's pattern and noise."""
    first = 28 if channels == 1 else 32
    g = Generator().manual_seed(1 + train)
    labels = torch.arange(n) % classes
    clean = patterns(classes, channels, first)[labels]
    noise = torch.rand(n, channels, first, first, generator=g)
    pixels = (255 * (0.85 * clean + 0.15 * noise)).to(torch.uint8)
    return Images(pixels, labels, side, **more)
