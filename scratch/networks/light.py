"""A light network of depthwise-separable convolutions (after Howard et al.,
2017, MobileNets): space first, channel by channel, then the channels."""

from scratch import nn


def separable(in_channels: int, channels: int, stride: int) -> nn.Sequential:
    """A 3×3 convolution of each channel alone, then 1×1 across them: K²·C +
    C·O weights in place of K²·C·O.

    x (N, in_channels, H, W) -> y (N, channels, H/stride, W/stride)
    """
    return nn.Sequential(
        nn.Conv2d(
            in_channels,
            in_channels,
            kernel_size=3,
            stride=stride,
            padding=1,
            groups=in_channels,
            bias=False,
        ),
        nn.BatchNorm2d(in_channels),
        nn.ReLU(),
        nn.Conv2d(in_channels, channels, kernel_size=1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
    )


def light(
    in_channels: int = 1,
    classes: int = 10,
    widths: tuple[int, ...] = (32, 64, 128, 128, 256),
) -> nn.Module:
    """Every second block halves the map.   (N, in_channels, H, W) -> (N,
    classes)"""
    body = [
        nn.Conv2d(in_channels, widths[0], 3, padding=1, bias=False),
        nn.BatchNorm2d(widths[0]),
        nn.ReLU(),
    ]
    for level, channels in enumerate(widths[1:]):
        body.append(separable(widths[level], channels, stride=2 - level % 2))
    return nn.Sequential(
        *body,
        nn.AdaptiveAvgPool2d((1, 1)),
        nn.Flatten(),
        nn.Linear(widths[-1], classes),
    )
