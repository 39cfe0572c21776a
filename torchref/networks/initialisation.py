"""How the networks' weights start; each is for `net.apply(...)`."""

from torch import nn


def default(layer: nn.Module) -> None:
    """What every layer does by itself: uniform(±1/√fan_in)."""


def xavier(layer: nn.Module) -> None:
    """w ~ uniform(±√(6 / (fan_in + fan_out))) (Glorot & Bengio, 2010);
    biases keep the layer's own."""
    if isinstance(layer, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(layer.weight)


def normal(layer: nn.Module) -> None:
    """w ~ N(0, 0.01²) in linear layers; biases keep the layer's own."""
    if isinstance(layer, nn.Linear):
        nn.init.normal_(layer.weight, std=0.01)


def normal_zero(layer: nn.Module) -> None:
    """w ~ N(0, 0.01²), b = 0 in linear layers."""
    if isinstance(layer, nn.Linear):
        nn.init.normal_(layer.weight, std=0.01)
        nn.init.zeros_(layer.bias)


def standard(layer: nn.Module) -> None:
    """w ~ N(0, 1), b = 0 in linear layers."""
    if isinstance(layer, nn.Linear):
        nn.init.normal_(layer.weight)
        nn.init.zeros_(layer.bias)


INITIALISATIONS = {
    "default": default,
    "xavier": xavier,
    "normal": normal,
    "normal_zero": normal_zero,
    "standard": standard,
}
