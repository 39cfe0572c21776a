"""ResNet (He et al., 2015): a block learns what to add to its input."""

from scratch import Tensor, nn


class Residual(nn.Module):
    """y = relu(f(x) + x): f is two convolutions; where the shape changes, x
    passes a 1×1 convolution.

    x (N, in_channels, H, W) -> y (N, channels, H/stride, W/stride)
    """

    def __init__(self, in_channels: int, channels: int, stride: int = 1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, padding=1)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(channels)
        same = stride == 1 and in_channels == channels
        self.shortcut = (
            nn.Identity()
            if same
            else nn.Conv2d(in_channels, channels, kernel_size=1, stride=stride)
        )

    def forward(self, x: Tensor) -> Tensor:
        y = nn.functional.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return nn.functional.relu(y + self.shortcut(x))


def stem(in_channels: int, small: bool) -> list[nn.Module]:
    """What comes before the blocks; for small images (32×32) it keeps their
    size."""
    if small:
        first = nn.Conv2d(in_channels, 64, kernel_size=3, padding=1)
        return [first, nn.BatchNorm2d(64), nn.ReLU()]
    return [
        nn.Conv2d(in_channels, 64, kernel_size=7, stride=2, padding=3),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
    ]


def resnet(
    depths: tuple[int, ...] = (2, 2, 2, 2),
    in_channels: int = 1,
    classes: int = 10,
    small: bool = False,
) -> nn.Module:
    """`depths` blocks at 64, 128, 256, … channels, each change halving the
    map.   (N, in_channels, H, W) -> (N, classes)"""
    body = stem(in_channels, small)
    before = 64
    for level, depth in enumerate(depths):
        channels = 64 * 2**level
        for block in range(depth):
            stride = 2 if level > 0 and block == 0 else 1
            body.append(Residual(before, channels, stride))
            before = channels
    return nn.Sequential(
        *body,
        nn.AdaptiveAvgPool2d((1, 1)),
        nn.Flatten(),
        nn.Linear(before, classes),
    )


def resnet18(in_channels: int = 1, classes: int = 10) -> nn.Module:
    """18 layers: 1 + 2·8 + 1   (N, in_channels, 96, 96) -> (N, classes)"""
    return resnet((2, 2, 2, 2), in_channels, classes)


def resnet34(in_channels: int = 1, classes: int = 10) -> nn.Module:
    """34 layers: 1 + 2·16 + 1   (N, in_channels, 96, 96) -> (N, classes)"""
    return resnet((3, 4, 6, 3), in_channels, classes)


def resnet18_small(in_channels: int = 3, classes: int = 10) -> nn.Module:
    """ResNet-18 for small images (N, in_channels, 32, 32) -> (N, classes)"""
    return resnet((2, 2, 2, 2), in_channels, classes, small=True)
