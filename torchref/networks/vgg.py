"""VGG (Simonyan & Zisserman, 2014): depth from blocks of 3×3 convolutions."""

from torch import nn

# (convolutions, channels) of each block
VGG11 = ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512))


def vgg_block(
    convolutions: int, in_channels: int, channels: int
) -> nn.Sequential:
    """(N, in_channels, H, W) -> (N, channels, H/2, W/2)"""
    layers: list[nn.Module] = []
    for _ in range(convolutions):
        layers.append(nn.Conv2d(in_channels, channels, 3, padding=1))
        layers.append(nn.ReLU())
        in_channels = channels
    return nn.Sequential(*layers, nn.MaxPool2d(kernel_size=2, stride=2))


def vgg11(
    ratio: int = 1,
    in_channels: int = 1,
    classes: int = 10,
    side: int = 224,
    hidden: int = 4096,
    blocks: tuple[tuple[int, int], ...] = VGG11,
) -> nn.Module:
    """(N, in_channels, side, side) -> (N, classes); every convolution has
    1/ratio of its channels, the linear layers keep theirs."""
    body: list[nn.Module] = []
    for convolutions, channels in blocks:
        channels //= ratio
        body.append(vgg_block(convolutions, in_channels, channels))
        in_channels = channels
    left = side // 2 ** len(blocks)
    return nn.Sequential(
        *body,
        nn.Flatten(),
        nn.Linear(in_channels * left * left, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, classes),
    )


def vgg11_quarter(
    in_channels: int = 1, classes: int = 10, side: int = 224, hidden: int = 4096
) -> nn.Module:
    """VGG-11 with a quarter of the channels: 16, 32, 64, 128, 128."""
    return vgg11(4, in_channels, classes, side, hidden)
