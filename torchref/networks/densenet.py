"""DenseNet (Huang et al., 2016): every layer reads all the maps before it."""

from torch import Tensor, cat, nn


def conv_block(in_channels: int, channels: int) -> nn.Sequential:
    """Normalize, ReLU, then convolve: the order of DenseNet."""
    return nn.Sequential(
        nn.BatchNorm2d(in_channels),
        nn.ReLU(),
        nn.Conv2d(in_channels, channels, kernel_size=3, padding=1),
    )


class DenseBlock(nn.Module):
    """Each convolution adds `growth` maps to those it read.

    x (N, in_channels, H, W) -> y (N, in_channels + convolutions·growth, H, W)
    """

    def __init__(self, convolutions: int, in_channels: int, growth: int):
        super().__init__()
        self.layers = nn.Sequential(
            *(
                conv_block(in_channels + layer * growth, growth)
                for layer in range(convolutions)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = cat((x, layer(x)), dim=1)
        return x


def transition(in_channels: int, channels: int) -> nn.Sequential:
    """Fewer maps, half as high and wide: (N, in_channels, H, W) -> (N,
    channels, H/2, W/2)"""
    return nn.Sequential(
        nn.BatchNorm2d(in_channels),
        nn.ReLU(),
        nn.Conv2d(in_channels, channels, kernel_size=1),
        nn.AvgPool2d(kernel_size=2, stride=2),
    )


def densenet(
    in_channels: int = 1,
    classes: int = 10,
    growth: int = 32,
    depths: tuple[int, ...] = (4, 4, 4, 4),
) -> nn.Module:
    """(N, in_channels, 96, 96) -> (N, classes)"""
    channels = 64
    body = [
        nn.Conv2d(in_channels, channels, kernel_size=7, stride=2, padding=3),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    ]
    for level, depth in enumerate(depths):
        body.append(DenseBlock(depth, channels, growth))
        channels += depth * growth
        if level < len(depths) - 1:
            body.append(transition(channels, channels // 2))
            channels //= 2
    return nn.Sequential(
        *body,
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d((1, 1)),
        nn.Flatten(),
        nn.Linear(channels, classes),
    )
