"""torchvision's ResNets and their kin, parameter by parameter.

He et al., 2015; wider: Zagoruyko & Komodakis, 2016; in groups: Xie et al.,
2016.
"""

from __future__ import annotations

from typing import Any

from scratch import nn
from scratch.tensor import Tensor
from scratch.vision.models.builders import WeightsEnum, builder, fixed, made

__all__ = [
    "BasicBlock", "Bottleneck", "ResNeXt101_32X8D_Weights",
    "ResNeXt101_64X4D_Weights", "ResNeXt50_32X4D_Weights", "ResNet",
    "ResNet101_Weights", "ResNet152_Weights", "ResNet18_Weights",
    "ResNet34_Weights", "ResNet50_Weights", "Wide_ResNet101_2_Weights",
    "Wide_ResNet50_2_Weights", "resnet101", "resnet152", "resnet18",
    "resnet34", "resnet50", "resnext101_32x8d", "resnext101_64x4d",
    "resnext50_32x4d", "wide_resnet101_2", "wide_resnet50_2",
]  # fmt: skip


class ResNet18_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "resnet18-f37072fd.pth"
    DEFAULT = IMAGENET1K_V1


class ResNet34_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "resnet34-b627a593.pth"
    DEFAULT = IMAGENET1K_V1


class ResNet50_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "resnet50-0676ba61.pth"
    IMAGENET1K_V2 = "resnet50-11ad3fa6.pth"
    DEFAULT = IMAGENET1K_V2


class ResNet101_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "resnet101-63fe2227.pth"
    IMAGENET1K_V2 = "resnet101-cd907fc2.pth"
    DEFAULT = IMAGENET1K_V2


class ResNet152_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "resnet152-394f9c45.pth"
    IMAGENET1K_V2 = "resnet152-f82ba261.pth"
    DEFAULT = IMAGENET1K_V2


class ResNeXt50_32X4D_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "resnext50_32x4d-7cdf4587.pth"
    IMAGENET1K_V2 = "resnext50_32x4d-1a0047aa.pth"
    DEFAULT = IMAGENET1K_V2


class ResNeXt101_32X8D_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "resnext101_32x8d-8ba56ff5.pth"
    IMAGENET1K_V2 = "resnext101_32x8d-110c445d.pth"
    DEFAULT = IMAGENET1K_V2


class ResNeXt101_64X4D_Weights(WeightsEnum):
    """Trained on ImageNet."""

    IMAGENET1K_V1 = "resnext101_64x4d-173b62eb.pth"
    DEFAULT = IMAGENET1K_V1


class Wide_ResNet50_2_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "wide_resnet50_2-95faca4d.pth"
    IMAGENET1K_V2 = "wide_resnet50_2-9ba9bcbe.pth"
    DEFAULT = IMAGENET1K_V2


class Wide_ResNet101_2_Weights(WeightsEnum):
    """Trained on ImageNet; the second time longer, with more tricks."""

    IMAGENET1K_V1 = "wide_resnet101_2-32ee1156.pth"
    IMAGENET1K_V2 = "wide_resnet101_2-d733dc28.pth"
    DEFAULT = IMAGENET1K_V2


def conv3x3(
    in_planes: int,
    out_planes: int,
    stride: int = 1,
    groups: int = 1,
    dilation: int = 1,
) -> nn.Conv2d:
    """Keeps the map's size, or divides it by the stride."""
    return nn.Conv2d(
        in_planes, out_planes, 3, stride, padding=dilation,
        dilation=dilation, groups=groups, bias=False,
    )  # fmt: skip


def conv1x1(in_planes: int, out_planes: int, stride: int = 1) -> nn.Conv2d:
    """Mixes the channels of each point, or of every stride-th one."""
    return nn.Conv2d(in_planes, out_planes, 1, stride, bias=False)


