"""GoogLeNet (Szegedy et al., 2014): four paths of different kernels side by
side, without auxiliary heads and without batch normalization."""

from torch import Tensor, cat, nn


def conv(in_channels: int, channels: int, kernel: int) -> nn.Sequential:
    """A convolution that keeps the size, and its ReLU."""
    return nn.Sequential(
        nn.Conv2d(in_channels, channels, kernel, padding=kernel // 2),
        nn.ReLU(),
    )


class Inception(nn.Module):
    """1×1 ‖ 1×1, 3×3 ‖ 1×1, 5×5 ‖ pool, 1×1, joined along the channels.

    x (N, in_channels, H, W) -> y (N, one + three[1] + five[1] + pool, H, W)
    """

    def __init__(
        self,
        in_channels: int,
        one: int,
        three: tuple[int, int],
        five: tuple[int, int],
        pool: int,
    ) -> None:
        super().__init__()
        self.one = conv(in_channels, one, 1)
        self.three = nn.Sequential(
            conv(in_channels, three[0], 1), conv(three[0], three[1], 3)
        )
        self.five = nn.Sequential(
            conv(in_channels, five[0], 1), conv(five[0], five[1], 5)
        )
        self.pool = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1),
            conv(in_channels, pool, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        paths = self.one(x), self.three(x), self.five(x), self.pool(x)
        return cat(paths, dim=1)


def shrink() -> nn.Module:
    """Half the height and width: (N, C, H, W) -> (N, C, H/2, W/2)"""
    return nn.MaxPool2d(kernel_size=3, stride=2, padding=1)


def googlenet(in_channels: int = 1, classes: int = 10) -> nn.Module:
    """(N, in_channels, 96, 96) -> (N, classes)"""
    return nn.Sequential(
        nn.Conv2d(in_channels, 64, kernel_size=7, stride=2, padding=3),
        nn.ReLU(),
        shrink(),
        conv(64, 64, 1),
        conv(64, 192, 3),
        shrink(),
        Inception(192, 64, (96, 128), (16, 32), 32),
        Inception(256, 128, (128, 192), (32, 96), 64),
        shrink(),
        Inception(480, 192, (96, 208), (16, 48), 64),
        Inception(512, 160, (112, 224), (24, 64), 64),
        Inception(512, 128, (128, 256), (24, 64), 64),
        Inception(512, 112, (144, 288), (32, 64), 64),
        Inception(528, 256, (160, 320), (32, 128), 128),
        shrink(),
        Inception(832, 256, (160, 320), (32, 128), 128),
        Inception(832, 384, (192, 384), (48, 128), 128),
        nn.AdaptiveAvgPool2d((1, 1)),
        nn.Flatten(),
        nn.Linear(1024, classes),
    )
