"""Files in folders, one a class, turned, cut and coloured at random."""

import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

torch.manual_seed(11)
draws = np.random.default_rng(11)


def stripes(across: bool) -> Image.Image:
    """A picture 20 x 24 with stripes of some width, a little soiled."""
    y, x = np.mgrid[:20, :24]
    wave = np.sin((y if across else x) * draws.uniform(0.6, 1.2))
    colours = wave[..., None] * draws.uniform(60, 110, 3) + 128
    soiled = colours + draws.normal(0, 8, colours.shape)
    return Image.fromarray(soiled.clip(0, 255).astype(np.uint8))


def write(root: Path, count: int) -> None:
    """The folders, and `count` files in each."""
    for name in ("across", "down"):
        (root / name).mkdir(parents=True)
        for i in range(count):
            stripes(name == "across").save(root / name / f"{i:02}.png")


varied = transforms.Compose([
    transforms.RandomRotation(20, fill=128),
    transforms.RandomResizedCrop(16, scale=(0.6, 1.0)),
    transforms.RandomHorizontalFlip(),
    transforms.ColorJitter(0.3, 0.3, 0.3, 0.1),
    transforms.RandomAffine(0, translate=(0.1, 0.1)),
    transforms.ToTensor(),
    transforms.Normalize([0.5] * 3, [0.25] * 3),
])  # fmt: skip
plain = transforms.Compose([
    transforms.Resize(18),
    transforms.CenterCrop(16),
    transforms.ToTensor(),
    transforms.Normalize([0.5] * 3, [0.25] * 3),
])  # fmt: skip

with tempfile.TemporaryDirectory() as home:
    write(Path(home), 12)
    train, test = ImageFolder(home, varied), ImageFolder(home, plain)
    print(train.classes, len(train), train.class_to_idx)
    print(varied)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(4),
        nn.Flatten(), nn.Dropout(0.2), nn.Linear(128, 2))  # fmt: skip
    optimizer = optim.Adam(net.parameters(), lr=0.01)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(4):
        net.train()
        for pictures, labels in DataLoader(train, 6, shuffle=True):
            optimizer.zero_grad()
            loss = criterion(net(pictures), labels)
            loss.backward()
            optimizer.step()
        print(
            f"epoch {epoch}: loss {loss.item():.4f}, "
            f"pictures {pictures.mean():.5f} ± {pictures.std():.5f}"
        )
    net.eval()
    with torch.no_grad():
        pictures, labels = next(iter(DataLoader(test, 24)))
        right = net(pictures).argmax(1) == labels
    print(f"{right.sum().item()} of {len(test)} right")
