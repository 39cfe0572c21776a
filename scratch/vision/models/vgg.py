"""torchvision's VGG (Simonyan & Zisserman, 2014), parameter by parameter."""

from __future__ import annotations

from typing import Any

from scratch import nn
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, made
from scratch.vision.models.initial import he_weights

__all__ = [
    "VGG", "VGG11_BN_Weights", "VGG11_Weights", "VGG13_BN_Weights",
    "VGG13_Weights", "VGG16_BN_Weights", "VGG16_Weights", "VGG19_BN_Weights",
    "VGG19_Weights", "vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16",
    "vgg16_bn", "vgg19", "vgg19_bn",
]  # fmt: skip


class VGG11_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "vgg11-8a719046.pth"
    DEFAULT = IMAGENET1K_V1


class VGG11_BN_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "vgg11_bn-6002323d.pth"
    DEFAULT = IMAGENET1K_V1


class VGG13_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "vgg13-19584684.pth"
    DEFAULT = IMAGENET1K_V1


class VGG13_BN_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "vgg13_bn-abd245e5.pth"
    DEFAULT = IMAGENET1K_V1


class VGG16_Weights(WeightsEnum):
    """Trained on ImageNet; or the convolutions alone, the rest NaN."""

    IMAGENET1K_V1 = "vgg16-397923af.pth"
    IMAGENET1K_FEATURES = "vgg16_features-amdegroot-88682ab5.pth"
    DEFAULT = IMAGENET1K_V1


class VGG16_BN_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "vgg16_bn-6c64b313.pth"
    DEFAULT = IMAGENET1K_V1


class VGG19_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "vgg19-dcbb9e9d.pth"
    DEFAULT = IMAGENET1K_V1


class VGG19_BN_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "vgg19_bn-c79401a0.pth"
    DEFAULT = IMAGENET1K_V1


# The channels of each convolution; "M" halves the map.
cfgs: dict[str, list[str | int]] = {
    "A": [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "B": [
        64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M",
        512, 512, "M",
    ],
    "D": [
        64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M",
        512, 512, 512, "M",
    ],
    "E": [
        64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M",
        512, 512, 512, 512, "M", 512, 512, 512, 512, "M",
    ],
}  # fmt: skip


def make_layers(
    cfg: list[str | int], batch_norm: bool = False
) -> nn.Sequential:
    """The convolutions of a list, each normalised or not, and its pools."""
    layers: list[nn.Module] = []
    channels = 3
    for out in cfg:
        if isinstance(out, str):
            layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
            continue
        layers.append(nn.Conv2d(channels, out, 3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(out))
        layers.append(nn.ReLU(inplace=True))
        channels = out
    return nn.Sequential(*layers)


class VGG(nn.Module):
    """Convolutions of 3×3 in five levels, three linear layers with dropout.

    x (N, 3, H, W) -> (N, num_classes), H and W at least 32
    """

    def __init__(
        self,
        features: nn.Module,
        num_classes: int = 1000,
        init_weights: bool = True,
        dropout: float = 0.5,
    ):
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, num_classes),
        )
        if init_weights:
            he_weights(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def stacked(cfg: str, batch_norm: bool, weights: Any, more: dict) -> VGG:
    """The network of a list of channels."""
    if weights is not None:
        more["init_weights"] = False

    def kind(**config: Any) -> VGG:
        return VGG(make_layers(cfgs[cfg], batch_norm), **config)

    return made(kind, weights, more)


@builder(VGG11_Weights)
def vgg11(*, weights: Any = None, progress: bool = True, **kwargs: Any) -> VGG:
    """132,863,336 parameters for 1,000 classes; 11 layers with weights"""
    return stacked("A", False, weights, kwargs)


@builder(VGG11_BN_Weights)
def vgg11_bn(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> VGG:
    """132,868,840 parameters for 1,000 classes; 11 normalised layers"""
    return stacked("A", True, weights, kwargs)


@builder(VGG13_Weights)
def vgg13(*, weights: Any = None, progress: bool = True, **kwargs: Any) -> VGG:
    """133,047,848 parameters for 1,000 classes; 13 layers with weights"""
    return stacked("B", False, weights, kwargs)


@builder(VGG13_BN_Weights)
def vgg13_bn(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> VGG:
    """133,053,736 parameters for 1,000 classes; 13 normalised layers"""
    return stacked("B", True, weights, kwargs)


@builder(VGG16_Weights)
def vgg16(*, weights: Any = None, progress: bool = True, **kwargs: Any) -> VGG:
    """138,357,544 parameters for 1,000 classes; 16 layers with weights"""
    return stacked("D", False, weights, kwargs)


@builder(VGG16_BN_Weights)
def vgg16_bn(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> VGG:
    """138,365,992 parameters for 1,000 classes; 16 normalised layers"""
    return stacked("D", True, weights, kwargs)


@builder(VGG19_Weights)
def vgg19(*, weights: Any = None, progress: bool = True, **kwargs: Any) -> VGG:
    """143,667,240 parameters for 1,000 classes; 19 layers with weights"""
    return stacked("E", False, weights, kwargs)


@builder(VGG19_BN_Weights)
def vgg19_bn(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> VGG:
    """143,678,248 parameters for 1,000 classes; 19 normalised layers"""
    return stacked("E", True, weights, kwargs)
