"""A small convolutional network for CIFAR-10's colour images."""

from torch import nn


def cifar_cnn(in_channels: int = 3, classes: int = 10) -> nn.Module:
    """(N, 3, 32, 32) -> (N, classes); as published, a ReLU stands on the
    logits too."""
    return nn.Sequential(
        nn.Conv2d(in_channels, 16, kernel_size=5),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=2, stride=2),  # (16, 14, 14)
        nn.Conv2d(16, 36, kernel_size=3),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=2, stride=2),  # (36, 6, 6)
        nn.Flatten(),
        nn.Linear(36 * 6 * 6, 128),
        nn.ReLU(),
        nn.Linear(128, classes),
        nn.ReLU(),
    )
