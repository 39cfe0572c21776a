"""torchvision's ResNet-18 and 34 (He et al., 2015), parameter by parameter."""

from __future__ import annotations

import os
from enum import Enum
from pathlib import Path
from typing import Any

from scratch import nn
from scratch.serialization import load
from scratch.tensor import Tensor

__all__ = [
    "BasicBlock",
    "ResNet",
    "ResNet18_Weights",
    "ResNet34_Weights",
    "resnet18",
    "resnet34",
]


class ResNet18_Weights(Enum):
    """Trained on ImageNet; the name of torchvision's file."""

    IMAGENET1K_V1 = "resnet18-f37072fd.pth"
    DEFAULT = IMAGENET1K_V1


class ResNet34_Weights(Enum):
    """Trained on ImageNet; the name of torchvision's file."""

    IMAGENET1K_V1 = "resnet34-b627a593.pth"
    DEFAULT = IMAGENET1K_V1


def conv3x3(channels: int, out: int, stride: int = 1) -> nn.Conv2d:
    """Keeps the map's size, or divides it by the stride."""
    return nn.Conv2d(channels, out, 3, stride, padding=1, bias=False)


class BasicBlock(nn.Module):
    """y = relu(f(x) + x): f is two convolutions, each normalised.

    x (N, inplanes, H, W) -> y (N, planes, H/stride, W/stride)
    """

    expansion = 1

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
    ):
        super().__init__()
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += x if self.downsample is None else self.downsample(x)
        return self.relu(y)


class ResNet(nn.Module):
    """A 7×7 convolution, a pool, four groups of blocks, the mean of each
    map, a linear layer.   x (N, 3, H, W) -> (N, num_classes)"""

    def __init__(self, block: Any, layers: list[int], num_classes: int = 1000):
        super().__init__()
        self.inplanes = 64
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.layer1 = self.group(block, 64, layers[0])
        self.layer2 = self.group(block, 128, layers[1], stride=2)
        self.layer3 = self.group(block, 256, layers[2], stride=2)
        self.layer4 = self.group(block, 512, layers[3], stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(
                    layer.weight, mode="fan_out", nonlinearity="relu"
                )

    def group(
        self, block: Any, planes: int, blocks: int, stride: int = 1
    ) -> nn.Sequential:
        """Blocks of one width; the first may halve the map, x through a 1×1
        convolution then."""
        width = planes * block.expansion
        shorter = None
        if stride != 1 or self.inplanes != width:
            shorter = nn.Sequential(
                nn.Conv2d(self.inplanes, width, 1, stride, bias=False),
                nn.BatchNorm2d(width),
            )
        first = block(self.inplanes, planes, stride, shorter)
        self.inplanes = width
        rest = [block(width, planes) for _ in range(1, blocks)]
        return nn.Sequential(first, *rest)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))


def cached(name: str) -> Path:
    """The file where torch keeps what it has fetched: nothing is fetched
    here."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = Path(os.environ.get("TORCH_HOME") or caches / "torch")
    path = home / "hub" / "checkpoints" / name
    if not path.is_file():
        raise FileNotFoundError(
            f"no {path}: nothing is downloaded here; torchvision fetches it "
            "(python -c 'from torchvision.models import resnet18; "
            'resnet18(weights="DEFAULT")\'), or put the file there'
        )
    return path


def made(layers: list[int], kinds: Any, weights: Any, more: dict) -> ResNet:
    """The network, with the weights of a file where one is named."""
    if weights is None:
        return ResNet(BasicBlock, layers, **more)
    kind = kinds[weights] if isinstance(weights, str) else kinds(weights)
    net = ResNet(BasicBlock, layers, **{"num_classes": 1000, **more})
    net.load_state_dict(load(cached(kind.value)))
    return net


def resnet18(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """11,689,512 parameters for 1,000 classes; 18 layers with weights."""
    return made([2, 2, 2, 2], ResNet18_Weights, weights, kwargs)


def resnet34(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """21,797,672 parameters for 1,000 classes; 34 layers with weights."""
    return made([3, 4, 6, 3], ResNet34_Weights, weights, kwargs)
