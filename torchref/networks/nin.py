"""Network in Network (Lin et al., 2013): 1×1 convolutions as small networks
at every pixel, and a mean over the map in place of linear layers."""

from torch import nn


def nin_block(
    in_channels: int, channels: int, kernel: int, stride: int, padding: int
) -> nn.Sequential:
    """A convolution, then two at each pixel: (N, in_channels, H, W) -> (N,
    channels, P, Q)"""
    return nn.Sequential(
        nn.Conv2d(in_channels, channels, kernel, stride, padding),
        nn.ReLU(),
        nn.Conv2d(channels, channels, kernel_size=1),
        nn.ReLU(),
        nn.Conv2d(channels, channels, kernel_size=1),
        nn.ReLU(),
    )


def nin(in_channels: int = 1, classes: int = 10) -> nn.Module:
    """(N, in_channels, 224, 224) -> (N, classes); the last block ends in a
    ReLU too, so a class whose map dies is never chosen again."""
    return nn.Sequential(
        nin_block(in_channels, 96, kernel=11, stride=4, padding=0),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(96, 256, kernel=5, stride=1, padding=2),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nin_block(256, 384, kernel=3, stride=1, padding=1),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Dropout(0.5),
        nin_block(384, classes, kernel=3, stride=1, padding=1),
        nn.AdaptiveAvgPool2d((1, 1)),
        nn.Flatten(),
    )