class BasicBlock(nn.Module):
    """y = relu(f(x) + x): f is two convolutions, each normalised.

    x (N, inplanes, H, W) -> y (N, planes, H/stride, W/stride)
    """

    expansion: int = 1

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        dilation: int = 1,
        norm_layer: Any = None,
    ):
        super().__init__()
        if groups != 1 or base_width != 64:
            raise ValueError(
                "BasicBlock only supports groups=1 and base_width=64"
            )
        if dilation > 1:
            raise NotImplementedError(
                "Dilation > 1 not supported in BasicBlock"
            )
        norm = norm_layer or nn.BatchNorm2d
        self.conv1 = conv3x3(inplanes, planes, stride)
        self.bn1 = norm(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = conv3x3(planes, planes)
        self.bn2 = norm(planes)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += x if self.downsample is None else self.downsample(x)
        return self.relu(y)


class Bottleneck(nn.Module):
    """y = relu(f(x) + x): f is a 3×3 convolution between two of 1×1, the
    first to fewer channels, the last to four times `planes`.

    x (N, inplanes, H, W) -> y (N, 4 planes, H/stride, W/stride)
    """

    expansion: int = 4

    def __init__(
        self,
        inplanes: int,
        planes: int,
        stride: int = 1,
        downsample: nn.Module | None = None,
        groups: int = 1,
        base_width: int = 64,
        dilation: int = 1,
        norm_layer: Any = None,
    ):
        super().__init__()
        norm = norm_layer or nn.BatchNorm2d
        width = int(planes * (base_width / 64.0)) * groups
        self.conv1 = conv1x1(inplanes, width)
        self.bn1 = norm(width)
        # torch: the stride is here, not at the first convolution as in the
        # paper (ResNet 1.5)
        self.conv2 = conv3x3(width, width, stride, groups, dilation)
        self.bn2 = norm(width)
        self.conv3 = conv1x1(width, planes * self.expansion)
        self.bn3 = norm(planes * self.expansion)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        y += x if self.downsample is None else self.downsample(x)
        return self.relu(y)


class ResNet(nn.Module):
    """A 7×7 convolution, a pool, four groups of blocks, the mean of each
    map, a linear layer.   x (N, 3, H, W) -> (N, num_classes)

    zero_init_residual: each block starts as y = relu(x). A level of
    `replace_stride_with_dilation` keeps its map's size, its taps apart.
    """

    def __init__(
        self,
        block: Any,
        layers: list[int],
        num_classes: int = 1000,
        zero_init_residual: bool = False,
        groups: int = 1,
        width_per_group: int = 64,
        replace_stride_with_dilation: list[bool] | None = None,
        norm_layer: Any = None,
    ):
        super().__init__()
        apart = replace_stride_with_dilation
        apart = [False, False, False] if apart is None else apart
        if len(apart) != 3:
            raise ValueError(
                "replace_stride_with_dilation should be None or a 3-element "
                f"tuple, got {apart}"
            )
        self._norm_layer = norm_layer or nn.BatchNorm2d
        self.inplanes = 64
        self.dilation = 1
        self.groups = groups
        self.base_width = width_per_group
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = self._norm_layer(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.layer1 = self._make_layer(block, 64, layers[0])
        self.layer2 = self._make_layer(block, 128, layers[1], 2, apart[0])
        self.layer3 = self._make_layer(block, 256, layers[2], 2, apart[1])
        self.layer4 = self._make_layer(block, 512, layers[3], 2, apart[2])
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        self._start(zero_init_residual)

    def _start(self, zero_init_residual: bool) -> None:
        """He's weights for the convolutions."""
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(
                    layer.weight, mode="fan_out", nonlinearity="relu"
                )
        if not zero_init_residual:
            return
        for layer in self.modules():
            if isinstance(layer, (BasicBlock, Bottleneck)):
                wide = isinstance(layer, Bottleneck)
                last = layer.bn3 if wide else layer.bn2
                if last.weight is not None:
                    nn.init.zeros_(last.weight)

    def _make_layer(
        self,
        block: Any,
        planes: int,
        blocks: int,
        stride: int = 1,
        dilate: bool = False,
    ) -> nn.Sequential:
        """Blocks of one width; the first may halve the map, x through a 1×1
        convolution then."""
        before, width = self.dilation, planes * block.expansion
        if dilate:
            self.dilation *= stride
            stride = 1
        shorter = None
        if stride != 1 or self.inplanes != width:
            shorter = nn.Sequential(
                conv1x1(self.inplanes, width, stride), self._norm_layer(width)
            )
        alike: dict[str, Any] = {
            "groups": self.groups,
            "base_width": self.base_width,
            "norm_layer": self._norm_layer,
        }
        layers = [
            block(
                self.inplanes, planes, stride, shorter, dilation=before, **alike
            )
        ]
        self.inplanes = width
        for _ in range(1, blocks):
            layers.append(block(width, planes, dilation=self.dilation, **alike))
        return nn.Sequential(*layers)

    def _forward_impl(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(self.avgpool(x).flatten(1))

    def forward(self, x: Tensor) -> Tensor:
        return self._forward_impl(x)


@builder(ResNet18_Weights)
def resnet18(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """11,689,512 parameters for 1,000 classes; 18 layers with weights"""
    return made(ResNet, weights, kwargs, BasicBlock, [2, 2, 2, 2])


@builder(ResNet34_Weights)
def resnet34(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """21,797,672 parameters for 1,000 classes; 34 layers with weights"""
    return made(ResNet, weights, kwargs, BasicBlock, [3, 4, 6, 3])


@builder(ResNet50_Weights)
def resnet50(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """25,557,032 parameters for 1,000 classes; 50 layers with weights"""
    return made(ResNet, weights, kwargs, Bottleneck, [3, 4, 6, 3])


@builder(ResNet101_Weights)
def resnet101(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """44,549,160 parameters for 1,000 classes; 101 layers with weights"""
    return made(ResNet, weights, kwargs, Bottleneck, [3, 4, 23, 3])


@builder(ResNet152_Weights)
def resnet152(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """60,192,808 parameters for 1,000 classes; 152 layers with weights"""
    return made(ResNet, weights, kwargs, Bottleneck, [3, 8, 36, 3])


@builder(ResNeXt50_32X4D_Weights)
def resnext50_32x4d(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """25,028,904 parameters; ResNet-50 in 32 groups of 4 channels"""
    fixed(kwargs, groups=32, width_per_group=4)
    return made(ResNet, weights, kwargs, Bottleneck, [3, 4, 6, 3])


@builder(ResNeXt101_32X8D_Weights)
def resnext101_32x8d(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """88,791,336 parameters; ResNet-101 in 32 groups of 8 channels"""
    fixed(kwargs, groups=32, width_per_group=8)
    return made(ResNet, weights, kwargs, Bottleneck, [3, 4, 23, 3])


@builder(ResNeXt101_64X4D_Weights)
def resnext101_64x4d(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """83,455,272 parameters; ResNet-101 in 64 groups of 4 channels"""
    fixed(kwargs, groups=64, width_per_group=4)
    return made(ResNet, weights, kwargs, Bottleneck, [3, 4, 23, 3])


@builder(Wide_ResNet50_2_Weights)
def wide_resnet50_2(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """68,883,240 parameters; ResNet-50, twice as wide within"""
    fixed(kwargs, width_per_group=128)
    return made(ResNet, weights, kwargs, Bottleneck, [3, 4, 6, 3])


@builder(Wide_ResNet101_2_Weights)
def wide_resnet101_2(
    *, weights: Any = None, progress: bool = True, **kwargs: Any
) -> ResNet:
    """126,886,696 parameters; ResNet-101, twice as wide within"""
    fixed(kwargs, width_per_group=128)
    return made(ResNet, weights, kwargs, Bottleneck, [3, 4, 23, 3])
