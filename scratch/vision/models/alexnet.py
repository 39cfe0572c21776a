"""torchvision's AlexNet (Krizhevsky, 2014), parameter by parameter."""

from __future__ import annotations

from typing import Any

from scratch import nn
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made

__all__ = ["AlexNet", "AlexNet_Weights", "alexnet"]


class AlexNet_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "alexnet-owt-7be5be79.pth"
    DEFAULT = IMAGENET1K_V1


def shrunk() -> nn.MaxPool2d:
    """The greatest of 3×3, every second one."""
    return nn.MaxPool2d(kernel_size=3, stride=2)


class AlexNet(nn.Module):
    """Five convolutions, three pools, three linear layers with dropout.

    x (N, 3, H, W) -> (N, num_classes), H and W at least 63
    """

    def __init__(self, num_classes: int = 1000, dropout: float = 0.5):
        super().__init__()
        maps = [
            nn.Conv2d(3, 64, 11, stride=4, padding=2),
            nn.ReLU(inplace=True), shrunk(),
            nn.Conv2d(64, 192, 5, padding=2),
            nn.ReLU(inplace=True), shrunk(),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, 3, padding=1),
            nn.ReLU(inplace=True), shrunk(),
        ]  # fmt: skip
        self.features = nn.Sequential(*maps)
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, num_classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


@builder(AlexNet_Weights)
def alexnet(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> AlexNet:
    """61,100,840 parameters for 1,000 classes, most in the linear layers"""
    return made(AlexNet, weights, kwargs)
