"""torchvision's SqueezeNet (Iandola et al., 2016), parameter by parameter."""

from __future__ import annotations

from typing import Any

from scratch import nn
from scratch.ops.combine import cat
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made

__all__ = [
    "SqueezeNet",
    "SqueezeNet1_0_Weights",
    "SqueezeNet1_1_Weights",
    "squeezenet1_0",
    "squeezenet1_1",
]

# The channels in, squeezed and after each half of a Fire; "M": a pool.
LEVELS: dict[str, list[Any]] = {
    "1_0": [
        "M", (96, 16, 64), (128, 16, 64), (128, 32, 128),
        "M", (256, 32, 128), (256, 48, 192), (384, 48, 192), (384, 64, 256),
        "M", (512, 64, 256),
    ],
    "1_1": [
        "M", (64, 16, 64), (128, 16, 64),
        "M", (128, 32, 128), (256, 32, 128),
        "M", (256, 48, 192), (384, 48, 192), (384, 64, 256), (512, 64, 256),
    ],
}  # fmt: skip


class SqueezeNet1_0_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "squeezenet1_0-b66bff10.pth"
    DEFAULT = IMAGENET1K_V1


class SqueezeNet1_1_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "squeezenet1_1-b8a52dc0.pth"
    DEFAULT = IMAGENET1K_V1


class Fire(nn.Module):
    """Few channels, then more by 1×1 and 3×3 side by side.

    x (N, inplanes, H, W) -> (N, expand1x1_planes + expand3x3_planes, H, W)
    """

    def __init__(
        self,
        inplanes: int,
        squeeze_planes: int,
        expand1x1_planes: int,
        expand3x3_planes: int,
    ):
        super().__init__()
        self.inplanes = inplanes
        self.squeeze = nn.Conv2d(inplanes, squeeze_planes, 1)
        self.squeeze_activation = nn.ReLU(inplace=True)
        self.expand1x1 = nn.Conv2d(squeeze_planes, expand1x1_planes, 1)
        self.expand1x1_activation = nn.ReLU(inplace=True)
        self.expand3x3 = nn.Conv2d(
            squeeze_planes, expand3x3_planes, 3, padding=1
        )
        self.expand3x3_activation = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze_activation(self.squeeze(x))
        small = self.expand1x1_activation(self.expand1x1(x))
        large = self.expand3x3_activation(self.expand3x3(x))
        return cat([small, large], 1)


class SqueezeNet(nn.Module):
    """A convolution, eight Fires between pools, a convolution to the classes
    and its mean.   x (N, 3, H, W) -> (N, num_classes), H and W at least 21

    Version 1_1 pools earlier: it computes less than half (at least 17).
    """

    def __init__(
        self,
        version: str = "1_0",
        num_classes: int = 1000,
        dropout: float = 0.5,
    ):
        super().__init__()
        self.num_classes = num_classes
        if version not in LEVELS:
            raise ValueError(
                f"Unsupported SqueezeNet version {version}: 1_0 or 1_1 expected"
            )
        out, size = (96, 7) if version == "1_0" else (64, 3)
        features = [nn.Conv2d(3, out, size, stride=2), nn.ReLU(inplace=True)]
        for level in LEVELS[version]:
            if level == "M":
                features.append(nn.MaxPool2d(3, stride=2, ceil_mode=True))
            else:
                before, squeezed, half = level
                features.append(Fire(before, squeezed, half, half))
        self.features = nn.Sequential(*features)
        last = nn.Conv2d(512, num_classes, kernel_size=1)
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout),
            last,
            nn.ReLU(inplace=True),
            nn.AdaptiveAvgPool2d((1, 1)),
        )
        self._start(last)

    def _start(self, last: nn.Module) -> None:
        """He's uniform weights; those of the last layer N(0, 0.01²)."""
        for layer in self.modules():
            if not isinstance(layer, nn.Conv2d):
                continue
            if layer is last:
                nn.init.normal_(layer.weight, mean=0.0, std=0.01)
            else:
                nn.init.kaiming_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x)).flatten(1)


@builder(SqueezeNet1_0_Weights)
def squeezenet1_0(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> SqueezeNet:
    """1,248,424 parameters for 1,000 classes"""
    return made(SqueezeNet, weights, kwargs, "1_0")


@builder(SqueezeNet1_1_Weights)
def squeezenet1_1(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> SqueezeNet:
    """1,235,496 parameters for 1,000 classes"""
    return made(SqueezeNet, weights, kwargs, "1_1")
