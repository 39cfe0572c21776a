"""AlexNet (Krizhevsky et al., 2012), in one piece and for one grey channel."""

from scratch import nn


def alexnet(
    in_channels: int = 1, classes: int = 10, side: int = 224, hidden: int = 4096
) -> nn.Module:
    """(N, in_channels, side, side) -> (N, classes)

    At side 224 the maps are 54, 26, 26, 12, 12, 12, 12 and 5 wide.
    """
    left = (side - 9) // 4 + 1  # after the first convolution
    for _ in range(3):  # after each pooling
        left = (left - 3) // 2 + 1
    return nn.Sequential(
        nn.Conv2d(in_channels, 96, kernel_size=11, stride=4, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(96, 256, kernel_size=5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Conv2d(256, 384, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 384, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(384, 256, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Flatten(),
        nn.Linear(256 * left * left, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(hidden, classes),
    )
