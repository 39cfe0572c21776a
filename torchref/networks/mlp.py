"""Multilayer perceptrons, plain and with dropout."""

from torch import nn


def mlp(inputs: int = 784, hidden: int = 256, classes: int = 10) -> nn.Module:
    """One hidden layer (N, 1, 28, 28) -> (N, classes)"""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(inputs, hidden),
        nn.ReLU(),
        nn.Linear(hidden, classes),
    )


def dropout_mlp(
    inputs: int = 784,
    hidden: int = 256,
    classes: int = 10,
    drops: tuple[float, float] = (0.2, 0.5),
) -> nn.Module:
    """Two hidden layers, more dropout in the later one (Srivastava et al.,
    2014)   (N, 1, 28, 28) -> (N, classes)"""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(inputs, hidden),
        nn.ReLU(),
        nn.Dropout(drops[0]),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Dropout(drops[1]),
        nn.Linear(hidden, classes),
    )
